// Command offline-go verifies Laurel's offer tokens without asking the gateway about each of them. It is an example to
// copy from: it uses go-jose and the standard library, and nothing of Laurel.
//
// It reads one JSON object a line, {"token": "…", "cart": {…}} (cart as it is sent to Laurel, or left out), and writes
// one a line: {"valid": true, "offer": "off_…", …} or {"valid": false, "reason": "…"}.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	issuer := flag.String("issuer", "", "public URL of the gateway: the iss of its tokens")
	store := flag.String("store", "", "id of the store: the aud of its tokens")
	gateway := flag.String("gateway", "", "where the gateway is reached, when that is not its public URL")
	algs := flag.String("algs", "ES256", "algorithms that the store has used, with commas")
	flag.Parse()
	if *gateway == "" {
		*gateway = *issuer
	}
	v := &Verifier{Issuer: *issuer, Store: *store, Gateway: *gateway, Algs: strings.Split(*algs, ","), Leeway: 30 * time.Second, Now: time.Now,
		Client: &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if err := run(v, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type question struct {
	Token string `json:"token"`
	Cart  *Cart  `json:"cart"`
}

type verdict struct {
	Valid  bool   `json:"valid"`
	Reason string `json:"reason,omitempty"`
	Offer  string `json:"offer,omitempty"`
	Group  string `json:"group,omitempty"`
}

func run(v *Verifier, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	write := json.NewEncoder(out)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return fmt.Errorf("read a question: %w", err)
		}
		answer := verdict{Valid: true}
		if c, err := v.Verify(q.Token, q.Cart); err != nil {
			answer = verdict{Reason: err.Error()}
		} else {
			answer.Offer, answer.Group = c.Offer, c.Group
		}
		if err := write.Encode(answer); err != nil {
			return fmt.Errorf("write a verdict: %w", err)
		}
	}
	return lines.Err()
}

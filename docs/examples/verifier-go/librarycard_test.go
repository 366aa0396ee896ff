package librarycard_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/verifytest"

	librarycard "github.com/laurel-gateway/laurel/docs/examples/verifier-go"
)

// library is a library with one member, whose PIN is 4711.
func library(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ Card, PIN string }
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || r.Header.Get("Authorization") != "Bearer the key" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		fmt.Fprintf(w, `{"valid":%t,"until":"2040-01-01T00:00:00Z"}`, q.Card == "20011234" && q.PIN == "4711")
	}))
	t.Cleanup(server.Close)
	return server
}

func silent(t *testing.T) *httptest.Server {
	t.Helper()
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	t.Cleanup(func() { close(over); server.Close() })
	return server
}

func config(address string) string { return `{"name":"City Library","url":"` + address + `"}` }

func TestConformance(t *testing.T) {
	verifytest.Run(t, verifytest.Case{
		Kind: librarycard.New(http.DefaultClient), Instance: "city", Config: config(library(t).URL), Silent: config(silent(t).URL),
		Opening:     verify.Opening{Store: verify.StoreRef{ID: "sto_1"}, Instance: "city", Secret: "the key"},
		Bad:         []string{"", "{}", config("http://library.example"), `{"name":"","url":"https://library.example"}`},
		BadAnswers:  []map[string]string{{"card": "20011234"}, {"card": "1", "pin": "4711"}, {"card": "20011234", "pin": "a"}},
		GoodAnswers: []map[string]string{{"card": "20011234", "pin": "4711"}, {"card": "20011234", "pin": "0000"}},
	})
}

func TestOnlyTheRightPINProves(t *testing.T) {
	c, err := librarycard.New(http.DefaultClient).Decode("city", []byte(config(library(t).URL)))
	if err != nil {
		t.Fatal(err)
	}
	v, err := c.Open(verify.Opening{Secret: "the key"})
	if err != nil {
		t.Fatal(err)
	}
	for pin, proves := range map[string]bool{"4711": true, "4712": false} {
		out, err := v.(verify.Answerer).Answer(t.Context(), verify.Attempt{Group: "member"},
			verify.Answer{Step: verify.StepRemote, Fields: map[string]string{"card": "20011234", "pin": pin}})
		if err != nil || (out.Met != nil) != proves || !proves && out.Wrong.Code != fault.NotEligible {
			t.Errorf("%s: %+v, %v", pin, out, err)
		}
	}
}

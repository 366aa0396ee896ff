// Package redteam attacks a deployment from outside, as somebody who wants a discount that is not theirs would, and
// counts beside it how often honest shoppers are refused. It works in a test store, with its secret key, and needs a
// mailbox that it can read for the attacks that need a mail.
package redteam

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

// Options say what to attack and with what.
type Options struct {
	// URL is the deployment's address, without a path.
	URL string
	// Key is a secret key of a test store.
	Key string
	// Publishable and Origin are those of the store's page. Without them the attacks of pages are not played.
	Publishable, Origin string
	// Inbox is the address of an inbox like the demo's, and MailDomain an eligible mail domain whose mails arrive there.
	// Without them no mail is sent, and the attacks that need one are not played.
	Inbox, MailDomain string
	// Shoppers is how many honest shoppers follow the attacks.
	Shoppers int
	// Only are the names of the attacks to play; all of them when empty.
	Only []string

	Client   *http.Client
	Out      io.Writer
	Progress io.Writer
	Now      func() time.Time
	NewID    func() string
}

// Why a run cannot begin.
var (
	ErrKey  = errors.New("--key takes the secret key of a test store: sk_test_…")
	ErrLive = errors.New("the store is a live one: the attacks are for test stores")
	ErrMail = errors.New("--inbox and --mail-domain go together")
)

// Outcome is how an attack ended.
type Outcome string

// The outcomes.
const (
	Stopped Outcome = "stopped"
	Through Outcome = "got through"
	// Skipped: the store has not what the attack is against, or the run lacks what it needs.
	Skipped Outcome = "not played"
)

// Verdict is how one attack ended.
type Verdict struct {
	Attack string
	What   string
	// Tries counts the requests that should have been refused.
	Tries   int
	Outcome Outcome
	// Notes say what got through, or why the attack was not played.
	Notes []string
}

// Honest counts the shoppers who are who they say.
type Honest struct{ Shoppers, Refused int }

// Result is a whole run.
type Result struct {
	Verdicts []Verdict
	Honest   Honest
}

// Through returns the attacks that got through.
func (r Result) Through() []string {
	var names []string
	for _, v := range r.Verdicts {
		if v.Outcome == Through {
			names = append(names, v.Attack)
		}
	}
	return names
}

// attack is one attack of the pack.
type attack struct {
	name, what string
	play       func(context.Context, *play) error
}

// Attacks returns the names of the attacks, in the order in which they are played.
func Attacks() []string {
	var names []string
	for _, a := range pack() {
		names = append(names, a.name)
	}
	return names
}

func pack() []attack {
	return slices.Concat(mailboxAttacks(), tokenAttacks(), stepAttacks(), signInAttacks(), registryAttacks(), uploadAttacks(), deliveryAttacks())
}

// Run plays the attacks and the honest shoppers, and writes the report. Its error says that the run could not be done,
// not that somebody got through.
func Run(ctx context.Context, o Options) (Result, error) {
	var result Result
	if !strings.HasPrefix(o.Key, "sk_test_") {
		return result, ErrKey
	}
	if (o.Inbox == "") != (o.MailDomain == "") {
		return result, ErrMail
	}
	t, err := scout(ctx, o)
	if err != nil {
		return result, fmt.Errorf("look at the store: %w", err)
	}
	for _, a := range pack() {
		if len(o.Only) > 0 && !slices.Contains(o.Only, a.name) {
			continue
		}
		if _, err := fmt.Fprintf(o.Progress, "%s …\n", a.name); err != nil {
			return result, fmt.Errorf("report: %w", err)
		}
		p := &play{team: t, name: a.name}
		if err := a.play(ctx, p); err != nil {
			return result, fmt.Errorf("%s: %w", a.name, err)
		}
		result.Verdicts = append(result.Verdicts, p.verdict(a))
	}
	if result.Honest, err = t.honest(ctx); err != nil {
		return result, fmt.Errorf("play the honest shoppers: %w", err)
	}
	return result, report(o.Out, result)
}

// play is one attack under way.
type play struct {
	*team
	name    string
	tries   int
	through []string
	skipped string
}

func (p *play) verdict(a attack) Verdict {
	v := Verdict{Attack: a.name, What: a.what, Tries: p.tries, Outcome: Stopped}
	switch {
	case len(p.through) > 0:
		v.Outcome, v.Notes = Through, p.through
	case p.tries == 0:
		v.Outcome, v.Notes = Skipped, []string{p.skipped}
	}
	return v
}

// skip says why the attack is not played.
func (p *play) skip(format string, args ...any) error {
	p.skipped = fmt.Sprintf(format, args...)
	return nil
}

// won notes that something got through.
func (p *play) won(format string, args ...any) {
	p.through = append(p.through, fmt.Sprintf(format, args...))
}

// refused counts a try, which must be refused with one of the codes; with any 4xx when none are given.
func (p *play) refused(what string, a outside.Answer, codes ...string) {
	p.tries++
	switch {
	case a.Status < 400:
		p.won("%s was answered %d", what, a.Status)
	case a.Status >= 500:
		p.won("%s made the gateway fail: %d", what, a.Status)
	case len(codes) > 0 && !a.Is(codes...):
		p.won("%s was refused otherwise than it should be: %s", what, a.Text("code"))
	}
}

// holds counts a try and notes that it got through when it did.
func (p *play) holds(what string, ok bool) {
	p.tries++
	if !ok {
		p.won("%s", what)
	}
}

package verifytest

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// answersOf are the answers of a case, good and bad.
func answersOf(c Case) []map[string]string { return slices.Concat(c.GoodAnswers, c.BadAnswers) }

// hostileAnswers puts what no form would send into each field: it must never prove anything, nor panic.
func hostileAnswers(t *testing.T, c Case, v verify.Verifier, a verify.Answerer) {
	for _, good := range c.GoodAnswers {
		for name := range good {
			for kind, value := range map[string]string{"huge": strings.Repeat("x", 200_000), "nul": "a\x00b", "not UTF-8": "a\xff\xfeb", "control": "a\r\nBcc: b"} {
				fields := maps.Clone(good)
				fields[name] = value
				out, err := a.Answer(t.Context(), attempt(c), verify.Answer{Step: v.Step(), Fields: fields})
				switch {
				case err != nil && fault.From(err) == nil:
					t.Errorf("%s in %s gives %v, want a fault", kind, name, err)
				case err == nil && kind == "huge" && out.Met != nil:
					t.Errorf("%s in %s proves something", kind, name)
				}
			}
		}
	}
	for _, step := range []verify.Step{"", "no_such_step", verify.StepDone, verify.StepChoose} {
		for _, fields := range c.GoodAnswers {
			if out, err := a.Answer(t.Context(), attempt(c), verify.Answer{Step: step, Fields: fields}); err == nil && out.Met != nil {
				t.Errorf("an answer to the step %q proves something", step)
			}
		}
	}
}

// foreignState gives a verifier the private state of something else, with the step that it asks for next.
func foreignState(t *testing.T, c Case, v verify.Verifier, a verify.Answerer) {
	for _, fields := range c.GoodAnswers {
		out, err := a.Answer(t.Context(), attempt(c), verify.Answer{Step: v.Step(), Fields: fields})
		if err != nil || out.Ask == nil {
			continue
		}
		for _, private := range [][]byte{nil, []byte("{}"), []byte("garbage"), {0, 1, 2}} {
			at := attempt(c)
			at.Pending = &verify.Pending{Step: out.Ask.Step, ExpiresAt: at.Now.Add(time.Minute), Private: private}
			next, err := a.Answer(t.Context(), at, verify.Answer{Step: out.Ask.Step, Fields: map[string]string{"code": "000000"}})
			if err == nil && next.Met != nil {
				t.Errorf("the private state %q proves something", private)
			}
		}
	}
}

// secrecy looks for what the shopper typed, and the instance's secret, in errors, reasons and facts: those are logged and
// stored.
func secrecy(t *testing.T, c Case, v verify.Verifier, a verify.Answerer) {
	for _, fields := range answersOf(c) {
		out, err := a.Answer(t.Context(), attempt(c), verify.Answer{Step: v.Step(), Fields: fields})
		said := []string{fmt.Sprint(err), fmt.Sprint(fault.From(err))}
		for _, r := range out.Reject {
			said = append(said, r.Code, r.Detail)
		}
		said = append(said, fmt.Sprint(out.Wrong))
		for _, e := range []*verify.Evidence{out.Met, out.Review} {
			if e != nil {
				said = append(said, fmt.Sprint(e.Facts))
			}
		}
		for _, text := range said {
			for name, value := range fields {
				if !c.Play && len(value) > 3 && strings.Contains(strings.ToLower(text), strings.ToLower(value)) {
					t.Errorf("what was given as %s stands in an error, reason or fact", name)
				}
			}
			if c.Opening.Secret != "" && strings.Contains(text, c.Opening.Secret) {
				t.Error("the secret stands in an error, reason or fact")
			}
		}
	}
}

// decisions delivers what nobody signed.
func decisions(t *testing.T, c Case, d verify.Decider) {
	at := attempt(c)
	for _, pending := range []*verify.Pending{nil, {Step: verify.StepPending}, {Step: verify.StepPending, Private: []byte("{}")}} {
		at.Pending = pending
		for _, body := range []string{"", "{}", "[]", `{"decision":"verified","identifiers":["x"]}`, strings.Repeat("{", 100_000)} {
			for _, trusted := range []bool{false, true} {
				out, err := d.Decide(t.Context(), at, verify.Delivery{ID: "m", Timestamp: "1", Signature: "v1,x", Body: []byte(body), Trusted: trusted})
				if fault.From(err) == nil || out.Met != nil {
					t.Errorf("a decision for nothing gives %v, want a fault", err)
				}
			}
		}
	}
}

var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func fieldsOf(t *testing.T, a verify.Asking) {
	seen := map[string]bool{}
	for _, f := range a.Fields() {
		if !fieldName.MatchString(f.Name) || seen[f.Name] || f.Label.In("en") == "" || f.MaxLength < 1 {
			t.Errorf("the field %+v", f)
		}
		seen[f.Name] = true
	}
}

// soon is how long a verifier may take to notice that its time is over.
const soon = 5 * time.Second

// deadline asks a verifier whose other side never answers. It must come back in time, and without a decision.
func deadline(t *testing.T, c Case) {
	c.Config = c.Silent
	v := open(t, c)
	ask := func(what string, do func(ctx context.Context) (verify.Outcome, error)) {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		began := time.Now()
		out, err := do(ctx)
		if took := time.Since(began); err == nil || out.Met != nil || out.Wrong != nil || out.Reject != nil || took > soon {
			t.Errorf("%s: %+v, %v after %s; want an error, soon", what, out, err, took)
		}
	}
	if a, ok := v.(verify.Answerer); ok {
		for _, fields := range c.GoodAnswers {
			ask("an answer", func(ctx context.Context) (verify.Outcome, error) {
				return a.Answer(ctx, attempt(c), verify.Answer{Step: v.Step(), Fields: fields})
			})
		}
	}
	if r, ok := v.(verify.Redirector); ok {
		ask("a departure", func(ctx context.Context) (verify.Outcome, error) {
			_, err := r.Depart(ctx, attempt(c), verify.Departure{State: "kit-state", RedirectURI: "https://gateway.example/sso/callback"})
			return verify.Outcome{}, err
		})
	}
}

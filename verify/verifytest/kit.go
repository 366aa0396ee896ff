// Package verifytest is the conformance kit that every verifier passes.
package verifytest

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// Case is one verifier, and what it needs for the kit.
type Case struct {
	Kind verify.Kind
	// Instance and Config are a valid configuration; Config may be empty when there are defaults.
	Instance string
	Config   string
	Opening  verify.Opening
	// Bad are configurations that must be refused with faults.
	Bad []string
	// BadAnswers are answers to the first step that must be refused with faults.
	BadAnswers []map[string]string
	// GoodAnswers are answers to the first step that must give an outcome.
	GoodAnswers []map[string]string
	// Offline says that the redirector's other side cannot be reached in this test.
	Offline bool
	// Silent is a configuration whose other side takes requests and never answers. Empty when there is no other side.
	Silent string
	// Play says that the answers are no data of a person, but name what shall happen.
	Play bool
}

var classes = []verify.Class{verify.Possession, verify.Assertion, verify.Authority, verify.Document, verify.Knowledge, verify.SelfDeclared}

// Run runs the kit.
func Run(t *testing.T, c Case) {
	t.Run("Configuration", func(t *testing.T) { configuration(t, c) })
	v := open(t, c)
	t.Run("Names", func(t *testing.T) { names(t, c, v) })
	if a, ok := v.(verify.Answerer); ok {
		t.Run("Answers", func(t *testing.T) { answers(t, c, v, a) })
		t.Run("HostileAnswers", func(t *testing.T) { hostileAnswers(t, c, v, a) })
		t.Run("ForeignState", func(t *testing.T) { foreignState(t, c, v, a) })
		t.Run("Secrecy", func(t *testing.T) { secrecy(t, c, v, a) })
	}
	if d, ok := v.(verify.Decider); ok {
		t.Run("Decisions", func(t *testing.T) { decisions(t, c, d) })
	}
	if a, ok := v.(verify.Asking); ok {
		t.Run("Fields", func(t *testing.T) { fieldsOf(t, a) })
	}
	if c.Silent != "" {
		t.Run("Deadline", func(t *testing.T) { deadline(t, c) })
	}
	if r, ok := v.(verify.Redirector); ok {
		t.Run("Redirects", func(t *testing.T) { redirects(t, c, r) })
	}
}

func decode(t *testing.T, c Case) verify.Config {
	t.Helper()
	config, err := c.Kind.Decode(c.Instance, []byte(c.Config))
	if err != nil {
		t.Fatalf("decoding: %v", err)
	}
	return config
}

func open(t *testing.T, c Case) verify.Verifier {
	t.Helper()
	v, err := decode(t, c).Open(c.Opening)
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	return v
}

func configuration(t *testing.T, c Case) {
	config := decode(t, c)
	for range 2 {
		if err := config.Validate(); err != nil {
			t.Fatalf("validating: %v", err)
		}
	}
	for _, bad := range append(slices.Clone(c.Bad), `{"no_such_key":1}`, `[]`, `{`, `"text"`) {
		config, err := c.Kind.Decode(c.Instance, []byte(bad))
		if err == nil {
			err = config.Validate()
		}
		if err == nil {
			_, err = config.Open(c.Opening)
		}
		if fault.From(err) == nil {
			t.Errorf("the configuration %s gives %v, want a fault", bad, err)
		}
	}
}

func names(t *testing.T, c Case, v verify.Verifier) {
	if v.Name() != c.Kind.Name() || v.Name() == "" || strings.ContainsAny(v.Name(), ": /") {
		t.Errorf("the kind is called %q, the verifier %q", c.Kind.Name(), v.Name())
	}
	if len(v.Classes()) == 0 {
		t.Error("its evidence has no class")
	}
	for _, class := range v.Classes() {
		if !slices.Contains(classes, class) {
			t.Errorf("unknown class %q", class)
		}
	}
	if slices.Contains([]verify.Step{"", verify.StepChoose, verify.StepPending, verify.StepDone}, v.Step()) {
		t.Errorf("its first step is %q", v.Step())
	}
	if n, ok := v.(verify.Named); ok && n.DisplayName() == "" {
		t.Error("it has no name to show")
	}
	_, answers := v.(verify.Answerer)
	_, redirects := v.(verify.Redirector)
	if !answers && !redirects {
		t.Error("it neither takes answers nor redirects")
	}
}

// attempt is what the verifier sees. The kit's verification has a customer, and has done nothing yet.
func attempt(c Case) verify.Attempt {
	return verify.Attempt{
		Store: c.Opening.Store, Verification: "ver_kit", Requirement: verify.Setting{Verifier: c.Kind.Name(), Instance: c.Instance}.Requirement(),
		Group: "student", Customer: "c-1", Locale: "en", Country: "US", Now: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC),
	}
}

func answers(t *testing.T, c Case, v verify.Verifier, a verify.Answerer) {
	ctx := t.Context()
	for _, fields := range append(slices.Clone(c.BadAnswers), nil, map[string]string{"no_such_field": "x"}) {
		out, err := a.Answer(ctx, attempt(c), verify.Answer{Step: v.Step(), Fields: fields})
		if fault.From(err) == nil && out.Refused == nil {
			t.Errorf("the answer %v gives %v, want a fault", fields, err)
		}
	}
	for _, fields := range c.GoodAnswers {
		out, err := a.Answer(ctx, attempt(c), verify.Answer{Step: v.Step(), Fields: fields})
		if err != nil {
			t.Errorf("the answer %v gives %v", fields, err)
			continue
		}
		outcome(t, attempt(c), out)
	}
	// An opened verifier is shared by all requests: the race detector looks at this.
	var all sync.WaitGroup
	for _, fields := range slices.Repeat(c.GoodAnswers, 4) {
		all.Go(func() {
			if _, err := a.Answer(ctx, attempt(c), verify.Answer{Step: v.Step(), Fields: fields}); err != nil {
				t.Errorf("the answer %v at the same time gives %v", fields, err)
			}
		})
	}
	all.Wait()
}

func outcome(t *testing.T, at verify.Attempt, out verify.Outcome) {
	t.Helper()
	parts := 0
	for _, set := range []bool{out.Met != nil, out.Ask != nil, out.Same, out.Wrong != nil, len(out.Reject) > 0, out.Review != nil} {
		if set {
			parts++
		}
	}
	if parts != 1 {
		t.Errorf("the outcome has %d parts, want 1: %+v", parts, out)
	}
	for _, e := range []*verify.Evidence{out.Met, out.Review} {
		if e != nil {
			evidence(t, *e)
		}
	}
	if q := out.Ask; q != nil {
		// The attempt lives in the store's time, which is not the real one.
		if q.Step == "" || !q.ExpiresAt.After(at.Now) || q.ExpiresAt.After(at.Now.Add(verify.Lifetime)) {
			t.Errorf("the question %s until %s, asked at %s", q.Step, q.ExpiresAt, at.Now)
		}
		for _, l := range q.Limits {
			if l.Kind == "" || l.Max < 1 || l.Window <= 0 || l.Refusal == nil || !strings.Contains(l.Identifier, ":") {
				t.Errorf("the limit %+v", l)
			}
		}
		if q.Mail != nil && strings.Contains(string(q.Private), q.Mail.Code) {
			t.Error("what is remembered holds the code")
		}
	}
	for _, r := range out.Reject {
		if r.Code == "" || r.Detail == "" {
			t.Errorf("the reason %+v", r)
		}
	}
}

func evidence(t *testing.T, e verify.Evidence) {
	t.Helper()
	if len(e.Classes) == 0 || len(e.Identifiers) == 0 {
		t.Errorf("the evidence has classes %v and %d identifiers", e.Classes, len(e.Identifiers))
	}
	for _, identifier := range e.Identifiers {
		kind, value, ok := strings.Cut(identifier, ":")
		if !ok || kind == "" || value == "" {
			t.Error("an identifier does not begin with its kind")
		}
		for _, fact := range e.Facts {
			if strings.Contains(fact, value) {
				t.Error("a fact holds what identifies the person")
			}
		}
	}
}

func redirects(t *testing.T, c Case, r verify.Redirector) {
	departure := verify.Departure{State: "kit-state", RedirectURI: "https://gateway.example/sso/callback"}
	if c.Offline {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.Depart(ctx, attempt(c), departure); err == nil {
			t.Error("it departs although the context has ended")
		}
		return
	}
	first, err := r.Depart(t.Context(), attempt(c), departure)
	if err != nil {
		t.Fatalf("departing: %v", err)
	}
	if !strings.Contains(first.URL, "kit-state") {
		t.Error("the state is not in the address")
	}
	second, err := r.Depart(t.Context(), attempt(c), departure)
	if err != nil {
		t.Fatalf("departing again: %v", err)
	}
	if len(first.Private) > 0 && reflect.DeepEqual(first.Private, second.Private) {
		t.Error("two departures remember the same secrets")
	}
	back := verify.Return{RedirectURI: departure.RedirectURI, Params: map[string]string{"error": "access_denied", "state": "kit-state"}}
	if _, err := r.Return(t.Context(), attempt(c), back, first.Private); fault.From(err) == nil {
		t.Errorf("a refused sign-in gives %v, want a fault", err)
	}
}

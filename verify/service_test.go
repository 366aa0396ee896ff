package verify_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/mock"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

var (
	testStore = verify.StoreRef{ID: "sto_1", Test: true}
	by        = verify.Actor{Name: "test"}
)

// script is a kind of verifier that answers what a test tells it: it stands for those that come later.
type script struct {
	classes []verify.Class
	answer  func(verify.Attempt, verify.Answer) (verify.Outcome, error)
}

func (script) Name() string                                   { return "script" }
func (s script) Decode(string, []byte) (verify.Config, error) { return s, nil }
func (script) Validate() error                                { return nil }
func (s script) Open(verify.Opening) (verify.Verifier, error) { return s, nil }
func (s script) Classes() []verify.Class                      { return s.classes }
func (script) Step() verify.Step                              { return "script" }
func (s script) Answer(_ context.Context, at verify.Attempt, a verify.Answer) (verify.Outcome, error) {
	return s.answer(at, a)
}

type bed struct {
	*verify.Service
	fake *verifyfake.Storage
}

func newBed(t *testing.T, mail bool, kinds ...verify.Kind) bed {
	t.Helper()
	shipped, err := email.LoadShipped()
	if err != nil {
		t.Fatal(err)
	}
	registry, err := verify.NewRegistry(append(kinds, email.New(shipped, rand.Reader), mock.New())...)
	if err != nil {
		t.Fatal(err)
	}
	fake := verifyfake.New(time.Now, "sto_1")
	return bed{fake: fake, Service: verify.NewService(verify.Options{
		Storage: fake, Registry: registry, Taggers: verifyfake.Secrets{}, Sealer: verifyfake.Secrets{}, Random: rand.Reader, MailReady: mail,
		Domains: shipped.ListReader(), Receipts: verifyfake.Secrets{}, MailboxIdentifier: email.Identifier,
	})}
}

func (b bed) policy(t *testing.T, group string, paths ...verify.Path) {
	t.Helper()
	_, err := b.SavePolicy(t.Context(), testStore, by, verify.Policy{Group: group, Paths: paths, Validity: verify.Validity{Days: 30}})
	if err != nil {
		t.Fatal(err)
	}
}

func (b bed) begin(t *testing.T, r verify.StartRequest) string {
	t.Helper()
	r.Store, r.ConsentVersion = testStore, "1"
	got, err := b.Start(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return got.Verification.ID
}

func (b bed) answer(t *testing.T, id string, step verify.Step, field, value string) (*verify.Result, error) {
	t.Helper()
	return b.Answer(t.Context(), testStore, id, verify.Answer{Step: step, Fields: map[string]string{field: value}})
}

func TestStartIsRefused(t *testing.T) {
	b := newBed(t, true)
	b.policy(t, "student", verify.Path{"mock"})
	for name, c := range map[string]struct {
		r    verify.StartRequest
		code fault.Code
	}{
		"no consent":           {verify.StartRequest{Store: testStore, Group: "student"}, fault.ConsentMissing},
		"unknown group":        {verify.StartRequest{Store: testStore, Group: "wizard", ConsentVersion: "1"}, fault.GroupUnknown},
		"unknown subgroup":     {verify.StartRequest{Store: testStore, Group: "student", Subgroup: "nurse", ConsentVersion: "1"}, fault.GroupUnknown},
		"no policy":            {verify.StartRequest{Store: testStore, Group: "military", ConsentVersion: "1"}, fault.PolicyMissing},
		"mock in a live store": {verify.StartRequest{Store: verify.StoreRef{ID: "sto_1"}, Group: "student", ConsentVersion: "1"}, fault.PolicyMissing},
	} {
		if _, err := b.Start(t.Context(), c.r); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWithoutMailNothingNeedsMail(t *testing.T) {
	_, err := newBed(t, false).SavePolicy(t.Context(), testStore, by,
		verify.Policy{Group: "student", Paths: []verify.Path{{"mock"}, {"email"}}, Validity: verify.Validity{Days: 30}})
	f := fault.From(err)
	if f == nil || f.Code != fault.PolicyUnsound || len(f.Fields) != 1 || f.Fields[0].Pointer != "#/paths/1/0" || !strings.Contains(f.Fields[0].Detail, "mail") {
		t.Fatalf("got %v", err)
	}
}

func TestTwoSourcesMustBothHold(t *testing.T) {
	knows := script{classes: []verify.Class{verify.Knowledge}, answer: func(verify.Attempt, verify.Answer) (verify.Outcome, error) {
		return verify.Outcome{Met: &verify.Evidence{
			Classes: []verify.Class{verify.Knowledge}, Subgroup: "nurse", Identifiers: []string{"npi:1234567893"}, ValidUntil: time.Now().Add(time.Hour),
		}}, nil
	}}
	b := newBed(t, true, knows)
	b.policy(t, "healthcare", verify.Path{"script", "email"})
	id := b.begin(t, verify.StartRequest{Group: "healthcare"})
	if _, err := b.answer(t, id, verify.StepEmail, "email", "ada@mit.edu"); fault.CodeOf(err) != fault.InvalidStep {
		t.Fatalf("out of order: %v", err)
	}
	r, err := b.answer(t, id, "script", "npi", "1234567893")
	if err != nil || r.Verification.State != verify.Collecting || r.Verification.NextStep() != verify.StepEmail {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err = b.answer(t, id, verify.StepEmail, "email", "ada@mit.edu"); err != nil {
		t.Fatal(err)
	}
	mails := b.fake.Mails("sto_1")
	r, err = b.answer(t, id, verify.StepEmailCode, "code", mails[0].Code)
	if err != nil || r.Attestation == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	a := r.Attestation
	if a.Subgroup != "nurse" || len(a.Tags) != 2 || len(a.Classes) != 2 || time.Until(a.ValidUntil) > time.Hour {
		t.Fatalf("attestation %+v", a)
	}
}

func TestEvidenceOfAnotherGroupDoesNotCount(t *testing.T) {
	says := script{classes: []verify.Class{verify.Assertion}, answer: func(verify.Attempt, verify.Answer) (verify.Outcome, error) {
		return verify.Outcome{Met: &verify.Evidence{Group: "student", Subgroup: "high_school", Identifiers: []string{"x:1"}}}, nil
	}}
	b := newBed(t, true, says)
	b.policy(t, "student", verify.Path{"script"})
	b.policy(t, "teacher", verify.Path{"script"})
	for _, c := range []struct {
		group, subgroup string
		state           verify.State
	}{{"teacher", "", verify.Rejected}, {"student", "university", verify.Rejected}, {"student", "high_school", verify.Verified}, {"student", "", verify.Verified}} {
		r, err := b.answer(t, b.begin(t, verify.StartRequest{Group: c.group, Subgroup: c.subgroup}), "script", "a", "b")
		if err != nil || r.Verification.State != c.state {
			t.Errorf("%s/%s: %+v, %v", c.group, c.subgroup, r, err)
		}
	}
	events := b.fake.Events("sto_1")
	if names := []string{events[0].Type, events[2].Type}; !slices.Equal(names, []string{verify.EventRejected, verify.EventVerified}) {
		t.Errorf("events %v", names)
	}
}

// A claimed subgroup that nothing proves is not attested.
func TestAClaimedSubgroupIsNotBelieved(t *testing.T) {
	b := newBed(t, true)
	b.policy(t, "military", verify.Path{"mock"})
	r, err := b.answer(t, b.begin(t, verify.StartRequest{Group: "military", Subgroup: "gold_star_family"}), verify.StepMock, "first_name", "VERIFIED")
	if err != nil || r.Attestation.Subgroup != "" {
		t.Fatalf("%+v, %v", r.Attestation, err)
	}
}

func TestAVerifiersFailureChangesNothing(t *testing.T) {
	broken := errors.New("cannot reach the registry")
	fails := script{classes: []verify.Class{verify.Authority}, answer: func(verify.Attempt, verify.Answer) (verify.Outcome, error) {
		return verify.Outcome{}, broken
	}}
	b := newBed(t, true, fails)
	b.policy(t, "teacher", verify.Path{"script"})
	id := b.begin(t, verify.StartRequest{Group: "teacher"})
	if _, err := b.answer(t, id, "script", "a", "b"); !errors.Is(err, broken) || fault.CodeOf(err) != fault.Internal {
		t.Fatalf("got %v", err)
	}
	r, err := b.Get(t.Context(), testStore, id)
	if err != nil || r.Verification.Revision != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
}

// A verification that changes while a verifier thinks is decided anew.
func TestAnAnswerIsDecidedForWhatItChanges(t *testing.T) {
	var b bed
	var id string
	calls := 0
	slow := script{classes: []verify.Class{verify.Assertion}, answer: func(at verify.Attempt, _ verify.Answer) (verify.Outcome, error) {
		calls++
		if calls == 1 {
			if _, err := b.Confirm(context.Background(), testStore, id, "c-1"); err != nil {
				return verify.Outcome{}, err
			}
		}
		return verify.Outcome{Met: &verify.Evidence{Identifiers: []string{"customer:" + at.Customer}}}, nil
	}}
	b = newBed(t, true, slow)
	b.policy(t, "teacher", verify.Path{"script"})
	id = b.begin(t, verify.StartRequest{Group: "teacher"})
	r, err := b.answer(t, id, "script", "a", "b")
	if err != nil || calls != 2 || r.Attestation == nil || r.Attestation.Customer != "c-1" || !r.Attestation.Bound {
		t.Fatalf("%d calls, %+v, %v", calls, r, err)
	}
}

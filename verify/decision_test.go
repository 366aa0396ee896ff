package verify_test

import (
	"context"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// outside is a verifier that waits for a decision from outside: whatever is delivered is believed when it is trusted.
type outside struct{}

func (outside) Name() string                                   { return "outside" }
func (outside) Decode(string, []byte) (verify.Config, error)   { return outside{}, nil }
func (outside) Validate() error                                { return nil }
func (o outside) Open(verify.Opening) (verify.Verifier, error) { return o, nil }
func (outside) Classes() []verify.Class                        { return []verify.Class{verify.Authority} }
func (outside) Step() verify.Step                              { return "outside" }
func (outside) Answer(_ context.Context, at verify.Attempt, _ verify.Answer) (verify.Outcome, error) {
	return verify.Outcome{Ask: &verify.Ask{Step: verify.StepPending, ExpiresAt: at.Now.Add(time.Hour), Private: []byte("asked")}}, nil
}

func (outside) Decide(_ context.Context, at verify.Attempt, d verify.Delivery) (verify.Outcome, error) {
	switch {
	case string(at.Pending.Private) != "asked":
		return verify.Outcome{}, fault.New(fault.DecisionRefused, "for another question")
	case d.Signature != "good":
		return verify.Outcome{}, fault.New(fault.DecisionRefused, "forged")
	case string(d.Body) == "no":
		return verify.Outcome{Reject: []verify.Reason{{Code: "not_eligible", Detail: "No."}}}, nil
	case string(d.Body) == "?":
		return verify.Outcome{}, fault.New(fault.Invalid, "not understood")
	}
	return verify.Outcome{Met: &verify.Evidence{Classes: []verify.Class{verify.Authority}, Identifiers: []string{"outside:1"}}}, nil
}

func TestADecisionFromOutside(t *testing.T) {
	b := newBed(t, true, outside{})
	b.policy(t, "teacher", verify.Path{"outside"})
	id := b.begin(t, verify.StartRequest{Group: "teacher"})
	yes := verify.Delivery{ID: "m1", Signature: "good", Body: []byte("yes")}
	refused := func(name string, d verify.Delivery, store verify.StoreRef, id string, code fault.Code) {
		t.Helper()
		if _, err := b.Decide(t.Context(), store, id, d); fault.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", name, err, code)
		}
	}
	refused("before it was asked", yes, testStore, id, fault.DecisionRefused)
	r, err := b.answer(t, id, "outside", "a", "b")
	if err != nil || r.Verification.Shown() != verify.PendingReview || r.Verification.NextStep() != verify.StepPending || !r.Verification.Waiting() {
		t.Fatalf("%+v, %v", r, err)
	}
	refused("forged", verify.Delivery{ID: "m1", Signature: "bad", Body: []byte("yes")}, testStore, id, fault.DecisionRefused)
	refused("not understood", verify.Delivery{ID: "m1", Signature: "good", Body: []byte("?")}, testStore, id, fault.Invalid)
	refused("of another store", yes, verify.StoreRef{ID: "sto_2", Test: true}, id, fault.DecisionRefused)
	refused("of no verification", yes, testStore, "ver_none", fault.DecisionRefused)
	refused("of another verification", yes, testStore, b.begin(t, verify.StartRequest{Group: "teacher"}), fault.DecisionRefused)
	refused("of none, trusted", verify.Delivery{Trusted: true}, testStore, "ver_none", fault.NotFound)
	if r, err := b.Get(t.Context(), testStore, id); err != nil || !r.Verification.Waiting() {
		t.Fatalf("a refused decision changed it: %+v, %v", r, err)
	}
	for range 2 { // delivered twice is decided once
		if r, err = b.Decide(t.Context(), testStore, id, yes); err != nil || r.Verification.State != verify.Verified || r.Attestation == nil {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	refused("after it was decided", verify.Delivery{ID: "m2", Signature: "good", Body: []byte("no")}, testStore, id, fault.DecisionRefused)
	refused("after it was decided, trusted", verify.Delivery{Trusted: true, Signature: "good", Body: []byte("no")}, testStore, id, fault.InvalidStep)
	if n := len(b.fake.Events("sto_1")); n != 1 {
		t.Errorf("%d events", n)
	}
}

// A refusal lets the shopper try again; the decision of the first time says nothing about the second.
func TestARejectionFromOutside(t *testing.T) {
	b := newBed(t, true, outside{})
	b.policy(t, "teacher", verify.Path{"outside"}, verify.Path{"email"})
	id := b.begin(t, verify.StartRequest{Group: "teacher"})
	if _, err := b.answer(t, id, "outside", "a", "b"); err != nil {
		t.Fatal(err)
	}
	no := verify.Delivery{ID: "m1", Signature: "good", Body: []byte("no")}
	r, err := b.Decide(t.Context(), testStore, id, no)
	if err != nil || r.Verification.State != verify.Rejected || r.Verification.Errors[0].Code != "not_eligible" {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := b.answer(t, id, "outside", "a", "c"); err != nil {
		t.Fatal(err)
	}
	if r, err = b.GiveUp(t.Context(), testStore, id, verify.StepPending); err != nil || r.Verification.NextStep() != verify.StepEmail {
		t.Fatalf("giving up the waiting: %+v, %v", r, err)
	}
	if _, err := b.Decide(t.Context(), testStore, id, verify.Delivery{ID: "m2", Signature: "good", Body: []byte("yes")}); fault.CodeOf(err) != fault.DecisionRefused {
		t.Fatalf("a decision after giving up: %v", err)
	}
}

func TestWaitingExpires(t *testing.T) {
	v := verify.Verification{State: verify.Challenged, Challenge: &verify.Challenge{Step: verify.StepPending}, ExpiresAt: time.Unix(1000, 0)}
	if v.Shown() != verify.PendingReview || v.At(time.Unix(1000, 0)).Shown() != verify.Expired || v.At(time.Unix(999, 0)).Shown() != verify.PendingReview {
		t.Errorf("%s", v.At(time.Unix(1000, 0)).Shown())
	}
}

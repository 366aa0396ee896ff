package storagetest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

var (
	suspected = verify.Labelling{Label: verify.FraudSuspected, Reason: "shared_account", Reference: "T-1"}
	confirmed = verify.Labelling{Label: verify.FraudConfirmed, Reason: "chargeback", Reference: "T-2"}
	lifted    = verify.Labelling{Label: verify.NoFraud, Reason: "mistake"}
)

func (b *bench) label(t *testing.T, attestation string, l verify.Labelling) verify.FraudCase {
	t.Helper()
	c, err := b.LabelFraud(t.Context(), b.store, admin, attestation, l)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// proved brings a verification of an address to its end, whatever that is.
func (b *bench) proved(t *testing.T, customer, address string) (string, *verify.Result, error) {
	t.Helper()
	id := b.start(t, customer, true).Verification.ID
	r, err := b.answer(t.Context(), id, verify.StepEmailCode, "code", b.code(t, id, address))
	return id, r, err
}

func wantReason(t *testing.T, r *verify.Result, code string) {
	t.Helper()
	if e := r.Verification.Errors; len(e) != 1 || e[0].Code != code {
		t.Fatalf("the errors are %v, want %s", e, code)
	}
}

func testSuspected(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, mailPath)
	_, r, err := b.proved(t, "c-1", "ada@mit.edu")
	wantState(t, r, err, verify.Verified, verify.StepDone)
	first := b.label(t, r.Attestation.ID, suspected)
	if again := b.label(t, r.Attestation.ID, suspected); again != first {
		t.Fatalf("labelling twice: %+v, then %+v", first, again)
	}
	if a, err := b.Attestation(ctx, b.store, r.Attestation.ID); err != nil || !a.EndedAt.IsZero() {
		t.Fatalf("a suspicion ended %+v, %v", a, err)
	}
	// The same person, in another spelling: a human decides.
	_, again, err := b.proved(t, "c-1", "ADA+x@MIT.edu")
	wantState(t, again, err, verify.PendingReview, verify.StepPending)
	file := b.next(t, rosa)
	if !slices.Contains(file.Review.Why, "fraud_suspected") || file.Review.Signals[verify.SignalFraud] != 1 {
		t.Fatalf("the review says %v, %v", file.Review.Why, file.Review.Signals)
	}
	decided, err := b.DecideReview(ctx, b.store, rosa, file.Review.ID, verify.Ruling{Approve: true})
	wantState(t, decided, err, verify.Verified, verify.StepDone)
	if decided.Attestation.ID != r.Attestation.ID {
		t.Fatal("the attestation was not renewed")
	}
	// Lifted: nobody is asked any more.
	b.label(t, r.Attestation.ID, lifted)
	_, again, err = b.proved(t, "c-1", "ada@mit.edu")
	wantState(t, again, err, verify.Verified, verify.StepDone)
	file2, err := b.Fraud(ctx, b.store, r.Attestation.ID)
	if err != nil || len(file2.Marks) != 2 || file2.Marks[0].Label != verify.FraudSuspected || file2.Marks[1].Label != verify.NoFraud {
		t.Fatalf("history %+v, %v", file2, err)
	}
}

func testConfirmed(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, mailPath)
	teachers, err := b.SavePolicy(ctx, b.store, admin, verify.Policy{Group: "teacher", Paths: []verify.Path{mailPath}, Validity: verify.Validity{Days: 30}})
	if err != nil {
		t.Fatal(err)
	}
	_, r, err := b.proved(t, "c-1", "ada@mit.edu")
	wantState(t, r, err, verify.Verified, verify.StepDone)
	teacher, err := b.Start(ctx, verify.StartRequest{Store: b.store, Group: teachers.Group, Customer: "c-1", Confirmed: true, ConsentVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	code := b.code(t, teacher.Verification.ID, "ada@mit.edu")
	taught, err := b.answer(ctx, teacher.Verification.ID, verify.StepEmailCode, "code", code)
	wantState(t, taught, err, verify.Verified, verify.StepDone)

	b.label(t, r.Attestation.ID, confirmed)
	for _, id := range []string{r.Attestation.ID, taught.Attestation.ID} {
		if a, err := b.Attestation(ctx, b.store, id); err != nil || a.EndReason != verify.EndedForFraud {
			t.Fatalf("after the fraud: %+v, %v", a, err)
		}
	}
	due, err := b.Unsettled(ctx, b.store, 10)
	if err != nil || len(due) != 1 || len(due[0].Ended) != 2 {
		t.Fatalf("due %+v, %v", due, err)
	}
	if err := b.Settled(ctx, b.store, r.Attestation.ID); err != nil {
		t.Fatal(err)
	}
	if due, err = b.Unsettled(ctx, b.store, 10); err != nil || len(due) != 0 {
		t.Fatalf("still due %+v, %v", due, err)
	}
	// Blocked, under every account and spelling, once possession is proven.
	for _, customer := range []string{"c-1", "c-2"} {
		_, again, err := b.proved(t, customer, "Ada+new@mit.edu")
		wantState(t, again, err, verify.Rejected, verify.StepEmail)
		wantReason(t, again, verify.ReasonNotAccepted)
	}
	if page, err := b.Frauds(ctx, b.store, verify.FraudConfirmed, "", 10); err != nil || len(page) != 1 {
		t.Fatalf("page %+v, %v", page, err)
	}
	if page, err := b.Frauds(ctx, b.store, verify.FraudSuspected, "", 10); err != nil || len(page) != 0 {
		t.Fatalf("page %+v, %v", page, err)
	}
	_, err = b.LabelFraud(ctx, verify.StoreRef{ID: b.Stores[1], Test: true}, admin, r.Attestation.ID, confirmed)
	wantFault(t, err, fault.NotFound)
	_, err = b.LabelFraud(ctx, b.store, admin, r.Attestation.ID, verify.Labelling{Label: "sure", Reason: "because", Reference: "a b"})
	if f := fault.From(err); f == nil || len(f.Fields) != 3 {
		t.Fatalf("got %v", err)
	}
}

func testMove(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, mailPath)
	_, r, err := b.proved(t, "c-1", "ada@mit.edu")
	wantState(t, r, err, verify.Verified, verify.StepDone)
	id, _, err := b.proved(t, "c-2", "ADA@mit.edu")
	wantFault(t, err, fault.AlreadyVerified)
	moved, err := b.MoveHere(ctx, b.store, admin, id)
	wantState(t, moved, err, verify.Verified, verify.StepDone)
	if a := moved.Attestation; a.ID == r.Attestation.ID || a.Customer != "c-2" || !slices.Equal(a.Tags, r.Attestation.Tags) {
		t.Fatalf("moved %+v", a)
	}
	if old, err := b.Attestation(ctx, b.store, r.Attestation.ID); err != nil || old.EndReason != verify.EndedByMove {
		t.Fatalf("the old one %+v, %v", old, err)
	}
	if again, err := b.MoveHere(ctx, b.store, admin, id); err != nil || again.Attestation.ID != moved.Attestation.ID {
		t.Fatalf("moving twice: %+v, %v", again, err)
	}
	// Once in 180 days, whoever asks; support can go past it, and that counts too.
	_, err = b.Move(ctx, b.store, admin, moved.Attestation.ID, verify.Moving{Customer: "c-3"})
	wantFault(t, err, fault.MoveRefused)
	third, _, err := b.proved(t, "c-3", "ada@mit.edu")
	wantFault(t, err, fault.AlreadyVerified)
	_, err = b.MoveHere(ctx, b.store, admin, third)
	wantFault(t, err, fault.MoveRefused)
	byHand, err := b.Move(ctx, b.store, admin, moved.Attestation.ID, verify.Moving{Customer: "c-3", Reason: "phone_call", PastLimit: true})
	if err != nil || byHand.Customer != "c-3" || !byHand.Bound || !byHand.ValidUntil.Equal(moved.Attestation.ValidUntil) {
		t.Fatalf("by support: %+v, %v", byHand, err)
	}
	if same, err := b.Move(ctx, b.store, admin, byHand.ID, verify.Moving{Customer: "c-3"}); err != nil || same.ID != byHand.ID {
		t.Fatalf("to whom has it: %+v, %v", same, err)
	}
	_, err = b.Move(ctx, b.store, admin, r.Attestation.ID, verify.Moving{Customer: "c-4"})
	wantFault(t, err, fault.AttestationEnded)
	b.Advance(verify.MoveWindow + time.Hour)
	if _, err := b.Move(ctx, b.store, admin, byHand.ID, verify.Moving{Customer: "c-4"}); err != nil {
		t.Fatalf("after the window: %v", err)
	}
}

func testMoveNeedsTheProof(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, mailPath)
	_, r, err := b.proved(t, "c-1", "ada@mit.edu")
	wantState(t, r, err, verify.Verified, verify.StepDone)
	fresh := b.start(t, "c-2", true).Verification.ID
	_, err = b.MoveHere(ctx, b.store, admin, fresh)
	wantFault(t, err, fault.InvalidStep)
	b.code(t, fresh, "ada@mit.edu") // sent, not answered
	_, err = b.MoveHere(ctx, b.store, admin, fresh)
	wantFault(t, err, fault.InvalidStep)
	// Who goes on after being told has to prove it again.
	id, _, err := b.proved(t, "c-2", "ada@mit.edu")
	wantFault(t, err, fault.AlreadyVerified)
	b.Advance(2 * time.Minute)
	b.code(t, id, "bob@mit.edu")
	_, err = b.MoveHere(ctx, b.store, admin, id)
	wantFault(t, err, fault.InvalidStep)
	b.label(t, r.Attestation.ID, suspected)
	third, _, err := b.proved(t, "c-3", "ada@mit.edu")
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.MoveHere(ctx, b.store, admin, third)
	wantFault(t, err, fault.InvalidStep) // it waits for a reviewer
	_, err = b.Move(ctx, b.store, admin, r.Attestation.ID, verify.Moving{Customer: "c-3"})
	wantFault(t, err, fault.MoveRefused)
}

// Somebody is labelled while the same person proves for another group: whoever comes first, nothing is left that holds.
func testFraudRace(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, mailPath)
	if _, err := b.SavePolicy(ctx, b.store, admin, verify.Policy{Group: "teacher", Paths: []verify.Path{mailPath}, Validity: verify.Validity{Days: 30}}); err != nil {
		t.Fatal(err)
	}
	for i, address := range []string{"a1@mit.edu", "b2@mit.edu", "c3@mit.edu", "d4@mit.edu", "e5@mit.edu", "f6@mit.edu"} {
		customer := string(rune('a' + i))
		_, r, err := b.proved(t, customer, address)
		wantState(t, r, err, verify.Verified, verify.StepDone)
		started, err := b.Start(ctx, verify.StartRequest{Store: b.store, Group: "teacher", Customer: customer, Confirmed: true, ConsentVersion: "1"})
		if err != nil {
			t.Fatal(err)
		}
		id := started.Verification.ID
		code := b.code(t, id, address)
		var both sync.WaitGroup
		var failures [2]error
		both.Go(func() {
			_, failures[0] = b.LabelFraud(context.WithoutCancel(ctx), b.store, admin, r.Attestation.ID, confirmed)
		})
		both.Go(func() { _, failures[1] = b.answer(context.WithoutCancel(ctx), id, verify.StepEmailCode, "code", code) })
		both.Wait()
		if err := errors.Join(failures[:]...); err != nil {
			t.Fatal(err)
		}
		all, err := b.Attestations(ctx, b.store, customer)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if a.EndReason != verify.EndedForFraud {
				t.Fatalf("%s still holds: %+v", a.Group, a)
			}
		}
	}
}

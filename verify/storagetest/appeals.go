package storagetest

import (
	"slices"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// A blocked person appeals: approved, the labels are lifted and the proof counts. Nobody decides about their own label.
func testAppealOfBlock(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, mailPath)
	_, r, err := b.proved(t, "c-1", "ada@mit.edu")
	wantState(t, r, err, verify.Verified, verify.StepDone)
	if _, err := b.LabelFraud(ctx, b.store, omar.Actor, r.Attestation.ID, confirmed); err != nil {
		t.Fatal(err)
	}
	id, blocked, err := b.proved(t, "c-2", "ada@mit.edu")
	wantState(t, blocked, err, verify.Rejected, verify.StepEmail)
	waits, err := b.Appeal(ctx, b.store, admin, id)
	wantState(t, waits, err, verify.PendingReview, verify.StepPending)
	if again, err := b.Appeal(ctx, b.store, admin, id); err != nil || again.Verification.Revision != waits.Verification.Revision {
		t.Fatalf("appealing while it waits: %+v, %v", again, err)
	}
	review := b.next(t, omar).Review
	if review.Requirement != verify.RequirementAppeal || !slices.Equal(review.Why, []string{"appeal", "not_accepted"}) {
		t.Fatalf("the review %+v", review)
	}
	_, err = b.DecideReview(ctx, b.store, omar, review.ID, verify.Ruling{Approve: true})
	wantFault(t, err, fault.ReviewOwn)
	if _, err := b.ReleaseReview(ctx, b.store, omar, review.ID); err != nil {
		t.Fatal(err)
	}
	decided, err := b.DecideReview(ctx, b.store, rosa, review.ID, verify.Ruling{Approve: true})
	wantState(t, decided, err, verify.Verified, verify.StepDone)
	if decided.Attestation.Customer != "c-2" || decided.Verification.Appeal.Outcome != verify.ReviewApproved {
		t.Fatalf("decided %+v, %+v", decided.Attestation, decided.Verification.Appeal)
	}
	file, err := b.Fraud(ctx, b.store, r.Attestation.ID)
	if err != nil || file.Case.Label != verify.NoFraud || file.Case.Reason != verify.ReasonAppeal {
		t.Fatalf("the label %+v, %v", file.Case, err)
	}
}

func testAppeals(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, verify.Path{"mock"}, mailPath)
	id := b.waiting(t)
	_, err := b.Appeal(ctx, b.store, admin, id)
	wantFault(t, err, fault.InvalidStep)
	r, err := b.DecideReview(ctx, b.store, rosa, b.next(t, rosa).Review.ID, verify.Ruling{Reasons: []string{"document_altered"}, Final: true})
	wantState(t, r, err, verify.Failed, verify.StepDone)
	// The evidence that was refused counts after all.
	r, err = b.Appeal(ctx, b.store, admin, id)
	wantState(t, r, err, verify.PendingReview, verify.StepPending)
	r, err = b.DecideReview(ctx, b.store, omar, b.next(t, omar).Review.ID, verify.Ruling{Approve: true})
	wantState(t, r, err, verify.Verified, verify.StepDone)

	// Too many wrong codes: the shopper begins anew, and nothing is taken as proven.
	id = b.start(t, "c-9", true).Verification.ID
	code := b.code(t, id, "bob@mit.edu")
	for range 5 {
		_, err = b.answer(ctx, id, verify.StepEmailCode, "code", wrongCode(code))
	}
	wantFault(t, err, fault.TriesExhausted)
	r, err = b.Appeal(ctx, b.store, admin, id)
	wantState(t, r, err, verify.PendingReview, verify.StepPending)
	r, err = b.DecideReview(ctx, b.store, rosa, b.next(t, rosa).Review.ID, verify.Ruling{Approve: true})
	wantState(t, r, err, verify.Collecting, verify.StepChoose)
	if v := r.Verification; len(v.Met) != 0 || len(v.Progress) != 0 || r.Attestation != nil {
		t.Fatalf("begun anew: %+v", v)
	}
	_, err = b.Appeal(ctx, b.store, admin, id)
	wantFault(t, err, fault.AppealMade)

	// Refused again: for good.
	id = b.start(t, "c-8", true).Verification.ID
	r, err = b.answer(ctx, id, verify.StepMock, "first_name", "REJECTED")
	wantState(t, r, err, verify.Rejected, verify.StepChoose)
	if _, err = b.Appeal(ctx, b.store, admin, id); err != nil {
		t.Fatal(err)
	}
	r, err = b.DecideReview(ctx, b.store, rosa, b.next(t, rosa).Review.ID, verify.Ruling{Reasons: []string{"other"}})
	wantState(t, r, err, verify.Failed, verify.StepDone)
	_, err = b.Appeal(ctx, b.store, admin, id)
	wantFault(t, err, fault.AppealMade)

	// The time to answer is over, the time to object is not; then it is too late.
	late := b.start(t, "c-6", true).Verification.ID
	id = b.start(t, "c-7", true).Verification.ID
	for _, id := range []string{id, late} {
		r, err = b.answer(ctx, id, verify.StepMock, "first_name", "REJECTED")
		wantState(t, r, err, verify.Rejected, verify.StepChoose)
	}
	b.Advance(verify.Lifetime + time.Hour)
	if _, err := b.ExpireDue(ctx, b.store, 10); err != nil {
		t.Fatal(err)
	}
	r, err = b.Appeal(ctx, b.store, admin, late)
	wantState(t, r, err, verify.PendingReview, verify.StepPending)
	r, err = b.Cancel(ctx, b.store, late)
	wantState(t, r, err, verify.Cancelled, verify.StepDone)
	if r.Verification.Appeal.Outcome != verify.ReviewWithdrawn {
		t.Fatalf("the appeal %+v", r.Verification.Appeal)
	}
	b.Advance(verify.AppealWindow)
	_, err = b.Appeal(ctx, b.store, admin, id)
	wantFault(t, err, fault.InvalidStep)
}

// An automated refusal is overturned by a reviewer's word, for a customer whom the store named.
func testAppealOfMachine(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, verify.Path{"mock"})
	for _, c := range []struct {
		customer string
		state    verify.State
	}{{"c-1", verify.Verified}, {"", verify.Collecting}} {
		id := b.start(t, c.customer, c.customer != "").Verification.ID
		if _, err := b.answer(ctx, id, verify.StepMock, "first_name", "REJECTED"); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Appeal(ctx, b.store, admin, id); err != nil {
			t.Fatal(err)
		}
		r, err := b.DecideReview(ctx, b.store, rosa, b.next(t, rosa).Review.ID, verify.Ruling{Approve: true})
		if err != nil || r.Verification.State != c.state {
			t.Fatalf("%q: %+v, %v", c.customer, r, err)
		}
		if r.Attestation != nil && !slices.Equal(r.Attestation.Classes, []verify.Class{verify.Document}) {
			t.Fatalf("classes %v", r.Attestation.Classes)
		}
	}
}

func testAppealMoves(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, mailPath)
	for i, customer := range []string{"c-1", "c-2", "c-3"} {
		id, r, err := b.proved(t, customer, "ada@mit.edu")
		if i == 0 {
			wantState(t, r, err, verify.Verified, verify.StepDone)
			continue
		}
		wantFault(t, err, fault.AlreadyVerified)
		if _, err := b.Appeal(ctx, b.store, admin, id); err != nil {
			t.Fatal(err)
		}
		// Past the limit of moves: a human says so.
		r, err = b.DecideReview(ctx, b.store, rosa, b.next(t, rosa).Review.ID, verify.Ruling{Approve: true})
		wantState(t, r, err, verify.Verified, verify.StepDone)
		if r.Attestation.Customer != customer {
			t.Fatalf("it went to %s", r.Attestation.Customer)
		}
	}
}

package storagetest

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

var (
	rosa = verify.Reviewer{Actor: verify.Actor{Name: "per_rosa"}, Mailbox: "rosa@shop.example"}
	omar = verify.Reviewer{Actor: verify.Actor{Name: "per_omar"}, Mailbox: "omar@shop.example"}
)

// waiting brings a verification before the reviewers and returns its id.
func (b *bench) waiting(t *testing.T) string {
	t.Helper()
	id := b.start(t, "", false).Verification.ID
	r, err := b.answer(t.Context(), id, verify.StepMock, "first_name", "REVIEW")
	wantState(t, r, err, verify.PendingReview, verify.StepPending)
	return id
}

func (b *bench) next(t *testing.T, by verify.Reviewer) *verify.ReviewFile {
	t.Helper()
	file, err := b.NextReview(t.Context(), b.store, by, "")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func testReview(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, verify.Path{"mock"})
	yes, no := b.waiting(t), b.waiting(t)
	file := b.next(t, rosa)
	if file.Review.Verification != yes || file.Review.Needed != 1 || !slices.Equal(file.Review.Why, []string{"mock"}) {
		t.Fatalf("the file %+v", file.Review)
	}
	if got := file.Collected["mock"]["first_name"]; got != "REVIEW" {
		t.Fatalf("the reviewer sees %q", got)
	}
	if e, ok := file.ReviewEvidence(); !ok || e.Requirement != "mock" || len(e.Identifiers) != 0 {
		t.Fatalf("evidence %+v", e)
	}
	r, err := b.DecideReview(ctx, b.store, rosa, file.Review.ID, verify.Ruling{Approve: true})
	wantState(t, r, err, verify.Verified, verify.StepDone)
	_, err = b.DecideReview(ctx, b.store, omar, file.Review.ID, verify.Ruling{Approve: true})
	wantFault(t, err, fault.ReviewDecided)

	file = b.next(t, rosa)
	_, err = b.DecideReview(ctx, b.store, rosa, file.Review.ID, verify.Ruling{})
	wantFault(t, err, fault.Invalid)
	_, err = b.DecideReview(ctx, b.store, rosa, file.Review.ID, verify.Ruling{Reasons: []string{"because"}})
	wantFault(t, err, fault.Invalid)
	r, err = b.DecideReview(ctx, b.store, rosa, file.Review.ID, verify.Ruling{Reasons: []string{"document_unreadable"}})
	wantState(t, r, err, verify.Rejected, verify.StepMock)
	if r.Verification.ID != no || r.Verification.Errors[0].Code != "document_unreadable" {
		t.Fatalf("verification %s has the errors %v", r.Verification.ID, r.Verification.Errors)
	}
	// What is forged is refused for good.
	b.waiting(t)
	r, err = b.DecideReview(ctx, b.store, rosa, b.next(t, rosa).Review.ID, verify.Ruling{Reasons: []string{"document_altered"}, Final: true})
	wantState(t, r, err, verify.Failed, verify.StepDone)
}

func testReviewQueue(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, verify.Path{"mock"})
	first, second := b.waiting(t), b.waiting(t)
	mine, theirs := b.next(t, rosa), b.next(t, omar)
	if mine.Review.Verification != first || theirs.Review.Verification != second {
		t.Fatal("the one that waits longest is not the first")
	}
	if again := b.next(t, rosa); again.Review.ID != mine.Review.ID {
		t.Fatal("what a reviewer has in hand does not come first")
	}
	_, err := b.ClaimReview(ctx, b.store, omar, mine.Review.ID)
	wantFault(t, err, fault.ReviewClaimed)
	_, err = b.DecideReview(ctx, b.store, omar, mine.Review.ID, verify.Ruling{Approve: true})
	wantFault(t, err, fault.ReviewClaimed)
	_, err = b.ReleaseReview(ctx, b.store, omar, mine.Review.ID)
	wantFault(t, err, fault.ReviewClaimed)
	if seen, err := b.ReadReview(ctx, b.store, omar, mine.Review.ID); err != nil || seen.Review.ClaimedBy != rosa.Name {
		t.Fatalf("reading without taking: %+v, %v", seen, err)
	}
	_, err = b.NextReview(ctx, b.store, verify.Reviewer{Actor: verify.Actor{Name: "per_third"}}, "")
	wantFault(t, err, fault.NotFound)

	if _, err := b.ReleaseReview(ctx, b.store, rosa, mine.Review.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := b.ClaimReview(ctx, b.store, omar, mine.Review.ID); err != nil || got.Review.ClaimedBy != omar.Name {
		t.Fatalf("a released review: %+v, %v", got, err)
	}
	b.Advance(verify.ReviewLease + time.Second)
	if got := b.next(t, rosa); got.Review.ID != mine.Review.ID {
		t.Fatal("a lease that is over still holds")
	}
	open, err := b.Reviews(ctx, b.store, verify.ReviewFilter{Open: true}, "", 10)
	if err != nil || len(open) != 2 || open[0].ID != theirs.Review.ID {
		t.Fatalf("open reviews %v, %v", open, err)
	}
	held, err := b.Reviews(ctx, b.store, verify.ReviewFilter{ClaimedBy: rosa.Name}, "", 10)
	if err != nil || len(held) != 1 || held[0].ID != mine.Review.ID {
		t.Fatalf("in hand %v, %v", held, err)
	}
	// A shopper who cancels takes the question back.
	if _, err := b.Cancel(ctx, b.store, first); err != nil {
		t.Fatal(err)
	}
	_, err = b.DecideReview(ctx, b.store, rosa, mine.Review.ID, verify.Ruling{Approve: true})
	wantFault(t, err, fault.ReviewDecided)
	done, err := b.Reviews(ctx, b.store, verify.ReviewFilter{Decided: true, Group: "student"}, "", 10)
	if err != nil || len(done) != 1 || done[0].Outcome != verify.ReviewWithdrawn {
		t.Fatalf("decided %+v, %v", done, err)
	}
	other := verify.StoreRef{ID: b.Stores[1], Test: true}
	_, err = b.ReadReview(ctx, other, rosa, theirs.Review.ID)
	wantFault(t, err, fault.NotFound)
}

func testTwoReviewers(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, verify.Path{"mock"})
	for _, second := range []verify.Ruling{{Approve: true}, {Reasons: []string{"look_alike"}}} {
		id := b.waiting(t)
		b.needTwo(t, id)
		file := b.next(t, rosa)
		r, err := b.DecideReview(ctx, b.store, rosa, file.Review.ID, verify.Ruling{Approve: true})
		wantState(t, r, err, verify.PendingReview, verify.StepPending)
		_, err = b.NextReview(ctx, b.store, rosa, "")
		wantFault(t, err, fault.NotFound)
		_, err = b.DecideReview(ctx, b.store, rosa, file.Review.ID, verify.Ruling{Approve: true})
		wantFault(t, err, fault.ReviewOwn)
		r, err = b.DecideReview(ctx, b.store, omar, b.next(t, omar).Review.ID, second)
		if second.Approve {
			wantState(t, r, err, verify.Verified, verify.StepDone)
		} else {
			wantState(t, r, err, verify.Rejected, verify.StepMock)
		}
	}
}

// needTwo makes the open review of a verification need two people.
func (b *bench) needTwo(t *testing.T, verification string) {
	t.Helper()
	_, err := b.Storage.Write(t.Context(), b.store.ID, func(ctx context.Context, tx verify.Tx) (any, error) {
		r, err := tx.LockOpenReview(ctx, verification)
		if err != nil {
			return nil, err
		}
		r.Needed = 2
		return nil, tx.UpdateReview(ctx, r)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func testOwnReview(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, verify.Path{"email", "mock"})
	id := b.start(t, "c-1", true).Verification.ID
	code := b.code(t, id, "Ada+work@mit.edu")
	_, err := b.answer(ctx, id, verify.StepEmailCode, "code", code)
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.answer(ctx, id, verify.StepMock, "first_name", "REVIEW")
	wantState(t, r, err, verify.PendingReview, verify.StepPending)
	ada := verify.Reviewer{Actor: verify.Actor{Name: "per_ada"}, Mailbox: "ada@MIT.edu"}
	_, err = b.NextReview(ctx, b.store, ada, "")
	wantFault(t, err, fault.NotFound)
	open, err := b.Reviews(ctx, b.store, verify.ReviewFilter{Open: true}, "", 1)
	if err != nil || len(open) != 1 {
		t.Fatalf("open reviews %v, %v", open, err)
	}
	_, err = b.ClaimReview(ctx, b.store, ada, open[0].ID)
	wantFault(t, err, fault.ReviewOwn)
	_, err = b.DecideReview(ctx, b.store, ada, open[0].ID, verify.Ruling{Approve: true})
	wantFault(t, err, fault.ReviewOwn)
	file, err := b.ReadReview(ctx, b.store, ada, open[0].ID)
	if err != nil || !file.Own {
		t.Fatalf("their own proof is not told to be: %v", err)
	}
	r, err = b.DecideReview(ctx, b.store, rosa, open[0].ID, verify.Ruling{Approve: true})
	wantState(t, r, err, verify.Verified, verify.StepDone)
}

func testReviewRace(t *testing.T, b *bench) {
	b.policy(t, verify.Path{"mock"})
	id := b.waiting(t)
	open, err := b.Reviews(t.Context(), b.store, verify.ReviewFilter{Open: true}, "", 1)
	if err != nil || len(open) != 1 {
		t.Fatalf("open reviews %v, %v", open, err)
	}
	errs := make([]error, 6)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			by := verify.Reviewer{Actor: verify.Actor{Name: "per_" + string(rune('a'+i))}}
			ruling := verify.Ruling{Approve: i%2 == 0}
			if !ruling.Approve {
				ruling.Reasons = []string{"other"}
			}
			_, errs[i] = b.DecideReview(t.Context(), b.store, by, open[0].ID, ruling)
		})
	}
	all.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			wantFault(t, err, fault.ReviewDecided)
		}
	}
	receipts, err := b.DecisionReceipts(t.Context(), b.store, id)
	if won != 1 || err != nil || len(receipts) != 1 {
		t.Fatalf("%d reviewers decided and there are %d receipts, %v", won, len(receipts), err)
	}
}

func testReceipts(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, verify.Path{"email"}, verify.Path{"mock"})
	id := b.start(t, "c-1", true).Verification.ID
	_, err := b.answer(ctx, id, verify.StepMock, "first_name", "REJECTED")
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.answer(ctx, id, verify.StepEmail, "email", "ada@mailinator.com")
	wantFault(t, err, fault.EmailNotEligible)
	r, err := b.answer(ctx, id, verify.StepEmailCode, "code", b.code(t, id, "ada@mit.edu"))
	wantState(t, r, err, verify.Verified, verify.StepDone)

	told, err := b.Explain(ctx, b.store, id)
	if err != nil || len(told.Decisions) != 2 {
		t.Fatalf("explained %+v, %v", told, err)
	}
	no, yes := told.Decisions[0], told.Decisions[1]
	if no.Decision.Decided != verify.DecidedRejected || no.Signature != verify.SignatureGood || no.Replayed != verify.ReplayedSame ||
		!slices.Equal(no.Decision.Reasons, []string{"not_eligible"}) {
		t.Errorf("the refusal %+v", no)
	}
	d := yes.Decision
	if yes.Replayed != verify.ReplayedSame || d.Attestation != r.Attestation.ID || len(d.Digests) == 0 || d.Signals[verify.SignalDisposable] != 1 ||
		!slices.Equal(d.Classes, []verify.Class{verify.Possession}) || d.Subject != id || d.Audience != b.store.ID {
		t.Errorf("the proof %+v", yes)
	}
	if len(yes.Today) != 1 || !yes.Today[0].Holds {
		t.Errorf("judged today: %+v", yes.Today)
	}
	refused := slices.IndexFunc(told.Trail, func(n verify.Note) bool { return n.Outcome == verify.NoteRefused })
	if refused < 0 || !slices.Equal(told.Trail[refused].Why, []string{"domain_disposable"}) {
		t.Errorf("the trail %+v", told.Trail)
	}
	b.forged(t, id, d)
}

// forged keeps a receipt that says more than the evidence does, and one that nobody signed.
func (b *bench) forged(t *testing.T, id string, d verify.Decision) {
	t.Helper()
	d.Classes, d.ID = []verify.Class{verify.Document}, "rcp_z1"
	payload, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := verifyfake.Secrets{}.SignReceipt(t.Context(), b.store.ID, payload)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Storage.Write(t.Context(), b.store.ID, func(ctx context.Context, tx verify.Tx) (any, error) {
		r := verify.Receipt{ID: d.ID, Verification: id, Decided: d.Decided, JWS: signed, CreatedAt: tx.Now()}
		bad := r
		bad.ID, bad.JWS = "rcp_z2", "x"+signed
		return nil, errors.Join(tx.InsertReceipt(ctx, r), tx.InsertReceipt(ctx, bad))
	})
	if err != nil {
		t.Fatal(err)
	}
	told, err := b.Explain(t.Context(), b.store, id)
	if err != nil || len(told.Decisions) != 4 {
		t.Fatalf("explained %+v, %v", told, err)
	}
	if got := told.Decisions[2]; got.Replayed != verify.ReplayedOther || len(got.Findings) != 1 {
		t.Errorf("a receipt that the evidence does not support: %+v", got)
	}
	if got := told.Decisions[3]; got.Signature != verify.SignatureBad {
		t.Errorf("a receipt that nobody signed: %+v", got)
	}
}

func testSignals(t *testing.T, b *bench) {
	b.policy(t, verify.Path{"mock"}, verify.Path{"email"})
	begin := func(address string) string {
		r, err := b.Start(t.Context(), verify.StartRequest{Store: b.store, Group: "student", Customer: "c-1", Locale: "en", ConsentVersion: "1",
			Network: netip.MustParseAddr(address)})
		if err != nil {
			t.Fatal(err)
		}
		return r.Verification.ID
	}
	begin("198.51.100.7")
	begin("203.0.113.7")
	b.Advance(25 * time.Hour)
	begin("198.51.100.9")
	begin("2001:db8:1:2::3")
	id := begin("::ffff:198.51.100.8")
	if _, err := b.GiveUp(t.Context(), b.store, id, verify.StepEmail); err != nil {
		t.Fatal(err)
	}
	r, err := b.answer(t.Context(), id, verify.StepMock, "first_name", "VERIFIED")
	wantState(t, r, err, verify.Verified, verify.StepDone)
	want := map[string]int{verify.SignalNetwork: 2, verify.SignalVelocity: 3, verify.SignalGivenUp: 1}
	for name, n := range want {
		if got := r.Verification.Signals[name]; got != n {
			t.Errorf("the signal %s is %d, want %d", name, got, n)
		}
	}
}

package storagetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

func testSuccessLimits(t *testing.T, b *bench) {
	ctx := t.Context()
	p := b.policy(t, mailPath)
	p.Limits = []verify.SuccessLimit{{Per: verify.PerCustomer, Max: 1, Days: 10}, {Per: verify.PerPerson, Max: 1, Days: 20}, {Per: verify.PerOrganisation, Max: 3, Days: 5}}
	if _, err := b.SavePolicy(ctx, b.store, admin, p); err != nil {
		t.Fatal(err)
	}
	if kept, err := b.Policy(ctx, b.store, p.ID); err != nil || !slices.Equal(kept.Limits, p.Limits) {
		t.Fatalf("kept %+v, %v", kept, err)
	}
	refused := func(customer, address string) {
		t.Helper()
		_, r, err := b.proved(t, customer, address)
		wantState(t, r, err, verify.Rejected, verify.StepEmail)
		wantReason(t, r, verify.ReasonLimited)
	}
	taken := func(customer, address string) *verify.Attestation {
		t.Helper()
		_, r, err := b.proved(t, customer, address)
		wantState(t, r, err, verify.Verified, verify.StepDone)
		return r.Attestation
	}
	a := taken("c-1", "ada@mit.edu")
	taken("c-1", "ada@mit.edu")   // a renewal counts for none
	refused("c-1", "bob@mit.edu") // the account
	taken("c-2", "bob@mit.edu")
	taken("c-3", "cleo@mit.edu")
	refused("c-4", "dora@mit.edu") // the institution
	taken("c-4", "dora@harvard.edu")
	b.Advance(11 * 24 * time.Hour)
	if _, err := b.EndAttestation(ctx, b.store, admin, a.ID, "test"); err != nil {
		t.Fatal(err)
	}
	refused("c-1", "ada@mit.edu") // the person, whose window is longer
	b.Advance(10 * 24 * time.Hour)
	taken("c-5", "ada@mit.edu") // the policy says how long, not the default
	bad := p
	bad.Version, bad.Limits = 2, []verify.SuccessLimit{{Per: "house", Max: 0, Days: 0}}
	_, err := b.SavePolicy(ctx, b.store, admin, bad)
	if f := fault.From(err); f == nil || f.Code != fault.PolicyUnsound || len(f.Fields) != 3 {
		t.Fatalf("got %v", err)
	}
}

// Many people of one institution, of which a policy takes three: exactly three are taken, whoever comes first.
func testLimitRace(t *testing.T, b *bench) {
	const people, room = 8, 3
	p := b.policy(t, mailPath)
	p.Limits = []verify.SuccessLimit{{Per: verify.PerOrganisation, Max: room, Days: 30}, {Per: verify.PerPerson, Max: 1, Days: 30}}
	if _, err := b.SavePolicy(t.Context(), b.store, admin, p); err != nil {
		t.Fatal(err)
	}
	var ids, codes []string
	for i := range people {
		id := b.start(t, fmt.Sprintf("c-%d", i), true).Verification.ID
		ids, codes = append(ids, id), append(codes, b.code(t, id, fmt.Sprintf("person%d@mit.edu", i)))
	}
	results, failures := make([]*verify.Result, people), make([]error, people)
	var group sync.WaitGroup
	for i := range people {
		group.Go(func() {
			results[i], failures[i] = b.answer(t.Context(), ids[i], verify.StepEmailCode, "code", codes[i])
		})
	}
	group.Wait()
	taken := 0
	for i, r := range results {
		switch {
		case failures[i] != nil:
			t.Errorf("person %d: %v", i, failures[i])
		case r.Verification.State == verify.Verified:
			taken++
		default:
			wantReason(t, r, verify.ReasonLimited)
		}
	}
	if taken != room {
		t.Errorf("%d were taken, there was room for %d", taken, room)
	}
}

func testSupport(t *testing.T, b *bench) {
	ctx := t.Context()
	p := b.policy(t, mailPath)
	r, err := b.VerifyByHand(ctx, b.store, rosa, verify.Override{Group: p.Group, Subgroup: "university", Customer: "c-1", Class: verify.Document, Reason: "phone_call"})
	wantState(t, r, err, verify.Verified, verify.StepDone)
	if a := r.Attestation; a.Customer != "c-1" || !a.Bound || a.Subgroup != "university" || !slices.Equal(a.Classes, []verify.Class{verify.Document}) {
		t.Fatalf("by hand: %+v", a)
	}
	explained, err := b.Explain(ctx, b.store, r.Verification.ID)
	if err != nil || len(explained.Decisions) != 1 || explained.Decisions[0].Replayed != verify.ReplayedSame {
		t.Fatalf("explained %+v, %v", explained, err)
	}
	for name, c := range map[string]struct {
		o    verify.Override
		code fault.Code
	}{
		"own":       {verify.Override{Group: p.Group, Customer: "Rosa@shop.example", Class: verify.Document, Reason: "x"}, fault.ReviewOwn},
		"no class":  {verify.Override{Group: p.Group, Customer: "c-2", Class: verify.SelfDeclared, Reason: "x"}, fault.Invalid},
		"a note":    {verify.Override{Group: p.Group, Customer: "c-2", Class: verify.Document, Reason: "Ada called"}, fault.Invalid},
		"no policy": {verify.Override{Group: "teacher", Customer: "c-2", Class: verify.Document, Reason: "x"}, fault.PolicyMissing},
		"no group":  {verify.Override{Group: "wizard", Customer: "c-2", Class: verify.Document, Reason: "x"}, fault.GroupUnknown},
	} {
		_, err := b.VerifyByHand(ctx, b.store, rosa, c.o)
		if fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	b.label(t, r.Attestation.ID, suspected)
	_, err = b.VerifyByHand(ctx, b.store, rosa, verify.Override{Group: p.Group, Customer: "c-1", Class: verify.Document, Reason: "x"})
	wantFault(t, err, fault.Conflict)

	// A code again: within the limits, to the same mailbox, and not before the shopper could have it.
	id := b.start(t, "c-3", true).Verification.ID
	_, err = b.Resend(ctx, b.store, admin, id, "mail_lost")
	wantFault(t, err, fault.InvalidStep)
	old := b.code(t, id, "cleo@mit.edu")
	_, err = b.Resend(ctx, b.store, admin, id, "mail_lost")
	wantFault(t, err, fault.InvalidStep)
	b.Advance(2 * time.Minute)
	if _, err := b.Resend(ctx, b.store, admin, id, "mail_lost"); err != nil {
		t.Fatal(err)
	}
	mails := b.Mails(b.store.ID)
	if last := mails[len(mails)-1]; last.To != "cleo@mit.edu" || last.Code == old {
		t.Fatalf("sent %+v", last)
	}
	for range 2 {
		b.Advance(2 * time.Minute)
		if _, err := b.Resend(ctx, b.store, admin, id, "mail_lost"); err != nil {
			t.Fatal(err)
		}
	}
	b.Advance(2 * time.Minute)
	_, err = b.Resend(ctx, b.store, admin, id, "mail_lost")
	wantFault(t, err, fault.EmailLimit)
	n, err := b.ResetLimits(ctx, b.store, admin, id, "mail_lost")
	if err != nil || n != 2 { // codes an hour, codes a day
		t.Fatalf("%d windows, %v", n, err)
	}
	if _, err := b.Resend(ctx, b.store, admin, id, "mail_lost"); err != nil {
		t.Fatalf("after the reset: %v", err)
	}
	_, err = b.ResetLimits(ctx, b.store, admin, id, "Not a code")
	wantFault(t, err, fault.Invalid)
}

package storagetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

var mailPath = verify.Path{"email"}

func testMailbox(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	begun := b.start(t, "c-1", false)
	wantState(t, begun, nil, verify.Collecting, verify.StepEmail)
	if !begun.Verification.SecretMatches(begun.ClientSecret) || begun.Verification.SecretMatches("") {
		t.Fatal("the client secret is not that of the verification")
	}
	id := begun.Verification.ID
	_, err := b.answer(t.Context(), id, verify.StepEmail, "email", "ada@example.com")
	wantFault(t, err, fault.EmailNotEligible)
	code := b.code(t, id, "Ada+news@MIT.edu")
	r, err := b.Get(t.Context(), b.store, id)
	wantState(t, r, err, verify.Challenged, verify.StepEmailCode)
	r, err = b.answer(t.Context(), id, verify.StepEmailCode, "code", code)
	wantState(t, r, err, verify.Verified, verify.StepDone)
	a := r.Attestation
	if a == nil || a.Group != "student" || a.Customer != "c-1" || a.Bound || len(a.Tags) != 1 || a.Organisation != "mit.edu" {
		t.Fatalf("attestation %+v", a)
	}
	if left := a.ValidUntil.Sub(a.CreatedAt); left < 364*24*time.Hour || left > 366*24*time.Hour {
		t.Fatalf("valid for %s", left)
	}
	if strings.Contains(fmt.Sprintf("%+v", r), "ada@") {
		t.Fatal("the result holds the address")
	}
	if len(r.Verification.Digests) == 0 {
		t.Fatal("the decision names no data packs")
	}
	_, err = b.answer(t.Context(), id, verify.StepEmail, "email", "other@mit.edu")
	wantFault(t, err, fault.InvalidStep)
}

func testWrongCodes(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	id := b.start(t, "c-1", false).Verification.ID
	code := b.code(t, id, "ada@mit.edu")
	for range 4 {
		_, err := b.answer(t.Context(), id, verify.StepEmailCode, "code", wrongCode(code))
		wantFault(t, err, fault.CodeInvalid)
	}
	// A new code does not bring new tries.
	b.Advance(2 * time.Minute)
	code = b.code(t, id, "ada@mit.edu")
	_, err := b.answer(t.Context(), id, verify.StepEmailCode, "code", wrongCode(code))
	wantFault(t, err, fault.TriesExhausted)
	_, err = b.answer(t.Context(), id, verify.StepEmailCode, "code", code)
	wantFault(t, err, fault.InvalidStep)
	r, err := b.Get(t.Context(), b.store, id)
	wantState(t, r, err, verify.Failed, verify.StepDone)
}

func testForeignCode(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	mine, other := b.start(t, "c-1", false).Verification.ID, b.start(t, "c-2", false).Verification.ID
	code := b.code(t, mine, "ada@mit.edu")
	for b.code(t, other, "ada@mit.edu") == code {
		b.Advance(2 * time.Minute) // one in a million draws is the same code
	}
	_, err := b.answer(t.Context(), other, verify.StepEmailCode, "code", code)
	wantFault(t, err, fault.CodeInvalid)
	b.Advance(11 * time.Minute)
	_, err = b.answer(t.Context(), mine, verify.StepEmailCode, "code", code)
	wantFault(t, err, fault.CodeExpired)
}

func testOnePerson(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	first, err := b.proveMailbox(t, "c-1")
	wantState(t, first, err, verify.Verified, verify.StepDone)

	id := b.start(t, "c-2", true).Verification.ID
	code := b.code(t, id, "ADA+second@mit.edu") // nobody learns before possession is proven
	_, err = b.answer(t.Context(), id, verify.StepEmailCode, "code", code)
	wantFault(t, err, fault.AlreadyVerified)
	r, err := b.Get(t.Context(), b.store, id)
	wantState(t, r, err, verify.Rejected, verify.StepEmail)
	if r.Verification.Errors[0].Code != string(fault.AlreadyVerified) {
		t.Fatalf("errors %v", r.Verification.Errors)
	}
	// The same answer again is the same refusal.
	_, err = b.answer(t.Context(), id, verify.StepEmailCode, "code", code)
	wantFault(t, err, fault.AlreadyVerified)

	again, err := b.proveMailbox(t, "c-1")
	wantState(t, again, err, verify.Verified, verify.StepDone)
	if again.Attestation.ID != first.Attestation.ID {
		t.Fatal("the same customer got a second attestation")
	}
}

func testRace(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	const accounts = 5 // as many codes as a mailbox gets in an hour
	ids, codes := make([]string, accounts), make([]string, accounts)
	for i := range accounts {
		ids[i] = b.start(t, fmt.Sprintf("c-%d", i), true).Verification.ID
		codes[i] = b.code(t, ids[i], "ada@mit.edu")
	}
	errs := make([]error, accounts)
	var all sync.WaitGroup
	for i := range accounts {
		all.Go(func() { _, errs[i] = b.answer(t.Context(), ids[i], verify.StepEmailCode, "code", codes[i]) })
	}
	all.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		wantFault(t, err, fault.AlreadyVerified)
	}
	if won != 1 {
		t.Fatalf("%d accounts were verified, want 1", won)
	}
}

func testLapsed(t *testing.T, b *bench) {
	p := b.policy(t, mailPath)
	p.Validity.Days = 10
	if _, err := b.SavePolicy(t.Context(), b.store, admin, p); err != nil {
		t.Fatal(err)
	}
	first, err := b.proveMailbox(t, "c-1")
	wantState(t, first, err, verify.Verified, verify.StepDone)
	b.Advance(11 * 24 * time.Hour)
	_, err = b.proveMailbox(t, "c-2") // lapsed, but within 30 days
	wantFault(t, err, fault.AlreadyVerified)
	b.Advance(20 * 24 * time.Hour)
	second, err := b.proveMailbox(t, "c-2")
	wantState(t, second, err, verify.Verified, verify.StepDone)
	if second.Attestation.ID == first.Attestation.ID {
		t.Fatal("the lapsed attestation was handed on")
	}
	_, err = b.proveMailbox(t, "c-1")
	wantFault(t, err, fault.AlreadyVerified)
}

func testMailboxLimit(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	const shoppers = 8
	ids := make([]string, shoppers)
	for i := range ids {
		ids[i] = b.start(t, "", false).Verification.ID
	}
	errs := make([]error, shoppers)
	var all sync.WaitGroup
	for i := range ids {
		address := fmt.Sprintf("ada+%d@mit.edu", i)
		all.Go(func() { _, errs[i] = b.answer(t.Context(), ids[i], verify.StepEmail, "email", address) })
	}
	all.Wait()
	sent := 0
	for _, err := range errs {
		if err == nil {
			sent++
			continue
		}
		wantFault(t, err, fault.EmailLimit)
		if wait := fault.From(err).RetryAfter; wait <= 0 || wait > time.Hour {
			t.Fatalf("retry after %s", wait)
		}
	}
	if mails := len(b.Mails(b.store.ID)); sent != 5 || mails != 5 {
		t.Fatalf("%d answers and %d mails, want 5", sent, mails)
	}
	b.Advance(61 * time.Minute)
	b.code(t, b.start(t, "", false).Verification.ID, "ada@mit.edu")
}

func testGiveUp(t *testing.T, b *bench) {
	b.policy(t, verify.Path{"mock"}, mailPath)
	id := b.start(t, "", false).Verification.ID
	r, err := b.Get(t.Context(), b.store, id)
	wantState(t, r, err, verify.Collecting, verify.StepChoose)
	r, err = b.GiveUp(t.Context(), b.store, id, verify.StepMock)
	wantState(t, r, err, verify.Collecting, verify.StepEmail)
	_, err = b.answer(t.Context(), id, verify.StepMock, "first_name", "VERIFIED")
	wantFault(t, err, fault.InvalidStep)
	b.code(t, id, "ada@mit.edu")
	// The last path cannot be lost: giving it up begins it anew.
	r, err = b.GiveUp(t.Context(), b.store, id, verify.StepEmailCode)
	wantState(t, r, err, verify.Collecting, verify.StepEmail)
	if len(r.Verification.GivenUp) != 2 {
		t.Fatalf("given up: %v", r.Verification.GivenUp)
	}
	r, err = b.Cancel(t.Context(), b.store, id)
	wantState(t, r, err, verify.Cancelled, verify.StepDone)
}

func testExpiry(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	left, answered := b.start(t, "", false).Verification.ID, b.start(t, "", false).Verification.ID
	b.Advance(verify.Lifetime)
	r, err := b.Get(t.Context(), b.store, left)
	wantState(t, r, err, verify.Expired, verify.StepDone)
	_, err = b.answer(t.Context(), answered, verify.StepEmail, "email", "ada@mit.edu")
	wantFault(t, err, fault.VerificationExpired)
	n, err := b.ExpireDue(t.Context(), b.store, 10)
	if err != nil || n != 1 {
		t.Fatalf("%d expired by the job, %v; want the one that nobody answered", n, err)
	}
	if n, err = b.ExpireDue(t.Context(), b.store, 10); err != nil || n != 0 {
		t.Fatalf("%d expired again, %v", n, err)
	}
}

func testSameAnswer(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	id := b.start(t, "c-1", false).Verification.ID
	code := b.code(t, id, "ada@mit.edu")
	r, err := b.answer(t.Context(), id, verify.StepEmail, "email", "ada@mit.edu")
	wantState(t, r, err, verify.Challenged, verify.StepEmailCode)
	if n := len(b.Mails(b.store.ID)); n != 1 {
		t.Fatalf("%d mails, want 1: a minute has not passed", n)
	}
	for range 2 {
		r, err = b.answer(t.Context(), id, verify.StepEmailCode, "code", code)
		wantState(t, r, err, verify.Verified, verify.StepDone)
	}
}

func testSSO(t *testing.T, b *bench) {
	b.policy(t, verify.Path{"mock"}, mailPath)
	id := b.start(t, "c-1", false).Verification.ID
	r, err := b.answer(t.Context(), id, verify.StepMock, "first_name", "SSO")
	wantState(t, r, err, verify.Challenged, verify.StepSSO)
	start := verify.SSOStart{Provider: "mock", ReturnURL: "https://shop.example/cart?x=1", Origins: []string{"https://shop.example"}}
	foreign := start
	foreign.ReturnURL = "https://shop.example.evil.example/"
	_, err = b.BeginSSO(t.Context(), b.store, id, foreign)
	wantFault(t, err, fault.ReturnURLNotAllowed)
	unknown := start
	unknown.Provider = "another"
	_, err = b.BeginSSO(t.Context(), b.store, id, unknown)
	wantFault(t, err, fault.ProviderUnknown)

	r, err = b.BeginSSO(t.Context(), b.store, id, start)
	wantState(t, r, err, verify.Challenged, verify.StepSSO)
	replaced := stateOf(t, r.RedirectURL)
	r, err = b.BeginSSO(t.Context(), b.store, id, start)
	wantState(t, r, err, verify.Challenged, verify.StepSSO)
	state := stateOf(t, r.RedirectURL)
	_, err = b.Enter(t.Context(), replaced, "")
	wantFault(t, err, fault.ProviderRefused)
	in, err := b.Enter(t.Context(), state, "")
	if err != nil || in.Origin != "https://shop.example" {
		t.Fatalf("entrance %+v, %v", in, err)
	}
	_, err = b.Enter(t.Context(), state, "another browser")
	wantFault(t, err, fault.ProviderRefused)
	if again, err := b.Enter(t.Context(), state, in.Secret); err != nil || again != in {
		t.Fatalf("entering again: %+v, %v", again, err)
	}
	params := map[string]string{"state": state, "code": "mock"}
	for _, browser := range []string{"", "another browser"} {
		_, err = b.CompleteSSO(t.Context(), params, browser)
		wantFault(t, err, fault.ProviderRefused)
	}
	back, err := b.CompleteSSO(t.Context(), params, in.Secret)
	if want := "https://shop.example/cart?laurel_verification=" + id + "&x=1"; err != nil || back != want {
		t.Fatalf("back to %q, %v; want %q", back, err, want)
	}
	_, err = b.CompleteSSO(t.Context(), params, in.Secret)
	wantFault(t, err, fault.ProviderRefused)
	r, err = b.Get(t.Context(), b.store, id)
	wantState(t, r, err, verify.Verified, verify.StepDone)
}

package storagetest

import (
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// sent sends a code to an address and returns the mail and its code.
func (b *bench) sent(t *testing.T, id, address string) verify.CodeMail {
	t.Helper()
	b.code(t, id, address)
	mails := b.Mails(b.store.ID)
	m := mails[len(mails)-1]
	if m.ID == "" {
		t.Fatal("the mail has no id")
	}
	return m
}

func (b *bench) report(t *testing.T, mail string, report verify.MailReport, want bool) {
	t.Helper()
	if changed, err := b.MailFailed(t.Context(), b.store, mail, report); err != nil || changed != want {
		t.Fatalf("the report changed something: %v, %v; want %v", changed, err, want)
	}
}

func testBounce(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	id := b.start(t, "c-1", true).Verification.ID
	m := b.sent(t, id, "Ada+shop@mit.edu")
	b.report(t, m.ID, verify.Bounced, true)
	r, err := b.Get(t.Context(), b.store, id)
	wantState(t, r, err, verify.Collecting, verify.StepEmail)
	if e := r.Verification.Errors; len(e) != 1 || e[0].Code != string(fault.MailUndeliverable) {
		t.Fatalf("errors %v", e)
	}
	if r.Verification.Challenge != nil {
		t.Fatal("the question is still open")
	}
	_, err = b.answer(t.Context(), id, verify.StepEmailCode, "code", m.Code)
	wantFault(t, err, fault.InvalidStep)
	// The address gets nothing more, however it is spelt; another spelling of the mailbox is another address.
	before := len(b.Mails(b.store.ID))
	_, err = b.answer(t.Context(), id, verify.StepEmail, "email", " ADA+shop@MIT.edu")
	wantFault(t, err, fault.MailUndeliverable)
	if len(b.Mails(b.store.ID)) != before {
		t.Fatal("a mail was sent to an address that takes none")
	}
	r, err = b.answer(t.Context(), id, verify.StepEmailCode, "code", b.code(t, id, "ada@mit.edu"))
	if fault.CodeOf(err) == fault.InvalidStep {
		t.Fatal("the refusal left the verification where it was not")
	}
	wantState(t, r, err, verify.Verified, verify.StepDone)
	b.report(t, m.ID, verify.Bounced, false)
	_, err = b.MailFailed(t.Context(), b.store, "mai_unknown", verify.Bounced)
	wantFault(t, err, fault.NotFound)
	_, err = b.MailFailed(t.Context(), verify.StoreRef{ID: b.Stores[1], Test: true}, m.ID, verify.Bounced)
	wantFault(t, err, fault.NotFound)
	// After a while it may be tried again.
	b.Advance(15 * 24 * time.Hour)
	b.code(t, b.start(t, "c-1", true).Verification.ID, "ada+shop@mit.edu")
}

// A report comes late: whatever the shopper did meanwhile stands.
func testLateReports(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	id := b.start(t, "c-1", true).Verification.ID
	wrong := b.sent(t, id, "adda@mit.edu")
	right := b.sent(t, id, "ada@mit.edu")
	b.report(t, wrong.ID, verify.Bounced, true)
	r, err := b.Get(t.Context(), b.store, id)
	wantState(t, r, err, verify.Challenged, verify.StepEmailCode)
	r, err = b.answer(t.Context(), id, verify.StepEmailCode, "code", right.Code)
	wantState(t, r, err, verify.Verified, verify.StepDone)
	b.report(t, right.ID, verify.Complained, true)
	r, err = b.Get(t.Context(), b.store, id)
	wantState(t, r, err, verify.Verified, verify.StepDone)
}

// Nobody can tell from a refusal whether a mailbox does not exist or its owner complained.
func testComplaint(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	refusal := func(address string, report verify.MailReport) *fault.Fault {
		t.Helper()
		id := b.start(t, "c-1", true).Verification.ID
		b.report(t, b.sent(t, id, address).ID, report, true)
		_, err := b.answer(t.Context(), id, verify.StepEmail, "email", address)
		return fault.From(err)
	}
	bounced, complained := refusal("ada@mit.edu", verify.Bounced), refusal("grace@mit.edu", verify.Complained)
	if bounced == nil || complained == nil || bounced.Code != complained.Code || bounced.Detail != complained.Detail || bounced.Fields[0] != complained.Fields[0] {
		t.Fatalf("%+v and %+v", bounced, complained)
	}
	// A refusal that is not about the address ends the question and blocks nothing.
	id := b.start(t, "c-1", true).Verification.ID
	b.report(t, b.sent(t, id, "barbara@mit.edu").ID, verify.Refused, true)
	r, err := b.Get(t.Context(), b.store, id)
	wantState(t, r, err, verify.Collecting, verify.StepEmail)
	b.code(t, id, "barbara@mit.edu")

	list, err := b.Suppressions(t.Context(), b.store, "", 10)
	if err != nil || len(list) != 2 || list[0].Reason != verify.Complained || list[1].Reason != verify.Bounced {
		t.Fatalf("%+v, %v", list, err)
	}
	if rest, err := b.Suppressions(t.Context(), b.store, list[0].ID, 10); err != nil || len(rest) != 1 || rest[0] != list[1] {
		t.Fatalf("the second page: %+v, %v", rest, err)
	}
	other := verify.StoreRef{ID: b.Stores[1], Test: true}
	if _, err := b.LiftSuppression(t.Context(), other, admin, list[0].ID); fault.CodeOf(err) != fault.NotFound {
		t.Fatalf("another store lifted it: %v", err)
	}
	if lifted, err := b.LiftSuppression(t.Context(), b.store, admin, list[0].ID); err != nil || lifted.Reason != verify.Complained {
		t.Fatalf("%+v, %v", lifted, err)
	}
	if _, err := b.LiftSuppressionOf(t.Context(), b.store, admin, " ADA@mit.edu"); err != nil {
		t.Fatal(err)
	}
	_, err = b.LiftSuppressionOf(t.Context(), b.store, admin, "ada@mit.edu")
	wantFault(t, err, fault.NotFound)
	_, err = b.LiftSuppressionOf(t.Context(), b.store, admin, "ada at mit")
	wantFault(t, err, fault.EmailInvalid)
	b.code(t, id, "ada@mit.edu")
	b.code(t, id, "grace@mit.edu")
}

func testReminderMail(t *testing.T, b *bench) {
	b.policy(t, verify.Path{"mock"})
	a := b.proveMock(t, "c-1", true).Attestation
	m := verify.ReminderMail{To: "Ada@MIT.edu", Locale: "de", Link: "https://shop.example/students"}
	sent, err := b.SendReminder(t.Context(), b.store, a.ID, m)
	if err != nil || sent.ID == "" {
		t.Fatalf("%+v, %v", sent, err)
	}
	_, err = b.SendReminder(t.Context(), b.store, a.ID, m)
	wantFault(t, err, fault.EmailLimit)
	b.report(t, sent.ID, verify.Bounced, true)
	b.Advance(8 * 24 * time.Hour)
	_, err = b.SendReminder(t.Context(), b.store, a.ID, m)
	wantFault(t, err, fault.MailUndeliverable)
	m.To = "nobody"
	_, err = b.SendReminder(t.Context(), b.store, a.ID, m)
	wantFault(t, err, fault.EmailInvalid)
	m.To = "grace@mit.edu"
	_, err = b.SendReminder(t.Context(), verify.StoreRef{ID: b.Stores[1], Test: true}, a.ID, m)
	wantFault(t, err, fault.NotFound)
	if _, err := b.EndAttestation(t.Context(), b.store, admin, a.ID, "admin"); err != nil {
		t.Fatal(err)
	}
	_, err = b.SendReminder(t.Context(), b.store, a.ID, m)
	wantFault(t, err, fault.AttestationEnded)
}

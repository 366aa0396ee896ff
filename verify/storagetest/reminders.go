package storagetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

const day = 24 * time.Hour

// told returns the attestations that the store was told are about to end, in order.
func (b *bench) told() []string {
	var ids []string
	for _, e := range b.Events(b.store.ID) {
		if id, ok := e.Data["attestation_id"].(string); ok && e.Type == verify.EventAttestationExpiring {
			ids = append(ids, id)
		}
	}
	return ids
}

// remind does what the job does.
func (b *bench) remind(t *testing.T) {
	t.Helper()
	for {
		n, err := b.RemindDue(t.Context(), b.store, 2)
		if err != nil {
			t.Fatal(err)
		}
		if n < 2 {
			return
		}
	}
}

// proven gives a customer an attestation for a group that holds some days.
func (b *bench) proven(t *testing.T, group, customer string) verify.Attestation {
	t.Helper()
	r, err := b.Start(t.Context(), verify.StartRequest{Store: b.store, Group: group, Customer: customer, Confirmed: true, Locale: "en", ConsentVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	if r, err = b.answer(t.Context(), r.Verification.ID, verify.StepMock, "first_name", "VERIFIED"); err != nil {
		t.Fatal(err)
	}
	return *r.Attestation
}

func (b *bench) holds(t *testing.T, group string, days int) {
	t.Helper()
	_, err := b.SavePolicy(t.Context(), b.store, admin, verify.Policy{Group: group, Paths: []verify.Path{{"mock"}}, Validity: verify.Validity{Days: days}})
	if err != nil {
		t.Fatal(err)
	}
}

// From the reminder to the next one: told once, verified again, the same attestation holds longer, told again.
func testReminders(t *testing.T, b *bench) {
	b.holds(t, "student", 365)
	a := b.proven(t, "student", "c-1")
	if from := a.RenewableFrom(); !from.Equal(a.ValidUntil.Add(-30 * day)) {
		t.Fatalf("renewable from %s", from)
	}
	b.remind(t)
	b.Advance(334 * day)
	b.remind(t)
	if got := b.told(); len(got) != 0 {
		t.Fatalf("told too early: %v", got)
	}
	b.Advance(2 * day)
	b.remind(t)
	b.remind(t)
	if got := b.told(); !slices.Equal(got, []string{a.ID}) {
		t.Fatalf("told of %v", got)
	}
	again := b.proven(t, "student", "c-1")
	if again.ID != a.ID || !slices.Equal(again.Tags, a.Tags) || again.ValidUntil.Sub(a.ValidUntil) < 330*day {
		t.Fatalf("renewed as %+v, was %+v", again, a)
	}
	if from, until := again.Term(); until.Sub(from) < 364*day || !again.RenewableFrom().Equal(again.ValidUntil.Add(-30*day)) {
		t.Fatalf("a term from %s to %s, renewable from %s", from, until, again.RenewableFrom())
	}
	b.remind(t)
	b.Advance(300 * day)
	b.remind(t)
	if got := b.told(); len(got) != 1 {
		t.Fatalf("told of the new term too early: %v", got)
	}
	b.Advance(40 * day)
	b.remind(t)
	if got := b.told(); !slices.Equal(got, []string{a.ID, a.ID}) {
		t.Fatalf("told of %v", got)
	}
}

func testShortTerms(t *testing.T, b *bench) {
	b.holds(t, "student", 1)
	b.holds(t, "teacher", 8)
	b.holds(t, "military", 30)
	b.holds(t, "healthcare", 365)
	tooShort, week, month := b.proven(t, "student", "c-1"), b.proven(t, "teacher", "c-1"), b.proven(t, "military", "c-1")
	ended := b.proven(t, "healthcare", "c-1")
	if _, err := b.EndAttestation(t.Context(), b.store, admin, ended.ID, "admin"); err != nil {
		t.Fatal(err)
	}
	if got := tooShort.ValidUntil.Sub(tooShort.RenewableFrom()); got != 6*time.Hour {
		t.Fatalf("renewable %s before the end", got)
	}
	for _, step := range []struct {
		after time.Duration
		told  []string
	}{{0, nil}, {5 * day, nil}, {day + time.Hour, []string{week.ID}}, {16 * day, []string{week.ID}}, {day, []string{week.ID, month.ID}}, {400 * day, []string{week.ID, month.ID}}} {
		b.Advance(step.after)
		b.remind(t)
		if got := b.told(); !slices.Equal(got, step.told) {
			t.Fatalf("after %s more: told of %v, want %v", step.after, got, step.told)
		}
	}
}

// Who missed the moment, because nothing ran, is told when it runs again; who lapsed meanwhile is not.
func testLateReminders(t *testing.T, b *bench) {
	b.holds(t, "student", 365)
	b.holds(t, "teacher", 8)
	late := b.proven(t, "student", "c-1")
	b.proven(t, "teacher", "c-1")
	b.Advance(360 * day)
	b.remind(t)
	if got := b.told(); !slices.Equal(got, []string{late.ID}) {
		t.Fatalf("told of %v", got)
	}
}

func testReminderRace(t *testing.T, b *bench) {
	b.holds(t, "student", 365)
	for _, customer := range []string{"c-1", "c-2", "c-3"} {
		b.proven(t, "student", customer)
	}
	b.Advance(340 * day)
	var replicas sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		replicas.Go(func() { _, errs[i] = b.RemindDue(t.Context(), b.store, 100) })
	}
	replicas.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	told := b.told()
	if slices.Sort(told); len(told) != 3 || len(slices.Compact(told)) != 3 {
		t.Fatalf("told of %v", told)
	}
}

// What a verifier remembered for a question goes with the question, however the verification ends.
func testPrivateStateGoes(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	for name, end := range map[string]func(id string, m verify.CodeMail) error{
		"verified": func(id string, m verify.CodeMail) error {
			_, err := b.answer(t.Context(), id, verify.StepEmailCode, "code", m.Code)
			return err
		},
		"cancelled": func(id string, _ verify.CodeMail) error {
			_, err := b.Cancel(t.Context(), b.store, id)
			return err
		},
		"given up": func(id string, _ verify.CodeMail) error {
			_, err := b.GiveUp(t.Context(), b.store, id, verify.StepEmailCode)
			return err
		},
		"failed": func(id string, m verify.CodeMail) error {
			for range 5 {
				// Each of them is refused: that is what ends it.
				_, _ = b.answer(t.Context(), id, verify.StepEmailCode, "code", wrongCode(m.Code))
			}
			return nil
		},
		"expired": func(string, verify.CodeMail) error {
			b.Advance(8 * day)
			_, err := b.ExpireDue(t.Context(), b.store, 100)
			return err
		},
		"bounced": func(_ string, m verify.CodeMail) error {
			_, err := b.MailFailed(t.Context(), b.store, m.ID, verify.Refused)
			return err
		},
	} {
		b.Advance(2 * time.Hour)
		id := b.start(t, "c-"+name, true).Verification.ID
		m := b.sent(t, id, map[bool]string{true: "ada@mit.edu", false: "grace@mit.edu"}[name == "verified"])
		if r, err := b.Get(t.Context(), b.store, id); err != nil || r.Verification.Challenge == nil || len(r.Verification.Challenge.Sealed) == 0 {
			t.Fatalf("%s: no question is open: %v", name, err)
		}
		if err := end(id, m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		r, err := b.Get(t.Context(), b.store, id)
		if err != nil || r.Verification.Challenge != nil {
			t.Errorf("%s: the question is still there: %v", name, err)
		}
	}
}

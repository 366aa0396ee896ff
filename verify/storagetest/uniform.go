package storagetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// watched notes which look-ups about people are made.
type watched struct {
	Storage
	calls map[string]int
}

func (w *watched) Read(ctx context.Context, store string, fn func(context.Context, verify.Tx) error) error {
	return w.Storage.Read(ctx, store, func(ctx context.Context, tx verify.Tx) error {
		w.calls["read"]++
		return fn(ctx, watchedTx{tx, w.calls})
	})
}

func (w *watched) Write(ctx context.Context, store string, fn func(context.Context, verify.Tx) (any, error)) (any, error) {
	return w.Storage.Write(ctx, store, func(ctx context.Context, tx verify.Tx) (any, error) {
		w.calls["write"]++
		return fn(ctx, watchedTx{tx, w.calls})
	})
}

func (w *watched) RosterEntry(ctx context.Context, store, roster string, key verify.PersonTag) (verify.RosterEntry, bool, error) {
	w.calls["roster entry"]++
	return w.Storage.RosterEntry(ctx, store, roster, key)
}

type watchedTx struct {
	verify.Tx
	calls map[string]int
}

// aboutPeople are the look-ups that tell who is verified or thought badly of.
var aboutPeople = []string{"LockPersons", "LockTags", "HeldBy", "HeldByPersons", "FraudCase", "Attestation", "AttestationsOf"}

func (w watchedTx) LockPersons(ctx context.Context, tags []verify.PersonTag) ([]verify.FraudCase, error) {
	w.calls["LockPersons"]++
	return w.Tx.LockPersons(ctx, tags)
}

func (w watchedTx) LockTags(ctx context.Context, group string, tags []verify.PersonTag) ([]verify.Attestation, error) {
	w.calls["LockTags"]++
	return w.Tx.LockTags(ctx, group, tags)
}

func (w watchedTx) HeldBy(ctx context.Context, group string, tags []verify.PersonTag) ([]verify.Attestation, error) {
	w.calls["HeldBy"]++
	return w.Tx.HeldBy(ctx, group, tags)
}

func (w watchedTx) HeldByPersons(ctx context.Context, tags []verify.PersonTag) ([]verify.Attestation, error) {
	w.calls["HeldByPersons"]++
	return w.Tx.HeldByPersons(ctx, tags)
}

func (w watchedTx) FraudCase(ctx context.Context, id string) (verify.FraudCase, error) {
	w.calls["FraudCase"]++
	return w.Tx.FraudCase(ctx, id)
}

func (w watchedTx) Attestation(ctx context.Context, id string) (verify.Attestation, error) {
	w.calls["Attestation"]++
	return w.Tx.Attestation(ctx, id)
}

func (w watchedTx) AttestationsOf(ctx context.Context, customer string) ([]verify.Attestation, error) {
	w.calls["AttestationsOf"]++
	return w.Tx.AttestationsOf(ctx, customer)
}

func (w watchedTx) LockWindow(ctx context.Context, kind string, tag verify.PersonTag) ([]time.Time, error) {
	w.calls["LockWindow"]++
	return w.Tx.LockWindow(ctx, kind, tag)
}

func (w watchedTx) Suppression(ctx context.Context, tag verify.PersonTag) (verify.Suppression, error) {
	w.calls["Suppression"]++
	return w.Tx.Suppression(ctx, tag)
}

func (w watchedTx) Evidence(ctx context.Context, verification string) ([]verify.Evidence, error) {
	w.calls["Evidence"]++
	return w.Tx.Evidence(ctx, verification)
}

// said is all that a shopper can read of an answer, but what differs between any two shoppers: ids and times.
func said(r *verify.Result, err error) string {
	var f *fault.Fault
	if errors.As(err, &f) {
		return fmt.Sprintf("refused: %s %q %v %s", f.Code, f.Detail, f.Fields, f.RetryAfter)
	}
	if err != nil {
		return "failed: " + err.Error()
	}
	v := r.Verification
	return fmt.Sprintf("%s %s %v %v %v %v", v.Shown(), v.NextStep(), v.OpenPaths(), v.Errors, v.Bound, r.Attestation != nil)
}

// Until possession is proven, whoever asks reads the same and takes as many look-ups, whether the person is a stranger,
// verified for another customer, suspected or blocked; and nothing looks up which of them it is.
func testUniform(t *testing.T, b *bench) {
	b.policy(t, mailPath, verify.Path{"mock"})
	if _, err := b.SaveRoster(t.Context(), b.store, admin, verify.RosterInput{Name: "staff", Title: "Staff", Group: "teacher", Confidential: true,
		Text: "number,first_name,last_name\nT-1001,Ada,Lovelace\nT-1002,Ada,Lovelace\nT-1003,Ada,Lovelace\nT-1004,Ada,Lovelace\n"}); err != nil {
		t.Fatal(err)
	}
	teachers := verify.Policy{Group: "teacher", Paths: []verify.Path{{"registry:staff", "email"}}, Validity: verify.Validity{Days: 30}}
	if _, err := b.SavePolicy(t.Context(), b.store, admin, teachers); err != nil {
		t.Fatal(err)
	}
	people := []struct{ address, number string }{{"ada@mit.edu", "T-1001"}, {"bob@mit.edu", "T-1002"}, {"cleo@mit.edu", "T-1003"}, {"dora@mit.edu", "T-1004"}}
	for i, p := range people[1:] {
		r, err := b.register(t, "teacher", fmt.Sprintf("c-%d", i), p.number, "Ada", "Lovelace")
		wantState(t, r, err, verify.Collecting, verify.StepEmail)
		r, err = b.answer(t.Context(), r.Verification.ID, verify.StepEmailCode, "code", b.code(t, r.Verification.ID, p.address))
		wantState(t, r, err, verify.Verified, verify.StepDone)
		switch i {
		case 1:
			b.label(t, r.Attestation.ID, suspected)
		case 2:
			b.label(t, r.Attestation.ID, confirmed)
		}
	}
	w := &watched{Storage: b.Storage, calls: map[string]int{}}
	b = newBench(t, Fixture{Storage: w, Stores: b.Stores, Advance: b.Advance, Mails: b.Mails})

	for name, ask := range map[string]func(i int) []string{
		"email": func(i int) []string {
			id := b.start(t, "c-new", true).Verification.ID
			first := said(b.answer(t.Context(), id, verify.StepEmail, "email", people[i].address))
			wrong := wrongCode(b.Mails(b.store.ID)[len(b.Mails(b.store.ID))-1].Code)
			return []string{first, said(b.answer(t.Context(), id, verify.StepEmailCode, "code", wrong)), said(b.Get(t.Context(), b.store, id)),
				said(b.MoveHere(t.Context(), b.store, admin, id)), said(b.Appeal(t.Context(), b.store, admin, id))}
		},
		"another address of theirs": func(i int) []string {
			id := b.start(t, "c-new", true).Verification.ID
			return []string{said(b.answer(t.Context(), id, verify.StepEmail, "email", strings.Replace(people[i].address, "@", "@alumni.", 1)))}
		},
		"registry": func(i int) []string {
			return []string{said(b.register(t, "teacher", "c-new", people[i].number, "Ada", "Lovelace")),
				said(b.register(t, "teacher", "c-new", people[i].number, "Zoe", "Quill"))}
		},
		"sso": func(int) []string {
			id := b.start(t, "c-new", true).Verification.ID
			first := said(b.answer(t.Context(), id, verify.StepMock, "first_name", "SSO"))
			return []string{first, said(b.BeginSSO(t.Context(), b.store, id, verify.SSOStart{Provider: "mock", ReturnURL: "https://shop.example/", Origins: []string{"https://shop.example"}}))}
		},
		"mock": func(int) []string {
			id := b.start(t, "c-new", true).Verification.ID
			return []string{said(b.answer(t.Context(), id, verify.StepMock, "first_name", "EMAILCODE")), said(b.answer(t.Context(), id, verify.StepEmailCode, "code", "000001"))}
		},
	} {
		ask(0) // what is read once and kept
		var first []string
		var calls map[string]int
		for i := range people {
			clear(w.calls)
			got := ask(i)
			if i == 0 {
				first, calls = got, maps.Clone(w.calls)
			}
			if !slices.Equal(got, first) {
				t.Errorf("%s tells person %d apart:\n%v\n%v", name, i, got, first)
			}
			if !maps.Equal(w.calls, calls) {
				t.Errorf("%s takes other look-ups for person %d: %v, %v", name, i, w.calls, calls)
			}
			for _, call := range aboutPeople {
				if w.calls[call] > 0 {
					t.Errorf("%s asks %s before possession is proven", name, call)
				}
			}
		}
	}
}

// variants are spellings of one mailbox.
var variants = []string{"ada@mit.edu", "ADA@MIT.EDU", "ada+laurel@mit.edu", "Ada+@mit.edu", "  ada@mit.edu ", "ada@mit.edu.", "ａｄａ@mit.edu", "ada@ｍｉｔ.edu"}

// A second account of one person gets nothing, however the mailbox is spelled.
func testVariants(t *testing.T, b *bench) {
	b.policy(t, mailPath)
	_, r, err := b.proved(t, "c-0", variants[0])
	wantState(t, r, err, verify.Verified, verify.StepDone)
	taken := 0
	for i, address := range variants[1:] {
		b.Advance(25 * time.Hour) // past the limits of a mailbox
		id := b.start(t, fmt.Sprintf("c-%d", i+1), true).Verification.ID
		if _, err := b.answer(t.Context(), id, verify.StepEmail, "email", address); err != nil {
			// A spelling that is no address to us reaches nobody.
			if code := fault.CodeOf(err); code != fault.EmailInvalid && code != fault.EmailNotEligible {
				t.Errorf("%q: %v", address, err)
			}
			continue
		}
		mails := b.Mails(b.store.ID)
		_, err := b.answer(t.Context(), id, verify.StepEmailCode, "code", mails[len(mails)-1].Code)
		if fault.CodeOf(err) != fault.AlreadyVerified {
			t.Errorf("%q under another account: %v", address, err)
		}
		taken++
	}
	if taken < 4 {
		t.Errorf("only %d spellings were taken as addresses", taken)
	}
}

package storagetest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/registry"
)

const staffList = "number,first_name,middle_name,last_name,subgroup\nT-1001,Ada,Maria,Lovelace,k12\nT-1002,Grace,,Hopper,faculty\n"

func staff(text string, version int) verify.RosterInput {
	return verify.RosterInput{Name: "staff", Title: "Staff", Group: "teacher", Confidential: true, Text: text, Version: version}
}

// register answers the registry step of a new verification.
func (b *bench) register(t *testing.T, group, customer, number, first, last string) (*verify.Result, error) {
	t.Helper()
	r, err := b.Start(t.Context(), verify.StartRequest{Store: b.store, Group: group, Customer: customer, Confirmed: true, Locale: "en", ConsentVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	return b.Answer(t.Context(), b.store, r.Verification.ID, verify.Answer{Step: verify.StepRegistry,
		Fields: map[string]string{"number": number, "first_name": first, "last_name": last, "state": ""}})
}

func testRoster(t *testing.T, b *bench) {
	ctx := t.Context()
	policy := verify.Policy{Group: "teacher", Paths: []verify.Path{{"registry:staff"}}, Validity: verify.Validity{Days: 30}}
	_, err := b.SavePolicy(ctx, b.store, admin, policy)
	wantFault(t, err, fault.PolicyUnsound)
	set, err := b.SaveRoster(ctx, b.store, admin, staff(staffList, 0))
	if err != nil || set.Version != 1 || !bytes.Contains(set.Config, []byte(`"entries":2`)) {
		t.Fatalf("roster %s, %v", set.Config, err)
	}
	_, err = b.SaveRoster(ctx, b.store, admin, staff(staffList, 0))
	wantFault(t, err, fault.VersionConflict)
	open := staff(staffList, 0)
	open.Name, open.Confidential = "open-staff", false
	if _, err = b.SaveRoster(ctx, b.store, admin, open); err != nil {
		t.Fatal(err)
	}
	public := policy
	public.Paths = []verify.Path{{"registry:open-staff"}}
	_, err = b.SavePolicy(ctx, b.store, admin, public)
	wantFault(t, err, fault.PolicyUnsound)
	if _, err = b.SavePolicy(ctx, b.store, admin, policy); err != nil {
		t.Fatal(err)
	}
	wantFault(t, b.DeleteRoster(ctx, b.store, admin, "staff"), fault.Conflict)

	// Each entry is for one person: the second account gets nothing, however the number is written.
	r, err := b.register(t, "teacher", "c-1", " t 1001", "Ada M.", "LOVELACE")
	wantState(t, r, err, verify.Verified, verify.StepDone)
	if r.Attestation.Subgroup != "k12" || len(r.Attestation.Classes) != 1 || r.Attestation.Classes[0] != verify.Authority {
		t.Fatalf("attestation %+v", r.Attestation)
	}
	_, err = b.register(t, "teacher", "c-2", "T1001", "Lovelace", "Ada")
	wantFault(t, err, fault.AlreadyVerified)
	// A member who is not on the next list proves nothing any more; the others do.
	if _, err = b.SaveRoster(ctx, b.store, admin, staff("number,first_name,last_name\nT-1001,Ada,Lovelace\n", 1)); err != nil {
		t.Fatal(err)
	}
	_, err = b.register(t, "teacher", "c-3", "T-1002", "Grace", "Hopper")
	wantFault(t, err, fault.NotEligible)
	other := verify.StoreRef{ID: b.Stores[1], Test: true}
	if rosters, err := b.RosterSettings(ctx, other); err != nil || len(rosters) != 0 {
		t.Fatalf("another store has %d rosters, %v", len(rosters), err)
	}
	if _, found, err := b.Storage.RosterEntry(ctx, other.ID, "staff", r.Attestation.Tags[0]); found || err != nil {
		t.Fatalf("another store finds an entry: %v", err)
	}
	if err := b.DeleteRoster(ctx, b.store, admin, "open-staff"); err != nil {
		t.Fatal(err)
	}
	wantFault(t, b.DeleteRoster(ctx, b.store, admin, "open-staff"), fault.NotFound)
}

func testRegister(t *testing.T, b *bench) {
	ctx := t.Context()
	at, err := b.Storage.BeginImport(ctx, "nppes", "sha256:file")
	if err != nil || at.Offset != 0 || !at.FinishedAt.IsZero() {
		t.Fatalf("import %+v, %v", at, err)
	}
	ada := verify.RegisterRecord{Number: "1234567893", Names: []verify.PersonName{{First: "ADA", Last: "LOVELACE"}}, Taxonomies: []string{"207Q00000X"},
		States: []string{"CA"}, Active: true, AsOf: "2026-10-31"}
	at.Offset, at.Rows = 500, 7
	if err := b.Storage.PutRecords(ctx, "nppes", []verify.RegisterRecord{ada}, at, false); err != nil {
		t.Fatal(err)
	}
	if at, err = b.Storage.BeginImport(ctx, "nppes", "sha256:file"); err != nil || at.Offset != 500 || at.Rows != 7 || !at.FinishedAt.IsZero() {
		t.Fatalf("import %+v, %v", at, err)
	}
	// Older news does not replace newer.
	old := ada
	old.Active, old.AsOf = false, "2020-01-01"
	if ending, err := b.Storage.Ending(ctx, "nppes", []verify.RegisterRecord{old}); err != nil || len(ending) != 0 {
		t.Fatalf("old news ends %v, %v", ending, err)
	}
	if err := b.Storage.PutRecords(ctx, "nppes", []verify.RegisterRecord{old}, at, true); err != nil {
		t.Fatal(err)
	}
	got, found, err := b.Storage.RegisterRecord(ctx, "nppes", ada.Number)
	if err != nil || !found || !got.Active || got.Names[0] != ada.Names[0] || got.Taxonomies[0] != ada.Taxonomies[0] || got.States[0] != "CA" {
		t.Fatalf("record %+v, %t, %v", got, found, err)
	}
	if at, err = b.Storage.BeginImport(ctx, "nppes", "sha256:file"); err != nil || at.FinishedAt.IsZero() {
		t.Fatalf("import %+v, %v", at, err)
	}
	if _, found, err := b.Storage.RegisterRecord(ctx, "other", ada.Number); found || err != nil {
		t.Fatalf("another register has it: %v", err)
	}
	b.endings(t, ada)
}

// endings ends an attestation because the register says that its number is over.
func (b *bench) endings(t *testing.T, ada verify.RegisterRecord) {
	t.Helper()
	ctx := t.Context()
	_, err := b.SavePolicy(ctx, b.store, admin, verify.Policy{Group: "healthcare", Paths: []verify.Path{{"registry:nppes-imported", "mock"}}, Validity: verify.Validity{Days: 30}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.register(t, "healthcare", "c-1", ada.Number, "Ada", "Lovelace")
	wantState(t, r, err, verify.Collecting, verify.StepMock)
	r, err = b.answer(ctx, r.Verification.ID, verify.StepMock, "first_name", "VERIFIED")
	wantState(t, r, err, verify.Verified, verify.StepDone)
	if r.Attestation.Subgroup != "doctor" || len(r.Attestation.Tags) != 2 {
		t.Fatalf("attestation %+v", r.Attestation)
	}
	over := ada
	over.Active, over.AsOf = false, "2026-11-15"
	ending, err := b.Storage.Ending(ctx, "nppes", []verify.RegisterRecord{over})
	if err != nil || len(ending) != 1 {
		t.Fatalf("ending %v, %v", ending, err)
	}
	for want := 1; want >= 0; want-- {
		n, err := b.EndHeldBy(ctx, b.store, admin, "healthcare", []string{registry.NPIIdentifier(ada.Number), "npi:1000000004"}, "registry_deactivated")
		if err != nil || n != want {
			t.Fatalf("ended %d, %v; want %d", n, err, want)
		}
	}
	a, err := b.Attestation(ctx, b.store, r.Attestation.ID)
	if err != nil || a.EndReason != "registry_deactivated" {
		t.Fatalf("attestation %+v, %v", a, err)
	}
}

func testNumberLimit(t *testing.T, b *bench) {
	ctx := t.Context()
	if _, err := b.SaveRoster(ctx, b.store, admin, staff(staffList, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.SavePolicy(ctx, b.store, admin, verify.Policy{Group: "teacher", Paths: []verify.Path{{"registry:staff"}}, Validity: verify.Validity{Days: 30}}); err != nil {
		t.Fatal(err)
	}
	// Another verification each time: it is the number that counts.
	for i := range registry.PerHour {
		_, err := b.register(t, "teacher", fmt.Sprintf("c-%d", i), "T-1001", "Eve", "Guess"+strings.Repeat("s", i))
		wantFault(t, err, fault.NotEligible)
	}
	_, wrong := b.register(t, "teacher", "c-8", "T-1001", "Eve", "Guess")
	wantFault(t, wrong, fault.RateLimited)
	_, right := b.register(t, "teacher", "c-9", "T-1001", "Ada", "Lovelace")
	wantFault(t, right, fault.RateLimited)
	if fault.From(wrong).Detail != fault.From(right).Detail {
		t.Fatal("the limit says who was right")
	}
	// A number that nobody has is counted as well, or the limit would tell.
	for range registry.PerHour {
		_, err := b.register(t, "teacher", "c-10", "T-9999", "Eve", "Guess")
		wantFault(t, err, fault.NotEligible)
	}
	_, err := b.register(t, "teacher", "c-10", "T-9999", "Eve", "Guess")
	wantFault(t, err, fault.RateLimited)
	b.Advance(time.Hour + time.Minute)
	r, err := b.register(t, "teacher", "c-9", "T-1001", "Ada", "Lovelace")
	wantState(t, r, err, verify.Verified, verify.StepDone)
	b.tooManyTries(t)
}

// tooManyTries ends one verification by wrong answers, each about another number.
func (b *bench) tooManyTries(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	id, err := b.Start(ctx, verify.StartRequest{Store: b.store, Group: "teacher", Locale: "en", ConsentVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range registry.MaxTries {
		_, err := b.Answer(ctx, b.store, id.Verification.ID, verify.Answer{Step: verify.StepRegistry,
			Fields: map[string]string{"number": fmt.Sprintf("X-%04d", i), "first_name": "Eve", "last_name": "Guess"}})
		want := fault.NotEligible
		if i == registry.MaxTries-1 {
			want = fault.TriesExhausted
		}
		wantFault(t, err, want)
	}
	r, err := b.Get(ctx, b.store, id.Verification.ID)
	wantState(t, r, err, verify.Failed, verify.StepDone)
}

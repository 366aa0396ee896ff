package storagetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/email"
)

// pack is a plain list as an admin sends it.
func pack(name string, purpose verify.Purpose, version int, domains ...string) verify.PackInput {
	return verify.PackInput{Name: name, Purpose: purpose, Version: version, Data: []byte(strings.Join(domains, "\n")), Source: "kit"}
}

// hospitals is a policy for a pack of that name, with a pack that has these domains.
func (b *bench) hospitals(t *testing.T, domains ...string) {
	t.Helper()
	if _, err := b.SavePack(t.Context(), b.store, admin, pack("hospitals", verify.Eligible, 0, domains...)); err != nil {
		t.Fatal(err)
	}
	b.policy(t, verify.Path{"email:hospitals"})
}

// prove gives a customer an attestation by a mailbox.
func (b *bench) prove(t *testing.T, store verify.StoreRef, customer, address string) *verify.Attestation {
	t.Helper()
	own := *b
	own.store = store
	id := own.start(t, customer, true).Verification.ID
	r, err := own.answer(t.Context(), id, verify.StepEmailCode, "code", own.code(t, id, address))
	wantState(t, r, err, verify.Verified, verify.StepDone)
	return r.Attestation
}

func (b *bench) wantEnded(t *testing.T, store verify.StoreRef, a *verify.Attestation, ended bool) {
	t.Helper()
	got, err := b.Attestation(t.Context(), store, a.ID)
	if err != nil || got.EndedAt.IsZero() == ended || ended && got.EndReason != verify.ReasonDomainWithdrawn {
		t.Fatalf("%s: ended %v for %q, %v; want %v", a.Organisation, got.EndedAt, got.EndReason, err, ended)
	}
}

func testPackVersions(t *testing.T, b *bench) {
	ctx := t.Context()
	b.hospitals(t, "a.example", "b.example")
	_, err := b.SavePack(ctx, b.store, admin, pack("hospitals", verify.Eligible, 1, "b.example", "c.example", "d.example"))
	if err != nil {
		t.Fatal(err)
	}
	wrong := pack("hospitals", verify.Eligible, 2, "x.example")
	wrong.Digest = "sha256:other"
	_, err = b.SavePack(ctx, b.store, admin, wrong)
	wantFault(t, err, fault.Conflict)
	// What a policy needs cannot become something else, nor go.
	_, err = b.SavePack(ctx, b.store, admin, pack("hospitals", verify.Stopped, 2, "x.example"))
	wantFault(t, err, fault.Conflict)
	wantFault(t, b.DeletePack(ctx, b.store, admin, "hospitals"), fault.Conflict)

	_, change, err := b.ComparePack(ctx, b.store, "hospitals", 1, 2, 10)
	if err != nil || change.In[verify.Eligible] != 2 || change.Out[verify.Eligible] != 1 || change.Left[0].Domain != "a.example" {
		t.Fatalf("compared %+v, %v", change, err)
	}
	dry, err := b.PreviewRollBack(ctx, b.store, "hospitals", 1, 2)
	if err != nil || dry.Version.In != 1 || dry.Version.Out != 2 {
		t.Fatalf("preview %+v, %v", dry, err)
	}
	back, err := b.RollBackPack(ctx, b.store, admin, "hospitals", 1, 2, "")
	if err != nil || back.Version.Version != 3 || back.Version.RolledBackTo != 1 {
		t.Fatalf("rolled back %+v, %v", back, err)
	}
	_, err = b.RollBackPack(ctx, b.store, admin, "hospitals", 1, 2, "")
	wantFault(t, err, fault.VersionConflict)
	_, err = b.RollBackPack(ctx, b.store, admin, "hospitals", 9, 3, "")
	wantFault(t, err, fault.NotFound)

	versions, err := b.PackVersions(ctx, b.store, "hospitals", 0, 10)
	if err != nil || len(versions) != 3 {
		t.Fatalf("versions %+v, %v", versions, err)
	}
	first, third := versions[2], versions[0]
	if third.Digest != first.Digest || third.By != "kit" || first.Source != "kit" || first.In != 2 || third.CreatedAt.IsZero() || versions[1].Out != 1 {
		t.Fatalf("history %+v", versions)
	}
	if page, err := b.PackVersions(ctx, b.store, "hospitals", 3, 1); err != nil || len(page) != 1 || page[0].Version != 2 {
		t.Fatalf("second page %+v, %v", page, err)
	}
	_, content, err := b.Pack(ctx, b.store, "hospitals")
	if err != nil || content.Count(verify.Eligible) != 2 || !content.Set(verify.Eligible).Has("a.example") {
		t.Fatalf("content %+v, %v", content, err)
	}
	_, _, err = b.Pack(ctx, verify.StoreRef{ID: b.Stores[1], Test: true}, "hospitals")
	wantFault(t, err, fault.NotFound)
}

func testPackEffect(t *testing.T, b *bench) {
	ctx := t.Context()
	b.hospitals(t, "a.example", "b.example")
	first, second := b.prove(t, b.store, "c-1", "ada@ward.a.example"), b.prove(t, b.store, "c-2", "bob@a.example")
	other := b.prove(t, b.store, "c-3", "cyd@b.example")
	if first.Organisation != "a.example" {
		t.Fatalf("organisation %s", first.Organisation)
	}
	ended, err := b.EndAttestation(ctx, b.store, admin, second.ID, "fraud")
	if err != nil || ended.EndReason != "fraud" {
		t.Fatal(err)
	}
	// A part of what is eligible is stopped: those on its subdomains are affected, and nobody else.
	stop := pack("no-wards", verify.Stopped, 0, "ward.a.example")
	dry, err := b.PreviewPack(ctx, b.store, stop)
	if err != nil || dry.Attestations != 1 || len(dry.Domains) != 1 || dry.Domains[0].Domain != "ward.a.example" || dry.Stores != 1 {
		t.Fatalf("preview %+v, %v", dry, err)
	}
	if packs, err := b.Packs(ctx, b.store); err != nil || len(packs) != 1 {
		t.Fatalf("a preview made %+v, %v", packs, err)
	}
	_, err = b.SavePack(ctx, b.store, admin, stop)
	wantFault(t, err, fault.Conflict)
	b.wantEnded(t, b.store, first, false)

	stop.Affected = verify.KeepAffected
	kept, err := b.SavePack(ctx, b.store, admin, stop)
	if err != nil || kept.Version.Affected != verify.KeepAffected || kept.Version.Attestations != 1 {
		t.Fatalf("kept %+v, %v", kept, err)
	}
	b.wantEnded(t, b.store, first, false)

	// What was kept once is not affected again; what a list takes away is ended, and what it keeps is not.
	gone := pack("hospitals", verify.Eligible, 1, "a.example", "z.example")
	gone.Affected = verify.EndAffected
	taken, err := b.SavePack(ctx, b.store, admin, gone)
	if err != nil || taken.Attestations != 1 || taken.Version.In != 1 || taken.Version.Out != 1 {
		t.Fatalf("taken %+v, %v", taken, err)
	}
	b.wantEnded(t, b.store, other, true)
	b.wantEnded(t, b.store, first, false)
	if n, err := b.SettleWithdrawals(ctx, b.store, 10); err != nil || n != 0 {
		t.Fatalf("%d were left to be ended, %v", n, err)
	}
	// Rolled back, the domain proves again; what is ended stays ended.
	if _, err := b.RollBackPack(ctx, b.store, admin, "hospitals", 1, 2, ""); err != nil {
		t.Fatal(err)
	}
	b.wantEnded(t, b.store, other, true)
	again := b.prove(t, b.store, "c-3", "cyd@b.example")

	// A job ends what a request left, but not what became eligible again meanwhile.
	b.noteWithdrawn(t, "b.example")
	if n, err := b.SettleWithdrawals(ctx, b.store, 10); err != nil || n != 0 {
		t.Fatalf("%d ended although eligible, %v", n, err)
	}
	b.wantEnded(t, b.store, again, false)
	b.noteWithdrawn(t, "ward.a.example")
	if n, err := b.SettleWithdrawals(ctx, b.store, 10); err != nil || n != 1 {
		t.Fatalf("%d ended, %v", n, err)
	}
	b.wantEnded(t, b.store, first, true)

	// Moved to another customer, an attestation rests on the same ground.
	moved, err := b.Move(ctx, b.store, admin, again.ID, verify.Moving{Customer: "c-7", Reason: "asked by mail"})
	if err != nil {
		t.Fatal(err)
	}
	dry, err = b.PreviewPack(ctx, b.store, pack("hospitals", verify.Eligible, 3, "a.example"))
	if err != nil || dry.Attestations != 1 || dry.Domains[0].Domain != "b.example" {
		t.Fatalf("after a move to %s: %+v, %v", moved.Customer, dry, err)
	}
}

// noteWithdrawn leaves a withdrawal to the job, as a request does that was cut short.
func (b *bench) noteWithdrawn(t *testing.T, domain string) {
	t.Helper()
	_, err := b.Storage.Write(t.Context(), b.store.ID, noted(domain))
	if err != nil {
		t.Fatal(err)
	}
}

func testPackPin(t *testing.T, b *bench) {
	ctx := t.Context()
	b.hospitals(t, "a.example", "b.example")
	a := b.prove(t, b.store, "c-1", "ada@a.example")
	if _, err := b.PinPack(ctx, b.store, admin, "hospitals", 1, ""); err != nil {
		t.Fatal(err)
	}
	saved, err := b.SavePack(ctx, b.store, admin, pack("hospitals", verify.Eligible, 1, "b.example"))
	if err != nil || saved.Attestations != 0 {
		t.Fatalf("behind the pin %+v, %v", saved, err)
	}
	p, _, err := b.Pack(ctx, b.store, "hospitals")
	if err != nil || !p.Pinned || p.Newest.Version != 2 || p.InForce.Version != 1 {
		t.Fatalf("pack %+v, %v", p, err)
	}
	// The verification keeps the digest that it was decided by.
	r, err := b.Get(ctx, b.store, b.prove(t, b.store, "c-2", "bob@a.example").Verification)
	if err != nil || r.Verification.Digests["store:hospitals version 1"] != p.InForce.Digest {
		t.Fatalf("digests %v, %v", r.Verification.Digests, err)
	}
	dry, err := b.PreviewPin(ctx, b.store, "hospitals", 0)
	if err != nil || dry.Attestations != 2 || dry.Version.Version != 2 {
		t.Fatalf("accepting %+v, %v", dry, err)
	}
	_, err = b.PinPack(ctx, b.store, admin, "hospitals", 2, "")
	wantFault(t, err, fault.Conflict)
	_, err = b.PinPack(ctx, b.store, admin, "hospitals", 7, "")
	wantFault(t, err, fault.NotFound)
	b.wantEnded(t, b.store, a, false)
	if _, err := b.PinPack(ctx, b.store, admin, "hospitals", 0, verify.EndAffected); err != nil {
		t.Fatal(err)
	}
	b.wantEnded(t, b.store, a, true)
	if p, _, err := b.Pack(ctx, b.store, "hospitals"); err != nil || p.Pinned || p.InForce.Version != 2 {
		t.Fatalf("pack %+v, %v", p, err)
	}
}

func testLibrary(t *testing.T, b *bench) {
	ctx := t.Context()
	second := verify.StoreRef{ID: b.Stores[1], Test: true}
	operator := verify.Librarian{Service: b.Service, Library: b.Storage, Stores: []verify.StoreRef{b.store, second}}
	for _, store := range operator.Stores {
		p := verify.Policy{Group: "student", Paths: []verify.Path{{"email"}}, Validity: verify.Validity{Days: 365}}
		if _, err := b.SavePolicy(ctx, store, admin, p); err != nil {
			t.Fatal(err)
		}
	}
	mine, theirs := b.prove(t, b.store, "c-1", "ada@csail.mit.edu"), b.prove(t, second, "c-1", "bob@mit.edu")
	fixed := b.prove(t, b.store, "c-2", "cyd@cam.ac.uk")

	// A newer list of schools stands in place of the shipped one.
	schools := pack(email.AcademicPack, verify.Eligible, 0, "cam.ac.uk", "mit.edu", "new.example")
	if _, err := operator.Save(ctx, admin, schools, true); err != nil {
		t.Fatal(err)
	}
	if packs, err := operator.Packs(ctx); err != nil || len(packs) != 0 {
		t.Fatalf("a dry run made %+v, %v", packs, err)
	}
	if _, err := operator.Save(ctx, admin, schools, false); err != nil {
		t.Fatal(err)
	}
	if packs, err := b.Packs(ctx, second); err != nil || len(packs) != 1 || !packs[0].Gateway() {
		t.Fatalf("packs of a store %+v, %v", packs, err)
	}
	b.prove(t, second, "c-9", "new@new.example")
	_, err := b.SavePack(ctx, second, admin, pack(email.AcademicPack, verify.Eligible, 0, "x.example"))
	wantFault(t, err, fault.NameTaken)

	// The first store stays where it is until it accepts what comes.
	if _, err := b.PinPack(ctx, b.store, admin, email.AcademicPack, 1, ""); err != nil {
		t.Fatal(err)
	}
	next := pack(email.AcademicPack, verify.Eligible, 1, "cam.ac.uk", "new.example")
	dry, err := operator.Save(ctx, admin, next, true)
	if err != nil || dry.Attestations != 1 || dry.Stores != 1 {
		t.Fatalf("dry run %+v, %v", dry, err)
	}
	_, err = operator.Save(ctx, admin, next, false)
	wantFault(t, err, fault.Conflict)
	next.Affected = verify.EndAffected
	if _, err := operator.Save(ctx, admin, next, false); err != nil {
		t.Fatal(err)
	}
	if n, err := operator.Settle(ctx); err != nil || n != 1 {
		t.Fatalf("%d ended, %v", n, err)
	}
	b.wantEnded(t, second, theirs, true)
	b.wantEnded(t, b.store, mine, false)
	accepted, err := b.PinPack(ctx, b.store, admin, email.AcademicPack, 2, verify.EndAffected)
	if err != nil || accepted.Attestations != 1 {
		t.Fatalf("accepted %+v, %v", accepted, err)
	}
	b.wantEnded(t, b.store, mine, true)
	b.wantEnded(t, b.store, fixed, false)

	back, err := operator.RollBack(ctx, admin, email.AcademicPack, 1, "", false)
	if err != nil || back.Version.Version != 3 {
		t.Fatalf("rolled back %+v, %v", back, err)
	}
	if versions, err := operator.Versions(ctx, email.AcademicPack, 0, 10); err != nil || len(versions) != 3 || versions[1].Attestations != 1 {
		t.Fatalf("versions %+v, %v", versions, err)
	}
	// Without it the shipped list counts again, in which there is no new.example.
	gone, err := operator.Delete(ctx, admin, email.AcademicPack, verify.KeepAffected, false)
	if err != nil || gone.Attestations != 1 {
		t.Fatalf("deleted %+v, %v", gone, err)
	}
	b.prove(t, b.store, "c-4", "dan@mit.edu")
	_, err = operator.RollBack(ctx, admin, email.AcademicPack, 1, "", false)
	wantFault(t, err, fault.NotFound)
}

// noted writes down that a domain was withdrawn now.
func noted(domain string) func(context.Context, verify.Tx) (any, error) {
	return func(ctx context.Context, tx verify.Tx) (any, error) {
		return nil, tx.PutWithdrawals(ctx, []verify.Withdrawal{{Requirement: "email:hospitals", Domain: domain, At: tx.Now().Add(time.Microsecond)}})
	}
}

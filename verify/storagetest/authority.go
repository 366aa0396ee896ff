package storagetest

import (
	"net/url"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

func stateOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("state")
}

func testOtherStore(t *testing.T, b *bench) {
	p := b.policy(t, mailPath)
	r, err := b.proveMailbox(t, "c-1")
	wantState(t, r, err, verify.Verified, verify.StepDone)
	other := verify.StoreRef{ID: b.Stores[1], Test: true}
	ctx := t.Context()
	_, err = b.Get(ctx, other, r.Verification.ID)
	wantFault(t, err, fault.NotFound)
	_, err = b.Answer(ctx, other, r.Verification.ID, verify.Answer{Step: verify.StepEmail, Fields: map[string]string{"email": "ada@mit.edu"}})
	wantFault(t, err, fault.NotFound)
	_, err = b.Confirm(ctx, other, r.Verification.ID, "c-1")
	wantFault(t, err, fault.NotFound)
	_, err = b.EndAttestation(ctx, other, admin, r.Attestation.ID, "fraud")
	wantFault(t, err, fault.NotFound)
	_, err = b.Policy(ctx, other, p.ID)
	wantFault(t, err, fault.NotFound)
	wantFault(t, b.DeletePolicy(ctx, other, admin, p.ID), fault.NotFound)
	if list, err := b.Attestations(ctx, other, "c-1"); err != nil || len(list) != 0 {
		t.Fatalf("%d attestations, %v", len(list), err)
	}
	_, err = b.Get(ctx, verify.StoreRef{ID: "sto_nobody"}, r.Verification.ID)
	wantFault(t, err, fault.NotFound)
}

func testPolicies(t *testing.T, b *bench) {
	ctx := t.Context()
	p := b.policy(t, mailPath)
	second := p
	second.ID, second.Version = "", 0
	_, err := b.SavePolicy(ctx, b.store, admin, second)
	wantFault(t, err, fault.NameTaken)
	begun := b.start(t, "c-1", false).Verification

	changed := p
	changed.Paths = []verify.Path{{"mock"}}
	changed, err = b.SavePolicy(ctx, b.store, admin, changed)
	if err != nil || changed.Version != 2 || changed.CreatedAt != p.CreatedAt {
		t.Fatalf("saved %+v, %v", changed, err)
	}
	_, err = b.SavePolicy(ctx, b.store, admin, p) // made from version 1
	wantFault(t, err, fault.VersionConflict)
	list, err := b.Policies(ctx, b.store)
	if err != nil || len(list) != 1 || list[0].Version != 2 {
		t.Fatalf("policies %+v, %v", list, err)
	}
	// What began by version 1 ends by it.
	r, err := b.answer(ctx, begun.ID, verify.StepEmailCode, "code", b.code(t, begun.ID, "ada@mit.edu"))
	wantState(t, r, err, verify.Verified, verify.StepDone)
	if r.Attestation.PolicyVersion != 1 {
		t.Fatalf("decided by version %d", r.Attestation.PolicyVersion)
	}
	if err := b.DeletePolicy(ctx, b.store, admin, p.ID); err != nil {
		t.Fatal(err)
	}
	wantFault(t, b.DeletePolicy(ctx, b.store, admin, p.ID), fault.NotFound)
	_, err = b.Start(ctx, verify.StartRequest{Store: b.store, Group: "student", ConsentVersion: "1"})
	wantFault(t, err, fault.PolicyMissing)
}

func testSettings(t *testing.T, b *bench) {
	ctx := t.Context()
	unsound := verify.Policy{Group: "healthcare", Paths: []verify.Path{{"email:hospitals"}}, Validity: verify.Validity{Days: 30}}
	_, err := b.SavePolicy(ctx, b.store, admin, unsound)
	wantFault(t, err, fault.PolicyUnsound)
	in := verify.PackInput{Name: "hospitals", Purpose: verify.Eligible, Data: []byte("# ours\n@Charite.DE\nkrankenhaus-münchen.de\n")}
	saved, err := b.SavePack(ctx, b.store, admin, in)
	if err != nil || saved.Version.Eligible != 2 || saved.Change.Entered[1].Domain != "xn--krankenhaus-mnchen-y6b.de" {
		t.Fatalf("saved %+v, %v", saved, err)
	}
	_, err = b.SavePack(ctx, b.store, admin, in)
	wantFault(t, err, fault.VersionConflict)
	if _, err = b.SavePolicy(ctx, b.store, admin, unsound); err != nil {
		t.Fatal(err)
	}
	wantFault(t, b.DeletePack(ctx, b.store, admin, "hospitals"), fault.Conflict)

	r, err := b.Start(ctx, verify.StartRequest{Store: b.store, Group: "healthcare", ConsentVersion: "1"})
	wantState(t, r, err, verify.Collecting, verify.StepEmail)
	_, err = b.answer(ctx, r.Verification.ID, verify.StepEmail, "email", "ada@mit.edu")
	wantFault(t, err, fault.EmailNotEligible)
	in.Data, in.Version = []byte("charite.de\nmit.edu\n"), 1
	effect, err := b.PreviewPack(ctx, b.store, in)
	if err != nil || len(effect.Change.Entered) != 1 || effect.Change.Entered[0].Domain != "mit.edu" || len(effect.Change.Left) != 1 {
		t.Fatalf("effect %+v, %v", effect, err)
	}
	if _, err = b.SavePack(ctx, b.store, admin, in); err != nil {
		t.Fatal(err)
	}
	b.code(t, r.Verification.ID, "ada@mit.edu")

	setting, err := b.SaveSetting(ctx, b.store, admin, verify.SettingInput{Verifier: "email", Instance: "staff", Config: []byte(`{"lists":["hospitals"],"refuse":["*@mit.edu"]}`)})
	if err != nil || setting.Version != 1 {
		t.Fatalf("setting %+v, %v", setting, err)
	}
	_, err = b.SaveSetting(ctx, b.store, admin, verify.SettingInput{Verifier: "email", Instance: "staff", Config: []byte(`{"lists":["hospitals"]}`)})
	wantFault(t, err, fault.VersionConflict)
	_, err = b.SaveSetting(ctx, b.store, admin, verify.SettingInput{Verifier: "email", Instance: "x", Config: []byte(`{"list":[]}`)})
	wantFault(t, err, fault.Invalid)
	known, err := b.Settings(ctx, b.store)
	if err != nil || len(known) != 1 || known[0].Requirement() != "email:staff" {
		t.Fatalf("settings %+v, %v", known, err)
	}
	if err := b.DeleteSetting(ctx, b.store, admin, "email", "staff"); err != nil {
		t.Fatal(err)
	}
	wantFault(t, b.DeleteSetting(ctx, b.store, admin, "email", "staff"), fault.NotFound)
}

func testGroups(t *testing.T, b *bench) {
	ctx := t.Context()
	own := verify.Group{Name: "volunteers", Label: verify.Label{"en": "Volunteers"}, Subgroups: []verify.Subgroup{{Name: "rescue", Label: verify.Label{"en": "Rescue"}}}}
	if _, err := b.SaveGroup(ctx, b.store, admin, own); err != nil {
		t.Fatal(err)
	}
	_, err := b.SaveGroup(ctx, b.store, admin, verify.Group{Name: "student", Label: verify.Label{"en": "Mine"}})
	wantFault(t, err, fault.NameTaken)
	p := verify.Policy{Group: "volunteers", Subgroup: "rescue", Paths: []verify.Path{{"mock"}}, Validity: verify.Validity{Until: "09-30"}}
	if _, err := b.SavePolicy(ctx, b.store, admin, p); err != nil {
		t.Fatal(err)
	}
	front, err := b.Storefront(ctx, b.store)
	if err != nil || len(front.Groups) != 1 || front.Groups[0].Name != "volunteers" || len(front.Groups[0].Subgroups) != 1 {
		t.Fatalf("storefront %+v, %v", front, err)
	}
	wantFault(t, b.DeleteGroup(ctx, b.store, admin, "volunteers"), fault.Conflict)
}

func testBinding(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, verify.Path{"mock"})
	claimed := b.proveMock(t, "c-1", false)
	if list, err := b.Attestations(ctx, b.store, "c-1"); err != nil || len(list) != 0 {
		t.Fatalf("a browser's claim counts: %v, %v", list, err)
	}
	_, err := b.Confirm(ctx, b.store, claimed.Verification.ID, "c-2")
	wantFault(t, err, fault.CustomerMismatch)
	for range 2 {
		r, err := b.Confirm(ctx, b.store, claimed.Verification.ID, "c-1")
		wantState(t, r, err, verify.Verified, verify.StepDone)
		if !r.Attestation.Bound || !r.Verification.Bound {
			t.Fatal("not bound")
		}
	}
	list, err := b.Attestations(ctx, b.store, "c-1")
	if err != nil || len(list) != 1 || list[0].ID != claimed.Attestation.ID {
		t.Fatalf("attestations %v, %v", list, err)
	}
	of, err := b.OfCustomer(ctx, b.store, "c-1")
	if err != nil || len(of) != 1 {
		t.Fatalf("verifications %v, %v", of, err)
	}
	guest := b.proveMock(t, "", false)
	r, err := b.Confirm(ctx, b.store, guest.Verification.ID, "c-9")
	if err != nil || r.Attestation.Customer != "c-9" {
		t.Fatalf("a guest was not bound: %+v, %v", r, err)
	}
}

func testEnding(t *testing.T, b *bench) {
	ctx := t.Context()
	b.policy(t, verify.Path{"mock"})
	first, second := b.proveMock(t, "c-1", true).Attestation, b.proveMock(t, "c-2", true).Attestation
	ended, err := b.EndAttestation(ctx, b.store, admin, first.ID, "fraud")
	if err != nil || ended.EndedAt.IsZero() || ended.EndReason != "fraud" {
		t.Fatalf("ended %+v, %v", ended, err)
	}
	again, err := b.EndAttestation(ctx, b.store, admin, first.ID, "other")
	if err != nil || again.EndReason != "fraud" {
		t.Fatalf("ended again %+v, %v", again, err)
	}
	page, err := b.AttestationPage(ctx, b.store, "", 1)
	if err != nil || len(page) != 1 || page[0].ID != second.ID {
		t.Fatalf("first page %v, %v", page, err)
	}
	page, err = b.AttestationPage(ctx, b.store, page[0].ID, 10)
	if err != nil || len(page) != 1 || page[0].ID != first.ID {
		t.Fatalf("second page %v, %v", page, err)
	}
}

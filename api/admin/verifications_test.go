package admin_test

import (
	"testing"

	"github.com/laurel-gateway/laurel/verify"
)

func TestAVerificationIsShownAndItsAttestationEnded(t *testing.T) {
	g, ctx := newGateway(t), t.Context()
	g.ok(g.operator, "POST", "{store}/policies", `{`+policy+`}`)
	store := verify.StoreRef{ID: g.store, Test: true}
	started, err := g.verify.Start(ctx, verify.StartRequest{Store: store, Group: "student", Subgroup: "university", Customer: "c-1", Confirmed: true, Locale: "en", ConsentVersion: "1"})
	must(t, err)
	id := started.Verification.ID
	if v := g.ok(g.operator, "GET", "{store}/verifications/"+id, ""); v["step"] != "mock" || v["attestation"] != nil || len(v["evidence"].([]any)) != 0 {
		t.Errorf("%v", v)
	}
	_, err = g.verify.Answer(ctx, store, id, verify.Answer{Step: verify.StepMock, Fields: map[string]string{"first_name": "VERIFIED"}})
	must(t, err)
	v := g.ok(g.operator, "GET", "{store}/verifications/"+id, "")
	attestation := v["attestation"].(map[string]any)
	if v["state"] != "verified" || attestation["state"] != "active" || v["met"].([]any)[0] != "mock" || v["evidence"].([]any)[0].(map[string]any)["organisation"] != "mock" {
		t.Errorf("%v", v)
	}
	end := "{store}/attestations/" + attestation["id"].(string) + "/end"
	if a := g.ok(g.operator, "POST", end, `{"reason":"graduated"}`); a["state"] != "ended" || a["end_reason"] != "graduated" || a["ended_at"] == nil {
		t.Errorf("%v", a)
	}
	if a := g.ok(g.operator, "POST", end, `{"reason":"again"}`); a["end_reason"] != "graduated" {
		t.Errorf("the second end replaced the first: %v", a)
	}
	if list := g.list("{store}/verifications?state=verified&group=student"); len(list) != 1 || list[0].(map[string]any)["customer"] != "c-1" {
		t.Errorf("%v", list)
	}
	if list := g.list("{store}/verifications?state=rejected"); len(list) != 0 {
		t.Errorf("%v", list)
	}
	entry := g.list("{store}/audit?action=attestation.ended")[0].(map[string]any)
	if after := entry["changes"].(map[string]any)["after"].(map[string]any); after["reason"] != "graduated" {
		t.Errorf("%v", entry)
	}
	overview := g.ok(g.operator, "GET", "{store}/overview", "")
	if overview["verified"] != 1.0 || len(overview["series"].([]any)) != 30 {
		t.Errorf("%v", overview)
	}
}

package admin_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

func contains(s, sub string) bool { return strings.Contains(s, sub) }

const offer = `"name":"Ten","group":"student","benefit":{"type":"percentage","basis_points":1000},"limits":{"per_person":1},"token_seconds":600,"starts_at":null`

func TestOffers(t *testing.T) {
	g := newGateway(t)
	made := g.ok(g.operator, "POST", "{store}/offers", `{`+offer+`}`)
	id := made["id"].(string)
	if made["state"] != "draft" || made["version"] != 1.0 || made["limits"].(map[string]any)["per_person"] != 1.0 {
		t.Errorf("%v", made)
	}
	at := g.refused(g.operator, "POST", "{store}/offers", `{"name":"X","benefit":{"type":"fixed_amount","amount":1,"currency":"XYZ"},"limits":{},"token_seconds":600}`, 422, "invalid")
	if !slices.Contains(at, "#/benefit/currency") {
		t.Errorf("pointers %v", at)
	}
	g.refused(g.operator, "POST", "{store}/offers", `{`+strings.Replace(offer, "student", "wizards", 1)+`}`, 422, "group_unknown")
	if o := g.ok(g.operator, "POST", "{store}/offers/"+id+"/state", `{"state":"live","version":1}`); o["state"] != "live" {
		t.Errorf("%v", o)
	}
	if o := g.ok(g.operator, "PUT", "{store}/offers/"+id, `{"version":2,`+strings.Replace(offer, "1000", "2000", 1)+`}`); o["state"] != "live" || o["version"] != 3.0 {
		t.Errorf("%v", o)
	}
	g.refused(g.operator, "PUT", "{store}/offers/"+id, `{"version":2,`+offer+`}`, 409, "version_conflict")
	versions := g.ok(g.operator, "GET", "{store}/offers/"+id+"/versions?limit=2", "")
	if data := versions["data"].([]any); len(data) != 2 || versions["next_cursor"] != "2" || data[0].(map[string]any)["offer"].(map[string]any)["name"] != "Ten" {
		t.Errorf("%v", versions)
	}
	if rest := g.list("{store}/offers/" + id + "/versions?cursor=2"); len(rest) != 1 {
		t.Errorf("%v", rest)
	}
	if live := g.list("{store}/offers?state=live"); len(live) != 1 || len(g.list("{store}/offers?state=draft")) != 0 {
		t.Errorf("%v", live)
	}
	g.refused(g.operator, "GET", "{store}/offers/off_nothing", "", 404, "not_found")
}

const program = `"name":"Rewards","earn":[{"currency":"USD","points":1,"per_amount":100}],"pending_days":0,"expires_after_days":0,` +
	`"window":{"type":"rolling","days":365},"tiers":[{"id":"bronze","name":"Bronze","threshold":0},{"id":"silver","name":"Silver","threshold":500}]`

func TestProgramMembersAndAdjustments(t *testing.T) {
	g := newGateway(t)
	g.refused(g.operator, "GET", "{store}/program", "", 409, "program_missing")
	g.ok(g.operator, "PUT", "{store}/program", `{"version":0,`+program+`}`)
	g.refused(g.operator, "PUT", "{store}/program", `{"version":0,`+program+`}`, 409, "version_conflict")
	if p := g.ok(g.operator, "GET", "{store}/program", ""); p["version"] != 1.0 || len(p["tiers"].([]any)) != 2 {
		t.Errorf("%v", p)
	}
	given := g.ok(g.operator, "POST", "{store}/members/c-1/adjustments", `{"points":40,"reason":"goodwill","reference":"t-1"}`)
	if given["balance"].(map[string]any)["available"] != 40.0 {
		t.Errorf("%v", given)
	}
	g.refused(g.operator, "POST", "{store}/members/c-1/adjustments", `{"points":40,"reason":"goodwill","reference":"t-1"}`, 409, "ledger_source_conflict")
	g.ok(g.operator, "POST", "{store}/members/c-1/adjustments", `{"points":-10,"reason":"mistake","reference":"t-2"}`)
	m := g.ok(g.operator, "GET", "{store}/members/c-1", "")
	if m["balance"].(map[string]any)["available"] != 30.0 || m["tier"].(map[string]any)["name"] != "Bronze" || m["head"].(map[string]any)["seq"].(float64) < 2 || len(m["lots"].([]any)) != 1 {
		t.Errorf("%v", m)
	}
	entries := g.list("{store}/members/c-1/entries")
	if e := entries[0].(map[string]any); len(entries) != 2 || e["reason"] != "mistake" || e["points"] != 10.0 || !strings.HasPrefix(e["actor"].(string), "per_") {
		t.Errorf("%v", entries)
	}
	if members := g.list("{store}/members?q=c&tier=bronze"); len(members) != 1 {
		t.Errorf("%v", members)
	}
	if n := len(g.list("{store}/audit?action=member.adjusted")); n != 2 {
		t.Errorf("%d entries for 2 adjustments", n)
	}
	g.refused(g.operator, "GET", "{store}/members/nobody", "", 404, "not_found")
}

func TestWebhooks(t *testing.T) {
	g := newGateway(t)
	made := g.ok(g.operator, "POST", "{store}/webhooks", `{"url":"https://shop.example/hook","description":"Orders","events":["redemption.created"]}`)
	id := made["webhook"].(map[string]any)["id"].(string)
	if !strings.HasPrefix(made["secret"].(string), "whsec_") {
		t.Errorf("%v", made)
	}
	g.refused(g.operator, "POST", "{store}/webhooks", `{"url":"https://169.254.169.254/latest"}`, 422, "webhook_target_refused")
	for _, path := range []string{"{store}/webhooks", "{store}/webhooks/" + id, "{store}/audit"} {
		if rec := g.ask(g.operator, "GET", path, ""); rec.Code != 200 || contains(rec.Body.String(), made["secret"].(string)) {
			t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
		}
	}
	if w := g.ok(g.operator, "PUT", "{store}/webhooks/"+id, `{"version":1,"url":"https://shop.example/other","state":"disabled"}`); w["state"] != "disabled" ||
		len(w["events"].([]any)) != 0 || w["version"] != 2.0 || w["disabled_reason"] != "admin" {
		t.Errorf("%v", w)
	}
	g.refused(g.operator, "PUT", "{store}/webhooks/"+id, `{"version":1,"url":"https://shop.example/late","state":"enabled"}`, 409, "version_conflict")
	g.refused(g.operator, "POST", "{store}/webhooks/"+id+"/test", "{}", 409, "conflict")
	if w := g.ok(g.operator, "PUT", "{store}/webhooks/"+id, `{"version":2,"url":"https://shop.example/other","state":"enabled"}`); w["disabled_reason"] != nil {
		t.Errorf("%v", w)
	}
	rotated := g.ok(g.operator, "POST", "{store}/webhooks/"+id+"/rotate-secret", `{"overlap_hours":1}`)
	if rotated["secret"] == made["secret"] || rotated["webhook"].(map[string]any)["old_secret_until"] == nil {
		t.Errorf("%v", rotated)
	}
	g.refused(g.operator, "POST", "{store}/webhooks/"+id+"/rotate-secret", `{"overlap_hours":169}`, 422, "invalid")
	sent := g.ok(g.operator, "POST", "{store}/webhooks/"+id+"/test", "{}")
	read := g.ok(g.operator, "GET", "{store}/webhook-deliveries/"+sent["id"].(string), "")
	if read["event_type"] != "webhook.test" || read["webhook_id"] != id || read["payload"].(map[string]any)["type"] != "webhook.test" || len(read["tries"].([]any)) != 0 {
		t.Errorf("%v", read)
	}
	g.refused(g.operator, "GET", "{store}/webhook-deliveries/dlv_nothing", "", 404, "not_found")
	for filter, n := range map[string]int{"": 1, "?state=failed": 0, "?event_type=webhook.test&state=waiting": 1} {
		if d := g.list("{store}/webhooks/" + id + "/deliveries" + filter); len(d) != n {
			t.Errorf("%q: %v", filter, d)
		}
	}
	since := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	if r := g.ok(g.operator, "POST", "{store}/webhooks/"+id+"/replay", `{"what":"all","since":"`+since+`"}`); r["replayed"] != 0.0 || r["more"] != false {
		t.Errorf("%v", r)
	}
	g.refused(g.operator, "POST", "{store}/webhooks/"+id+"/replay", `{"what":"all","since":"2001-01-01T00:00:00Z"}`, 422, "invalid")
	g.refused(g.operator, "POST", "{store}/webhook-deliveries/dlv_nothing/replay", "{}", 404, "not_found")
	g.ok(g.operator, "DELETE", "{store}/webhooks/"+id, "")
	g.refused(g.operator, "GET", "{store}/webhooks/"+id, "", 404, "not_found")
}

func TestEveryDocumentedEventCanBeAskedFor(t *testing.T) {
	for _, e := range api.Events() {
		if !slices.Contains(webhook.Catalogue(), e.Type) {
			t.Errorf("%s is documented, and no endpoint can ask for it", e.Type)
		}
	}
}

func TestPeople(t *testing.T) {
	g := newGateway(t)
	added := g.ok(g.operator, "POST", "{store}/people", `{"email":"Ana@shop.example","name":"Ana","role":"analyst"}`)
	person := added["person"].(map[string]any)
	if person["email"] != "ana@shop.example" || added["password"] == "" {
		t.Errorf("%v", added)
	}
	g.refused(g.operator, "POST", "{store}/people", `{"email":"ana@shop.example","name":"Ana","role":"owner"}`, 409, "name_taken")
	id := person["id"].(string)
	if p := g.ok(g.operator, "PUT", "{store}/people/"+id, `{"role":"support"}`); p["role"] != "support" {
		t.Errorf("%v", p)
	}
	if people := g.list("{store}/people"); len(people) != 2 {
		t.Errorf("%v", people)
	}
	g.ok(g.operator, "DELETE", "{store}/people/"+id, "")
	g.refused(g.operator, "DELETE", "{store}/people/"+id, "", 404, "not_found")
	operator := g.list("{store}/people")[0].(map[string]any)["id"].(string)
	g.refused(g.operator, "DELETE", "{store}/people/"+operator, "", 409, "last_owner")
}

func TestEmptyListsAndUnknownThings(t *testing.T) {
	g := newGateway(t)
	for _, path := range []string{"{store}/verifications?state=verified&group=student", "{store}/redemptions?order_id=o-1&customer=c&offer_id=off", "{store}/members"} {
		if got := g.list(path); len(got) != 0 {
			t.Errorf("%s: %v", path, got)
		}
	}
	for _, path := range []string{"{store}/verifications/ver_nothing", "{store}/redemptions/rdm_nothing"} {
		g.refused(g.operator, "GET", path, "", 404, "not_found")
	}
	g.refused(g.operator, "POST", "{store}/attestations/att_nothing/end", `{"reason":"fraud"}`, 404, "not_found")
	g.refused(g.operator, "GET", "{store}/members/nobody/entries?cursor=x", "", 422, "invalid")
}

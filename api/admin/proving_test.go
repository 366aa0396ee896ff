package admin_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

const policy = `"group":"student","subgroup":"university","paths":[["mock"]],"validity_days":365`

func TestPoliciesAreCheckedAndVersioned(t *testing.T) {
	g := newGateway(t)
	if sound := g.ok(g.operator, "POST", "{store}/policies/check", `{`+policy+`}`); sound["sound"] != true {
		t.Errorf("%v", sound)
	}
	if len(g.list("{store}/policies")) != 0 {
		t.Error("checking wrote")
	}
	bad := `{"group":"wizards","paths":[["crystal_ball"]]}`
	at := g.refused(g.operator, "POST", "{store}/policies/check", bad, 422, "policy_unsound")
	if !slices.Contains(at, "#/group") || !slices.Contains(at, "#/paths/0/0") {
		t.Errorf("pointers %v", at)
	}
	g.refused(g.operator, "POST", "{store}/policies", bad, 422, "policy_unsound")
	made := g.ok(g.operator, "POST", "{store}/policies", `{`+policy+`}`)
	id := made["id"].(string)
	g.refused(g.operator, "POST", "{store}/policies", `{`+policy+`}`, 409, "name_taken")
	g.ok(g.operator, "POST", "{store}/policies/check", `{`+policy+`}`)
	if p := g.ok(g.operator, "PUT", "{store}/policies/"+id, `{"version":1,`+policy+`,"accept_self_declared":true}`); p["version"] != 2.0 {
		t.Errorf("%v", p)
	}
	g.refused(g.operator, "PUT", "{store}/policies/"+id, `{"version":1,`+policy+`}`, 409, "version_conflict")
	if p := g.ok(g.operator, "GET", "{store}/policies/"+id, ""); p["accept_self_declared"] != true {
		t.Errorf("%v", p)
	}
	for range 2 {
		// The second time is the same request again: the first answer.
		if rec := g.ask(g.operator, "DELETE", "{store}/policies/"+id, "", "Idempotency-Key: delete-1"); rec.Code != 204 {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	}
	g.refused(g.operator, "GET", "{store}/policies/"+id, "", 404, "not_found")
	if n := len(g.list("{store}/audit?action=policy.saved")); n != 2 {
		t.Errorf("%d entries", n)
	}
}

func TestGroupsOfTheStoresOwn(t *testing.T) {
	g := newGateway(t)
	g.ok(g.operator, "POST", "{store}/groups", `{"group":"union","label":{"en":"Union members"},"subgroups":[{"subgroup":"local_1","label":{"en":"Local 1"}}]}`)
	g.refused(g.operator, "POST", "{store}/groups", `{"group":"student","label":{"en":"Students"}}`, 409, "name_taken")
	groups := g.list("{store}/groups?limit=100")
	last := groups[len(groups)-1].(map[string]any)
	if last["group"] != "union" || last["custom"] != true || groups[0].(map[string]any)["group"] != "student" {
		t.Errorf("%v", last)
	}
}

func TestAProvidersSecretIsNeverShownAgain(t *testing.T) {
	g := newGateway(t)
	body := `{"id":"demo","name":"Demo","issuer":"https://login.demo.example","client_id":"laurel","client_secret":"hush-hush","scopes":["profile"],
		"rules":[{"when":"email_verified","group":"student","subgroup":"university"}]}`
	rec := g.ask(g.operator, "POST", "{store}/providers", body)
	if rec.Code != 201 {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	change := `{"version":1,"name":"Demo U","issuer":"https://login.demo.example","client_id":"laurel","rules":[{"when":"true","group":"student"}]}`
	if p := g.ok(g.operator, "PUT", "{store}/providers/demo", change); p["name"] != "Demo U" || p["has_secret"] != true || p["version"] != 2.0 {
		t.Errorf("%v", p)
	}
	g.refused(g.operator, "PUT", "{store}/providers/demo", change, 409, "version_conflict")
	for _, path := range []string{"{store}/providers", "{store}/providers/demo", "{store}/audit"} {
		if rec := g.ask(g.operator, "GET", path, ""); rec.Code != 200 || contains(rec.Body.String(), "hush-hush") {
			t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
		}
	}
	g.refused(g.operator, "POST", "{store}/providers", `{"id":"bad","name":"B","issuer":"https://b.example","client_id":"x","rules":[{"when":"((","group":"student"}]}`, 422, "invalid")
	g.ok(g.operator, "DELETE", "{store}/providers/demo", "")
	g.refused(g.operator, "GET", "{store}/providers/demo", "", 404, "not_found")
}

func TestDomainLists(t *testing.T) {
	g := newGateway(t)
	l := g.ok(g.operator, "POST", "{store}/domain-lists", `{"name":"districts","purpose":"eligible","domains":["B.example","a.example"],"text":"# more\nc.example"}`)
	if l["count"] != 3.0 || l["id"] != "districts" || l["domains"].([]any)[0] != "a.example" {
		t.Errorf("%v", l)
	}
	g.refused(g.operator, "POST", "{store}/domain-lists", `{"name":"districts","purpose":"eligible","domains":["x.example"]}`, 409, "version_conflict")
	g.refused(g.operator, "PUT", "{store}/domain-lists/districts", `{"version":1,"name":"other","purpose":"eligible","domains":["x.example"]}`, 422, "invalid")
	if l := g.ok(g.operator, "PUT", "{store}/domain-lists/districts", `{"version":1,"purpose":"eligible","domains":["x.example"]}`); l["version"] != 2.0 {
		t.Errorf("%v", l)
	}
	if _, shown := g.list("{store}/domain-lists")[0].(map[string]any)["domains"]; shown {
		t.Error("the list of lists shows domains")
	}
	g.ok(g.operator, "GET", "{store}/domain-lists/districts", "")
	g.ok(g.operator, "DELETE", "{store}/domain-lists/districts", "")
	g.refused(g.operator, "GET", "{store}/domain-lists/districts", "", 404, "not_found")
}

func TestRosters(t *testing.T) {
	g := newGateway(t)
	const list = `"title":"Staff","group":"teacher","subgroup":"k12","text":"Ausweis,first_name,last_name\nT-1001,Ada,Lovelace\nT-1002,Grace,Hopper\n","columns":{"number":"Ausweis"}`
	r := g.ok(g.operator, "POST", "{store}/rosters", `{"id":"staff",`+list+`}`)
	if r["id"] != "staff" || r["entries"] != 2.0 || r["version"] != 1.0 || r["group"] != "teacher" || r["confidential"] != false {
		t.Errorf("roster: %v", r)
	}
	if _, shown := r["text"]; shown {
		t.Error("the answer shows the list")
	}
	g.refused(g.operator, "POST", "{store}/rosters", `{"id":"staff",`+list+`}`, 409, "version_conflict")
	g.refused(g.operator, "POST", "{store}/rosters", `{"id":"nppes",`+list+`}`, 422, "invalid")
	g.refused(g.operator, "POST", "{store}/rosters", `{"id":"other","title":"Staff","group":"wizard","text":"number,first_name,last_name\nT-1,A,B\n"}`, 422, "invalid")
	if r := g.ok(g.operator, "PUT", "{store}/rosters/staff", `{"version":1,"confidential":true,`+list+`}`); r["version"] != 2.0 || r["confidential"] != true {
		t.Errorf("imported again: %v", r)
	}
	g.refused(g.operator, "PUT", "{store}/rosters/staff", `{"version":1,`+list+`}`, 409, "version_conflict")
	if all := g.list("{store}/rosters"); len(all) != 1 {
		t.Errorf("rosters: %v", all)
	}
	p := g.ok(g.operator, "POST", "{store}/policies", `{"group":"teacher","paths":[["registry:staff"]],"validity_days":30}`)
	g.refused(g.operator, "DELETE", "{store}/rosters/staff", "", 409, "conflict")
	g.ok(g.operator, "DELETE", "{store}/policies/"+p["id"].(string), "")
	g.ok(g.operator, "DELETE", "{store}/rosters/staff", "")
	g.refused(g.operator, "DELETE", "{store}/rosters/staff", "", 404, "not_found")
	var audit []string
	for _, e := range g.list("{store}/audit") {
		raw, err := json.Marshal(e)
		must(t, err)
		audit = append(audit, string(raw))
	}
	trail := strings.Join(audit, "\n")
	if !strings.Contains(trail, "roster.saved") || !strings.Contains(trail, "roster.deleted") || strings.Contains(trail, "Lovelace") || strings.Contains(trail, "T-1001") {
		t.Errorf("audit trail: %s", trail)
	}
}

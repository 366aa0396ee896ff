package admin_test

import (
	"archive/tar"
	"bytes"
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

func TestDataPacks(t *testing.T) {
	g := newGateway(t)
	p := g.ok(g.operator, "POST", "{store}/data-packs", `{"name":"districts","purpose":"eligible","domains":["B.example","a.example"],"text":"# more\nc.example"}`)
	if p["count"] != 3.0 || p["id"] != "districts" || p["scope"] != "store" || p["purpose"] != "eligible" || p["in_force"] != 1.0 {
		t.Errorf("%v", p)
	}
	g.refused(g.operator, "POST", "{store}/data-packs", `{"name":"districts","purpose":"eligible","domains":["x.example"]}`, 409, "version_conflict")
	g.refused(g.operator, "POST", "{store}/data-packs", `{"name":"Districts","purpose":"eligible","domains":["x.example"]}`, 422, "invalid")
	g.refused(g.operator, "POST", "{store}/data-packs", `{"name":"free","purpose":"eligible","domains":["gmail.com"]}`, 422, "invalid")
	g.refused(g.operator, "POST", "{store}/data-packs", `{"name":"nothing","domains":["x.example"]}`, 422, "invalid")
	g.refused(g.operator, "POST", "{store}/data-packs", `{"name":"empty","purpose":"stopped"}`, 422, "invalid")
	g.refused(g.operator, "PUT", "{store}/data-packs/districts", `{"version":1,"name":"other","purpose":"eligible","domains":["x.example"]}`, 422, "invalid")
	g.refused(g.operator, "PUT", "{store}/data-packs/districts", `{"version":1,"purpose":"eligible","domains":["x.example"],"expect_digest":"sha256:other"}`, 409, "conflict")
	dry := g.ok(g.operator, "POST", "{store}/data-packs/preview", `{"name":"districts","version":1,"purpose":"eligible","domains":["a.example","x.example"]}`)
	if d := dry["difference"].(map[string]any); d["domains_in"] != 1.0 || d["domains_out"] != 2.0 || dry["attestations_affected"] != 0.0 {
		t.Errorf("preview: %v", dry)
	}
	if p := g.ok(g.operator, "PUT", "{store}/data-packs/districts", `{"version":1,"purpose":"eligible","domains":["x.example"],"source":"a letter"}`); p["version"] != 2.0 || p["newest"].(map[string]any)["source"] != "a letter" {
		t.Errorf("%v", p)
	}
	if _, shown := g.list("{store}/data-packs")[0].(map[string]any)["domains"]; shown {
		t.Error("the list of packs shows domains")
	}
	if p := g.ok(g.operator, "GET", "{store}/data-packs/districts", ""); p["domains"].([]any)[0] != "x.example" {
		t.Errorf("read: %v", p)
	}
	if d := g.list("{store}/data-packs/districts/domains"); len(d) != 1 || d[0].(map[string]any)["domain"] != "x.example" {
		t.Errorf("domains: %v", d)
	}
	back := g.ok(g.operator, "POST", "{store}/data-packs/preview", `{"name":"districts","version":2,"roll_back_to":1}`)
	if back["version"].(map[string]any)["rolled_back_to"] != 1.0 {
		t.Errorf("rolling back: %v", back)
	}
	g.ok(g.operator, "PUT", "{store}/data-packs/districts/pin", `{"version":1}`)
	if p := g.ok(g.operator, "GET", "{store}/data-packs/districts", ""); p["pinned"] != true || p["in_force"] != 1.0 || p["version"] != 2.0 || p["count"] != 3.0 {
		t.Errorf("pinned: %v", p)
	}
	if accept := g.ok(g.operator, "POST", "{store}/data-packs/preview", `{"name":"districts","pin":0}`); accept["version"].(map[string]any)["version"] != 2.0 {
		t.Errorf("accepting: %v", accept)
	}
	if c := g.ok(g.operator, "GET", "{store}/data-packs/districts/versions/2", ""); c["from"] != 1.0 || c["difference"].(map[string]any)["domains_out"] != 3.0 {
		t.Errorf("compared: %v", c)
	}
	g.refused(g.operator, "GET", "{store}/data-packs/districts/versions/9", "", 404, "not_found")
	g.ok(g.operator, "DELETE", "{store}/data-packs/districts", "")
	g.refused(g.operator, "GET", "{store}/data-packs/districts", "", 404, "not_found")
	g.refused(g.operator, "GET", "{store}/data-packs/districts/versions", "", 404, "not_found")
}

// An archive comes in base64, whole or not at all.
func TestADataPackComesAsAnArchive(t *testing.T) {
	g := newGateway(t)
	var archive bytes.Buffer
	packed := tar.NewWriter(&archive)
	for name, text := range map[string]string{"lib/domains/edu/mit.txt": "Massachusetts Institute of Technology", "lib/domains/abused.txt": "sold.edu\n", "lib/domains/stoplist.txt": "parents.mit.edu\n"} {
		must(t, packed.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(text))}))
		_, err := packed.Write([]byte(text))
		must(t, err)
	}
	must(t, packed.Close())
	body, err := json.Marshal(map[string]any{"name": "swot", "archive": archive.Bytes(), "source": "swot"})
	must(t, err)
	p := g.ok(g.operator, "POST", "{store}/data-packs", string(body))
	if p["purpose"] != "mixed" || p["count"] != 3.0 || p["newest"].(map[string]any)["format"] != "swot" {
		t.Errorf("%v", p)
	}
	if d := g.list("{store}/data-packs/swot/domains?q=massachusetts"); len(d) != 1 || d[0].(map[string]any)["organisation"] != "Massachusetts Institute of Technology" {
		t.Errorf("domains: %v", d)
	}
	if d := g.list("{store}/data-packs/swot/domains?purpose=abused"); len(d) != 1 || d[0].(map[string]any)["domain"] != "sold.edu" {
		t.Errorf("abused: %v", d)
	}
	body, err = json.Marshal(map[string]any{"name": "half", "archive": archive.Bytes()[:700]})
	must(t, err)
	g.refused(g.operator, "POST", "{store}/data-packs", string(body), 422, "invalid")
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

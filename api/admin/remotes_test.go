package admin_test

import (
	"strings"
	"testing"
)

const remoteForm = `"name":"Staff directory","url":"https://hr.shop.example/laurel","classes":["authority"],"retries":2,
	"fields":[{"name":"employee_number","label":{"en":"Employee number"},"type":"text","required":true,"max_length":40,"limited":true}],
	"reasons":{"left_company":"The directory says that you have left."}`

func TestRemoteVerifiers(t *testing.T) {
	g := newGateway(t)
	made := g.ok(g.operator, "POST", "{store}/remote-verifiers", `{"id":"staff",`+remoteForm+`}`)
	secret, _ := made["secret"].(string)
	if r := made["remote"].(map[string]any); !strings.HasPrefix(secret, "whsec_") || r["id"] != "staff" || r["version"] != 1.0 {
		t.Fatalf("%v", made)
	}
	g.refused(g.operator, "POST", "{store}/remote-verifiers", `{"id":"staff",`+remoteForm+`}`, 409, "version_conflict")
	for name, bad := range map[string]string{
		"http":        strings.Replace(remoteForm, "https://", "http://", 1),
		"a class":     strings.Replace(remoteForm, "authority", "document", 1),
		"no required": strings.Replace(remoteForm, `"required":true,`, "", 1),
		"a reason":    strings.Replace(remoteForm, "left_company", "Left Company", 1),
	} {
		if at := g.refused(g.operator, "POST", "{store}/remote-verifiers", `{"id":"bad",`+bad+`}`, 422, "invalid"); len(at) == 0 {
			t.Errorf("%s: nothing is pointed at", name)
		}
	}
	p := g.ok(g.operator, "POST", "{store}/policies", `{"group":"employee","paths":[["remote:staff"]],"validity_days":30}`)
	weak := strings.Replace(remoteForm, "authority", "knowledge", 1)
	g.refused(g.operator, "PUT", "{store}/remote-verifiers/staff", `{"version":1,`+weak+`}`, 422, "policy_unsound")
	if r := g.ok(g.operator, "PUT", "{store}/remote-verifiers/staff", `{"version":1,`+remoteForm+`}`); r["version"] != 2.0 {
		t.Errorf("%v", r)
	}
	g.refused(g.operator, "PUT", "{store}/remote-verifiers/staff", `{"version":1,`+remoteForm+`}`, 409, "version_conflict")
	rotated := g.ok(g.operator, "POST", "{store}/remote-verifiers/staff/rotate-secret", `{"version":2}`)
	if rotated["secret"] == secret || !strings.HasPrefix(rotated["secret"].(string), "whsec_") {
		t.Errorf("%v", rotated)
	}
	g.refused(g.operator, "POST", "{store}/remote-verifiers/nobody/rotate-secret", `{"version":2}`, 404, "not_found")
	for _, path := range []string{"{store}/remote-verifiers", "{store}/remote-verifiers/staff", "{store}/audit", "{store}/providers"} {
		if rec := g.ask(g.operator, "GET", path, ""); rec.Code != 200 || strings.Contains(rec.Body.String(), "whsec_") {
			t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
		}
	}
	g.refused(g.operator, "DELETE", "{store}/remote-verifiers/staff", "", 409, "conflict")
	g.ok(g.operator, "DELETE", "{store}/policies/"+p["id"].(string), "")
	g.ok(g.operator, "DELETE", "{store}/remote-verifiers/staff", "")
	g.refused(g.operator, "GET", "{store}/remote-verifiers/staff", "", 404, "not_found")
}

func TestPresetsOfProviders(t *testing.T) {
	g := newGateway(t)
	const who = `"name":"Uni","issuer":"https://login.uni.example","client_id":"laurel","client_secret":"s","rules":[]`
	p := g.ok(g.operator, "POST", "{store}/providers", `{"id":"uni",`+who+`,"preset":"refeds","affiliation_scopes":["uni.example"]}`)
	if p["preset"] != "refeds" || p["affiliation_scopes"].([]any)[0] != "uni.example" {
		t.Errorf("%v", p)
	}
	if p := g.ok(g.operator, "GET", "{store}/providers/uni", ""); p["preset"] != "refeds" {
		t.Errorf("%v", p)
	}
	g.ok(g.operator, "POST", "{store}/providers", `{"id":"idme",`+who+`,"preset":"idme"}`)
	g.refused(g.operator, "POST", "{store}/providers", `{"id":"x",`+who+`}`, 422, "invalid")
	g.refused(g.operator, "POST", "{store}/providers", `{"id":"x",`+who+`,"preset":"saml"}`, 422, "invalid")
	g.refused(g.operator, "POST", "{store}/providers", `{"id":"x",`+who+`,"preset":"idme","affiliation_scopes":["uni.example"]}`, 422, "invalid")
	g.refused(g.operator, "POST", "{store}/providers", `{"id":"x",`+who+`,"preset":"refeds","affiliation_scopes":["*.example"]}`, 422, "invalid")
}

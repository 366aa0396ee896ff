package admin_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/console"
)

const trialCart = `"cart":{"currency":"USD","lines":[{"line_id":"l1","sku":"sku-1","quantity":2,"unit_amount":2500,"categories":["books"]}],"shipping_amount":500}`

// finding is one condition of a trial's trace.
func finding(t *testing.T, tried map[string]any, name string) map[string]any {
	t.Helper()
	for _, f := range tried["trace"].([]any) {
		if f := f.(map[string]any); f["condition"] == name {
			return f
		}
	}
	t.Fatalf("no condition %q in %v", name, tried["trace"])
	return nil
}

func TestTryAnOffer(t *testing.T) {
	g := newGateway(t)
	g.ok(g.operator, "PUT", "{store}/program", `{"version":0,`+program+`}`)
	const body = `"offer":{` + offer + `},` + trialCart
	for name, c := range map[string]struct {
		more   string
		reason string
		amount float64
		points float64
	}{
		"a guest who proved nothing": {``, "offer_not_eligible", 0, 0},
		"a student":                  {`,"customer":"c-1","attestation":{"group":"student"}`, "", 500, 45},
		"a proof that has ended":     {`,"attestation":{"group":"student","valid_until":"2020-01-01T00:00:00Z"}`, "offer_not_eligible", 0, 0},
		"a teacher":                  {`,"attestation":{"group":"teacher"}`, "offer_not_eligible", 0, 0},
		"a student before the proof": {`,"attestation":{"group":"student","valid_until":"2020-01-01T00:00:00Z"},"now":"2019-01-01T00:00:00Z"`, "", 500, 0},
	} {
		tried := g.ok(g.operator, "POST", "{store}/offers/try", `{`+body+c.more+`}`)
		reason, _ := tried["reason"].(string)
		if reason != c.reason || tried["applies"] != (c.reason == "") || tried["amount"] != c.amount || tried["points"] != c.points {
			t.Errorf("%s: %v", name, tried)
		}
		if totals := tried["totals"].(map[string]any); totals["discount"] != c.amount || totals["total"] != 5500-c.amount {
			t.Errorf("%s: %v", name, totals)
		}
		if c.amount > 0 && tried["allocations"].([]any)[0].(map[string]any)["amount"] != c.amount {
			t.Errorf("%s: %v", name, tried["allocations"])
		}
		if f := finding(t, tried, "proof"); f["holds"] != (c.reason == "") || f["wants"] != "student" {
			t.Errorf("%s: %v", name, f)
		}
	}
	if n := len(g.list("{store}/offers")) + len(g.list("{store}/audit?action=offer.created")); n != 0 {
		t.Errorf("trying left %d traces", n)
	}
}

func TestTryARule(t *testing.T) {
	g := newGateway(t)
	g.ok(g.operator, "PUT", "{store}/program", `{"version":0,`+program+`}`)
	const everybody = `"name":"Ten","benefit":{"type":"percentage","basis_points":1000},"limits":{},"token_seconds":600`
	const ruled = `"offer":{` + everybody + `,"rule":"cart.subtotal >= 4000 && member.tier == 'silver'"},` + trialCart
	tried := g.ok(g.operator, "POST", "{store}/offers/try", `{`+ruled+`,"customer":"c-1","member":{"tier":"bronze","points":3}}`)
	if tried["reason"] != "rule_not_met" {
		t.Errorf("%v", tried)
	}
	parts := finding(t, tried, "rule")["rule"].([]any)
	first, second := parts[0].(map[string]any), parts[1].(map[string]any)
	if first["condition"] != "cart.subtotal >= 4000" || first["holds"] != true || second["holds"] != false ||
		second["saw"].([]any)[0].(map[string]any)["value"] != `"bronze"` {
		t.Errorf("%v", parts)
	}
	if tried := g.ok(g.operator, "POST", "{store}/offers/try", `{`+ruled+`,"customer":"c-1","member":{"tier":"silver"}}`); tried["applies"] != true || tried["amount"] != 500.0 {
		t.Errorf("%v", tried)
	}
	if at := g.refused(g.operator, "POST", "{store}/offers/try", `{`+ruled+`,"member":{"tier":"gold"}}`, 422, "invalid"); !slices.Equal(at, []string{"#/member/tier"}) {
		t.Errorf("%v", at)
	}
	wrong := strings.Replace(ruled, "subtotal", "subtotl", 1)
	if at := g.refused(g.operator, "POST", "{store}/offers/try", `{`+wrong+`}`, 422, "invalid"); !slices.Equal(at, []string{"#/offer/rule"}) {
		t.Errorf("%v", at)
	}
}

func TestTryASavedVersion(t *testing.T) {
	g := newGateway(t)
	id := g.ok(g.operator, "POST", "{store}/offers", `{`+offer+`}`)["id"].(string)
	g.ok(g.operator, "PUT", "{store}/offers/"+id, `{"version":1,`+strings.Replace(offer, "1000", "2000", 1)+`}`)
	const student = `,"attestation":{"group":"student"}`
	analyst := g.person(console.Analyst)
	for version, amount := range map[string]float64{"": 1000, `,"version":1`: 500, `,"version":2`: 1000} {
		tried := g.ok(analyst, "POST", "{store}/offers/try", `{"offer_id":"`+id+`"`+version+`,`+trialCart+student+`}`)
		if tried["amount"] != amount {
			t.Errorf("version %q: %v", version, tried)
		}
	}
	g.refused(g.operator, "POST", "{store}/offers/try", `{"offer_id":"`+id+`","version":3,`+trialCart+`}`, 404, "not_found")
	g.refused(g.operator, "POST", "{store}/offers/try", `{"offer_id":"off_nothing",`+trialCart+`}`, 404, "not_found")
	g.refused(g.operator, "POST", "{store}/offers/try", `{`+trialCart+`}`, 422, "invalid")
	g.refused(g.operator, "POST", "{store}/offers/try", `{"offer_id":"`+id+`","offer":{`+offer+`},`+trialCart+`}`, 422, "invalid")
}

func TestCheckARule(t *testing.T) {
	g := newGateway(t)
	good := g.ok(g.operator, "POST", "{store}/offers/check-rule", `{"rule":"cart.subtotal >= 5000"}`)
	if good["ok"] != true || len(good["errors"].([]any)) != 0 || len(good["variables"].([]any)) < 20 {
		t.Errorf("%v", good)
	}
	bad := g.ok(g.operator, "POST", "{store}/offers/check-rule", `{"rule":"true &&\n  cart.subtotl > 1.5"}`)
	wrong := bad["errors"].([]any)[0].(map[string]any)
	if bad["ok"] != false || wrong["line"] != 2.0 || wrong["column"] != 18.0 || !contains(wrong["detail"].(string), "1.5") {
		t.Errorf("%v", bad)
	}
}

// An offer whose rule does not compile cannot be saved, and the answer says where.
func TestSavingCompilesTheRule(t *testing.T) {
	g := newGateway(t)
	const ruled = offer + `,"rule":"cart.subtotal >= 5000 &&\n cart.subtotl < 9"`
	rec := g.ask(g.operator, "POST", "{store}/offers", `{`+ruled+`}`)
	if rec.Code != 422 || !contains(rec.Body.String(), `"pointer":"#/rule","detail":"line 2, column 6: undefined field 'subtotl'","line":2,"column":6`) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	both := strings.Replace(ruled, `"name":"Ten"`, `"name":"`+strings.Repeat("é", 101)+`"`, 1)
	if at := g.refused(g.operator, "POST", "{store}/offers", `{`+both+`}`, 422, "invalid"); !slices.Equal(at, []string{"#/name", "#/rule"}) {
		t.Errorf("%v", at)
	}
	made := g.ok(g.operator, "POST", "{store}/offers", `{`+strings.Replace(ruled, "subtotl", "subtotal", 1)+`}`)
	if !contains(made["rule"].(string), "cart.subtotal < 9") {
		t.Errorf("%v", made)
	}
	if at := g.refused(g.operator, "PUT", "{store}/offers/"+made["id"].(string), `{"version":1,`+ruled+`}`, 422, "invalid"); !slices.Equal(at, []string{"#/rule"}) {
		t.Errorf("%v", at)
	}
}

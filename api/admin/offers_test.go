package admin_test

import (
	"slices"
	"testing"
)

// An offer with everything that an offer can have is saved, read back, and refused with a pointer to what is wrong.
func TestAnOfferWithEverything(t *testing.T) {
	g := newGateway(t)
	g.ok(g.operator, "PUT", "{store}/program", `{"version":0,`+program+`}`)
	const whole = `{"name":"Pens","names":{"de":"Stifte"},"group":"student","tier":"silver","time_zone":"America/New_York","category":"welcome",` +
		`"rule":"cart.subtotal >= 1000","campaign":{"event":"teacher_appreciation_week","days_before":3},` +
		`"benefit":{"type":"fixed_price","target":"lines","skus":["pen"],"method":"each","amount":99,"currency":"USD"},` +
		`"limits":{"per_order":2,"periods":[{"by":"customer","uses":1,"calendar":"month"}],"budget":{"amount":100000,"currency":"USD","restore":true}},"token_seconds":600}`
	made := g.ok(g.operator, "POST", "{store}/offers", whole)
	read := g.ok(g.operator, "GET", "{store}/offers/"+made["id"].(string), "")
	benefit, limits := read["benefit"].(map[string]any), read["limits"].(map[string]any)
	if read["tier"] != "silver" || read["rule"] != "cart.subtotal >= 1000" || benefit["method"] != "each" || limits["per_order"] != 2.0 ||
		limits["budget"].(map[string]any)["restore"] != true || read["campaign"].(map[string]any)["days_before"] != 3.0 {
		t.Errorf("%v", read)
	}
	for _, c := range []struct{ body, pointer string }{
		{`{"name":"A","benefit":{"type":"gift_line"},"limits":{},"token_seconds":600}`, "#/benefit/gift"},
		{`{"name":"A","benefit":{"type":"free_shipping"},"limits":{"periods":[{"by":"total","uses":1}]},"token_seconds":600}`, "#/limits/periods/0"},
		{`{"name":"A","benefit":{"type":"free_shipping"},"limits":{},"time_zone":"Mars/Olympus","token_seconds":600}`, "#/time_zone"},
		{`{"name":"A","benefit":{"type":"free_shipping"},"limits":{},"tier":"platinum","token_seconds":600}`, "#/tier"},
		{`{"name":"A","benefit":{"type":"free_shipping"},"limits":{},"rule":"cart.total > 1","token_seconds":600}`, "#/rule"},
	} {
		if at := g.refused(g.operator, "POST", "{store}/offers", c.body, 422, "invalid"); !slices.Contains(at, c.pointer) {
			t.Errorf("%s: pointers %v", c.pointer, at)
		}
	}
}

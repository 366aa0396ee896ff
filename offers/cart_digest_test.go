package offers

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDigest(t *testing.T) {
	c := Cart{Currency: "USD", TaxMode: "exclusive", ShippingAmount: 500, Lines: []Line{
		{LineID: "l1", SKU: "sku-1", Quantity: 2, UnitAmount: 5000, Categories: []string{"books", "é\u2028\"\\\n\x01"}}, {LineID: "l2", Quantity: 1}}}
	const canonical = `{"currency":"USD","lines":[{"categories":["books","é` + "\u2028" + `\"\\\n\u0001"],"line_id":"l1","quantity":2,"sku":"sku-1","unit_amount":5000},` +
		`{"categories":[],"line_id":"l2","quantity":1,"sku":"","unit_amount":0}],"shipping_amount":500,"tax_mode":"exclusive"}`
	if got := string(c.Canonical()); got != canonical {
		t.Errorf("canonical form\n%s\nwant\n%s", got, canonical)
	}
	// printf … | openssl dgst -sha256 -binary | basenc --base64url
	if got := c.Digest(); got != goldenDigest {
		t.Errorf("digest %s, want %s", got, goldenDigest)
	}
}

const goldenDigest = "mOlrOBEyCSXjCYQPz-sjvGE0hXS-DN6ifaQqAkC3riI"

// TestDigestTellsCartsApart: equal carts have equal digests, and any change shows.
func TestDigestTellsCartsApart(t *testing.T) {
	text := rapid.StringN(0, 12, 40)
	line := rapid.Custom(func(t *rapid.T) Line {
		return Line{LineID: text.Draw(t, "line"), SKU: text.Draw(t, "sku"), Quantity: rapid.Int64Range(1, MaxQuantity).Draw(t, "quantity"),
			UnitAmount: rapid.Int64Range(0, MaxTotal).Draw(t, "amount"), Categories: rapid.SliceOfN(text, 1, 3).Draw(t, "categories")}
	})
	cart := rapid.Custom(func(t *rapid.T) Cart {
		return Cart{Currency: text.Draw(t, "currency"), TaxMode: text.Draw(t, "tax"), ShippingAmount: rapid.Int64Range(0, MaxTotal).Draw(t, "shipping"),
			Lines: rapid.SliceOfN(line, 1, 4).Draw(t, "lines")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := cart.Draw(t, "a"), cart.Draw(t, "b")
		if (a.Digest() == b.Digest()) != reflect.DeepEqual(a, b) {
			t.Fatalf("%+v and %+v", a, b)
		}
		// The oracle: it is JSON of the same cart.
		var again Cart
		if err := json.Unmarshal(a.Canonical(), &again); err != nil || !reflect.DeepEqual(again, a) {
			t.Fatalf("%s is not the cart: %v", a.Canonical(), err)
		}
		a.Lines[0].Quantity++
		if strings.Compare(a.Digest(), again.Digest()) == 0 {
			t.Fatal("another quantity, the same digest")
		}
	})
}

package offers_test

import (
	"fmt"
	"testing"

	"github.com/laurel-gateway/laurel/offers"
)

// Ten lines and three offers with rules: what a checkout asks on every change of a cart.
func BenchmarkEvaluate(b *testing.B) {
	cart := offers.Cart{Currency: "USD", ShippingAmount: 500}
	for i := range 10 {
		cart.Lines = append(cart.Lines, offers.Line{LineID: fmt.Sprint("l", i), SKU: fmt.Sprint("s", i), Quantity: 2, UnitAmount: 1999, Categories: []string{"books"}})
	}
	shopper := &offers.Shopper{Customer: "c-1", Proof: &offers.Proof{Group: "student", Subgroup: "university"}, Member: &offers.Member{Tiers: []string{"bronze", "silver"}, Points: 100}}
	candidates := []offers.Candidate{
		{Offer: ready(b, "a", tenPercent, `attestation.group == "student" && cart.subtotal >= 5000`), Shopper: shopper},
		{Offer: ready(b, "b", offers.Benefit{Type: offers.FixedAmount, Amount: 500, Currency: "USD"}, `member.tier in ["silver", "gold"]`), Shopper: shopper},
		{Offer: ready(b, "c", offers.Benefit{Type: offers.FreeShipping}, `cart.quantity > 3 && customer.id != ""`), Shopper: shopper},
	}
	b.ReportAllocs()
	for b.Loop() {
		if p := offers.Evaluate(cart, candidates, noon); len(p.Applied) != 3 {
			b.Fatalf("%+v", p.Rejected)
		}
	}
}

func ready(b *testing.B, id string, benefit offers.Benefit, rule string) *offers.Offer {
	b.Helper()
	o := live(id, benefit)
	o.Rule = rule
	if err := o.Prepare(); err != nil {
		b.Fatal(err)
	}
	return &o
}

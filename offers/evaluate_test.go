package offers_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/laurel-gateway/laurel/offers"
	"pgregory.net/rapid"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func live(id string, b offers.Benefit) offers.Offer {
	return offers.Offer{ID: id, Version: 1, State: offers.Live, Name: id, Benefit: b, TokenSeconds: 600}
}

func candidate(o offers.Offer) offers.Candidate {
	return offers.Candidate{Offer: o, JTI: "tok_" + o.ID}
}

func books(lines ...int64) offers.Cart {
	c := offers.Cart{Currency: "USD", ShippingAmount: 500}
	for i, amount := range lines {
		c.Lines = append(c.Lines, offers.Line{LineID: fmt.Sprintf("l%d", i+1), Quantity: 1, UnitAmount: amount, Categories: []string{"books"}})
	}
	return c
}

func TestEvaluate(t *testing.T) {
	percent := offers.Benefit{Type: offers.Percentage, BasisPoints: 2000}
	fixed := offers.Benefit{Type: offers.FixedAmount, Amount: 1000, Currency: "USD"}
	shipping := offers.Benefit{Type: offers.FreeShipping}
	with := func(o offers.Offer, change func(*offers.Offer)) offers.Offer {
		change(&o)
		return o
	}
	later, earlier := noon.Add(time.Hour), noon.Add(-time.Hour)
	for name, c := range map[string]struct {
		cart     offers.Cart
		offers   []offers.Offer
		discount int64
		shares   []int64 // of the first applied offer
		rejected []string
	}{
		"percentage across lines": {books(5000, 2500), []offers.Offer{live("a", percent)}, 1500, []int64{1000, 500}, nil},
		"remainder to the larger rest": {books(100, 100, 100), []offers.Offer{live("a", offers.Benefit{Type: offers.FixedAmount, Amount: 100, Currency: "USD"})},
			100, []int64{34, 33, 33}, nil},
		"fixed never above the order": {books(600), []offers.Offer{live("a", fixed)}, 600, []int64{600}, nil},
		"free shipping":               {books(600), []offers.Offer{live("a", shipping)}, 500, []int64{500}, nil},
		"bounded by its maximum": {books(50_000), []offers.Offer{live("a", offers.Benefit{Type: offers.Percentage, BasisPoints: 2000, Maximum: 3000})},
			3000, []int64{3000}, nil},
		"two offers, the second on what is left": {books(1000), []offers.Offer{live("a", percent), live("b", percent)}, 360, []int64{200}, nil},
		"higher priority first": {books(1000), []offers.Offer{live("a", fixed), with(live("b", percent), func(o *offers.Offer) { o.Priority = 1 })},
			1000, []int64{200}, nil},
		"another currency":   {books(1000), []offers.Offer{live("a", offers.Benefit{Type: offers.FixedAmount, Amount: 5, Currency: "EUR"})}, 0, nil, []string{offers.ReasonCurrency}},
		"minimum":            {books(1000), []offers.Offer{with(live("a", percent), func(o *offers.Offer) { o.MinimumOrder = 1001 })}, 0, nil, []string{offers.ReasonMinimum}},
		"other categories":   {books(1000), []offers.Offer{live("a", offers.Benefit{Type: offers.Percentage, BasisPoints: 2000, Categories: []string{"toys"}})}, 0, nil, []string{offers.ReasonNoLines}},
		"paused":             {books(1000), []offers.Offer{with(live("a", percent), func(o *offers.Offer) { o.State = offers.Paused })}, 0, nil, []string{offers.ReasonNotLive}},
		"not begun":          {books(1000), []offers.Offer{with(live("a", percent), func(o *offers.Offer) { o.StartsAt = &later })}, 0, nil, []string{offers.ReasonNotLive}},
		"over":               {books(1000), []offers.Offer{with(live("a", percent), func(o *offers.Offer) { o.EndsAt = &earlier })}, 0, nil, []string{offers.ReasonNotLive}},
		"exclusive alone":    {books(1000), []offers.Offer{with(live("a", percent), func(o *offers.Offer) { o.Exclusive, o.Priority = true, 1 }), live("b", fixed)}, 200, []int64{200}, []string{offers.ReasonExclusive}},
		"nothing left":       {books(0), []offers.Offer{live("a", percent)}, 0, nil, []string{offers.ReasonNothing}},
		"the same one twice": {books(1000), []offers.Offer{live("a", percent), live("a", percent)}, 200, []int64{200}, []string{offers.ReasonDuplicate}},
	} {
		t.Run(name, func(t *testing.T) {
			var candidates []offers.Candidate
			for _, o := range c.offers {
				candidates = append(candidates, candidate(o))
			}
			p := offers.Evaluate(c.cart, candidates, noon)
			if p.Totals.Discount != c.discount || p.Totals.Total != p.Totals.Subtotal+p.Totals.Shipping-p.Totals.Discount {
				t.Errorf("totals %+v, want a discount of %d", p.Totals, c.discount)
			}
			var shares []int64
			if len(p.Applied) > 0 {
				for _, a := range p.Applied[0].Allocations {
					shares = append(shares, a.Amount)
				}
			}
			if d := cmp.Diff(c.shares, shares); d != "" {
				t.Error(d)
			}
			var reasons []string
			for _, r := range p.Rejected {
				reasons = append(reasons, r.Reason)
			}
			if d := cmp.Diff(c.rejected, reasons); d != "" {
				t.Error(d)
			}
		})
	}
}

func drawCart(t *rapid.T) offers.Cart {
	c := offers.Cart{Currency: rapid.SampledFrom([]string{"USD", "JPY", "KWD"}).Draw(t, "currency"), ShippingAmount: rapid.Int64Range(0, 10_000).Draw(t, "shipping")}
	for i := range rapid.IntRange(1, 8).Draw(t, "lines") {
		c.Lines = append(c.Lines, offers.Line{LineID: fmt.Sprint(i), Quantity: rapid.Int64Range(1, 9).Draw(t, "quantity"),
			UnitAmount: rapid.Int64Range(0, 100_000).Draw(t, "unit")})
	}
	return c
}

func drawOffers(t *rapid.T, currency string) []offers.Candidate {
	var out []offers.Candidate
	for i := range rapid.IntRange(0, 4).Draw(t, "offers") {
		b := rapid.SampledFrom([]offers.Benefit{
			{Type: offers.Percentage, BasisPoints: rapid.Int64Range(1, 10_000).Draw(t, "bp"), Maximum: rapid.Int64Range(0, 5000).Draw(t, "max")},
			{Type: offers.FixedAmount, Amount: rapid.Int64Range(1, 200_000).Draw(t, "amount"), Currency: currency},
			{Type: offers.FreeShipping},
		}).Draw(t, "benefit")
		out = append(out, candidate(live(fmt.Sprint("o", i), b)))
	}
	return out
}

func TestPricesHoldForAnyCart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCart(t)
		p := offers.Evaluate(c, drawOffers(t, c.Currency), noon)
		var sum int64
		for _, a := range p.Applied {
			var shares int64
			for _, al := range a.Allocations {
				if al.Amount < 0 {
					t.Fatalf("a share of %d", al.Amount)
				}
				shares += al.Amount
			}
			if shares != a.Amount {
				t.Fatalf("shares sum to %d, the discount is %d", shares, a.Amount)
			}
			sum += a.Amount
		}
		for i, net := range offers.NetLines(c, p.Applied) {
			if net < 0 || net > c.Lines[i].Amount() {
				t.Fatalf("line %d costs %d of %d", i, net, c.Lines[i].Amount())
			}
		}
		if p.Totals.Discount != sum || p.Totals.Total < 0 {
			t.Fatalf("totals %+v, applied %d", p.Totals, sum)
		}
	})
}

func TestRefundsInAnyStepsSumToWhatWasGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCart(t)
		p := offers.Evaluate(c, drawOffers(t, c.Currency), noon)
		pinned := offers.Pinned{Cart: c, Applied: p.Applied, Totals: p.Totals, Points: rapid.Int64Range(0, 10_000).Draw(t, "points")}
		pinned.LinePoints = offers.Split(pinned.Points, offers.NetLines(c, p.Applied))
		var given int64
		for _, n := range pinned.LinePoints {
			given += n
		}
		var done offers.Refunded
		var discount, points int64
		for state := offers.RedemptionState(""); state != offers.StateRefunded; {
			i := rapid.IntRange(0, len(c.Lines)-1).Draw(t, "line")
			left := c.Lines[i].Quantity - done.Quantities[c.Lines[i].LineID]
			if left == 0 {
				continue
			}
			next, rev, err := offers.Refund(pinned, done, []offers.RefundLine{{LineID: c.Lines[i].LineID, Quantity: rapid.Int64Range(1, left).Draw(t, "units")}})
			if err != nil {
				t.Fatal(err)
			}
			if rev.Discount < 0 || rev.Points < 0 {
				t.Fatalf("a refund gave %+v", rev)
			}
			done, state = next, rev.State
			discount, points = discount+rev.Discount, points+rev.Points
		}
		if discount != p.Totals.Discount || points != given {
			t.Fatalf("refunds reversed %d of %d discount and %d of %d points", discount, p.Totals.Discount, points, given)
		}
		if _, _, err := offers.Refund(pinned, done, nil); err == nil {
			t.Fatal("more was refunded than there was")
		}
	})
}

func TestCartCheckNamesEveryFault(t *testing.T) {
	good := books(100)
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	bad := offers.Cart{Currency: "usd", ShippingAmount: -1, Lines: []offers.Line{{LineID: "a", Quantity: 0}, {LineID: "a", Quantity: 1, UnitAmount: -1}, {Quantity: 1}}}
	err := bad.Check()
	for _, pointer := range []string{"#/cart/currency", "#/cart/shipping_amount", "#/cart/lines/0/quantity", "#/cart/lines/1/line_id", "#/cart/lines/1/unit_amount", "#/cart/lines/2/line_id"} {
		if !pointsAt(err, pointer) {
			t.Errorf("%s is not named in %v", pointer, err)
		}
	}
	huge := offers.Cart{Currency: "USD", Lines: []offers.Line{{LineID: "a", Quantity: 1, UnitAmount: offers.MaxTotal}, {LineID: "b", Quantity: 1, UnitAmount: 1}}}
	if huge.Check() == nil {
		t.Error("a cart above the bound passes")
	}
}

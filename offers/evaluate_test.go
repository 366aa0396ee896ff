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
	return offers.Candidate{Offer: &o, JTI: "tok_" + o.ID}
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
			SKU: rapid.SampledFrom([]string{"", "s0", "s1", "s2"}).Draw(t, "sku"), Categories: []string{fmt.Sprint("c", i%2)},
			UnitAmount: rapid.SampledFrom([]int64{0, 1, 7, 100, 333, 99_999, 900_000_000}).Draw(t, "unit")})
	}
	return c
}

// drawOffers draws any mix of offers that can be saved, with any stacking.
func drawOffers(t *rapid.T, currency string) []offers.Candidate {
	shopper := &offers.Shopper{Customer: rapid.SampledFrom([]string{"", "c-1", "c-1"}).Draw(t, "customer")}
	var out []offers.Candidate
	for i := range rapid.IntRange(0, 6).Draw(t, "offers") {
		o := live(fmt.Sprint("o", rapid.IntRange(0, i).Draw(t, "id")), drawBenefit(t, currency))
		o.Priority = rapid.Int64Range(-2, 2).Draw(t, "priority")
		o.Exclusive = rapid.IntRange(0, 9).Draw(t, "exclusive") == 0
		o.Category = rapid.SampledFrom([]string{"", "", "", "a"}).Draw(t, "category")
		o.Limits.PerOrder = rapid.Int64Range(0, 3).Draw(t, "per order")
		if err := o.Check(); err != nil {
			t.Fatalf("%+v: %v", o.Benefit, err)
		}
		out = append(out, offers.Candidate{Offer: &o, JTI: fmt.Sprint("tok_", i), Shopper: shopper})
	}
	return out
}

func drawBenefit(t *rapid.T, currency string) offers.Benefit {
	b := offers.Benefit{Type: rapid.SampledFrom([]offers.BenefitType{offers.Percentage, offers.FixedAmount, offers.FixedPrice, offers.FreeShipping,
		offers.GiftLine, offers.PointsMultiplier, offers.BonusPoints}).Draw(t, "type")}
	method := rapid.SampledFrom([]string{"", offers.Across, offers.Each}).Draw(t, "method")
	maximum := rapid.SampledFrom([]int64{0, 0, 1, 777, 50_000}).Draw(t, "maximum")
	switch b.Type {
	case offers.Percentage:
		b.BasisPoints, b.Method, b.Maximum = rapid.Int64Range(1, 10_000).Draw(t, "bp"), method, maximum
	case offers.FixedAmount, offers.FixedPrice:
		b.Amount, b.Currency = rapid.SampledFrom([]int64{1, 99, 1000, 200_000, offers.MaxTotal}).Draw(t, "amount"), currency
		b.Method, b.Maximum = method, maximum
	case offers.FreeShipping:
		b.Maximum = maximum
		return b
	case offers.GiftLine:
		b.Gift = &offers.Gift{SKU: rapid.SampledFrom([]string{"s0", "s1"}).Draw(t, "gift"), Quantity: rapid.Int64Range(1, 12).Draw(t, "gifts")}
		return b
	case offers.PointsMultiplier:
		b.BasisPoints = rapid.Int64Range(10_001, offers.MaxBasisPoints).Draw(t, "times")
	case offers.BonusPoints:
		b.Points = rapid.Int64Range(1, offers.MaxBonus).Draw(t, "bonus")
	}
	switch rapid.IntRange(0, 3).Draw(t, "target") {
	case 0:
		b.Target, b.Categories = offers.OnLines, []string{"c0"}
	case 1:
		b.SKUs = []string{"s0", "s2"}
	case 2:
		if b.Type != offers.PointsMultiplier && b.Type != offers.BonusPoints {
			b.Target, b.Method = offers.OnShipping, ""
		}
	}
	return b
}

func TestPricesHoldForAnyCart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCart(t)
		candidates := drawOffers(t, c.Currency)
		p := offers.Evaluate(c, candidates, noon)
		if len(p.Applied)+len(p.Rejected) != len(candidates) {
			t.Fatalf("%d offers, %d applied and %d rejected", len(candidates), len(p.Applied), len(p.Rejected))
		}
		sum, shipping := int64(0), c.ShippingAmount
		for _, a := range p.Applied {
			var shares int64
			for _, al := range a.Allocations {
				if al.Amount < 0 || (al.LineID == "") != (al.Target == offers.TargetShipping) {
					t.Fatalf("a share of %+v", al)
				}
				if al.Target != "" {
					shipping -= al.Amount
				}
				shares += al.Amount
			}
			if shares != a.Amount {
				t.Fatalf("shares sum to %d, the discount is %d", shares, a.Amount)
			}
			if a.Points != nil && a.Amount != 0 {
				t.Fatalf("points took off %d", a.Amount)
			}
			sum += a.Amount
		}
		for i, net := range offers.NetLines(c, p.Applied) {
			if net < 0 || net > c.Lines[i].Amount() {
				t.Fatalf("line %d costs %d of %d", i, net, c.Lines[i].Amount())
			}
		}
		if shipping < 0 {
			t.Fatalf("shipping costs %d", shipping)
		}
		want := offers.Totals{Subtotal: c.Subtotal(), Discount: sum, Shipping: c.ShippingAmount, Total: c.Subtotal() + c.ShippingAmount - sum}
		if p.Totals != want || p.Totals.Total < 0 {
			t.Fatalf("totals %+v, want %+v", p.Totals, want)
		}
		explained, traces := offers.Explain(c, candidates, noon)
		if d := cmp.Diff(p, explained); d != "" || len(traces) != len(candidates) {
			t.Fatalf("asking twice, or why, gives another price: %s", d)
		}
	})
}

// The exponent of a currency is a matter of how amounts are shown: no price depends on it.
func TestPricesAreTheSameInEveryCurrency(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCart(t)
		candidates := drawOffers(t, c.Currency)
		want := offers.Evaluate(c, candidates, noon)
		for _, currency := range []string{"JPY", "USD", "KWD"} {
			other := c
			other.Currency = currency
			for _, candidate := range candidates {
				if candidate.Offer.Benefit.Currency != "" {
					candidate.Offer.Benefit.Currency = currency
				}
			}
			if d := cmp.Diff(want, offers.Evaluate(other, candidates, noon)); d != "" {
				t.Fatalf("%s: %s", currency, d)
			}
		}
	})
}

func TestRefundsInAnyStepsSumToWhatWasGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCart(t)
		p := offers.Evaluate(c, drawOffers(t, c.Currency), noon)
		pinned := offers.Pinned{Cart: c, Applied: p.Applied, Totals: p.Totals}
		pinned.LinePoints = offers.PointsFor(c, p.Applied, rapid.Int64Range(0, 10_000).Draw(t, "points"))
		for _, n := range pinned.LinePoints {
			pinned.Points += n
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
		if discount != p.Totals.Discount || points != pinned.Points {
			t.Fatalf("refunds reversed %d of %d discount and %d of %d points", discount, p.Totals.Discount, points, pinned.Points)
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

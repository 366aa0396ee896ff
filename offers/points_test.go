package offers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/laurel-gateway/laurel/offers"
	"pgregory.net/rapid"
)

func TestPointsOfOffers(t *testing.T) {
	cart := offers.Cart{Currency: "USD", Lines: []offers.Line{
		{LineID: "a", SKU: "a", Quantity: 1, UnitAmount: 3000}, {LineID: "b", SKU: "b", Quantity: 2, UnitAmount: 500}, {LineID: "c", SKU: "c", Quantity: 5},
	}}
	times := func(bp int64, skus ...string) offers.Offer {
		return live("times", offers.Benefit{Type: offers.PointsMultiplier, BasisPoints: bp, SKUs: skus})
	}
	bonus := func(points int64, skus ...string) offers.Offer {
		return live("bonus", offers.Benefit{Type: offers.BonusPoints, Points: points, SKUs: skus})
	}
	named := func(o offers.Offer, id string) offers.Offer {
		o.ID = id
		return o
	}
	for name, c := range map[string]struct {
		offers []offers.Offer
		base   int64
		want   []int64
	}{
		"no offer":                        {nil, 40, []int64{30, 10, 0}},
		"doubled":                         {[]offers.Offer{times(20_000)}, 40, []int64{60, 20, 0}},
		"one line doubled":                {[]offers.Offer{times(20_000, "b")}, 40, []int64{30, 20, 0}},
		"half as much again, rounded up":  {[]offers.Offer{times(15_000, "b")}, 43, []int64{32, 17, 0}},
		"multipliers add":                 {[]offers.Offer{times(20_000), named(times(30_000), "more")}, 40, []int64{120, 40, 0}},
		"a bonus":                         {[]offers.Offer{bonus(100)}, 40, []int64{105, 35, 0}},
		"a bonus on one line":             {[]offers.Offer{bonus(7, "b")}, 40, []int64{30, 17, 0}},
		"a bonus on what costs nothing":   {[]offers.Offer{bonus(7, "c")}, 40, []int64{30, 10, 7}},
		"a bonus is not multiplied":       {[]offers.Offer{bonus(100, "b"), times(20_000)}, 40, []int64{60, 120, 0}},
		"a bonus without a rule to earn":  {[]offers.Offer{bonus(4)}, 0, []int64{3, 1, 0}},
		"never above what a member holds": {[]offers.Offer{times(1_000_000), bonus(5)}, offers.MaxPoints - 1, []int64{750_000_000_000, 250_000_000_000, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			var candidates []offers.Candidate
			for _, o := range c.offers {
				candidates = append(candidates, customer(o))
			}
			p := offers.Evaluate(cart, candidates, noon)
			if len(p.Rejected) > 0 || p.Totals.Discount != 0 {
				t.Fatalf("%+v", p)
			}
			if d := cmp.Diff(c.want, offers.PointsFor(cart, p.Applied, c.base)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPointsSumExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCart(t)
		p := offers.Evaluate(c, drawOffers(t, c.Currency), noon)
		base := rapid.Int64Range(0, 1_000_000).Draw(t, "base")
		plain := offers.PointsFor(c, nil, base)
		points := offers.PointsFor(c, p.Applied, base)
		if len(points) != len(c.Lines) || sumOf(plain) != base {
			t.Fatalf("%d lines share %d of %d points", len(points), sumOf(plain), base)
		}
		least, most := base, base
		whole := base
		for _, a := range p.Applied {
			if a.Points == nil {
				continue
			}
			least += a.Points.Bonus
			most += a.Points.Bonus
			if a.Points.BasisPoints > 0 {
				// On the whole order it is exactly this; on some lines it is less.
				extra := offers.Percent(base, a.Points.BasisPoints-10_000)
				most += extra
				if len(a.Points.LineIDs) == 0 {
					least += extra
				}
			}
			if len(a.Points.LineIDs) > 0 {
				whole = -1
			}
		}
		if got := sumOf(points); got < least || got > most || whole >= 0 && got != most {
			t.Fatalf("%d points, want %d to %d", got, least, most)
		}
		for i, n := range points {
			if n < 0 {
				t.Fatalf("line %d earns %d", i, n)
			}
		}
	})
}

func sumOf(values []int64) int64 {
	var n int64
	for _, v := range values {
		n += v
	}
	return n
}

func TestAGuestGetsNoOfferOfPoints(t *testing.T) {
	for _, b := range []offers.Benefit{{Type: offers.BonusPoints, Points: 5}, {Type: offers.PointsMultiplier, BasisPoints: 20_000}} {
		o := live("a", b)
		p := offers.Evaluate(basket(), []offers.Candidate{{Offer: &o}}, noon)
		if len(p.Applied) != 0 || p.Rejected[0].Reason != offers.ReasonCustomer {
			t.Errorf("%+v", p)
		}
	}
}

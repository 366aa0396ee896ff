package offers_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/laurel-gateway/laurel/offers"
)

// basket has three mugs at 3.33, two pens at 1.01 and one book at 20.00, and 5.00 of shipping.
func basket() offers.Cart {
	return offers.Cart{Currency: "USD", ShippingAmount: 500, Lines: []offers.Line{
		{LineID: "mugs", SKU: "mug", Quantity: 3, UnitAmount: 333, Categories: []string{"kitchen"}},
		{LineID: "pens", SKU: "pen", Quantity: 2, UnitAmount: 101, Categories: []string{"office", "gifts"}},
		{LineID: "book", SKU: "book", Quantity: 1, UnitAmount: 2000, Categories: []string{"books"}},
	}}
}

func customer(o offers.Offer) offers.Candidate {
	return offers.Candidate{Offer: &o, JTI: "tok_" + o.ID, Shopper: &offers.Shopper{Customer: "c-1"}}
}

// told puts an applied offer's shares into words: "mugs 10, shipping 5".
func told(a offers.Applied) []string {
	out := []string{}
	for _, al := range a.Allocations {
		name := al.LineID
		if al.Target != "" {
			name = al.Target
		}
		out = append(out, fmt.Sprintf("%s %d", name, al.Amount))
	}
	return out
}

func TestEveryBenefit(t *testing.T) {
	type benefit = offers.Benefit
	mugsAndPens := []string{"kitchen", "office"}
	for name, c := range map[string]struct {
		benefit benefit
		method  string
		amount  int64
		shares  []string
		reason  string
	}{
		"percentage of the order": {
			benefit: benefit{Type: offers.Percentage, BasisPoints: 1000},
			method:  offers.Across, amount: 320, shares: []string{"mugs 100", "pens 20", "book 200"},
		},
		"percentage of each unit, rounded for the unit": {
			// 10 % of 3.33 is 0.33, three times; of 1.01 it is 0.10, twice.
			benefit: benefit{Type: offers.Percentage, BasisPoints: 1000, Method: offers.Each},
			method:  offers.Each, amount: 319, shares: []string{"mugs 99", "pens 20", "book 200"},
		},
		"percentage of a category": {
			benefit: benefit{Type: offers.Percentage, BasisPoints: 5000, Categories: []string{"kitchen"}},
			method:  offers.Across, amount: 500, shares: []string{"mugs 500"},
		},
		"percentage of a SKU or a category": {
			benefit: benefit{Type: offers.Percentage, BasisPoints: 5000, Target: offers.OnLines, Categories: []string{"gifts"}, SKUs: []string{"book"}},
			method:  offers.Across, amount: 1101, shares: []string{"pens 101", "book 1000"},
		},
		"percentage of the shipping": {
			benefit: benefit{Type: offers.Percentage, BasisPoints: 3333, Target: offers.OnShipping},
			method:  offers.Across, amount: 167, shares: []string{"shipping 167"},
		},
		"percentage with a maximum": {
			benefit: benefit{Type: offers.Percentage, BasisPoints: 10_000, Maximum: 3200},
			method:  offers.Across, amount: 3200, shares: []string{"mugs 999", "pens 202", "book 1999"},
		},
		"percentage of each unit with a maximum": {
			benefit: benefit{Type: offers.Percentage, BasisPoints: 1000, Method: offers.Each, Maximum: 100},
			method:  offers.Each, amount: 100, shares: []string{"mugs 31", "pens 6", "book 63"},
		},
		"fixed amount off the order": {
			benefit: benefit{Type: offers.FixedAmount, Amount: 1000, Currency: "USD"},
			method:  offers.Across, amount: 1000, shares: []string{"mugs 312", "pens 63", "book 625"},
		},
		"fixed amount off each unit, never more than the unit": {
			benefit: benefit{Type: offers.FixedAmount, Amount: 150, Currency: "USD", Method: offers.Each, Categories: mugsAndPens},
			method:  offers.Each, amount: 652, shares: []string{"mugs 450", "pens 202"},
		},
		"fixed amount off the shipping": {
			benefit: benefit{Type: offers.FixedAmount, Amount: 900, Currency: "USD", Target: offers.OnShipping},
			method:  offers.Across, amount: 500, shares: []string{"shipping 500"},
		},
		"the order costs": {
			benefit: benefit{Type: offers.FixedPrice, Amount: 2500, Currency: "USD"},
			method:  offers.Across, amount: 701, shares: []string{"mugs 219", "pens 44", "book 438"},
		},
		"the order costs nothing": {
			benefit: benefit{Type: offers.FixedPrice, Amount: 0, Currency: "USD"},
			method:  offers.Across, amount: 3201, shares: []string{"mugs 999", "pens 202", "book 2000"},
		},
		"the order costs less already": {
			benefit: benefit{Type: offers.FixedPrice, Amount: 9900, Currency: "USD"}, reason: offers.ReasonNothing,
		},
		"each unit of the chosen lines costs": {
			benefit: benefit{Type: offers.FixedPrice, Amount: 300, Currency: "USD", Categories: mugsAndPens},
			method:  offers.Each, amount: 99, shares: []string{"mugs 99", "pens 0"},
		},
		"the chosen lines together cost": {
			benefit: benefit{Type: offers.FixedPrice, Amount: 1000, Currency: "USD", Method: offers.Across, Categories: mugsAndPens},
			method:  offers.Across, amount: 201, shares: []string{"mugs 167", "pens 34"},
		},
		"a price of each unit that no cart reaches": {
			benefit: benefit{Type: offers.FixedPrice, Amount: offers.MaxTotal, Currency: "USD", SKUs: []string{"mug"}}, reason: offers.ReasonNothing,
		},
		"the shipping costs": {
			benefit: benefit{Type: offers.FixedPrice, Amount: 199, Currency: "USD", Target: offers.OnShipping},
			method:  offers.Across, amount: 301, shares: []string{"shipping 301"},
		},
		"free shipping": {
			benefit: benefit{Type: offers.FreeShipping},
			method:  offers.Across, amount: 500, shares: []string{"shipping 500"},
		},
		"free shipping up to a maximum": {
			benefit: benefit{Type: offers.FreeShipping, Maximum: 300},
			method:  offers.Across, amount: 300, shares: []string{"shipping 300"},
		},
		"no such SKU": {
			benefit: benefit{Type: offers.Percentage, BasisPoints: 1000, SKUs: []string{"hat"}}, reason: offers.ReasonNoLines,
		},
		"another currency": {
			benefit: benefit{Type: offers.FixedPrice, Amount: 1, Currency: "EUR"}, reason: offers.ReasonCurrency,
		},
		"points on no line": {
			benefit: benefit{Type: offers.BonusPoints, Points: 5, SKUs: []string{"hat"}}, reason: offers.ReasonNoLines,
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := live("a", c.benefit)
			if err := o.Check(); err != nil {
				t.Fatal(err)
			}
			p := offers.Evaluate(basket(), []offers.Candidate{customer(o)}, noon)
			if c.reason != "" {
				if len(p.Applied) != 0 || p.Rejected[0].Reason != c.reason {
					t.Fatalf("%+v, want %s", p, c.reason)
				}
				return
			}
			if len(p.Applied) != 1 {
				t.Fatalf("rejected: %+v", p.Rejected)
			}
			a := p.Applied[0]
			if a.Amount != c.amount || a.Method != c.method || p.Totals.Discount != c.amount {
				t.Errorf("%d by %s, want %d by %s", a.Amount, a.Method, c.amount, c.method)
			}
			if d := cmp.Diff(c.shares, told(a)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestGiftLines(t *testing.T) {
	gift := func(sku string, quantity int64) offers.Offer {
		return live("gift_"+sku, offers.Benefit{Type: offers.GiftLine, Gift: &offers.Gift{SKU: sku, Quantity: quantity}})
	}
	split := basket()
	split.Lines = append(split.Lines, offers.Line{LineID: "more pens", SKU: "pen", Quantity: 2, UnitAmount: 90})
	free := basket()
	free.Lines[1].UnitAmount = 0
	half := live("half", offers.Benefit{Type: offers.Percentage, BasisPoints: 5000})
	half.Priority = 1
	for name, c := range map[string]struct {
		cart    offers.Cart
		offers  []offers.Offer
		amount  int64
		shares  []string
		missing int64
	}{
		"all of it in the cart":           {basket(), []offers.Offer{gift("mug", 1)}, 333, []string{"mugs 333"}, 0},
		"more than it in the cart":        {basket(), []offers.Offer{gift("mug", 2)}, 666, []string{"mugs 666"}, 0},
		"some of it in the cart":          {basket(), []offers.Offer{gift("pen", 3)}, 202, []string{"pens 202"}, 1},
		"nothing of it in the cart":       {basket(), []offers.Offer{gift("sticker", 2)}, 0, []string{}, 2},
		"on two lines":                    {split, []offers.Offer{gift("pen", 3)}, 292, []string{"pens 202", "more pens 90"}, 0},
		"given for nothing already":       {free, []offers.Offer{gift("pen", 2)}, 0, []string{"pens 0"}, 0},
		"after another offer took a half": {basket(), []offers.Offer{half, gift("mug", 1)}, 166, []string{"mugs 166"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var candidates []offers.Candidate
			for _, o := range c.offers {
				candidates = append(candidates, customer(o))
			}
			p := offers.Evaluate(c.cart, candidates, noon)
			if len(p.Rejected) > 0 {
				t.Fatalf("rejected: %+v", p.Rejected)
			}
			a := p.Applied[len(p.Applied)-1]
			want := []offers.GivenGift{{SKU: c.offers[len(c.offers)-1].Benefit.Gift.SKU, Quantity: c.offers[len(c.offers)-1].Benefit.Gift.Quantity, Missing: c.missing}}
			if d := cmp.Diff(want, a.Gifts); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(c.shares, told(a)); d != "" || a.Amount != c.amount || a.Method != offers.Each {
				t.Errorf("%d by %s %s", a.Amount, a.Method, d)
			}
		})
	}
}

// Two offers give a mug each: each gives one of its own, at the full price. What comes after sees only what is paid for.
func TestAUnitIsAGiftOnce(t *testing.T) {
	gift := live("one", offers.Benefit{Type: offers.GiftLine, Gift: &offers.Gift{SKU: "mug", Quantity: 1}})
	again := gift
	again.ID = "two"
	off := live("off", offers.Benefit{Type: offers.FixedAmount, Amount: 100, Currency: "USD", Method: offers.Each, SKUs: []string{"mug"}})
	p := offers.Evaluate(basket(), []offers.Candidate{customer(gift), customer(again), customer(off)}, noon)
	var amounts []int64
	for _, a := range p.Applied {
		amounts = append(amounts, a.Amount)
	}
	if d := cmp.Diff([]int64{333, 333, 100}, amounts); d != "" {
		t.Error(d)
	}
	four := live("four", offers.Benefit{Type: offers.GiftLine, Gift: &offers.Gift{SKU: "mug", Quantity: 4}})
	p = offers.Evaluate(basket(), []offers.Candidate{customer(gift), customer(four)}, noon)
	if g := p.Applied[1].Gifts[0]; g.Missing != 2 || p.Totals.Discount != 999 {
		t.Errorf("missing %d, discount %d", g.Missing, p.Totals.Discount)
	}
}

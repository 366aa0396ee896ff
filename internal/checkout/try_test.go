package checkout_test

import (
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestTry(t *testing.T) {
	program := &loyalty.Program{Name: "Points", Earn: []loyalty.EarnRule{{Currency: "USD", Points: 1, PerAmount: 100}},
		Window: loyalty.Window{Type: loyalty.Rolling, Days: 365}, Tiers: []loyalty.Tier{{ID: "bronze"}, {ID: "silver", Threshold: 500}, {ID: "gold", Threshold: 900}}}
	cart := offers.Cart{Currency: "USD", Lines: []offers.Line{{LineID: "l1", Quantity: 2, UnitAmount: 2500}}}
	ten := offers.Offer{State: offers.Draft, Name: "Ten", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}, TokenSeconds: 600}
	with := func(change func(*offers.Offer)) offers.Offer {
		o := ten
		change(&o)
		return o
	}
	proof := &offers.Proof{Group: "student", Subgroup: "university", VerifiedAt: noon, ValidUntil: noon.AddDate(1, 0, 0)}
	for name, c := range map[string]struct {
		trial   checkout.Trial
		program *loyalty.Program
		reason  string
		points  int64
	}{
		"a draft is tried as if it were live": {checkout.Trial{Offer: ten, Customer: "c"}, program, "", 45},
		"an ended one is over":                {checkout.Trial{Offer: with(func(o *offers.Offer) { o.State = offers.Ended })}, nil, offers.ReasonNotLive, 0},
		"without a program":                   {checkout.Trial{Offer: ten, Customer: "c"}, nil, "", 0},
		"a proof of the subgroup":             {checkout.Trial{Offer: with(func(o *offers.Offer) { o.Group, o.Subgroup = "student", "university" }), Proof: proof}, nil, "", 0},
		"a proof of another subgroup":         {checkout.Trial{Offer: with(func(o *offers.Offer) { o.Group, o.Subgroup = "student", "college" }), Proof: proof}, nil, "offer_not_eligible", 0},
		"no proof":                            {checkout.Trial{Offer: with(func(o *offers.Offer) { o.Group = "student" })}, nil, "offer_not_eligible", 0},
		"a higher tier":                       {checkout.Trial{Offer: with(func(o *offers.Offer) { o.Tier = "silver" }), Customer: "c", Tier: "gold"}, program, "", 45},
		"a lower tier":                        {checkout.Trial{Offer: with(func(o *offers.Offer) { o.Tier = "silver" }), Customer: "c", Tier: "bronze"}, program, offers.ReasonTier, 50},
		"a tier without a program":            {checkout.Trial{Offer: with(func(o *offers.Offer) { o.Tier = "silver" }), Customer: "c", Tier: "silver"}, nil, "", 0},
		"points and no tier":                  {checkout.Trial{Offer: with(func(o *offers.Offer) { o.Rule = "member.points == 5" }), Points: 5}, program, "", 0},
		"the store's zone": {checkout.Trial{Offer: with(func(o *offers.Offer) {
			o.Campaign = &offers.Campaign{Event: "teacher_appreciation_week"}
		})}, nil, offers.ReasonNotLive, 0},
	} {
		c.trial.Cart, c.trial.Now = cart, noon
		got, err := checkout.Try(c.trial, time.UTC, c.program)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Trace.Reason != c.reason || got.Trace.Applied != (c.reason == "") || got.Points != c.points || (got.Totals.Discount == 500) != (c.reason == "") {
			t.Errorf("%s: %q, %d points, %+v", name, got.Trace.Reason, got.Points, got.Totals)
		}
	}
}

func TestTryRefusesWhatCannotBe(t *testing.T) {
	good := checkout.Trial{Offer: offers.Offer{Name: "Ten", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}}, Now: noon,
		Cart: offers.Cart{Currency: "USD", Lines: []offers.Line{{LineID: "l1", Quantity: 1, UnitAmount: 100}}}}
	if _, err := checkout.Try(good, time.UTC, nil); err != nil {
		t.Fatal(err)
	}
	for pointer, change := range map[string]func(*checkout.Trial){
		"#/cart/currency": func(c *checkout.Trial) { c.Cart.Currency = "XXZ" },
		"#/member/tier":   func(c *checkout.Trial) { c.Tier = "gold" },
		"#/rule":          func(c *checkout.Trial) { c.Offer.Rule = "cart.subtotl > 1" },
	} {
		bad := good
		change(&bad)
		_, err := checkout.Try(bad, time.UTC, &loyalty.Program{Tiers: []loyalty.Tier{{ID: "bronze"}}})
		f := fault.From(err)
		if f == nil || f.Code != fault.Invalid || f.Fields[0].Pointer != pointer {
			t.Errorf("%s: %v", pointer, err)
		}
	}
}

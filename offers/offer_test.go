package offers_test

import (
	"slices"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

func pointsAt(err error, pointer string) bool {
	f := fault.From(err)
	return f != nil && slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Pointer == pointer })
}

func TestOfferCheck(t *testing.T) {
	good := live("a", offers.Benefit{Type: offers.Percentage, BasisPoints: 2000})
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for pointer, change := range map[string]func(*offers.Offer){
		"#/name":                 func(o *offers.Offer) { o.Name = "" },
		"#/state":                func(o *offers.Offer) { o.State = "on" },
		"#/subgroup":             func(o *offers.Offer) { o.Subgroup = "university" },
		"#/benefit/type":         func(o *offers.Offer) { o.Benefit.Type = "gift" },
		"#/benefit/basis_points": func(o *offers.Offer) { o.Benefit.BasisPoints = 10_001 },
		"#/benefit/amount":       func(o *offers.Offer) { o.Benefit = offers.Benefit{Type: offers.FixedAmount, Currency: "USD"} },
		"#/benefit/currency":     func(o *offers.Offer) { o.Benefit = offers.Benefit{Type: offers.FixedAmount, Amount: 1} },
		"#/limits/total":         func(o *offers.Offer) { o.Limits.Total = -1 },
		"#/token_seconds":        func(o *offers.Offer) { o.TokenSeconds = 59 },
		"#/ends_at":              func(o *offers.Offer) { o.StartsAt, o.EndsAt = &noon, &noon },
		"#/benefit/categories": func(o *offers.Offer) {
			o.Benefit = offers.Benefit{Type: offers.FreeShipping, Categories: []string{"books"}}
		},
	} {
		o := good
		change(&o)
		if !pointsAt(o.Check(), pointer) {
			t.Errorf("%s is not named in %v", pointer, o.Check())
		}
	}
}

func TestWhoAnOfferSuits(t *testing.T) {
	for _, c := range []struct {
		group, subgroup string
		hasGroup, has   string
		want            bool
	}{
		{"", "", "", "", true}, {"student", "", "student", "", true}, {"student", "", "teacher", "", false},
		{"student", "university", "student", "", false}, {"student", "university", "student", "university", true}, {"student", "university", "teacher", "university", false},
	} {
		o := offers.Offer{Group: c.group, Subgroup: c.subgroup}
		if got := o.Suits(c.hasGroup, c.has); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

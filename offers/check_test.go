package offers_test

import (
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

// Each case is wrong in one part only: what Check names is that part and no other.
func TestOfferCheckNamesWhatIsWrong(t *testing.T) {
	type benefit = offers.Benefit
	is := func(b benefit) func(*offers.Offer) { return func(o *offers.Offer) { o.Benefit = b } }
	period := func(p ...offers.PeriodLimit) func(*offers.Offer) {
		return func(o *offers.Offer) { o.Limits.Periods = p }
	}
	many := func(n int) []string {
		return strings.Split(strings.TrimSuffix(strings.Repeat("x,", n), ","), ",")
	}
	for _, c := range []struct {
		pointer string
		change  func(*offers.Offer)
	}{
		{"#/name", func(o *offers.Offer) { o.Name = "" }},
		{"#/state", func(o *offers.Offer) { o.State = "on" }},
		{"#/subgroup", func(o *offers.Offer) { o.Subgroup = "university" }},
		{"#/names/no%20language", func(o *offers.Offer) { o.Names = map[string]string{"no language": "a", "pt-BR": "b"} }},
		{"#/names/de", func(o *offers.Offer) { o.Names = map[string]string{"de": ""} }},
		{"#/names/fr", func(o *offers.Offer) { o.Names = map[string]string{"fr": strings.Repeat("a", 201)} }},
		{"#/description/a~1b", func(o *offers.Offer) { o.Description = map[string]string{"a/b": "text"} }},
		{"#/description/de", func(o *offers.Offer) { o.Description = map[string]string{"de": strings.Repeat("a", 2001)} }},
		{"#/tier", func(o *offers.Offer) { o.Tier = strings.Repeat("a", 65) }},
		{"#/category", func(o *offers.Offer) { o.Category = strings.Repeat("a", 65) }},
		{"#/rule", func(o *offers.Offer) { o.Rule = strings.Repeat("a", 4097) }},
		{"#/minimum_order", func(o *offers.Offer) { o.MinimumOrder = -1 }},
		{"#/token_seconds", func(o *offers.Offer) { o.TokenSeconds = 59 }},
		{"#/ends_at", func(o *offers.Offer) { o.StartsAt, o.EndsAt = &noon, &noon }},
		{"#/time_zone", func(o *offers.Offer) { o.TimeZone = "Europe/Atlantis" }},
		{"#/time_zone", func(o *offers.Offer) { o.TimeZone = "Local" }},
		{"#/campaign/event", func(o *offers.Offer) { o.Campaign = &offers.Campaign{Event: "pi_day"} }},
		{"#/campaign/days_before", func(o *offers.Offer) { o.Campaign = &offers.Campaign{Event: "black_friday", DaysBefore: 61} }},
		{"#/campaign/days_after", func(o *offers.Offer) { o.Campaign = &offers.Campaign{Event: "black_friday", DaysAfter: -1} }},

		{"#/benefit/type", is(benefit{Type: "gift"})},
		{"#/benefit/basis_points", is(benefit{Type: offers.Percentage, BasisPoints: 10_001})},
		{"#/benefit/basis_points", is(benefit{Type: offers.PointsMultiplier, BasisPoints: 10_000})},
		{"#/benefit/basis_points", is(benefit{Type: offers.PointsMultiplier, BasisPoints: 1_000_001})},
		{"#/benefit/basis_points", is(benefit{Type: offers.FreeShipping, BasisPoints: 1})},
		{"#/benefit/amount", is(benefit{Type: offers.FixedAmount, Currency: "USD"})},
		{"#/benefit/amount", is(benefit{Type: offers.FixedPrice, Amount: -1, Currency: "USD"})},
		{"#/benefit/amount", is(benefit{Type: offers.BonusPoints, Points: 1, Amount: 1})},
		{"#/benefit/currency", is(benefit{Type: offers.FixedAmount, Amount: 1})},
		{"#/benefit/currency", is(benefit{Type: offers.FixedPrice, Amount: 1, Currency: "usd"})},
		{"#/benefit/currency", is(benefit{Type: offers.Percentage, BasisPoints: 1, Currency: "USD"})},
		{"#/benefit/maximum", is(benefit{Type: offers.Percentage, BasisPoints: 1, Maximum: -1})},
		{"#/benefit/maximum", is(benefit{Type: offers.BonusPoints, Points: 1, Maximum: 1})},
		{"#/benefit/points", is(benefit{Type: offers.BonusPoints})},
		{"#/benefit/points", is(benefit{Type: offers.Percentage, BasisPoints: 1, Points: 1})},
		{"#/benefit/gift", is(benefit{Type: offers.GiftLine})},
		{"#/benefit/gift", is(benefit{Type: offers.FreeShipping, Gift: &offers.Gift{SKU: "a", Quantity: 1}})},
		{"#/benefit/gift/sku", is(benefit{Type: offers.GiftLine, Gift: &offers.Gift{Quantity: 1}})},
		{"#/benefit/gift/quantity", is(benefit{Type: offers.GiftLine, Gift: &offers.Gift{SKU: "a"}})},
		{"#/benefit/target", is(benefit{Type: offers.Percentage, BasisPoints: 1, Target: "cart"})},
		{"#/benefit/target", is(benefit{Type: offers.Percentage, BasisPoints: 1, Target: offers.OnOrder, SKUs: []string{"a"}})},
		{"#/benefit/target", is(benefit{Type: offers.FreeShipping, Target: offers.OnOrder})},
		{"#/benefit/target", is(benefit{Type: offers.BonusPoints, Points: 1, Target: offers.OnShipping})},
		{"#/benefit/target", is(benefit{Type: offers.GiftLine, Gift: &offers.Gift{SKU: "a", Quantity: 1}, Target: offers.OnOrder})},
		{"#/benefit/categories", is(benefit{Type: offers.Percentage, BasisPoints: 1, Target: offers.OnLines})},
		{"#/benefit/categories", is(benefit{Type: offers.FreeShipping, Categories: []string{"books"}})},
		{"#/benefit/categories", is(benefit{Type: offers.Percentage, BasisPoints: 1, Categories: many(101)})},
		{"#/benefit/categories/1", is(benefit{Type: offers.Percentage, BasisPoints: 1, Categories: []string{"a", ""}})},
		{"#/benefit/skus", is(benefit{Type: offers.Percentage, BasisPoints: 1, Target: offers.OnShipping, SKUs: []string{"a"}})},
		{"#/benefit/skus/0", is(benefit{Type: offers.Percentage, BasisPoints: 1, SKUs: []string{strings.Repeat("a", 101)}})},
		{"#/benefit/method", is(benefit{Type: offers.Percentage, BasisPoints: 1, Method: "twice"})},
		{"#/benefit/method", is(benefit{Type: offers.BonusPoints, Points: 1, Method: offers.Each})},
		{"#/benefit/method", is(benefit{Type: offers.Percentage, BasisPoints: 1, Target: offers.OnShipping, Method: offers.Each})},

		{"#/limits/total", func(o *offers.Offer) { o.Limits.Total = -1 }},
		{"#/limits/per_person", func(o *offers.Offer) { o.Limits.PerPerson = offers.MaxUses + 1 }},
		{"#/limits/per_customer", func(o *offers.Offer) { o.Limits.PerCustomer = -1 }},
		{"#/limits/per_order", func(o *offers.Offer) { o.Limits.PerOrder = 101 }},
		{"#/limits/periods/0/by", period(offers.PeriodLimit{By: offers.ScopeBudget, Uses: 1, Days: 1})},
		{"#/limits/periods/0/uses", period(offers.PeriodLimit{By: offers.ScopeTotal, Days: 1})},
		{"#/limits/periods/0", period(offers.PeriodLimit{By: offers.ScopeTotal, Uses: 1})},
		{"#/limits/periods/1", period(offers.PeriodLimit{By: offers.ScopePerson, Uses: 1, Days: 1}, offers.PeriodLimit{By: offers.ScopePerson, Uses: 1, Days: 1, Calendar: "day"})},
		{"#/limits/periods/0/days", period(offers.PeriodLimit{By: offers.ScopeCustomer, Uses: 1, Days: 3661})},
		{"#/limits/periods/0/calendar", period(offers.PeriodLimit{By: offers.ScopeTotal, Uses: 1, Calendar: "decade"})},
		{"#/limits/periods/1", period(offers.PeriodLimit{By: offers.ScopeTotal, Uses: 1, Calendar: "day"}, offers.PeriodLimit{By: offers.ScopeTotal, Uses: 2, Calendar: "day"})},
		{"#/limits/budget/amount", func(o *offers.Offer) { o.Limits.Budget = &offers.Budget{Currency: "USD"} }},
		{"#/limits/budget/currency", func(o *offers.Offer) { o.Limits.Budget = &offers.Budget{Amount: 1, Currency: "dollar"} }},
		{"#/limits/budget/currency", func(o *offers.Offer) {
			o.Benefit, o.Limits.Budget = benefit{Type: offers.FixedAmount, Amount: 1, Currency: "USD"}, &offers.Budget{Amount: 1, Currency: "EUR"}
		}},
		{"#/limits/budget", func(o *offers.Offer) {
			o.Benefit, o.Limits.Budget = benefit{Type: offers.BonusPoints, Points: 1}, &offers.Budget{Amount: 1, Currency: "EUR"}
		}},
	} {
		o := live("a", tenPercent)
		c.change(&o)
		f := fault.From(o.Check())
		if f == nil || f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Pointer != c.pointer {
			t.Errorf("%s is not what is named in %+v", c.pointer, f)
		}
	}
}

func TestOfferCheckLetsWhatWorksPass(t *testing.T) {
	starts, ends := noon, noon.AddDate(1, 0, 0)
	full := offers.Offer{
		State: offers.Live, Name: "All of it", Names: map[string]string{"de": "Alles", "zh-Hant-TW": "全部"}, Description: map[string]string{"en": ""},
		Group: "student", Subgroup: "university", Tier: "gold",
		Benefit:  offers.Benefit{Type: offers.FixedPrice, Target: offers.OnLines, Categories: []string{"books"}, SKUs: []string{"sku-1"}, Method: offers.Each, Amount: 999, Currency: "EUR", Maximum: 5000},
		StartsAt: &starts, EndsAt: &ends, TimeZone: "America/Argentina/Buenos_Aires", Campaign: &offers.Campaign{Event: "world_teachers_day", DaysBefore: 60, DaysAfter: 60},
		MinimumOrder: 100, TokenSeconds: 600, Category: "season", Rule: "true",
		Limits: offers.Limits{Total: 1, PerPerson: 1, PerCustomer: 1, PerOrder: 100, Budget: &offers.Budget{Amount: 1, Currency: "EUR"}, Periods: []offers.PeriodLimit{
			{By: offers.ScopeTotal, Uses: 1, Days: 3660}, {By: offers.ScopeTotal, Uses: 1, Calendar: "day"}, {By: offers.ScopePerson, Uses: 1, Calendar: "week"},
			{By: offers.ScopeCustomer, Uses: 1, Calendar: "month"}, {By: offers.ScopeCustomer, Uses: 1, Calendar: "quarter"}, {By: offers.ScopeCustomer, Uses: 1, Calendar: "year"}}},
	}
	if err := full.Check(); err != nil {
		t.Error(fault.From(err))
	}
}

package offers_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

var tenPercent = offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}

// offerWith is an offer of ten percent, changed and prepared.
func offerWith(t *testing.T, id string, change func(*offers.Offer)) *offers.Offer {
	t.Helper()
	o := live(id, tenPercent)
	change(&o)
	if err := o.Check(); err != nil {
		t.Fatal(err)
	}
	if err := o.Prepare(); err != nil {
		t.Fatal(err)
	}
	return &o
}

func reasonsOf(p offers.Price) []string {
	var out []string
	for _, r := range p.Rejected {
		out = append(out, r.OfferID+": "+r.Reason)
	}
	return out
}

func appliedIn(p offers.Price) []string {
	var out []string
	for _, a := range p.Applied {
		out = append(out, a.OfferID)
	}
	return out
}

func TestStacking(t *testing.T) {
	with := func(id string, change func(*offers.Offer)) *offers.Offer { return offerWith(t, id, change) }
	plain := with("plain", func(*offers.Offer) {})
	first := with("first", func(o *offers.Offer) { o.Priority = 1 })
	alone := with("alone", func(o *offers.Offer) { o.Exclusive = true })
	aloneTwice := with("alone twice", func(o *offers.Offer) { o.Exclusive, o.Limits.PerOrder = true, 2 })
	seasonal := with("seasonal", func(o *offers.Offer) { o.Category = "season" })
	winter := with("winter", func(o *offers.Offer) { o.Category, o.Priority = "season", 1 })
	welcome := with("welcome", func(o *offers.Offer) { o.Category = "welcome" })
	thrice := with("thrice", func(o *offers.Offer) { o.Limits.PerOrder, o.Category = 3, "season" })
	for name, c := range map[string]struct {
		asked    []*offers.Offer
		applied  []string
		rejected []string
	}{
		"priority before order given":        {[]*offers.Offer{plain, first}, []string{"first", "plain"}, nil},
		"one of a category":                  {[]*offers.Offer{seasonal, winter, welcome}, []string{"winter", "welcome"}, []string{"seasonal: category_taken"}},
		"once an order":                      {[]*offers.Offer{plain, plain}, []string{"plain"}, []string{"plain: offer_already_applied"}},
		"three times an order":               {[]*offers.Offer{thrice, thrice, thrice, thrice}, []string{"thrice", "thrice", "thrice"}, []string{"thrice: offer_already_applied"}},
		"again in its own category":          {[]*offers.Offer{thrice, seasonal, thrice}, []string{"thrice", "thrice"}, []string{"seasonal: category_taken"}},
		"exclusive first":                    {[]*offers.Offer{alone, plain}, []string{"alone"}, []string{"plain: exclusive_offer"}},
		"exclusive after another":            {[]*offers.Offer{first, alone}, []string{"first"}, []string{"alone: exclusive_offer"}},
		"exclusive beside itself":            {[]*offers.Offer{aloneTwice, aloneTwice, plain}, []string{"alone twice", "alone twice"}, []string{"plain: exclusive_offer"}},
		"an exclusive one that cannot apply": {[]*offers.Offer{with("not now", func(o *offers.Offer) { o.Exclusive, o.MinimumOrder = true, 1_000_000 }), plain}, []string{"plain"}, []string{"not now: minimum_not_met"}},
	} {
		t.Run(name, func(t *testing.T) {
			var candidates []offers.Candidate
			for _, o := range c.asked {
				candidates = append(candidates, offers.Candidate{Offer: o})
			}
			p := offers.Evaluate(basket(), candidates, noon)
			if d := cmp.Diff(c.applied, appliedIn(p)); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(c.rejected, reasonsOf(p)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestWhoAndWhenAndWhere(t *testing.T) {
	gold := &offers.Shopper{Customer: "c-1", Member: &offers.Member{Tiers: []string{"bronze", "silver", "gold"}, Points: 700, Since: noon.AddDate(-1, 0, 0)},
		Proof: &offers.Proof{Group: "student", Subgroup: "university", ValidUntil: noon.AddDate(0, 6, 0)}}
	bronze := &offers.Shopper{Customer: "c-2", Member: &offers.Member{Tiers: []string{"bronze"}}}
	for name, c := range map[string]struct {
		change  func(*offers.Offer)
		shopper *offers.Shopper
		at      time.Time
		reason  string
	}{
		"the very tier":             {change: func(o *offers.Offer) { o.Tier = "gold" }, shopper: gold},
		"a higher tier":             {change: func(o *offers.Offer) { o.Tier = "silver" }, shopper: gold},
		"a lower tier":              {change: func(o *offers.Offer) { o.Tier = "silver" }, shopper: bronze, reason: offers.ReasonTier},
		"a tier and a guest":        {change: func(o *offers.Offer) { o.Tier = "bronze" }, reason: offers.ReasonTier},
		"a tier that is gone":       {change: func(o *offers.Offer) { o.Tier = "platinum" }, shopper: gold, reason: offers.ReasonTier},
		"a rule that holds":         {change: func(o *offers.Offer) { o.Rule = `cart.subtotal >= 3000 && attestation.group == "student"` }, shopper: gold},
		"a rule about points":       {change: func(o *offers.Offer) { o.Rule = `member.points > 500 && member.tier == "gold"` }, shopper: gold},
		"a rule that does not hold": {change: func(o *offers.Offer) { o.Rule = `cart.subtotal > 3201` }, shopper: gold, reason: offers.ReasonRule},
		"a rule and nobody":         {change: func(o *offers.Offer) { o.Rule = `attestation.group == "student"` }, reason: offers.ReasonRule},
		"a rule about lines":        {change: func(o *offers.Offer) { o.Rule = `cart.lines.exists(l, l.sku == "mug" && l.amount == 999)` }},
		"a rule that cannot be decided": {change: func(o *offers.Offer) { o.Rule = `cart.lines[cart.quantity].sku == "mug"` }, shopper: gold,
			reason: offers.ReasonRule},
		"a budget in the cart's currency": {change: func(o *offers.Offer) { o.Limits.Budget = &offers.Budget{Amount: 5, Currency: "USD"} }},
		"a budget in another currency": {change: func(o *offers.Offer) { o.Limits.Budget = &offers.Budget{Amount: 5, Currency: "EUR"} },
			reason: offers.ReasonCurrency},
		"in the campaign":     {change: func(o *offers.Offer) { o.Campaign = &offers.Campaign{Event: "nurses_week"} }, at: time.Date(2026, 5, 8, 1, 0, 0, 0, time.UTC)},
		"beside the campaign": {change: func(o *offers.Offer) { o.Campaign = &offers.Campaign{Event: "nurses_week"} }, reason: offers.ReasonNotLive},
		"the campaign's own zone": {change: func(o *offers.Offer) { o.Campaign, o.TimeZone = &offers.Campaign{Event: "doctors_day"}, "Asia/Tokyo" },
			at: time.Date(2026, 3, 29, 16, 0, 0, 0, time.UTC)},
	} {
		t.Run(name, func(t *testing.T) {
			at := c.at
			if at.IsZero() {
				at = noon
			}
			p := offers.Evaluate(basket(), []offers.Candidate{{Offer: offerWith(t, "a", c.change), Shopper: c.shopper}}, at)
			var want []string
			if c.reason != "" {
				want = []string{"a: " + c.reason}
			}
			if d := cmp.Diff(want, reasonsOf(p)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestARuleThatWasNotCompiledDoesNotHold(t *testing.T) {
	o := live("a", tenPercent)
	o.Rule = "true"
	p, traces := offers.Explain(basket(), []offers.Candidate{{Offer: &o}}, noon)
	if d := cmp.Diff([]string{"a: rule_not_met"}, reasonsOf(p)); d != "" {
		t.Error(d)
	}
	if f := traces[0].Findings; f[len(f)-1].Saw != "the rule was not compiled" {
		t.Errorf("%+v", f)
	}
	o.Rule = "cart.subtotal >"
	if err := o.Prepare(); fault.CodeOf(err) != fault.Invalid || !pointsAt(err, "#/rule") {
		t.Errorf("a broken rule: %v", err)
	}
}

func TestTheStoresZoneCountsUnlessTheOfferHasOne(t *testing.T) {
	tokyo, honolulu := zone(t, "Asia/Tokyo"), zone(t, "Pacific/Honolulu")
	// 11 November has begun in Tokyo and not in Honolulu.
	at := time.Date(2026, 11, 10, 16, 0, 0, 0, time.UTC)
	campaign := func(o *offers.Offer) { o.Campaign = &offers.Campaign{Event: "veterans_day"} }
	of := offerWith(t, "a", campaign)
	if of.In(tokyo).Available(at) != nil || of.In(honolulu).Available(at) == nil || of.Available(at) == nil {
		t.Error("the store's zone does not count")
	}
	if of.In(tokyo).In(honolulu).Zone() != honolulu || of.Zone() != time.UTC {
		t.Error("moving an offer changes the one that is shared")
	}
	own := offerWith(t, "b", func(o *offers.Offer) { campaign(o); o.TimeZone = "Asia/Tokyo" })
	if own.In(honolulu) != own || own.Available(at) != nil {
		t.Error("the offer's own zone does not count")
	}
	unprepared := live("c", tenPercent)
	unprepared.TimeZone = "Asia/Tokyo"
	if unprepared.Zone().String() != "Asia/Tokyo" {
		t.Errorf("an offer nobody prepared is in %v", unprepared.Zone())
	}
}

func TestAnExplanationTellsEveryCondition(t *testing.T) {
	starts := noon.AddDate(0, 0, -1)
	o := offerWith(t, "a", func(o *offers.Offer) {
		o.StartsAt, o.Tier, o.MinimumOrder, o.Category = &starts, "gold", 5000, "season"
		o.Rule = `cart.subtotal >= 1000 && customer.id == "c-2"`
	})
	other := offerWith(t, "b", func(o *offers.Offer) { o.Category, o.Priority = "season", 1 })
	shopper := &offers.Shopper{Customer: "c-1", Member: &offers.Member{Tiers: []string{"bronze"}}}
	_, traces := offers.Explain(basket(), []offers.Candidate{{Offer: o, Shopper: shopper}, {Offer: other, Shopper: shopper}}, noon)
	if len(traces) != 2 || traces[0].OfferID != "b" || !traces[0].Applied || traces[0].Amount != 320 {
		t.Fatalf("%+v", traces)
	}
	got := traces[1]
	var rule []string
	for i, f := range got.Findings {
		for _, r := range f.Rule {
			rule = append(rule, r.Condition)
			if (r.Condition == "cart.subtotal >= 1000") != r.Holds {
				t.Errorf("%+v", r)
			}
		}
		got.Findings[i].Rule = nil
	}
	want := offers.Trace{OfferID: "a", OfferVersion: 1, Reason: offers.ReasonCategory, Findings: []offers.Finding{
		{Condition: "state", Saw: "live", Wants: "live", Holds: true},
		{Condition: "dates", Saw: "2026-03-01T12:00:00Z", Wants: "from 2026-02-28T12:00:00Z", Holds: true},
		{Condition: "exclusive", Saw: "b", Wants: "no other offer that is exclusive", Holds: true},
		{Condition: "per_order", Saw: "0", Wants: "less than 1", Holds: true},
		{Condition: "category", Saw: "b", Wants: "no other offer of category season"},
		{Condition: "minimum_order", Saw: "3201", Wants: "at least 5000"},
		{Condition: "tier", Saw: "bronze", Wants: "gold or higher"},
		{Condition: "rule", Saw: "false", Wants: o.Rule},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(rule) != 2 {
		t.Errorf("parts of the rule: %q", rule)
	}
	findings := traces[0].Findings
	if d := cmp.Diff(offers.Finding{Condition: "benefit", Saw: "320", Wants: "something to give", Holds: true}, findings[len(findings)-1]); d != "" {
		t.Error(d)
	}
}

// Every reason that the documentation promises, and no other.
func TestReasonsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/checkout.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range offers.Reasons {
		if !strings.Contains(string(page), "| `"+r+"` |") || slices.Contains(offers.Reasons[:i], r) {
			t.Errorf("%s is not in docs/checkout.md once", r)
		}
	}
}

package rule_test

import (
	"reflect"
	"testing"

	"github.com/laurel-gateway/laurel/offers/rule"
)

func TestObserve(t *testing.T) {
	for _, c := range []struct {
		src  string
		want []rule.Observation
	}{
		{`cart.subtotal >= 20000`, []rule.Observation{
			{Condition: `cart.subtotal >= 20000`, Saw: []rule.Seen{{Name: "cart.subtotal", Value: "10000"}}},
		}},
		{"member.tier == 'gold' &&\n  (cart.currency == 'EUR' || member.points > 1000) && // why not\n  true", []rule.Observation{
			{Condition: `member.tier == "gold"`, Saw: []rule.Seen{{Name: "member.tier", Value: `"gold"`}}, Holds: true},
			{Condition: `cart.currency == "EUR" || member.points > 1000`, Saw: []rule.Seen{{Name: "cart.currency", Value: `"USD"`}, {Name: "member.points", Value: "1200"}}, Holds: true},
			{Condition: `true`, Saw: []rule.Seen{}, Holds: true},
		}},
		// What comes after a condition that does not hold is told too.
		{`has(member.since) && cart.quantity > 100 && now.getHours("America/New_York") == 7`, []rule.Observation{
			{Condition: `has(member.since)`, Saw: []rule.Seen{{Name: "has(member.since)", Value: "true"}}, Holds: true},
			{Condition: `cart.quantity > 100`, Saw: []rule.Seen{{Name: "cart.quantity", Value: "20"}}},
			{Condition: `now.getHours("America/New_York") == 7`, Saw: []rule.Seen{{Name: `now.getHours("America/New_York")`, Value: "7"}}, Holds: true},
		}},
		{`cart.lines.filter(l, "books" in l.categories).map(l, l.amount).sum() >= 1000`, []rule.Observation{
			{Condition: `cart.lines.filter(l, "books" in l.categories).map(l, l.amount).sum() >= 1000`,
				Saw: []rule.Seen{{Name: `cart.lines.filter(l, "books" in l.categories).map(l, l.amount).sum()`, Value: "1000"}}, Holds: true},
		}},
		{`cart.lines.exists(l, l.sku == member.tier)`, []rule.Observation{
			{Condition: `cart.lines.exists(l, l.sku == member.tier)`, Saw: []rule.Seen{{Name: "cart.lines", Value: "[l0, l1, l2, l3, l4, l5, l6, l7, l8, l9]"}}},
		}},
		{`cart.lines[9].categories == ["books"] && attestation.valid_until - now > duration("24h")`, []rule.Observation{
			{Condition: `cart.lines[9].categories == ["books"]`, Saw: []rule.Seen{{Name: "cart.lines[9].categories", Value: `["books"]`}}, Holds: true},
			{Condition: `attestation.valid_until - now > duration("24h")`,
				Saw: []rule.Seen{{Name: "attestation.valid_until", Value: "2027-11-21T12:00:00Z"}, {Name: "now", Value: "2026-11-21T12:00:00Z"}}, Holds: true},
		}},
		{`cart.subtotal / (member.points - 1200) > 1`, []rule.Observation{
			{Condition: `cart.subtotal / (member.points - 1200) > 1`, Saw: []rule.Seen{{Name: "cart.subtotal", Value: "10000"}, {Name: "member.points", Value: "1200"}},
				Reason: "the rule could not be decided: division by zero"},
		}},
	} {
		p, err := rule.Compile(c.src)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Observe(rule.NewActivation(tenLines()))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", c.src, got, err, c.want)
		}
	}
}

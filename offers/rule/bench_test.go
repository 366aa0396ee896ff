package rule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/offers/rule"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func tenLines() rule.Input {
	in := rule.Input{Currency: "USD", TaxMode: "exclusive", ShippingAmount: 500, Customer: "c-1", Now: noon,
		Attestation: &rule.Attestation{Group: "student", Subgroup: "university", ValidUntil: noon.AddDate(1, 0, 0), VerifiedAt: noon.AddDate(0, -1, 0)},
		Member:      &rule.Member{Tier: "gold", Points: 1200, Since: noon.AddDate(-2, 0, 0)}}
	for i := range 10 {
		in.Lines = append(in.Lines, rule.Line{LineID: fmt.Sprintf("l%d", i), SKU: fmt.Sprintf("sku-%d", i), Quantity: 2, UnitAmount: 500, Amount: 1000,
			Categories: []string{"clothes", "sale"}})
	}
	in.Lines[9].Categories = []string{"books"}
	return in
}

var benched = []struct{ name, src string }{
	{"fields", `cart.subtotal >= 5000 && cart.currency == "USD" && member.tier in ["gold", "platinum"]`},
	{"clock", `now.getHours("America/New_York") >= 6 && now.getDayOfWeek("America/New_York") in [0, 6]`},
	{"lines", `cart.lines.exists(l, "books" in l.categories)`},
	{"sum", `cart.lines.filter(l, "books" in l.categories).map(l, l.amount).sum() >= 1000`},
}

func BenchmarkEval(b *testing.B) {
	in := rule.NewActivation(tenLines())
	for _, c := range benched {
		p, err := rule.Compile(c.src)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if ok, err := p.Eval(in); !ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}

func BenchmarkActivation(b *testing.B) {
	in := tenLines()
	b.ReportAllocs()
	for b.Loop() {
		rule.NewActivation(in)
	}
}

func BenchmarkCompile(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		// A comment makes each text another one.
		if _, err := rule.Compile(fmt.Sprintf("%s // %d", benched[3].src, i)); err != nil {
			b.Fatal(err)
		}
	}
}

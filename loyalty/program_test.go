package loyalty_test

import (
	"slices"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
)

func program() loyalty.Program {
	return loyalty.Program{Name: "P", Earn: []loyalty.EarnRule{{Currency: "USD", Points: 3, PerAmount: 200}}, Window: loyalty.Window{Type: loyalty.Calendar},
		Tiers: []loyalty.Tier{{ID: "a", Name: "A"}, {ID: "b", Name: "B", Threshold: 10}}}
}

func TestPoints(t *testing.T) {
	p := program()
	for _, c := range []struct {
		currency string
		amount   int64
		want     int64
	}{{"USD", 199, 0}, {"USD", 200, 3}, {"USD", 799, 9}, {"USD", 0, 0}, {"USD", -5, 0}, {"EUR", 1000, 0}, {"USD", 900_000_000_000_000, 1_000_000_000_000}} {
		if got := p.Points(c.currency, c.amount); got != c.want {
			t.Errorf("%d %s: %d points, want %d", c.amount, c.currency, got, c.want)
		}
	}
}

func TestProgramCheck(t *testing.T) {
	if err := program().Check(); err != nil {
		t.Fatal(err)
	}
	for pointer, change := range map[string]func(*loyalty.Program){
		"#/name":               func(p *loyalty.Program) { p.Name = "" },
		"#/earn/0/points":      func(p *loyalty.Program) { p.Earn[0].Points = 0 },
		"#/earn/0/per_amount":  func(p *loyalty.Program) { p.Earn[0].PerAmount = 0 },
		"#/earn/1/currency":    func(p *loyalty.Program) { p.Earn = append(p.Earn, p.Earn[0]) },
		"#/window/type":        func(p *loyalty.Program) { p.Window.Type = "year" },
		"#/window/days":        func(p *loyalty.Program) { p.Window.Days = 3 },
		"#/tiers":              func(p *loyalty.Program) { p.Tiers = nil },
		"#/tiers/0/threshold":  func(p *loyalty.Program) { p.Tiers[0].Threshold = 1 },
		"#/tiers/1/threshold":  func(p *loyalty.Program) { p.Tiers[1].Threshold = 0 },
		"#/tiers/1/id":         func(p *loyalty.Program) { p.Tiers[1].ID = "a" },
		"#/pending_days":       func(p *loyalty.Program) { p.PendingDays = -1 },
		"#/expires_after_days": func(p *loyalty.Program) { p.ExpiresAfterDays = 99_999 },
	} {
		p := program()
		change(&p)
		f := fault.From(p.Check())
		if f == nil || !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Pointer == pointer }) {
			t.Errorf("%s is not named in %v", pointer, f)
		}
	}
}

package loyalty

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Program is a store's rules for points and tiers. A version of a program never changes.
type Program struct {
	Store   string `json:"-"`
	Version int64  `json:"-"`
	Name    string `json:"name"`
	// Earn says what purchases earn, one rule a currency. A purchase in another currency earns nothing.
	Earn []EarnRule `json:"earn"`
	// PendingDays is how long points wait before they can be spent. Zero means not at all.
	PendingDays int64 `json:"pending_days,omitempty"`
	// ExpiresAfterDays is how long points can be spent once they are active. Zero means for ever.
	ExpiresAfterDays int64  `json:"expires_after_days,omitempty"`
	Window           Window `json:"window"`
	// Tiers by rising threshold. The first has threshold 0: it is everybody's from the first day.
	Tiers []Tier `json:"tiers"`
}

// EarnRule gives Points for every full PerAmount minor units of Currency, on what is paid for goods.
type EarnRule struct {
	Currency  string `json:"currency"`
	Points    int64  `json:"points"`
	PerAmount int64  `json:"per_amount"`
}

// WindowType is the span of time whose points count for a tier.
type WindowType string

// The windows.
const (
	Rolling  WindowType = "rolling"
	Calendar WindowType = "calendar"
	Lifetime WindowType = "lifetime"
)

// Window is the span of time whose points count for a tier. Days belongs to Rolling.
type Window struct {
	Type WindowType `json:"type"`
	Days int64      `json:"days,omitempty"`
}

// Tier is a level that a member reaches with Threshold qualifying points in the window.
type Tier struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Threshold int64  `json:"threshold"`
}

// Bounds of a program.
const (
	maxDays   = 36_500
	maxPoints = 1_000_000_000_000
	maxTiers  = 20
)

// Check refuses a program that cannot work, naming every part that is wrong.
func (p Program) Check() error {
	f := fault.New(fault.Invalid, "The program cannot be saved. See errors for the parts to change.")
	bad := f
	note := func(wrong bool, pointer, detail string) {
		if wrong {
			bad = bad.At(pointer, detail)
		}
	}
	note(p.Name == "" || len(p.Name) > 200, "#/name", "must be 1 to 200 bytes")
	note(p.PendingDays < 0 || p.PendingDays > maxDays, "#/pending_days", "must be 0 to 36500")
	note(p.ExpiresAfterDays < 0 || p.ExpiresAfterDays > maxDays, "#/expires_after_days", "must be 0 to 36500; 0 means never")
	seen := map[string]bool{}
	for i, e := range p.Earn {
		at := fmt.Sprintf("#/earn/%d", i)
		note(len(e.Currency) != 3, at+"/currency", "must be an ISO 4217 code")
		note(seen[e.Currency], at+"/currency", "has a rule already; one rule a currency")
		seen[e.Currency] = true
		note(e.Points < 1 || e.Points > 1_000_000, at+"/points", "must be 1 to 1000000")
		note(e.PerAmount < 1 || e.PerAmount > maxPoints, at+"/per_amount", "must be at least 1 minor unit")
	}
	switch p.Window.Type {
	case Rolling:
		note(p.Window.Days < 1 || p.Window.Days > 3660, "#/window/days", "must be 1 to 3660")
	case Calendar, Lifetime:
		note(p.Window.Days != 0, "#/window/days", "belongs to a rolling window only")
	default:
		note(true, "#/window/type", "must be rolling, calendar or lifetime")
	}
	p.checkTiers(note)
	if bad != f {
		return bad
	}
	return nil
}

func (p Program) checkTiers(note func(bool, string, string)) {
	note(len(p.Tiers) == 0 || len(p.Tiers) > maxTiers, "#/tiers", "must hold 1 to 20 tiers")
	ids := map[string]bool{}
	for i, t := range p.Tiers {
		at := fmt.Sprintf("#/tiers/%d", i)
		note(t.ID == "" || ids[t.ID], at+"/id", "must be set and unique")
		ids[t.ID] = true
		note(t.Name == "" || len(t.Name) > 100, at+"/name", "must be 1 to 100 bytes")
		note(i == 0 && t.Threshold != 0, at+"/threshold", "must be 0: the first tier is everybody's")
		note(i > 0 && t.Threshold <= p.Tiers[i-1].Threshold, at+"/threshold", "must be above the tier before")
		note(t.Threshold > maxPoints, at+"/threshold", "is too large")
	}
}

// Points returns what an amount of minor units earns: whole steps only, the rest earns nothing.
func (p Program) Points(currency string, amount int64) int64 {
	i := slices.IndexFunc(p.Earn, func(e EarnRule) bool { return e.Currency == currency })
	if i < 0 || amount <= 0 {
		return 0
	}
	hi, points := bits.Mul64(uint64(amount/p.Earn[i].PerAmount), uint64(p.Earn[i].Points))
	if hi != 0 || points > maxPoints {
		return maxPoints
	}
	return int64(points)
}

// tierFor returns the highest tier that qualifying points reach.
func (p Program) tierFor(points int64) Tier {
	i, found := slices.BinarySearchFunc(p.Tiers, points, func(t Tier, v int64) int { return cmp.Compare(t.Threshold, v) })
	if !found {
		i--
	}
	if i < 0 {
		return Tier{}
	}
	return p.Tiers[i]
}

// Tier returns the tier with an id.
func (p Program) Tier(id string) (Tier, bool) {
	i := slices.IndexFunc(p.Tiers, func(t Tier) bool { return t.ID == id })
	if i < 0 {
		return Tier{}, false
	}
	return p.Tiers[i], true
}

// windowStart returns the first day, in the store's time zone, whose points count at now.
func (w Window) windowStart(now time.Time, zone *time.Location) string {
	local := now.In(zone)
	switch w.Type {
	case Calendar:
		return fmt.Sprintf("%04d-01-01", local.Year())
	case Rolling:
		return local.AddDate(0, 0, -int(w.Days)+1).Format(time.DateOnly)
	default:
		return ""
	}
}

package offers_test

import (
	"slices"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

var midday = time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)

func TestCountersFollowTheLimits(t *testing.T) {
	o := live("a", offers.Benefit{})
	if keys, err := offers.CountersOf(o, nil, "", midday, time.UTC); err != nil || len(keys) != 0 {
		t.Errorf("an unlimited offer counts %v, %v", keys, err)
	}
	o.Limits = offers.Limits{Total: 5, PerPerson: 1, PerCustomer: 2, Budget: &offers.Budget{Amount: 100, Currency: "USD"}}
	keys, err := offers.CountersOf(o, []string{"t1", "t2"}, "c", midday, time.UTC)
	want := []offers.CounterKey{{OfferID: "a", Scope: offers.ScopeTotal}, {OfferID: "a", Scope: offers.ScopePerson, Subject: "t1"},
		{OfferID: "a", Scope: offers.ScopePerson, Subject: "t2"}, {OfferID: "a", Scope: offers.ScopeCustomer, Subject: "c"},
		{OfferID: "a", Scope: offers.ScopeBudget}}
	if err != nil || !slices.Equal(keys, want) {
		t.Errorf("%v, %v", keys, err)
	}
	if _, err := offers.CountersOf(o, []string{"t1"}, "", midday, time.UTC); fault.CodeOf(err) != fault.OfferNotApplicable {
		t.Errorf("a limit per customer without one: %v", err)
	}
}

func TestPeriodsAreOfTheirZone(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		calendar, utc, tokyo string
	}{
		{"day", "day:2026-12-31", "day:2027-01-01"},
		{"week", "week:2026-53", "week:2026-53"},
		{"month", "month:2026-12", "month:2027-01"},
		{"quarter", "quarter:2026-4", "quarter:2027-1"},
		{"year", "year:2026", "year:2027"},
	} {
		o := live("a", offers.Benefit{})
		o.Limits.Periods = []offers.PeriodLimit{{By: offers.ScopeTotal, Uses: 1, Calendar: c.calendar}}
		for zone, want := range map[*time.Location]string{time.UTC: c.utc, tokyo: c.tokyo} {
			keys, err := offers.CountersOf(o, nil, "", midday, zone)
			if err != nil || len(keys) != 1 || keys[0].Period != want {
				t.Errorf("%s in %s: %v, %v, want %s", c.calendar, zone, keys, err, want)
			}
		}
	}
}

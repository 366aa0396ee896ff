package offers_test

import (
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/laurel-gateway/laurel/offers"
	"pgregory.net/rapid"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// The dates are those that the keepers of each event published.
func TestEventsFallOnTheirDays(t *testing.T) {
	for _, c := range []struct{ event, first, last string }{
		{"teacher_appreciation_week", "2022-05-02", "2022-05-06"},
		{"teacher_appreciation_week", "2023-05-08", "2023-05-12"},
		{"teacher_appreciation_week", "2024-05-06", "2024-05-10"},
		{"teacher_appreciation_week", "2026-05-04", "2026-05-08"},
		{"teacher_appreciation_day", "2024-05-07", "2024-05-07"},
		{"world_teachers_day", "2026-10-05", "2026-10-05"},
		{"international_students_day", "2026-11-17", "2026-11-17"},
		{"grandparents_day", "2024-09-08", "2024-09-08"},
		{"grandparents_day", "2025-09-07", "2025-09-07"},
		{"grandparents_day", "2026-09-13", "2026-09-13"},
		{"older_persons_day", "2026-10-01", "2026-10-01"},
		{"veterans_day", "2026-11-11", "2026-11-11"},
		{"memorial_day", "2024-05-27", "2024-05-27"},
		{"memorial_day", "2026-05-25", "2026-05-25"},
		{"memorial_day", "2027-05-31", "2027-05-31"},
		{"armed_forces_day", "2026-05-16", "2026-05-16"},
		{"military_spouse_day", "2024-05-10", "2024-05-10"},
		{"military_spouse_day", "2026-05-08", "2026-05-08"},
		{"nurses_week", "2026-05-06", "2026-05-12"},
		{"international_nurses_day", "2026-05-12", "2026-05-12"},
		{"doctors_day", "2026-03-30", "2026-03-30"},
		{"police_week", "2024-05-12", "2024-05-18"},
		{"police_week", "2026-05-10", "2026-05-16"},
		{"international_firefighters_day", "2026-05-04", "2026-05-04"},
		{"first_responders_day", "2026-10-28", "2026-10-28"},
		{"mothers_day", "2026-05-10", "2026-05-10"},
		{"fathers_day", "2026-06-21", "2026-06-21"},
		{"independence_day", "2026-07-04", "2026-07-04"},
		{"labor_day", "2026-09-07", "2026-09-07"},
		{"thanksgiving", "2026-11-26", "2026-11-26"},
		{"black_friday", "2024-11-29", "2024-11-29"},
		{"black_friday", "2026-11-27", "2026-11-27"},
		{"cyber_monday", "2024-12-02", "2024-12-02"},
		{"cyber_monday", "2026-11-30", "2026-11-30"},
		{"new_year", "2026-12-31", "2027-01-01"},
	} {
		e, ok := offers.EventNamed(c.event)
		if !ok {
			t.Errorf("%s is not known", c.event)
			continue
		}
		year := zoneless(t, c.first).Year()
		first, last := e.Days(year)
		if first.Format(time.DateOnly) != c.first || last.Format(time.DateOnly) != c.last {
			t.Errorf("%s of %d is %s to %s, want %s to %s", c.event, year, first.Format(time.DateOnly), last.Format(time.DateOnly), c.first, c.last)
		}
	}
}

func zoneless(t *testing.T, date string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEventsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/offers.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range offers.Events {
		if !strings.Contains(string(page), "| `"+e.Name+"` |") {
			t.Errorf("%s is not in docs/offers.md", e.Name)
		}
	}
}

func TestEveryEventIsWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range offers.Events {
		if seen[e.Name] {
			t.Errorf("%s is there twice", e.Name)
		}
		seen[e.Name] = true
		for year := 1990; year < 2100; year++ {
			first, last := e.Days(year)
			if first.Year() != year || last.Before(first) || last.Sub(first) > 6*24*time.Hour {
				t.Errorf("%s of %d is %v to %v", e.Name, year, first, last)
			}
		}
	}
}

func TestACampaignCountsWholeDaysOfItsZone(t *testing.T) {
	for name, c := range map[string]struct {
		campaign offers.Campaign
		zone, at string
		on       bool
	}{
		"the first instant":                 {offers.Campaign{Event: "veterans_day"}, "America/New_York", "2026-11-11T00:00:00-05:00", true},
		"the last instant":                  {offers.Campaign{Event: "veterans_day"}, "America/New_York", "2026-11-11T23:59:59-05:00", true},
		"a second early":                    {offers.Campaign{Event: "veterans_day"}, "America/New_York", "2026-11-10T23:59:59-05:00", false},
		"a second late":                     {offers.Campaign{Event: "veterans_day"}, "America/New_York", "2026-11-12T00:00:00-05:00", false},
		"still that day in Honolulu":        {offers.Campaign{Event: "veterans_day"}, "Pacific/Honolulu", "2026-11-12T09:59:59Z", true},
		"already that day in Kiritimati":    {offers.Campaign{Event: "veterans_day"}, "Pacific/Kiritimati", "2026-11-10T10:00:00Z", true},
		"the days before":                   {offers.Campaign{Event: "nurses_week", DaysBefore: 2}, "UTC", "2026-05-04T00:00:00Z", true},
		"no more than the days before":      {offers.Campaign{Event: "nurses_week", DaysBefore: 2}, "UTC", "2026-05-03T23:59:59Z", false},
		"the days after":                    {offers.Campaign{Event: "nurses_week", DaysAfter: 60}, "UTC", "2026-07-11T23:59:59Z", true},
		"over the turn of the year, after":  {offers.Campaign{Event: "cyber_monday", DaysAfter: 60}, "UTC", "2027-01-29T12:00:00Z", true},
		"over the turn of the year, before": {offers.Campaign{Event: "new_year", DaysBefore: 60}, "UTC", "2026-11-01T00:00:00Z", true},
		"the second day of the new year":    {offers.Campaign{Event: "new_year"}, "UTC", "2027-01-02T00:00:00Z", false},
		"the new year":                      {offers.Campaign{Event: "new_year"}, "UTC", "2027-01-01T12:00:00Z", true},
		// Clocks go back on 1 November 2026 in New York: that day has 25 hours.
		"a day of 25 hours": {offers.Campaign{Event: "first_responders_day", DaysAfter: 4}, "America/New_York", "2026-11-01T23:59:59-05:00", true},
		"and the next one":  {offers.Campaign{Event: "first_responders_day", DaysAfter: 4}, "America/New_York", "2026-11-02T00:00:00-05:00", false},
		// Clocks go forward on 29 March 2026 in Berlin: that day has 23 hours.
		"a day of 23 hours": {offers.Campaign{Event: "doctors_day", DaysBefore: 1}, "Europe/Berlin", "2026-03-29T00:00:00+01:00", true},
		"and the one before": {offers.Campaign{Event: "doctors_day", DaysBefore: 1}, "Europe/Berlin", "2026-03-28T23:59:59+01:00",
			false},
		"an unknown event": {offers.Campaign{Event: "pi_day"}, "UTC", "2026-03-14T12:00:00Z", false},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if on := c.campaign.On(at, zone(t, c.zone)); on != c.on {
			t.Errorf("%s: on is %v", name, on)
		}
	}
}

func TestACampaignRunsAsManyDaysAsItSays(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom(offers.Events).Draw(t, "event")
		c := offers.Campaign{Event: e.Name, DaysBefore: rapid.IntRange(0, 60).Draw(t, "before"), DaysAfter: rapid.IntRange(0, 60).Draw(t, "after")}
		year := rapid.IntRange(2000, 2090).Draw(t, "year")
		first, last, _ := c.Window(year)
		days := 0
		// From long before to long after, at an hour that every day has.
		for d := first.AddDate(0, 0, -70); !d.After(last.AddDate(0, 0, 70)); d = d.AddDate(0, 0, 1) {
			if c.On(time.Date(d.Year(), d.Month(), d.Day(), 12, 0, 0, 0, berlin), berlin) {
				days++
			}
		}
		eFirst, eLast := e.Days(year)
		if want := int(eLast.Sub(eFirst).Hours())/24 + 1 + c.DaysBefore + c.DaysAfter; days != want {
			t.Fatalf("%d days, want %d", days, want)
		}
	})
}

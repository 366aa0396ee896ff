package offers

import (
	"slices"
	"time"
)

// Event is an occasion that comes back every year.
type Event struct {
	// Name is what a Campaign calls it by.
	Name string
	// days returns the first and the last day of the event in a year, at midnight UTC.
	days func(year int) (first, last time.Time)
}

// Days returns the first and the last day of the event in a year, both at midnight UTC: they are days of the calendar,
// wherever they begin.
func (e Event) Days(year int) (first, last time.Time) { return e.days(year) }

// Events are the occasions that a campaign can be made around. Those without a country of their own in the comment are
// kept in the United States.
var Events = []Event{
	// The first full week of May, from Monday to Friday (National PTA and National Education Association).
	{"teacher_appreciation_week", func(y int) (time.Time, time.Time) {
		sunday := nth(y, time.May, time.Sunday, 1)
		return sunday.AddDate(0, 0, 1), sunday.AddDate(0, 0, 5)
	}},
	// Tuesday of that week.
	{"teacher_appreciation_day", single(func(y int) time.Time { return nth(y, time.May, time.Sunday, 1).AddDate(0, 0, 2) })},
	// UNESCO, since 1994; worldwide.
	{"world_teachers_day", fixed(time.October, 5)},
	// Worldwide, since 1941.
	{"international_students_day", fixed(time.November, 17)},
	// The first Sunday after Labor Day (36 U.S.C. 125).
	{"grandparents_day", single(func(y int) time.Time { return nth(y, time.September, time.Monday, 1).AddDate(0, 0, 6) })},
	// United Nations, General Assembly resolution 45/106; worldwide.
	{"older_persons_day", fixed(time.October, 1)},
	// 5 U.S.C. 6103(a); the day itself, not the Monday or Friday that federal offices close on.
	{"veterans_day", fixed(time.November, 11)},
	// The last Monday of May (5 U.S.C. 6103(a)).
	{"memorial_day", single(func(y int) time.Time { return last(y, time.May, time.Monday) })},
	// The third Saturday of May (presidential proclamations since 1950).
	{"armed_forces_day", single(func(y int) time.Time { return nth(y, time.May, time.Saturday, 3) })},
	// The Friday before Mother's Day (Presidential Proclamation 5184 of 1984, and every year since).
	{"military_spouse_day", single(func(y int) time.Time { return nth(y, time.May, time.Sunday, 2).AddDate(0, 0, -2) })},
	// American Nurses Association: from National Nurses Day to Florence Nightingale's birthday.
	{"nurses_week", func(y int) (time.Time, time.Time) { return day(y, time.May, 6), day(y, time.May, 12) }},
	// International Council of Nurses; worldwide.
	{"international_nurses_day", fixed(time.May, 12)},
	// Public Law 101-473.
	{"doctors_day", fixed(time.March, 30)},
	// The calendar week, from Sunday, in which 15 May falls (36 U.S.C. 137).
	{"police_week", func(y int) (time.Time, time.Time) {
		memorial := day(y, time.May, 15)
		sunday := memorial.AddDate(0, 0, -int(memorial.Weekday()))
		return sunday, sunday.AddDate(0, 0, 6)
	}},
	// Worldwide, Saint Florian's day.
	{"international_firefighters_day", fixed(time.May, 4)},
	// Resolutions of the Senate of the United States.
	{"first_responders_day", fixed(time.October, 28)},
	// The second Sunday of May (36 U.S.C. 117).
	{"mothers_day", single(func(y int) time.Time { return nth(y, time.May, time.Sunday, 2) })},
	// The third Sunday of June (36 U.S.C. 109).
	{"fathers_day", single(func(y int) time.Time { return nth(y, time.June, time.Sunday, 3) })},
	// 5 U.S.C. 6103(a).
	{"independence_day", fixed(time.July, 4)},
	// The first Monday of September (5 U.S.C. 6103(a)).
	{"labor_day", single(func(y int) time.Time { return nth(y, time.September, time.Monday, 1) })},
	// The fourth Thursday of November (5 U.S.C. 6103(a)).
	{"thanksgiving", single(thanksgiving)},
	// The day after Thanksgiving.
	{"black_friday", single(func(y int) time.Time { return thanksgiving(y).AddDate(0, 0, 1) })},
	// The Monday after Thanksgiving.
	{"cyber_monday", single(func(y int) time.Time { return thanksgiving(y).AddDate(0, 0, 4) })},
	// From New Year's Eve to New Year's Day; named by the year in which it begins.
	{"new_year", func(y int) (time.Time, time.Time) { return day(y, time.December, 31), day(y+1, time.January, 1) }},
}

// EventNamed returns the event with a name.
func EventNamed(name string) (Event, bool) {
	i := slices.IndexFunc(Events, func(e Event) bool { return e.Name == name })
	if i < 0 {
		return Event{}, false
	}
	return Events[i], true
}

// Window returns the first and the last day of a campaign in a year, at midnight UTC. An unknown event gives ok false.
func (c Campaign) Window(year int) (first, last time.Time, ok bool) {
	e, ok := EventNamed(c.Event)
	if !ok {
		return first, last, false
	}
	first, last = e.Days(year)
	return first.AddDate(0, 0, -c.DaysBefore), last.AddDate(0, 0, c.DaysAfter), true
}

// On tells whether the campaign runs on the day that now is in zone. Whole days count, so a day that a clock change
// makes shorter or longer is still one day.
func (c Campaign) On(now time.Time, zone *time.Location) bool {
	year, month, date := now.In(zone).Date()
	today := day(year, month, date)
	// A campaign around the turn of the year belongs to the year of its event.
	for y := year - 1; y <= year+1; y++ {
		first, last, ok := c.Window(y)
		if ok && !today.Before(first) && !today.After(last) {
			return true
		}
	}
	return false
}

func day(year int, month time.Month, date int) time.Time {
	return time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
}

func fixed(month time.Month, date int) func(int) (time.Time, time.Time) {
	return single(func(y int) time.Time { return day(y, month, date) })
}

func single(of func(int) time.Time) func(int) (time.Time, time.Time) {
	return func(y int) (time.Time, time.Time) { d := of(y); return d, d }
}

// nth is the n-th such weekday of a month, from 1.
func nth(year int, month time.Month, weekday time.Weekday, n int) time.Time {
	first := day(year, month, 1)
	return first.AddDate(0, 0, (int(weekday-first.Weekday())+7)%7+7*(n-1))
}

func last(year int, month time.Month, weekday time.Weekday) time.Time {
	end := day(year, month+1, 0)
	return end.AddDate(0, 0, -((int(end.Weekday()-weekday) + 7) % 7))
}

func thanksgiving(year int) time.Time { return nth(year, time.November, time.Thursday, 4) }

package console

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// MaxOverviewDays bounds the time that an overview looks back.
const MaxOverviewDays = 366

// Span is one day of a store: from its midnight to the next, in the store's time zone.
type Span struct {
	// Day is the date, "2026-03-29".
	Day  string
	From time.Time
	To   time.Time
}

// Days returns the last n days of a time zone, today included, oldest first. A day with a change of clocks has 23 or 25
// hours.
func Days(now time.Time, zone *time.Location, n int) []Span {
	local := now.In(zone)
	spans := make([]Span, n)
	for i := range spans {
		from := time.Date(local.Year(), local.Month(), local.Day()-(n-1-i), 0, 0, 0, 0, zone)
		to := time.Date(local.Year(), local.Month(), local.Day()-(n-2-i), 0, 0, 0, 0, zone)
		spans[i] = Span{Day: time.Date(local.Year(), local.Month(), local.Day()-(n-1-i), 12, 0, 0, 0, zone).Format(time.DateOnly),
			From: from.UTC(), To: to.UTC()}
	}
	return spans
}

// Counted is a number of something by name.
type Counted struct {
	Name  string
	Count int64
}

// DayFigures is one day of the chart. Discount is in minor units of the store's currency.
type DayFigures struct {
	Day      string
	Verified int64
	Redeemed int64
	Discount int64
}

// Overview is the figures of the start page. Money is in minor units of the store's currency; what was sold in another
// currency counts as redeemed, not as money.
type Overview struct {
	Verified        int64
	VerifiedByGroup []Counted
	Issued          int64
	Redeemed        int64
	Refunded        int64
	Discount        int64
	Revenue         int64
	Currency        string
	// Refused counts verifications that ended without success, by reason.
	Refused []Counted
	// PointsLiability is what members could spend now or later; Members is how many they are.
	PointsLiability int64
	Members         int64
	Series          []DayFigures
}

// Figures reads what an overview is made of.
type Figures interface {
	Overview(ctx context.Context, r FiguresRequest) (Overview, error)
}

// FiguresRequest says which figures are to be read.
type FiguresRequest struct {
	Store    string
	Currency string
	// Offset is how far the store's clock is ahead of the real one.
	Offset time.Duration
	// Days are in order, without gaps, in the store's time.
	Days []Span
}

// OverviewRequest asks for the figures of a store.
type OverviewRequest struct {
	Store    string
	Currency string
	// Timezone is an IANA name.
	Timezone string
	// Now is the store's time, Offset how far it is ahead of the real one.
	Now    time.Time
	Offset time.Duration
	// Days is how far to look back, today included: 1 to MaxOverviewDays.
	Days int
}

// Overview returns the figures of the start page. Faults: invalid.
func (s *Service) Overview(ctx context.Context, r OverviewRequest) (Overview, error) {
	if r.Days < 1 || r.Days > MaxOverviewDays {
		return Overview{}, fault.New(fault.Invalid, "An overview looks back 1 to 366 days.").At("#/days", "must be 1 to 366")
	}
	zone, err := time.LoadLocation(r.Timezone)
	if err != nil {
		return Overview{}, fmt.Errorf("load the store's time zone: %w", err)
	}
	o, err := s.figures.Overview(ctx, FiguresRequest{Store: r.Store, Currency: r.Currency, Offset: r.Offset, Days: Days(r.Now, zone, r.Days)})
	o.Currency = r.Currency
	return o, err
}

package offers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// CounterScope says what a counter counts by.
type CounterScope string

// The scopes of a limit.
const (
	ScopeTotal    CounterScope = "total"
	ScopePerson   CounterScope = "person"
	ScopeCustomer CounterScope = "customer"
	// ScopeBudget counts minor units of discount instead of uses.
	ScopeBudget CounterScope = "budget"
)

// CounterKey names a counter of one offer.
type CounterKey struct {
	OfferID string       `json:"offer_id"`
	Scope   CounterScope `json:"scope"`
	Subject string       `json:"subject,omitempty"`
	// Period is the stretch of time that the counter is for: "days:30" slides, "month:2026-11" is of the calendar.
	// Empty counts for ever.
	Period string `json:"period,omitempty"`
}

// Hold is a part of a counter that is given back at an instant: by a reservation that lapses, or by a use that slides out
// of its period.
type Hold struct {
	Until time.Time
	// Weight is how much comes back: uses, or minor units of a budget.
	Weight int64
	// Used tells a use from a reservation.
	Used bool
}

// Counter is what a limit has given away: used, and held by reservations until they end.
type Counter struct {
	Store string
	CounterKey
	Used int64
	Held int64
	// Holds are those that have lapsed, by reservation.
	Holds map[string]Hold
}

// slide is the length of a sliding period, or zero.
func (k CounterKey) slide() time.Duration {
	days, ok := strings.CutPrefix(k.Period, "days:")
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(days, 10, 32)
	if err != nil {
		return 0
	}
	return time.Duration(n) * 24 * time.Hour
}

// stretch names the period without its place in the calendar.
func (p PeriodLimit) stretch() string {
	if p.Days > 0 {
		return "days:" + strconv.FormatInt(p.Days, 10)
	}
	return p.Calendar
}

// at names the period that an instant is in.
func (p PeriodLimit) at(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	switch p.Calendar {
	case "day":
		return "day:" + t.Format(time.DateOnly)
	case "week":
		year, week := t.ISOWeek()
		return fmt.Sprintf("week:%d-%02d", year, week)
	case "month":
		return "month:" + t.Format("2006-01")
	case "quarter":
		return fmt.Sprintf("quarter:%d-%d", t.Year(), (int(t.Month())-1)/3+1)
	case "year":
		return "year:" + t.Format("2006")
	default:
		return p.stretch()
	}
}

// ErrCustomerNeeded says that a limit per customer cannot be checked without one.
var ErrCustomerNeeded = fault.New(fault.OfferNotApplicable, "This offer is limited per customer. Send the customer's id.").At("#/customer", "is required by this offer")

// CountersOf returns the counters that a use of an offer at a time counts against: those of its limits. Without a person
// behind the token, the customer stands in for the person. zone is where the calendar's periods begin, unless the
// offer has its own.
func CountersOf(o Offer, tags []string, customer string, at time.Time, zone *time.Location) ([]CounterKey, error) {
	zone = o.zoneOr(zone)
	limits := make([]PeriodLimit, 0, 3+len(o.Limits.Periods))
	for _, l := range []PeriodLimit{{By: ScopeTotal, Uses: o.Limits.Total}, {By: ScopePerson, Uses: o.Limits.PerPerson}, {By: ScopeCustomer, Uses: o.Limits.PerCustomer}} {
		if l.Uses > 0 {
			limits = append(limits, l)
		}
	}
	var keys []CounterKey
	for _, l := range append(limits, o.Limits.Periods...) {
		subjects, err := l.By.subjects(tags, customer)
		if err != nil {
			return nil, err
		}
		period := l.at(at, o.zoneOr(zone))
		for _, s := range subjects {
			if k := (CounterKey{o.ID, l.By, s, period}); !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	if o.Limits.Budget != nil {
		keys = append(keys, CounterKey{OfferID: o.ID, Scope: ScopeBudget})
	}
	return keys, nil
}

// subjects are whom a limit of this scope counts, for one use.
func (s CounterScope) subjects(tags []string, customer string) ([]string, error) {
	switch {
	case s == ScopeTotal:
		return []string{""}, nil
	case s == ScopePerson && len(tags) > 0:
		return tags, nil
	case customer == "":
		return nil, ErrCustomerNeeded
	case s == ScopePerson:
		return []string{"customer:" + customer}, nil
	default:
		return []string{customer}, nil
	}
}

// limitFor is what the offer allows of a counter: uses, or minor units of its budget. Zero means no limit (any more).
func (o Offer) limitFor(k CounterKey) int64 {
	switch {
	case k.Scope == ScopeBudget && o.Limits.Budget != nil:
		return o.Limits.Budget.Amount
	case k.Scope == ScopeBudget:
		return 0
	case k.Period != "":
		for _, p := range o.Limits.Periods {
			if p.By == k.Scope && (p.stretch() == k.Period || strings.HasPrefix(k.Period, p.stretch()+":")) {
				return p.Uses
			}
		}
		return 0
	case k.Scope == ScopeTotal:
		return o.Limits.Total
	case k.Scope == ScopePerson:
		return o.Limits.PerPerson
	default:
		return o.Limits.PerCustomer
	}
}

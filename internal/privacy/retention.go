package privacy

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Class is a kind of data with a clock of its own.
type Class string

// The classes whose clocks a store can set, and documents, whose clock is set with their verifier.
const (
	Documents Class = "documents"
	Collected Class = "collected"
	Networks  Class = "networks"
	Audit     Class = "audit"
	Requests  Class = "privacy_requests"
)

// Kept says what ends the keeping of a class.
type Kept string

// The ends of keeping.
const (
	// ByClock: after a number of days, which the store can set.
	ByClock Kept = "days"
	// Fixed: after a time that is the program's.
	Fixed Kept = "fixed"
	// ByVerifier: after the days that the configuration of the verifier says, from the decision on; 7 when it says nothing.
	ByVerifier Kept = "by_verifier"
	// UntilErased: when the shopper is erased; what is left then is no personal data.
	UntilErased Kept = "until_erased"
)

// Rule says how long a class is kept.
type Rule struct {
	Class Class
	Kept  Kept
	// Default, Min and Max are days, where the store can set them.
	Default, Min, Max int
	// For is the time of a fixed clock.
	For time.Duration
	// Elsewhere is true when another job than Forget removes it.
	Elsewhere bool
}

const day = 24 * time.Hour

// Rules returns how long everything that is about a person is kept, in the order in which it is shown.
func Rules() []Rule {
	return []Rule{
		{Class: Documents, Kept: ByVerifier, Elsewhere: true},
		{Class: Collected, Kept: ByClock, Default: 90, Min: 1, Max: 365},
		{Class: Networks, Kept: ByClock, Default: 90, Min: 1, Max: 365},
		{Class: Audit, Kept: ByClock, Default: 730, Min: 30, Max: 3650},
		{Class: Requests, Kept: ByClock, Default: 1095, Min: 365, Max: 3650},
		{Class: "challenges", Kept: Fixed, For: 7 * day, Elsewhere: true},
		{Class: "sign_ins", Kept: Fixed, For: 15 * time.Minute, Elsewhere: true},
		{Class: "customer_sessions", Kept: Fixed, For: 15 * time.Minute, Elsewhere: true},
		{Class: "answers", Kept: Fixed, For: 30 * day, Elsewhere: true},
		{Class: "events", Kept: Fixed, For: 30 * day, Elsewhere: true},
		{Class: "sent_mails", Kept: Fixed, For: 30 * day, Elsewhere: true},
		{Class: "mail_suppressions", Kept: Fixed, For: 365 * day, Elsewhere: true},
		{Class: "verifications", Kept: UntilErased},
		{Class: "attestations", Kept: UntilErased},
		{Class: "consents", Kept: UntilErased},
		{Class: "offer_tokens", Kept: UntilErased},
		{Class: "orders", Kept: UntilErased},
		{Class: "members", Kept: UntilErased},
	}
}

// RuleOf returns the rule of a class.
func RuleOf(c Class) (Rule, bool) {
	rules := Rules()
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Class == c })
	if i < 0 {
		return Rule{}, false
	}
	return rules[i], true
}

// Clocks are the days that a store set itself, by class.
type Clocks map[Class]int

// ClocksOf are those of a store's settings.
func ClocksOf(days map[string]int) Clocks {
	c := make(Clocks, len(days))
	for class, n := range days {
		c[Class(class)] = n
	}
	return c
}

// Days is how long a class is kept: what the store set, within the bounds, else the default.
func (c Clocks) Days(class Class) int {
	r, ok := RuleOf(class)
	if !ok {
		return 0
	}
	if days, set := c[class]; set {
		return min(max(days, r.Min), r.Max)
	}
	return r.Default
}

// Check refuses clocks that are out of bounds. Faults: invalid.
func (c Clocks) Check() error {
	f := fault.New(fault.Invalid, "These clocks cannot be set.")
	for class, days := range c {
		r, ok := RuleOf(class)
		switch {
		case !ok || r.Kept != ByClock:
			f = f.At("#/days/"+string(class), "is no class whose clock can be set")
		case days < r.Min || days > r.Max:
			f = f.At("#/days/"+string(class), fmt.Sprintf("use %d to %d days", r.Min, r.Max))
		}
	}
	if f.Fields == nil {
		return nil
	}
	return f
}

// Standing is how the keeping of a class stands in a store.
type Standing struct {
	Rule
	// Days is how long it is kept, for ByClock.
	Days int
	// Oldest is when the oldest row was written; zero when there is none.
	Oldest time.Time
	// LastRun is when the job ran last; zero when it has not, or when another job removes the class.
	LastRun time.Time
	// RemovedLast and Removed30 are what it removed in the last run and in 30 days.
	RemovedLast, Removed30 int64
}

// Overdue reports whether something is older than it should be, with an hour for the job to run in.
func (s Standing) Overdue(now time.Time) bool {
	return s.Kept == ByClock && !s.Elsewhere && !s.Oldest.IsZero() && now.After(s.Oldest.Add(time.Duration(s.Days)*day+2*time.Hour))
}

// Retention returns how all classes stand.
func (s *Service) Retention(ctx context.Context, store string, clocks Clocks) ([]Standing, error) {
	var out []Standing
	err := s.Storage.Read(ctx, store, func(ctx context.Context, tx Tx) error {
		out = nil
		for _, r := range Rules() {
			standing := Standing{Rule: r}
			if r.Kept == ByClock {
				standing.Days = clocks.Days(r.Class)
			}
			if err := tx.Standing(ctx, &standing); err != nil {
				return fmt.Errorf("looking at the retention of %s: %w", r.Class, err)
			}
			out = append(out, standing)
		}
		return nil
	})
	return out, err
}

// portion bounds what one transaction of a job removes.
const portion = 500

// Forget removes from a store what was kept long enough, by the store's clock and in portions, and notes how much. A job
// calls it; it may be interrupted anywhere.
func (s *Service) Forget(ctx context.Context, store string, clocks Clocks) (map[Class]int64, error) {
	removed := map[Class]int64{}
	for _, r := range Rules() {
		if r.Kept != ByClock || r.Elsewhere {
			continue
		}
		keep := time.Duration(clocks.Days(r.Class)) * day
		for more := true; more; {
			_, err := s.Storage.Write(ctx, store, func(ctx context.Context, tx Tx) (any, error) {
				n, err := tx.Forget(ctx, r.Class, tx.Now().Add(-keep), portion)
				more = n == portion
				removed[r.Class] += int64(n)
				return nil, err
			})
			if err != nil {
				return removed, fmt.Errorf("forgetting %s: %w", r.Class, err)
			}
		}
		_, err := s.Storage.Write(ctx, store, func(ctx context.Context, tx Tx) (any, error) {
			return nil, tx.NoteRun(ctx, r.Class, removed[r.Class])
		})
		if err != nil {
			return removed, fmt.Errorf("noting what was forgotten of %s: %w", r.Class, err)
		}
	}
	return removed, nil
}

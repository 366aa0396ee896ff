package loyalty

import (
	"cmp"
	"slices"
	"time"
)

// Standing is a member's position as a shopper reads it.
type Standing struct {
	Customer  string
	Available int64
	Pending   int64
	Debt      int64
	Tier      Tier
	// Next is the tier above, if any, and Missing the qualifying points to it.
	Next     *Tier
	Missing  int64
	Expiring []Expiring
}

// Expiring is an amount of points that can be spent only before At.
type Expiring struct {
	Points int64
	At     time.Time
}

// Standing settles a copy of the member at now and describes it. Nothing is saved.
func (m Member) Standing(r Rules, now time.Time) Standing {
	s := Settle(m, r, now).Member
	out := Standing{Customer: s.Customer, Available: s.Available, Pending: s.Pending, Debt: s.Debt}
	points := s.Qualifying(r, now)
	out.Tier = r.Program.tierFor(points)
	for _, t := range r.Program.Tiers {
		if t.Threshold > points {
			out.Next, out.Missing = &t, t.Threshold-points
			break
		}
	}
	for _, l := range s.Lots {
		if !l.ExpiresAt.IsZero() && !l.Pending {
			out.Expiring = append(out.Expiring, Expiring{l.Remaining, l.ExpiresAt})
		}
	}
	slices.SortFunc(out.Expiring, func(a, b Expiring) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Points, b.Points))
	})
	return out
}

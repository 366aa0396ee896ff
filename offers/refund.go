package offers

import (
	"fmt"
	"maps"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// RestoreUse says when a refund gives the uses of an order's offers back.
type RestoreUse string

// The choices.
const (
	RestoreNever  RestoreUse = "never"
	RestoreIfFull RestoreUse = "if_full"
	RestoreAlways RestoreUse = "always"
)

// RefundLine is a number of units of a line that came back.
type RefundLine struct {
	LineID   string `json:"line_id"`
	Quantity int64  `json:"quantity"`
}

// Refunded is what of an order came back so far.
type Refunded struct {
	// Quantities returned, by line.
	Quantities map[string]int64 `json:"quantities,omitempty"`
	Discount   int64            `json:"discount,omitempty"`
	Points     int64            `json:"points,omitempty"`
	// Forfeited are points that were taken back because the redemption was fraud: refunds take none any more.
	Forfeited int64 `json:"forfeited,omitempty"`
	// Restored is true once the uses of the order's offers were given back.
	Restored bool `json:"restored,omitempty"`
}

// Reversal is the effect of one refund.
type Reversal struct {
	Discount int64           `json:"discount"`
	Points   int64           `json:"points"`
	State    RedemptionState `json:"state"`
	Lines    []RefundLine    `json:"lines"`
}

// ErrRefundTooMuch says that more units come back than were bought and not yet returned.
var ErrRefundTooMuch = fault.New(fault.RefundExceedsOrder, "More units are refunded than the order has left to refund. Of an order with offers, GET /v1/redemptions/{id} tells what came back already.")

// Refund reckons what a refund reverses, from the pinned shares alone: whatever the steps, the sum of all refunds of an
// order is exactly what was given. No lines means everything that is left.
func Refund(p Pinned, done Refunded, lines []RefundLine) (Refunded, Reversal, error) {
	if len(lines) == 0 {
		lines = remaining(p.Cart, done)
	}
	next := done
	next.Quantities = maps.Clone(done.Quantities)
	if next.Quantities == nil {
		next.Quantities = map[string]int64{}
	}
	index := make(map[string]int, len(p.Cart.Lines))
	for i, l := range p.Cart.Lines {
		index[l.LineID] = i
	}
	for i, r := range lines {
		at := fmt.Sprintf("#/lines/%d", i)
		n, ok := index[r.LineID]
		if !ok {
			return done, Reversal{}, fault.New(fault.Invalid, "A refunded line is not part of the order.").At(at+"/line_id", "is not a line of the order")
		}
		if r.Quantity < 1 || r.Quantity > p.Cart.Lines[n].Quantity-next.Quantities[r.LineID] {
			return done, Reversal{}, ErrRefundTooMuch.At(at+"/quantity", "must be at least 1 and at most what is left of the line")
		}
		next.Quantities[r.LineID] += r.Quantity
	}
	if len(lines) == 0 {
		return done, Reversal{}, ErrRefundTooMuch
	}
	full := len(remaining(p.Cart, next)) == 0
	next.Discount, next.Points = reversed(p, next.Quantities, full)
	if done.Forfeited > 0 {
		next.Points = done.Points
	}
	rev := Reversal{Discount: next.Discount - done.Discount, Points: next.Points - done.Points, State: StatePartiallyRefunded, Lines: lines}
	if full {
		rev.State = StateRefunded
	}
	return next, rev, nil
}

func remaining(c Cart, done Refunded) []RefundLine {
	var out []RefundLine
	for _, l := range c.Lines {
		if left := l.Quantity - done.Quantities[l.LineID]; left > 0 {
			out = append(out, RefundLine{l.LineID, left})
		}
	}
	return out
}

// reversed is the discount and the points that all units returned so far have a claim to. What was given on shipping
// comes back with the last unit.
func reversed(p Pinned, quantities map[string]int64, full bool) (discount, points int64) {
	for i, l := range p.Cart.Lines {
		if i < len(p.LinePoints) {
			points += Portion(p.LinePoints[i], quantities[l.LineID], l.Quantity)
		}
	}
	for _, a := range p.Applied {
		discount += reversedOf(a, p.Cart, quantities, full)
	}
	return discount, points
}

// reversedOf is one offer's part of the discount that comes back.
func reversedOf(a Applied, cart Cart, quantities map[string]int64, full bool) int64 {
	var discount int64
	for _, al := range a.Allocations {
		if al.Target == TargetShipping {
			if full {
				discount += al.Amount
			}
			continue
		}
		i := slices.IndexFunc(cart.Lines, func(l Line) bool { return l.LineID == al.LineID })
		discount += Portion(al.Amount, quantities[al.LineID], cart.Lines[i].Quantity)
	}
	return discount
}

// PointsLeft are the points of a redemption that were not taken back.
func (r *Redemption) PointsLeft() int64 {
	return r.Pinned.Points - r.Refunded.Points - r.Refunded.Forfeited
}

// Forfeit notes that the points left of a redemption were taken back because it was fraud.
func (b *Book) Forfeit(r *Redemption) {
	r.Refunded.Forfeited += r.PointsLeft()
	r.UpdatedAt = b.Now
	b.Changed.Redemptions[r.ID] = true
}

// RefundRedemption refunds lines of a redemption and, as restore says, gives the uses of its offers back, once. Budgets
// that follow refunds get back what this one takes back.
func (b *Book) RefundRedemption(r *Redemption, lines []RefundLine, restore RestoreUse) (Reversal, error) {
	next, rev, err := Refund(r.Pinned, r.Refunded, lines)
	if err != nil {
		return rev, err
	}
	if !next.Restored && (restore == RestoreAlways || restore == RestoreIfFull && rev.State == StateRefunded) {
		next.Restored = true
		b.giveBack(r)
	}
	for i, u := range r.Pinned.Uses {
		key := CounterKey{OfferID: u.OfferID, Scope: ScopeBudget}
		if !u.RestoresBudget || b.Counters[key] == nil {
			continue
		}
		a := r.Pinned.Applied[i]
		was := reversedOf(a, r.Pinned.Cart, r.Refunded.Quantities, r.State == StateRefunded)
		is := reversedOf(a, r.Pinned.Cart, next.Quantities, rev.State == StateRefunded)
		b.Counters[key].Used -= is - was
		b.touchCounter(key)
	}
	r.Refunded, r.State, r.UpdatedAt = next, rev.State, b.Now
	b.Changed.Redemptions[r.ID] = true
	return rev, nil
}

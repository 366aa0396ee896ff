package offers

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Faults of limits.
var (
	ErrLimit  = fault.New(fault.LimitReached, "This offer has been used as often as it may be: in all, by this person, or by this customer. Show the price without it.")
	ErrBudget = fault.New(fault.BudgetExhausted, "What is left of this offer's budget does not cover the discount on this order. Show the price without it.")
)

// sweep gives back what lapsed holds took. It runs under the counter's lock, before anything is decided.
// It returns the reservations whose holds ended.
func (c *Counter) sweep(now time.Time) []string {
	var ended []string
	for _, rsv := range slices.Sorted(maps.Keys(c.Holds)) {
		h := c.Holds[rsv]
		if now.Before(h.Until) {
			continue
		}
		ended = append(ended, rsv)
		delete(c.Holds, rsv)
		if h.Used {
			c.Used -= h.Weight
		} else {
			c.Held -= h.Weight
		}
	}
	return ended
}

// claim is what the uses of one order take of one counter.
type claim struct {
	key    CounterKey
	weight int64
}

// claimsOf adds up what uses take, in their order.
func claimsOf(uses []Use) []claim {
	var claims []claim
	for _, u := range uses {
		for _, k := range u.Counters {
			weight := int64(1)
			if k.Scope == ScopeBudget {
				weight = u.Amount
			}
			if i := slices.IndexFunc(claims, func(c claim) bool { return c.key == k }); i >= 0 {
				claims[i].weight += weight
			} else {
				claims = append(claims, claim{k, weight})
			}
		}
	}
	return claims
}

// fits refuses claims that an offer's limits leave no room for. What is in freed counts as given back already.
func (b *Book) fits(claims []claim, freed map[CounterKey]int64) error {
	for _, c := range claims {
		o := b.Offers[c.key.OfferID]
		if o == nil {
			continue
		}
		limit := o.limitFor(c.key)
		if limit > 0 && b.given(c.key)-freed[c.key]+c.weight > limit {
			if c.key.Scope == ScopeBudget {
				return ErrBudget
			}
			return ErrLimit
		}
	}
	return nil
}

// given is what a counter has given away. One that does not exist yet has given nothing.
func (b *Book) given(k CounterKey) int64 {
	if c := b.Counters[k]; c != nil {
		return c.Used + c.Held
	}
	return 0
}

// held is what live reservations hold of each counter.
func (b *Book) held(reservations []*Reservation) map[CounterKey]int64 {
	out := map[CounterKey]int64{}
	for _, r := range reservations {
		if r.State != Held || r.Lapsed(b.Now) {
			continue // swept already
		}
		for _, c := range claimsOf(r.Pinned.Uses) {
			out[c.key] += c.weight
		}
	}
	return out
}

// Room refuses an offer whose limits leave no room for one more use. What the token's own reservation holds is free to
// it, since a new hold of the same token takes the old one's place.
func (b *Book) Room(o Offer, tags []string, customer string, t *Token) error {
	keys, err := CountersOf(o, tags, customer, b.Now, b.Zone)
	if err != nil {
		return err
	}
	return b.fits(claimsOf([]Use{{Counters: keys}}), b.held(b.holders(t)))
}

// LimitFindings tells of every limit of an offer what is left of it for one more use that gives amount, as Room judges it.
func (b *Book) LimitFindings(o Offer, tags []string, customer string, t *Token, amount int64) []Finding {
	keys, err := CountersOf(o, tags, customer, b.Now, b.Zone)
	if err != nil {
		return []Finding{{Condition: "limits", Saw: "a guest", Wants: "a customer, to count by"}}
	}
	own := b.held(b.holders(t))
	var out []Finding
	for _, c := range claimsOf([]Use{{Counters: keys, Amount: amount}}) {
		var used, held int64
		if counter := b.Counters[c.key]; counter != nil {
			used, held = counter.Used, counter.Held-own[c.key]
		}
		limit := o.limitFor(c.key)
		out = append(out, Finding{Condition: c.key.limitName(), Saw: fmt.Sprintf("%d used, %d held", used, held),
			Wants: fmt.Sprintf("%d more within %d", c.weight, limit), Holds: used+held+c.weight <= limit})
	}
	return out
}

// limitName names the limit that a counter is for, as a path into the offer.
func (k CounterKey) limitName() string {
	switch {
	case k.Scope == ScopeBudget:
		return "limits.budget"
	case k.Period != "":
		return "limits." + string(k.Scope) + " " + k.Period
	default:
		return "limits." + string(k.Scope)
	}
}

// Overdrawn finds the first of the priced offers whose limits or budget do not cover it together with those before it.
// It returns the index and why, or -1.
func (b *Book) Overdrawn(customer string, applied []Applied) (int, error) {
	var uses []Use
	var holders []*Reservation
	for i, a := range applied {
		t, o := b.Tokens[a.JTI], b.Offers[a.OfferID]
		if t == nil || o == nil {
			continue
		}
		keys, err := CountersOf(*o, t.PersonTags, customer, b.Now, b.Zone)
		if err != nil {
			return i, err
		}
		for _, r := range b.holders(t) {
			if !slices.Contains(holders, r) {
				holders = append(holders, r)
			}
		}
		uses = append(uses, Use{OfferID: a.OfferID, Amount: a.Amount, Counters: keys})
		if err := b.fits(claimsOf(uses), b.held(holders)); err != nil {
			return i, err
		}
	}
	return -1, nil
}

// holders is the reservation that holds a token, if one does.
func (b *Book) holders(t *Token) []*Reservation {
	if r := b.Reservations[t.Holder]; t.State == TokenHeld && r != nil {
		return []*Reservation{r}
	}
	return nil
}

// take counts claims as held by a reservation, or as used by its redemption.
func (b *Book) take(claims []claim, r *Reservation) {
	for _, c := range claims {
		b.Counters[c.key].Held += c.weight
		b.touchCounter(c.key)
		b.Changed.HoldsAdded[HoldKey{c.key, r.ID}] = Hold{Until: r.ExpiresAt, Weight: c.weight}
	}
}

// release gives back what a live reservation holds.
func (b *Book) release(r *Reservation) {
	for _, c := range claimsOf(r.Pinned.Uses) {
		b.Counters[c.key].Held -= c.weight
		b.touchCounter(c.key)
		b.endHold(HoldKey{c.key, r.ID})
	}
}

// use counts claims as used. A use of a sliding period is given back when it slides out.
func (b *Book) use(r *Reservation) {
	for _, c := range claimsOf(r.Pinned.Uses) {
		b.Counters[c.key].Used += c.weight
		b.touchCounter(c.key)
		if slide := c.key.slide(); slide > 0 {
			b.Changed.HoldsAdded[HoldKey{c.key, r.ID}] = Hold{Until: b.Now.Add(slide), Weight: c.weight, Used: true}
		}
	}
}

// giveBack returns the uses of a redemption. Budgets follow the money, not the use.
func (b *Book) giveBack(r *Redemption) {
	for _, c := range claimsOf(r.Pinned.Uses) {
		if c.key.Scope == ScopeBudget {
			continue
		}
		if slide := c.key.slide(); slide > 0 {
			if !b.Now.Before(r.CreatedAt.Add(slide)) {
				continue // slid out, swept already
			}
			b.endHold(HoldKey{c.key, r.ReservationID})
		}
		b.Counters[c.key].Used -= c.weight
		b.touchCounter(c.key)
	}
}

func (b *Book) endHold(k HoldKey) {
	if _, added := b.Changed.HoldsAdded[k]; added {
		delete(b.Changed.HoldsAdded, k)
		return
	}
	b.Changed.HoldsEnded[k] = true
}

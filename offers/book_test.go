package offers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/offers"
	"pgregory.net/rapid"
)

// world keeps between commands what a database would: the rows of a book and the holds of its counters.
type world struct {
	now   time.Time
	ids   int
	book  *offers.Book
	holds map[offers.HoldKey]offers.Hold
}

func newWorld() *world {
	w := &world{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), holds: map[offers.HoldKey]offers.Hold{}}
	w.book = offers.NewBook("sto_1", w.now, time.UTC, nil)
	period := func(p offers.PeriodLimit) offers.Limits { return offers.Limits{Periods: []offers.PeriodLimit{p}} }
	for id, limits := range map[string]offers.Limits{
		"total":    {Total: 3},
		"person":   {PerPerson: 1, PerOrder: 2},
		"sliding":  period(offers.PeriodLimit{By: offers.ScopeTotal, Uses: 2, Days: 2}),
		"calendar": period(offers.PeriodLimit{By: offers.ScopeCustomer, Uses: 1, Calendar: "day"}),
		"budget":   {Budget: &offers.Budget{Amount: 2500, Currency: "USD", Restore: true}},
		"kept":     {Budget: &offers.Budget{Amount: 2500, Currency: "USD"}},
	} {
		o := live(id, offers.Benefit{Type: offers.FixedAmount, Amount: 700, Currency: "USD"})
		o.Limits = limits
		w.book.Offers[id] = &o
		for person := range 3 {
			for n := range 2 {
				jti := fmt.Sprintf("%s-%d-%d", id, person, n)
				w.book.Tokens[jti] = &offers.Token{JTI: jti, OfferID: id, PersonTags: []string{fmt.Sprint("p", person)},
					State: offers.TokenLive, ExpiresAt: w.now.AddDate(1, 0, 0)}
			}
		}
	}
	return w
}

// next opens the book as a command finds it: only lapsed holds are loaded, and nothing is changed yet.
func (w *world) next() *offers.Book {
	w.save()
	b := offers.NewBook(w.book.Store, w.now, time.UTC, func(prefix string) string {
		w.ids++
		return fmt.Sprintf("%s_%04d", prefix, w.ids)
	})
	b.Offers, b.Tokens, b.Attempts = w.book.Offers, w.book.Tokens, w.book.Attempts
	b.Reservations, b.Redemptions, b.Counters = w.book.Reservations, w.book.Redemptions, w.book.Counters
	for k, c := range b.Counters {
		c.Holds = map[string]offers.Hold{}
		for h, hold := range w.holds {
			if h.CounterKey == k && !w.now.Before(hold.Until) {
				c.Holds[h.Reservation] = hold
			}
		}
	}
	b.Sweep()
	w.book = b
	return b
}

func (w *world) save() {
	for k := range w.book.Changed.HoldsEnded {
		delete(w.holds, k)
	}
	maps.Copy(w.holds, w.book.Changed.HoldsAdded)
}

// ensure gives a command the counters that it finds, or finds empty.
func (w *world) ensure(customer string, jtis []string) {
	for _, jti := range jtis {
		t := w.book.Tokens[jti]
		keys, err := offers.CountersOf(*w.book.Offers[t.OfferID], t.PersonTags, customer, w.now, time.UTC)
		if err != nil {
			panic(err)
		}
		for _, k := range keys {
			if w.book.Counters[k] == nil {
				w.book.Counters[k] = &offers.Counter{CounterKey: k}
			}
		}
	}
}

// check counts the rows again and compares: what counters say is what live holds and uses come to, and within the limits.
func (w *world) check(t *rapid.T) {
	w.next()
	held, used := map[offers.CounterKey]int64{}, map[offers.CounterKey]int64{}
	add := func(to map[offers.CounterKey]int64, u offers.Use, amount int64, counts func(offers.CounterKey) bool) {
		for _, k := range u.Counters {
			switch {
			case k.Scope == offers.ScopeBudget:
				to[k] += amount
			case counts(k):
				to[k]++
			}
		}
	}
	for _, r := range w.book.Reservations {
		if r.State == offers.Held && !r.Lapsed(w.now) {
			for _, u := range r.Pinned.Uses {
				add(held, u, u.Amount, func(offers.CounterKey) bool { return true })
			}
		}
	}
	for _, r := range w.book.Redemptions {
		within := func(k offers.CounterKey) bool {
			return !r.Refunded.Restored && (!strings.HasPrefix(k.Period, "days:2") || w.now.Before(r.CreatedAt.AddDate(0, 0, 2)))
		}
		for _, u := range r.Pinned.Uses {
			amount := u.Amount
			if u.OfferID == "budget" {
				amount -= r.Refunded.Discount // the only offer of its order
			}
			add(used, u, amount, within)
		}
	}
	for k, c := range w.book.Counters {
		if c.Used != used[k] || c.Held != held[k] {
			t.Fatalf("%+v counts %d used, %d held; rows say %d, %d", k, c.Used, c.Held, used[k], held[k])
		}
		limit := map[string]int64{"total": 3, "person": 1, "sliding": 2, "calendar": 1, "budget": 2500, "kept": 2500}[k.OfferID]
		if c.Used+c.Held > limit {
			t.Fatalf("%+v gave %d of %d", k, c.Used+c.Held, limit)
		}
	}
}

func (w *world) pin(customer string, jtis []string, units int64) offers.Pinned {
	cart := offers.Cart{Currency: "USD", Lines: []offers.Line{{LineID: "a", Quantity: units, UnitAmount: 333}, {LineID: "b", Quantity: 2, UnitAmount: 450}}}
	var candidates []offers.Candidate
	for _, jti := range jtis {
		candidates = append(candidates, offers.Candidate{Offer: w.book.Offers[w.book.Tokens[jti].OfferID], JTI: jti})
	}
	price := offers.Evaluate(cart, candidates, w.now)
	return offers.Pinned{Customer: customer, Cart: cart, Applied: price.Applied, Totals: price.Totals}
}

func TestCountersAreTheirRowsWhateverHappens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		// One or two offers a run, so that limits are met often.
		focus := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(w.book.Offers))), 1, 2, rapid.ID[string]).Draw(t, "offers")
		jtis := slices.DeleteFunc(slices.Sorted(maps.Keys(w.book.Tokens)), func(jti string) bool {
			return !slices.Contains(focus, w.book.Tokens[jti].OfferID)
		})
		reservation := func(t *rapid.T) *offers.Reservation {
			ids := slices.Sorted(maps.Keys(w.book.Reservations))
			if len(ids) == 0 {
				t.Skip("nothing reserved yet")
			}
			return w.book.Reservations[rapid.SampledFrom(ids).Draw(t, "reservation")]
		}
		t.Repeat(map[string]func(*rapid.T){
			"": w.check,
			"reserve": func(t *rapid.T) {
				b := w.next()
				customer := rapid.SampledFrom([]string{"c1", "c2"}).Draw(t, "customer")
				chosen := []string{rapid.SampledFrom(jtis).Draw(t, "token")}
				ref := rapid.SampledFrom([]string{"r1", "r2", "r3", "r4", "r5", "r6"}).Draw(t, "order_ref")
				w.ensure(customer, chosen)
				if b.Attempts[ref] == nil {
					b.Attempts[ref] = &offers.Attempt{OrderRef: ref}
				}
				pinned := w.pin(customer, chosen, rapid.Int64Range(1, 4).Draw(t, "units"))
				_, _ = b.Reserve(offers.HoldRequest{OrderRef: ref, Customer: customer, TTL: time.Hour, Pinned: pinned})
			},
			"redeem": func(t *rapid.T) {
				r := reservation(t)
				b := w.next()
				_, _ = b.Redeem(b.Reservations[r.ID], "order-"+r.ID)
			},
			"release": func(t *rapid.T) {
				r := reservation(t)
				b := w.next()
				_ = b.Release(b.Reservations[r.ID])
			},
			"end for fraud": func(t *rapid.T) {
				if rapid.IntRange(0, 4).Draw(t, "rarely") > 0 {
					t.Skip("its tokens are gone for good")
				}
				r := reservation(t)
				b := w.next()
				for _, u := range r.Pinned.Uses {
					if token := b.Tokens[u.JTI]; token != nil && token.State != offers.TokenSpent {
						token.State = offers.TokenRevoked
					}
				}
				_ = b.Release(b.Reservations[r.ID])
			},
			"refund": func(t *rapid.T) {
				r := reservation(t)
				b := w.next()
				red := b.Redemptions[r.RedemptionID]
				if red == nil {
					t.Skip("not redeemed")
				}
				lines := []offers.RefundLine{{LineID: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "line"), Quantity: 1}}
				if rapid.Bool().Draw(t, "all") {
					lines = nil
				}
				restore := rapid.SampledFrom([]offers.RestoreUse{offers.RestoreNever, offers.RestoreIfFull, offers.RestoreAlways}).Draw(t, "restore")
				_, _ = b.RefundRedemption(red, lines, restore)
			},
			"wait": func(t *rapid.T) {
				w.save()
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour)
			},
		})
	})
}

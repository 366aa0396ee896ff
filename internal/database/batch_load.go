package database

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// Load implements checkout.Tx: it locks and loads, tables in one order, rows sorted. Every transaction that takes more
// than one of these locks takes them in this order:
//
//	attestations, offer_token_slots, order_attempts, offer_tokens, code_pools, pool_codes, orders, reservations, redemptions, offer_counters, members
//
// A row that points to another is locked before it, so the pointer is stable when it is followed. A row that does not
// exist cannot be locked: it is made when the batch is saved, and whoever comes second there starts again.
func (tx batchTx) Load(ctx context.Context, keys map[string]*checkout.Keys, facts map[string]*checkout.Facts) (map[string]*checkout.Shop, error) {
	l := tx.loader(keys, facts, true)
	if err := l.load(ctx); err != nil {
		return nil, err
	}
	l.complete()
	return l.shops, l.settled()
}

// look loads without locks.
func (tx batchTx) look(ctx context.Context, keys map[string]*checkout.Keys, facts map[string]*checkout.Facts) (map[string]*checkout.Shop, error) {
	l := tx.loader(keys, facts, false)
	return l.shops, l.load(ctx)
}

func (tx batchTx) loader(keys map[string]*checkout.Keys, facts map[string]*checkout.Facts, lock bool) loader {
	l := loader{tx: tx, lock: lock, keys: keys, facts: facts, shops: map[string]*checkout.Shop{}}
	for store, f := range facts {
		s := checkout.NewShop(f.Store, f.Now, newID)
		s.Program, s.Book.Offers, s.CodeTokens = f.Program, f.Offers, f.CodeTokens
		l.shops[store] = s
	}
	for store := range keys {
		if l.shops[store] == nil {
			delete(keys, store)
		}
	}
	return l
}

type loader struct {
	tx    batchTx
	lock  bool
	keys  map[string]*checkout.Keys
	facts map[string]*checkout.Facts
	shops map[string]*checkout.Shop
}

// load sends what it can at once, and waits only where the next rows are named by the last ones.
func (l loader) load(ctx context.Context) error {
	var p pipeline
	flush := func() error {
		err := l.tx.run(ctx, p)
		p = nil
		return err
	}
	l.attestations(&p)
	l.slots(&p)
	if l.any(func(k *checkout.Keys) int { return len(k.Slots) }) {
		if err := flush(); err != nil {
			return err
		}
		l.completeSlots()
	}
	l.attempts(&p)
	l.tokens(&p)
	if l.any(func(k *checkout.Keys) int { return len(k.Pool) }) {
		if err := errors.Join(flush(), l.pools(ctx)); err != nil {
			return err
		}
	}
	l.orders(&p)
	if l.tx.careful || l.pointersMove() {
		if err := flush(); err != nil {
			return err
		}
	}
	l.reservations(&p)
	if unread := l.unread(); len(unread) > 0 {
		l.tx.eachReservation(&p, unread, func(r *offers.Reservation) {
			l.shops[r.Store].Book.Reservations[r.ID].Pinned = r.Pinned
			for _, u := range r.Pinned.Uses {
				l.keys[r.Store].Counters.Add(u.Counters...)
			}
		})
		if err := flush(); err != nil {
			return err
		}
	}
	l.redemptions(&p)
	l.counters(&p)
	l.holds(&p)
	l.members(&p)
	l.lots(&p)
	l.days(&p)
	l.refunds(&p)
	if err := flush(); err != nil {
		return err
	}
	l.adjustments(&p)
	l.answers(&p)
	return flush()
}

func (l loader) any(count func(*checkout.Keys) int) bool {
	for _, k := range l.keys {
		if count(k) > 0 {
			return true
		}
	}
	return false
}

// pointersMove tells whether rows that are locked now may name reservations that nobody has asked for: an attempt, or a
// token that another reservation holds.
func (l loader) pointersMove() bool {
	for store, k := range l.keys {
		if len(k.Attempts) > 0 {
			return true
		}
		for jti := range k.Tokens {
			t := l.facts[store].Tokens[jti]
			if t == nil {
				return true
			}
			if _, asked := k.Reservations[t.Holder]; t.State == offers.TokenHeld && !asked {
				return true
			}
		}
	}
	return false
}

// settled fails when a token moved to a reservation that was not locked.
func (l loader) settled() error {
	for _, s := range l.shops {
		for _, t := range s.Book.Tokens {
			if t.State == offers.TokenHeld && s.Book.Reservations[t.Holder] == nil {
				return fmt.Errorf("offer token moved: %w", errRaced)
			}
		}
	}
	return nil
}

// unread lists the reservations to lock whose content is not known yet.
func (l loader) unread() [][]any {
	var out [][]any
	for _, pair := range pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Reservations }) {
		store, id := pair[0].(string), pair[1].(string) //nolint:forcetypeassert // pairs are texts
		if l.facts[store].Reservations[id] == nil {
			out = append(out, pair)
		}
	}
	return out
}

var (
	attemptRow = newTable("order_attempts", 2, "store_id text, order_ref text, reservation_id text")
	orderRow   = newTable("orders", 2, "store_id text, order_id text, id text, kind text, fingerprint bytea, customer text, currency text, "+
		"total bigint, points bigint, body text, refunded text, placed_at timestamptz, recorded_at timestamptz")
	slotRow    = newTable("offer_token_slots", 3, "store_id text, offer_id text, subject text, jti text")
	counterRow = newTable("offer_counters", 5, "store_id text, offer_id text, scope text, subject text, period text, used bigint, held bigint")
)

// completeSlots is complete for slots: whether a token is fresh is known before the rest is loaded.
func (l loader) completeSlots() {
	for store, k := range l.keys {
		s := l.shops[store]
		for slot := range k.Slots {
			if l.lock && s.Slots[slot] == nil {
				s.Slots[slot] = &checkout.Slot{SlotKey: slot}
				s.Missing.Slots.Add(slot)
			}
		}
	}
}

// complete gives the rows that do not exist yet rows without owner.
func (l loader) complete() {
	for store, k := range l.keys {
		s := l.shops[store]
		for ref := range k.Attempts {
			if s.Book.Attempts[ref] == nil {
				s.Book.Attempts[ref] = &offers.Attempt{Store: store, OrderRef: ref}
				s.Missing.Attempts.Add(ref)
			}
		}
		for id := range k.Orders {
			if s.Orders[id] == nil {
				s.Orders[id] = &checkout.Order{Store: store, OrderID: id}
				s.Missing.Orders.Add(id)
			}
		}
		for c := range k.Counters {
			if s.Book.Counters[c] == nil {
				s.Book.Counters[c] = &offers.Counter{Store: store, CounterKey: c, Holds: map[string]offers.Hold{}}
				s.Missing.Counters.Add(c)
			}
		}
		for customer := range k.Members {
			if s.Members[customer] == nil {
				salt := make([]byte, 16)
				_, _ = rand.Read(salt) // never fails (crypto/rand)
				s.Members[customer] = &loyalty.Member{Store: store, Customer: customer, ID: newID("mem"), Head: []byte{}, Salt: salt}
				s.Missing.Members.Add(customer)
			}
		}
	}
}

func compareSlots(a, b checkout.SlotKey) int {
	if c := strings.Compare(a.OfferID, b.OfferID); c != 0 {
		return c
	}
	return strings.Compare(a.Subject, b.Subject)
}

func compareCounters(a, b offers.CounterKey) int {
	if c := strings.Compare(a.OfferID, b.OfferID); c != 0 {
		return c
	}
	if c := strings.Compare(string(a.Scope), string(b.Scope)); c != 0 {
		return c
	}
	if c := strings.Compare(a.Subject, b.Subject); c != 0 {
		return c
	}
	return strings.Compare(a.Period, b.Period)
}

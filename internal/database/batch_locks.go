package database

import (
	"database/sql"
	"maps"
	"slices"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

func (l loader) attestations(p *pipeline) {
	const cols = "store_id, id, customer, bound, group_name, subgroup, created_at, valid_until, ended_at, end_reason"
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Attestations })
	p.lookup(l.tx.Tx, "attestations", cols, "store_id, id", keys, l.lock, func(r row) error {
		var store, why string
		var a checkout.Attestation
		var ended sql.NullTime
		if err := r.Scan(&store, &a.ID, &a.Customer, &a.Bound, &a.Group, &a.Subgroup, &a.VerifiedAt, &a.ValidUntil, &ended, &why); err != nil {
			return err
		}
		a.Fraud = why == verify.EndedForFraud
		a.VerifiedAt, a.ValidUntil, a.Ended = a.VerifiedAt.UTC(), a.ValidUntil.UTC(), ended.Valid
		l.shops[store].Attestations[a.ID] = &a
		return nil
	})
}

func (l loader) slots(p *pipeline) {
	var keys [][]any
	for _, store := range sortedKeys(l.keys) {
		for _, s := range slices.SortedFunc(maps.Keys(l.keys[store].Slots), compareSlots) {
			keys = append(keys, []any{store, s.OfferID, s.Subject})
		}
	}
	p.lookup(l.tx.Tx, "offer_token_slots", "store_id, offer_id, subject, jti", "store_id, offer_id, subject", keys, l.lock, func(r row) error {
		var store string
		var s checkout.Slot
		if err := r.Scan(&store, &s.OfferID, &s.Subject, &s.JTI); err != nil {
			return err
		}
		l.shops[store].Slots[s.SlotKey] = &s
		if s.JTI != "" {
			l.keys[store].Tokens.Add(s.JTI)
		}
		return nil
	})
}

func (l loader) attempts(p *pipeline) {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Attempts })
	p.lookup(l.tx.Tx, "order_attempts", "store_id, order_ref, reservation_id", "store_id, order_ref", keys, l.lock, func(r row) error {
		var a offers.Attempt
		if err := r.Scan(&a.Store, &a.OrderRef, &a.ReservationID); err != nil {
			return err
		}
		l.shops[a.Store].Book.Attempts[a.OrderRef] = &a
		if a.ReservationID != "" {
			l.keys[a.Store].Reservations.Add(a.ReservationID)
		}
		return nil
	})
}

func (l loader) tokens(p *pipeline) {
	take := func(t *offers.Token) {
		l.shops[t.Store].Book.Tokens[t.JTI] = t
		if t.State == offers.TokenHeld {
			l.keys[t.Store].Reservations.Add(t.Holder)
		}
	}
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Tokens })
	if !l.lock {
		// Who only looks has just read them.
		keys = slices.DeleteFunc(keys, func(pair []any) bool {
			t := l.facts[pair[0].(string)].Tokens[pair[1].(string)] //nolint:forcetypeassert // pairs are texts
			if t != nil {
				take(t)
			}
			return t != nil
		})
	}
	l.tx.eachToken(p, keys, l.lock, take)
}

func (l loader) orders(p *pipeline) {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Orders })
	l.tx.eachOrder(p, keys, l.lock, func(o *checkout.Order) { l.shops[o.Store].Orders[o.OrderID] = o })
}

// reservations locks and reads what changes of reservations. What they hold never does, and is known already or read
// beside.
func (l loader) reservations(p *pipeline) {
	const cols = "store_id, id, order_ref, state, redemption_id, created_at, expires_at"
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Reservations })
	p.lookup(l.tx.Tx, "reservations", cols, "store_id, id", keys, l.lock, func(r row) error {
		var v offers.Reservation
		if err := r.Scan(&v.Store, &v.ID, &v.OrderRef, &v.State, &v.RedemptionID, &v.CreatedAt, &v.ExpiresAt); err != nil {
			return err
		}
		v.CreatedAt, v.ExpiresAt = v.CreatedAt.UTC(), v.ExpiresAt.UTC()
		if known := l.facts[v.Store].Reservations[v.ID]; known != nil {
			v.Pinned = known.Pinned
		}
		l.shops[v.Store].Book.Reservations[v.ID] = &v
		return nil
	})
}

func (l loader) redemptions(p *pipeline) {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Redemptions })
	l.tx.eachRedemption(p, keys, l.lock, func(r *offers.Redemption) { l.shops[r.Store].Book.Redemptions[r.ID] = r })
}

// answers reads the redemptions that orders and reservations were redeemed by, to answer from them. They are not locked:
// whoever changes one has named it.
func (l loader) answers(p *pipeline) {
	var keys [][]any
	for _, store := range sortedKeys(l.shops) {
		s := l.shops[store]
		ids := checkout.Set[string]{}
		for _, o := range s.Orders {
			if o.Kind == checkout.OrderRedemption {
				ids.Add(o.ID)
			}
		}
		for _, r := range s.Book.Reservations {
			if r.RedemptionID != "" {
				ids.Add(r.RedemptionID)
			}
		}
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			if s.Book.Redemptions[id] == nil {
				keys = append(keys, []any{store, id})
			}
		}
	}
	l.tx.eachRedemption(p, keys, false, func(r *offers.Redemption) { l.shops[r.Store].Book.Redemptions[r.ID] = r })
}

// counterKeys lists the counters to lock, sorted.
func (l loader) counterKeys() [][]any {
	var keys [][]any
	for _, store := range sortedKeys(l.keys) {
		for _, c := range slices.SortedFunc(maps.Keys(l.keys[store].Counters), compareCounters) {
			keys = append(keys, []any{store, c.OfferID, string(c.Scope), c.Subject, c.Period})
		}
	}
	return keys
}

func (l loader) counters(p *pipeline) {
	const key = "store_id, offer_id, scope, subject, period"
	p.lookup(l.tx.Tx, "offer_counters", key+", used, held", key, l.counterKeys(), l.lock, func(r row) error {
		c := offers.Counter{Holds: map[string]offers.Hold{}}
		if err := r.Scan(&c.Store, &c.OfferID, &c.Scope, &c.Subject, &c.Period, &c.Used, &c.Held); err != nil {
			return err
		}
		l.shops[c.Store].Book.Counters[c.CounterKey] = &c
		return nil
	})
}

// holds reads the holds that have lapsed, under the locks of their counters.
func (l loader) holds(p *pipeline) {
	latest := l.latest()
	for chunk := range chunks(l.counterKeys(), 5) {
		cond, args := l.tx.in("store_id, offer_id, scope, subject, period", chunk)
		q := "SELECT store_id, offer_id, scope, subject, period, reservation_id, expires_at, weight, used FROM offer_holds WHERE " + cond + " AND expires_at <= ?"
		p.read("offer_holds", q, append(args, latest), func(r row) error {
			var store, rsv string
			var k offers.CounterKey
			var h offers.Hold
			if err := r.Scan(&store, &k.OfferID, &k.Scope, &k.Subject, &k.Period, &rsv, &h.Until, &h.Weight, &h.Used); err != nil {
				return err
			}
			h.Until = h.Until.UTC()
			if c := l.shops[store].Book.Counters[k]; c != nil {
				c.Holds[rsv] = h
			}
			return nil
		})
	}
}

// refunds reads the refunds that the commands name, under the locks of their orders.
func (l loader) refunds(p *pipeline) {
	var keys [][]any
	for _, store := range sortedKeys(l.keys) {
		for k := range l.keys[store].Refunds {
			keys = append(keys, []any{store, k.OrderID, k.Ref})
		}
	}
	const cols = "store_id, order_id, refund_ref, id, fingerprint, body, created_at"
	p.lookup(l.tx.Tx, "refunds", cols, "store_id, order_id, refund_ref", keys, false, func(r row) error {
		var store, body string
		var v checkout.Refund
		if err := r.Scan(&store, &v.Key.OrderID, &v.Key.Ref, &v.ID, &v.Fingerprint, &body, &v.CreatedAt); err != nil {
			return err
		}
		v.CreatedAt = v.CreatedAt.UTC()
		l.shops[store].Refunds[v.Key] = &v
		return decode(body, &v.Reversal)
	})
}

package database

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

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
	if l.tx.careful || !l.lock || l.pointersMove() {
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

func (l loader) attestations(p *pipeline) {
	const cols = "store_id, id, customer, bound, group_name, subgroup, created_at, valid_until, ended_at"
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Attestations })
	p.lookup(l.tx.Tx, "attestations", cols, "store_id, id", keys, l.lock, func(r row) error {
		var store string
		var a checkout.Attestation
		var ended sql.NullTime
		if err := r.Scan(&store, &a.ID, &a.Customer, &a.Bound, &a.Group, &a.Subgroup, &a.VerifiedAt, &a.ValidUntil, &ended); err != nil {
			return err
		}
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
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Tokens })
	l.tx.eachToken(p, keys, l.lock, func(t *offers.Token) {
		l.shops[t.Store].Book.Tokens[t.JTI] = t
		if t.State == offers.TokenHeld {
			l.keys[t.Store].Reservations.Add(t.Holder)
		}
	})
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

// latest is the latest of the stores' times: a test store may be ahead.
func (l loader) latest() time.Time {
	var latest time.Time
	for _, s := range l.shops {
		if s.Now.After(latest) {
			latest = s.Now
		}
	}
	return latest
}

func (l loader) members(p *pipeline) {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Members })
	p.lookup(l.tx.Tx, "members", memberColumns, "store_id, customer", keys, l.lock, func(r row) error {
		m, err := scanMember(r)
		if err == nil {
			l.shops[m.Store].Members[m.Customer] = m
		}
		return err
	})
}

const memberColumns = "store_id, customer, id, pending, available, debt, seq, head_hash, salt, tier_id, tier_since, last_recorded_at, created_at"

func scanMember(r row) (*loyalty.Member, error) {
	var m loyalty.Member
	var since, recorded, created sql.NullTime
	err := r.Scan(&m.Store, &m.Customer, &m.ID, &m.Pending, &m.Available, &m.Debt, &m.Seq, &m.Head, &m.Salt, &m.TierID, &since, &recorded, &created)
	m.TierSince, m.LastRecordedAt, m.CreatedAt = timeOf(since), timeOf(recorded), timeOf(created)
	return &m, err
}

// ofMembers is the join from a member's row to what belongs to it.
const ofMembers = " JOIN members m ON m.store_id = x.store_id AND m.id = x.member_id WHERE "

// lots reads the lots that are due, and all open ones of the members whose points may be taken.
func (l loader) lots(p *pipeline) {
	var due, all [][]any
	for _, pair := range pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Members }) {
		store, customer := pair[0].(string), pair[1].(string) //nolint:forcetypeassert // pairs are texts
		if _, ok := l.keys[store].AllLots[customer]; ok {
			all = append(all, pair)
		} else {
			due = append(due, pair)
		}
	}
	read := func(keys [][]any, cond string, arg any) {
		for chunk := range chunks(keys, 2) {
			in, args := l.tx.in("m.store_id, m.customer", chunk)
			p.read("ledger_lots", "SELECT m.store_id, m.customer, "+lotColumns+" FROM ledger_lots x"+ofMembers+in+" AND "+cond, append(args, arg), func(r row) error {
				var store, customer string
				lot, err := scanLot(r, &store, &customer)
				if m := l.shops[store].Members[customer]; err == nil && m != nil {
					m.Lots = append(m.Lots, lot)
				}
				return err
			})
		}
	}
	read(due, "x.due_at IS NOT NULL AND x.due_at <= ?", l.latest())
	read(all, "x.remaining > ?", 0)
}

const lotColumns = "x.id, x.source_type, x.source_id, x.line, x.granted, x.remaining, x.pending, x.activates_at, x.expires_at"

// scanLot scans the columns of before, then those of a lot.
func scanLot(r row, before ...any) (loyalty.Lot, error) {
	var lot loyalty.Lot
	var expires sql.NullTime
	err := r.Scan(append(before, &lot.ID, &lot.SourceType, &lot.SourceID, &lot.Line, &lot.Granted, &lot.Remaining, &lot.Pending, &lot.ActivatesAt, &expires)...)
	lot.ActivatesAt, lot.ExpiresAt = lot.ActivatesAt.UTC(), timeOf(expires)
	return lot, err
}

// days reads the qualifying points of the members.
func (l loader) days(p *pipeline) {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Members })
	for chunk := range chunks(keys, 2) {
		in, args := l.tx.in("m.store_id, m.customer", chunk)
		p.read("qualifying_days", "SELECT m.store_id, m.customer, x.day, x.points FROM qualifying_days x"+ofMembers+in, args, func(r row) error {
			var store, customer, day string
			var points int64
			if err := r.Scan(&store, &customer, &day, &points); err != nil {
				return err
			}
			m := l.shops[store].Members[customer]
			if m == nil {
				return nil
			}
			if m.Days == nil {
				m.Days = map[string]int64{}
			}
			m.Days[day] = points
			return nil
		})
	}
}

// adjustments tells which of the adjustments asked for were made before, under the locks of their members.
func (l loader) adjustments(p *pipeline) {
	asked := map[string]checkout.AdjustmentKey{}
	var keys [][]any
	for _, store := range sortedKeys(l.keys) {
		for k := range l.keys[store].Adjustments {
			m := l.shops[store].Members[k.Customer]
			if m == nil {
				continue // whoever is new has none
			}
			src := checkout.AdjustmentSource(m.ID, k.Reference)
			asked[src.ID] = k
			keys = append(keys, []any{store, src.Type, src.ID})
		}
	}
	p.lookup(l.tx.Tx, "ledger_entries", "store_id, source_id", "store_id, source_type, source_id", keys, false, func(r row) error {
		var store, source string
		if err := r.Scan(&store, &source); err != nil {
			return err
		}
		l.shops[store].Adjusted[asked[source]] = true
		return nil
	})
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

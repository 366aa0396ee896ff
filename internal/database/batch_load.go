package database

import (
	"context"
	"crypto/rand"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// Load implements checkout.Tx: it ensures, then locks and loads, tables in one order, rows sorted. Every transaction that
// takes more than one of these locks takes them in this order:
//
//	attestations, offer_token_slots, order_attempts, offer_tokens, orders, reservations, redemptions, offer_counters, members
//
// A row that points to another is locked before it, so the pointer is stable when it is followed.
func (tx batchTx) Load(ctx context.Context, keys map[string]*checkout.Keys, facts map[string]*checkout.Facts) (map[string]*checkout.Shop, error) {
	l := tx.loader(keys, facts, true)
	if err := l.ensure(ctx); err != nil {
		return nil, err
	}
	return l.load(ctx)
}

// look loads without ensuring and without locks.
func (tx batchTx) look(ctx context.Context, keys map[string]*checkout.Keys, facts map[string]*checkout.Facts) (map[string]*checkout.Shop, error) {
	return tx.loader(keys, facts, false).load(ctx)
}

func (tx batchTx) loader(keys map[string]*checkout.Keys, facts map[string]*checkout.Facts, lock bool) loader {
	l := loader{tx: tx, lock: lock, keys: keys, shops: map[string]*checkout.Shop{}}
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

func (l loader) load(ctx context.Context) (map[string]*checkout.Shop, error) {
	steps := []func(context.Context) error{
		l.attestations, l.slots, l.attempts, l.tokens, l.orders, l.reservations, l.redemptions, l.counters, l.holds,
		l.members, l.lots, l.days, l.adjustments, l.refunds,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return l.shops, nil
}

type loader struct {
	tx    batchTx
	lock  bool
	keys  map[string]*checkout.Keys
	shops map[string]*checkout.Shop
}

var (
	attemptRow = newTable("order_attempts", 2, "store_id text, order_ref text, reservation_id text")
	orderRow   = newTable("orders", 2, "store_id text, order_id text, id text, kind text, fingerprint bytea, customer text, currency text, "+
		"total bigint, points bigint, body text, refunded text, placed_at timestamptz, recorded_at timestamptz")
	slotRow    = newTable("offer_token_slots", 3, "store_id text, offer_id text, subject text, jti text")
	counterRow = newTable("offer_counters", 5, "store_id text, offer_id text, scope text, subject text, period text, used bigint, held bigint")
	newMember  = newTable("members", 2, "store_id text, customer text, id text, pending bigint, available bigint, debt bigint, seq bigint, "+
		"head_hash bytea, salt bytea, tier_id text")
)

// ensure inserts the rows that must exist to be locked. They have no owner yet.
func (l loader) ensure(ctx context.Context) error {
	var attempts, orders, slots, counters, members [][]any
	for _, store := range slices.Sorted(maps.Keys(l.keys)) {
		k := l.keys[store]
		for _, ref := range slices.Sorted(maps.Keys(k.Attempts)) {
			attempts = append(attempts, []any{store, ref, ""})
		}
		for _, id := range slices.Sorted(maps.Keys(k.Orders)) {
			orders = append(orders, []any{store, id, "", "", []byte{}, "", "", 0, 0, "", "", nil, nil})
		}
		for _, s := range slices.SortedFunc(maps.Keys(k.Slots), compareSlots) {
			slots = append(slots, []any{store, s.OfferID, s.Subject, ""})
		}
		for _, c := range slices.SortedFunc(maps.Keys(k.Counters), compareCounters) {
			counters = append(counters, []any{store, c.OfferID, string(c.Scope), c.Subject, c.Period, 0, 0})
		}
		for _, m := range slices.Sorted(maps.Keys(k.Members)) {
			salt := make([]byte, 16)
			_, _ = rand.Read(salt) // never fails (crypto/rand)
			members = append(members, []any{store, m, newID("mem"), 0, 0, 0, 0, []byte{}, salt, ""})
		}
	}
	for _, e := range []struct {
		t    table
		rows [][]any
	}{{slotRow, slots}, {attemptRow, attempts}, {orderRow, orders}, {counterRow, counters}, {newMember, members}} {
		if err := l.tx.ensure(ctx, e.t, e.rows); err != nil {
			return err
		}
	}
	return nil
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

func (l loader) attestations(ctx context.Context) error {
	const cols = "store_id, id, customer, bound, group_name, subgroup, valid_until, ended_at"
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Attestations })
	return l.tx.lookup(ctx, "attestations", cols, "store_id, id", keys, l.lock, func(r *sql.Rows) error {
		var store string
		var a checkout.Attestation
		var ended sql.NullTime
		if err := r.Scan(&store, &a.ID, &a.Customer, &a.Bound, &a.Group, &a.Subgroup, &a.ValidUntil, &ended); err != nil {
			return err
		}
		a.ValidUntil, a.Ended = a.ValidUntil.UTC(), ended.Valid
		l.shops[store].Attestations[a.ID] = &a
		return nil
	})
}

func (l loader) slots(ctx context.Context) error {
	var keys [][]any
	for _, store := range slices.Sorted(maps.Keys(l.keys)) {
		for _, s := range slices.SortedFunc(maps.Keys(l.keys[store].Slots), compareSlots) {
			keys = append(keys, []any{store, s.OfferID, s.Subject})
		}
	}
	return l.tx.lookup(ctx, "offer_token_slots", "store_id, offer_id, subject, jti", "store_id, offer_id, subject", keys, l.lock, func(r *sql.Rows) error {
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

func (l loader) attempts(ctx context.Context) error {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Attempts })
	return l.tx.lookup(ctx, "order_attempts", "store_id, order_ref, reservation_id", "store_id, order_ref", keys, l.lock, func(r *sql.Rows) error {
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

func (l loader) tokens(ctx context.Context) error {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Tokens })
	return l.tx.eachToken(ctx, keys, l.lock, func(t *offers.Token) {
		l.shops[t.Store].Book.Tokens[t.JTI] = t
		if t.State == offers.TokenHeld {
			l.keys[t.Store].Reservations.Add(t.Holder)
		}
	})
}

func (l loader) orders(ctx context.Context) error {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Orders })
	return l.tx.eachOrder(ctx, keys, l.lock, func(o *checkout.Order) {
		l.shops[o.Store].Orders[o.OrderID] = o
		if o.Kind == checkout.OrderRedemption {
			l.keys[o.Store].Redemptions.Add(o.ID)
		}
	})
}

func (l loader) reservations(ctx context.Context) error {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Reservations })
	return l.tx.eachReservation(ctx, keys, l.lock, func(r *offers.Reservation) {
		l.shops[r.Store].Book.Reservations[r.ID] = r
		if r.RedemptionID != "" {
			l.keys[r.Store].Redemptions.Add(r.RedemptionID)
		}
		for _, u := range r.Pinned.Uses {
			l.keys[r.Store].Counters.Add(u.Counters...)
		}
	})
}

func (l loader) redemptions(ctx context.Context) error {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Redemptions })
	return l.tx.eachRedemption(ctx, keys, l.lock, func(r *offers.Redemption) { l.shops[r.Store].Book.Redemptions[r.ID] = r })
}

// counterKeys lists the counters to lock, sorted.
func (l loader) counterKeys() [][]any {
	var keys [][]any
	for _, store := range slices.Sorted(maps.Keys(l.keys)) {
		for _, c := range slices.SortedFunc(maps.Keys(l.keys[store].Counters), compareCounters) {
			keys = append(keys, []any{store, c.OfferID, string(c.Scope), c.Subject, c.Period})
		}
	}
	return keys
}

func (l loader) counters(ctx context.Context) error {
	const cols = "store_id, offer_id, scope, subject, period, used, held"
	return l.tx.lookup(ctx, "offer_counters", cols, "store_id, offer_id, scope, subject, period", l.counterKeys(), l.lock, func(r *sql.Rows) error {
		c := offers.Counter{Holds: map[string]offers.Hold{}}
		if err := r.Scan(&c.Store, &c.OfferID, &c.Scope, &c.Subject, &c.Period, &c.Used, &c.Held); err != nil {
			return err
		}
		l.shops[c.Store].Book.Counters[c.CounterKey] = &c
		return nil
	})
}

// holds reads the holds that have lapsed, under the locks of their counters.
func (l loader) holds(ctx context.Context) error {
	var latest time.Time
	for _, s := range l.shops {
		if s.Now.After(latest) {
			latest = s.Now
		}
	}
	for chunk := range chunks(l.counterKeys(), 5) {
		cond, args := l.tx.in("store_id, offer_id, scope, subject, period", chunk)
		q := "SELECT store_id, offer_id, scope, subject, period, reservation_id, expires_at, weight, used FROM offer_holds WHERE " + cond + " AND expires_at <= ?"
		err := l.tx.rows(ctx, "offer_holds", q, append(args, latest), func(r *sql.Rows) error {
			var store, rsv string
			var k offers.CounterKey
			var h offers.Hold
			if err := r.Scan(&store, &k.OfferID, &k.Scope, &k.Subject, &k.Period, &rsv, &h.Until, &h.Weight, &h.Used); err != nil {
				return err
			}
			h.Until = h.Until.UTC()
			l.shops[store].Book.Counters[k].Holds[rsv] = h
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (l loader) members(ctx context.Context) error {
	keys := pairs(l.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Members })
	return l.tx.eachMember(ctx, keys, l.lock, func(m *loyalty.Member) { l.shops[m.Store].Members[m.Customer] = m })
}

const memberColumns = "store_id, customer, id, pending, available, debt, seq, head_hash, salt, tier_id, tier_since, last_recorded_at, created_at"

func (tx *Tx) eachMember(ctx context.Context, keys [][]any, lock bool, each func(*loyalty.Member)) error {
	return tx.lookup(ctx, "members", memberColumns, "store_id, customer", keys, lock, func(r *sql.Rows) error {
		m, err := scanMember(r)
		if err == nil {
			each(m)
		}
		return err
	})
}

func scanMember(r *sql.Rows) (*loyalty.Member, error) {
	var m loyalty.Member
	var since, recorded, created sql.NullTime
	err := r.Scan(&m.Store, &m.Customer, &m.ID, &m.Pending, &m.Available, &m.Debt, &m.Seq, &m.Head, &m.Salt, &m.TierID, &since, &recorded, &created)
	m.TierSince, m.LastRecordedAt, m.CreatedAt = timeOf(since), timeOf(recorded), timeOf(created)
	return &m, err
}

// lots reads the lots that are due, and all open ones of the members whose points may be taken.
func (l loader) lots(ctx context.Context) error {
	var due, all [][]any
	latest := time.Time{}
	members := map[string]*loyalty.Member{}
	for _, store := range slices.Sorted(maps.Keys(l.shops)) {
		s := l.shops[store]
		if s.Now.After(latest) {
			latest = s.Now
		}
		for customer, m := range s.Members {
			members[m.ID] = m
			if _, ok := l.keys[store].AllLots[customer]; ok {
				all = append(all, []any{store, m.ID})
			} else {
				due = append(due, []any{store, m.ID})
			}
		}
	}
	add := func(member string, lot loyalty.Lot) { members[member].Lots = append(members[member].Lots, lot) }
	if err := l.tx.eachLot(ctx, due, "due_at IS NOT NULL AND due_at <= ?", latest, add); err != nil {
		return err
	}
	return l.tx.eachLot(ctx, all, "remaining > ?", 0, add)
}

// eachLot reads lots of members by (store, member) that meet a condition with one parameter.
func (tx *Tx) eachLot(ctx context.Context, keys [][]any, cond string, arg any, each func(member string, lot loyalty.Lot)) error {
	for chunk := range chunks(keys, 2) {
		in, args := tx.in("store_id, member_id", chunk)
		q := "SELECT member_id, id, source_type, source_id, line, granted, remaining, pending, activates_at, expires_at FROM ledger_lots WHERE " + in + " AND " + cond
		err := tx.rows(ctx, "ledger_lots", q, append(args, arg), func(r *sql.Rows) error {
			var member string
			var lot loyalty.Lot
			var expires sql.NullTime
			err := r.Scan(&member, &lot.ID, &lot.SourceType, &lot.SourceID, &lot.Line, &lot.Granted, &lot.Remaining, &lot.Pending, &lot.ActivatesAt, &expires)
			if err != nil {
				return err
			}
			lot.ActivatesAt, lot.ExpiresAt = lot.ActivatesAt.UTC(), timeOf(expires)
			each(member, lot)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// days reads the qualifying points of the members.
func (l loader) days(ctx context.Context) error {
	members := map[string]*loyalty.Member{}
	var keys [][]any
	for _, store := range slices.Sorted(maps.Keys(l.shops)) {
		for _, m := range l.shops[store].Members {
			members[m.ID] = m
			keys = append(keys, []any{store, m.ID})
		}
	}
	return l.tx.eachDay(ctx, keys, func(member, day string, points int64) {
		m := members[member]
		if m.Days == nil {
			m.Days = map[string]int64{}
		}
		m.Days[day] = points
	})
}

func (tx *Tx) eachDay(ctx context.Context, keys [][]any, each func(member, day string, points int64)) error {
	return tx.lookup(ctx, "qualifying_days", "member_id, day, points", "store_id, member_id", keys, false, func(r *sql.Rows) error {
		var member, day string
		var points int64
		if err := r.Scan(&member, &day, &points); err != nil {
			return err
		}
		each(member, day, points)
		return nil
	})
}

// adjustments tells which of the adjustments asked for were made before, under the locks of their members.
func (l loader) adjustments(ctx context.Context) error {
	asked := map[string]checkout.AdjustmentKey{}
	var keys [][]any
	for _, store := range slices.Sorted(maps.Keys(l.keys)) {
		for k := range l.keys[store].Adjustments {
			src := checkout.AdjustmentSource(l.shops[store].Members[k.Customer].ID, k.Reference)
			asked[src.ID] = k
			keys = append(keys, []any{store, src.Type, src.ID})
		}
	}
	return l.tx.lookup(ctx, "ledger_entries", "store_id, source_id", "store_id, source_type, source_id", keys, false, func(r *sql.Rows) error {
		var store, source string
		if err := r.Scan(&store, &source); err != nil {
			return err
		}
		l.shops[store].Adjusted[asked[source]] = true
		return nil
	})
}

// refunds reads the refunds that the commands name, under the locks of their orders.
func (l loader) refunds(ctx context.Context) error {
	var keys [][]any
	for _, store := range slices.Sorted(maps.Keys(l.keys)) {
		for k := range l.keys[store].Refunds {
			keys = append(keys, []any{store, k.OrderID, k.Ref})
		}
	}
	const cols = "store_id, order_id, refund_ref, id, fingerprint, body, created_at"
	return l.tx.lookup(ctx, "refunds", cols, "store_id, order_id, refund_ref", keys, false, func(r *sql.Rows) error {
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

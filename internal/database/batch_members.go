package database

import (
	"database/sql"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/loyalty"
)

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

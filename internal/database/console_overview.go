package database

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/laurel-gateway/laurel/internal/console"
)

var _ console.Figures = Console{}

// Overview implements console.Figures. Every figure comes from a bounded range of an index, but for the two about
// members, which are sums over the store's members.
func (c Console) Overview(ctx context.Context, r console.FiguresRequest) (console.Overview, error) {
	var o console.Overview
	if len(r.Days) == 0 {
		return o, nil
	}
	f := figures{FiguresRequest: r, all: console.Span{From: r.Days[0].From, To: r.Days[len(r.Days)-1].To}}
	err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		o = console.Overview{VerifiedByGroup: []console.Counted{}, Refused: []console.Counted{}}
		for _, read := range []func(context.Context, *Tx, *console.Overview) error{
			f.verified, f.refused, f.issued, f.redeemed, f.members, f.series,
		} {
			if err := read(ctx, tx, &o); err != nil {
				return err
			}
		}
		return nil
	})
	return o, err
}

type figures struct {
	console.FiguresRequest
	all console.Span
}

// skew is how far a replica's clock may be from the database's.
const skew = time.Minute

// ids returns bounds of the ids that were drawn in a span: they begin with their time (RFC 9562, section 5.7), so that
// the primary key serves as an index by time. An id has the real time, which a test store's clock only runs ahead of;
// the time in the row decides.
func (f figures) ids(prefix string, s console.Span) (from, to string) {
	return idAt(prefix, s.From.Add(-f.Offset-skew)), idAt(prefix, s.To.Add(skew))
}

func idAt(prefix string, t time.Time) string {
	var u uuid.UUID
	ms := uint64(max(0, t.UnixMilli())) //nolint:gosec // not negative
	for i := range 6 {
		u[i] = byte(ms >> (8 * (5 - i)))
	}
	return prefix + "_" + u.String()
}

type countRow struct {
	Name string
	N    int64
}

func counted(rows []countRow) (out []console.Counted, sum int64) {
	out = make([]console.Counted, len(rows))
	for i, r := range rows {
		out[i] = console.Counted{Name: r.Name, Count: r.N}
		sum += r.N
	}
	return out, sum
}

func (f figures) verified(ctx context.Context, tx *Tx, o *console.Overview) error {
	var rows []countRow
	from, to := f.ids("att", f.all)
	err := tx.query(ctx, &rows, "SELECT group_name AS name, COUNT(*) AS n FROM attestations WHERE store_id = ? AND id >= ? AND id < ? "+
		"AND created_at >= ? AND created_at < ? GROUP BY group_name ORDER BY n DESC, group_name", f.Store, from, to, f.all.From, f.all.To)
	if err != nil {
		return fmt.Errorf("count attestations: %w", err)
	}
	o.VerifiedByGroup, o.Verified = counted(rows)
	return nil
}

func (f figures) refused(ctx context.Context, tx *Tx, o *console.Overview) error {
	reason := "json_extract(detail, '$.errors[0].code')"
	if tx.db.dialect == PostgreSQL {
		reason = "detail::jsonb #>> '{errors,0,code}'"
	}
	var rows []countRow
	from, to := f.ids("ver", f.all)
	err := tx.query(ctx, &rows, "SELECT COALESCE("+reason+", state) AS name, COUNT(*) AS n FROM verifications WHERE store_id = ? AND id >= ? AND id < ? "+
		"AND created_at >= ? AND created_at < ? AND state IN ('rejected', 'failed') GROUP BY 1 ORDER BY n DESC, 1", f.Store, from, to, f.all.From, f.all.To)
	if err != nil {
		return fmt.Errorf("count refused verifications: %w", err)
	}
	o.Refused, _ = counted(rows)
	return nil
}

func (f figures) issued(ctx context.Context, tx *Tx, o *console.Overview) error {
	var row struct{ N int64 }
	from, to := f.ids("tok", f.all)
	_, err := tx.one(ctx, &row, "SELECT COUNT(*) AS n FROM offer_tokens WHERE store_id = ? AND jti >= ? AND jti < ? AND issued_at >= ? AND issued_at < ?",
		f.Store, from, to, f.all.From, f.all.To)
	if err != nil {
		return fmt.Errorf("count issued tokens: %w", err)
	}
	o.Issued = row.N
	return nil
}

func (f figures) redeemed(ctx context.Context, tx *Tx, o *console.Overview) error {
	var row struct{ Redeemed, Refunded, Discount, Revenue int64 }
	_, err := tx.one(ctx, &row, "SELECT COUNT(*) AS redeemed, COALESCE(SUM(CASE WHEN state = 'redeemed' THEN 0 ELSE 1 END), 0) AS refunded, "+
		"COALESCE(SUM(CASE WHEN currency = ? THEN discount ELSE 0 END), 0) AS discount, "+
		"COALESCE(SUM(CASE WHEN currency = ? THEN total ELSE 0 END), 0) AS revenue "+
		"FROM redemptions WHERE store_id = ? AND created_at >= ? AND created_at < ?", f.Currency, f.Currency, f.Store, f.all.From, f.all.To)
	if err != nil {
		return fmt.Errorf("sum redemptions: %w", err)
	}
	o.Redeemed, o.Refunded, o.Discount, o.Revenue = row.Redeemed, row.Refunded, row.Discount, row.Revenue
	return nil
}

func (f figures) members(ctx context.Context, tx *Tx, o *console.Overview) error {
	var row struct{ N, Points int64 }
	_, err := tx.one(ctx, &row, "SELECT COUNT(*) AS n, COALESCE(SUM(pending + available), 0) AS points FROM members WHERE store_id = ? AND seq > 0", f.Store)
	if err != nil {
		return fmt.Errorf("sum members' points: %w", err)
	}
	o.Members, o.PointsLiability = row.N, row.Points
	return nil
}

// series joins the days' own bounds, reckoned in the store's time zone, with the rows between them: days of 23 and 25
// hours come out right on both databases.
func (f figures) series(ctx context.Context, tx *Tx, o *console.Overview) error {
	byDay := make(map[string]*console.DayFigures, len(f.Days))
	o.Series = make([]console.DayFigures, len(f.Days))
	redeemed, verified := make([][]any, len(f.Days)), make([][]any, len(f.Days))
	for i, d := range f.Days {
		o.Series[i].Day = d.Day
		byDay[d.Day] = &o.Series[i]
		redeemed[i] = []any{d.Day, d.From, d.To}
		from, to := f.ids("att", d)
		verified[i] = []any{d.Day, d.From, d.To, from, to}
	}
	var rows []struct {
		Day         string
		N, Discount int64
	}
	times := columns("day text, lo timestamptz, hi timestamptz")
	q := tx.perDay(times, len(f.Days)) + " SELECT d.day, COUNT(*) AS n, COALESCE(SUM(CASE WHEN r.currency = ? THEN r.discount ELSE 0 END), 0) AS discount " +
		"FROM d JOIN redemptions r ON r.store_id = ? AND r.created_at >= d.lo AND r.created_at < d.hi GROUP BY d.day"
	if err := tx.query(ctx, &rows, q, append(flatten(redeemed), f.Currency, f.Store)...); err != nil {
		return fmt.Errorf("sum redemptions by day: %w", err)
	}
	for _, r := range rows {
		byDay[r.Day].Redeemed, byDay[r.Day].Discount = r.N, r.Discount
	}
	var counts []countRow
	ids := columns("day text, lo timestamptz, hi timestamptz, first text, past text")
	q = tx.perDay(ids, len(f.Days)) + " SELECT d.day AS name, COUNT(*) AS n FROM d JOIN attestations a ON a.store_id = ? AND a.id >= d.first AND a.id < d.past " +
		"AND a.created_at >= d.lo AND a.created_at < d.hi GROUP BY d.day"
	if err := tx.query(ctx, &counts, q, append(flatten(verified), f.Store)...); err != nil {
		return fmt.Errorf("count attestations by day: %w", err)
	}
	for _, r := range counts {
		byDay[r.Name].Verified = r.N
	}
	return nil
}

// perDay begins a query with a table d of days.
func (tx *Tx) perDay(cols []column, days int) string {
	var b strings.Builder
	b.WriteString("WITH d (" + names(cols) + ") AS (VALUES " + tx.typedPlaceholders(cols, days) + ")")
	return b.String()
}

package database

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

var outboxTable = newTable("outbox", 1, "id text, store_id text, type text, ordering text, payload text, relayed boolean, created_at timestamptz")

// AppendEvents writes events in the transaction that made them true. Call it last: an empty id is drawn here, while all
// locks are held, so that ids of one ordering key rise.
func (tx *Tx) AppendEvents(ctx context.Context, events []outbox.Event) error {
	rows := make([][]any, len(events))
	for i, e := range events {
		if e.ID == "" {
			e.ID = id.New("evt")
		}
		if e.CreatedAt.IsZero() {
			e.CreatedAt = tx.now
		}
		rows[i] = []any{e.ID, e.Store, e.Type, e.Ordering, string(e.Payload), false, e.CreatedAt}
	}
	return tx.insert(ctx, outboxTable, rows, "")
}

// Outbox is the relay's storage.
type Outbox struct{ db *DB }

// NewOutbox returns the relay's storage on db.
func NewOutbox(db *DB) Outbox { return Outbox{db} }

var _ outbox.Storage = Outbox{}

// parked is when a delivery is due that waits for the one before it, or for its endpoint to be enabled.
var parked = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)

type eventRow struct {
	ID        string
	StoreID   string
	Type      string
	Ordering  string
	Payload   string
	Mode      string
	CreatedAt time.Time
}

// FanOut implements outbox.Storage.
func (o Outbox) FanOut(ctx context.Context, limit int) (int, error) {
	// Most of the time nothing waits, and looking needs no writer.
	waits, err := o.any(ctx, "SELECT 1 AS n FROM outbox WHERE NOT relayed LIMIT 1")
	if err != nil || !waits {
		return 0, err
	}
	taken := 0
	err = o.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		taken = 0
		if free, err := tx.tryLock(ctx, "laurel outbox fan-out"); err != nil || !free {
			return err
		}
		var events []eventRow
		err := tx.query(ctx, &events, "SELECT o.id, o.store_id, o.type, o.ordering, o.payload, s.mode, o.created_at FROM outbox o "+
			"JOIN stores s ON s.id = o.store_id WHERE NOT o.relayed ORDER BY o.id LIMIT ?", limit)
		if err != nil {
			return fmt.Errorf("read waiting events: %w", err)
		}
		taken = len(events)
		return tx.fanOut(ctx, events)
	})
	return taken, err
}

func (o Outbox) any(ctx context.Context, query string, args ...any) (found bool, err error) {
	err = o.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		var row struct{ N int }
		found, err = tx.one(ctx, &row, query, args...)
		return err
	})
	return found, err
}

// tryLock takes a lock of that name until the end of the transaction, if it is free. SQLite's one writer has it always.
func (tx *Tx) tryLock(ctx context.Context, name string) (bool, error) {
	if tx.db.dialect == SQLite {
		return true, nil
	}
	var row struct{ Free bool }
	if _, err := tx.one(ctx, &row, "SELECT pg_try_advisory_xact_lock(hashtext(?)) AS free", name); err != nil {
		return false, fmt.Errorf("take the lock %q: %w", name, err)
	}
	return row.Free, nil
}

func (tx *Tx) fanOut(ctx context.Context, events []eventRow) error {
	if len(events) == 0 {
		return nil
	}
	var stores, ids [][]any
	for _, e := range events {
		stores, ids = append(stores, []any{e.StoreID}), append(ids, []any{e.ID})
	}
	endpoints, err := tx.lockEndpointsOf(ctx, stores)
	if err != nil {
		return err
	}
	var drafts []delivery
	for _, e := range events {
		body, err := outbox.Event{ID: e.ID, Type: e.Type, Payload: []byte(e.Payload), CreatedAt: e.CreatedAt}.Body(e.Mode == "live")
		if err != nil {
			return err
		}
		ordering := e.Ordering
		if ordering == "" {
			ordering = e.ID
		}
		for _, p := range endpoints {
			if p.Store == e.StoreID && p.State == webhook.Enabled && (len(p.Events) == 0 || slices.Contains(p.Events, e.Type)) {
				drafts = append(drafts, delivery{pair{e.StoreID, p.ID, ordering}, e, string(body)})
			}
		}
	}
	if err := tx.insertDeliveries(ctx, drafts); err != nil {
		return err
	}
	cond, args := tx.in("id", ids)
	if _, err := tx.exec(ctx, "UPDATE outbox SET relayed = ? WHERE "+cond, append([]any{true}, args...)...); err != nil {
		return fmt.Errorf("mark events as relayed: %w", err)
	}
	return nil
}

// pair is what deliveries are kept in order by.
type pair struct{ store, endpoint, ordering string }

type delivery struct {
	pair
	event eventRow
	body  string
}

var deliveriesTable = newTable("webhook_deliveries", 2, "store_id text, id text, endpoint_id text, event_id text, event_type text, ordering text, payload text, state text, attempts bigint, last_status bigint, last_error text, next_at timestamptz, created_at timestamptz, updated_at timestamptz")

// insertDeliveries makes the first of each pair due, unless one waits already, and parks the rest behind it.
func (tx *Tx) insertDeliveries(ctx context.Context, drafts []delivery) error {
	if len(drafts) == 0 {
		return nil
	}
	busy := map[pair]bool{}
	seen := map[pair]bool{}
	var keys [][]any
	for _, d := range drafts {
		if !seen[d.pair] {
			seen[d.pair] = true
			keys = append(keys, []any{d.store, d.endpoint, d.ordering})
		}
	}
	for chunk := range chunks(keys, 3) {
		var rows []struct{ StoreID, EndpointID, Ordering string }
		cond, args := tx.in("store_id, endpoint_id, ordering", chunk)
		q := "SELECT DISTINCT store_id, endpoint_id, ordering FROM webhook_deliveries WHERE " + cond + " AND state = 'waiting'"
		if err := tx.query(ctx, &rows, q, args...); err != nil {
			return fmt.Errorf("read waiting deliveries: %w", err)
		}
		for _, r := range rows {
			busy[pair{r.StoreID, r.EndpointID, r.Ordering}] = true
		}
	}
	rows := make([][]any, len(drafts))
	for i, d := range drafts {
		due := tx.now
		if busy[d.pair] {
			due = parked
		}
		busy[d.pair] = true
		rows[i] = []any{d.store, id.New("dlv"), d.endpoint, d.event.ID, d.event.Type, d.ordering, d.body, string(outbox.Waiting),
			0, 0, "", due, tx.now, tx.now}
	}
	return tx.insert(ctx, deliveriesTable, rows, "")
}

type deliveryRow struct {
	StoreID    string
	ID         string
	EndpointID string
	EventID    string
	EventType  string
	Ordering   string
	Payload    string
	State      string
	Attempts   int
	LastStatus int
	LastError  string
	NextAt     time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
	URL        string
	Secret     []byte
}

const deliveryColumns = "d.store_id, d.id, d.endpoint_id, d.event_id, d.event_type, d.ordering, d.payload, d.state, d.attempts, d.last_status, d.last_error, d.next_at, d.created_at, d.updated_at"

func (r deliveryRow) delivery() outbox.Delivery {
	return outbox.Delivery{Store: r.StoreID, ID: r.ID, Endpoint: r.EndpointID, EventID: r.EventID, EventType: r.EventType,
		Ordering: r.Ordering, Body: []byte(r.Payload), State: outbox.State(r.State), Attempts: r.Attempts, LastStatus: r.LastStatus,
		LastError: r.LastError, NextAt: r.NextAt.UTC(), CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), URL: r.URL, Secret: r.Secret}
}

// Claim implements outbox.Storage. Only the oldest of a pair is ever due, so that a dead endpoint costs nothing to look at.
func (o Outbox) Claim(ctx context.Context, limit int, lease time.Duration) ([]outbox.Delivery, error) {
	var due []outbox.Delivery
	err := o.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		var row struct{ N int }
		found, err := tx.one(ctx, &row, "SELECT 1 AS n FROM webhook_deliveries WHERE state = 'waiting' AND next_at <= ? LIMIT 1", tx.now)
		if found {
			due = []outbox.Delivery{{}}
		}
		return err
	})
	if err != nil || due == nil {
		return nil, err
	}
	err = o.db.Run(ctx, func(ctx context.Context, tx *Tx) (err error) {
		due, err = tx.claimDeliveries(ctx, limit, lease)
		return err
	})
	return due, err
}

func (tx *Tx) claimDeliveries(ctx context.Context, limit int, lease time.Duration) ([]outbox.Delivery, error) {
	lock := ""
	if tx.db.dialect == PostgreSQL {
		lock = " FOR NO KEY UPDATE OF d SKIP LOCKED"
	}
	var rows []deliveryRow
	err := tx.query(ctx, &rows, "SELECT "+deliveryColumns+", e.url, e.secret FROM webhook_deliveries d JOIN webhook_endpoints e "+
		"ON e.store_id = d.store_id AND e.id = d.endpoint_id WHERE d.state = 'waiting' AND d.next_at <= ? AND e.state = 'enabled' "+
		"ORDER BY d.next_at, d.id LIMIT ?"+lock, tx.now, limit)
	if err != nil || len(rows) == 0 {
		if err != nil {
			err = fmt.Errorf("read due deliveries: %w", err)
		}
		return nil, err
	}
	due := make([]outbox.Delivery, len(rows))
	keys := make([][]any, len(rows))
	for i, r := range rows {
		r.Attempts++
		due[i], keys[i] = r.delivery(), []any{r.StoreID, r.ID}
	}
	cond, args := tx.in("store_id, id", keys)
	_, err = tx.exec(ctx, "UPDATE webhook_deliveries SET attempts = attempts + 1, next_at = ?, updated_at = ? WHERE "+cond,
		append([]any{tx.now.Add(lease), tx.now}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("lease deliveries: %w", err)
	}
	return due, nil
}

// Finish implements outbox.Storage. The endpoint's lock comes first, as in FanOut: nobody adds to the pair meanwhile.
func (o Outbox) Finish(ctx context.Context, d outbox.Delivery, out outbox.Outcome) error {
	return o.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		e, ok, err := tx.lockEndpoint(ctx, d.Store, d.Endpoint)
		if err != nil || !ok {
			return err
		}
		state, next := outbox.Failed, tx.now
		switch {
		case out.Delivered:
			state = outbox.Delivered
		case out.RetryIn > 0 && e.State != webhook.Enabled:
			state, next = outbox.Waiting, parked
		case out.RetryIn > 0:
			state, next = outbox.Waiting, tx.now.Add(out.RetryIn)
		}
		n, err := tx.exec(ctx, "UPDATE webhook_deliveries SET state = ?, last_status = ?, last_error = ?, next_at = ?, updated_at = ? "+
			"WHERE store_id = ? AND id = ? AND state = 'waiting' AND attempts = ?", string(state), out.Status, out.Error, next, tx.now,
			d.Store, d.ID, d.Attempts)
		if err != nil || n == 0 {
			return err
		}
		if err := tx.noteOutcome(ctx, e, out); err != nil {
			return err
		}
		if state == outbox.Waiting {
			return nil
		}
		return tx.unpark(ctx, e, d.Ordering)
	})
}

// Sweep removes events that were passed on and deliveries that are over, both since longer than keep, at most limit of
// each, and returns how many. A job calls it until it returns less than limit.
func (o Outbox) Sweep(ctx context.Context, keep time.Duration, limit int) (swept int64, err error) {
	err = o.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		before := tx.now.Add(-keep)
		events, err := tx.exec(ctx, "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE relayed AND id < ? ORDER BY id LIMIT ?)",
			idAt("evt", before), limit)
		if err != nil {
			return fmt.Errorf("sweep events: %w", err)
		}
		deliveries, err := tx.exec(ctx, "DELETE FROM webhook_deliveries WHERE (store_id, id) IN (SELECT store_id, id FROM webhook_deliveries "+
			"WHERE state IN ('delivered', 'failed') AND next_at < ? ORDER BY next_at LIMIT ?)", before, limit)
		if err != nil {
			return fmt.Errorf("sweep deliveries: %w", err)
		}
		swept = max(events, deliveries)
		return nil
	})
	return swept, err
}

// noteOutcome counts failures at the endpoint, and disables one that is gone.
func (tx *Tx) noteOutcome(ctx context.Context, e webhook.Endpoint, out outbox.Outcome) error {
	was := e
	if e.Failures++; out.Delivered {
		e.Failures = 0
	}
	if out.Gone {
		e.State = webhook.Disabled
	}
	if e.Failures == was.Failures && e.State == was.State {
		return nil
	}
	e.UpdatedAt = tx.now
	return tx.updateEndpoint(ctx, was, e)
}

// unpark makes the oldest waiting delivery of an enabled endpoint's pair due; with no ordering, of every pair.
func (tx *Tx) unpark(ctx context.Context, e webhook.Endpoint, ordering string) error {
	if e.State != webhook.Enabled {
		return nil
	}
	var q strings.Builder
	q.WriteString("UPDATE webhook_deliveries SET next_at = ? WHERE store_id = ? AND endpoint_id = ? AND state = 'waiting' AND next_at >= ?")
	args := []any{tx.now, e.Store, e.ID, parked}
	if ordering != "" {
		q.WriteString(" AND ordering = ?")
		args = append(args, ordering)
	}
	q.WriteString(" AND NOT EXISTS (SELECT 1 FROM webhook_deliveries b WHERE b.store_id = webhook_deliveries.store_id AND " +
		"b.endpoint_id = webhook_deliveries.endpoint_id AND b.ordering = webhook_deliveries.ordering AND b.state = 'waiting' AND " +
		"b.event_id < webhook_deliveries.event_id)")
	if _, err := tx.exec(ctx, q.String(), args...); err != nil {
		return fmt.Errorf("let the next delivery go: %w", err)
	}
	return nil
}

// Backlog returns how many events and deliveries wait, up to 10,000, and the age of the oldest event.
func (o Outbox) Backlog(ctx context.Context) (waiting int, oldest time.Duration, err error) {
	err = o.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		var created []time.Time
		q := "SELECT created_at FROM outbox WHERE NOT relayed ORDER BY id LIMIT 10000"
		err := tx.rows(ctx, "outbox", q, nil, func(r *sql.Rows) error {
			var at time.Time
			err := r.Scan(&at)
			created = append(created, at)
			return err
		})
		waiting = len(created)
		if waiting > 0 {
			oldest = tx.now.Sub(created[0])
		}
		return err
	})
	return waiting, oldest, err
}

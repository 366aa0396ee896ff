package database

import (
	"context"
	"database/sql"
	"fmt"
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
type Outbox struct {
	db      *DB
	notices Notices
}

// NewOutbox returns the relay's storage on db.
func NewOutbox(db *DB) Outbox { return Outbox{db: db} }

// Notices tells people of what the relay did, from within its transaction.
type Notices interface {
	// EndpointDisabled queues the mails about an endpoint that the gateway has disabled.
	EndpointDisabled(ctx context.Context, tx *sql.Tx, store, endpoint string) error
}

// Telling returns the storage, which tells people by n.
func (o Outbox) Telling(n Notices) Outbox {
	o.notices = n
	return o
}

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
		for _, p := range endpoints {
			if p.Store != e.StoreID || p.State != webhook.Enabled || !p.Wants(e.Type) {
				continue
			}
			d, err := e.to(p.ID)
			if err != nil {
				return err
			}
			drafts = append(drafts, d)
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
	id    string
	event eventRow
	body  string
}

// to drafts the delivery of an event to an endpoint.
func (e eventRow) to(endpoint string) (delivery, error) {
	body, err := outbox.Event{ID: e.ID, Type: e.Type, Payload: []byte(e.Payload), CreatedAt: e.CreatedAt}.Body(e.Mode == "live")
	if err != nil {
		return delivery{}, err
	}
	ordering := e.Ordering
	if ordering == "" {
		ordering = e.ID
	}
	return delivery{pair{e.StoreID, endpoint, ordering}, id.New("dlv"), e, string(body)}, nil
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
		rows[i] = []any{d.store, d.id, d.endpoint, d.event.ID, d.event.Type, d.ordering, d.body, string(outbox.Waiting),
			0, 0, "", due, tx.now, tx.now}
	}
	return tx.insert(ctx, deliveriesTable, rows, "")
}

// Backlog is how far the relay lags behind.
type Backlog struct {
	// Waiting is how many events wait to be passed on, up to 10,000; Oldest is the age of the first of them.
	Waiting int
	Oldest  time.Duration
	// Overdue is how long the first due delivery of an enabled endpoint has waited for its try.
	Overdue time.Duration
	// Disabled is how many endpoints the gateway has disabled.
	Disabled int
}

// Backlog measures how far the relay lags behind.
func (o Outbox) Backlog(ctx context.Context) (b Backlog, err error) {
	err = o.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		var created []time.Time
		q := "SELECT created_at FROM outbox WHERE NOT relayed ORDER BY id LIMIT 10000"
		err := tx.rows(ctx, "outbox", q, nil, func(r *sql.Rows) error {
			var at time.Time
			err := r.Scan(&at)
			created = append(created, at)
			return err
		})
		if err != nil {
			return err
		}
		b = Backlog{Waiting: len(created)}
		if len(created) > 0 {
			b.Oldest = max(0, tx.now.Sub(created[0]))
		}
		var due struct{ NextAt time.Time }
		found, err := tx.one(ctx, &due, "SELECT d.next_at FROM webhook_deliveries d JOIN webhook_endpoints e ON e.store_id = d.store_id AND e.id = d.endpoint_id "+
			"WHERE d.state = 'waiting' AND d.next_at <= ? AND e.state = 'enabled' ORDER BY d.next_at LIMIT 1", tx.now)
		if err != nil {
			return err
		}
		if found {
			b.Overdue = tx.now.Sub(due.NextAt)
		}
		var off struct{ N int }
		_, err = tx.one(ctx, &off, "SELECT COUNT(*) AS n FROM webhook_endpoints WHERE state = 'disabled' AND disabled_reason IN ('gone', 'failing')")
		b.Disabled = off.N
		return err
	})
	return b, err
}

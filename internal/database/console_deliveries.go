package database

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

// Deliveries implements console.WebhookTx.
func (tx consoleTx) Deliveries(ctx context.Context, store, endpoint string, f console.DeliveryFilter, before string, limit int) ([]outbox.Delivery, error) {
	q := newPage("SELECT "+deliveryColumns+" FROM webhook_deliveries d", "d.store_id = ? AND d.endpoint_id = ?", store, endpoint)
	q.equals("d.state", string(f.State))
	q.equals("d.event_type", f.EventType)
	q.before("d.id", before)
	var rows []deliveryRow
	if err := q.scan(ctx, tx.Tx, &rows, "d.id DESC", limit); err != nil {
		return nil, err
	}
	out := make([]outbox.Delivery, len(rows))
	for i, r := range rows {
		out[i] = r.delivery()
	}
	return out, nil
}

// Delivery implements console.WebhookTx.
func (tx consoleTx) Delivery(ctx context.Context, store, id string) (outbox.Delivery, bool, error) {
	var row deliveryRow
	ok, err := tx.one(ctx, &row, "SELECT "+deliveryColumns+" FROM webhook_deliveries d WHERE d.store_id = ? AND d.id = ?", store, id)
	if err != nil {
		return outbox.Delivery{}, false, fmt.Errorf("read a delivery: %w", err)
	}
	return row.delivery(), ok, nil
}

type tryRow struct {
	ID        string
	Status    int
	Error     string
	TookUs    int64
	CreatedAt time.Time
}

// mostAttempts bounds the tries that are shown of one delivery: those of three replays and more.
const mostAttempts = 64

// Attempts implements console.WebhookTx.
func (tx consoleTx) Attempts(ctx context.Context, store, delivery string) ([]outbox.Attempt, error) {
	var rows []tryRow
	err := tx.query(ctx, &rows, "SELECT id, status, error, took_us, created_at FROM webhook_attempts WHERE store_id = ? AND delivery_id = ? "+
		"ORDER BY id DESC LIMIT ?", store, delivery, mostAttempts)
	if err != nil {
		return nil, fmt.Errorf("read the tries of a delivery: %w", err)
	}
	out := make([]outbox.Attempt, len(rows))
	for i, r := range rows {
		out[i] = outbox.Attempt{ID: r.ID, Status: r.Status, Error: r.Error, Took: time.Duration(r.TookUs) * time.Microsecond, At: r.CreatedAt.UTC()}
	}
	return out, nil
}

// Redeliver implements console.WebhookTx. What is sent again takes its old place: the oldest of each pair goes first,
// before what waits.
func (tx consoleTx) Redeliver(ctx context.Context, e webhook.Endpoint, r console.Replay) (int, error) {
	q := newPage("SELECT store_id, id FROM webhook_deliveries", "store_id = ? AND endpoint_id = ?", e.Store, e.ID)
	q.equals("id", r.Delivery)
	if r.What == console.ReplayFailed {
		q.and("state = 'failed'")
	} else {
		q.and("state IN ('delivered', 'failed')")
	}
	if r.Delivery == "" {
		q.and("created_at >= ? AND created_at < ?", r.Since, r.Until)
	}
	pick, args := q.sql("event_id", r.Limit)
	n, err := tx.exec(ctx, "UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, last_status = 0, last_error = '', next_at = ?, updated_at = ? "+
		"WHERE (store_id, id) IN ("+pick+")", append([]any{parked, tx.now}, args...)...)
	if err != nil {
		return 0, fmt.Errorf("send deliveries again: %w", err)
	}
	return int(n), tx.unpark(ctx, e, "")
}

// DeliverMissing implements console.WebhookTx.
func (tx consoleTx) DeliverMissing(ctx context.Context, e webhook.Endpoint, r console.Replay) (int, error) {
	q := newPage("SELECT o.id, o.store_id, o.type, o.ordering, o.payload, s.mode, o.created_at FROM outbox o JOIN stores s ON s.id = o.store_id",
		"o.store_id = ? AND o.relayed AND o.created_at >= ? AND o.created_at < ?", e.Store, r.Since, r.Until)
	q.and("NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.store_id = o.store_id AND d.endpoint_id = ? AND "+
		"d.ordering = CASE WHEN o.ordering = '' THEN o.id ELSE o.ordering END AND d.event_id = o.id)", e.ID)
	if len(e.Events) > 0 {
		types := make([]any, len(e.Events))
		for i, t := range e.Events {
			types[i] = t
		}
		q.and("o.type IN (?"+strings.Repeat(", ?", len(types)-1)+")", types...)
	}
	var events []eventRow
	if err := q.scan(ctx, tx.Tx, &events, "o.id", r.Limit); err != nil {
		return 0, err
	}
	drafts := make([]delivery, len(events))
	for i, event := range events {
		var err error
		if drafts[i], err = event.to(e.ID); err != nil {
			return 0, err
		}
	}
	if err := tx.insertDeliveries(ctx, drafts); err != nil {
		return 0, err
	}
	return len(drafts), tx.unpark(ctx, e, "")
}

// Deliver implements console.WebhookTx.
func (tx consoleTx) Deliver(ctx context.Context, e webhook.Endpoint, event outbox.Event) (outbox.Delivery, error) {
	var store struct{ Mode string }
	if _, err := tx.one(ctx, &store, "SELECT mode FROM stores WHERE id = ?", e.Store); err != nil {
		return outbox.Delivery{}, fmt.Errorf("read the mode of a store: %w", err)
	}
	row := eventRow{ID: id.New("evt"), StoreID: e.Store, Type: event.Type, Ordering: event.Ordering, Payload: string(event.Payload), Mode: store.Mode, CreatedAt: tx.now}
	draft, err := row.to(e.ID)
	if err != nil {
		return outbox.Delivery{}, err
	}
	if err := tx.insertDeliveries(ctx, []delivery{draft}); err != nil {
		return outbox.Delivery{}, err
	}
	d, _, err := tx.Delivery(ctx, e.Store, draft.id)
	return d, err
}

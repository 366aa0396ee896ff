package database

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

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
	OldSecret  []byte
}

const deliveryColumns = "d.store_id, d.id, d.endpoint_id, d.event_id, d.event_type, d.ordering, d.payload, d.state, d.attempts, d.last_status, d.last_error, d.next_at, d.created_at, d.updated_at"

func (r deliveryRow) delivery() outbox.Delivery {
	return outbox.Delivery{Store: r.StoreID, ID: r.ID, Endpoint: r.EndpointID, EventID: r.EventID, EventType: r.EventType,
		Ordering: r.Ordering, Body: []byte(r.Payload), State: outbox.State(r.State), Attempts: r.Attempts, LastStatus: r.LastStatus,
		LastError: r.LastError, NextAt: r.NextAt.UTC(), CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), URL: r.URL, Secret: r.Secret, OldSecret: r.OldSecret}
}

// Claim implements outbox.Storage. Only the oldest of a pair is ever due, so that a dead endpoint costs nothing to look at.
func (o Outbox) Claim(ctx context.Context, w outbox.Want) ([]outbox.Delivery, error) {
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
		due, err = tx.claimDeliveries(ctx, w)
		return err
	})
	return due, err
}

func (tx *Tx) claimDeliveries(ctx context.Context, w outbox.Want) ([]outbox.Delivery, error) {
	rows, err := tx.dueDeliveries(ctx, w)
	if err != nil {
		return nil, err
	}
	var due []outbox.Delivery
	var keys [][]any
	taken := map[string]int{}
	for _, r := range rows {
		// The rest of an endpoint that has no more room stays due: the next claim leaves that endpoint out.
		if taken[r.EndpointID]++; taken[r.EndpointID] > w.Room(r.EndpointID) {
			continue
		}
		r.Attempts++
		due, keys = append(due, r.delivery()), append(keys, []any{r.StoreID, r.ID})
	}
	if len(due) == 0 {
		return nil, nil
	}
	cond, args := tx.in("store_id, id", keys)
	_, err = tx.exec(ctx, "UPDATE webhook_deliveries SET attempts = attempts + 1, next_at = ?, updated_at = ? WHERE "+cond,
		append([]any{tx.now.Add(w.Lease), tx.now}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("lease deliveries: %w", err)
	}
	return due, nil
}

// dueDeliveries reads and locks what is due, of endpoints that the relay has room for.
func (tx *Tx) dueDeliveries(ctx context.Context, w outbox.Want) ([]deliveryRow, error) {
	q := newPage("SELECT "+deliveryColumns+", e.url, e.secret, CASE WHEN e.old_secret_until > ? THEN e.old_secret END AS old_secret "+
		"FROM webhook_deliveries d JOIN webhook_endpoints e ON e.store_id = d.store_id AND e.id = d.endpoint_id",
		"d.state = 'waiting' AND d.next_at <= ? AND e.state = 'enabled'", tx.now, tx.now)
	for _, endpoint := range slices.Sorted(maps.Keys(w.UnderWay)) {
		if w.Room(endpoint) == 0 {
			q.and("d.endpoint_id <> ?", endpoint)
		}
	}
	query, args := q.sql("d.next_at, d.id", w.Limit)
	if tx.db.dialect == PostgreSQL {
		query += " FOR NO KEY UPDATE OF d SKIP LOCKED"
	}
	var rows []deliveryRow
	if err := tx.query(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read due deliveries: %w", err)
	}
	return rows, nil
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
		if err := tx.insertAttempt(ctx, d, out); err != nil {
			return err
		}
		now := e.After(out, tx.now)
		if err := tx.updateEndpoint(ctx, e, now); err != nil {
			return err
		}
		if state != outbox.Waiting {
			if err := tx.unpark(ctx, now, d.Ordering); err != nil {
				return err
			}
		}
		if e.State == webhook.Enabled && now.State == webhook.Disabled {
			return o.tellDisabled(ctx, tx, now)
		}
		return nil
	})
}

var attemptsTable = newTable("webhook_attempts", 2, "store_id text, id text, endpoint_id text, delivery_id text, status bigint, error text, took_us bigint, created_at timestamptz")

func (tx *Tx) insertAttempt(ctx context.Context, d outbox.Delivery, out outbox.Outcome) error {
	return tx.insert(ctx, attemptsTable, [][]any{{d.Store, id.New("try"), d.Endpoint, d.ID, out.Status, out.Error, out.Took.Microseconds(), tx.now}}, "")
}

// gatewayActor is who the audit names for what the gateway did by itself.
const gatewayActor = "gateway"

// tellDisabled tells the store of an endpoint that the gateway has disabled: in the audit, by an event for its other
// endpoints, and by mail.
func (o Outbox) tellDisabled(ctx context.Context, tx *Tx, e webhook.Endpoint) error {
	type view struct {
		State  webhook.State  `json:"state"`
		Reason webhook.Reason `json:"disabled_reason"`
	}
	entry, err := console.Origin{Actor: gatewayActor}.Entry(e.Store, "webhook.disabled", e.ID, view{webhook.Enabled, ""}, view{e.State, e.DisabledReason})
	if err != nil {
		return err
	}
	if err := (consoleTx{Tx: tx}).Audit(ctx, entry); err != nil {
		return fmt.Errorf("write the audit entry of a disabled endpoint: %w", err)
	}
	if o.notices != nil {
		if err := o.notices.EndpointDisabled(ctx, tx.SQLTx(), e.Store, e.ID); err != nil {
			return err
		}
	}
	payload, err := json.Marshal(map[string]any{"webhook_id": e.ID, "reason": e.DisabledReason, "failing_since": e.FailingSince.UTC(), "disabled_at": tx.now})
	if err != nil {
		return fmt.Errorf("render the event of a disabled endpoint: %w", err)
	}
	return tx.AppendEvents(ctx, []outbox.Event{{Store: e.Store, Type: webhook.DisabledEvent, Ordering: e.ID, Payload: payload}})
}

// Sweep removes what is older than keep: events that were passed on, deliveries that are over or wait for a disabled
// endpoint, and tries. It takes at most limit of each and returns how many. A job calls it until it returns less than
// limit.
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
		stranded, err := tx.exec(ctx, "DELETE FROM webhook_deliveries WHERE (store_id, id) IN (SELECT d.store_id, d.id FROM webhook_deliveries d "+
			"JOIN webhook_endpoints e ON e.store_id = d.store_id AND e.id = d.endpoint_id "+
			"WHERE d.state = 'waiting' AND d.next_at >= ? AND d.created_at < ? AND e.state = 'disabled' LIMIT ?)", parked, before, limit)
		if err != nil {
			return fmt.Errorf("sweep the deliveries of disabled endpoints: %w", err)
		}
		attempts, err := tx.exec(ctx, "DELETE FROM webhook_attempts WHERE (store_id, id) IN (SELECT store_id, id FROM webhook_attempts "+
			"WHERE created_at < ? ORDER BY created_at LIMIT ?)", before, limit)
		if err != nil {
			return fmt.Errorf("sweep tries: %w", err)
		}
		swept = max(events, deliveries, stranded, attempts)
		return nil
	})
	return swept, err
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

package database

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

type endpointRow struct {
	StoreID     string
	ID          string
	URL         string
	Description string
	Events      string
	Secret      []byte
	State       string
	Failures    int
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

const endpointColumns = "store_id, id, url, description, events, secret, state, failures, created_at, updated_at"

var (
	endpointsTable  = newTable("webhook_endpoints", 2, "store_id text, id text, url text, description text, events text, secret bytea, state text, failures bigint, created_at timestamptz, updated_at timestamptz")
	endpointChanges = newTable("webhook_endpoints", 2, "store_id text, id text, url text, description text, events text, state text, failures bigint, updated_at timestamptz")
)

func (tx *Tx) endpoints(ctx context.Context, where string, args ...any) ([]webhook.Endpoint, error) {
	var rows []endpointRow
	if err := tx.query(ctx, &rows, "SELECT "+endpointColumns+" FROM webhook_endpoints WHERE "+where, args...); err != nil {
		return nil, fmt.Errorf("read webhook endpoints: %w", err)
	}
	out := make([]webhook.Endpoint, len(rows))
	for i, r := range rows {
		out[i] = webhook.Endpoint{Store: r.StoreID, ID: r.ID, URL: r.URL, Description: r.Description, Secret: r.Secret,
			State: webhook.State(r.State), Failures: r.Failures, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC()}
		if err := decode(r.Events, &out[i].Events); err != nil {
			return nil, fmt.Errorf("decode the events of endpoint %s: %w", r.ID, err)
		}
	}
	return out, nil
}

// lockEndpointsOf locks all endpoints of stores, in the order of their keys.
func (tx *Tx) lockEndpointsOf(ctx context.Context, stores [][]any) ([]webhook.Endpoint, error) {
	cond, args := tx.in("store_id", stores)
	return tx.endpoints(ctx, cond+" ORDER BY store_id, id"+tx.forUpdate(), args...)
}

func (tx *Tx) lockEndpoint(ctx context.Context, store, id string) (webhook.Endpoint, bool, error) {
	found, err := tx.endpoints(ctx, "store_id = ? AND id = ?"+tx.forUpdate(), store, id)
	if err != nil || len(found) == 0 {
		return webhook.Endpoint{}, false, err
	}
	return found[0], true, nil
}

// updateEndpoint writes a locked endpoint. Disabling parks what waits, enabling lets it go.
func (tx *Tx) updateEndpoint(ctx context.Context, was, e webhook.Endpoint) error {
	events, err := encode(append([]string{}, e.Events...))
	if err != nil {
		return fmt.Errorf("encode the events of an endpoint: %w", err)
	}
	err = tx.update(ctx, endpointChanges, [][]any{{e.Store, e.ID, e.URL, e.Description, events, string(e.State), e.Failures, e.UpdatedAt}})
	if err != nil || was.State == e.State {
		return err
	}
	if e.State == webhook.Enabled {
		return tx.unpark(ctx, e, "")
	}
	_, err = tx.exec(ctx, "UPDATE webhook_deliveries SET next_at = ? WHERE store_id = ? AND endpoint_id = ? AND state = 'waiting'", parked, e.Store, e.ID)
	if err != nil {
		return fmt.Errorf("park an endpoint's deliveries: %w", err)
	}
	return nil
}

// Endpoints implements console.WebhookTx.
func (tx consoleTx) Endpoints(ctx context.Context, store string) ([]webhook.Endpoint, error) {
	return tx.endpoints(ctx, "store_id = ? ORDER BY id", store)
}

// LockEndpoint implements console.WebhookTx.
func (tx consoleTx) LockEndpoint(ctx context.Context, store, id string) (webhook.Endpoint, bool, error) {
	return tx.lockEndpoint(ctx, store, id)
}

// InsertEndpoint implements console.WebhookTx.
func (tx consoleTx) InsertEndpoint(ctx context.Context, e webhook.Endpoint) error {
	events, err := encode(append([]string{}, e.Events...))
	if err != nil {
		return fmt.Errorf("encode the events of an endpoint: %w", err)
	}
	return tx.insert(ctx, endpointsTable, [][]any{{e.Store, e.ID, e.URL, e.Description, events, e.Secret, string(e.State),
		e.Failures, e.CreatedAt, e.UpdatedAt}}, "")
}

// UpdateEndpoint implements console.WebhookTx.
func (tx consoleTx) UpdateEndpoint(ctx context.Context, e webhook.Endpoint) error {
	was, ok, err := tx.lockEndpoint(ctx, e.Store, e.ID)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("update endpoint %s: it is not there", e.ID)
	}
	return tx.updateEndpoint(ctx, was, e)
}

// DeleteEndpoint implements console.WebhookTx.
func (tx consoleTx) DeleteEndpoint(ctx context.Context, store, id string) error {
	for _, q := range []string{
		"DELETE FROM webhook_deliveries WHERE store_id = ? AND endpoint_id = ?",
		"DELETE FROM webhook_endpoints WHERE store_id = ? AND id = ?",
	} {
		if _, err := tx.exec(ctx, q, store, id); err != nil {
			return fmt.Errorf("delete a webhook endpoint: %w", err)
		}
	}
	return nil
}

// Deliveries implements console.WebhookTx.
func (tx consoleTx) Deliveries(ctx context.Context, store, endpoint, before string, limit int) ([]outbox.Delivery, error) {
	q := newPage("SELECT "+deliveryColumns+" FROM webhook_deliveries d", "d.store_id = ? AND d.endpoint_id = ?", store, endpoint)
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

// Redeliver implements console.WebhookTx. It is an admin's own wish, so it does not queue behind what waits.
func (tx consoleTx) Redeliver(ctx context.Context, d outbox.Delivery) (outbox.Delivery, error) {
	found, err := tx.endpoints(ctx, "store_id = ? AND id = ?", d.Store, d.Endpoint)
	if err != nil {
		return d, err
	}
	d.State, d.Attempts, d.LastStatus, d.LastError, d.NextAt, d.UpdatedAt = outbox.Waiting, 0, 0, "", tx.now, tx.now
	if !slices.ContainsFunc(found, func(e webhook.Endpoint) bool { return e.State == webhook.Enabled }) {
		d.NextAt = parked
	}
	_, err = tx.exec(ctx, "UPDATE webhook_deliveries SET state = ?, attempts = 0, last_status = 0, last_error = '', next_at = ?, updated_at = ? "+
		"WHERE store_id = ? AND id = ?", string(d.State), d.NextAt, d.UpdatedAt, d.Store, d.ID)
	if err != nil {
		return d, fmt.Errorf("send a delivery again: %w", err)
	}
	return d, nil
}

package database

import (
	"context"
	"fmt"
	"time"

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

	Version        int64
	OldSecret      []byte
	OldSecretUntil *time.Time
	FailingSince   *time.Time
	DisabledReason string
}

const endpointColumns = "store_id, id, url, description, events, secret, state, failures, created_at, updated_at, version, old_secret, old_secret_until, failing_since, disabled_reason"

var (
	endpointsTable  = newTable("webhook_endpoints", 2, "store_id text, id text, url text, description text, events text, secret bytea, state text, failures bigint, created_at timestamptz, updated_at timestamptz, version bigint")
	endpointChanges = newTable("webhook_endpoints", 2, "store_id text, id text, url text, description text, events text, secret bytea, old_secret bytea, old_secret_until timestamptz, state text, disabled_reason text, failures bigint, failing_since timestamptz, version bigint, updated_at timestamptz")
)

func (tx *Tx) endpoints(ctx context.Context, where string, args ...any) ([]webhook.Endpoint, error) {
	var rows []endpointRow
	if err := tx.query(ctx, &rows, "SELECT "+endpointColumns+" FROM webhook_endpoints WHERE "+where, args...); err != nil {
		return nil, fmt.Errorf("read webhook endpoints: %w", err)
	}
	out := make([]webhook.Endpoint, len(rows))
	for i, r := range rows {
		out[i] = webhook.Endpoint{Store: r.StoreID, ID: r.ID, URL: r.URL, Description: r.Description, Secret: r.Secret,
			State: webhook.State(r.State), Failures: r.Failures, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), Version: r.Version,
			OldSecret: r.OldSecret, OldSecretUntil: orZero(r.OldSecretUntil), FailingSince: orZero(r.FailingSince), DisabledReason: webhook.Reason(r.DisabledReason)}
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
	if was.Version == e.Version && was.Failures == e.Failures && was.FailingSince.Equal(e.FailingSince) {
		return nil
	}
	events, err := encode(append([]string{}, e.Events...))
	if err != nil {
		return fmt.Errorf("encode the events of an endpoint: %w", err)
	}
	err = tx.update(ctx, endpointChanges, [][]any{{e.Store, e.ID, e.URL, e.Description, events, e.Secret, nullBytes(e.OldSecret),
		nullTime(e.OldSecretUntil), string(e.State), string(e.DisabledReason), e.Failures, nullTime(e.FailingSince), e.Version, e.UpdatedAt}})
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

// nullBytes stores nothing as NULL.
func nullBytes(b []byte) any {
	if b == nil {
		return nil
	}
	return b
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
		e.Failures, e.CreatedAt, e.UpdatedAt, e.Version}}, "")
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
		"DELETE FROM webhook_attempts WHERE store_id = ? AND endpoint_id = ?",
		"DELETE FROM webhook_deliveries WHERE store_id = ? AND endpoint_id = ?",
		"DELETE FROM webhook_endpoints WHERE store_id = ? AND id = ?",
	} {
		if _, err := tx.exec(ctx, q, store, id); err != nil {
			return fmt.Errorf("delete a webhook endpoint: %w", err)
		}
	}
	return nil
}

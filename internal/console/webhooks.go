package console

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

// Faults about webhooks.
var (
	ErrEndpointNotFound = fault.New(fault.NotFound, "There is no such webhook endpoint in this store.")
	errTooManyEndpoints = fault.Newf(fault.Conflict, "A store has at most %d webhook endpoints. Delete one first.", webhook.MaxEndpoints)
)

// WebhookTx keeps endpoints and their deliveries.
type WebhookTx interface {
	Endpoints(ctx context.Context, store string) ([]webhook.Endpoint, error)
	// LockEndpoint reads an endpoint and keeps others, the relay included, from changing it or its deliveries' states.
	LockEndpoint(ctx context.Context, store, id string) (webhook.Endpoint, bool, error)
	InsertEndpoint(ctx context.Context, e webhook.Endpoint) error
	UpdateEndpoint(ctx context.Context, e webhook.Endpoint) error
	// DeleteEndpoint removes an endpoint and its deliveries.
	DeleteEndpoint(ctx context.Context, store, id string) error
	// Deliveries returns those of an endpoint, newest first, before a cursor id.
	Deliveries(ctx context.Context, store, endpoint string, f DeliveryFilter, before string, limit int) ([]outbox.Delivery, error)
	Delivery(ctx context.Context, store, id string) (outbox.Delivery, bool, error)
	// Attempts returns the last tries of a delivery, newest first.
	Attempts(ctx context.Context, store, delivery string) ([]outbox.Attempt, error)
	// Redeliver makes deliveries that are over wait again, under the endpoint's lock, and returns how many.
	Redeliver(ctx context.Context, e webhook.Endpoint, r Replay) (int, error)
	// DeliverMissing makes deliveries of the events that the endpoint wants and never got, under its lock, and returns
	// how many.
	DeliverMissing(ctx context.Context, e webhook.Endpoint, r Replay) (int, error)
	// Deliver sends one endpoint an event of its own, under its lock. Storage fills in the event's id and time.
	Deliver(ctx context.Context, e webhook.Endpoint, event outbox.Event) (outbox.Delivery, error)
}

// endpointView is what the audit says of an endpoint.
type endpointView struct {
	URL         string        `json:"url"`
	Description string        `json:"description"`
	Events      []string      `json:"events"`
	State       webhook.State `json:"state"`
}

func viewOf(e webhook.Endpoint) endpointView {
	return endpointView{e.URL, e.Description, e.Events, e.State}
}

// Endpoints returns a store's webhook endpoints, oldest first.
func (s *Service) Endpoints(ctx context.Context, store string) ([]webhook.Endpoint, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) ([]webhook.Endpoint, error) { return tx.Endpoints(ctx, store) })
}

// Endpoint returns one. Faults: not_found.
func (s *Service) Endpoint(ctx context.Context, store, id string) (webhook.Endpoint, error) {
	all, err := s.Endpoints(ctx, store)
	if err != nil {
		return webhook.Endpoint{}, err
	}
	for _, e := range all {
		if e.ID == id {
			return e, nil
		}
	}
	return webhook.Endpoint{}, ErrEndpointNotFound
}

// NewEndpoint is an endpoint with its signing secret, which is shown this once.
type NewEndpoint struct {
	webhook.Endpoint
	PlainSecret string
}

// CreateEndpoint adds a webhook endpoint. Faults: invalid, webhook_target_refused, conflict when there are too many.
func (s *Service) CreateEndpoint(ctx context.Context, o Origin, e webhook.Endpoint) (*NewEndpoint, error) {
	e.ID, e.State, e.Version = id.New("whk"), webhook.Enabled, 1
	if err := e.Check(s.targets); err != nil {
		return nil, err
	}
	secret := webhook.NewSecret()
	var err error
	if e.Secret, err = s.sealer.Seal([]byte(secret), []byte(e.ID)); err != nil {
		return nil, fmt.Errorf("seal a webhook secret: %w", err)
	}
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*NewEndpoint, error) {
		e := e
		all, err := tx.Endpoints(ctx, e.Store)
		if err != nil {
			return nil, err
		}
		if len(all) >= webhook.MaxEndpoints {
			return nil, errTooManyEndpoints
		}
		e.CreatedAt, e.UpdatedAt = tx.Now(), tx.Now()
		if err := tx.InsertEndpoint(ctx, e); err != nil {
			return nil, err
		}
		return &NewEndpoint{e, secret}, audit(ctx, tx, o, e.Store, "webhook.created", e.ID, nil, viewOf(e))
	})
}

// UpdateEndpoint changes the URL, description, events and state of an endpoint that is still at the version that e has.
// Faults: invalid, webhook_target_refused, not_found, version_conflict.
func (s *Service) UpdateEndpoint(ctx context.Context, o Origin, e webhook.Endpoint) (*webhook.Endpoint, error) {
	if err := e.Check(s.targets); err != nil {
		return nil, err
	}
	return s.changeEndpoint(ctx, o, e.Store, e.ID, "webhook.updated", func(was webhook.Endpoint, at time.Time) (webhook.Endpoint, error) {
		if was.Version != e.Version {
			return was, ErrStale
		}
		now := was
		now.URL, now.Description, now.Events, now.UpdatedAt = e.URL, e.Description, e.Events, at
		now.Version++
		switch e.State {
		case was.State:
		case webhook.Enabled:
			now = now.Enable()
		default:
			now.State, now.DisabledReason = webhook.Disabled, webhook.ByAdmin
		}
		return now, nil
	})
}

// changeEndpoint changes an endpoint under its lock, with an audit entry.
func (s *Service) changeEndpoint(ctx context.Context, o Origin, store, id, action string,
	change func(was webhook.Endpoint, at time.Time) (webhook.Endpoint, error)) (*webhook.Endpoint, error) {
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*webhook.Endpoint, error) {
		was, err := lockedEndpoint(ctx, tx, store, id)
		if err != nil {
			return nil, err
		}
		now, err := change(was, tx.Now())
		if err != nil {
			return nil, err
		}
		if err := tx.UpdateEndpoint(ctx, now); err != nil {
			return nil, err
		}
		return &now, audit(ctx, tx, o, store, action, id, viewOf(was), viewOf(now))
	})
}

// lockedEndpoint locks an endpoint. Faults: not_found.
func lockedEndpoint(ctx context.Context, tx Tx, store, id string) (webhook.Endpoint, error) {
	e, ok, err := tx.LockEndpoint(ctx, store, id)
	if err == nil && !ok {
		err = ErrEndpointNotFound
	}
	return e, err
}

// RotateSecret gives an endpoint another signing secret. The one that it had signs too during the overlap, so that a
// receiver can be changed meanwhile; zero ends it at once. Faults: not_found, invalid.
func (s *Service) RotateSecret(ctx context.Context, o Origin, store, id string, overlap time.Duration) (*NewEndpoint, error) {
	if overlap < 0 || overlap > webhook.MaxOverlap {
		return nil, fault.New(fault.Invalid, "The secret cannot be changed like that.").
			At("#/overlap_hours", fmt.Sprintf("must be 0 to %d", int(webhook.MaxOverlap.Hours())))
	}
	secret := webhook.NewSecret()
	sealed, err := s.sealer.Seal([]byte(secret), []byte(id))
	if err != nil {
		return nil, fmt.Errorf("seal a webhook secret: %w", err)
	}
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*NewEndpoint, error) {
		was, err := lockedEndpoint(ctx, tx, store, id)
		if err != nil {
			return nil, err
		}
		now := was.Rotate(sealed, overlap, tx.Now())
		if err := tx.UpdateEndpoint(ctx, now); err != nil {
			return nil, err
		}
		type view struct {
			Until *time.Time `json:"old_secret_until"`
		}
		after := view{}
		if now.OldSecret != nil {
			after.Until = &now.OldSecretUntil
		}
		return &NewEndpoint{now, secret}, audit(ctx, tx, o, store, "webhook.secret_rotated", id, nil, after)
	})
}

// DeleteEndpoint removes an endpoint and what it was sent. Faults: not_found.
func (s *Service) DeleteEndpoint(ctx context.Context, o Origin, store, id string) (*Done, error) {
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*Done, error) {
		was, err := lockedEndpoint(ctx, tx, store, id)
		if err != nil {
			return nil, err
		}
		if err := tx.DeleteEndpoint(ctx, store, id); err != nil {
			return nil, err
		}
		return &Done{}, audit(ctx, tx, o, store, "webhook.deleted", id, viewOf(was), nil)
	})
}

package console

import (
	"context"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

// Faults about webhooks.
var (
	ErrEndpointNotFound = fault.New(fault.NotFound, "There is no such webhook endpoint in this store.")
	ErrDeliveryNotFound = fault.New(fault.NotFound, "There is no such delivery in this store.")
	errDeliveryWaits    = fault.New(fault.Conflict, "This delivery still waits for its next try. Only one that is over can be sent again.")
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
	Deliveries(ctx context.Context, store, endpoint, before string, limit int) ([]outbox.Delivery, error)
	Delivery(ctx context.Context, store, id string) (outbox.Delivery, bool, error)
	// Redeliver makes a delivery that is over wait again, under the endpoint's lock.
	Redeliver(ctx context.Context, d outbox.Delivery) (outbox.Delivery, error)
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
	e.ID, e.State = id.New("whk"), webhook.Enabled
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

// UpdateEndpoint changes an endpoint's URL, description, events and state. Faults: invalid, webhook_target_refused,
// not_found.
func (s *Service) UpdateEndpoint(ctx context.Context, o Origin, e webhook.Endpoint) (*webhook.Endpoint, error) {
	if err := e.Check(s.targets); err != nil {
		return nil, err
	}
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*webhook.Endpoint, error) {
		was, ok, err := tx.LockEndpoint(ctx, e.Store, e.ID)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, ErrEndpointNotFound
		}
		now := was
		now.URL, now.Description, now.Events, now.State, now.UpdatedAt = e.URL, e.Description, e.Events, e.State, tx.Now()
		if now.State == webhook.Enabled && was.State != webhook.Enabled {
			now.Failures = 0
		}
		if err := tx.UpdateEndpoint(ctx, now); err != nil {
			return nil, err
		}
		return &now, audit(ctx, tx, o, e.Store, "webhook.updated", e.ID, viewOf(was), viewOf(now))
	})
}

// DeleteEndpoint removes an endpoint and what it was sent. Faults: not_found.
func (s *Service) DeleteEndpoint(ctx context.Context, o Origin, store, id string) (*Done, error) {
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*Done, error) {
		was, ok, err := tx.LockEndpoint(ctx, store, id)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, ErrEndpointNotFound
		}
		if err := tx.DeleteEndpoint(ctx, store, id); err != nil {
			return nil, err
		}
		return &Done{}, audit(ctx, tx, o, store, "webhook.deleted", id, viewOf(was), nil)
	})
}

// Deliveries returns what was sent to an endpoint, newest first, before a cursor id. Faults: not_found.
func (s *Service) Deliveries(ctx context.Context, store, endpoint, before string, limit int) ([]outbox.Delivery, error) {
	if _, err := s.Endpoint(ctx, store, endpoint); err != nil {
		return nil, err
	}
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) ([]outbox.Delivery, error) {
		return tx.Deliveries(ctx, store, endpoint, before, limit)
	})
}

// Replay sends a delivery that is over once more. Faults: not_found, conflict while it waits.
func (s *Service) Replay(ctx context.Context, o Origin, store, id string) (*outbox.Delivery, error) {
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*outbox.Delivery, error) {
		d, ok, err := tx.Delivery(ctx, store, id)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, ErrDeliveryNotFound
		}
		// The endpoint's lock comes first; under it the delivery is read again.
		if _, ok, err = tx.LockEndpoint(ctx, store, d.Endpoint); err != nil || !ok {
			if err == nil {
				err = ErrDeliveryNotFound
			}
			return nil, err
		}
		if d, ok, err = tx.Delivery(ctx, store, id); err != nil || !ok {
			if err == nil {
				err = ErrDeliveryNotFound
			}
			return nil, err
		}
		if d.State == outbox.Waiting {
			return nil, errDeliveryWaits
		}
		if d, err = tx.Redeliver(ctx, d); err != nil {
			return nil, err
		}
		return &d, audit(ctx, tx, o, store, "webhook_delivery.replayed", id, nil, nil)
	})
}

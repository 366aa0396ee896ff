package console

import (
	"context"
	"encoding/json"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

// Faults about deliveries.
var (
	ErrDeliveryNotFound = fault.New(fault.NotFound, "There is no such delivery in this store.")
	errDeliveryWaits    = fault.New(fault.Conflict, "This delivery still waits for its next try. Only one that is over can be sent again.")
	errEndpointDisabled = fault.New(fault.Conflict, "The endpoint is disabled. Enable it, then send the test.")
)

// DeliveryFilter narrows a list of deliveries; an empty field narrows nothing.
type DeliveryFilter struct {
	State     outbox.State
	EventType string
}

// What says which messages are sent again.
type What string

// What can be sent again.
const (
	// ReplayFailed is what was given up.
	ReplayFailed What = "failed"
	// ReplayMissing is what happened while the endpoint was disabled or not there, and what it did not want then.
	ReplayMissing What = "missing"
	// ReplayAll is both, and what arrived.
	ReplayAll What = "all"
)

// Replay says what is sent again: one delivery, or those of a range of time.
type Replay struct {
	// Delivery is an id; the range and What do not count then.
	Delivery string
	What     What
	// Since is included, Until is not.
	Since, Until time.Time
	// Limit is the most that is taken at once; the oldest events come first.
	Limit int
}

// Replayed is what a replay did.
type Replayed struct {
	Count int
	// More says that the limit was reached: ask again for the rest.
	More bool
}

// Bounds of a replay.
const (
	// MaxReplay is the most messages that one call sends again.
	MaxReplay = 1000
	// ReplayBack is how far back a replay may reach: that long deliveries and events are kept.
	ReplayBack = 30 * 24 * time.Hour
)

// Deliveries returns what was sent to an endpoint, newest first, before a cursor id. Faults: not_found.
func (s *Service) Deliveries(ctx context.Context, store, endpoint string, f DeliveryFilter, before string, limit int) ([]outbox.Delivery, error) {
	if _, err := s.Endpoint(ctx, store, endpoint); err != nil {
		return nil, err
	}
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) ([]outbox.Delivery, error) {
		return tx.Deliveries(ctx, store, endpoint, f, before, limit)
	})
}

// DeliveryDetail is a delivery with its tries, newest first.
type DeliveryDetail struct {
	outbox.Delivery
	Tries []outbox.Attempt
}

// Delivery returns one with its tries. Faults: not_found.
func (s *Service) Delivery(ctx context.Context, store, id string) (DeliveryDetail, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) (DeliveryDetail, error) {
		d, ok, err := tx.Delivery(ctx, store, id)
		if err != nil {
			return DeliveryDetail{}, err
		}
		if !ok {
			return DeliveryDetail{}, ErrDeliveryNotFound
		}
		tries, err := tx.Attempts(ctx, store, id)
		return DeliveryDetail{d, tries}, err
	})
}

// Replay sends a delivery that is over once more, with the same webhook-id. Faults: not_found, conflict while it waits.
func (s *Service) Replay(ctx context.Context, o Origin, store, id string) (*outbox.Delivery, error) {
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*outbox.Delivery, error) {
		d, ok, err := tx.Delivery(ctx, store, id)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, ErrDeliveryNotFound
		}
		// The endpoint's lock comes first; under it the delivery is over, or it is not.
		e, ok, err := tx.LockEndpoint(ctx, store, d.Endpoint)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, ErrDeliveryNotFound
		}
		n, err := tx.Redeliver(ctx, e, Replay{Delivery: id, What: ReplayAll, Limit: 1})
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, errDeliveryWaits
		}
		if d, _, err = tx.Delivery(ctx, store, id); err != nil {
			return nil, err
		}
		return &d, audit(ctx, tx, o, store, "webhook_delivery.replayed", id, nil, nil)
	})
}

// ReplayRange sends what an endpoint was to get in a range of time once more, at most MaxReplay messages at once, oldest
// first. A zero Until is now. Faults: not_found, invalid.
func (s *Service) ReplayRange(ctx context.Context, o Origin, store, endpoint string, r Replay) (*Replayed, error) {
	r.Delivery, r.Limit = "", MaxReplay
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*Replayed, error) {
		r := r
		if r.Until.IsZero() {
			r.Until = tx.Now()
		}
		if err := r.check(tx.Now()); err != nil {
			return nil, err
		}
		e, err := lockedEndpoint(ctx, tx, store, endpoint)
		if err != nil {
			return nil, err
		}
		done := &Replayed{}
		for _, step := range r.steps(tx) {
			n, err := step(ctx, e, r)
			if err != nil {
				return nil, err
			}
			done.Count += n
			done.More = done.More || n == r.Limit
		}
		view := map[string]any{"what": r.What, "since": r.Since, "until": r.Until, "count": done.Count}
		return done, audit(ctx, tx, o, store, "webhook.replayed", endpoint, nil, view)
	})
}

// steps are what a replay does.
func (r Replay) steps(tx Tx) []func(context.Context, webhook.Endpoint, Replay) (int, error) {
	switch r.What {
	case ReplayFailed:
		return []func(context.Context, webhook.Endpoint, Replay) (int, error){tx.Redeliver}
	case ReplayMissing:
		return []func(context.Context, webhook.Endpoint, Replay) (int, error){tx.DeliverMissing}
	}
	return []func(context.Context, webhook.Endpoint, Replay) (int, error){tx.Redeliver, tx.DeliverMissing}
}

func (r Replay) check(now time.Time) error {
	bad := fault.New(fault.Invalid, "These messages cannot be sent again. See errors for the parts to change.")
	switch {
	case r.What != ReplayFailed && r.What != ReplayMissing && r.What != ReplayAll:
		return bad.At("#/what", "must be failed, missing or all")
	case r.Since.Before(now.Add(-ReplayBack)):
		return bad.At("#/since", "must be within the last 30 days: older messages are not kept")
	case !r.Since.Before(r.Until):
		return bad.At("#/until", "must be after since")
	}
	return nil
}

// SendTest sends an endpoint a message that means nothing, whatever events it wants. Faults: not_found, conflict when
// the endpoint is disabled.
func (s *Service) SendTest(ctx context.Context, o Origin, store, endpoint string) (*outbox.Delivery, error) {
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*outbox.Delivery, error) {
		e, err := lockedEndpoint(ctx, tx, store, endpoint)
		if err != nil {
			return nil, err
		}
		if e.State != webhook.Enabled {
			return nil, errEndpointDisabled
		}
		payload, err := json.Marshal(map[string]any{"webhook_id": e.ID, "test": true})
		if err != nil {
			return nil, err
		}
		d, err := tx.Deliver(ctx, e, outbox.Event{Store: store, Type: webhook.TestEvent, Payload: payload})
		if err != nil {
			return nil, err
		}
		return &d, audit(ctx, tx, o, store, "webhook.tested", endpoint, nil, nil)
	})
}

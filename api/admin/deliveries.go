package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/outbox"
)

// AdminDelivery is what every view of a delivery shows.
type AdminDelivery struct {
	ID         string    `json:"id" doc:"The delivery's id." example:"dlv_01920000-0000-7000-8000-000000000001"`
	EventID    string    `json:"event_id" doc:"The event: webhook-id of the message." example:"evt_01920000-0000-7000-8000-000000000001"`
	EventType  string    `json:"event_type" doc:"Type of the event." example:"redemption.created"`
	State      string    `json:"state" enum:"waiting,delivered,failed" doc:"Where it stands." example:"delivered"`
	Attempts   int       `json:"attempts" doc:"Tries so far." example:"1"`
	LastStatus int       `json:"last_status" doc:"HTTP status of the last answer; 0 without one." example:"200"`
	LastError  string    `json:"last_error" doc:"Why the last try failed; empty when it did not." example:"no answer in time"`
	NextAt     time.Time `json:"next_at" doc:"When it is tried next. A date far away: after the one before it, or when the endpoint is enabled."`
	CreatedAt  time.Time `json:"created_at" doc:"When the event was passed on."`
}

func deliveryOf(d outbox.Delivery) AdminDelivery {
	return AdminDelivery{ID: d.ID, EventID: d.EventID, EventType: d.EventType, State: string(d.State), Attempts: d.Attempts,
		LastStatus: d.LastStatus, LastError: d.LastError, NextAt: d.NextAt, CreatedAt: d.CreatedAt}
}

type adminAttempt struct {
	ID        string    `json:"id" doc:"The try's id." example:"try_01920000-0000-7000-8000-000000000001"`
	Status    int       `json:"status" doc:"HTTP status of the answer; 0 without one." example:"503"`
	Error     string    `json:"error" doc:"Why it failed; empty when it did not." example:"the endpoint answered 503"`
	TookMs    int64     `json:"took_ms" doc:"How long the endpoint took, in milliseconds." example:"41"`
	CreatedAt time.Time `json:"created_at" doc:"When it ended."`
}

type adminDeliveryDetail struct {
	AdminDelivery
	WebhookID string         `json:"webhook_id" doc:"The endpoint." example:"whk_01920000-0000-7000-8000-000000000001"`
	Payload   map[string]any `json:"payload" doc:"The body of the message."`
	Tries     []adminAttempt `json:"tries" doc:"The last 64 tries, newest first. What endpoints answer in a body is not kept."`
}

func detailOf(d console.DeliveryDetail) (adminDeliveryDetail, error) {
	out := adminDeliveryDetail{AdminDelivery: deliveryOf(d.Delivery), WebhookID: d.Endpoint, Tries: []adminAttempt{}}
	if err := json.Unmarshal(d.Body, &out.Payload); err != nil {
		return out, fmt.Errorf("read the body of delivery %s: %w", d.ID, err)
	}
	for _, t := range d.Tries {
		out.Tries = append(out.Tries, adminAttempt{ID: t.ID, Status: t.Status, Error: t.Error, TookMs: t.Took.Milliseconds(), CreatedAt: t.At})
	}
	return out, nil
}

type deliveriesInput struct {
	ItemPath
	Paging
	State     string `query:"state" enum:"waiting,delivered,failed" doc:"Only those in a state."`
	EventType string `query:"event_type" maxLength:"100" doc:"Only those of a type of event."`
}

type replayInput struct {
	ItemPath
	Body struct {
		What  string     `json:"what" enum:"failed,missing,all" doc:"failed: what was given up; missing: what the endpoint wants now and never got, because it was disabled, not there yet, or wanted less; all: both, and what arrived." example:"failed"`
		Since time.Time  `json:"since" doc:"From when on, at most 30 days back." example:"2026-01-15T00:00:00Z"`
		Until *time.Time `json:"until,omitempty" doc:"Before when; now when left out."`
	}
}

type adminReplayed struct {
	Replayed int  `json:"replayed" doc:"How many messages are sent again." example:"17"`
	More     bool `json:"more" doc:"There are more than 1,000: ask again for failed and missing ones, narrow the range for all." example:"false"`
}

func (o *admin) registerDeliveries() {
	const one = "/v1/admin/stores/{store_id}/webhook-deliveries/{id}"
	add(o, api.Operation{
		ID: "admin-list-deliveries", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}/webhooks/{id}/deliveries", Summary: "List deliveries",
		Description: "What was sent to an endpoint, newest first.",
	}, func(ctx context.Context, in *deliveriesInput) (*api.Reply[listed[AdminDelivery]], error) {
		if err := api.CheckCursor(in.Cursor, "dlv"); err != nil {
			return nil, err
		}
		f := console.DeliveryFilter{State: outbox.State(in.State), EventType: in.EventType}
		rows, err := o.Console.Deliveries(ctx, storeID(ctx), in.ID, f, in.Cursor, in.more())
		if err != nil {
			return nil, err
		}
		return api.OK(paged(in.Paging, rows, deliveryOf, func(d outbox.Delivery) string { return d.ID }))
	})
	add(o, api.Operation{
		ID: "admin-get-delivery", Method: http.MethodGet, Path: one, Summary: "Read a delivery",
		Description: "A delivery with the body that is sent and each try.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminDeliveryDetail], error) {
		d, err := o.Console.Delivery(ctx, storeID(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		detail, err := detailOf(d)
		if err != nil {
			return nil, err
		}
		return api.OK(detail)
	})
	add(o, api.Operation{
		ID: "admin-replay-delivery", Method: http.MethodPost, Path: one + "/replay", Mutation: true,
		Summary: "Send a delivery again", Description: "Sends one that is over once more, with the same webhook-id.", Refusals: []fault.Code{fault.Conflict},
	}, func(ctx context.Context, in *struct {
		ItemPath
		Body struct{}
	}) (*api.Reply[AdminDelivery], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*outbox.Delivery, error) {
			return o.Console.Replay(ctx, origin(ctx), storeID(ctx), in.ID)
		},
			func(d *outbox.Delivery) (int, AdminDelivery) { return http.StatusOK, deliveryOf(*d) })
	})
	add(o, api.Operation{
		ID: "admin-replay-webhook", Method: http.MethodPost, Path: "/v1/admin/stores/{store_id}/webhooks/{id}/replay", Mutation: true,
		Summary: "Send messages of a range of time again",
		Description: "Sends what an endpoint was to get since a moment once more, oldest first, those of one customer in order, each with its webhook-id: " +
			"a receiver that notes the ids of what it has handled does nothing twice.",
	}, o.replayWebhook)
}

func (o *admin) replayWebhook(ctx context.Context, in *replayInput) (*api.Reply[adminReplayed], error) {
	r := console.Replay{What: console.What(in.Body.What), Since: in.Body.Since}
	if in.Body.Until != nil {
		r.Until = *in.Body.Until
	}
	return api.Mutate(ctx, func(ctx context.Context) (*console.Replayed, error) {
		return o.Console.ReplayRange(ctx, origin(ctx), storeID(ctx), in.ID, r)
	}, func(d *console.Replayed) (int, adminReplayed) {
		return http.StatusOK, adminReplayed{Replayed: d.Count, More: d.More}
	})
}

package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/outbox"
)

type adminDelivery struct {
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

func deliveryOf(d outbox.Delivery) adminDelivery {
	return adminDelivery{ID: d.ID, EventID: d.EventID, EventType: d.EventType, State: string(d.State), Attempts: d.Attempts,
		LastStatus: d.LastStatus, LastError: d.LastError, NextAt: d.NextAt, CreatedAt: d.CreatedAt}
}

func (o *admin) registerDeliveries() {
	add(o, api.Operation{
		ID: "admin-list-deliveries", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}/webhooks/{id}/deliveries", Summary: "List deliveries",
		Description: "What was sent to an endpoint, newest first.",
	}, func(ctx context.Context, in *struct {
		ItemPath
		Paging
	}) (*api.Reply[listed[adminDelivery]], error) {
		rows, err := o.Console.Deliveries(ctx, storeID(ctx), in.ID, in.Cursor, in.more())
		if err != nil {
			return nil, err
		}
		return api.OK(paged(in.Paging, rows, deliveryOf, func(d outbox.Delivery) string { return d.ID }))
	})
	add(o, api.Operation{
		ID: "admin-replay-delivery", Method: http.MethodPost, Path: "/v1/admin/stores/{store_id}/webhook-deliveries/{id}/replay", Mutation: true,
		Summary: "Send a delivery again", Description: "Sends one that is over once more, with the same webhook-id.", Refusals: []fault.Code{fault.Conflict},
	}, func(ctx context.Context, in *struct {
		ItemPath
		Body struct{}
	}) (*api.Reply[adminDelivery], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*outbox.Delivery, error) {
			return o.Console.Replay(ctx, origin(ctx), storeID(ctx), in.ID)
		},
			func(d *outbox.Delivery) (int, adminDelivery) { return http.StatusOK, deliveryOf(*d) })
	})
}

package checkout

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	core "github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/fault"
)

type recordOrderInput struct {
	Body recordOrderBody
}

type recordOrderBody struct {
	OrderID  string     `json:"order_id" minLength:"1" maxLength:"255" doc:"The store's own id of the order. It belongs to one order for ever." example:"o-9"`
	Customer string     `json:"customer,omitempty" maxLength:"255" doc:"Who ordered. A guest earns no points." example:"c-1"`
	Cart     cartBody   `json:"cart" doc:"What was bought."`
	PlacedAt *time.Time `json:"placed_at,omitempty" doc:"When it was ordered; now when left out." example:"2026-11-20T09:00:00Z"`
}

type orderView struct {
	ID      string `json:"id" doc:"The order, here." example:"ord_01920000-0000-7000-8000-000000000007"`
	OrderID string `json:"order_id" doc:"The store's own id of it." example:"o-9"`
	Points  int64  `json:"points" doc:"The points credited." example:"40"`
}

func recordOrder(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "record-order", Method: http.MethodPost, Path: "/v1/orders", Tag: "Checkout", Status: http.StatusCreated,
		Summary:     "Tell of an order without an offer",
		Description: "So that it earns points. The same order again gets the first answer.",
		Allow:       api.Allow(api.Secret), Scope: "orders:write", Mutation: true,
		Refusals: []fault.Code{fault.OrderConflict},
	}, func(ctx context.Context, in *recordOrderInput) (*api.Reply[orderView], error) {
		o := core.RecordOrder{OrderID: in.Body.OrderID, Customer: in.Body.Customer, Cart: in.Body.Cart.cart()}
		if in.Body.PlacedAt != nil {
			o.PlacedAt = in.Body.PlacedAt.UTC()
		}
		return api.Mutate(ctx,
			func(ctx context.Context) (core.Order, error) {
				return d.Checkout.RecordOrder(ctx, api.CallerFrom(ctx).Store, o)
			},
			func(o core.Order) (int, orderView) {
				return http.StatusCreated, orderView{ID: o.ID, OrderID: o.OrderID, Points: o.Points}
			})
	})
}

type refundOrderInput struct {
	OrderID string `path:"order_id" maxLength:"255" doc:"The store's own id of the order." example:"o-9"`
	Body    refundOrderBody
}

type refundOrderBody struct {
	RefundRef string           `json:"refund_ref" minLength:"1" maxLength:"100" doc:"The store's own id of the refund. It belongs to one refund of the order for ever." example:"r-2"`
	Lines     []refundLineBody `json:"lines,omitempty" minItems:"1" maxItems:"500" doc:"What came back. Left out: all that is left."`
}

func refundOrder(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "refund-order", Method: http.MethodPost, Path: "/v1/orders/{order_id}/refunds", Tag: "Checkout", Status: http.StatusCreated,
		Summary:     "Refund lines of an order",
		Description: "Takes the points of what came back. Of an order that used offers, it also reverses their discount; the uses do not come back this way.",
		Allow:       api.Allow(api.Secret), Scope: "orders:write", Mutation: true,
		Refusals: []fault.Code{fault.RefundConflict, fault.RefundExceedsOrder},
	}, func(ctx context.Context, in *refundOrderInput) (*api.Reply[refundView], error) {
		return api.Mutate(ctx,
			func(ctx context.Context) (core.Refund, error) {
				return d.Checkout.RefundOrder(ctx, api.CallerFrom(ctx).Store, in.OrderID, in.Body.RefundRef, refundLines(in.Body.Lines))
			},
			func(r core.Refund) (int, refundView) { return http.StatusCreated, refundOf(r) })
	})
}

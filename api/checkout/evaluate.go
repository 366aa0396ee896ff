package checkout

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
)

type evaluateInput struct {
	Body evaluateBody
}

type evaluateBody struct {
	PurchaseFields
	Cart  cartBody `json:"cart" doc:"What the shopper is about to buy."`
	Trace bool     `json:"trace,omitempty" doc:"Whether to tell every condition of every offer, what it saw and what it said. For those who run the shop, not for shoppers." example:"false"`
}

type evaluationView struct {
	EvaluationID string          `json:"evaluation_id" doc:"Holds this price until expires_at: send it to reserve." example:"evl_3q2-7wAAAA"`
	ExpiresAt    time.Time       `json:"expires_at" doc:"Until when the price is kept." example:"2026-11-21T10:15:00Z"`
	Applied      []appliedView   `json:"applied" doc:"The offers that apply, in the order in which they were applied."`
	Rejected     []rejectedView  `json:"rejected" doc:"The offers that do not, and why."`
	Points       int64           `json:"points" doc:"The points that the purchase earns." example:"40"`
	Totals       totalsView      `json:"totals" doc:"The sums."`
	Trace        []api.TraceView `json:"trace,omitempty" doc:"How every offer was judged, when that was asked for."`
}

func evaluate(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "evaluate", Method: http.MethodPost, Path: "/v1/evaluations", Tag: "Checkout",
		Summary:     "Price a cart",
		Description: "Tells what offers take off a cart, and why others do not apply. Writes nothing, and may be asked as often as the cart changes.",
		Allow:       api.Allow(api.Secret), Scope: "evaluations:write", Refusals: []fault.Code{fault.TokenInvalid},
	}, func(ctx context.Context, in *evaluateInput) (*api.Reply[evaluationView], error) {
		request := in.Body.request(&in.Body.Cart, "")
		request.Trace = in.Body.Trace
		e, err := d.Checkout.Evaluate(ctx, api.CallerFrom(ctx).Store, request)
		if err != nil {
			return nil, err
		}
		return api.OK(evaluationView{EvaluationID: e.ID, ExpiresAt: e.ExpiresAt, Applied: appliedOf(e.Pinned.Applied),
			Rejected: rejectedOf(e.Rejected), Points: e.Pinned.Points, Totals: totalsOf(e.Pinned.Totals), Trace: api.TracesOf(e.Trace)})
	})
}

package checkout

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/offers"
)

type getRedemptionInput struct {
	ID string `path:"id" maxLength:"60" doc:"The redemption." example:"rdm_01920000-0000-7000-8000-000000000005"`
}

type tracedRedemptionView struct {
	RedemptionFields
	Refunded refundedView    `json:"refunded" doc:"What came back so far."`
	Trace    []api.TraceView `json:"trace" doc:"Why each offer applied: worked out again from the cart, the versions of the offers, the shopper and the time that were fixed with the price."`
}

type refundedView struct {
	Lines            []refundedLineView `json:"lines" doc:"The lines of which units came back, in the order of the cart."`
	DiscountReversed int64              `json:"discount_reversed" doc:"The discount on them, in minor units." example:"500"`
	PointsReversed   int64              `json:"points_reversed" doc:"The points taken back for them." example:"20"`
	PointsForfeited  int64              `json:"points_forfeited" doc:"The points taken back because the redemption was fraud." example:"0"`
	UseRestored      bool               `json:"use_restored" doc:"Whether the uses of the offers came back." example:"false"`
}

type refundedLineView struct {
	LineID   string `json:"line_id" doc:"The line." example:"l1"`
	Quantity int64  `json:"quantity" doc:"Units that came back." example:"1"`
	Left     int64  `json:"left" doc:"Units that may still come back." example:"1"`
}

func refundedOf(r offers.Redemption) refundedView {
	out := refundedView{Lines: []refundedLineView{}, DiscountReversed: r.Refunded.Discount, PointsReversed: r.Refunded.Points, PointsForfeited: r.Refunded.Forfeited, UseRestored: r.Refunded.Restored}
	for _, l := range r.Pinned.Cart.Lines {
		if n := r.Refunded.Quantities[l.LineID]; n > 0 {
			out.Lines = append(out.Lines, refundedLineView{l.LineID, n, l.Quantity - n})
		}
	}
	return out
}

func getRedemption(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "get-redemption", Method: http.MethodGet, Path: "/v1/redemptions/{id}", Tag: "Checkout",
		Summary:     "Read a redemption",
		Description: "The order as it was priced, what of it came back, and the trace of every offer that it used.",
		Allow:       api.Allow(api.Secret), Scope: "checkout:read",
	}, func(ctx context.Context, in *getRedemptionInput) (*api.Reply[tracedRedemptionView], error) {
		r, err := d.Checkout.Redemption(ctx, api.CallerFrom(ctx).Store, in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(tracedRedemptionView{RedemptionFields: redemptionFields(r.Redemption), Refunded: refundedOf(r.Redemption), Trace: api.TracesOf(r.Trace)})
	})
}

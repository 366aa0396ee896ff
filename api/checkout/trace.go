package checkout

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/offers"
)

type traceView struct {
	OfferID      string          `json:"offer_id,omitempty" doc:"The offer, when the token or code belongs to one." example:"off_01920000-0000-7000-8000-000000000002"`
	OfferVersion int64           `json:"offer_version,omitempty" doc:"The version that was judged." example:"3"`
	Applied      bool            `json:"applied" doc:"Whether it applied." example:"true"`
	Reason       string          `json:"reason,omitempty" doc:"Why not." example:"minimum_not_met"`
	Conditions   []conditionView `json:"conditions" doc:"Every condition, in the order of judging. The first that does not hold decides."`
}

type conditionView struct {
	Condition string         `json:"condition" doc:"What was looked at." example:"minimum_order"`
	Saw       string         `json:"saw" doc:"What was there. Amounts are minor units." example:"5000"`
	Wants     string         `json:"wants" doc:"What the offer wants." example:"at least 4000"`
	Holds     bool           `json:"holds" doc:"Whether that is enough." example:"true"`
	Rule      []rulePartView `json:"rule,omitempty" doc:"The parts of a rule, between its outermost &&."`
}

type rulePartView struct {
	Condition string         `json:"condition" doc:"The part." example:"cart.subtotal >= 5000"`
	Saw       []ruleSeenView `json:"saw" doc:"What it was decided on."`
	Holds     bool           `json:"holds" doc:"How it came out." example:"true"`
	Reason    string         `json:"reason,omitempty" doc:"Why it could not be decided; then it does not hold."`
}

type ruleSeenView struct {
	Name  string `json:"name" doc:"What the part names." example:"cart.subtotal"`
	Value string `json:"value" doc:"Its value." example:"5000"`
}

func tracesOf(traces []offers.Trace) []traceView {
	out := make([]traceView, len(traces))
	for i, t := range traces {
		out[i] = traceView{OfferID: t.OfferID, OfferVersion: t.OfferVersion, Applied: t.Applied, Reason: t.Reason, Conditions: make([]conditionView, len(t.Findings))}
		for j, f := range t.Findings {
			out[i].Conditions[j] = conditionOf(f)
		}
	}
	return out
}

func conditionOf(f offers.Finding) conditionView {
	out := conditionView{Condition: f.Condition, Saw: f.Saw, Wants: f.Wants, Holds: f.Holds}
	for _, part := range f.Rule {
		seen := make([]ruleSeenView, len(part.Saw))
		for i, s := range part.Saw {
			seen[i] = ruleSeenView(s)
		}
		out.Rule = append(out.Rule, rulePartView{Condition: part.Condition, Saw: seen, Holds: part.Holds, Reason: part.Reason})
	}
	return out
}

type getRedemptionInput struct {
	ID string `path:"id" maxLength:"60" doc:"The redemption." example:"rdm_01920000-0000-7000-8000-000000000005"`
}

type tracedRedemptionView struct {
	RedemptionFields
	Refunded refundedView `json:"refunded" doc:"What came back so far."`
	Trace    []traceView  `json:"trace" doc:"Why each offer applied: worked out again from the cart, the versions of the offers, the shopper and the time that were fixed with the price."`
}

type refundedView struct {
	Lines            []refundedLineView `json:"lines" doc:"The lines of which units came back, in the order of the cart."`
	DiscountReversed int64              `json:"discount_reversed" doc:"The discount on them, in minor units." example:"500"`
	PointsReversed   int64              `json:"points_reversed" doc:"The points taken back for them." example:"20"`
	UseRestored      bool               `json:"use_restored" doc:"Whether the uses of the offers came back." example:"false"`
}

type refundedLineView struct {
	LineID   string `json:"line_id" doc:"The line." example:"l1"`
	Quantity int64  `json:"quantity" doc:"Units that came back." example:"1"`
	Left     int64  `json:"left" doc:"Units that may still come back." example:"1"`
}

func refundedOf(r offers.Redemption) refundedView {
	out := refundedView{Lines: []refundedLineView{}, DiscountReversed: r.Refunded.Discount, PointsReversed: r.Refunded.Points, UseRestored: r.Refunded.Restored}
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
		return api.OK(tracedRedemptionView{RedemptionFields: redemptionFields(r.Redemption), Refunded: refundedOf(r.Redemption), Trace: tracesOf(r.Trace)})
	})
}

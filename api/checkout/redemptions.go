package checkout

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	core "github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

type redeemInput struct {
	Body redeemBody
}

type redeemBody struct {
	PurchaseFields
	Cart     cartBody `json:"cart" doc:"What was bought."`
	OrderID  string   `json:"order_id" minLength:"1" maxLength:"255" doc:"The store's own id of the order. It belongs to one order for ever." example:"o-1"`
	OrderRef string   `json:"order_ref,omitempty" maxLength:"255" doc:"The store's own name of the attempt to pay; the order_id when left out." example:"attempt-1"`
}

// RedemptionFields is what every view of a redemption shows.
type RedemptionFields struct {
	RedemptionID string        `json:"redemption_id" doc:"The redemption." example:"rdm_01920000-0000-7000-8000-000000000005"`
	State        string        `json:"state" enum:"redeemed,partially_refunded,refunded" doc:"Where it is in its life." example:"redeemed"`
	OrderID      string        `json:"order_id" doc:"The order." example:"o-1"`
	Customer     string        `json:"customer,omitempty" doc:"The customer." example:"c-1"`
	Applied      []appliedView `json:"applied" doc:"The offers used."`
	Points       int64         `json:"points" doc:"The points credited." example:"40"`
	Totals       totalsView    `json:"totals" doc:"The sums."`
	CreatedAt    time.Time     `json:"created_at" doc:"When it was redeemed." example:"2026-11-21T10:02:00Z"`
}

type redemptionView struct{ RedemptionFields }

func redemptionOf(r offers.Redemption) redemptionView { return redemptionView{redemptionFields(r)} }

func redemptionFields(r offers.Redemption) RedemptionFields {
	return RedemptionFields{RedemptionID: r.ID, State: string(r.State), OrderID: r.OrderID, Customer: r.Pinned.Customer, Applied: appliedOf(r.Pinned.Applied),
		Points: r.Pinned.Points, Totals: totalsOf(r.Pinned.Totals), CreatedAt: r.CreatedAt}
}

func redeem(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "redeem", Method: http.MethodPost, Path: "/v1/redemptions", Tag: "Checkout", Status: http.StatusCreated,
		Summary:     "Use offers in one step",
		Description: "For checkouts that do not hold: prices, spends the tokens, counts the uses and credits the points at once, all or nothing. The same order again gets the first answer.",
		Allow:       api.Allow(api.Secret), Scope: "checkout:write", Mutation: true,
		Refusals: []fault.Code{fault.TokenInvalid, fault.TokenExpired, fault.TokenSpent, fault.TokenRevoked, fault.CodeUnknown, fault.CustomerMismatch, fault.CartMismatch,
			fault.OfferNotApplicable, fault.OfferNotLive, fault.LimitReached, fault.OrderConflict},
	}, func(ctx context.Context, in *redeemInput) (*api.Reply[redemptionView], error) {
		b := in.Body
		return api.Mutate(ctx,
			func(ctx context.Context) (offers.Redemption, error) {
				return d.Checkout.Redeem(ctx, api.CallerFrom(ctx).Store, b.request(&b.Cart, ""), b.OrderID, b.OrderRef)
			},
			func(r offers.Redemption) (int, redemptionView) { return http.StatusCreated, redemptionOf(r) })
	})
}

type listRedemptionsInput struct {
	OrderID string `query:"order_id" maxLength:"255" doc:"Only the redemption of this order." example:"o-1"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most." example:"50"`
	Cursor  string `query:"cursor" maxLength:"100" doc:"The next_cursor of the page before." example:"rdm_01920000-0000-7000-8000-000000000005"`
}

type redemptionPage struct {
	Data       []redemptionView `json:"data" doc:"The redemptions, newest first."`
	NextCursor *string          `json:"next_cursor" doc:"Where the next page begins; null on the last one." example:"rdm_01920000-0000-7000-8000-000000000005"`
}

func listRedemptions(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "list-redemptions", Method: http.MethodGet, Path: "/v1/redemptions", Tag: "Checkout",
		Summary:     "Find redemptions",
		Description: "By order_id it settles an unknown outcome: after a time-out, ask whether the order was redeemed.",
		Allow:       api.Allow(api.Secret), Scope: "checkout:read",
	}, func(ctx context.Context, in *listRedemptionsInput) (*api.Reply[redemptionPage], error) {
		if err := api.CheckCursor(in.Cursor, "rdm"); err != nil {
			return nil, err
		}
		list, err := d.Checkout.Redemptions(ctx, api.CallerFrom(ctx).Store, in.OrderID, in.Cursor, in.Limit+1)
		if err != nil {
			return nil, err
		}
		page := redemptionPage{Data: []redemptionView{}}
		for i, r := range list {
			if i == in.Limit {
				page.NextCursor = &page.Data[i-1].RedemptionID
				break
			}
			page.Data = append(page.Data, redemptionOf(r))
		}
		return api.OK(page)
	})
}

type refundRedemptionInput struct {
	ID   string `path:"id" maxLength:"60" doc:"The redemption." example:"rdm_01920000-0000-7000-8000-000000000005"`
	Body refundRedemptionBody
}

type refundRedemptionBody struct {
	RefundRef  string           `json:"refund_ref" minLength:"1" maxLength:"100" doc:"The store's own id of the refund. It belongs to one refund of the order for ever." example:"r-1"`
	Lines      []refundLineBody `json:"lines,omitempty" minItems:"1" maxItems:"500" doc:"What came back. Left out: all that is left."`
	RestoreUse string           `json:"restore_use,omitempty" enum:"never,if_full,always" default:"if_full" doc:"Whether the uses of the offers come back: never, once all lines have come back, or with any refund." example:"if_full"`
}

type refundLineBody struct {
	LineID   string `json:"line_id" minLength:"1" maxLength:"100" doc:"A line of the order." example:"l1"`
	Quantity int64  `json:"quantity" minimum:"1" maximum:"1000000" doc:"Units that came back." example:"1"`
}

func refundLines(lines []refundLineBody) []offers.RefundLine {
	out := make([]offers.RefundLine, len(lines))
	for i, l := range lines {
		out[i] = offers.RefundLine{LineID: l.LineID, Quantity: l.Quantity}
	}
	return out
}

type refundView struct {
	RefundID         string `json:"refund_id" doc:"The refund." example:"rfd_01920000-0000-7000-8000-000000000006"`
	RefundRef        string `json:"refund_ref" doc:"The store's own id of it." example:"r-1"`
	DiscountReversed int64  `json:"discount_reversed" doc:"The part of the discount that belonged to what came back, in minor units: it was not paid, so it is not paid out." example:"1000"`
	PointsReversed   int64  `json:"points_reversed" doc:"The points taken back." example:"40"`
	State            string `json:"state" enum:"partially_refunded,refunded" doc:"What the order is now." example:"refunded"`
}

func refundOf(r core.Refund) refundView {
	return refundView{RefundID: r.ID, RefundRef: r.Key.Ref, DiscountReversed: r.Reversal.Discount, PointsReversed: r.Reversal.Points, State: string(r.Reversal.State)}
}

func refundRedemption(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "refund-redemption", Method: http.MethodPost, Path: "/v1/redemptions/{id}/refunds", Tag: "Checkout", Status: http.StatusCreated,
		Summary: "Refund lines of a redemption",
		Description: "Reckons from the shares that were fixed when the order was redeemed, never anew: refunds in any order and any parts sum to exactly what was given. " +
			"The same refund_ref again gets the first answer.",
		Allow: api.Allow(api.Secret), Scope: "checkout:write", Mutation: true,
		Refusals: []fault.Code{fault.RefundConflict, fault.RefundExceedsOrder},
	}, func(ctx context.Context, in *refundRedemptionInput) (*api.Reply[refundView], error) {
		b := in.Body
		return api.Mutate(ctx,
			func(ctx context.Context) (core.Refund, error) {
				return d.Checkout.RefundRedemption(ctx, api.CallerFrom(ctx).Store, in.ID, b.RefundRef, refundLines(b.Lines), offers.RestoreUse(b.RestoreUse))
			},
			func(r core.Refund) (int, refundView) { return http.StatusCreated, refundOf(r) })
	})
}

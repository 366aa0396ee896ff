package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/offers"
)

type adminAllocation struct {
	LineID string `json:"line_id,omitempty" doc:"The line that it lowers." example:"l1"`
	Target string `json:"target,omitempty" doc:"shipping, for a share of shipping." example:"shipping"`
	Amount int64  `json:"amount" doc:"Minor units." example:"1000"`
}

type adminApplied struct {
	OfferID      string            `json:"offer_id" doc:"The offer." example:"off_01920000-0000-7000-8000-000000000001"`
	OfferVersion int64             `json:"offer_version" doc:"In this version." example:"3"`
	Amount       int64             `json:"amount" doc:"Discount in minor units." example:"1000"`
	Method       string            `json:"method" doc:"How the discount is spread." example:"across"`
	Allocations  []adminAllocation `json:"allocations" doc:"Each line's share."`
}

type adminTotals struct {
	Subtotal int64 `json:"subtotal" doc:"Lines before discounts, in minor units." example:"5000"`
	Discount int64 `json:"discount" doc:"Discounts." example:"1000"`
	Shipping int64 `json:"shipping" doc:"Shipping before discounts." example:"0"`
	Total    int64 `json:"total" doc:"What is paid." example:"4000"`
}

// AdminRedemptionFields is what every view of a redemption shows.
type AdminRedemptionFields struct {
	ID        string         `json:"id" doc:"The redemption's id." example:"rdm_01920000-0000-7000-8000-000000000001"`
	OrderID   string         `json:"order_id" doc:"The store's order." example:"o-1"`
	Customer  string         `json:"customer" doc:"The store's reference; empty for a guest." example:"c-1"`
	State     string         `json:"state" enum:"redeemed,partially_refunded,refunded" doc:"Where it stands." example:"redeemed"`
	Currency  string         `json:"currency" doc:"ISO 4217 code." example:"USD"`
	Applied   []adminApplied `json:"applied" doc:"The offers that were used."`
	Totals    adminTotals    `json:"totals" doc:"Sums of the order."`
	Points    int64          `json:"points" doc:"Points that it earned." example:"40"`
	CreatedAt time.Time      `json:"created_at" doc:"When it was redeemed."`
	UpdatedAt time.Time      `json:"updated_at" doc:"Last change."`
}

type adminRedemption struct{ AdminRedemptionFields }

type adminLine struct {
	LineID     string   `json:"line_id" doc:"The line." example:"l1"`
	SKU        string   `json:"sku" doc:"What was bought." example:"sku-1"`
	Quantity   int64    `json:"quantity" doc:"How many." example:"1"`
	UnitAmount int64    `json:"unit_amount" doc:"Price of one in minor units." example:"5000"`
	Categories []string `json:"categories" doc:"Its categories."`
}

type adminRefund struct {
	RefundID         string    `json:"refund_id" doc:"The refund's id." example:"rfd_01920000-0000-7000-8000-000000000001"`
	RefundRef        string    `json:"refund_ref" doc:"The store's own reference." example:"r-1"`
	DiscountReversed int64     `json:"discount_reversed" doc:"Discount taken back, in minor units." example:"1000"`
	PointsReversed   int64     `json:"points_reversed" doc:"Points taken back." example:"40"`
	CreatedAt        time.Time `json:"created_at" doc:"When."`
}

type adminRedemptionDetail struct {
	AdminRedemptionFields
	OrderRef string          `json:"order_ref" doc:"The attempt to pay." example:"attempt-1"`
	Lines    []adminLine     `json:"lines" doc:"The cart's lines."`
	Refunds  []adminRefund   `json:"refunds" doc:"What was given back, oldest first."`
	Trace    []api.TraceView `json:"trace" doc:"Why each offer applied: worked out again from the cart, the versions of the offers, the shopper and the time that were fixed with the price."`
}

func redemptionFields(r offers.Redemption) AdminRedemptionFields {
	p := r.Pinned
	out := AdminRedemptionFields{ID: r.ID, OrderID: r.OrderID, Customer: p.Customer, State: string(r.State), Currency: p.Cart.Currency, Applied: []adminApplied{},
		Totals: adminTotals(p.Totals), Points: p.Points, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt}
	for _, a := range p.Applied {
		shown := adminApplied{OfferID: a.OfferID, OfferVersion: a.OfferVersion, Amount: a.Amount, Method: a.Method, Allocations: []adminAllocation{}}
		for _, share := range a.Allocations {
			shown.Allocations = append(shown.Allocations, adminAllocation(share))
		}
		out.Applied = append(out.Applied, shown)
	}
	return out
}

func (o *admin) registerRedemptions() {
	const path = "/v1/admin/stores/{store_id}/redemptions"
	add(o, api.Operation{
		ID: "admin-list-redemptions", Method: http.MethodGet, Path: path, Summary: "List redemptions", Description: "Orders that used offers, newest first.",
	}, o.listRedemptions)
	add(o, api.Operation{
		ID: "admin-get-redemption", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read a redemption", Description: "The order as it was priced, and what was given back.",
	}, o.getRedemption)
}

func (o *admin) listRedemptions(ctx context.Context, in *struct {
	ListPath
	OrderID  string `query:"order_id" maxLength:"200" doc:"Only this order." example:"o-1"`
	Customer string `query:"customer" maxLength:"200" doc:"Only this customer's." example:"c-1"`
	OfferID  string `query:"offer_id" maxLength:"60" doc:"Only those that used this offer."`
}) (*api.Reply[listed[adminRedemption]], error) {
	if err := api.CheckCursor(in.Cursor, "rdm"); err != nil {
		return nil, err
	}
	f := console.RedemptionFilter{OrderID: in.OrderID, Customer: in.Customer, OfferID: in.OfferID}
	rows, err := o.Lists.Redemptions(ctx, storeID(ctx), f, in.Cursor, in.more())
	if err != nil {
		return nil, err
	}
	return api.OK(paged(in.Paging, rows, func(r offers.Redemption) adminRedemption { return adminRedemption{redemptionFields(r)} },
		func(r offers.Redemption) string { return r.ID }))
}

func (o *admin) getRedemption(ctx context.Context, in *ItemPath) (*api.Reply[adminRedemptionDetail], error) {
	rows, err := o.Lists.Redemptions(ctx, storeID(ctx), console.RedemptionFilter{ID: in.ID}, "", 1)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, console.ErrRedemptionNotFound
	}
	r := rows[0]
	refunds, err := o.Lists.Refunds(ctx, storeID(ctx), r.OrderID)
	if err != nil {
		return nil, err
	}
	out := adminRedemptionDetail{AdminRedemptionFields: redemptionFields(r), OrderRef: r.OrderRef, Lines: []adminLine{}, Refunds: []adminRefund{}}
	traces, err := checkout.Retrace(ctx, o.Members, r)
	if err != nil {
		return nil, err
	}
	out.Trace = api.TracesOf(traces)
	for _, l := range r.Pinned.Cart.Lines {
		out.Lines = append(out.Lines, adminLine{LineID: l.LineID, SKU: l.SKU, Quantity: l.Quantity, UnitAmount: l.UnitAmount, Categories: some(l.Categories)})
	}
	for _, f := range refunds {
		out.Refunds = append(out.Refunds, adminRefund{RefundID: f.ID, RefundRef: f.Ref, DiscountReversed: f.Reversal.Discount,
			PointsReversed: f.Reversal.Points, CreatedAt: f.CreatedAt})
	}
	return api.OK(out)
}

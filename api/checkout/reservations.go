package checkout

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

type reserveInput struct {
	Body reserveBody
}

type reserveBody struct {
	PurchaseFields
	EvaluationID string    `json:"evaluation_id,omitempty" maxLength:"500000" doc:"An evaluation whose price is to be held. Instead of it, send what an evaluation takes." example:"evl_3q2-7wAAAA"`
	Cart         *cartBody `json:"cart,omitempty" doc:"What the shopper is about to buy, when there is no evaluation."`
	OrderRef     string    `json:"order_ref" minLength:"1" maxLength:"255" doc:"The store's own name of this attempt to pay. The same one again gets its own hold; with another cart the new hold takes its place." example:"attempt-1"`
	TTLSeconds   int64     `json:"ttl_seconds,omitempty" minimum:"1" maximum:"86400" default:"900" doc:"How long to hold." example:"900"`
}

type reservationView struct {
	ReservationID string        `json:"reservation_id" doc:"The reservation." example:"rsv_01920000-0000-7000-8000-000000000004"`
	State         string        `json:"state" enum:"held,redeemed,released,expired" doc:"Where it is in its life." example:"held"`
	OrderRef      string        `json:"order_ref" doc:"The attempt to pay." example:"attempt-1"`
	ExpiresAt     time.Time     `json:"expires_at" doc:"Until when price, tokens and capacity are held." example:"2026-11-21T10:15:00Z"`
	Applied       []appliedView `json:"applied" doc:"The offers held."`
	Points        int64         `json:"points" doc:"The points that redeeming will earn." example:"40"`
	Totals        totalsView    `json:"totals" doc:"The sums held."`
}

func reservationOf(r offers.Reservation) reservationView {
	return reservationView{ReservationID: r.ID, State: string(r.State), OrderRef: r.OrderRef, ExpiresAt: r.ExpiresAt,
		Applied: appliedOf(r.Pinned.Applied), Points: r.Pinned.Points, Totals: totalsOf(r.Pinned.Totals)}
}

func reserve(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "reserve", Method: http.MethodPost, Path: "/v1/reservations", Tag: "Checkout", Status: http.StatusCreated,
		Summary: "Hold a price",
		Description: "Holds price, tokens and capacity for one attempt to pay. While the hold lives, redeeming it never fails on limits, expiry or pauses. " +
			"A token that another attempt holds moves to this one.",
		Allow: api.Allow(api.Secret), Scope: "checkout:write", Mutation: true,
		RequestExample: reserveBody{EvaluationID: "evl_3q2-7wAAAA", OrderRef: "attempt-1", TTLSeconds: 900},
		Refusals: []fault.Code{fault.TokenInvalid, fault.TokenExpired, fault.TokenSpent, fault.TokenRevoked, fault.CodeUnknown, fault.CustomerMismatch, fault.CartMismatch,
			fault.OfferNotApplicable, fault.OfferNotLive, fault.LimitReached, fault.OrderConflict, fault.EvaluationInvalid, fault.EvaluationExpired},
	}, func(ctx context.Context, in *reserveInput) (*api.Reply[reservationView], error) {
		b := in.Body
		if (b.EvaluationID == "") == (b.Cart == nil) {
			return nil, fault.New(fault.Invalid, "Send an evaluation_id, or a cart with its tokens.").At("#/evaluation_id", "send either evaluation_id or cart")
		}
		if b.EvaluationID != "" && len(b.OfferTokens)+len(b.Codes) > 0 {
			return nil, fault.New(fault.Invalid, "An evaluation holds its tokens already.").At("#/offer_tokens", "leave it out with evaluation_id")
		}
		return api.Mutate(ctx,
			func(ctx context.Context) (offers.Reservation, error) {
				return d.Checkout.Reserve(ctx, api.CallerFrom(ctx).Store, b.request(b.Cart, b.EvaluationID), b.OrderRef, time.Duration(b.TTLSeconds)*time.Second)
			},
			func(r offers.Reservation) (int, reservationView) { return http.StatusCreated, reservationOf(r) })
	})
}

type redeemReservationInput struct {
	ID   string `path:"id" maxLength:"60" doc:"The reservation." example:"rsv_01920000-0000-7000-8000-000000000004"`
	Body redeemReservationBody
}

type redeemReservationBody struct {
	OrderID string      `json:"order_id" minLength:"1" maxLength:"255" doc:"The store's own id of the order that came of it. An order_id belongs to one order for ever." example:"o-1"`
	Totals  *totalsView `json:"totals,omitempty" doc:"What was paid. When it differs from what was held: 409 totals_changed."`
}

func redeemReservation(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "redeem-reservation", Method: http.MethodPost, Path: "/v1/reservations/{id}/redeem", Tag: "Checkout",
		Summary: "Use a hold for an order",
		Description: "Once the order is paid. Spends the tokens, counts the uses and credits the points, all or nothing. A live hold never fails on limits, expiry or " +
			"pauses; one that lapsed succeeds if there is room. The same order again gets the first answer.",
		Allow: api.Allow(api.Secret), Scope: "checkout:write", Mutation: true,
		Refusals: []fault.Code{fault.TotalsChanged, fault.ReservationExpired, fault.ReservationReleased, fault.ReservationRedeemed, fault.OrderConflict},
	}, func(ctx context.Context, in *redeemReservationInput) (*api.Reply[redemptionView], error) {
		var totals *offers.Totals
		if t := in.Body.Totals; t != nil {
			totals = &offers.Totals{Subtotal: t.Subtotal, Discount: t.Discount, Shipping: t.Shipping, Total: t.Total}
		}
		return api.Mutate(ctx,
			func(ctx context.Context) (offers.Redemption, error) {
				return d.Checkout.RedeemReservation(ctx, api.CallerFrom(ctx).Store, in.ID, in.Body.OrderID, totals)
			},
			func(r offers.Redemption) (int, redemptionView) { return http.StatusOK, redemptionOf(r) })
	})
}

type releaseInput struct {
	ID   string `path:"id" maxLength:"60" doc:"The reservation." example:"rsv_01920000-0000-7000-8000-000000000004"`
	Body *releaseBody
}

type releaseBody struct{}

type releasedView struct {
	ReservationID string `json:"reservation_id" doc:"The reservation." example:"rsv_01920000-0000-7000-8000-000000000004"`
	State         string `json:"state" enum:"released,expired" doc:"What it is now." example:"released"`
}

func releaseReservation(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "release-reservation", Method: http.MethodPost, Path: "/v1/reservations/{id}/release", Tag: "Checkout",
		Summary:     "Give a hold back",
		Description: "Once the attempt to pay has failed. Tokens and capacity are free again. Releasing twice changes nothing.",
		Allow:       api.Allow(api.Secret), Scope: "checkout:write", Mutation: true,
		Refusals: []fault.Code{fault.ReservationRedeemed},
	}, func(ctx context.Context, in *releaseInput) (*api.Reply[releasedView], error) {
		return api.Mutate(ctx,
			func(ctx context.Context) (offers.Reservation, error) {
				return d.Checkout.Release(ctx, api.CallerFrom(ctx).Store, in.ID)
			},
			func(r offers.Reservation) (int, releasedView) {
				return http.StatusOK, releasedView{ReservationID: r.ID, State: string(r.State)}
			})
	})
}

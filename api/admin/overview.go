package admin

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
)

type adminAmount struct {
	Amount   int64  `json:"amount" doc:"Minor units of currency." example:"125000"`
	Currency string `json:"currency" doc:"ISO 4217 code." example:"USD"`
}

type adminGroupCount struct {
	Group string `json:"group" doc:"Group." example:"student"`
	Count int64  `json:"count" doc:"How many." example:"412"`
}

type adminReasonCount struct {
	Reason string `json:"reason" doc:"Reason code." example:"email_not_eligible"`
	Count  int64  `json:"count" doc:"How many." example:"12"`
}

type adminDay struct {
	Day      string `json:"day" format:"date" doc:"Day in the store's time zone." example:"2026-03-29"`
	Verified int64  `json:"verified" doc:"Attestations given." example:"12"`
	Redeemed int64  `json:"redeemed" doc:"Orders with an offer." example:"7"`
	Discount int64  `json:"discount" doc:"Discount given, in minor units of the store's currency." example:"7000"`
}

type adminOverview struct {
	Verified        int64              `json:"verified" doc:"Attestations given." example:"412"`
	VerifiedByGroup []adminGroupCount  `json:"verified_by_group" doc:"The same by group, most first."`
	Issued          int64              `json:"issued" doc:"Offer tokens issued." example:"380"`
	Redeemed        int64              `json:"redeemed" doc:"Orders with an offer." example:"205"`
	Refunded        int64              `json:"refunded" doc:"How many of these were given back, in whole or in part." example:"4"`
	Discount        adminAmount        `json:"discount" doc:"Discount given in the store's currency."`
	Revenue         adminAmount        `json:"revenue" doc:"What these orders came to in the store's currency."`
	Refused         []adminReasonCount `json:"refused" doc:"Verifications that ended without success, by reason, most first."`
	PointsLiability int64              `json:"points_liability" doc:"Points that members can spend, now or later." example:"81200"`
	Members         int64              `json:"members" doc:"Members with points booked." example:"310"`
	Series          []adminDay         `json:"series" doc:"Every day of the time looked at, oldest first."`
}

func (o *admin) registerOverview() {
	add(o, api.Operation{
		ID: "admin-get-overview", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}/overview", Summary: "Figures of a store",
		Description: "What happened in the last days, by the store's time zone. Orders in other currencies count, but not as money.",
	}, o.overview)
}

func (o *admin) overview(ctx context.Context, in *struct {
	StorePath
	Days int `query:"days" minimum:"1" maximum:"366" default:"30" doc:"How many days to look back, today included." example:"30"`
}) (*api.Reply[adminOverview], error) {
	s := api.CallerFrom(ctx).Store
	v, err := o.Console.Overview(ctx, console.OverviewRequest{Store: s.ID, Currency: s.Currency, Timezone: s.Timezone,
		Now: s.Now(o.Now()), Offset: s.ClockOffset, Days: in.Days})
	if err != nil {
		return nil, err
	}
	out := adminOverview{Verified: v.Verified, VerifiedByGroup: []adminGroupCount{}, Issued: v.Issued, Redeemed: v.Redeemed, Refunded: v.Refunded,
		Discount: adminAmount{v.Discount, v.Currency}, Revenue: adminAmount{v.Revenue, v.Currency}, Refused: []adminReasonCount{},
		PointsLiability: v.PointsLiability, Members: v.Members, Series: []adminDay{}}
	for _, g := range v.VerifiedByGroup {
		out.VerifiedByGroup = append(out.VerifiedByGroup, adminGroupCount{g.Name, g.Count})
	}
	for _, r := range v.Refused {
		out.Refused = append(out.Refused, adminReasonCount{r.Name, r.Count})
	}
	for _, d := range v.Series {
		out.Series = append(out.Series, adminDay{d.Day, d.Verified, d.Redeemed, d.Discount})
	}
	return api.OK(out)
}

package admin

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

// AdminBenefit is what the shopper gets.
type AdminBenefit struct {
	Type        string   `json:"type" enum:"percentage,fixed_amount,free_shipping" doc:"Kind of benefit." example:"percentage"`
	BasisPoints int64    `json:"basis_points,omitempty" minimum:"0" maximum:"10000" doc:"Percentage in hundredths of a percent; percentage only." example:"2000"`
	Amount      int64    `json:"amount,omitempty" minimum:"0" doc:"Minor units of currency; fixed_amount only." example:"500"`
	Currency    string   `json:"currency,omitempty" maxLength:"3" doc:"ISO 4217 code; fixed_amount only." example:"USD"`
	Categories  []string `json:"categories,omitempty" maxItems:"100" doc:"Only lines in one of these; empty for the whole order."`
	Maximum     int64    `json:"maximum,omitempty" minimum:"0" doc:"Bounds the discount, in minor units of the cart's currency; 0 for no bound." example:"0"`
}

// AdminLimits bound the uses of an offer.
type AdminLimits struct {
	Total       int64 `json:"total,omitempty" minimum:"0" doc:"Uses in all; 0 for no limit." example:"1000"`
	PerPerson   int64 `json:"per_person,omitempty" minimum:"0" doc:"Uses by one verified person; 0 for no limit." example:"1"`
	PerCustomer int64 `json:"per_customer,omitempty" minimum:"0" doc:"Uses by one customer; 0 for no limit." example:"1"`
}

// AdminOfferFields is what of an offer an admin sets.
type AdminOfferFields struct {
	State        string            `json:"state,omitempty" enum:"draft,live,paused,ended" doc:"Where the offer is in its life; draft when left out of a new one, unchanged when left out of a change." example:"live"`
	Name         string            `json:"name" minLength:"1" maxLength:"200" doc:"Name." example:"Student discount"`
	Description  map[string]string `json:"description,omitempty" doc:"What shoppers read, by locale."`
	Group        string            `json:"group,omitempty" maxLength:"64" doc:"Who must be verified; empty for everybody." example:"student"`
	Subgroup     string            `json:"subgroup,omitempty" maxLength:"64" doc:"A part of the group." example:"university"`
	Benefit      AdminBenefit      `json:"benefit" doc:"What the shopper gets."`
	MinimumOrder int64             `json:"minimum_order,omitempty" minimum:"0" doc:"Least subtotal, in minor units of the cart's currency." example:"0"`
	StartsAt     *time.Time        `json:"starts_at,omitempty" doc:"From when; null for at once."`
	EndsAt       *time.Time        `json:"ends_at,omitempty" doc:"Until when; null for no end."`
	Limits       AdminLimits       `json:"limits" doc:"How often. A limit counts the uses since it was set."`
	TokenSeconds int64             `json:"token_seconds" minimum:"60" maximum:"86400" doc:"How long an offer token lives." example:"600"`
	Priority     int64             `json:"priority,omitempty" doc:"Higher applies first." example:"0"`
	Exclusive    bool              `json:"exclusive,omitempty" doc:"Stands alone on an order." example:"false"`
}

func (f AdminOfferFields) offer() offers.Offer {
	b := f.Benefit
	return offers.Offer{State: offers.State(f.State), Name: f.Name, Description: f.Description, Group: f.Group, Subgroup: f.Subgroup,
		Benefit: offers.Benefit{Type: offers.BenefitType(b.Type), BasisPoints: b.BasisPoints, Amount: b.Amount, Currency: b.Currency,
			Categories: b.Categories, Maximum: b.Maximum},
		MinimumOrder: f.MinimumOrder, StartsAt: f.StartsAt, EndsAt: f.EndsAt,
		Limits:       offers.Limits{Total: f.Limits.Total, PerPerson: f.Limits.PerPerson, PerCustomer: f.Limits.PerCustomer},
		TokenSeconds: f.TokenSeconds, Priority: f.Priority, Exclusive: f.Exclusive}
}

func offerFields(o offers.Offer) AdminOfferFields {
	b := o.Benefit
	return AdminOfferFields{State: string(o.State), Name: o.Name, Description: o.Description, Group: o.Group, Subgroup: o.Subgroup,
		Benefit: AdminBenefit{Type: string(b.Type), BasisPoints: b.BasisPoints, Amount: b.Amount, Currency: b.Currency,
			Categories: b.Categories, Maximum: b.Maximum},
		MinimumOrder: o.MinimumOrder, StartsAt: o.StartsAt, EndsAt: o.EndsAt,
		Limits:       AdminLimits{Total: o.Limits.Total, PerPerson: o.Limits.PerPerson, PerCustomer: o.Limits.PerCustomer},
		TokenSeconds: o.TokenSeconds, Priority: o.Priority, Exclusive: o.Exclusive}
}

type adminOffer struct {
	ID        string    `json:"id" doc:"The offer's id." example:"off_01920000-0000-7000-8000-000000000001"`
	Version   int64     `json:"version" doc:"Counts the changes: send it with the next one." example:"3"`
	CreatedAt time.Time `json:"created_at" doc:"Birth of the offer."`
	UpdatedAt time.Time `json:"updated_at" doc:"Birth of this version."`
	AdminOfferFields
}

func offerOf(r console.OfferRecord) adminOffer {
	return adminOffer{ID: r.ID, Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, AdminOfferFields: offerFields(r.Offer)}
}

type adminOfferVersion struct {
	Version   int64            `json:"version" doc:"Number of the version." example:"3"`
	Actor     string           `json:"actor" doc:"Who made it: a person's id." example:"per_01920000-0000-7000-8000-000000000001"`
	CreatedAt time.Time        `json:"created_at" doc:"Birth of the version."`
	Offer     AdminOfferFields `json:"offer" doc:"The offer as it was. A version never changes."`
}

func offerVersionOf(r console.OfferRecord) adminOfferVersion {
	return adminOfferVersion{Version: r.Version, Actor: r.Actor, CreatedAt: r.UpdatedAt, Offer: offerFields(r.Offer)}
}

type offerInput struct {
	StorePath
	Body AdminOfferFields
}

type offerChange struct {
	ItemPath
	Body struct {
		Version int64 `json:"version" minimum:"1" doc:"The version that the change was made from." example:"3"`
		AdminOfferFields
	}
}

type offerState struct {
	ItemPath
	Body struct {
		State   string `json:"state" enum:"draft,live,paused,ended" doc:"The state to be in. An ended offer stays ended." example:"paused"`
		Version int64  `json:"version,omitempty" minimum:"1" doc:"The version that the change was made from; left out, whichever is current." example:"3"`
	}
}

func (o *admin) registerOffers() {
	const path = "/v1/admin/stores/{store_id}/offers"
	add(o, api.Operation{
		ID: "admin-list-offers", Method: http.MethodGet, Path: path, Summary: "List offers", Description: "Offers in their current versions, newest first.",
	}, o.listOffers)
	add(o, api.Operation{
		ID: "admin-create-offer", Method: http.MethodPost, Path: path, Status: http.StatusCreated, Mutation: true, Summary: "Create an offer",
		Description: "Writes the first version.", Refusals: []fault.Code{fault.GroupUnknown},
	}, func(ctx context.Context, in *offerInput) (*api.Reply[adminOffer], error) {
		if in.Body.State == "" {
			in.Body.State = string(offers.Draft)
		}
		return o.changeOffer(ctx, http.StatusCreated, func(ctx context.Context) (*console.OfferRecord, error) {
			return o.Console.CreateOffer(ctx, origin(ctx), ref(ctx), in.Body.offer())
		})
	})
	add(o, api.Operation{
		ID: "admin-get-offer", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read an offer", Description: "The current version.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminOffer], error) {
		r, err := o.Console.Offer(ctx, storeID(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(offerOf(r))
	})
	add(o, api.Operation{
		ID: "admin-update-offer", Method: http.MethodPut, Path: path + "/{id}", Mutation: true, Summary: "Change an offer",
		Description: "Writes the next version. Tokens and reservations keep the one that they were given by.",
		Refusals:    []fault.Code{fault.GroupUnknown, fault.VersionConflict, fault.Conflict},
	}, func(ctx context.Context, in *offerChange) (*api.Reply[adminOffer], error) {
		offer := in.Body.offer()
		offer.ID = in.ID
		return o.changeOffer(ctx, http.StatusOK, func(ctx context.Context) (*console.OfferRecord, error) {
			return o.Console.UpdateOffer(ctx, origin(ctx), ref(ctx), in.Body.Version, offer)
		})
	})
	add(o, api.Operation{
		ID: "admin-set-offer-state", Method: http.MethodPost, Path: path + "/{id}/state", Mutation: true, Summary: "Change an offer's state",
		Description: "Writes a version that differs in its state. Ending is for good.", Refusals: []fault.Code{fault.VersionConflict, fault.Conflict},
	}, func(ctx context.Context, in *offerState) (*api.Reply[adminOffer], error) {
		return o.changeOffer(ctx, http.StatusOK, func(ctx context.Context) (*console.OfferRecord, error) {
			return o.Console.SetOfferState(ctx, origin(ctx), storeID(ctx), in.ID, in.Body.Version, offers.State(in.Body.State))
		})
	})
	add(o, api.Operation{
		ID: "admin-list-offer-versions", Method: http.MethodGet, Path: path + "/{id}/versions", Summary: "List an offer's versions", Description: "All versions, newest first.",
	}, o.listOfferVersions)
}

func (o *admin) changeOffer(ctx context.Context, status int, work func(context.Context) (*console.OfferRecord, error)) (*api.Reply[adminOffer], error) {
	return api.Mutate(ctx, work, func(r *console.OfferRecord) (int, adminOffer) { return status, offerOf(*r) })
}

func (o *admin) listOffers(ctx context.Context, in *struct {
	ListPath
	State string `query:"state" enum:"draft,live,paused,ended" doc:"Only offers in this state." example:"live"`
}) (*api.Reply[listed[adminOffer]], error) {
	rows, err := o.Console.Offers(ctx, storeID(ctx), offers.State(in.State), in.Cursor, in.more())
	if err != nil {
		return nil, err
	}
	return api.OK(paged(in.Paging, rows, offerOf, func(r console.OfferRecord) string { return r.ID }))
}

func (o *admin) listOfferVersions(ctx context.Context, in *struct {
	ItemPath
	Paging
}) (*api.Reply[listed[adminOfferVersion]], error) {
	before, err := number(in.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := o.Console.OfferVersions(ctx, storeID(ctx), in.ID, before, in.more())
	if err != nil {
		return nil, err
	}
	return api.OK(paged(in.Paging, rows, offerVersionOf, func(r console.OfferRecord) string { return strconv.FormatInt(r.Version, 10) }))
}

// number reads a cursor that is a number; none is 0.
func number(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.Invalid, "The cursor is not one of this list.").At("#query/cursor", "must be a next_cursor")
	}
	return n, nil
}

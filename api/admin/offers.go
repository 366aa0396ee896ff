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
		Description: "Writes the first version.", RequestExample: offerExample(), Example: storedOfferExample(), Refusals: []fault.Code{fault.GroupUnknown},
	}, func(ctx context.Context, in *offerInput) (*api.Reply[adminOffer], error) {
		if in.Body.State == "" {
			in.Body.State = string(offers.Draft)
		}
		return o.changeOffer(ctx, http.StatusCreated, func(ctx context.Context) (*console.OfferRecord, error) {
			return o.Console.CreateOffer(ctx, origin(ctx), ref(ctx), in.Body.offer())
		})
	})
	add(o, api.Operation{
		ID: "admin-get-offer", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read an offer", Description: "The current version.", Example: storedOfferExample(),
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
		Refusals:    []fault.Code{fault.GroupUnknown, fault.VersionConflict, fault.Conflict}, RequestExample: offerChangeExample(), Example: storedOfferExample(),
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
	if err := api.CheckCursor(in.Cursor, "off"); err != nil {
		return nil, err
	}
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
		return 0, api.ErrCursor
	}
	return n, nil
}

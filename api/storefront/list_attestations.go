package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
)

type listAttestationsInput struct {
	Customer string `query:"customer" maxLength:"255" doc:"The store's own reference to the customer. A customer session leaves it out: it reads its own." example:"c-1"`
}

type attestationList struct {
	Data       []attestationView `json:"data" doc:"The attestations that hold, newest first."`
	NextCursor *string           `json:"next_cursor" doc:"Always null: all are listed."`
}

func listAttestations(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "list-attestations", Method: http.MethodGet, Path: "/v1/attestations", Tag: "Verifications",
		Summary: "List what a customer has proven",
		Description: "The attestations of a customer that hold now, each with when to offer to verify again. To renew one, start a verification for " +
			"its group: the same person and customer keep the attestation, and it holds longer.",
		Allow: api.Allow(api.Customer, api.Secret), Scope: "verifications:read",
	}, func(ctx context.Context, in *listAttestationsInput) (*api.Reply[attestationList], error) {
		c := api.CallerFrom(ctx)
		customer := in.Customer
		switch {
		case c.Kind == api.Customer && customer != "" && customer != c.Customer:
			return nil, fault.New(fault.Forbidden, "A customer session reads its own attestations only.")
		case c.Kind == api.Customer:
			customer = c.Customer
		case customer == "":
			return nil, fault.New(fault.Invalid, "Name the customer.").At("#query/customer", "needed with a secret key")
		}
		all, err := d.Verifications.Attestations(ctx, c.StoreRef(), customer)
		if err != nil {
			return nil, err
		}
		list, now := attestationList{Data: []attestationView{}}, c.Store.Now(d.Now())
		for _, one := range all {
			if one.Active(now) {
				list.Data = append(list.Data, attestationOf(one))
			}
		}
		return api.OK(list)
	})
}

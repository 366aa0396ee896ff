package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type confirmInput struct {
	VerificationPath
	Body confirmVerificationBody
}

type confirmVerificationBody struct {
	Customer string `json:"customer,omitempty" maxLength:"255" doc:"The store's own reference to the customer. A customer session may leave it out: it is its own." example:"c-1"`
}

func confirmVerification(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "confirm-verification", Method: http.MethodPost, Path: "/v1/verifications/{id}/confirm", Tag: "Verifications",
		Summary: "Say whose a verification is",
		Description: "Binds the verification, and its attestation, to a customer. A secret key may name any customer. A customer session " +
			"binds its own: it sends the client secret too, unless the verification is its customer's already.",
		Allow: api.Allow(api.Secret, api.Customer), Scope: "verifications:write", Mutation: true,
		Refusals: []fault.Code{fault.NotFound, fault.CustomerMismatch, fault.AttestationEnded},
	}, func(ctx context.Context, in *confirmInput) (*api.Reply[verificationView], error) {
		customer, err := confirmed(api.CallerFrom(ctx), in.Body.Customer)
		if err != nil {
			return nil, err
		}
		return d.step(ctx, in.ID, func(ctx context.Context, c api.Caller) (*verify.Result, error) {
			return d.Verifications.Confirm(ctx, c.StoreRef(), in.ID, customer)
		})
	})
}

// confirmed is the customer that the caller may name.
func confirmed(c api.Caller, named string) (string, error) {
	switch {
	case c.Kind == api.Customer && (named == "" || named == c.Customer):
		return c.Customer, nil
	case c.Kind == api.Customer:
		return "", fault.New(fault.CustomerMismatch, "The customer session speaks for another customer.").At("#/customer", "leave it out")
	case named == "":
		return "", fault.New(fault.Invalid, "Say which customer it is.").At("#/customer", "expected the store's reference to the customer")
	}
	return named, nil
}

package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

func cancelVerification(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "cancel-verification", Method: http.MethodPost, Path: "/v1/verifications/{id}/cancel", Tag: "Verifications",
		Summary: "Cancel a verification",
		Description: "Ends it at the shopper's wish, also while it waits for a decision: nobody looks at what was sent any more. Cancelling twice is " +
			"the same as once; what is over already is not cancelled.",
		Allow: callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: []fault.Code{fault.NotFound, fault.InvalidStep, fault.Conflict},
	}, func(ctx context.Context, in *VerificationPath) (*api.Reply[verificationView], error) {
		return d.step(ctx, in.ID, func(ctx context.Context, c api.Caller) (*verify.Result, error) {
			return d.Verifications.Cancel(ctx, c.StoreRef(), in.ID)
		})
	})
}

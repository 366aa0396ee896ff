package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// VerificationPath is the input of operations on one verification. It is exported because huma reads exported parts only.
type VerificationPath struct {
	ID string `path:"id" maxLength:"60" doc:"The verification's id." example:"ver_01920000-0000-7000-8000-000000000001"`
}

func getVerification(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "get-verification", Method: http.MethodGet, Path: "/v1/verifications/{id}", Tag: "Verifications",
		Summary:     "Read a verification",
		Description: "Where it stands and what to answer next. A wrong client secret answers like a verification that does not exist.",
		Allow:       callersOfOne, Scope: "verifications:read", Refusals: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *VerificationPath) (*api.Reply[verificationView], error) {
		r, err := d.readFor(ctx, api.CallerFrom(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(viewOf(r))
	})
}

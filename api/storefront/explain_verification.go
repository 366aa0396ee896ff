package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
)

func explainVerification(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "explain-verification", Method: http.MethodGet, Path: "/v1/verifications/{id}/decisions", Tag: "Verifications",
		Summary: "Explain a verification",
		Description: "How it came to where it stands: the trail of what happened, the signals, and each decision with its signed receipt. Every decision is made " +
			"again from the policy and the evidence that are stored, and the answer says whether it comes out the same. For your server only: shoppers get uniform refusals.",
		Allow: api.Allow(api.Secret), Scope: "verifications:read", Refusals: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *VerificationPath) (*api.Reply[api.ExplanationView], error) {
		found, err := d.Verifications.Explain(ctx, api.CallerFrom(ctx).StoreRef(), in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(api.ViewExplanation(found))
	})
}

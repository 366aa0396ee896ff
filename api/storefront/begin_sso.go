package storefront

import (
	"context"
	"net/http"
	"slices"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type ssoInput struct {
	VerificationPath
	Body ssoStepBody
}

type ssoStepBody struct {
	Provider  string `json:"provider" minLength:"1" maxLength:"64" doc:"Where to sign in, of GET /v1/storefront." example:"demo-university"`
	ReturnURL string `json:"return_url" minLength:"1" maxLength:"2000" doc:"The page to come back to, on an allowed origin of the store. It gets laurel_verification in its query." example:"https://shop.example/student"`
}

func beginSSO(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "answer-sso", Method: http.MethodPost, Path: "/v1/verifications/{id}/steps/sso", Tag: "Verifications",
		Summary: "Answer the sso step",
		Description: "Prepares the way to a sign-in provider. Send the browser to `redirect_url` as a full page; it comes back to " +
			"`return_url` with `laurel_verification` in the query. Then read the verification.",
		Allow: callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: stepRefusals(fault.ProviderUnknown, fault.ProviderUnavailable, fault.ReturnURLNotAllowed),
	}, func(ctx context.Context, in *ssoInput) (*api.Reply[verificationView], error) {
		return d.step(ctx, in.ID, func(ctx context.Context, c api.Caller) (*verify.Result, error) {
			return d.Verifications.BeginSSO(ctx, c.StoreRef(), in.ID, verify.SSOStart{
				Provider: in.Body.Provider, ReturnURL: in.Body.ReturnURL,
				Origins: slices.Concat(c.Store.Origins, a.OwnOrigins()),
			})
		})
	})
}

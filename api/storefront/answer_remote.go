package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type remoteInput struct {
	VerificationPath
	Body remoteStepBody
}

type remoteStepBody struct {
	Verifier string            `json:"verifier,omitempty" maxLength:"64" doc:"The id of the form, of GET /v1/storefront. May be left out when the open paths have one." example:"staff-directory"`
	Fields   map[string]string `json:"fields" doc:"What the shopper gives, by the names of the form's fields." example:"{\"employee_number\":\"E-1001\"}"`
}

func answerRemote(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "answer-remote", Method: http.MethodPost, Path: "/v1/verifications/{id}/steps/remote", Tag: "Verifications",
		Summary: "Answer the remote step",
		Description: "Asks the store's own verifier. Which fields it needs says its form in GET /v1/storefront. The decision comes at once, or later: " +
			"then the state is `pending_review` until it does. `provider_unavailable` is never a no: send the same again.",
		Allow: callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: stepRefusals(fault.NotEligible, fault.TriesExhausted, fault.RateLimited, fault.ProviderUnavailable),
	}, func(ctx context.Context, in *remoteInput) (*api.Reply[verificationView], error) {
		return d.step(ctx, in.ID, func(ctx context.Context, c api.Caller) (*verify.Result, error) {
			return d.Verifications.Answer(ctx, c.StoreRef(), in.ID, verify.Answer{Step: verify.StepRemote, Instance: in.Body.Verifier, Fields: in.Body.Fields})
		})
	})
}

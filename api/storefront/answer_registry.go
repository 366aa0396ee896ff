package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type registryInput struct {
	VerificationPath
	Body registryStepBody
}

type registryStepBody struct {
	Number    string `json:"number" minLength:"1" maxLength:"60" doc:"The shopper's number in the register: an NPI, or the one on the store's roster." example:"1234567893"`
	FirstName string `json:"first_name" minLength:"1" maxLength:"100" doc:"First name, as it stands in the register. It is compared and not kept." example:"Ada"`
	LastName  string `json:"last_name" minLength:"1" maxLength:"100" doc:"Last name, as it stands in the register. It is compared and not kept." example:"Lovelace"`
	State     string `json:"state,omitempty" maxLength:"2" doc:"Two letters of the state of practice or licence; narrows down whom the register speaks of. Rosters do not look at it." example:"CA"`
}

func answerRegistry(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "answer-registry", Method: http.MethodPost, Path: "/v1/verifications/{id}/steps/registry", Tag: "Verifications",
		Summary: "Answer the registry step",
		Description: "Asks a register whether number and name belong together. `not_eligible` is the one answer to an unknown or ended number, " +
			"another name, and another profession; five of them fail the verification. A name that is nearly right is looked at by a person (`pending_review`).",
		Allow: callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: stepRefusals(fault.NotEligible, fault.TriesExhausted, fault.RateLimited, fault.ProviderUnavailable),
	}, func(ctx context.Context, in *registryInput) (*api.Reply[verificationView], error) {
		return d.answer(ctx, in.ID, verify.StepRegistry, map[string]string{
			"number": in.Body.Number, "first_name": in.Body.FirstName, "last_name": in.Body.LastName, "state": in.Body.State,
		})
	})
}

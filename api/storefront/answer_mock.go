package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type mockInput struct {
	VerificationPath
	Body mockStepBody
}

type mockStepBody struct {
	FirstName string `json:"first_name" minLength:"1" maxLength:"40" doc:"What shall happen: VERIFIED, REJECTED, REVIEW, EMAILCODE (then the code 123456), SSO or ERROR." example:"VERIFIED"`
}

func answerMock(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "answer-mock", Method: http.MethodPost, Path: "/v1/verifications/{id}/steps/mock", Tag: "Verifications",
		Summary:     "Answer the mock step",
		Description: "In test stores only: the first name decides what happens, so that every screen can be tried.",
		Allow:       callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: stepRefusals(fault.TestStoreOnly, fault.ProviderUnavailable),
	}, func(ctx context.Context, in *mockInput) (*api.Reply[verificationView], error) {
		return d.answer(ctx, in.ID, verify.StepMock, map[string]string{"first_name": in.Body.FirstName})
	})
}

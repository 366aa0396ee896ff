package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type emailInput struct {
	VerificationPath
	Body emailStepBody
}

type emailStepBody struct {
	Email string `json:"email" minLength:"3" maxLength:"320" doc:"The shopper's address at the school, hospital or service." example:"ada@mit.edu"`
}

func answerEmail(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "answer-email", Method: http.MethodPost, Path: "/v1/verifications/{id}/steps/email", Tag: "Verifications",
		Summary: "Answer the email step",
		Description: "Sends a six-digit code to an address in an eligible domain. To send it again, answer again with the same address " +
			"after `resend_after`; before that the answer is the same and nothing is sent.",
		Allow: callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: stepRefusals(fault.EmailInvalid, fault.EmailNotEligible, fault.EmailLimit, fault.MailUnavailable),
	}, func(ctx context.Context, in *emailInput) (*api.Reply[verificationView], error) {
		return d.answer(ctx, in.ID, verify.StepEmail, map[string]string{"email": in.Body.Email})
	})
}

package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type emailCodeInput struct {
	VerificationPath
	Body emailCodeStepBody
}

type emailCodeStepBody struct {
	Code string `json:"code" minLength:"1" maxLength:"20" doc:"The code of the newest mail." example:"123456"`
}

func answerEmailCode(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "answer-email-code", Method: http.MethodPost, Path: "/v1/verifications/{id}/steps/email_code", Tag: "Verifications",
		Summary:     "Answer the email_code step",
		Description: "A wrong code counts as a try; after five the verification fails.",
		Allow:       callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: stepRefusals(fault.CodeInvalid, fault.CodeExpired, fault.TriesExhausted),
	}, func(ctx context.Context, in *emailCodeInput) (*api.Reply[verificationView], error) {
		return d.answer(ctx, in.ID, verify.StepEmailCode, map[string]string{"code": in.Body.Code})
	})
}

package storefront

import (
	"context"
	"net/http"
	"strings"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/verify"
)

type documentInput struct {
	VerificationPath
	Body documentStepBody
}

type documentStepBody struct {
	Documents    []string `json:"documents" minItems:"1" maxItems:"3" doc:"The documents to hand in: ids of uploads of this verification." example:"[\"doc_01920000-0000-7000-8000-000000000004\"]"`
	FirstName    string   `json:"first_name" minLength:"1" maxLength:"100" doc:"First name, as it stands on the document." example:"Ada"`
	LastName     string   `json:"last_name" minLength:"1" maxLength:"100" doc:"Last name, as it stands on the document." example:"Lovelace"`
	BirthDate    string   `json:"birth_date,omitempty" maxLength:"10" doc:"Date of birth, when the form asks for it." example:"2001-12-10"`
	Organisation string   `json:"organisation,omitempty" maxLength:"200" doc:"The institution, when the form asks for it; one of its list when it has one." example:"Example University"`
}

func answerDocument(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "answer-document", Method: http.MethodPost, Path: "/v1/verifications/{id}/steps/document", Tag: "Verifications",
		Summary: "Answer the document step",
		Description: "Hands documents in for a person to look at: the state is `pending_review` until that is done. Which fields are asked for says the form of the requirement " +
			"in GET /v1/storefront. A refusal has its reasons in `errors`, and the shopper may upload and hand in again; the third refusal is final.",
		Allow: callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: stepRefusals(),
	}, func(ctx context.Context, in *documentInput) (*api.Reply[verificationView], error) {
		return d.answer(ctx, in.ID, verify.StepDocument, map[string]string{
			"documents": strings.Join(in.Body.Documents, ","), "first_name": in.Body.FirstName, "last_name": in.Body.LastName,
			"birth_date": in.Body.BirthDate, "organisation": in.Body.Organisation,
		})
	})
}

package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type documentPath struct {
	VerificationPath
	Document string `path:"document" maxLength:"60" doc:"The document's id." example:"doc_01920000-0000-7000-8000-000000000004"`
}

func removeDocument(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "remove-document", Method: http.MethodDelete, Path: "/v1/verifications/{id}/documents/{document}", Tag: "Verifications",
		Summary:     "Take a document back",
		Description: "Removes a document that is not handed in yet. Its file is deleted within minutes. Removing it twice is the same as once.",
		Allow:       callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: []fault.Code{fault.NotFound, fault.InvalidStep, fault.VerificationExpired},
	}, func(ctx context.Context, in *documentPath) (*api.Reply[documentView], error) {
		return d.onDocument(ctx, in.ID, http.StatusOK, func(ctx context.Context, c api.Caller) (*verify.DocumentFile, error) {
			return d.Verifications.RemoveDocument(ctx, c.StoreRef(), in.ID, in.Document)
		})
	})
}

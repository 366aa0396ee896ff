package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type giveUpInput struct {
	VerificationPath
	Step verify.Step `path:"step" maxLength:"40" doc:"The step to give up." example:"email_code"`
}

func giveUpStep(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "give-up-step", Method: http.MethodDelete, Path: "/v1/verifications/{id}/steps/{step}", Tag: "Verifications",
		Summary:     "Give a step up",
		Description: "Goes back to the choice of the paths that remain. It never opens an easier path than the policy lists.",
		Allow:       callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: []fault.Code{fault.NotFound, fault.InvalidStep, fault.VerificationExpired},
	}, func(ctx context.Context, in *giveUpInput) (*api.Reply[verificationView], error) {
		return d.step(ctx, in.ID, func(ctx context.Context, c api.Caller) (*verify.Result, error) {
			return d.Verifications.GiveUp(ctx, c.StoreRef(), in.ID, in.Step)
		})
	})
}

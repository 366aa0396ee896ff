package storefront

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// appealView is a shopper's objection to a refusal.
type appealView struct {
	State     string     `json:"state" enum:"pending,approved,rejected,withdrawn" doc:"How a human decided, or that nobody has yet." example:"pending"`
	At        time.Time  `json:"at" doc:"When it was made." example:"2026-01-15T10:30:00Z"`
	DecidedAt *time.Time `json:"decided_at" doc:"When it was decided; null before." example:"2026-01-16T10:30:00Z"`
}

func appealOf(a *verify.Appeal) *appealView {
	if a == nil {
		return nil
	}
	view := &appealView{State: "pending", At: a.At.UTC()}
	if a.Outcome != "" {
		at := a.DecidedAt.UTC()
		view.State, view.DecidedAt = string(a.Outcome), &at
	}
	return view
}

func appealVerification(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "appeal-verification", Method: http.MethodPost, Path: "/v1/verifications/{id}/appeal", Tag: "Verifications",
		Summary: "Object to a refusal",
		Description: "Asks a human to look at a verification that was refused: once, within 30 days of the refusal. It waits as pending_review; " +
			"the verification's appeal says how it was decided.",
		Allow: callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: []fault.Code{fault.NotFound, fault.InvalidStep, fault.AppealMade},
	}, func(ctx context.Context, in *VerificationPath) (*api.Reply[verificationView], error) {
		return d.step(ctx, in.ID, func(ctx context.Context, c api.Caller) (*verify.Result, error) {
			return d.Verifications.Appeal(ctx, c.StoreRef(), actor(ctx), in.ID)
		})
	})
}

func moveVerification(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "move-here", Method: http.MethodPost, Path: "/v1/verifications/{id}/move", Tag: "Verifications",
		Summary: "Move a proof to this customer",
		Description: "For a shopper who proved it all and was told already_verified: what the other customer has of this proof ends, its tokens with it, and this " +
			"verification is verified. What the person used stays used. A person moves a group's attestation once in 180 days.",
		Allow: callersOfOne, Scope: "verifications:write", Mutation: true,
		Refusals: []fault.Code{fault.NotFound, fault.InvalidStep, fault.MoveRefused},
	}, func(ctx context.Context, in *VerificationPath) (*api.Reply[verificationView], error) {
		return d.step(ctx, in.ID, func(ctx context.Context, c api.Caller) (*verify.Result, error) {
			return d.Verifications.MoveHere(ctx, c.StoreRef(), actor(ctx), in.ID)
		})
	})
}

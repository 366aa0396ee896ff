package storefront

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// AttestationPath is the input of operations on one attestation. It is exported because huma reads exported parts only.
type AttestationPath struct {
	ID string `path:"id" maxLength:"60" doc:"The attestation's id." example:"att_01920000-0000-7000-8000-000000000003"`
}

// storeAttestationView is an attestation as the store's own server sees it.
type storeAttestationView struct {
	ID           string     `json:"id" doc:"The attestation's id." example:"att_01920000-0000-7000-8000-000000000003"`
	Group        string     `json:"group" doc:"The group that was proven." example:"student"`
	Subgroup     *string    `json:"subgroup" doc:"The part of the group that was proven, if one was." example:"university"`
	Customer     *string    `json:"customer" doc:"The store's own reference to the customer, if any." example:"c-2"`
	Verification string     `json:"verification_id" doc:"The verification that it came of." example:"ver_01920000-0000-7000-8000-000000000001"`
	ValidUntil   time.Time  `json:"valid_until" doc:"Until when it holds." example:"2027-01-15T10:30:00Z"`
	EndedAt      *time.Time `json:"ended_at" doc:"When it was ended early; null otherwise."`
	EndReason    string     `json:"end_reason" doc:"Why it was ended." example:""`
}

func storeAttestationOf(a verify.Attestation) storeAttestationView {
	view := storeAttestationView{ID: a.ID, Group: a.Group, Subgroup: optional(a.Subgroup), Customer: optional(a.Customer), Verification: a.Verification,
		ValidUntil: a.ValidUntil.UTC(), EndReason: a.EndReason}
	if !a.EndedAt.IsZero() {
		at := a.EndedAt.UTC()
		view.EndedAt = &at
	}
	return view
}

type moveAttestationInput struct {
	AttestationPath
	Body moveAttestationBody
}

type moveAttestationBody struct {
	Customer string `json:"customer" minLength:"1" maxLength:"255" doc:"The store's own reference to the customer who is to have it." example:"c-2"`
}

func moveAttestation(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "move-attestation", Method: http.MethodPost, Path: "/v1/attestations/{id}/move", Tag: "Attestations",
		Summary: "Move an attestation to another customer",
		Description: "For a person who has a new account. The attestation ends where it is, its tokens with it, and a new one holds as long for the other customer. " +
			"What the person used stays used. A person moves a group's attestation once in 180 days.",
		Allow: api.Allow(api.Secret), Scope: "verifications:write", Mutation: true,
		Refusals: []fault.Code{fault.NotFound, fault.AttestationEnded, fault.MoveRefused},
	}, func(ctx context.Context, in *moveAttestationInput) (*api.Reply[storeAttestationView], error) {
		c := api.CallerFrom(ctx)
		return api.Mutate(ctx, func(ctx context.Context) (verify.Attestation, error) {
			return d.Verifications.Move(ctx, c.StoreRef(), actor(ctx), in.ID, verify.Moving{Customer: in.Body.Customer})
		}, func(a verify.Attestation) (int, storeAttestationView) { return http.StatusOK, storeAttestationOf(a) })
	})
}

// actor is who asks, for the audit trail.
func actor(ctx context.Context) verify.Actor {
	return verify.Actor{Name: api.CallerFrom(ctx).Actor(), RequestID: api.RequestID(ctx)}
}

package storefront

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type labelFraudInput struct {
	AttestationPath
	Body api.FraudLabelBody
}

func labelFraud(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "label-fraud", Method: http.MethodPost, Path: "/v1/attestations/{id}/fraud", Tag: "Attestations",
		Summary: "Label an attestation as fraud",
		Description: "Sets or lifts the fraud label of an attestation, and through it of the person. The same label again changes nothing. " +
			"The answer to a confirmed fraud comes when its holds are given back and, where the store says so, its points taken back.",
		Allow: api.Allow(api.Secret), Scope: "fraud:write", Mutation: true, Refusals: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *labelFraudInput) (*api.Reply[fraudLabelledView], error) {
		c := api.CallerFrom(ctx)
		reply, err := api.Mutate(ctx, func(ctx context.Context) (verify.FraudCase, error) {
			return d.Verifications.LabelFraud(ctx, c.StoreRef(), actor(ctx), in.ID, in.Body.Labelling(c))
		}, func(c verify.FraudCase) (int, fraudLabelledView) {
			return http.StatusOK, fraudLabelledView{c.Attestation, api.FraudLabelName(c.Label), c.Reason, c.Reference, c.At}
		})
		if err != nil {
			return nil, err
		}
		return reply, d.Fraud.Settle(ctx, c.StoreRef())
	})
}

type fraudLabelledView struct {
	AttestationID string    `json:"attestation_id" doc:"The attestation." example:"att_01920000-0000-7000-8000-000000000003"`
	Label         string    `json:"label" enum:"none,suspected,confirmed" doc:"What is thought of it now." example:"suspected"`
	Reason        string    `json:"reason" doc:"Why, as a code." example:"chargeback"`
	Reference     string    `json:"reference" doc:"Your own code; may be empty." example:"T-1017"`
	LabelledAt    time.Time `json:"labelled_at" doc:"When." example:"2026-01-15T10:30:00Z"`
}

func getFraud(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "get-fraud", Method: http.MethodGet, Path: "/v1/attestations/{id}/fraud", Tag: "Attestations",
		Summary: "Read the fraud label of an attestation", Description: "The label, its history, and what was redeemed on the attestation.",
		Allow: api.Allow(api.Secret), Scope: "fraud:read", Refusals: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *AttestationPath) (*api.Reply[api.FraudView], error) {
		c := api.CallerFrom(ctx)
		file, err := d.Verifications.Fraud(ctx, c.StoreRef(), in.ID)
		if err != nil {
			return nil, err
		}
		view, err := api.FraudOf(ctx, d.Fraud, c.Store.ID, file)
		if err != nil {
			return nil, err
		}
		return api.OK(view)
	})
}

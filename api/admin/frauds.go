package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/verify"
)

type adminFraudCase struct {
	AttestationID string    `json:"attestation_id" doc:"The attestation." example:"att_01920000-0000-7000-8000-000000000001"`
	Label         string    `json:"label" enum:"none,suspected,confirmed" doc:"What is thought of it now." example:"suspected"`
	Reason        string    `json:"reason" doc:"Why, as a code." example:"chargeback"`
	Reference     string    `json:"reference" doc:"A code of whoever labelled it, such as a ticket; may be empty." example:"T-1017"`
	Actor         string    `json:"actor" doc:"Who: a key, or a person of the console." example:"per_01920000-0000-7000-8000-000000000001"`
	Settled       bool      `json:"settled" doc:"Of a confirmed fraud: whether all its consequences at the checkout are carried out." example:"true"`
	LabelledAt    time.Time `json:"labelled_at" doc:"When."`
}

func fraudCaseOf(c verify.FraudCase) adminFraudCase {
	return adminFraudCase{AttestationID: c.Attestation, Label: api.FraudLabelName(c.Label), Reason: c.Reason, Reference: c.Reference, Actor: c.By,
		Settled: !c.SettledAt.IsZero(), LabelledAt: c.At}
}

func (o *admin) registerFrauds() {
	const path = "/v1/admin/stores/{store_id}/attestations/{id}/fraud"
	add(o, api.Operation{
		ID: "admin-list-frauds", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}/frauds", Summary: "List fraud labels",
		Description: "Attestations that have a label, the newest attestation first.",
	}, o.listFrauds)
	add(o, api.Operation{
		ID: "admin-get-fraud", Method: http.MethodGet, Path: path, Summary: "Read a fraud label",
		Description: "The label of an attestation, its history, what ended because of it, and what was redeemed on it.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[api.FraudView], error) {
		file, err := o.Verify.Fraud(ctx, ref(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		view, err := api.FraudOf(ctx, o.Fraud, storeID(ctx), file)
		if err != nil {
			return nil, err
		}
		return api.OK(view)
	})
	add(o, api.Operation{
		ID: "admin-label-fraud", Method: http.MethodPost, Path: path, Mutation: true, Summary: "Label an attestation as fraud",
		Description: "Sets or lifts the label of an attestation, and through it of the person. The same label again changes nothing. The answer to a confirmed " +
			"fraud comes when its holds are given back and, where the store says so, its points taken back.",
	}, o.labelFraud)
}

func (o *admin) listFrauds(ctx context.Context, in *struct {
	ListPath
	Label string `query:"label" enum:"suspected,confirmed" doc:"Only this label." example:"suspected"`
}) (*api.Reply[listed[adminFraudCase]], error) {
	if err := api.CheckCursor(in.Cursor, "att"); err != nil {
		return nil, err
	}
	cases, err := o.Verify.Frauds(ctx, ref(ctx), verify.FraudLabel(in.Label), in.Cursor, in.more())
	if err != nil {
		return nil, err
	}
	return api.OK(paged(in.Paging, cases, fraudCaseOf, func(c verify.FraudCase) string { return c.Attestation }))
}

func (o *admin) labelFraud(ctx context.Context, in *struct {
	ItemPath
	Body api.FraudLabelBody
}) (*api.Reply[adminFraudCase], error) {
	reply, err := api.Mutate(ctx, func(ctx context.Context) (verify.FraudCase, error) {
		return o.Verify.LabelFraud(ctx, ref(ctx), by(ctx), in.ID, in.Body.Labelling(api.CallerFrom(ctx)))
	}, func(c verify.FraudCase) (int, adminFraudCase) { return http.StatusOK, fraudCaseOf(c) })
	if err != nil {
		return nil, err
	}
	return reply, o.Fraud.Settle(ctx, ref(ctx))
}

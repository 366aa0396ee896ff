package api

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// Frauds carries out at the checkout what a confirmed fraud leads to, and finds what rested on a proof.
type Frauds interface {
	// Settle carries out what is due in a store. It may be called at any time and again.
	Settle(ctx context.Context, store verify.StoreRef) error
	// Redemptions returns what was redeemed on attestations, oldest first.
	Redemptions(ctx context.Context, store string, attestations []string) ([]offers.Redemption, error)
}

// FraudView is the fraud label of an attestation, with its history and what rested on the attestation.
type FraudView struct {
	AttestationID string                `json:"attestation_id" doc:"The attestation." example:"att_01920000-0000-7000-8000-000000000003"`
	Label         string                `json:"label" enum:"none,suspected,confirmed" doc:"What is thought of it now." example:"suspected"`
	Reason        string                `json:"reason" doc:"Why, as a code; empty when nobody labelled it." example:"chargeback"`
	Reference     string                `json:"reference" doc:"The caller's own code, such as a ticket; may be empty." example:"T-1017"`
	LabelledAt    *time.Time            `json:"labelled_at" doc:"When; null when nobody did." example:"2026-01-15T10:30:00Z"`
	Settled       bool                  `json:"settled" doc:"Of a confirmed fraud: whether all its consequences at the checkout are carried out." example:"true"`
	Ended         []string              `json:"ended" doc:"The attestations that ended because of it, the labelled one among them." example:"[\"att_01920000-0000-7000-8000-000000000003\"]"`
	History       []FraudMarkView       `json:"history" doc:"Every label that was set or lifted, oldest first."`
	Redemptions   []FraudRedemptionView `json:"redemptions" doc:"What was redeemed on these attestations, oldest first."`
}

// FraudMarkView is one label that was set or lifted.
type FraudMarkView struct {
	Label     string    `json:"label" enum:"none,suspected,confirmed" doc:"The label; none lifts." example:"suspected"`
	Reason    string    `json:"reason" doc:"Why, as a code." example:"chargeback"`
	Reference string    `json:"reference" doc:"The caller's own code; may be empty." example:"T-1017"`
	Actor     string    `json:"actor" doc:"Who: a key, or a person of the console." example:"key_01920000-0000-7000-8000-000000000009"`
	At        time.Time `json:"at" doc:"When." example:"2026-01-15T10:30:00Z"`
}

// FraudRedemptionView is a redemption that rested on an attestation.
type FraudRedemptionView struct {
	RedemptionID    string    `json:"redemption_id" doc:"The redemption." example:"rdm_01920000-0000-7000-8000-000000000005"`
	OrderID         string    `json:"order_id" doc:"The order." example:"o-1"`
	Customer        string    `json:"customer" doc:"The customer; empty for a guest." example:"c-1"`
	Currency        string    `json:"currency" doc:"ISO 4217 code." example:"USD"`
	Discount        int64     `json:"discount" doc:"What was given, in minor units." example:"1000"`
	Points          int64     `json:"points" doc:"The points credited." example:"40"`
	PointsForfeited int64     `json:"points_forfeited" doc:"The points taken back because of the fraud." example:"40"`
	CreatedAt       time.Time `json:"created_at" doc:"When it was redeemed." example:"2026-01-15T10:30:00Z"`
}

// FraudLabelName is a label as callers read and write it.
func FraudLabelName(l verify.FraudLabel) string {
	if l == verify.NoFraud {
		return "none"
	}
	return string(l)
}

// FraudLabelOf reads what FraudLabelName wrote.
func FraudLabelOf(name string) verify.FraudLabel {
	if name == "none" {
		return verify.NoFraud
	}
	return verify.FraudLabel(name)
}

// FraudOf shows the label of an attestation and what rested on it.
func FraudOf(ctx context.Context, f Frauds, store string, file *verify.FraudFile) (FraudView, error) {
	view := FraudView{AttestationID: file.Attestation.ID, Label: FraudLabelName(file.Case.Label), Reason: file.Case.Reason, Reference: file.Case.Reference,
		Settled: !file.Case.SettledAt.IsZero(), Ended: []string{}, History: []FraudMarkView{}, Redemptions: []FraudRedemptionView{}}
	if at := file.Case.At; !at.IsZero() {
		view.LabelledAt = &at
	}
	for _, m := range file.Marks {
		view.History = append(view.History, FraudMarkView{FraudLabelName(m.Label), m.Reason, m.Reference, m.By, m.At})
	}
	attestations := []string{file.Attestation.ID}
	for _, a := range file.Ended {
		if a.EndReason == verify.EndedForFraud {
			view.Ended = append(view.Ended, a.ID)
		}
		if a.ID != file.Attestation.ID {
			attestations = append(attestations, a.ID)
		}
	}
	redemptions, err := f.Redemptions(ctx, store, attestations)
	if err != nil {
		return view, err
	}
	for _, r := range redemptions {
		view.Redemptions = append(view.Redemptions, FraudRedemptionView{r.ID, r.OrderID, r.Pinned.Customer, r.Pinned.Cart.Currency,
			r.Pinned.Totals.Discount, r.Pinned.Points, r.Refunded.Forfeited, r.CreatedAt})
	}
	return view, nil
}

// FraudLabelBody asks for a label.
type FraudLabelBody struct {
	Label     string `json:"label" enum:"none,suspected,confirmed" doc:"suspected: the person's next verifications are decided by a human. confirmed: what the person holds in the store ends at once, and new proofs are refused. none lifts the label: the person may verify again, what ended stays ended." example:"suspected"`
	Reason    string `json:"reason" enum:"chargeback,forged_document,shared_account,sold_token,stolen_identity,abuse,other,mistake,cleared" doc:"Why; mistake or cleared to lift." example:"chargeback"`
	Reference string `json:"reference,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9._:-]*$" doc:"Your own code, such as a ticket. No personal data." example:"T-1017"`
}

// Labelling is what the body asks for, by the rule of the caller's store about points.
func (b FraudLabelBody) Labelling(c Caller) verify.Labelling {
	return verify.Labelling{Label: FraudLabelOf(b.Label), Reason: b.Reason, Reference: b.Reference, ReversePoints: c.Store.Settings.Fraud.ReversePoints}
}

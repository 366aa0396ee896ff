package gateway

import (
	"context"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// settleFraud is the job that carries out what a confirmed fraud leads to, where whoever confirmed it could not.
const settleFraud jobs.Kind = "settle_fraud"

// settlements is how many confirmed frauds are read at once.
const settlements = 50

// frauds carries confirmed frauds from the proofs to the checkout. It implements api.Frauds.
type frauds struct{ g *Gateway }

func (f frauds) settler() *checkout.Frauds {
	return &checkout.Frauds{Do: f.g.Committer.Do, Reader: database.NewCheckout(f.g.DB)}
}

// Settle implements api.Frauds. A case is noted as settled when all of it is carried out: whoever dies in between leaves
// it to the next, who begins anew.
func (f frauds) Settle(ctx context.Context, store verify.StoreRef) error {
	// What is carried out is no part of the answer that a request's key keeps.
	ctx = once.With(ctx, nil)
	return inPortions(settlements, func(limit int) (int, error) {
		due, err := f.g.Verify.Unsettled(ctx, store, limit)
		if err != nil {
			return 0, fmt.Errorf("reading confirmed frauds: %w", err)
		}
		for _, file := range due {
			s := checkout.Settlement{Store: store.ID, ReversePoints: file.Case.ReversePoints, Actor: file.Case.By}
			for _, a := range file.Ended {
				s.Attestations = append(s.Attestations, a.ID)
			}
			if _, err := f.settler().Settle(ctx, s); err != nil {
				return 0, fmt.Errorf("settling the fraud of %s: %w", file.Case.Attestation, err)
			}
			if err := f.g.Verify.Settled(ctx, store, file.Case.Attestation); err != nil {
				return 0, fmt.Errorf("settling the fraud of %s: %w", file.Case.Attestation, err)
			}
		}
		return len(due), nil
	})
}

// Redemptions implements api.Frauds.
func (f frauds) Redemptions(ctx context.Context, store string, attestations []string) ([]offers.Redemption, error) {
	return f.settler().Redemptions(ctx, store, attestations)
}

// settleFrauds carries out what is due in every store.
func (g *Gateway) settleFrauds(ctx context.Context) error {
	stores, err := g.Tenants.Stores(ctx)
	if err != nil {
		return err
	}
	for _, s := range stores {
		if err := (frauds{g}).Settle(ctx, verify.StoreRef{ID: s.ID, Test: !s.Live()}); err != nil {
			return err
		}
	}
	return nil
}

package database

import (
	"context"
	"database/sql"
	"slices"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/offers"
)

var _ checkout.FraudReader = Checkout{}

// Resting implements checkout.FraudReader.
func (c Checkout) Resting(ctx context.Context, store string, attestations []string) (rest checkout.Resting, err error) {
	if len(attestations) == 0 {
		return rest, nil
	}
	args := []any{store}
	for _, id := range attestations {
		args = append(args, id)
	}
	err = c.db.view(ctx, func(ctx context.Context, tx *Tx) error {
		rest = checkout.Resting{}
		query := "SELECT jti, state, holder FROM offer_tokens WHERE store_id = ? AND attestation_id IN " + placeholders(1, len(attestations)) + " ORDER BY jti"
		return tx.rows(ctx, "offer_tokens", query, args, func(r *sql.Rows) error {
			var jti, state, holder string
			if err := r.Scan(&jti, &state, &holder); err != nil {
				return err
			}
			switch offers.TokenState(state) {
			case offers.TokenLive:
				rest.Live = append(rest.Live, jti)
			case offers.TokenHeld:
				rest.Reservations = append(rest.Reservations, holder)
			case offers.TokenSpent:
				rest.Redemptions = append(rest.Redemptions, holder)
			case offers.TokenRevoked:
				// A token that was replaced while a reservation held it may still be in its hands.
				if holder != "" {
					rest.Reservations = append(rest.Reservations, holder)
				}
			}
			return nil
		})
	})
	slices.Sort(rest.Reservations)
	slices.Sort(rest.Redemptions)
	rest.Reservations, rest.Redemptions = slices.Compact(rest.Reservations), slices.Compact(rest.Redemptions)
	return rest, err
}

// RedemptionsByID implements checkout.FraudReader.
func (c Checkout) RedemptionsByID(ctx context.Context, store string, ids []string) (out []offers.Redemption, err error) {
	var keys [][]any
	for _, id := range ids {
		keys = append(keys, []any{store, id})
	}
	err = c.db.view(ctx, func(ctx context.Context, tx *Tx) error {
		out = nil
		var p pipeline
		tx.eachRedemption(&p, keys, false, func(r *offers.Redemption) { out = append(out, *r) })
		return tx.run(ctx, p)
	})
	slices.SortFunc(out, func(a, b offers.Redemption) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return out, err
}

package database

import (
	"context"
	"database/sql"
)

// OfferIDs implements checkout.OfferLister. It reads nothing but the index of states.
func (c Checkout) OfferIDs(ctx context.Context, store string, limit int) (out []string, err error) {
	err = c.db.view(ctx, func(ctx context.Context, tx *Tx) error {
		const q = "SELECT id FROM offers WHERE store_id = ? AND state IN ('live', 'paused') ORDER BY id LIMIT ?"
		return tx.rows(ctx, "offers", q, []any{store, limit}, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			out = append(out, id)
			return err
		})
	})
	return out, err
}

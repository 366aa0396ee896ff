package database

import (
	"context"
	"database/sql"

	"github.com/laurel-gateway/laurel/offers"
)

// Redemption implements checkout.Versions.
func (c Checkout) Redemption(ctx context.Context, store, id string) (found *offers.Redemption, err error) {
	err = c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		const q = "SELECT " + redemptionColumns + " FROM redemptions WHERE store_id = ? AND id = ?"
		return tx.rows(ctx, "redemptions", q, []any{store, id}, func(r *sql.Rows) error {
			found, err = scanRedemption(r)
			return err
		})
	})
	return found, err
}

// OfferVersions implements checkout.Versions.
func (c Checkout) OfferVersions(ctx context.Context, store string, refs []offers.OfferRef) (map[offers.OfferRef]*offers.Offer, error) {
	out := make(map[offers.OfferRef]*offers.Offer, len(refs))
	if len(refs) == 0 {
		return out, nil
	}
	err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		zone, err := tx.zoneOf(ctx, store)
		if err != nil {
			return err
		}
		const q = "SELECT store_id, offer_id, version, body FROM offer_versions WHERE store_id = ? AND offer_id = ? AND version = ?"
		for _, ref := range refs {
			err := tx.rows(ctx, "offer_versions", q, []any{store, ref.ID, ref.Version}, func(r *sql.Rows) error {
				o, err := scanOfferVersion(r)
				if err != nil {
					return err
				}
				out[ref] = o.In(zone)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

package database

import (
	"context"
	"fmt"
	"time"
)

// SweepIdempotencyKeys forgets answers older than keep and returns how many.
func (c Checkout) SweepIdempotencyKeys(ctx context.Context, keep time.Duration) (int64, error) {
	var n int64
	err := c.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		var err error
		n, err = tx.exec(ctx, "DELETE FROM idempotency_keys WHERE created_at < ?", tx.now.Add(-keep))
		return err
	})
	return n, err
}

// ExpireReservations writes up to limit lapsed reservations of a store down as expired and returns how many. What they
// held was free since they lapsed, whether or not anybody has written so. offset moves a test store's clock.
func (c Checkout) ExpireReservations(ctx context.Context, store string, offset time.Duration, limit int) (int64, error) {
	var n int64
	err := c.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		skip := ""
		if lock := tx.forUpdate(); lock != "" {
			skip = lock + " SKIP LOCKED" // who works on one of them sees by the clock that it has lapsed
		}
		q := "UPDATE reservations SET state = 'expired' WHERE store_id = ? AND id IN " +
			"(SELECT id FROM reservations WHERE store_id = ? AND state = 'held' AND expires_at <= ? ORDER BY id LIMIT ?" + skip + ")"
		var err error
		if n, err = tx.exec(ctx, q, store, store, tx.now.Add(offset), limit); err != nil {
			return fmt.Errorf("expire reservations: %w", err)
		}
		return nil
	})
	return n, err
}

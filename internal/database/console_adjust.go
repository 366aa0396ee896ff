package database

import (
	"context"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/loyalty"
)

// AdjustPoints gives or takes points by hand, with the audit entry in the same transaction. It is the committer's own
// way, with a batch of one. Faults as checkout.AdjustPoints.
func (c Console) AdjustPoints(ctx context.Context, store string, a checkout.AdjustPoints, e console.Entry) (loyalty.Member, error) {
	run := checkout.Batch(auditedCheckout{NewCheckout(c.db), e})
	service := checkout.NewService(checkout.Config{Do: func(ctx context.Context, at checkout.Attempt) (checkout.Answered, error) {
		var answered checkout.Answered
		err := c.db.retry(ctx, func() error {
			results, err := run(ctx, []checkout.Attempt{at})
			if err != nil {
				return err
			}
			answered, err = results[0].Value, results[0].Err
			return err
		})
		return answered, err
	}})
	return service.AdjustPoints(ctx, store, a)
}

// auditedCheckout is checkout's storage for a command that a person gave.
type auditedCheckout struct {
	Checkout
	entry console.Entry
}

// Batch implements checkout.Storage.
func (c auditedCheckout) Batch(ctx context.Context, fn func(context.Context, checkout.Tx) error) error {
	return c.Checkout.Batch(ctx, func(ctx context.Context, tx checkout.Tx) error {
		return fn(ctx, auditedBatch{tx.(batchTx), c.entry})
	})
}

type auditedBatch struct {
	batchTx
	entry console.Entry
}

// Save implements checkout.Tx. A refused or repeated command writes no entry in the ledger, and none here.
func (tx auditedBatch) Save(ctx context.Context, shops map[string]*checkout.Shop) error {
	if err := tx.batchTx.Save(ctx, shops); err != nil {
		return err
	}
	for _, s := range shops {
		if len(s.Changed.Entries) > 0 {
			return tx.Audit(ctx, auditEntry(tx.entry))
		}
	}
	return nil
}

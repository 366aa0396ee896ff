package admin

import (
	"context"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/loyalty"
)

// Adjuster carries out adjustments (internal/checkout.Service).
type Adjuster interface {
	AdjustPoints(ctx context.Context, store string, a checkout.AdjustPoints) (loyalty.Member, error)
}

// Books is a Ledger that hands the audit entry along with the adjustment, so that both are written or neither is.
type Books struct{ Checkout Adjuster }

// AdjustPoints implements Ledger.
func (b Books) AdjustPoints(ctx context.Context, store string, a checkout.AdjustPoints, e console.Entry) (loyalty.Member, error) {
	a.Audit = &checkout.Audit{Actor: e.Actor, Action: e.Action, Target: e.Target, Changes: string(e.Changes), RequestID: e.RequestID}
	return b.Checkout.AdjustPoints(ctx, store, a)
}

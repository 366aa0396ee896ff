package verify

import (
	"context"
	"fmt"
)

// ConsentTx keeps who agreed to marketing.
type ConsentTx interface {
	// GrantMarketing records that the customer to whom a verification is bound agreed to marketing in it, and tells of it.
	// It changes nothing when that holds already, or when they took it back after.
	GrantMarketing(ctx context.Context, v Verification) error
}

// marketing records what was agreed to, once it is known by whom: what a browser claims to be agrees to nothing.
func marketing(ctx context.Context, tx Tx, v Verification) error {
	if !v.Bound || !v.Consent.Marketing {
		return nil
	}
	if err := tx.GrantMarketing(ctx, v); err != nil {
		return fmt.Errorf("recording a marketing consent: %w", err)
	}
	return nil
}

package database

import (
	"context"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

var auditTable = newTable("audit", 1, "id text, store_id text, actor text, action text, target text, changes text, request_id text, created_at timestamptz")

// Audit writes who changed what, in the transaction of the change.
func (tx *Tx) Audit(ctx context.Context, e tenant.AuditEntry) error {
	changes := string(e.Changes)
	if changes == "" {
		changes = "{}"
	}
	row := []any{id.New("aud"), e.Store, e.Actor, e.Action, e.Target, changes, e.RequestID, tx.now}
	if err := tx.insert(ctx, auditTable, [][]any{row}, ""); err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	return nil
}

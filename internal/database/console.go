package database

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// Console is the console's storage.
type Console struct{ db *DB }

// NewConsole returns the console's storage on db.
func NewConsole(db *DB) Console { return Console{db} }

var _ console.Storage = Console{}

// ReadConsole implements console.Storage.
func (c Console) ReadConsole(ctx context.Context, fn func(context.Context, console.Tx) error) error {
	return c.db.Read(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, consoleTx{tx}) })
}

// WriteConsole implements console.Storage.
func (c Console) WriteConsole(ctx context.Context, fn func(context.Context, console.Tx) (any, error)) (any, error) {
	return c.db.Write(ctx, func(ctx context.Context, tx *Tx) (any, error) { return fn(ctx, consoleTx{tx}) })
}

// RunConsole implements console.Storage.
func (c Console) RunConsole(ctx context.Context, fn func(context.Context, console.Tx) error) error {
	return c.db.Run(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, consoleTx{tx}) })
}

// consoleTx is the console's view of a transaction.
type consoleTx struct{ *Tx }

// Audit implements console.AuditTx.
func (tx consoleTx) Audit(ctx context.Context, e console.Entry) error {
	return tx.Tx.Audit(ctx, auditEntry(e))
}

func auditEntry(e console.Entry) tenant.AuditEntry {
	return tenant.AuditEntry{Store: e.Store, Actor: e.Actor, Action: e.Action, Target: e.Target, Changes: e.Changes, RequestID: e.RequestID}
}

// AuditPage implements console.AuditTx.
func (tx consoleTx) AuditPage(ctx context.Context, store string, f console.AuditFilter, before string, limit int) ([]console.Entry, error) {
	q := newPage("SELECT id, store_id, actor, action, target, changes, request_id, created_at FROM audit", "store_id = ?", store)
	q.equals("actor", f.Actor)
	q.equals("action", f.Action)
	q.before("id", before)
	var rows []struct {
		ID, StoreID, Actor, Action, Target, Changes, RequestID string
		CreatedAt                                              time.Time
	}
	if err := q.scan(ctx, tx.Tx, &rows, "id DESC", limit); err != nil {
		return nil, err
	}
	out := make([]console.Entry, len(rows))
	for i, r := range rows {
		out[i] = console.Entry{ID: r.ID, Store: r.StoreID, Actor: r.Actor, Action: r.Action, Target: r.Target,
			Changes: []byte(r.Changes), RequestID: r.RequestID, At: r.CreatedAt.UTC()}
	}
	return out, nil
}

package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
)

// Program implements console.ProgramTx.
func (tx consoleTx) Program(ctx context.Context, store string) (console.ProgramRecord, bool, error) {
	var row struct {
		Version   int64
		Body      string
		Actor     string
		CreatedAt time.Time
	}
	ok, err := tx.one(ctx, &row, "SELECT v.version, v.body, v.actor, v.created_at FROM programs p "+
		"JOIN program_versions v ON v.store_id = p.store_id AND v.version = p.version WHERE p.store_id = ?", store)
	if err != nil || !ok {
		if err != nil {
			err = fmt.Errorf("read a program: %w", err)
		}
		return console.ProgramRecord{}, false, err
	}
	p := console.ProgramRecord{Actor: row.Actor, UpdatedAt: row.CreatedAt.UTC()}
	if err := decode(row.Body, &p.Program); err != nil {
		return p, false, fmt.Errorf("decode program version %d of %s: %w", row.Version, store, err)
	}
	p.Store, p.Version = store, row.Version
	return p, true, nil
}

// LockProgram implements console.ProgramTx. The store's row is the lock: before the first version there is no other.
func (tx consoleTx) LockProgram(ctx context.Context, store string) (console.ProgramRecord, bool, error) {
	var locked []struct{ ID string }
	if err := tx.query(ctx, &locked, "SELECT id FROM stores WHERE id = ?"+tx.forUpdate(), store); err != nil {
		return console.ProgramRecord{}, false, fmt.Errorf("lock a store: %w", err)
	}
	return tx.Program(ctx, store)
}

var (
	programsTable   = newTable("programs", 1, "store_id text, version bigint, updated_at timestamptz")
	programVersions = newTable("program_versions", 2, "store_id text, version bigint, body text, actor text, created_at timestamptz")
)

// PutProgram implements console.ProgramTx.
func (tx consoleTx) PutProgram(ctx context.Context, p console.ProgramRecord) error {
	body, err := encode(p.Program)
	if err != nil {
		return fmt.Errorf("encode a program: %w", err)
	}
	err = tx.insert(ctx, programVersions, [][]any{{p.Store, p.Version, body, p.Actor, p.UpdatedAt}}, "")
	if err != nil {
		return err
	}
	return tx.insert(ctx, programsTable, [][]any{{p.Store, p.Version, p.UpdatedAt}},
		" ON CONFLICT (store_id) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at")
}

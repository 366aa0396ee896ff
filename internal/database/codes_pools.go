package database

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/codes"
)

var (
	poolTable = newTable("code_pools", 2, "store_id text, offer_id text, threshold bigint, imported bigint, low boolean, imported_at timestamptz")
	newCode   = newTable("pool_codes", 2, "store_id text, id text, offer_id text, code_mac bytea, sealed bytea, jti text, created_at timestamptz")
)

const freeCodes = "store_id = ? AND offer_id = ? AND jti = ''"

// LockPool implements codes.PoolTx.
func (tx codesTx) LockPool(ctx context.Context, store, offer string) (codes.Pool, error) {
	row := []any{store, offer, codes.DefaultThreshold, 0, false, nil}
	if err := tx.ensure(ctx, poolTable, [][]any{row}); err != nil {
		return codes.Pool{}, err
	}
	return tx.pool(ctx, store, offer, tx.forUpdate())
}

// Pool implements codes.PoolTx.
func (tx codesTx) Pool(ctx context.Context, store, offer string) (codes.Pool, error) {
	return tx.pool(ctx, store, offer, "")
}

func (tx *Tx) pool(ctx context.Context, store, offer, lock string) (codes.Pool, error) {
	p := codes.Pool{Store: store, OfferID: offer, Threshold: codes.DefaultThreshold}
	q := "SELECT threshold, imported, low, imported_at FROM code_pools WHERE store_id = ? AND offer_id = ?" + lock
	err := tx.rows(ctx, "code_pools", q, []any{store, offer}, func(r *sql.Rows) error {
		var at sql.NullTime
		err := r.Scan(&p.Threshold, &p.Imported, &p.Low, &at)
		p.ImportedAt = timeOf(at)
		return err
	})
	return p, err
}

// PutPool implements codes.PoolTx.
func (tx codesTx) PutPool(ctx context.Context, p codes.Pool) error {
	return tx.update(ctx, poolTable, [][]any{{p.Store, p.OfferID, p.Threshold, p.Imported, p.Low, nullTime(p.ImportedAt)}})
}

// FreePoolCodes implements codes.PoolTx.
func (tx codesTx) FreePoolCodes(ctx context.Context, store, offer string) (n int64, err error) {
	err = tx.rows(ctx, "pool_codes", "SELECT COUNT(*) FROM pool_codes WHERE "+freeCodes, []any{store, offer}, func(r *sql.Rows) error { return r.Scan(&n) })
	return n, err
}

// KnownPoolCodes implements codes.PoolTx.
func (tx codesTx) KnownPoolCodes(ctx context.Context, store string, macs [][]byte) (n int64, err error) {
	keys := make([][]any, len(macs))
	for i, mac := range macs {
		keys[i] = []any{store, mac}
	}
	err = tx.lookup(ctx, "pool_codes", "1", "store_id, code_mac", keys, false, func(*sql.Rows) error {
		n++
		return nil
	})
	return n, err
}

// AddPoolCodes implements codes.PoolTx.
func (tx codesTx) AddPoolCodes(ctx context.Context, store, offer string, list []codes.PoolCode) (int64, error) {
	rows := make([][]any, len(list))
	for i, c := range list {
		rows[i] = []any{store, c.ID, offer, c.MAC, c.Sealed, "", tx.now}
	}
	return tx.insertNew(ctx, newCode, rows)
}

// insertNew inserts the rows that no unique index has yet, and returns how many those were.
func (tx *Tx) insertNew(ctx context.Context, t table, rows [][]any) (added int64, err error) {
	var p pipeline
	if err := tx.insertion(&p, t, rows, " ON CONFLICT DO NOTHING"); err != nil {
		return 0, err
	}
	for _, s := range p {
		n, err := tx.exec(ctx, s.query, s.args...)
		if err != nil {
			return added, fmt.Errorf("%s: %w", s.what, err)
		}
		added += n
	}
	return added, nil
}

// DropPoolCodes implements codes.PoolTx. The pool's lock comes first, here as where codes are given.
func (tx codesTx) DropPoolCodes(ctx context.Context, store, offer string) (int64, error) {
	n, err := tx.exec(ctx, "DELETE FROM pool_codes WHERE "+freeCodes, store, offer)
	if err != nil {
		return 0, fmt.Errorf("delete pool_codes: %w", err)
	}
	return n, nil
}

package database

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/codes"
	"github.com/laurel-gateway/laurel/offers"
)

var (
	batchTable = newTable("code_batches", 2, "store_id text, id text, offer_id text, offer_version bigint, note text, codes bigint, actor text, "+
		"expires_at timestamptz, revoked_at timestamptz, created_at timestamptz")
	newBatchToken = newTable("offer_tokens", 2, "store_id text, jti text, offer_id text, offer_version bigint, subject text, attestation_id text, "+
		"customer text, group_name text, person_tags text, code_mac bytea, kid text, sealed bytea, state text, holder text, "+
		"issued_at timestamptz, expires_at timestamptz, batch_id text")
)

// PutBatch implements codes.BatchTx.
func (tx codesTx) PutBatch(ctx context.Context, b codes.Batch) error {
	return tx.insert(ctx, batchTable, [][]any{{b.Store, b.ID, b.OfferID, b.OfferVersion, b.Note, b.Codes, b.Actor, b.ExpiresAt,
		nullTime(b.RevokedAt), b.CreatedAt}}, "")
}

// AddBatchTokens implements codes.BatchTx.
func (tx codesTx) AddBatchTokens(ctx context.Context, batch string, tokens []offers.Token) (int64, error) {
	rows := make([][]any, len(tokens))
	for i, t := range tokens {
		rows[i] = []any{t.Store, t.JTI, t.OfferID, t.OfferVersion, t.Subject, "", "", "", "", t.CodeMAC, "", t.Sealed, string(t.State), "",
			t.IssuedAt, t.ExpiresAt, batch}
	}
	return tx.insertNew(ctx, newBatchToken, rows)
}

// batchFields counts uses on the index of the spent codes.
const batchFields = "SELECT b.store_id, b.id, b.offer_id, b.offer_version, b.note, b.codes, b.actor, b.expires_at, b.revoked_at, b.created_at, " +
	"(SELECT COUNT(*) FROM offer_tokens t WHERE t.store_id = b.store_id AND t.batch_id = b.id AND t.batch_id <> '' AND t.state = 'spent') FROM code_batches b"

func (tx *Tx) batches(ctx context.Context, query string, args []any) (out []codes.Batch, err error) {
	err = tx.rows(ctx, "code_batches", query, args, func(r *sql.Rows) error {
		var b codes.Batch
		var revoked sql.NullTime
		if err := r.Scan(&b.Store, &b.ID, &b.OfferID, &b.OfferVersion, &b.Note, &b.Codes, &b.Actor, &b.ExpiresAt, &revoked, &b.CreatedAt, &b.Used); err != nil {
			return err
		}
		b.ExpiresAt, b.RevokedAt, b.CreatedAt = b.ExpiresAt.UTC(), timeOf(revoked), b.CreatedAt.UTC()
		out = append(out, b)
		return nil
	})
	return out, err
}

// Batches implements codes.BatchTx.
func (tx codesTx) Batches(ctx context.Context, store, offer, before string, limit int) ([]codes.Batch, error) {
	p := newPage(batchFields, "b.store_id = ? AND b.offer_id = ?", store, offer)
	p.before("b.id", before)
	q, args := p.sql("b.id DESC", limit)
	return tx.batches(ctx, q, args)
}

// Batch implements codes.BatchTx.
func (tx codesTx) Batch(ctx context.Context, store, id string) (codes.Batch, bool, error) {
	found, err := tx.batches(ctx, batchFields+" WHERE b.store_id = ? AND b.id = ?", []any{store, id})
	if err != nil || len(found) == 0 {
		return codes.Batch{}, false, err
	}
	return found[0], true, nil
}

// LockBatch implements codes.BatchTx.
func (tx codesTx) LockBatch(ctx context.Context, store, id string) (codes.Batch, bool, error) {
	q := "SELECT id FROM code_batches WHERE store_id = ? AND id = ?" + tx.forUpdate()
	if err := tx.rows(ctx, "code_batches", q, []any{store, id}, func(*sql.Rows) error { return nil }); err != nil {
		return codes.Batch{}, false, err
	}
	return tx.Batch(ctx, store, id)
}

// RevokeBatch implements codes.BatchTx. Tokens are locked in the order in which checkout locks them. One that is held
// expires instead: its reservation does not ask for that any more, and nobody else can use it.
func (tx codesTx) RevokeBatch(ctx context.Context, store, id string, at time.Time) error {
	if _, err := tx.exec(ctx, "UPDATE code_batches SET revoked_at = ? WHERE store_id = ? AND id = ?", at, store, id); err != nil {
		return fmt.Errorf("revoke a batch: %w", err)
	}
	lock := "SELECT jti FROM offer_tokens WHERE store_id = ? AND batch_id = ? AND batch_id <> '' AND state IN ('live', 'held') ORDER BY jti" + tx.forUpdate()
	if err := tx.rows(ctx, "offer_tokens", lock, []any{store, id}, func(*sql.Rows) error { return nil }); err != nil {
		return err
	}
	end := "UPDATE offer_tokens SET state = CASE state WHEN 'live' THEN 'revoked' ELSE state END, expires_at = ? " +
		"WHERE store_id = ? AND batch_id = ? AND batch_id <> '' AND state IN ('live', 'held')"
	if _, err := tx.exec(ctx, end, at, store, id); err != nil {
		return fmt.Errorf("revoke the codes of a batch: %w", err)
	}
	return nil
}

// BatchTokens implements codes.BatchTx.
func (tx codesTx) BatchTokens(ctx context.Context, store, id, after string, limit int) (out []offers.Token, err error) {
	const q = "SELECT jti, sealed FROM offer_tokens WHERE store_id = ? AND batch_id = ? AND batch_id <> '' AND jti > ? ORDER BY jti LIMIT ?"
	err = tx.rows(ctx, "offer_tokens", q, []any{store, id, after, limit}, func(r *sql.Rows) error {
		t := offers.Token{Store: store}
		if err := r.Scan(&t.JTI, &t.Sealed); err != nil {
			return err
		}
		out = append(out, t)
		return nil
	})
	return out, err
}

package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/privacy"
)

type requestRow struct {
	ID, Kind, State, Customer, VerificationID, Pseudonym, AskedBy, Actor, Step, AfterID, Removed, Receipt string

	SecretHash           []byte
	CreatedAt, UpdatedAt time.Time
	DoneAt               *time.Time
}

const requestColumns = "id, kind, state, customer, verification_id, pseudonym, asked_by, actor, secret_hash, step, after_id, removed, receipt, " +
	"created_at, updated_at, done_at"

func (t *privacyTx) request(r requestRow) (privacy.Request, error) {
	out := privacy.Request{
		ID: r.ID, Store: t.store, Kind: privacy.Kind(r.Kind), State: privacy.State(r.State),
		Subject: privacy.Subject{Customer: r.Customer, Verification: r.VerificationID}, Pseudonym: r.Pseudonym, AskedBy: privacy.Asker(r.AskedBy),
		Actor: r.Actor, SecretHash: r.SecretHash, Step: privacy.Step(r.Step), After: r.AfterID, Receipt: r.Receipt,
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), DoneAt: orZero(r.DoneAt),
	}
	return out, fromText(r.Removed, &out.Removed)
}

func (t *privacyTx) oneRequest(ctx context.Context, where string, args ...any) (privacy.Request, error) {
	var row requestRow
	ok, err := t.one(ctx, &row, "SELECT "+requestColumns+" FROM privacy_requests WHERE store_id = ? AND "+where, append([]any{t.store}, args...)...)
	if err != nil {
		return privacy.Request{}, fmt.Errorf("read a privacy request: %w", err)
	}
	if !ok {
		return privacy.Request{}, missing("request")
	}
	return t.request(row)
}

// Request implements privacy.Tx.
func (t *privacyTx) Request(ctx context.Context, id string) (privacy.Request, error) {
	return t.oneRequest(ctx, "id = ?", id)
}

// LockRequest implements privacy.Tx.
func (t *privacyTx) LockRequest(ctx context.Context, id string) (privacy.Request, error) {
	return t.oneRequest(ctx, "id = ?"+t.forUpdate(), id)
}

// OpenErasure implements privacy.Tx.
func (t *privacyTx) OpenErasure(ctx context.Context, s privacy.Subject) (privacy.Request, error) {
	return t.oneRequest(ctx, "customer = ? AND verification_id = ? AND kind = 'erasure' AND state <> 'done'"+t.forUpdate(), s.Customer, s.Verification)
}

// RequestBySecret implements privacy.Tx.
func (t *privacyTx) RequestBySecret(ctx context.Context, hash []byte) (privacy.Request, error) {
	return t.oneRequest(ctx, "secret_hash = ? AND kind = 'erasure'", hash)
}

// InsertRequest implements privacy.Tx.
func (t *privacyTx) InsertRequest(ctx context.Context, r privacy.Request) error {
	removed, err := text(r.Removed)
	if err != nil {
		return err
	}
	hash := r.SecretHash
	if hash == nil {
		hash = []byte{}
	}
	_, err = t.exec(ctx, "INSERT INTO privacy_requests (store_id, "+requestColumns+") VALUES "+placeholders(1, 17), t.store, r.ID, string(r.Kind),
		string(r.State), r.Subject.Customer, r.Subject.Verification, r.Pseudonym, string(r.AskedBy), r.Actor, hash, string(r.Step), r.After,
		removed, r.Receipt, r.CreatedAt, r.UpdatedAt, orNull(r.DoneAt))
	if err != nil {
		return fmt.Errorf("write a privacy request: %w", err)
	}
	return nil
}

// UpdateRequest implements privacy.Tx.
func (t *privacyTx) UpdateRequest(ctx context.Context, r privacy.Request) error {
	removed, err := text(r.Removed)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, "UPDATE privacy_requests SET state = ?, customer = ?, secret_hash = ?, step = ?, after_id = ?, removed = ?, receipt = ?, "+
		"updated_at = ?, done_at = ? WHERE store_id = ? AND id = ?", string(r.State), r.Subject.Customer, r.SecretHash, string(r.Step), r.After,
		removed, r.Receipt, r.UpdatedAt, orNull(r.DoneAt), t.store, r.ID)
	return must(n, err, "request")
}

// Requests implements privacy.Tx.
func (t *privacyTx) Requests(ctx context.Context, f privacy.RequestFilter, before string, limit int) ([]privacy.Request, error) {
	where, args := "store_id = ?", []any{t.store}
	for _, c := range []struct{ column, value string }{
		{"kind = ?", string(f.Kind)}, {"state = ?", string(f.State)}, {"customer = ?", f.Customer}, {"id < ?", before},
	} {
		if c.value != "" {
			where, args = where+" AND "+c.column, append(args, c.value)
		}
	}
	var rows []requestRow
	err := t.query(ctx, &rows, "SELECT "+requestColumns+" FROM privacy_requests WHERE "+where+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list privacy requests: %w", err)
	}
	out := make([]privacy.Request, len(rows))
	for i, r := range rows {
		if out[i], err = t.request(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Unfinished implements privacy.Tx.
func (t *privacyTx) Unfinished(ctx context.Context, before time.Time, limit int) ([]string, error) {
	var rows []struct{ ID string }
	err := t.query(ctx, &rows, "SELECT id FROM privacy_requests WHERE store_id = ? AND state <> 'done' AND updated_at < ? ORDER BY id LIMIT ?",
		t.store, before, limit)
	if err != nil {
		return nil, fmt.Errorf("look for privacy requests: %w", err)
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out, nil
}

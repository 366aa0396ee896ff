package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
)

// MailQueue queues the mails to shoppers. What it stores is encrypted.
type MailQueue interface {
	QueueCode(ctx context.Context, tx *sql.Tx, store string, mail verify.CodeMail) error
	QueueReminder(ctx context.Context, tx *sql.Tx, store string, mail verify.ReminderMail) error
}

// VerifyStorage implements verify.Storage.
type VerifyStorage struct {
	db    *DB
	mails MailQueue
}

// NewVerifyStorage returns the storage of verifications.
func NewVerifyStorage(db *DB, mails MailQueue) *VerifyStorage {
	return &VerifyStorage{db: db, mails: mails}
}

var _ verify.Storage = (*VerifyStorage)(nil)

// Read implements verify.Storage.
func (s *VerifyStorage) Read(ctx context.Context, store string, fn func(context.Context, verify.Tx) error) error {
	return s.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		v, err := s.bind(ctx, tx, store)
		if err != nil {
			return err
		}
		return fn(ctx, v)
	})
}

// Write implements verify.Storage.
func (s *VerifyStorage) Write(ctx context.Context, store string, fn func(context.Context, verify.Tx) (any, error)) (any, error) {
	return s.db.Write(ctx, func(ctx context.Context, tx *Tx) (any, error) {
		v, err := s.bind(ctx, tx, store)
		if err != nil {
			return nil, err
		}
		return fn(ctx, v)
	})
}

// verifyTx is a transaction in one store. Every statement names that store.
type verifyTx struct {
	*Tx
	store    string
	storeNow time.Time
	mails    MailQueue
}

func (s *VerifyStorage) bind(ctx context.Context, tx *Tx, store string) (*verifyTx, error) {
	var row struct{ ClockOffsetUs int64 }
	ok, err := tx.one(ctx, &row, "SELECT clock_offset_us FROM stores WHERE id = ?", store)
	if err != nil {
		return nil, fmt.Errorf("read the clock of a store: %w", err)
	}
	if !ok {
		return nil, missing("store")
	}
	now := tx.now.Add(time.Duration(row.ClockOffsetUs) * time.Microsecond)
	return &verifyTx{Tx: tx, store: store, storeNow: now, mails: s.mails}, nil
}

// Now implements verify.Tx.
func (t *verifyTx) Now() time.Time { return t.storeNow }

// SendCode implements verify.Tx.
func (t *verifyTx) SendCode(ctx context.Context, m verify.CodeMail) error {
	return t.mails.QueueCode(ctx, t.SQLTx(), t.store, m)
}

// SendReminder implements verify.Tx.
func (t *verifyTx) SendReminder(ctx context.Context, m verify.ReminderMail) error {
	return t.mails.QueueReminder(ctx, t.SQLTx(), t.store, m)
}

// Emit implements verify.Tx.
func (t *verifyTx) Emit(ctx context.Context, e verify.Event) error {
	data := e.Data
	if e.Customer != "" {
		data = maps.Clone(data)
		data["customer"] = e.Customer
	}
	payload, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", e.Type, err)
	}
	return t.AppendEvents(ctx, []outbox.Event{{Store: t.store, Type: e.Type, Ordering: e.Customer, Payload: payload}})
}

// Audit implements verify.Tx.
func (t *verifyTx) Audit(ctx context.Context, c verify.Change) error {
	changes, err := json.Marshal(c.Detail)
	if err != nil {
		return fmt.Errorf("encode an audit entry: %w", err)
	}
	if c.Detail == nil {
		changes = nil
	}
	return t.Tx.Audit(ctx, tenant.AuditEntry{
		Store: t.store, Actor: c.Name, Action: c.Action, Target: c.Target, Changes: changes, RequestID: c.RequestID,
	})
}

func missing(what string) *fault.Fault {
	return fault.Newf(fault.NotFound, "There is no such %s in this store.", what)
}

var errChangedMeanwhile = fault.New(fault.VersionConflict, "Somebody changed this meanwhile. Read it again, then send your change with its version.")

// must returns a fault with code not_found unless a statement changed a row.
func must(n int64, err error, what string) error {
	if err != nil {
		return fmt.Errorf("change a %s: %w", what, err)
	}
	if n == 0 {
		return missing(what)
	}
	return nil
}

// text encodes what is kept as JSON. The types that are given cannot fail to encode.
func text(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode a column: %w", err)
	}
	return string(b), nil
}

// texts encodes several columns.
func texts(values ...any) ([]any, error) {
	out := make([]any, len(values))
	for i, v := range values {
		var err error
		if out[i], err = text(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func fromText(column string, into any) error {
	if err := json.Unmarshal([]byte(column), into); err != nil {
		return fmt.Errorf("decode a column: %w", err)
	}
	return nil
}

// orNull keeps zero times out of the database.
func orNull(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC()
}

func orZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return at.UTC()
}

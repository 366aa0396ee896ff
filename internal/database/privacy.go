package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// ErasureQueue queues the work of erasures.
type ErasureQueue interface {
	QueueErasure(ctx context.Context, tx *sql.Tx, store, request string) error
}

// PrivacyStorage implements privacy.Storage.
type PrivacyStorage struct {
	stores *VerifyStorage
	queue  ErasureQueue
	sealer KeySealer
}

// NewPrivacyStorage returns the storage of what shoppers ask for.
// The sealer opens what shoppers typed, for them.
func NewPrivacyStorage(db *DB, queue ErasureQueue, sealer KeySealer) *PrivacyStorage {
	return &PrivacyStorage{stores: NewVerifyStorage(db, nil), queue: queue, sealer: sealer}
}

var _ privacy.Storage = (*PrivacyStorage)(nil)

// Read implements privacy.Storage.
func (s *PrivacyStorage) Read(ctx context.Context, store string, fn func(context.Context, privacy.Tx) error) error {
	return s.stores.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		t, err := s.stores.bind(ctx, tx, store)
		if err != nil {
			return err
		}
		return fn(ctx, &privacyTx{verifyTx: t, queue: s.queue, sealer: s.sealer})
	})
}

// Write implements privacy.Storage.
func (s *PrivacyStorage) Write(ctx context.Context, store string, fn func(context.Context, privacy.Tx) (any, error)) (any, error) {
	return s.stores.db.Write(ctx, func(ctx context.Context, tx *Tx) (any, error) {
		t, err := s.stores.bind(ctx, tx, store)
		if err != nil {
			return nil, err
		}
		return fn(ctx, &privacyTx{verifyTx: t, queue: s.queue, sealer: s.sealer})
	})
}

// privacyTx is a transaction in one store. Every statement names that store.
type privacyTx struct {
	*verifyTx
	queue  ErasureQueue
	sealer KeySealer
}

// Audit implements privacy.Tx.
func (t *privacyTx) Audit(ctx context.Context, actor, requestID, action, target string) error {
	return t.Tx.Audit(ctx, tenant.AuditEntry{Store: t.store, Actor: actor, Action: action, Target: target, RequestID: requestID})
}

// Emit implements privacy.Tx.
func (t *privacyTx) Emit(ctx context.Context, event, customer string, data map[string]any) error {
	payload, err := encode(data)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", event, err)
	}
	return t.AppendEvents(ctx, []outbox.Event{{Store: t.store, Type: event, Ordering: customer, Payload: []byte(payload)}})
}

// QueueErasure implements privacy.Tx.
func (t *privacyTx) QueueErasure(ctx context.Context, request string) error {
	return t.queue.QueueErasure(ctx, t.SQLTx(), t.store, request)
}

// Known implements privacy.Tx.
func (t *privacyTx) Known(ctx context.Context, s privacy.Subject) error {
	if s.Verification == "" {
		return nil
	}
	var row struct{ ID string }
	ok, err := t.one(ctx, &row, "SELECT id FROM verifications WHERE store_id = ? AND id = ?", t.store, s.Verification)
	if err == nil && !ok {
		return missing("verification")
	}
	return err
}

type consentRow struct {
	ID, Customer, VerificationID, Version, Locale, Source string

	Granted   bool
	CreatedAt time.Time
}

// Consents implements privacy.Tx.
func (t *privacyTx) Consents(ctx context.Context, customer string, limit int) ([]privacy.Consent, error) {
	return t.consents(ctx, customer, limit)
}

func (t *verifyTx) consents(ctx context.Context, customer string, limit int) ([]privacy.Consent, error) {
	var rows []consentRow
	err := t.query(ctx, &rows, "SELECT id, customer, verification_id, granted, version, locale, source, created_at FROM marketing_consents "+
		"WHERE store_id = ? AND customer = ? ORDER BY id DESC LIMIT ?", t.store, customer, limit)
	if err != nil {
		return nil, fmt.Errorf("read consents: %w", err)
	}
	out := make([]privacy.Consent, len(rows))
	for i, r := range rows {
		out[i] = privacy.Consent{ID: r.ID, Customer: r.Customer, Verification: r.VerificationID, Granted: r.Granted, Version: r.Version,
			Locale: r.Locale, Source: privacy.Source(r.Source), At: r.CreatedAt.UTC()}
	}
	return out, nil
}

// InsertConsent implements privacy.Tx.
func (t *privacyTx) InsertConsent(ctx context.Context, c privacy.Consent) error {
	return t.insertConsent(ctx, c)
}

func (t *verifyTx) insertConsent(ctx context.Context, c privacy.Consent) error {
	_, err := t.exec(ctx, "INSERT INTO marketing_consents (store_id, id, customer, verification_id, granted, version, locale, source, created_at) "+
		"VALUES "+placeholders(1, 9), t.store, c.ID, c.Customer, c.Verification, c.Granted, c.Version, c.Locale, string(c.Source), c.At)
	if err != nil {
		return fmt.Errorf("write a consent: %w", err)
	}
	return nil
}

// ConsentText implements privacy.Tx.
func (t *privacyTx) ConsentText(ctx context.Context, version string, at time.Time) (privacy.ConsentText, error) {
	var row struct {
		Version, Body string
		Since         time.Time
	}
	ok, err := t.one(ctx, &row, "SELECT version, body, since FROM consent_texts WHERE store_id = ? AND version = ? AND since <= ? "+
		"ORDER BY since DESC LIMIT 1", t.store, version, at)
	if err != nil {
		return privacy.ConsentText{}, fmt.Errorf("read a text of consent: %w", err)
	}
	if !ok {
		return privacy.ConsentText{}, missing("text of consent")
	}
	var c tenant.Consent
	if err := fromText(row.Body, &c); err != nil {
		return privacy.ConsentText{}, err
	}
	return privacy.ConsentText{Version: row.Version, Since: row.Since.UTC(), Text: c.Text, MarketingText: c.MarketingText, PrivacyURL: c.PrivacyURL}, nil
}

// keepConsentText notes the text of consent that a store shows from a moment on, unless it shows it already.
func (t tenants) keepConsentText(ctx context.Context, s tenant.Store, since time.Time) error {
	body, err := json.Marshal(s.Settings.Consent)
	if err != nil {
		return fmt.Errorf("encode a text of consent: %w", err)
	}
	var last struct{ Body string }
	ok, err := t.one(ctx, &last, "SELECT body FROM consent_texts WHERE store_id = ? ORDER BY since DESC LIMIT 1", s.ID)
	if err != nil {
		return fmt.Errorf("read a text of consent: %w", err)
	}
	if ok && last.Body == string(body) {
		return nil
	}
	_, err = t.exec(ctx, "INSERT INTO consent_texts (store_id, since, version, body) VALUES (?, ?, ?, ?) ON CONFLICT (store_id, since) DO NOTHING",
		s.ID, since, s.Settings.Consent.Version, string(body))
	if err != nil {
		return fmt.Errorf("keep a text of consent: %w", err)
	}
	return nil
}

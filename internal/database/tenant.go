package database

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/tenant"
)

// ReadTenants implements tenant.Storage.
func (db *DB) ReadTenants(ctx context.Context, fn func(context.Context, tenant.Reader) error) error {
	return db.Read(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tenants{tx}) })
}

// WriteTenants implements tenant.Storage.
func (db *DB) WriteTenants(ctx context.Context, fn func(context.Context, tenant.Tx) (any, error)) (any, error) {
	return db.Write(ctx, func(ctx context.Context, tx *Tx) (any, error) { return fn(ctx, tenants{tx}) })
}

// tenants is a transaction as package tenant sees it.
type tenants struct{ *Tx }

var _ tenant.Storage = (*DB)(nil)

type storeRow struct {
	ID            string
	Name          string
	Mode          string
	Currency      string
	Timezone      string
	Origins       string
	Settings      string
	Secret        []byte
	ClockOffsetUs int64
	Version       int64
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

const storeColumns = "id, name, mode, currency, timezone, origins, settings, secret, clock_offset_us, version, created_at, updated_at"

func (r storeRow) record() (tenant.Record, error) {
	rec := tenant.Record{
		Store: tenant.Store{
			ID: r.ID, Name: r.Name, Mode: tenant.Mode(r.Mode), Currency: r.Currency, Timezone: r.Timezone,
			ClockOffset: time.Duration(r.ClockOffsetUs) * time.Microsecond, Version: r.Version,
			CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
		},
		SealedSecret: r.Secret,
	}
	if err := json.Unmarshal([]byte(r.Origins), &rec.Origins); err != nil {
		return rec, fmt.Errorf("decode the origins of store %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Settings), &rec.Settings); err != nil {
		return rec, fmt.Errorf("decode the settings of store %s: %w", r.ID, err)
	}
	return rec, nil
}

// Store reads one store.
func (t tenants) Store(ctx context.Context, id string) (tenant.Record, bool, error) {
	return t.store(ctx, id, "")
}

// LockStore reads one store under a lock.
func (t tenants) LockStore(ctx context.Context, id string) (tenant.Record, bool, error) {
	return t.store(ctx, id, t.forUpdate())
}

func (t tenants) store(ctx context.Context, id, lock string) (tenant.Record, bool, error) {
	var row storeRow
	ok, err := t.one(ctx, &row, "SELECT "+storeColumns+" FROM stores WHERE id = ?"+lock, id)
	if err != nil || !ok {
		return tenant.Record{}, false, err
	}
	rec, err := row.record()
	if err != nil {
		return rec, false, err
	}
	keys, err := t.tagKeys(ctx, id)
	rec.TagKeys = keys[id]
	return rec, err == nil, err
}

// Stores reads all stores.
func (t tenants) Stores(ctx context.Context) ([]tenant.Record, error) {
	var rows []storeRow
	if err := t.query(ctx, &rows, "SELECT "+storeColumns+" FROM stores ORDER BY id"); err != nil {
		return nil, err
	}
	keys, err := t.tagKeys(ctx, "")
	if err != nil {
		return nil, err
	}
	out := make([]tenant.Record, len(rows))
	for i, r := range rows {
		if out[i], err = r.record(); err != nil {
			return nil, err
		}
		out[i].TagKeys = keys[r.ID]
	}
	return out, nil
}

// OriginKnown looks for an origin in the lists of all stores.
func (t tenants) OriginKnown(ctx context.Context, origin string) (bool, error) {
	quoted, err := json.Marshal(origin)
	if err != nil {
		return false, fmt.Errorf("encode an origin: %w", err)
	}
	find := "instr"
	if t.Dialect() == PostgreSQL {
		find = "strpos"
	}
	var rows []storeRow
	err = t.query(ctx, &rows, "SELECT id FROM stores WHERE "+find+"(origins, ?) > 0 LIMIT 1", string(quoted))
	return len(rows) > 0, err
}

// storeTexts encodes what is kept as JSON.
func storeTexts(s tenant.Store) (origins, settings string, err error) {
	list := s.Origins
	if list == nil {
		list = []string{}
	}
	o, err := json.Marshal(list)
	if err != nil {
		return "", "", fmt.Errorf("encode origins: %w", err)
	}
	b, err := json.Marshal(s.Settings)
	if err != nil {
		return "", "", fmt.Errorf("encode settings: %w", err)
	}
	return string(o), string(b), nil
}

var storesTable = newTable("stores", 1, "id text, name text, mode text, currency text, timezone text, origins text, settings text, secret bytea, clock_offset_us bigint, version bigint, created_at timestamptz, updated_at timestamptz")

// InsertStore writes a new store.
func (t tenants) InsertStore(ctx context.Context, r tenant.Record) error {
	origins, settings, err := storeTexts(r.Store)
	if err != nil {
		return err
	}
	if err := t.insert(ctx, storesTable, [][]any{{r.ID, r.Name, string(r.Mode), r.Currency, r.Timezone, origins, settings,
		r.SealedSecret, r.ClockOffset.Microseconds(), r.Version, r.CreatedAt, r.UpdatedAt}}, ""); err != nil {
		return err
	}
	return t.keepConsentText(ctx, r.Store, r.CreatedAt)
}

var storeChanges = newTable("stores", 1, "id text, name text, currency text, timezone text, origins text, settings text, clock_offset_us bigint, version bigint, updated_at timestamptz")

// UpdateStore writes what can change of a store that is locked.
func (t tenants) UpdateStore(ctx context.Context, s tenant.Store) error {
	origins, settings, err := storeTexts(s)
	if err != nil {
		return err
	}
	if err := t.update(ctx, storeChanges, [][]any{{s.ID, s.Name, s.Currency, s.Timezone, origins, settings,
		s.ClockOffset.Microseconds(), s.Version, s.UpdatedAt}}); err != nil {
		return err
	}
	return t.keepConsentText(ctx, s, s.Now(t.now))
}

type keyRow struct {
	ID        string
	StoreID   string
	Kind      string
	Name      string
	Hash      []byte
	Hint      string
	Plain     string
	Scopes    string
	CreatedAt time.Time
	RevokedAt *time.Time
}

const keyColumns = "id, store_id, kind, name, hash, hint, plain, scopes, created_at, revoked_at"

func (r keyRow) record() (tenant.KeyRecord, error) {
	k := tenant.KeyRecord{Hash: r.Hash, Key: tenant.Key{ID: r.ID, Store: r.StoreID, Kind: tenant.Kind(r.Kind),
		Name: r.Name, Hint: r.Hint, Plain: r.Plain, CreatedAt: r.CreatedAt.UTC()}}
	if r.RevokedAt != nil {
		k.RevokedAt = r.RevokedAt.UTC()
	}
	if err := json.Unmarshal([]byte(r.Scopes), &k.Scopes); err != nil {
		return k, fmt.Errorf("decode the scopes of key %s: %w", r.ID, err)
	}
	return k, nil
}

// KeyByHash finds a key.
func (t tenants) KeyByHash(ctx context.Context, hash []byte) (tenant.KeyRecord, bool, error) {
	var row keyRow
	ok, err := t.one(ctx, &row, "SELECT "+keyColumns+" FROM api_keys WHERE hash = ?", hash)
	if err != nil || !ok {
		return tenant.KeyRecord{}, false, err
	}
	k, err := row.record()
	return k, err == nil, err
}

// Keys reads the keys of a store.
func (t tenants) Keys(ctx context.Context, store string) ([]tenant.KeyRecord, error) {
	var rows []keyRow
	if err := t.query(ctx, &rows, "SELECT "+keyColumns+" FROM api_keys WHERE store_id = ? ORDER BY created_at, id", store); err != nil {
		return nil, err
	}
	out := make([]tenant.KeyRecord, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = r.record(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

var keysTable = newTable("api_keys", 1, "id text, store_id text, kind text, name text, hash bytea, hint text, plain text, scopes text, created_at timestamptz, revoked_at timestamptz")

// InsertKey writes a new key.
func (t tenants) InsertKey(ctx context.Context, k tenant.KeyRecord) error {
	scopes := k.Scopes
	if scopes == nil {
		scopes = []string{}
	}
	b, err := json.Marshal(scopes)
	if err != nil {
		return fmt.Errorf("encode scopes: %w", err)
	}
	return t.insert(ctx, keysTable, [][]any{{k.ID, k.Store, string(k.Kind), k.Name, k.Hash, k.Hint, k.Plain, string(b), k.CreatedAt, nil}}, "")
}

// RevokeKey ends a key; the first end stays.
func (t tenants) RevokeKey(ctx context.Context, store, id string, at time.Time) (bool, error) {
	n, err := t.exec(ctx, "UPDATE api_keys SET revoked_at = COALESCE(revoked_at, ?) WHERE store_id = ? AND id = ?", at, store, id)
	return n > 0, err
}

type sessionRow struct {
	Hash      []byte
	StoreID   string
	Customer  string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// SessionByHash finds a customer session.
func (t tenants) SessionByHash(ctx context.Context, hash []byte) (tenant.SessionRecord, bool, error) {
	var r sessionRow
	ok, err := t.one(ctx, &r, "SELECT hash, store_id, customer, created_at, expires_at FROM customer_sessions WHERE hash = ?", hash)
	if err != nil || !ok {
		return tenant.SessionRecord{}, false, err
	}
	return tenant.SessionRecord{Store: r.StoreID, Customer: r.Customer, Hash: r.Hash, CreatedAt: r.CreatedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC()}, true, nil
}

var sessionsTable = newTable("customer_sessions", 1, "hash bytea, store_id text, customer text, created_at timestamptz, expires_at timestamptz")

// InsertSession writes a new customer session.
func (t tenants) InsertSession(ctx context.Context, s tenant.SessionRecord) error {
	return t.insert(ctx, sessionsTable, [][]any{{s.Hash, s.Store, s.Customer, s.CreatedAt, s.ExpiresAt}}, "")
}

// DropSessions removes ended customer sessions.
func (t tenants) DropSessions(ctx context.Context, before time.Time) error {
	_, err := t.exec(ctx, "DELETE FROM customer_sessions WHERE expires_at < ?", before)
	return err
}

var rolesTable = newTable("roles", 2, "store_id text, person_id text, role text, created_at timestamptz")

// GrantRole gives a person a role in a store.
func (t tenants) GrantRole(ctx context.Context, store, person, role string) error {
	return t.insert(ctx, rolesTable, [][]any{{store, person, role, t.now}}, "")
}

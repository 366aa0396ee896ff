package tenant

import (
	"context"
	"encoding/json"
	"time"
)

// Storage keeps stores and keys.
type Storage interface {
	// ReadTenants runs fn with a consistent view.
	ReadTenants(ctx context.Context, fn func(context.Context, Reader) error) error
	// WriteTenants runs fn in one transaction, after claiming the idempotency key that ctx carries, if any:
	// once.ErrReplayed when it was answered before.
	WriteTenants(ctx context.Context, fn func(context.Context, Tx) (any, error)) (any, error)
}

// Record is a store with its sealed secret, as it is kept.
type Record struct {
	Store
	// SealedSecret is the store's one secret, sealed by the master key with the store's id as associated data.
	SealedSecret []byte
	// TagKeys are the versions of its tag key, oldest first, retired ones too. None: the first version alone.
	TagKeys []TagKeyRecord
}

// KeyRecord is a key with the hash by which it is found.
type KeyRecord struct {
	Key
	Hash []byte
}

// SessionRecord is a customer session with the hash by which it is found.
type SessionRecord struct {
	Store     string
	Customer  string
	Hash      []byte
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Reader reads. The booleans say whether there was such a row.
type Reader interface {
	// Now is the database's time.
	Now() time.Time
	Store(ctx context.Context, id string) (Record, bool, error)
	// Stores returns all stores, oldest first.
	Stores(ctx context.Context) ([]Record, error)
	KeyByHash(ctx context.Context, hash []byte) (KeyRecord, bool, error)
	// Keys returns all keys of a store, oldest first, revoked ones too.
	Keys(ctx context.Context, store string) ([]KeyRecord, error)
	SessionByHash(ctx context.Context, hash []byte) (SessionRecord, bool, error)
	// OriginKnown reports whether any store allows an origin.
	OriginKnown(ctx context.Context, origin string) (bool, error)
}

// Tx is one transaction that changes.
type Tx interface {
	Reader
	// LockStore reads a store and keeps others from changing it until the end of the transaction.
	LockStore(ctx context.Context, id string) (Record, bool, error)
	InsertStore(ctx context.Context, r Record) error
	// UpdateStore writes what can change: all but id, mode, secret and creation.
	UpdateStore(ctx context.Context, s Store) error
	InsertTagKey(ctx context.Context, store string, k TagKeyRecord) error
	// RetireTagKey ends a version; the first end stays.
	RetireTagKey(ctx context.Context, store string, version int, at time.Time) error
	// TagNeeds counts what is known at a time of the store under a version and not under the newest.
	TagNeeds(ctx context.Context, store string, version int, newest TagKeyRecord, now time.Time) (TagNeeds, error)
	InsertKey(ctx context.Context, k KeyRecord) error
	// RevokeKey ends a key, unless it is ended, and reports whether the store has it.
	RevokeKey(ctx context.Context, store, id string, at time.Time) (bool, error)
	InsertSession(ctx context.Context, s SessionRecord) error
	// DropSessions removes sessions that ended before a moment.
	DropSessions(ctx context.Context, before time.Time) error
	// GrantRole gives a person a role in a store: a new store has an owner.
	GrantRole(ctx context.Context, store, person, role string) error
	// Audit writes who changed what, in the same transaction.
	Audit(ctx context.Context, e AuditEntry) error
}

// AuditEntry says who changed what. No personal data and no secrets in Changes.
type AuditEntry struct {
	// Store is empty for what belongs to no store.
	Store string
	// Actor is a person's id, a key's id, or "system".
	Actor string
	// Action is a noun and a verb: "store.updated".
	Action string
	// Target is the id of what was changed.
	Target string
	// Changes is a JSON object, {} when there is nothing to say.
	Changes   json.RawMessage
	RequestID string
}

// With is what a caller writes in the transaction of a change: the audit entry, a role. A nil With writes nothing.
type With func(ctx context.Context, tx Tx, target string) error

func (w With) run(ctx context.Context, tx Tx, target string) error {
	if w == nil {
		return nil
	}
	return w(ctx, tx, target)
}

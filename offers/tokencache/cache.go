// Package tokencache says what a cache of offer tokens does. A cache answers early and fast, and may forget everything
// at any moment: it never says yes to a redemption, and what it does not know the database does.
package tokencache

import (
	"context"
	"errors"
	"time"
)

// Reason is why a token is dead. Only facts that cannot be taken back are reasons.
type Reason string

// The reasons.
const (
	Spent   Reason = "spent"
	Revoked Reason = "revoked"
	Expired Reason = "expired"
)

// Valid reports whether r is one of the reasons.
func (r Reason) Valid() bool { return r == Spent || r == Revoked || r == Expired }

// ErrReason says that a token was to be marked dead for something that is not a Reason.
var ErrReason = errors.New("not a reason for a token to be dead")

// MaxSealed is the size in bytes above which an entry is not kept.
const MaxSealed = 16 << 10

// Entry is an issued token as a cache keeps it.
type Entry struct {
	// ID is the token's jti, so that the holder of the entry can ask whether it is dead.
	ID string
	// Sealed is the token and its code, sealed by the caller: a cache is no place for secrets. At most MaxSealed bytes.
	// A cache keeps and returns the slice: nobody changes its bytes.
	Sealed []byte
	// ExpiresAt is the token's end, to the second.
	ExpiresAt time.Time
}

// Cache keeps issued tokens and the marks of dead ones. Implementations are safe for concurrent use and pass
// cachetest.Run. A cache that is away answers "not known", forgets what it is told, and counts that through a hook of
// its own: errors are only for wrong arguments (ErrReason) and ended contexts.
//
// Times to live that are not positive mean "do not keep".
type Cache interface {
	// GetIssued returns the token that was issued for key, if it is known. key holds the store, the offer and the
	// holder; it is hashed before it leaves the process.
	GetIssued(ctx context.Context, key string) (Entry, bool, error)
	// PutIssued keeps e for ttl.
	PutIssued(ctx context.Context, key string, e Entry, ttl time.Duration) error
	// Drop forgets the token that was issued for key.
	Drop(ctx context.Context, key string) error
	// MarkDead notes that a store's token is dead, for ttl. The first reason stays; a longer ttl prolongs the mark.
	MarkDead(ctx context.Context, store, jti string, reason Reason, ttl time.Duration) error
	// Dead returns the reasons of those tokens that are known to be dead. The map is never nil without an error.
	Dead(ctx context.Context, store string, jtis []string) (map[string]Reason, error)
}

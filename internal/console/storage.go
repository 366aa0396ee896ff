package console

import (
	"context"
	"time"
)

// Storage keeps what belongs to the console.
type Storage interface {
	// ReadConsole runs fn with a consistent view.
	ReadConsole(ctx context.Context, fn func(context.Context, Tx) error) error
	// WriteConsole runs fn in one transaction, after claiming the idempotency key that ctx carries, if any:
	// once.ErrReplayed when it was answered before.
	WriteConsole(ctx context.Context, fn func(context.Context, Tx) (any, error)) (any, error)
	// RunConsole is WriteConsole without claiming anything: for sign-in and for noting that a session was used.
	RunConsole(ctx context.Context, fn func(context.Context, Tx) error) error
}

// Tx is one transaction. Whatever is not there is told by a bool.
// Locks are taken in the order of the embedded interfaces.
type Tx interface {
	// Now is the database's time, the same during a transaction, in UTC, to the microsecond.
	Now() time.Time
	ThrottleTx
	PeopleTx
	SessionTx
	OfferTx
	ProgramTx
	WebhookTx
	AuditTx
}

// ThrottleTx counts failed sign-ins.
type ThrottleTx interface {
	// LockThrottles ensures a row for every key, locks them in sorted order and returns them in the order of keys.
	LockThrottles(ctx context.Context, keys ...[]byte) ([]Throttle, error)
	PutThrottles(ctx context.Context, t ...Throttle) error
	// DropThrottles removes those that nothing was counted on since a moment.
	DropThrottles(ctx context.Context, before time.Time) error
}

// PeopleTx is the people and their roles.
type PeopleTx interface {
	Person(ctx context.Context, id string) (Person, bool, error)
	PersonByEmail(ctx context.Context, email string) (Person, bool, error)
	// InsertPerson refuses an address that is taken: name_taken.
	InsertPerson(ctx context.Context, p Person) error
	// UpdatePerson writes all but id, address and creation.
	UpdatePerson(ctx context.Context, p Person) error
	// StoresOf returns the stores that a person has a role in, or every store for an operator; by name.
	StoresOf(ctx context.Context, p Person) ([]StoreRole, error)
	// RoleIn returns the person's role in a store ("" without one) and whether there is such a store.
	RoleIn(ctx context.Context, store, person string) (Role, bool, error)
	// Members returns the people of a store after a person's id, by id.
	Members(ctx context.Context, store, after string, limit int) ([]Member, error)
	Member(ctx context.Context, store, person string) (Member, bool, error)
	// LockOwners keeps others from changing the owners of a store until the end of the transaction, and returns them.
	LockOwners(ctx context.Context, store string) ([]string, error)
	// InsertRole refuses a person who has a role there: name_taken.
	InsertRole(ctx context.Context, store, person string, role Role) error
	UpdateRole(ctx context.Context, store, person string, role Role) error
	DeleteRole(ctx context.Context, store, person string) error
}

// SessionTx is the signed-in browsers.
type SessionTx interface {
	Session(ctx context.Context, hash []byte) (Session, bool, error)
	PutSession(ctx context.Context, s Session) error
	DeleteSession(ctx context.Context, hash []byte) error
	// DeleteSessions ends all sessions of a person.
	DeleteSessions(ctx context.Context, person string) error
	// DropSessions removes those that ended before a moment.
	DropSessions(ctx context.Context, before time.Time) error
}

// AuditTx is the record of changes.
type AuditTx interface {
	Audit(ctx context.Context, e Entry) error
	// AuditPage returns entries of a store, newest first, before a cursor id ("" for the first page).
	AuditPage(ctx context.Context, store string, f AuditFilter, before string, limit int) ([]Entry, error)
}

// AuditFilter narrows a page of audit entries; an empty field narrows nothing.
type AuditFilter struct{ Actor, Action string }

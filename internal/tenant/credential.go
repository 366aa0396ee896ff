package tenant

import (
	"slices"
	"strings"
	"time"
)

// Kind says what a credential may do at all.
type Kind string

// The kinds of credentials that belong to a store.
const (
	// Publishable keys are public: they stand in the pages of the store.
	Publishable Kind = "publishable"
	// Secret keys speak for the store.
	Secret Kind = "secret"
	// Session is a customer session: it speaks for one customer, for a short time.
	Session Kind = "session"
)

// SessionTTL is how long a customer session lasts.
const SessionTTL = 15 * time.Minute

const sessionPrefix = "cs_"

// prefix tells kind and mode of a key at a glance, to people and to secret scanners.
func prefix(kind Kind, mode Mode) string {
	if kind == Publishable {
		return "pk_" + string(mode) + "_"
	}
	return "sk_" + string(mode) + "_"
}

// KindOf tells the kind of a presented credential by its prefix; false when it is none of ours.
func KindOf(plain string) (Kind, bool) {
	switch {
	case strings.HasPrefix(plain, "pk_"):
		return Publishable, true
	case strings.HasPrefix(plain, "sk_"):
		return Secret, true
	case strings.HasPrefix(plain, sessionPrefix):
		return Session, true
	}
	return "", false
}

// Credential is who asks.
type Credential struct {
	Store *Store
	// KeyID names the key; empty for a customer session.
	KeyID string
	Kind  Kind
	// Scopes of a secret key. Empty: everything that a secret key may do.
	Scopes []string
	// Customer of a customer session.
	Customer  string
	ExpiresAt time.Time
}

// Holds reports whether the credential has a scope. A key without scopes has all.
func (c Credential) Holds(scope string) bool {
	return scope == "" || len(c.Scopes) == 0 || slices.Contains(c.Scopes, scope)
}

// Key is a store's key as an admin sees it.
type Key struct {
	ID    string
	Store string
	Kind  Kind
	Name  string
	// Hint is the last characters, by which people tell keys apart.
	Hint string
	// Plain is the whole key: always known of a publishable key, and of a secret key only to who creates it.
	Plain     string
	Scopes    []string
	CreatedAt time.Time
	// RevokedAt is zero while the key is good.
	RevokedAt time.Time
}

// CustomerSession is a token for a browser that speaks for one customer.
type CustomerSession struct {
	Token     string
	Customer  string
	ExpiresAt time.Time
}

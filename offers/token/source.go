package token

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// KeyStore is where the keys are: all of them, the revoked ones too.
type KeyStore interface {
	Keys(ctx context.Context) ([]Key, error)
	// Ensure makes a key of an algorithm if none signs now. Replicas may call it at once.
	Ensure(ctx context.Context, alg Alg) error
}

// refreshEvery is how often an unknown kid may make a source read its keys again. A forger can invent kids; he must not
// make the database work.
const refreshEvery = 2 * time.Second

// Source is the ring of a running gateway, read from a KeyStore. Watch it with a ticker of at most 5 seconds, so that a
// revoked key dies everywhere in that time, and Refresh it after every change of keys. Safe for concurrent use.
type Source struct {
	store KeyStore
	now   func() time.Time
	ring  atomic.Pointer[Ring]

	refreshing sync.Mutex
	lastForced time.Time
}

// OpenSource reads the keys for the first time. now is the gateway's clock.
func OpenSource(ctx context.Context, store KeyStore, now func() time.Time) (*Source, error) {
	s := &Source{store: store, now: now}
	if err := s.Refresh(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Ring returns the current keys.
func (s *Source) Ring() *Ring { return s.ring.Load() }

// Refresh reads the keys. When it fails, the keys that were known stay in use.
func (s *Source) Refresh(ctx context.Context) error {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	return s.refresh(ctx)
}

func (s *Source) refresh(ctx context.Context) error {
	keys, err := s.store.Keys(ctx)
	if err != nil {
		return fmt.Errorf("read the signing keys: %w", err)
	}
	ring, err := NewRing(keys)
	if err != nil {
		return err
	}
	if before := s.ring.Load(); before != nil {
		ring.genuine = before.genuine
	}
	s.ring.Store(ring)
	return nil
}

// Watch refreshes at each tick until ctx ends, so that a key that another replica made or revoked is known here. failed
// is told of each refresh that did not work; the keys that were known stay in use.
func (s *Source) Watch(ctx context.Context, ticks <-chan time.Time, failed func(error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
				failed(err)
			}
		}
	}
}

// refreshFrom reads the keys once more unless that was done since stale was current, or too lately. It reports whether
// the ring is another one than stale.
func (s *Source) refreshFrom(ctx context.Context, stale *Ring) (bool, error) {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	if s.ring.Load() != stale {
		return true, nil
	}
	now := s.now()
	if since := now.Sub(s.lastForced); since >= 0 && since < refreshEvery {
		return false, nil
	}
	s.lastForced = now
	return true, s.refresh(ctx)
}

// Use makes sure that a key of an algorithm signs, here at once and elsewhere on demand.
func (s *Source) Use(ctx context.Context, alg Alg) error {
	if _, ok := s.ring.Load().Signing(alg, s.now()); ok {
		return nil
	}
	if err := s.store.Ensure(ctx, alg); err != nil {
		return fmt.Errorf("make a signing key: %w", err)
	}
	return s.Refresh(ctx)
}

// Sign is Ring.Sign with the current keys and time; when no key may sign, one is made first.
func (s *Source) Sign(ctx context.Context, alg Alg, c Claims) (string, error) {
	return s.signing(ctx, alg, func(r *Ring) (string, error) { return r.Sign(alg, c, s.now()) })
}

// SignDocument is Ring.SignDocument with the current keys and time; when no key may sign, one is made first.
func (s *Source) SignDocument(ctx context.Context, alg Alg, typ string, payload []byte) (string, error) {
	return s.signing(ctx, alg, func(r *Ring) (string, error) { return r.SignDocument(alg, typ, payload, s.now()) })
}

func (s *Source) signing(ctx context.Context, alg Alg, sign func(*Ring) (string, error)) (string, error) {
	raw, err := sign(s.ring.Load())
	if !errors.Is(err, ErrNoSigningKey) || !alg.Valid() {
		return raw, err
	}
	if useErr := s.Use(ctx, alg); useErr != nil {
		return "", errors.Join(err, useErr)
	}
	return sign(s.ring.Load())
}

// Verify is Ring.Verify with the current keys; a token with an unknown kid makes the keys be read again, at most once
// in two seconds whatever is sent. An error of the KeyStore comes back as it is: it says nothing about the token.
func (s *Source) Verify(ctx context.Context, raw string, expect Expect) (Claims, error) {
	ring := s.ring.Load()
	c, err := ring.Verify(raw, s.now(), expect)
	if !errors.Is(err, errUnknownKID) {
		return c, err
	}
	changed, refreshErr := s.refreshFrom(ctx, ring)
	if refreshErr != nil {
		return Claims{}, refreshErr
	}
	if !changed {
		return Claims{}, err
	}
	return s.ring.Load().Verify(raw, s.now(), expect)
}

// JWKS is Ring.JWKS with the current keys and time.
func (s *Source) JWKS() jose.JSONWebKeySet { return s.ring.Load().JWKS(s.now()) }

// Verifies reports whether the signatures of a key are good now.
func (s *Source) Verifies(kid string) bool {
	k, ok := s.ring.Load().byKID[kid]
	return ok && k.verifiesAt(s.now())
}

// KeyOf returns the kid in a token's header, unverified; empty when there is none.
func KeyOf(raw string) string {
	var header struct {
		KID string `json:"kid"`
	}
	unverified(raw, 0, &header)
	return header.KID
}

// IDOf returns the jti that a text claims to have, unverified; empty when there is none. It tells whether a request is
// one that was answered before, and is good for nothing else.
func IDOf(raw string) string {
	var claims struct {
		ID string `json:"jti"`
	}
	unverified(raw, 1, &claims)
	return claims.ID
}

// unverified reads a segment of a compact JWT into v, and leaves v alone when it cannot.
func unverified(raw string, n int, v any) {
	segments := strings.Split(raw, ".")
	if len(raw) > MaxSize || len(segments) != 3 {
		return
	}
	if b, err := segment.DecodeString(segments[n]); err == nil {
		_ = json.Unmarshal(b, v) // what is not JSON leaves v empty
	}
}

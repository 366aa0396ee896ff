package token

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/laurel-gateway/laurel/internal/fault"
)

type keyStore struct {
	mu    sync.Mutex
	keys  []Key
	err   error
	reads int
}

func (s *keyStore) Keys(context.Context) ([]Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return s.keys, s.err
}

// Ensure makes a key as a database does: only if none signs.
func (s *keyStore) Ensure(_ context.Context, alg Alg) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil || Signs(s.keys, alg, now) {
		return s.err
	}
	next, err := First(s.keys, alg, now)
	s.keys = append(s.keys, next.Next)
	return err
}

func (s *keyStore) set(err error, keys ...Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys, s.err = keys, err
}

func (s *keyStore) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

func source(t *testing.T, store *keyStore, at *time.Time) *Source {
	t.Helper()
	s, err := OpenSource(context.Background(), store, func() time.Time { return *at })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSourceFindsANewKey(t *testing.T) {
	ctx, at := context.Background(), now
	old, next := fixed(t, ES256, "old"), fixed(t, ES256, "next")
	store := &keyStore{keys: []Key{old}}
	s := source(t, store, &at)
	raw, err := s.Sign(ctx, ES256, sample())
	if err != nil {
		t.Fatal(err)
	}
	fresh := sign(t, ringOf(t, next), ES256, sample())
	store.set(nil, old, next)
	for _, token := range []string{raw, fresh} {
		if _, err := s.Verify(ctx, token, expect); err != nil {
			t.Error(err)
		}
	}
	if store.count() != 2 {
		t.Errorf("the keys were read %d times, want twice", store.count())
	}
	if len(s.JWKS().Keys) != 2 {
		t.Error("the new key is not published")
	}
}

// TestForgedKIDsDoNotReachTheStore: a forger makes one read in two seconds, however many kids he invents.
func TestForgedKIDsDoNotReachTheStore(t *testing.T) {
	ctx, at := context.Background(), now
	store := &keyStore{keys: []Key{keyOf(t, ES256)}}
	s := source(t, store, &at)
	forged := sign(t, ringOf(t, fixed(t, ES256, "stranger")), ES256, sample())
	attack := func() {
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if _, err := s.Verify(ctx, forged, expect); fault.CodeOf(err) != fault.TokenInvalid {
					t.Errorf("%v, want token_invalid", err)
				}
			})
		}
		group.Wait()
	}
	attack()
	if got := store.count(); got != 2 {
		t.Errorf("%d reads, want the first and one more", got)
	}
	at = at.Add(refreshEvery)
	attack()
	if got := store.count(); got != 3 {
		t.Errorf("%d reads, want one more", got)
	}
	at = at.Add(-time.Hour) // A clock that was set back does not block the next read for an hour.
	attack()
	if got := store.count(); got != 4 {
		t.Errorf("%d reads, want one more", got)
	}
}

func TestSourceOutlivesItsStore(t *testing.T) {
	ctx, at := context.Background(), now
	key := keyOf(t, ES256)
	store := &keyStore{keys: []Key{key}}
	s := source(t, store, &at)
	away := errors.New("the database is away")
	store.set(away)
	if err := s.Refresh(ctx); !errors.Is(err, away) {
		t.Errorf("refresh: %v", err)
	}
	raw, err := s.Sign(ctx, ES256, sample())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Verify(ctx, raw, expect); err != nil {
		t.Error(err)
	}
	forged := sign(t, ringOf(t, fixed(t, ES256, "stranger")), ES256, sample())
	if _, err := s.Verify(ctx, forged, expect); !errors.Is(err, away) {
		t.Errorf("an unknown kid without a database: %v, want its error", err)
	}
	bad := key
	bad.Alg = RS256
	store.set(nil, bad)
	if err := s.Refresh(ctx); err == nil || len(s.Ring().Keys()) != 1 {
		t.Errorf("a broken key took the place of good ones (%v)", err)
	}
}

func TestSourceRevokes(t *testing.T) {
	ctx, at := context.Background(), now
	leaked, next := fixed(t, ES256, "leaked"), fixed(t, ES256, "next")
	store := &keyStore{keys: []Key{leaked, next}}
	s := source(t, store, &at)
	raw := sign(t, ringOf(t, leaked), ES256, sample())
	leaked.Revoked = true
	store.set(nil, leaked, next)
	if err := s.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Verify(ctx, raw, expect); fault.CodeOf(err) != fault.TokenInvalid {
		t.Errorf("%v, want token_invalid", err)
	}
}

func TestWatch(t *testing.T) {
	at := now
	leaked := fixed(t, ES256, "leaked")
	store := &keyStore{keys: []Key{leaked}}
	s := source(t, store, &at)
	raw := sign(t, s.Ring(), ES256, sample())
	ctx, cancel := context.WithCancel(context.Background())
	ticks, failures, ended := make(chan time.Time), make(chan error, 1), make(chan struct{})
	go func() {
		defer close(ended)
		s.Watch(ctx, ticks, func(err error) { failures <- err })
	}()
	away := errors.New("away")
	store.set(away)
	ticks <- now
	if err := <-failures; !errors.Is(err, away) {
		t.Errorf("told of %v", err)
	}
	leaked.Revoked = true
	store.set(nil, leaked)
	ticks <- now
	ticks <- now // Taken only when the refresh before is done.
	if _, err := s.Verify(ctx, raw, expect); fault.CodeOf(err) != fault.TokenInvalid {
		t.Errorf("%v, want token_invalid", err)
	}
	cancel()
	<-ended
}

// TestSourceMakesTheKeyOfAnAlgorithm: whatever algorithm a store selects, the first token finds or makes its key, once.
func TestSourceMakesTheKeyOfAnAlgorithm(t *testing.T) {
	ctx, at := context.Background(), now
	store := &keyStore{}
	s := source(t, store, &at)
	for i, alg := range []Alg{ES256, EdDSA, Ed25519, RS256} {
		for range 2 {
			raw, err := s.Sign(ctx, alg, sample())
			if err != nil {
				t.Fatalf("%s: %v", alg, err)
			}
			if _, err := s.Verify(ctx, raw, expect); err != nil {
				t.Errorf("%s: %v", alg, err)
			}
		}
		if got := len(s.Ring().Keys()); got != i+1 {
			t.Errorf("%d keys after %s, want %d", got, alg, i+1)
		}
		if err := s.Use(ctx, alg); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
	if _, err := s.Sign(ctx, "none", sample()); !errors.Is(err, ErrNoSigningKey) {
		t.Errorf("%v, want ErrNoSigningKey", err)
	}
	store.set(errors.New("away"))
	if _, err := s.Sign(ctx, ES256, sample()); err != nil {
		t.Errorf("a known key needs no store: %v", err)
	}
	if _, err := OpenSource(ctx, store, time.Now); err == nil {
		t.Error("opened without keys to read")
	}
}

// TestDocuments: what is signed beside offer tokens verifies with the same keys, and never as an offer token.
func TestDocuments(t *testing.T) {
	for _, key := range allKeys(t) {
		r := ringOf(t, key)
		payload := []byte(payloadOf(t, sample()))
		raw, err := r.SignDocument(key.Alg, "redemption-receipt+jwt", payload, now)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256, jose.EdDSA, jose.RS256, "Ed25519"})
		if err != nil {
			t.Fatal(err)
		}
		if key.Alg != Ed25519 { // go-jose knows the signature by the name EdDSA only
			if got, err := parsed.Verify(key.Public); err != nil || string(got) != string(payload) {
				t.Errorf("%s: %s, %v", key.Alg, got, err)
			}
		}
		refused(t, r, string(key.Alg)+" receipt as an offer token", raw)
		for _, typ := range []string{"", Typ} {
			if _, err := r.SignDocument(key.Alg, typ, payload, now); err == nil {
				t.Errorf("signed a document of the type %q", typ)
			}
		}
		if _, err := ringOf(t).SignDocument(key.Alg, "x+jwt", payload, now); !errors.Is(err, ErrNoSigningKey) {
			t.Errorf("%v, want ErrNoSigningKey", err)
		}
	}
}

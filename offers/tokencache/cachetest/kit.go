// Package cachetest is the conformance kit of the token caches: every implementation passes Run.
package cachetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/laurel-gateway/laurel/offers/tokencache"
)

// Subject is one implementation under test.
type Subject struct {
	// New returns an empty cache.
	New func(t testing.TB) tokencache.Cache
	// Pass lets time pass: an injected clock moves at once, a real one is waited for.
	Pass func(d time.Duration)
	// Tick is the shortest time to live that can be told from none, with room for a slow machine.
	Tick time.Duration
}

// Run tests an implementation.
func Run(t *testing.T, s Subject) {
	for name, test := range map[string]func(*testing.T, Subject){
		"issued":          issued,
		"issued expires":  issuedExpires,
		"put replaces":    putReplaces,
		"not worth it":    notKept,
		"drop":            drop,
		"keys":            keysDoNotCollide,
		"dead":            dead,
		"dead expires":    deadExpires,
		"dead tenancy":    deadTenancy,
		"first reason":    firstReason,
		"ended context":   endedContext,
		"concurrent":      concurrent,
		"random commands": randomCommands,
	} {
		t.Run(name, func(t *testing.T) { test(t, s) })
	}
}

var end = time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC)

func entry(n int) tokencache.Entry {
	return tokencache.Entry{ID: fmt.Sprintf("tok_%d", n), Sealed: []byte{0, byte(n), 0xff}, ExpiresAt: end}
}

func put(t testing.TB, c tokencache.Cache, key string, e tokencache.Entry, ttl time.Duration) {
	t.Helper()
	if err := c.PutIssued(context.Background(), key, e, ttl); err != nil {
		t.Fatalf("put %q: %v", key, err)
	}
}

func mark(t testing.TB, c tokencache.Cache, store, jti string, r tokencache.Reason, ttl time.Duration) {
	t.Helper()
	if err := c.MarkDead(context.Background(), store, jti, r, ttl); err != nil {
		t.Fatalf("mark %s dead: %v", jti, err)
	}
}

func wantIssued(t testing.TB, c tokencache.Cache, key string, want *tokencache.Entry) {
	t.Helper()
	got, ok, err := c.GetIssued(context.Background(), key)
	switch {
	case err != nil:
		t.Fatalf("get %q: %v", key, err)
	case !ok && want != nil:
		t.Fatalf("get %q: not known", key)
	case ok && want == nil:
		t.Fatalf("get %q: %+v, want not known", key, got)
	case want != nil && (got.ID != want.ID || !bytes.Equal(got.Sealed, want.Sealed) || !got.ExpiresAt.Equal(want.ExpiresAt)):
		t.Fatalf("get %q: %+v, want %+v", key, got, *want)
	}
}

func wantDead(t testing.TB, c tokencache.Cache, store string, jtis []string, want map[string]tokencache.Reason) {
	t.Helper()
	got, err := c.Dead(context.Background(), store, jtis)
	if err != nil || got == nil {
		t.Fatalf("dead: %v, %v", got, err)
	}
	if len(got) != len(want) {
		t.Fatalf("dead: %v, want %v", got, want)
	}
	for jti, reason := range want {
		if got[jti] != reason {
			t.Fatalf("dead: %v, want %v", got, want)
		}
	}
}

func issued(t *testing.T, s Subject) {
	c := s.New(t)
	wantIssued(t, c, "k", nil)
	e := entry(1)
	put(t, c, "k", e, time.Hour)
	wantIssued(t, c, "k", &e)
	wantIssued(t, c, "K", nil)
	empty := tokencache.Entry{ExpiresAt: end}
	put(t, c, "empty", empty, time.Hour)
	wantIssued(t, c, "empty", &empty)
}

func issuedExpires(t *testing.T, s Subject) {
	c := s.New(t)
	e := entry(1)
	put(t, c, "long", e, time.Hour)
	put(t, c, "short", e, s.Tick)
	s.Pass(2 * s.Tick)
	wantIssued(t, c, "short", nil)
	wantIssued(t, c, "long", &e)
}

func putReplaces(t *testing.T, s Subject) {
	c := s.New(t)
	one, two := entry(1), entry(2)
	put(t, c, "k", one, s.Tick)
	put(t, c, "k", two, time.Hour)
	s.Pass(2 * s.Tick)
	wantIssued(t, c, "k", &two)
	put(t, c, "k", one, s.Tick)
	s.Pass(2 * s.Tick)
	wantIssued(t, c, "k", nil)
}

// notKept: what cannot be kept takes the place of what was: an old answer would be wrong.
func notKept(t *testing.T, s Subject) {
	large := tokencache.Entry{ID: "tok", Sealed: make([]byte, tokencache.MaxSealed+1), ExpiresAt: end}
	for name, p := range map[string]struct {
		entry tokencache.Entry
		ttl   time.Duration
	}{"no time": {entry(1), 0}, "past": {entry(1), -time.Second}, "large": {large, time.Hour}} {
		t.Run(name, func(t *testing.T) {
			c := s.New(t)
			put(t, c, "k", entry(9), time.Hour)
			put(t, c, "k", p.entry, p.ttl)
			wantIssued(t, c, "k", nil)
		})
	}
	c := s.New(t)
	mark(t, c, "sto", "j", tokencache.Spent, 0)
	mark(t, c, "sto", "j", tokencache.Spent, -time.Hour)
	wantDead(t, c, "sto", []string{"j"}, nil)
	fits := tokencache.Entry{ID: "tok", Sealed: make([]byte, tokencache.MaxSealed), ExpiresAt: end}
	put(t, c, "k", fits, time.Hour)
	wantIssued(t, c, "k", &fits)
}

func drop(t *testing.T, s Subject) {
	c := s.New(t)
	e := entry(1)
	put(t, c, "a", e, time.Hour)
	put(t, c, "b", e, time.Hour)
	for range 2 {
		if err := c.Drop(context.Background(), "a"); err != nil {
			t.Fatal(err)
		}
		wantIssued(t, c, "a", nil)
	}
	wantIssued(t, c, "b", &e)
}

func keysDoNotCollide(t *testing.T, s Subject) {
	c := s.New(t)
	keys := []string{"", "a", "a:b", "{a}", "{a}:b", "a{", "}a", "a b\r\nc", "\x00", "é", string(make([]byte, 4000))}
	for i, k := range keys {
		put(t, c, k, entry(i), time.Hour)
		mark(t, c, "sto", k, tokencache.Spent, time.Hour)
	}
	for i, k := range keys {
		e := entry(i)
		wantIssued(t, c, k, &e)
		wantDead(t, c, "sto", []string{k}, map[string]tokencache.Reason{k: tokencache.Spent})
	}
}

func dead(t *testing.T, s Subject) {
	c := s.New(t)
	wantDead(t, c, "sto", nil, nil)
	wantDead(t, c, "sto", []string{"a", "b"}, nil)
	mark(t, c, "sto", "a", tokencache.Spent, time.Hour)
	mark(t, c, "sto", "b", tokencache.Revoked, time.Hour)
	mark(t, c, "sto", "c", tokencache.Expired, time.Hour)
	wantDead(t, c, "sto", []string{"b", "x", "a", "c", "a"},
		map[string]tokencache.Reason{"a": tokencache.Spent, "b": tokencache.Revoked, "c": tokencache.Expired})
	for _, r := range []tokencache.Reason{"", "held", "SPENT"} {
		if err := c.MarkDead(context.Background(), "sto", "d", r, time.Hour); !errors.Is(err, tokencache.ErrReason) {
			t.Fatalf("mark dead for %q: %v, want ErrReason", r, err)
		}
	}
	wantDead(t, c, "sto", []string{"d"}, nil)
}

func deadExpires(t *testing.T, s Subject) {
	c := s.New(t)
	mark(t, c, "sto", "short", tokencache.Spent, s.Tick)
	mark(t, c, "sto", "long", tokencache.Spent, time.Hour)
	s.Pass(2 * s.Tick)
	wantDead(t, c, "sto", []string{"short", "long"}, map[string]tokencache.Reason{"long": tokencache.Spent})
	mark(t, c, "sto", "short", tokencache.Revoked, time.Hour)
	wantDead(t, c, "sto", []string{"short"}, map[string]tokencache.Reason{"short": tokencache.Revoked})
}

func deadTenancy(t *testing.T, s Subject) {
	c := s.New(t)
	mark(t, c, "sto_1", "j", tokencache.Spent, time.Hour)
	wantDead(t, c, "sto_2", []string{"j"}, nil)
	wantDead(t, c, "sto_1", []string{"j"}, map[string]tokencache.Reason{"j": tokencache.Spent})
}

func firstReason(t *testing.T, s Subject) {
	c := s.New(t)
	mark(t, c, "sto", "prolonged", tokencache.Spent, s.Tick)
	mark(t, c, "sto", "prolonged", tokencache.Revoked, time.Hour)
	mark(t, c, "sto", "not shortened", tokencache.Revoked, time.Hour)
	mark(t, c, "sto", "not shortened", tokencache.Spent, s.Tick)
	s.Pass(2 * s.Tick)
	wantDead(t, c, "sto", []string{"prolonged", "not shortened"},
		map[string]tokencache.Reason{"prolonged": tokencache.Spent, "not shortened": tokencache.Revoked})
}

func endedContext(t *testing.T, s Subject) {
	c := s.New(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, known, err := c.GetIssued(ctx, "k")
	if known || !errors.Is(err, context.Canceled) {
		t.Errorf("get: %v, %v", known, err)
	}
	_, deadErr := c.Dead(ctx, "sto", []string{"j"})
	for name, err := range map[string]error{
		"put":  c.PutIssued(ctx, "k", entry(1), time.Hour),
		"drop": c.Drop(ctx, "k"),
		"mark": c.MarkDead(ctx, "sto", "j", tokencache.Spent, time.Hour),
		"dead": deadErr,
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want the context's error", name, err)
		}
	}
}

func concurrent(t *testing.T, s Subject) {
	c := s.New(t)
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 50 {
				jti := fmt.Sprintf("tok_%d_%d", worker, i)
				put(t, c, jti, entry(i), time.Hour)
				mark(t, c, "sto", jti, tokencache.Spent, time.Hour)
				mark(t, c, "sto", "shared", tokencache.Revoked, time.Hour)
			}
		})
	}
	group.Wait()
	for worker := range 8 {
		for i := range 50 {
			jti := fmt.Sprintf("tok_%d_%d", worker, i)
			e := entry(i)
			wantIssued(t, c, jti, &e)
			wantDead(t, c, "sto", []string{jti, "shared"},
				map[string]tokencache.Reason{jti: tokencache.Spent, "shared": tokencache.Revoked})
		}
	}
}

// randomCommands compares the cache with two plain maps.
func randomCommands(t *testing.T, s Subject) {
	c := s.New(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		issued, dead := map[string]tokencache.Entry{}, map[string]tokencache.Reason{}
		store := fmt.Sprintf("sto_%d", round)
		name := rapid.SampledFrom([]string{"a", "b", "c", "d"})
		for range rapid.IntRange(1, 25).Draw(r, "commands") {
			key := name.Draw(r, "key")
			switch rapid.IntRange(0, 2).Draw(r, "command") {
			case 0:
				issued[key] = entry(rapid.IntRange(0, 255).Draw(r, "entry"))
				put(t, c, store+key, issued[key], time.Hour)
			case 1:
				delete(issued, key)
				if err := c.Drop(context.Background(), store+key); err != nil {
					r.Fatal(err)
				}
			case 2:
				reason := rapid.SampledFrom([]tokencache.Reason{tokencache.Spent, tokencache.Revoked}).Draw(r, "reason")
				if _, ok := dead[key]; !ok {
					dead[key] = reason
				}
				mark(t, c, store, key, reason, time.Hour)
			}
		}
		for _, key := range []string{"a", "b", "c", "d"} {
			if e, ok := issued[key]; ok {
				wantIssued(t, c, store+key, &e)
			} else {
				wantIssued(t, c, store+key, nil)
			}
		}
		wantDead(t, c, store, []string{"a", "b", "c", "d"}, dead)
	})
}

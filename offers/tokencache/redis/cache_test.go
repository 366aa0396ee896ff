package redis

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/laurel-gateway/laurel/internal/circuit"
	"github.com/laurel-gateway/laurel/internal/testredis"
	"github.com/laurel-gateway/laurel/offers/tokencache"
	"github.com/laurel-gateway/laurel/offers/tokencache/cachetest"
)

// patient is a budget that no loaded test machine exceeds.
const patient = 20 * time.Second

type clock struct{ offset atomic.Int64 }

func (c *clock) Now() time.Time       { return time.Unix(1_900_000_000, c.offset.Load()) }
func (c *clock) Pass(d time.Duration) { c.offset.Add(int64(d)) }

// hook counts what the guard tells.
type hook struct {
	mu            sync.Mutex
	failed, spare int
	last          error
}

func (h *hook) away(_ string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if errors.Is(err, circuit.ErrOpen) {
		h.spare++
		return
	}
	h.failed++
	h.last = err
}

func (h *hook) counts() (failed, spare int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.failed, h.spare
}

func client(t testing.TB, cfg Config) redis.UniversalClient {
	t.Helper()
	c, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// waitFor lets the server's own time pass.
func waitFor(t testing.TB, c redis.UniversalClient, d time.Duration) {
	t.Helper()
	ctx := context.Background()
	start, err := c.Time(ctx).Result()
	for now := start; err == nil && now.Sub(start) <= d; {
		<-time.After(10 * time.Millisecond)
		now, err = c.Time(ctx).Result()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func conformance(t *testing.T, c redis.UniversalClient) {
	cachetest.Run(t, cachetest.Subject{
		New: func(t testing.TB) tokencache.Cache {
			// A prefix for each test keeps them apart without flushing.
			return New(c, Options{Prefix: t.Name() + ":", Budget: patient, Away: func(op string, err error) {
				t.Errorf("%s: redis is away: %v", op, err)
			}})
		},
		Pass: func(d time.Duration) { waitFor(t, c, d) },
		Tick: 300 * time.Millisecond,
	})
}

func TestConformance(t *testing.T) {
	conformance(t, client(t, Config{URL: testredis.Start(t).URL()}))
}

func TestConformanceOnACluster(t *testing.T) {
	conformance(t, client(t, Config{URL: testredis.StartCluster(t).URL()}))
}

// TestRedisDies: a killed Redis costs a few quick failures, then nothing, and is used again when it is back.
func TestRedisDies(t *testing.T) {
	for name, away := range map[string]func(*testredis.Server){
		"killed": (*testredis.Server).Kill, "frozen": (*testredis.Server).Freeze,
	} {
		t.Run(name, func(t *testing.T) {
			var now clock
			var h hook
			ctx := context.Background()
			server := testredis.Start(t)
			const budget = 50 * time.Millisecond
			c := New(client(t, Config{URL: server.URL()}), Options{Budget: budget, Away: h.away, Now: now.Now})
			until(t, &now, "the first answer", func() bool { return knows(t, c, "before") })

			away(server)
			start := time.Now()
			for range 300 {
				if err := c.MarkDead(ctx, "sto", "j", tokencache.Spent, time.Hour); err != nil {
					t.Fatalf("mark dead: %v", err)
				}
				if _, known, err := c.GetIssued(ctx, "before"); known || err != nil {
					t.Fatalf("get: %v, %v, want not known", known, err)
				}
				if got, err := c.Dead(ctx, "sto", []string{"j"}); len(got) != 0 || got == nil || err != nil {
					t.Fatalf("dead: %v, %v, want none known", got, err)
				}
			}
			// 900 calls, of which only the first few reach for Redis.
			if took := time.Since(start); took > 5*budget+2*time.Second {
				t.Errorf("900 calls without Redis took %v", took)
			}
			if !c.Away() {
				t.Error("the circuit is not open")
			}
			failed, spare := h.counts()
			if failed > 10 || spare < 800 {
				t.Errorf("%d calls reached for Redis and %d did not, want a few and the rest", failed, spare)
			}

			server.Restart()
			until(t, &now, "recovery", func() bool { return knows(t, c, "after") && !c.Away() })
		})
	}
}

func TestRedisIsAwayAtTheStart(t *testing.T) {
	var now clock
	var h hook
	server := testredis.Start(t)
	server.Stop()
	c := New(client(t, Config{URL: server.URL()}), Options{Budget: 50 * time.Millisecond, Away: h.away, Now: now.Now})
	if knows(t, c, "k") {
		t.Fatal("known without Redis")
	}
	if err := c.Ping(context.Background()); err == nil {
		t.Error("a dead Redis answers to ping")
	}
	server.Restart()
	until(t, &now, "the first answer", func() bool { return knows(t, c, "k") })
	if err := c.Ping(context.Background()); err != nil {
		t.Error(err)
	}
}

// TestForeignValues: what another version or a stranger wrote is not known, and breaks nothing.
func TestForeignValues(t *testing.T) {
	ctx := context.Background()
	raw := client(t, Config{URL: testredis.Start(t).URL()})
	c := New(raw, Options{Budget: patient})
	good := encodeEntry(tokencache.Entry{ID: "tok", Sealed: []byte("s"), ExpiresAt: time.Unix(1, 0)})
	for name, value := range map[string][]byte{
		"empty": {}, "short": good[:9], "cut id": good[:11], "version": append([]byte{9}, good[1:]...),
	} {
		if err := raw.Set(ctx, c.issuedKey("k"), value, time.Hour).Err(); err != nil {
			t.Fatal(err)
		}
		if e, known, err := c.GetIssued(ctx, "k"); known || err != nil {
			t.Errorf("%s: %+v, %v, %v", name, e, known, err)
		}
	}
	if err := raw.Set(ctx, c.deadKey("sto", "j"), "held", time.Hour).Err(); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Dead(ctx, "sto", []string{"j"}); len(got) != 0 || err != nil {
		t.Errorf("dead: %v, %v", got, err)
	}
}

// TestEverythingExpires: Redis keeps nothing for ever, and no key tells who the customer is.
func TestEverythingExpires(t *testing.T) {
	ctx := context.Background()
	raw := client(t, Config{URL: testredis.Start(t).URL()})
	c := New(raw, Options{Budget: patient})
	if err := c.PutIssued(ctx, "sto_1|off_1|ada@example.org", tokencache.Entry{ID: "tok"}, time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := c.MarkDead(ctx, "sto_1", "tok", tokencache.Spent, time.Hour); err != nil {
		t.Fatal(err)
	}
	keys, err := raw.Keys(ctx, "*").Result()
	if err != nil || len(keys) != 2 {
		t.Fatalf("keys: %v, %v", keys, err)
	}
	for _, k := range keys {
		ttl, err := raw.PTTL(ctx, k).Result()
		if err != nil || ttl <= 0 || ttl > time.Hour {
			t.Errorf("%s lives for %v (%v)", k, ttl, err)
		}
		if k != c.issuedKey("sto_1|off_1|ada@example.org") && k != "laurel:dead:{sto_1}:tok" {
			t.Errorf("the key %q", k)
		}
	}
}

func knows(t *testing.T, c *Cache, key string) bool {
	t.Helper()
	if err := c.PutIssued(context.Background(), key, tokencache.Entry{ID: "tok"}, time.Hour); err != nil {
		t.Fatal(err)
	}
	_, known, err := c.GetIssued(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// until tries again while the breaker's clock goes on.
func until(t *testing.T, now *clock, what string, condition func() bool) {
	t.Helper()
	for range 400 {
		if condition() {
			return
		}
		now.Pass(time.Second)
		<-time.After(5 * time.Millisecond)
	}
	t.Fatalf("no %s", what)
}

func BenchmarkGetIssued(b *testing.B) {
	c := New(client(b, Config{URL: testredis.Start(b).URL()}), Options{Budget: patient})
	if err := c.PutIssued(context.Background(), "k", tokencache.Entry{Sealed: make([]byte, 700)}, time.Hour); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, known, err := c.GetIssued(context.Background(), "k"); err != nil || !known {
				b.Error(known, err)
				return
			}
		}
	})
}

// Package redis keeps issued tokens and dead marks in Redis, for any number of replicas.
//
// Redis makes things faster and decides nothing. Every call has a small time budget and stands behind a circuit
// breaker: with Redis dead or slow, calls answer "not known" at nearly no cost, and Redis is used again when it is back.
package redis

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/laurel-gateway/laurel/internal/circuit"
	"github.com/laurel-gateway/laurel/offers/tokencache"
)

// DefaultBudget is how long one call may take.
const DefaultBudget = 15 * time.Millisecond

// Options of a Cache. Zero fields take the defaults.
type Options struct {
	// Prefix stands before every key; "laurel:" when empty. Gateways that share a Redis need different ones.
	Prefix string
	// Budget is how long one call may take; DefaultBudget when zero.
	Budget time.Duration
	// Away is told of every call that failed or was not made (circuit.ErrOpen), to count it. It may be nil.
	Away func(operation string, err error)
	// Now is the clock of the circuit breaker; time.Now when nil.
	Now func() time.Time
}

// Cache implements tokencache.Cache.
type Cache struct {
	client redis.UniversalClient
	prefix string
	guard  *circuit.Guard
}

// New returns a cache on a client of Open. The client stays the caller's to close.
func New(client redis.UniversalClient, o Options) *Cache {
	if o.Prefix == "" {
		o.Prefix = "laurel:"
	}
	if o.Budget <= 0 {
		o.Budget = DefaultBudget
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Cache{client: client, prefix: o.Prefix, guard: circuit.NewGuard(o.Now, o.Budget, o.Away)}
}

// Away reports whether Redis is taken for dead, for the readiness page.
func (c *Cache) Away() bool { return c.guard.Open() }

// issuedKey hashes the key: it holds a customer or a person tag, and may be long. Such keys stand alone in their
// commands, so nothing needs to tie them to one slot.
func (c *Cache) issuedKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return c.prefix + "issued:" + base64.RawURLEncoding.EncodeToString(sum[:])
}

// deadKey ties all marks of a store to one slot of a cluster: Dead asks for several at once.
func (c *Cache) deadKey(store, jti string) string {
	return c.prefix + "dead:{" + store + "}:" + jti
}

// GetIssued implements tokencache.Cache.
func (c *Cache) GetIssued(ctx context.Context, key string) (tokencache.Entry, bool, error) {
	var raw []byte
	ok, err := c.guard.Do(ctx, "get_issued", func(ctx context.Context) error {
		var err error
		raw, err = c.client.Get(ctx, c.issuedKey(key)).Bytes()
		if errors.Is(err, redis.Nil) {
			return nil
		}
		return err
	})
	if err != nil || !ok || raw == nil {
		return tokencache.Entry{}, false, err
	}
	entry, ok := decodeEntry(raw)
	return entry, ok, nil
}

// PutIssued implements tokencache.Cache.
func (c *Cache) PutIssued(ctx context.Context, key string, e tokencache.Entry, ttl time.Duration) error {
	if ttl <= 0 || len(e.Sealed) > tokencache.MaxSealed || len(e.ID) > 255 {
		return c.Drop(ctx, key)
	}
	_, err := c.guard.Do(ctx, "put_issued", func(ctx context.Context) error {
		return c.client.Set(ctx, c.issuedKey(key), encodeEntry(e), atLeast(ttl)).Err()
	})
	return err
}

// Drop implements tokencache.Cache.
func (c *Cache) Drop(ctx context.Context, key string) error {
	_, err := c.guard.Do(ctx, "drop", func(ctx context.Context) error {
		return c.client.Del(ctx, c.issuedKey(key)).Err()
	})
	return err
}

// MarkDead implements tokencache.Cache.
func (c *Cache) MarkDead(ctx context.Context, store, jti string, reason tokencache.Reason, ttl time.Duration) error {
	if !reason.Valid() {
		return tokencache.ErrReason
	}
	if ttl <= 0 {
		return ctx.Err()
	}
	ttl = atLeast(ttl)
	_, err := c.guard.Do(ctx, "mark_dead", func(ctx context.Context) error {
		key := c.deadKey(store, jti)
		_, err := c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			// PEXPIRE … GT by hand: go-redis's ExpireGT counts in seconds.
			p.Do(ctx, "SET", key, string(reason), "NX", "PX", ttl.Milliseconds())
			p.Do(ctx, "PEXPIRE", key, ttl.Milliseconds(), "GT")
			return nil
		})
		if errors.Is(err, redis.Nil) { // NX found an earlier reason.
			return nil
		}
		return err
	})
	return err
}

// Dead implements tokencache.Cache.
func (c *Cache) Dead(ctx context.Context, store string, jtis []string) (map[string]tokencache.Reason, error) {
	found := make(map[string]tokencache.Reason)
	if len(jtis) == 0 {
		return found, ctx.Err()
	}
	keys := make([]string, len(jtis))
	for i, jti := range jtis {
		keys[i] = c.deadKey(store, jti)
	}
	var values []any
	ok, err := c.guard.Do(ctx, "dead", func(ctx context.Context) error {
		var err error
		values, err = c.client.MGet(ctx, keys...).Result()
		return err
	})
	if err != nil {
		return nil, err
	}
	if !ok || len(values) != len(jtis) {
		return found, nil
	}
	for i, v := range values {
		if s, isText := v.(string); isText && tokencache.Reason(s).Valid() {
			found[jtis[i]] = tokencache.Reason(s)
		}
	}
	return found, nil
}

// atLeast rounds up to the millisecond, the finest that Redis knows.
func atLeast(ttl time.Duration) time.Duration {
	return (ttl + time.Millisecond - 1).Truncate(time.Millisecond)
}

// An entry is a version, the end in Unix seconds (8 bytes), the length of the id (1 byte), the id, the sealed text.
const (
	entryVersion = 1
	entryHeader  = 10
)

func encodeEntry(e tokencache.Entry) []byte {
	out := make([]byte, 0, entryHeader+len(e.ID)+len(e.Sealed))
	out = append(out, entryVersion)
	out = binary.BigEndian.AppendUint64(out, uint64(e.ExpiresAt.Unix()))
	out = append(out, byte(len(e.ID)))
	out = append(out, e.ID...)
	return append(out, e.Sealed...)
}

// decodeEntry takes what another version of the gateway wrote, or anybody else, for not known.
func decodeEntry(raw []byte) (tokencache.Entry, bool) {
	if len(raw) < entryHeader || raw[0] != entryVersion || len(raw) < entryHeader+int(raw[9]) {
		return tokencache.Entry{}, false
	}
	end := entryHeader + int(raw[9])
	return tokencache.Entry{
		ID:        string(raw[entryHeader:end]),
		Sealed:    raw[end:],
		ExpiresAt: time.Unix(int64(binary.BigEndian.Uint64(raw[1:9])), 0).UTC(),
	}, true
}

// Ping asks Redis whether it is there, without the circuit breaker: for the start and for readiness.
func (c *Cache) Ping(ctx context.Context) error {
	if err := c.client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("ping redis: %w", err)
	}
	return nil
}

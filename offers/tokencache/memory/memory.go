// Package memory keeps issued tokens and dead marks in the process: the cache of a single process.
package memory

import (
	"context"
	"fmt"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/laurel-gateway/laurel/offers/tokencache"
)

// Config bounds a cache. Zero fields take the defaults.
type Config struct {
	// MaxIssued is how many issued tokens are kept; 50,000 when zero (about 1 KB each).
	MaxIssued int
	// MaxDead is how many dead marks are kept; 500,000 when zero (about 100 bytes each).
	MaxDead int
	// Now is the clock; time.Now when nil.
	Now func() time.Time
}

// Cache implements tokencache.Cache.
type Cache struct {
	now    func() time.Time
	issued *otter.Cache[string, issued]
	dead   *marks
}

type issued struct {
	entry tokencache.Entry
	until time.Time
}

// New returns an empty cache. Close it to end its goroutines.
func New(cfg Config) (*Cache, error) {
	if cfg.MaxIssued == 0 {
		cfg.MaxIssued = 50_000
	}
	if cfg.MaxDead == 0 {
		cfg.MaxDead = 500_000
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.MaxIssued < 0 || cfg.MaxDead < 0 {
		return nil, fmt.Errorf("a token cache of negative size")
	}
	c := &Cache{now: cfg.Now, dead: newMarks(cfg.MaxDead, cfg.Now)}
	store, err := otter.New(&otter.Options[string, issued]{
		MaximumSize: cfg.MaxIssued,
		// Frees memory only: what is still good is decided by the cache's own clock, at reading.
		ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[string, issued]) time.Duration {
			return max(e.Value.until.Sub(c.now()), time.Millisecond)
		}),
	})
	if err != nil {
		return nil, fmt.Errorf("make the cache of issued tokens: %w", err)
	}
	c.issued = store
	return c, nil
}

// Close ends the goroutines. The cache must not be used after it.
func (c *Cache) Close() { c.issued.StopAllGoroutines() }

// GetIssued implements tokencache.Cache.
func (c *Cache) GetIssued(ctx context.Context, key string) (tokencache.Entry, bool, error) {
	if err := ctx.Err(); err != nil {
		return tokencache.Entry{}, false, err
	}
	v, ok := c.issued.GetIfPresent(key)
	if !ok || !c.now().Before(v.until) {
		return tokencache.Entry{}, false, nil
	}
	return v.entry, true, nil
}

// PutIssued implements tokencache.Cache.
func (c *Cache) PutIssued(ctx context.Context, key string, e tokencache.Entry, ttl time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if ttl <= 0 || len(e.Sealed) > tokencache.MaxSealed {
		c.issued.Invalidate(key)
		return nil
	}
	e.ExpiresAt = e.ExpiresAt.UTC().Truncate(time.Second)
	c.issued.Set(key, issued{entry: e, until: c.now().Add(ttl)})
	return nil
}

// Drop implements tokencache.Cache.
func (c *Cache) Drop(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.issued.Invalidate(key)
	return nil
}

// MarkDead implements tokencache.Cache.
func (c *Cache) MarkDead(ctx context.Context, store, jti string, reason tokencache.Reason, ttl time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !reason.Valid() {
		return tokencache.ErrReason
	}
	if ttl > 0 {
		c.dead.put(mark{store, jti}, reason, ttl)
	}
	return nil
}

// Dead implements tokencache.Cache.
func (c *Cache) Dead(ctx context.Context, store string, jtis []string) (map[string]tokencache.Reason, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	found := make(map[string]tokencache.Reason)
	for _, jti := range jtis {
		if reason, ok := c.dead.get(mark{store, jti}); ok {
			found[jti] = reason
		}
	}
	return found, nil
}

package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/ratelimit"
	"github.com/laurel-gateway/laurel/internal/telemetry"
	"github.com/laurel-gateway/laurel/offers/tokencache"
	"github.com/laurel-gateway/laurel/offers/tokencache/memory"
	"github.com/laurel-gateway/laurel/offers/tokencache/redis"
)

// caches are what makes answers faster and is never needed for a right one.
type caches struct {
	tokens  tokencache.Cache
	limiter ratelimit.Limiter
	// ping asks Redis; nil without one.
	ping func(context.Context) error
}

func (g *Gateway) openCaches() error {
	local := ratelimit.NewLocal(0, time.Now)
	c := g.Config.Redis
	if !c.URL.IsSet() {
		m, err := memory.New(memory.Config{Now: time.Now})
		if err != nil {
			return fmt.Errorf("open the cache: %w", err)
		}
		g.closeLater(closing(m.Close))
		g.cache = caches{tokens: m, limiter: local}
		return nil
	}
	redis.LogTo(g.log)
	client, err := redis.Open(redis.Config{URL: c.URL.Reveal(), Cluster: c.Cluster, MasterName: c.MasterName})
	if err != nil {
		return fmt.Errorf("open Redis: %w", err)
	}
	g.closeLater(client)
	away := func(name string) func(string, error) {
		return func(string, error) { g.Metrics.Cache(name, telemetry.Unavailable) }
	}
	r := redis.New(client, redis.Options{Budget: c.Budget, Away: away("tokens"), Now: time.Now})
	g.cache = caches{
		tokens:  r,
		limiter: ratelimit.NewShared(client, local, ratelimit.Options{Budget: c.Budget, Away: away("limits"), Now: time.Now}),
		ping:    r.Ping,
	}
	return nil
}

// closing makes a Closer of what cannot fail to close.
type closing func()

// Close implements io.Closer.
func (c closing) Close() error {
	c()
	return nil
}

// errRedisAway is what readiness says while Redis does not answer.
var errRedisAway = errors.New("redis does not answer: requests succeed from the database, slower")

// countedCache counts what the token cache answers.
type countedCache struct {
	tokencache.Cache
	metrics *telemetry.Metrics
}

// GetIssued implements tokencache.Cache.
func (c countedCache) GetIssued(ctx context.Context, key string) (tokencache.Entry, bool, error) {
	e, ok, err := c.Cache.GetIssued(ctx, key)
	c.count("issued", ok)
	return e, ok, err
}

// Dead implements tokencache.Cache.
func (c countedCache) Dead(ctx context.Context, store string, jtis []string) (map[string]tokencache.Reason, error) {
	dead, err := c.Cache.Dead(ctx, store, jtis)
	c.count("dead", len(dead) > 0)
	return dead, err
}

func (c countedCache) count(name string, hit bool) {
	outcome := telemetry.Miss
	if hit {
		outcome = telemetry.Hit
	}
	c.metrics.Cache(name, outcome)
}

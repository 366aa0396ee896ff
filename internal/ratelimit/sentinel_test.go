package ratelimit

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/laurel-gateway/laurel/internal/testredis"
)

func watched(t *testing.T, s *testredis.Sentinel) redis.UniversalClient {
	t.Helper()
	c := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs: strings.Split(strings.TrimPrefix(s.URL(), "redis://"), ","), MasterName: testredis.MasterName, ContextTimeoutEnabled: true,
	})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func onSentinel(t *testing.T) subject { return onClient(t, watched(t, testredis.StartSentinel(t))) }

// TestTheSentinelsPromoteAReplica: while there is no master the process limits for itself; then the promoted replica is
// used.
func TestTheSentinelsPromoteAReplica(t *testing.T) {
	var now clock
	servers := testredis.StartSentinel(t)
	s := NewShared(watched(t, servers), NewLocal(0, now.Now), Options{Budget: 200 * time.Millisecond, Now: now.Now})
	use := func(key string, rate Rate) bool {
		r, err := s.Allow(context.Background(), key, rate)
		if err != nil {
			t.Fatal(err)
		}
		return r.Allowed
	}
	use("before", PerHour(1))
	servers.Master.Kill()
	allowed := 0
	for range 20 {
		if use("k", PerHour(3)) {
			allowed++
		}
	}
	if allowed < 3 || allowed > 6 {
		t.Errorf("%d uses are allowed while the master changes, want 3 by this process and at most 3 by Redis", allowed)
	}
	promoted := servers.Replica.Client()
	for range 400 {
		now.Pass(time.Second)
		use("after", PerSecond(1000))
		if keys, err := promoted.Keys(context.Background(), "*after*").Result(); err == nil && len(keys) > 0 && !s.Away() {
			return
		}
		<-time.After(25 * time.Millisecond)
	}
	t.Error("the promoted replica is not used")
}

package redis

import (
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/testredis"
)

func TestConformanceOnSentinel(t *testing.T) {
	conformance(t, client(t, Config{URL: testredis.StartSentinel(t).URL(), MasterName: testredis.MasterName}))
}

// TestTheSentinelsPromoteAReplica: while there is no master nothing is known; then the promoted replica is used.
func TestTheSentinelsPromoteAReplica(t *testing.T) {
	var now clock
	var h hook
	servers := testredis.StartSentinel(t)
	c := New(client(t, Config{URL: servers.URL(), MasterName: testredis.MasterName}), Options{Budget: 200 * time.Millisecond, Away: h.away, Now: now.Now})
	until(t, &now, "the first answer", func() bool { return knows(t, c, "before") })
	servers.Master.Kill()
	until(t, &now, "loss of the master", func() bool { return !knows(t, c, "during") })
	promoted := servers.Replica.Client()
	until(t, &now, "recovery", func() bool {
		<-time.After(20 * time.Millisecond) // as long as the sentinels need, not as the breaker's clock says
		return knows(t, c, "after") && !c.Away()
	})
	if keys, err := promoted.Keys(t.Context(), "*").Result(); err != nil || len(keys) == 0 {
		t.Errorf("the promoted replica has %v (%v)", keys, err)
	}
}

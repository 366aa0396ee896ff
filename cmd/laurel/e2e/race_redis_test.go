package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/testredis"
	"github.com/laurel-gateway/laurel/offers"
)

const (
	// slowest is how much longer a redeem may take because of Redis.
	slowest = 20 * time.Millisecond
	// noise is what a busy test machine may add to a measurement.
	noise = 60 * time.Millisecond
)

// TestRedisFaults: with Redis lost, emptied, slow or half-open everything is right, and a redeem takes at most 20 ms
// longer.
func TestRedisFaults(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		cache := testredis.Start(t)
		way := testredis.StartProxy(t, cache)
		a := openArena(t, p.with("LAUREL_REDIS_URL="+way.URL()))
		r := a.open(t, "Redis faults")
		offer := r.limited(t, offers.Limits{Total: 10_000})
		healthy := r.timed(t, offer, "healthy")
		flush := a.flush(cache)
		for _, fault := range []struct {
			name  string
			begin func()
		}{
			{"slow, 500 ms", func() { way.Delay(500 * time.Millisecond) }},
			{"slow, 12 ms", func() { way.Delay(12 * time.Millisecond) }},
			{"half-open", way.Silence},
			{"lost", way.Refuse},
			{"emptied", func() { way.Heal(); flush() }},
		} {
			r.ready(t)
			fault.begin()
			got := r.timed(t, offer, fault.name)
			t.Logf("redeem with Redis %s: p50 %v, p99 %v; healthy p50 %v, p99 %v", fault.name, got.p50, got.p99, healthy.p50, healthy.p99)
			if got.p50 > healthy.p50+slowest || got.p99 > healthy.p99+slowest+noise {
				t.Errorf("Redis %s makes a redeem slower than by %v: p50 %v, p99 %v; healthy p50 %v, p99 %v",
					fault.name, slowest, got.p50, got.p99, healthy.p50, healthy.p99)
			}
			way.Heal()
		}
		r.ready(t)
		r.booksAgree(t)
	})
}

// ready waits until every process has its Redis.
func (r *track) ready(t *testing.T) {
	t.Helper()
	eventually(t, "the processes have their Redis", func() bool {
		for _, c := range r.callers {
			if a := c.ask(t, get("/readyz")); a.status != http.StatusOK || a.text("status") != "ready" {
				return false
			}
		}
		return true
	})
}

// times are how long redeems took.
type times struct{ p50, p99 time.Duration }

// timed redeems one order after another, in turn on the processes, and spends every token again: what Redis no longer
// knows, the database does.
func (r *track) timed(t *testing.T, offer, name string) times {
	t.Helper()
	const n = 60
	var took []time.Duration
	for i := range n {
		c, who := r.callers[i%replicaCount], fmt.Sprintf("%s-%d", name, i)
		given := token(t, c, offer, who)
		q := redemption(given, who, "o-"+who)
		start := time.Now()
		c.must(t, http.StatusCreated, q)
		took = append(took, time.Since(start))
		if i%6 == 0 {
			if a := r.callers[(i+1)%replicaCount].ask(t, redemption(given, who, "again-"+who)); a.outcome() != "409 token_spent" {
				t.Errorf("a spent token with Redis %s: %v", name, a)
			}
		}
	}
	slices.Sort(took)
	return times{took[n/2], took[n-1]}
}

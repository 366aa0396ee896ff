package e2e

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/internal/testredis"
	"github.com/laurel-gateway/laurel/offers"
)

// TestFaultsInTheMiddleOfARace: while three processes redeem a limited offer, one is killed and comes back, Redis is
// emptied and, on PostgreSQL, the primary is killed and its standby promoted. Nothing is redeemed beyond the limit, no
// use is lost, no order that was paid while its hold lived is refused.
func TestFaultsInTheMiddleOfARace(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		cache := testredis.Start(t)
		a := openArena(t, onSQLite(t).with("LAUREL_REDIS_URL="+cache.URL()))
		raceThrough(t, a, a.crash(1), a.flush(cache), a.crash(2))
	})
	t.Run("postgres", func(t *testing.T) {
		cache, pair := testredis.Start(t), testdb.StartPair(t)
		migrate(t, pair.URL())
		a := openArena(t, place{dataDir: t.TempDir(), postgres: pair.URL()}.with("LAUREL_REDIS_URL="+cache.URL()))
		raceThrough(t, a, a.crash(1), a.flush(cache), pair.Fail, a.crash(2))
	})
}

// crash kills a process and starts it again.
func (a *arena) crash(i int) func() {
	return func() {
		a.kill(i)
		a.revive(i)
	}
}

func (a *arena) flush(cache *testredis.Server) func() {
	return func() {
		if err := cache.Client().FlushAll(context.Background()).Err(); err != nil {
			a.t.Errorf("flush redis: %v", err)
		}
	}
}

const (
	stormOrders  = 240
	stormLimit   = 160
	stormWorkers = 12
)

// storm is many orders for one limited offer, and what became of each.
type storm struct {
	*track
	given []answer
	next  atomic.Int64

	mu sync.Mutex
	// ends are the last answers, and asked what they answer, by order.
	ends  map[int]answer
	asked map[int]request
}

// raceThrough has workers redeem while the faults happen, evenly over the way, and looks at what is left.
func raceThrough(t *testing.T, a *arena, faults ...func()) {
	t.Helper()
	r := a.open(t, "Storm")
	offer := r.limited(t, offers.Limits{Total: stormLimit})
	s := &storm{track: r, given: r.issue(t, offer, stormOrders), ends: map[int]answer{}, asked: map[int]request{}}
	at := map[int]func(){}
	for i, f := range faults {
		// Most of it before the limit is reached.
		at[(i+1)*stormLimit/(len(faults)+1)] = f
	}
	ctx := wait(t)
	var workers, happening sync.WaitGroup
	for range stormWorkers {
		workers.Go(func() {
			for i := int(s.next.Add(1)) - 1; i < stormOrders; i = int(s.next.Add(1)) - 1 {
				if f := at[i]; f != nil {
					happening.Go(f)
				}
				s.order(ctx, t, i)
			}
		})
	}
	workers.Wait()
	happening.Wait()
	s.redeemedExactly(t, offer)
	s.replayed(ctx, t)
	r.booksAgree(t)
}

// order takes one order through: every second one in one step, the others by a hold that is paid later.
func (s *storm) order(ctx context.Context, t *testing.T, i int) {
	order := fmt.Sprintf("o-%d", i)
	q := redemption(s.given[i].text("token"), customer(i), order)
	if i%2 == 1 {
		held, err := s.insist(ctx, i, reserved(s.given[i].text("token"), customer(i), "a-"+order))
		if err != nil {
			t.Error(err)
			return
		}
		if held.status != http.StatusCreated {
			s.note(i, q, held)
			return
		}
		q = redeemHold(held.text("reservation_id"), order)
	}
	got, err := s.insist(ctx, i+1, q)
	if err != nil {
		t.Error(err)
		return
	}
	if i%2 == 1 && got.status != http.StatusOK {
		t.Errorf("a paid order was refused while its hold lives: %v", got)
	}
	s.note(i, q, got)
}

func (s *storm) note(i int, q request, a answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends[i], s.asked[i] = a, q
}

// redeemedExactly expects as many redemptions as the limit allows: each acknowledged one once, and no other.
func (s *storm) redeemedExactly(t *testing.T, offer string) {
	t.Helper()
	acknowledged := map[string]string{}
	for i, a := range s.ends {
		switch {
		case a.status < 300:
			acknowledged[a.text("redemption_id")] = fmt.Sprintf("o-%d", i)
		case a.outcome() != "409 limit_reached":
			t.Errorf("order %d: %v", i, a)
		}
	}
	if len(s.ends) != stormOrders || len(acknowledged) != stormLimit {
		t.Errorf("%d of %d orders were answered, %d redeemed, want %d", len(s.ends), stormOrders, len(acknowledged), stormLimit)
	}
	rows := read(t, s.place.open(t), "SELECT id, order_id FROM redemptions WHERE store_id = "+quoted(s.id))
	for _, row := range rows {
		if order, ok := acknowledged[text(row["id"])]; !ok || order != text(row["order_id"]) {
			t.Errorf("redemption %v of %v was acknowledged as that of %q", text(row["id"]), text(row["order_id"]), order)
		}
		delete(acknowledged, text(row["id"]))
	}
	if len(acknowledged) > 0 {
		t.Errorf("acknowledged and lost: %v", acknowledged)
	}
	if n := s.usesOf(t, offer); n != stormLimit {
		t.Errorf("%d uses, want %d", n, stormLimit)
	}
}

// replayed sends everything again with its first key, to another process: the same answers.
func (s *storm) replayed(ctx context.Context, t *testing.T) {
	t.Helper()
	for i, first := range s.ends {
		if first.status >= 300 {
			continue
		}
		a, err := s.insist(ctx, i+2, s.asked[i])
		if err != nil || a.status != first.status || string(a.body) != string(first.body) {
			t.Errorf("order %d was answered %v, and again %v (%v)", i, first, a, err)
		}
	}
}

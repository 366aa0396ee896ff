package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/testdb"
)

// rounds is how often something is killed.
func rounds(n int) int {
	if testing.Short() {
		return max(1, n/3)
	}
	return n
}

// moment waits for a random part of the longest time: whatever runs is met anywhere in its work.
func moment(longest time.Duration) { <-time.After(rand.N(longest)) }

func TestTheGatewayIsKilledWhileItRedeems(t *testing.T) {
	const orders = 24
	each(t, func(t *testing.T, p place) {
		s := prepare(t, p, func(g *gateway.Gateway) shop { return furnish(t, g, "Killed") })
		n := rounds(6)
		for round := range n {
			running := serve(t, p)
			c := s.server(running.url)
			l := newLoad(t, c, s.everyone, fmt.Sprintf("round-%d", round), orders)
			l.fire(wait(t), c, 8)
			l.await(rand.IntN(orders))
			moment(5 * time.Millisecond)
			running.kill()
			<-l.done
			again := serve(t, p)
			l.settle(t, s.server(again.url))
			again.kill()
		}
		redeemedOnce(t, p, s.id, int64(n*orders))
	})
}

func TestPostgresIsKilledWhileTheGatewayRedeems(t *testing.T) {
	const orders = 32
	server := testdb.StartOwn(t)
	migrate(t, server.URL())
	p := place{dataDir: t.TempDir(), postgres: server.URL()}
	s := prepare(t, p, func(g *gateway.Gateway) shop { return furnish(t, g, "Power cut") })
	running := serve(t, p)
	c := s.server(running.url)
	n := rounds(3)
	for round := range n {
		l := newLoad(t, c, s.everyone, fmt.Sprintf("round-%d", round), orders)
		l.fire(wait(t), c, 8)
		l.await(rand.IntN(orders))
		moment(5 * time.Millisecond)
		server.Kill()
		<-l.done
		for i, a := range l.answers {
			if a.status != http.StatusCreated && a.status != http.StatusServiceUnavailable {
				t.Errorf("order %d: %v", i, a)
			}
		}
		refused(t, c)
		server.Start()
		l.settle(t, c)
	}
	eventually(t, "readiness comes back", func() bool { return newCaller(running.url).ask(t, get("/readyz")).status == http.StatusOK })
	redeemedOnce(t, p, s.id, int64(n*orders))
	if running.stop() != 0 {
		t.Errorf("exit code %d", running.cmd.ProcessState.ExitCode())
	}
}

// refused asks a gateway that has lost its database: everything says so, and when to come again.
func refused(t *testing.T, c caller) {
	t.Helper()
	for _, r := range []request{
		get("/v1/redemptions"), get("/v1/members/c-1"),
		post("/v1/orders", fields{"order_id": "while-away", "cart": cart()}),
		post("/v1/evaluations", fields{"cart": cart()}),
		post("/v1/verifications", fields{"group": "student", "customer": "c-9", "consent": fields{"version": "1", "accepted": true}}),
	} {
		a := c.ask(t, r)
		after, err := strconv.Atoi(a.header.Get("Retry-After"))
		if a.status != http.StatusServiceUnavailable || a.code() != "unavailable" || err != nil || after < 1 {
			t.Errorf("%s %s without a database: %v, Retry-After %q", r.method, r.path, a, a.header.Get("Retry-After"))
		}
	}
	if a := c.ask(t, get("/readyz")); a.status != http.StatusServiceUnavailable {
		t.Errorf("readiness without a database: %v", a)
	}
	if a := c.ask(t, get("/healthz")); a.status != http.StatusOK {
		t.Errorf("health without a database: %v", a)
	}
}

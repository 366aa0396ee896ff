package e2e

import (
	"math/rand/v2"
	"net/http"
	"syscall"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
)

// A rolling restart: one of two processes is told to end in the middle of the work.
func TestShutdownLosesNoAcknowledgedRequest(t *testing.T) {
	const orders = 60
	each(t, func(t *testing.T, p place) {
		s := prepare(t, p, func(g *gateway.Gateway) shop { return furnish(t, g, "Drained") })
		running := serve(t, p)
		c := s.server(running.url)
		l := newLoad(t, c, s.everyone, "drained", orders)
		l.fire(wait(t), c, 8)
		l.await(1 + rand.IntN(orders/2))
		running.signal(syscall.SIGTERM)
		<-l.done
		running.await()
		if code := running.cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		for i, a := range l.answers {
			if a.status != http.StatusCreated {
				t.Errorf("order %d, while draining: %v", i, a)
			}
		}
		stored := number(t, p.open(t), "SELECT COUNT(*) FROM redemptions")
		if acknowledged := int64(len(l.acknowledged())); stored != acknowledged {
			t.Errorf("%d redemptions were made and %d acknowledged: a drained gateway answers what it did", stored, acknowledged)
		}
		l.settle(t, s.server(serve(t, p).url))
		redeemedOnce(t, p, s.id, orders)
	})
}

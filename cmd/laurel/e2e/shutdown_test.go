package e2e

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

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

// backend is one process behind a proxy.
type backend struct {
	*httputil.ReverseProxy
	url   *url.URL
	ready atomic.Bool
}

// proxy hands requests to the processes that are ready, in turn, as any load balancer does: it asks /readyz again and
// again, and repeats nothing.
type proxy struct {
	backends []*backend
	turn     atomic.Uint64
}

const probeEvery = 20 * time.Millisecond

func newProxy(ctx context.Context, t *testing.T, addresses ...string) *proxy {
	t.Helper()
	p := &proxy{}
	var probes sync.WaitGroup
	// ctx ends before the test does.
	t.Cleanup(probes.Wait)
	for _, address := range addresses {
		u, err := url.Parse("http://" + address)
		if err != nil {
			t.Fatal(err)
		}
		b := &backend{url: u, ReverseProxy: httputil.NewSingleHostReverseProxy(u)}
		b.Transport = once{&http.Transport{MaxIdleConnsPerHost: 64}}
		b.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, err error) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, err.Error())
		}
		p.backends = append(p.backends, b)
		probes.Go(func() { b.probe(ctx) })
	}
	return p
}

// once keeps a transport from repeating a request by itself, as it does where an Idempotency-Key allows it: a body that
// cannot be had again is sent once.
type once struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (o once) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.GetBody = nil
	return o.RoundTripper.RoundTrip(r)
}

func (b *backend) probe(ctx context.Context) {
	ticker := time.NewTicker(probeEvery)
	defer ticker.Stop()
	c := newCaller(b.url.String())
	for {
		a, err := c.try(ctx, get("/readyz"))
		b.ready.Store(err == nil && a.status == http.StatusOK)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// ServeHTTP implements http.Handler.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Each request looks at every process once, whatever the turns of others are meanwhile.
	first := p.turn.Add(1)
	for i := range uint64(len(p.backends)) {
		if b := p.backends[(first+i)%uint64(len(p.backends))]; b.ready.Load() {
			b.ServeHTTP(w, r)
			return
		}
	}
	w.WriteHeader(http.StatusBadGateway)
	_, _ = io.WriteString(w, "no process is ready")
}

func (p *proxy) healthy() (n int) {
	for _, b := range p.backends {
		if b.ready.Load() {
			n++
		}
	}
	return n
}

// Two processes behind a proxy, restarted one after the other under load: nobody notices.
func TestARollingRestartLosesNoRequest(t *testing.T) {
	const orders = 400
	// Two processes need a database that both may write.
	p := onPostgres(t).with("LAUREL_HTTP_DRAIN_DELAY=500ms")
	s := prepare(t, p, func(g *gateway.Gateway) shop { return furnish(t, g, "Rolling") })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	addresses := []string{freeAddress(t), freeAddress(t)}
	running := []*process{serveOn(t, p, addresses[0]), serveOn(t, p, addresses[1])}
	balancer := newProxy(ctx, t, addresses...)
	front := httptest.NewServer(balancer)
	defer front.Close()
	eventually(t, "both are ready", func() bool { return balancer.healthy() == 2 })
	c := s.server(front.URL)
	l := newLoad(t, c, s.everyone, "rolling", orders)
	// The load goes on until both were restarted: reads keep coming when the orders are through.
	var reads, lost atomic.Int64
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				a, err := c.try(ctx, get("/v1/members/rolling-0"))
				if ctx.Err() != nil {
					return
				}
				// A member is there with the first order.
				if reads.Add(1); err != nil || a.status != http.StatusOK && a.status != http.StatusNotFound {
					lost.Add(1)
					t.Errorf("a read: %v, %v", a, err)
				}
			}
		})
	}
	l.fire(wait(t), c, 4)
	for i, address := range addresses {
		l.await(orders / 8)
		running[i].signal(syscall.SIGTERM)
		eventually(t, "the proxy has noticed", func() bool { return balancer.healthy() == 1 })
		running[i].await()
		if code := running[i].cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		running[i] = serveOn(t, p, address)
		eventually(t, "the process is back", func() bool { return balancer.healthy() == 2 })
	}
	<-l.done
	cancel()
	readers.Wait()
	if good := len(l.acknowledged()); good != orders || len(l.failures) > 0 {
		for i, a := range l.answers {
			if a.status != http.StatusCreated {
				t.Errorf("order %d: %v", i, a)
			}
		}
		t.Errorf("%d of %d orders were acknowledged; %v", good, orders, fmt.Sprint(l.failures))
	}
	t.Logf("%d orders and %d reads, %d lost", orders, reads.Load(), lost.Load())
	redeemedOnce(t, p, s.id, orders)
}

// From the moment at which a process is told to end, /readyz says so, and everything else is still answered.
func TestReadinessTurnsBeforeTheListenerCloses(t *testing.T) {
	p := onSQLite(t).with("LAUREL_HTTP_DRAIN_DELAY=2s")
	running := serve(t, p)
	c := newCaller(running.url)
	running.signal(syscall.SIGTERM)
	eventually(t, "readiness turns", func() bool {
		a := c.ask(t, get("/readyz"))
		return a.status == http.StatusServiceUnavailable && a.text("status") == "draining"
	})
	res, err := http.Get(running.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK || !res.Close {
		t.Errorf("a client is not told to close its connection: %d, %v, %v", res.StatusCode, res.Header, err)
	}
	running.await()
	if code := running.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

package e2e

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/offers"
)

// outcomes are the answers of requests that were sent together, by status and code.
type outcomes map[string]int

// together sends requests at once, turn by turn to the callers, and counts what came back.
func together(t testing.TB, callers []caller, requests []request) outcomes {
	t.Helper()
	ctx := wait(t)
	answers := make([]string, len(requests))
	gate := make(chan struct{})
	var group sync.WaitGroup
	for i, r := range requests {
		group.Go(func() {
			<-gate
			answers[i] = outcome(ctx, callers[i%len(callers)], r)
		})
	}
	close(gate)
	group.Wait()
	counted := outcomes{}
	for _, a := range answers {
		counted[a]++
	}
	return counted
}

func outcome(ctx context.Context, c caller, r request) string {
	a, err := c.persist(ctx, r)
	if err != nil {
		return err.Error()
	}
	if a.status < 300 {
		return fmt.Sprint(a.status)
	}
	return fmt.Sprintf("%d %s", a.status, a.code())
}

// rivals are orders that all want the same token.
func rivals(token, customer string, n int) []request {
	requests := make([]request, n)
	for i := range requests {
		requests[i] = redemption(token, customer, fmt.Sprintf("rival-%d", i))
	}
	return requests
}

const parallel = 200

func TestOneTokenIsSpentOnceOverTwoProcesses(t *testing.T) {
	p := onPostgres(t)
	s := prepare(t, p, func(g *gateway.Gateway) shop { return furnish(t, g, "Rivals") })
	first, second := serve(t, p), serve(t, p)
	spentOnce(t, p, s, first.url, second.url)
}

func TestOneTokenIsSpentOnceOnSQLite(t *testing.T) {
	h := open(t, onSQLite(t))
	spentOnce(t, h.place, furnish(t, h.Gateway, "Rivals"), h.url)
}

// spentOnce lets 200 orders run for one token.
func spentOnce(t *testing.T, p place, s shop, bases ...string) {
	t.Helper()
	callers := callersAt(s, bases)
	wanted := token(t, callers[0], s.everyone, "c-1")
	got := together(t, callers, rivals(wanted, "c-1", parallel))
	if want := (outcomes{"201": 1, "409 token_spent": parallel - 1}); !maps.Equal(got, want) {
		t.Errorf("answers %v, want %v", got, want)
	}
	db := p.open(t)
	if n := number(t, db, "SELECT COUNT(*) FROM redemptions"); n != 1 {
		t.Errorf("%d redemptions", n)
	}
	if n := number(t, db, "SELECT SUM(available) FROM members"); n != pointsOfCart {
		t.Errorf("%d points", n)
	}
	p.balanced(t, db, s.id)
}

func callersAt(s shop, bases []string) []caller {
	var out []caller
	for _, base := range bases {
		out = append(out, s.server(base))
	}
	return out
}

func TestTheTotalLimitHolds(t *testing.T) {
	const customers, limit = 50, 10
	run := func(t *testing.T, p place, s shop, offer string, bases ...string) {
		callers := callersAt(s, bases)
		var requests []request
		for i, token := range tokens(t, callers[0], offer, customers) {
			requests = append(requests, redemption(token, customer(i), fmt.Sprintf("o-%d", i)))
		}
		got := together(t, callers, requests)
		if want := (outcomes{"201": limit, "409 limit_reached": customers - limit}); !maps.Equal(got, want) {
			t.Errorf("answers %v, want %v", got, want)
		}
		db := p.open(t)
		if n := number(t, db, "SELECT used FROM offer_counters WHERE scope = 'total'"); n != limit {
			t.Errorf("the counter says %d", n)
		}
		p.balanced(t, db, s.id)
	}
	limited := offers.Offer{Name: "The first ten", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}, Limits: offers.Limits{Total: limit}}
	t.Run("sqlite", func(t *testing.T) {
		h := open(t, onSQLite(t))
		s := furnish(t, h.Gateway, "Limited")
		run(t, h.place, s, s.offer(t, h.Gateway, limited), h.url)
	})
	t.Run("two processes on postgres", func(t *testing.T) {
		p := onPostgres(t)
		var offer string
		s := prepare(t, p, func(g *gateway.Gateway) shop {
			s := furnish(t, g, "Limited")
			offer = s.offer(t, g, limited)
			return s
		})
		run(t, p, s, offer, serve(t, p).url, serve(t, p).url)
	})
}

func TestTwoProcessesGiveOneToken(t *testing.T) {
	p := onPostgres(t)
	s := prepare(t, p, func(g *gateway.Gateway) shop { return furnish(t, g, "One token") })
	callers := callersAt(s, []string{serve(t, p).url, serve(t, p).url})
	requests := make([]request, 40)
	for i := range requests {
		requests[i] = post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": "c-1"})
	}
	got := together(t, callers, requests)
	if got[fmt.Sprint(http.StatusCreated)] != 1 || got[fmt.Sprint(http.StatusOK)] != len(requests)-1 {
		t.Errorf("answers %v", got)
	}
	if n := number(t, p.open(t), "SELECT COUNT(*) FROM offer_tokens"); n != 1 {
		t.Errorf("%d tokens", n)
	}
}

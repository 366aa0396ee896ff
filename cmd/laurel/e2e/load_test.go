package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// load is a number of orders that are redeemed at once, and what became of each.
type load struct {
	requests []request

	mu       sync.Mutex
	answers  map[int]answer
	failures map[int]error
	// heard gets a value with each answer that came.
	heard chan struct{}
	done  chan struct{}
}

// newLoad prepares one redemption with a token of its own for each of n customers. name keeps the orders of one test
// apart.
func newLoad(t testing.TB, c caller, offer, name string, n int) *load {
	t.Helper()
	l := &load{answers: map[int]answer{}, failures: map[int]error{}, heard: make(chan struct{}, n), done: make(chan struct{})}
	for i := range n {
		who := fmt.Sprintf("%s-%d", name, i)
		l.requests = append(l.requests, redemption(token(t, c, offer, who), who, "order-"+who))
	}
	return l
}

// fire sends everything, a few at a time, once each.
func (l *load) fire(ctx context.Context, c caller, atOnce int) {
	next := make(chan int)
	var group sync.WaitGroup
	for range atOnce {
		group.Go(func() {
			for i := range next {
				a, err := c.try(ctx, l.requests[i])
				l.note(i, a, err)
			}
		})
	}
	go func() {
		for i := range l.requests {
			next <- i
		}
		close(next)
		group.Wait()
		close(l.done)
	}()
}

func (l *load) note(i int, a answer, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.failures[i] = err
		return
	}
	l.answers[i] = a
	l.heard <- struct{}{}
}

// await returns after n answers, or when there will be no more.
func (l *load) await(n int) {
	for range n {
		select {
		case <-l.heard:
		case <-l.done:
			return
		}
	}
}

// acknowledged are the requests that were answered with success.
func (l *load) acknowledged() map[int]answer {
	l.mu.Lock()
	defer l.mu.Unlock()
	good := map[int]answer{}
	for i, a := range l.answers {
		if a.status == http.StatusCreated {
			good[i] = a
		}
	}
	return good
}

// settle repeats every request with its key until it is answered: what was acknowledged gets the same bytes, everything
// else succeeds now.
func (l *load) settle(t testing.TB, c caller) {
	t.Helper()
	<-l.done
	ctx, before := wait(t), l.acknowledged()
	var group sync.WaitGroup
	problems := make([]error, len(l.requests))
	for i, r := range l.requests {
		group.Go(func() {
			a, err := c.persist(ctx, r)
			switch first, known := before[i]; {
			case err != nil:
				problems[i] = err
			case a.status != http.StatusCreated:
				problems[i] = fmt.Errorf("%s again: %v", r.path, a)
			case known && (string(a.body) != string(first.body) || a.header.Get(replayed) != "true"):
				problems[i] = fmt.Errorf("acknowledged as %v, repeated as %v", first, a)
			}
		})
	}
	group.Wait()
	if err := errors.Join(problems...); err != nil {
		t.Error(err)
	}
}

// redeemedOnce fails the test unless each of n orders was redeemed exactly once, with its points.
func redeemedOnce(t testing.TB, p place, store string, n int64) {
	t.Helper()
	db := p.open(t)
	in := " WHERE store_id = " + quoted(store)
	if got := number(t, db, "SELECT COUNT(*) FROM redemptions"+in); got != n {
		t.Errorf("%d redemptions, want %d", got, n)
	}
	if got := number(t, db, "SELECT COUNT(DISTINCT order_id) FROM redemptions"+in); got != n {
		t.Errorf("%d orders redeemed, want %d", got, n)
	}
	if got := number(t, db, "SELECT COUNT(*) FROM offer_tokens"+in+" AND state = 'spent'"); got != n {
		t.Errorf("%d tokens spent, want %d", got, n)
	}
	if got := number(t, db, "SELECT COALESCE(SUM(available), 0) FROM members"+in); got != n*pointsOfCart {
		t.Errorf("%d points, want %d", got, n*pointsOfCart)
	}
	p.balanced(t, db, store)
}

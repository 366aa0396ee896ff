package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

// ticket is a token or a reservation, and whose it is.
type ticket struct {
	shopper int64
	text    string
}

// queue hands out what was put in first.
type queue struct {
	mu    sync.Mutex
	items []ticket
}

func (q *queue) push(t ticket) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, t)
}

func (q *queue) pop() (t ticket, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return t, false
	}
	t, q.items = q.items[0], q.items[1:]
	return t, true
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}

// supply makes tokens and holds beforehand, through the API, so that a measurement of redeeming redeems and nothing else.
type supply struct {
	traffic *traffic
	// slot gives the offer and the shopper of the n-th token. Only one token is live for both, so it must not come to the same
	// pair again before `most` tokens later.
	slot func(n int64) (offer string, shopper int64)
	most int

	issued atomic.Int64
	tokens queue
	holds  queue
}

// The connections that make a supply, the rate per second that one is made for, and how much longer than the measurement making
// one may take.
const (
	supplyConnections = 96
	supplyRate        = 15_000
	supplyPatience    = 1.2
)

// errDry says that a supply could not be made.
var errDry = errors.New("no supply could be made")

// room tells whether another token fits: not more are alive than there are slots.
func (s *supply) room() bool { return s.tokens.len()+s.holds.len() < s.most }

func (s *supply) nextIssue(r *load.Request) bool {
	if !s.room() {
		return false
	}
	offer, shopper := s.slot(s.issued.Add(1) - 1)
	s.traffic.issue(r, offer, shopper)
	r.Ref = shopper
	return true
}

func (s *supply) issuedToken(shopper int64, body []byte) error {
	token, err := field(body, "token")
	if err == nil {
		s.tokens.push(ticket{shopper, token})
	}
	return err
}

func (s *supply) nextHold(r *load.Request) bool {
	t, ok := s.tokens.pop()
	if ok {
		s.traffic.hold(r, t)
		r.Ref = t.shopper
	}
	return ok
}

func (s *supply) held(shopper int64, body []byte) error {
	id, err := field(body, "reservation_id")
	if err == nil {
		s.holds.push(ticket{shopper, id})
	}
	return err
}

func (s *supply) nextRedeemHold(r *load.Request) bool {
	t, ok := s.holds.pop()
	if ok {
		s.traffic.redeemHold(r, t)
	}
	return ok
}

func (s *supply) nextRedeem(r *load.Request) bool {
	t, ok := s.tokens.pop()
	if ok {
		s.traffic.redeem(r, t)
	}
	return ok
}

// makeTokens issues tokens until there are enough for a measurement of so long, or time is over.
func (s *supply) makeTokens(ctx context.Context, address string, length time.Duration) error {
	want := int(supplyRate * length.Seconds())
	return s.make(ctx, "tokens", &s.tokens, load.Plan{
		Addresses: []string{address}, Duration: time.Duration(supplyPatience * float64(length)),
		Next:   func(r *load.Request) bool { return s.tokens.len() < want && s.nextIssue(r) },
		Expect: []int{http.StatusOK, http.StatusCreated}, Answered: s.issuedToken,
	})
}

// makeHolds reserves with tokens until there are enough reservations, or time is over.
func (s *supply) makeHolds(ctx context.Context, address string, length time.Duration) error {
	if err := s.makeTokens(ctx, address, length); err != nil {
		return err
	}
	want := int(supplyRate * length.Seconds())
	return s.make(ctx, "holds", &s.holds, load.Plan{
		Addresses: []string{address}, Duration: time.Duration(supplyPatience * float64(length)),
		Next:   func(r *load.Request) bool { return s.holds.len() < want && s.nextHold(r) },
		Expect: []int{http.StatusCreated}, Answered: s.held,
	})
}

func (s *supply) make(ctx context.Context, what string, into *queue, p load.Plan) error {
	p.Connections = supplyConnections
	got, err := load.Run(ctx, p)
	switch {
	case err != nil:
		return fmt.Errorf("make %s: %w", what, err)
	case got.Failures > 0:
		return fmt.Errorf("make %s: %d failures, the first: %s", what, got.Failures, got.FirstFailure)
	case into.len() == 0:
		return fmt.Errorf("make %s: %w", what, errDry)
	}
	return nil
}

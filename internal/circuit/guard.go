package circuit

import (
	"context"
	"errors"
	"time"
)

// ErrOpen is what a Guard's hook is told of a call that was not made.
var ErrOpen = errors.New("the circuit is open")

// Guard makes calls that may be left out: each within a time budget, none while the circuit is open.
type Guard struct {
	breaker *Breaker
	budget  time.Duration
	away    func(operation string, err error)
}

// NewGuard returns a guard. away, which may be nil, is told of every call that failed or was not made (ErrOpen, ErrSpent):
// it counts them, and must not log each.
func NewGuard(now func() time.Time, budget time.Duration, away func(operation string, err error)) *Guard {
	if away == nil {
		away = func(string, error) {}
	}
	return &Guard{breaker: NewBreaker(now), budget: budget, away: away}
}

// Do makes one call. It reports whether the call succeeded; the error is only that of a context that the caller ended.
func (g *Guard) Do(ctx context.Context, operation string, call func(context.Context) error) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	budget, took := allowed(ctx, g.budget)
	if budget < min(g.budget, leastAllowance) {
		g.away(operation, ErrSpent)
		return false, nil
	}
	pass, ok := g.breaker.Allow()
	if !ok {
		g.away(operation, ErrOpen)
		return false, nil
	}
	// A panic in call must not leave the circuit waiting for its trial for ever.
	outcome := Failure
	defer func() { g.breaker.Done(pass, outcome) }()
	limited, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	start := time.Now()
	err := call(limited)
	took(time.Since(start))
	if err == nil {
		outcome = Success
		return true, nil
	}
	if ended := ctx.Err(); ended != nil {
		outcome = Unknown
		return false, ended
	}
	g.away(operation, err)
	return false, nil
}

// Open reports whether the server is taken for away.
func (g *Guard) Open() bool { return g.breaker.Open() }

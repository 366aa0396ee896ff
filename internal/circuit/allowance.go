package circuit

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// ErrSpent is what a Guard's hook is told of a call that was not made, because the calls before it took all the time.
var ErrSpent = errors.New("the time allowance is spent")

// leastAllowance is the least time worth starting a call with.
const leastAllowance = time.Millisecond

type allowanceKey struct{}

// WithAllowance bounds the time that all guarded calls on the context take together, behind whichever guards: a request
// that makes several calls waits no longer for a slow server than one that makes a single one. Contexts made of it share
// what is left.
func WithAllowance(ctx context.Context, d time.Duration) context.Context {
	left := new(atomic.Int64)
	left.Store(int64(d))
	return context.WithValue(ctx, allowanceKey{}, left)
}

// WithoutAllowance frees the guarded calls on the context from a bound of WithAllowance: what they ask is not what the
// bound is for.
func WithoutAllowance(ctx context.Context) context.Context {
	return context.WithValue(ctx, allowanceKey{}, (*atomic.Int64)(nil))
}

// allowed is how long a call may take, given a guard's own budget, and how to note what it took.
func allowed(ctx context.Context, budget time.Duration) (d time.Duration, took func(time.Duration)) {
	left, ok := ctx.Value(allowanceKey{}).(*atomic.Int64)
	if !ok || left == nil {
		return budget, func(time.Duration) {}
	}
	return min(budget, time.Duration(left.Load())), func(d time.Duration) { left.Add(-int64(d)) }
}

// Package ratelimit decides how often something may happen: the generic cell rate algorithm (GCRA, ITU-T I.371), in
// the process or in Redis.
package ratelimit

import (
	"context"
	"errors"
	"time"
)

// Rate is how often something may happen: Limit times in Period, evenly, and Burst times at once.
type Rate struct {
	Limit  int
	Period time.Duration
	// Burst is how many may happen at once after a rest; Limit when zero.
	Burst int
}

// PerSecond is n times in a second, all of them at once if need be.
func PerSecond(n int) Rate { return Rate{Limit: n, Period: time.Second} }

// PerMinute is n times in a minute, all of them at once if need be.
func PerMinute(n int) Rate { return Rate{Limit: n, Period: time.Minute} }

// PerHour is n times in an hour, all of them at once if need be.
func PerHour(n int) Rate { return Rate{Limit: n, Period: time.Hour} }

// Capacity is how many may happen at once.
func (r Rate) Capacity() int {
	if r.Burst > 0 {
		return r.Burst
	}
	return r.Limit
}

// Window is how long it takes until the full capacity is back after all of it was used.
func (r Rate) Window() time.Duration { return r.interval() * time.Duration(r.Capacity()) }

// interval is the time that one use costs.
func (r Rate) interval() time.Duration { return r.Period / time.Duration(r.Limit) }

// ErrRate says that a rate allows nothing or means nothing: a mistake in the configuration, not of a caller.
var ErrRate = errors.New("a rate needs a limit, a burst and a period above zero, and at most one use in a microsecond")

func (r Rate) check() error {
	if r.Limit <= 0 || r.Burst < 0 || r.Period <= 0 || r.interval() < time.Microsecond {
		return ErrRate
	}
	return nil
}

// Result is one decision.
type Result struct {
	Allowed bool
	// Limit is the capacity, for the RateLimit-Policy header.
	Limit int
	// Remaining is how many more may happen at once now.
	Remaining int
	// RetryAfter is how long to wait until one is allowed; zero when this one was.
	RetryAfter time.Duration
	// ResetAfter is how long until the full capacity is back.
	ResetAfter time.Duration
}

// Limiter decides. Implementations are safe for concurrent use.
type Limiter interface {
	// Allow counts one use of key, unless it is refused. Keys hold no personal data: hash addresses and mailboxes
	// first. Errors are ErrRate and those of an ended context.
	Allow(ctx context.Context, key string, rate Rate) (Result, error)
	// Peek tells what Allow would decide and counts nothing. Its Remaining is what is left before a use.
	Peek(ctx context.Context, key string, rate Rate) (Result, error)
}

// state is what is known of a key whose full capacity is back after resetAfter.
func (r Rate) state(resetAfter time.Duration) Result {
	capacity, interval, resetAfter := r.Capacity(), r.interval(), max(0, resetAfter)
	// Redis keeps the time in a double: what is a millisecond off is not a use.
	used := int((resetAfter - time.Millisecond + interval - 1) / interval)
	left := min(capacity, max(0, capacity-used))
	out := Result{Allowed: left > 0, Limit: capacity, Remaining: left, ResetAfter: resetAfter}
	if left == 0 {
		out.RetryAfter = max(0, resetAfter-interval*time.Duration(capacity-1))
	}
	return out
}

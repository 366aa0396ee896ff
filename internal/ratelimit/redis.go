package ratelimit

import (
	"context"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"

	"github.com/laurel-gateway/laurel/internal/circuit"
)

// DefaultBudget is how long one question to Redis may take.
const DefaultBudget = 15 * time.Millisecond

// Options of a Shared limiter. Zero fields take the defaults.
type Options struct {
	// Prefix stands before every key; "laurel:" when empty.
	Prefix string
	// Budget is how long one question may take; DefaultBudget when zero.
	Budget time.Duration
	// Away is told of every question that failed or was not asked (circuit.ErrOpen), to count it. It may be nil.
	Away func(operation string, err error)
	// Now is the clock of the circuit breaker; time.Now when nil.
	Now func() time.Time
}

// Shared is a limiter in Redis, one for all replicas. While Redis is away each replica limits for itself.
type Shared struct {
	limiter  *redis_rate.Limiter
	fallback Limiter
	prefix   string
	guard    *circuit.Guard
}

// NewShared returns a limiter on a client, which stays the caller's to close, with another limiter to fall back on.
func NewShared(client redis.UniversalClient, fallback Limiter, o Options) *Shared {
	if o.Prefix == "" {
		o.Prefix = "laurel:"
	}
	if o.Budget <= 0 {
		o.Budget = DefaultBudget
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Shared{
		limiter: redis_rate.NewLimiter(client), fallback: fallback, prefix: o.Prefix,
		guard: circuit.NewGuard(o.Now, o.Budget, o.Away),
	}
}

// Away reports whether Redis is taken for dead.
func (s *Shared) Away() bool { return s.guard.Open() }

// Allow implements Limiter.
func (s *Shared) Allow(ctx context.Context, key string, rate Rate) (Result, error) {
	if err := rate.check(); err != nil {
		return Result{}, err
	}
	limit := redis_rate.Limit{Rate: rate.Limit, Burst: rate.Capacity(), Period: rate.Period}
	var got *redis_rate.Result
	ok, err := s.guard.Do(ctx, "rate_limit", func(ctx context.Context) error {
		var err error
		got, err = s.limiter.Allow(ctx, s.prefix+"{"+key+"}", limit)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	if !ok {
		return s.fallback.Allow(ctx, key, rate)
	}
	return Result{
		Allowed: got.Allowed > 0, Limit: rate.Capacity(), Remaining: got.Remaining,
		RetryAfter: max(0, got.RetryAfter), ResetAfter: got.ResetAfter,
	}, nil
}

// Peek implements Limiter.
func (s *Shared) Peek(ctx context.Context, key string, rate Rate) (Result, error) {
	if err := rate.check(); err != nil {
		return Result{}, err
	}
	limit := redis_rate.Limit{Rate: rate.Limit, Burst: rate.Capacity(), Period: rate.Period}
	var got *redis_rate.Result
	ok, err := s.guard.Do(ctx, "rate_limit", func(ctx context.Context) error {
		var err error
		got, err = s.limiter.AllowN(ctx, s.prefix+"{"+key+"}", limit, 0)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	if !ok {
		return s.fallback.Peek(ctx, key, rate)
	}
	return rate.state(got.ResetAfter), nil
}

package ratelimit

import (
	"context"
	"hash/maphash"
	"sync"
	"time"
)

const (
	shardCount = 64
	// DefaultKeys is how many keys a Local remembers.
	DefaultKeys = 200_000
	sweepEvery  = 10 * time.Second
)

// Local is a limiter in the process. It is bounded: when more keys than it may remember are in use, some start afresh.
type Local struct {
	now    func() time.Time
	seed   maphash.Seed
	shards [shardCount]shard
}

type shard struct {
	mu sync.Mutex
	// arrivals holds the theoretical arrival time of each key: when its full capacity is back.
	arrivals  map[string]time.Time
	limit     int
	nextSweep time.Time
}

// NewLocal returns a limiter that remembers about maxKeys keys (DefaultKeys when not positive). now is the clock.
func NewLocal(maxKeys int, now func() time.Time) *Local {
	if maxKeys <= 0 {
		maxKeys = DefaultKeys
	}
	l := &Local{now: now, seed: maphash.MakeSeed()}
	for i := range l.shards {
		l.shards[i].arrivals = make(map[string]time.Time)
		l.shards[i].limit = max(1, maxKeys/shardCount)
	}
	return l
}

// Allow implements Limiter.
func (l *Local) Allow(ctx context.Context, key string, rate Rate) (Result, error) {
	if err := rate.check(); err != nil {
		return Result{}, err
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	s := &l.shards[maphash.String(l.seed, key)%shardCount]
	s.mu.Lock()
	defer s.mu.Unlock()
	now := l.now()
	arrival, known := s.arrivals[key]
	result, next := decide(arrival, now, rate)
	if result.Allowed {
		if !known {
			s.makeRoom(now)
		}
		s.arrivals[key] = next
	}
	return result, nil
}

// Peek implements Limiter.
func (l *Local) Peek(ctx context.Context, key string, rate Rate) (Result, error) {
	if err := rate.check(); err != nil {
		return Result{}, err
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	s := &l.shards[maphash.String(l.seed, key)%shardCount]
	s.mu.Lock()
	defer s.mu.Unlock()
	return rate.state(s.arrivals[key].Sub(l.now())), nil
}

// decide is GCRA: each use moves the theoretical arrival time by one interval; a use is refused when that would put it
// further than the capacity into the future.
func decide(arrival, now time.Time, rate Rate) (Result, time.Time) {
	interval, capacity := rate.interval(), rate.Capacity()
	window := interval * time.Duration(capacity)
	if arrival.Before(now) {
		arrival = now
	}
	// A clock that was set back (a test, a suspended machine) must not lock a key out for longer than a full window.
	if arrival.Sub(now) > window {
		arrival = now.Add(window)
	}
	next := arrival.Add(interval)
	if wait := next.Sub(now) - window; wait > 0 {
		return Result{Limit: capacity, RetryAfter: wait, ResetAfter: arrival.Sub(now)}, arrival
	}
	used := next.Sub(now)
	return Result{
		Allowed: true, Limit: capacity, Remaining: int((window - used) / interval), ResetAfter: used,
	}, next
}

// makeRoom forgets keys that have their full capacity back, at most once in sweepEvery; when the shard is still full,
// it forgets any.
func (s *shard) makeRoom(now time.Time) {
	if len(s.arrivals) < s.limit && now.Before(s.nextSweep) {
		return
	}
	if !now.Before(s.nextSweep) {
		s.nextSweep = now.Add(sweepEvery)
		for k, arrival := range s.arrivals {
			if !arrival.After(now) {
				delete(s.arrivals, k)
			}
		}
	}
	for k := range s.arrivals {
		if len(s.arrivals) < s.limit {
			return
		}
		delete(s.arrivals, k)
	}
}

package memory

import (
	"hash/maphash"
	"sync"
	"time"

	"github.com/laurel-gateway/laurel/offers/tokencache"
)

const (
	shardCount = 64
	sweepEvery = time.Minute
)

// marks is a bounded map with expiry. It is no replay guard: a full shard forgets. The database's unique index guards.
type marks struct {
	now    func() time.Time
	seed   maphash.Seed
	shards [shardCount]shard
}

type mark struct{ store, jti string }

type death struct {
	reason tokencache.Reason
	until  time.Time
}

type shard struct {
	mu        sync.RWMutex
	deaths    map[mark]death
	limit     int
	nextSweep time.Time
}

func newMarks(limit int, now func() time.Time) *marks {
	m := &marks{now: now, seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i].deaths = make(map[mark]death)
		m.shards[i].limit = max(1, limit/shardCount)
	}
	return m
}

func (m *marks) shard(k mark) *shard {
	return &m.shards[maphash.Comparable(m.seed, k)%shardCount]
}

func (m *marks) get(k mark) (tokencache.Reason, bool) {
	s, now := m.shard(k), m.now()
	s.mu.RLock()
	d, ok := s.deaths[k]
	s.mu.RUnlock()
	if !ok || !now.Before(d.until) {
		return "", false
	}
	return d.reason, true
}

func (m *marks) put(k mark, reason tokencache.Reason, ttl time.Duration) {
	s, now := m.shard(k), m.now()
	until := now.Add(ttl)
	s.mu.Lock()
	defer s.mu.Unlock()
	if d, ok := s.deaths[k]; ok && now.Before(d.until) {
		reason = d.reason
		if d.until.After(until) {
			until = d.until
		}
	} else if !ok {
		s.makeRoom(now)
	}
	s.deaths[k] = death{reason, until}
}

// makeRoom sweeps a shard at most once in sweepEvery, and then drops any mark when it is still full: a sweep on each
// write of a full shard would cost more than the mark is worth.
func (s *shard) makeRoom(now time.Time) {
	if !now.Before(s.nextSweep) {
		s.nextSweep = now.Add(sweepEvery)
		for k, d := range s.deaths {
			if !now.Before(d.until) {
				delete(s.deaths, k)
			}
		}
	}
	for k := range s.deaths {
		if len(s.deaths) < s.limit {
			return
		}
		delete(s.deaths, k)
	}
}

func (m *marks) len() int {
	n := 0
	for i := range m.shards {
		m.shards[i].mu.RLock()
		n += len(m.shards[i].deaths)
		m.shards[i].mu.RUnlock()
	}
	return n
}

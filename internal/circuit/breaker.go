// Package circuit keeps a dead or slow server from costing every request its time budget.
package circuit

import (
	"sync"
	"time"
)

const (
	// trip is how many failures in a row open the circuit.
	trip = 5
	// The pauses grow from the first to the longest while the server stays away.
	firstPause   = 250 * time.Millisecond
	longestPause = 4 * time.Second
)

// Breaker lets calls through while they succeed. After a few failures in a row it refuses them for a pause, then lets
// one through to try: success closes the circuit, failure makes the next pause longer. Safe for concurrent use.
type Breaker struct {
	now func() time.Time

	mu       sync.Mutex
	failures int
	pause    time.Duration
	until    time.Time
	trying   bool
}

// NewBreaker returns a closed circuit. now is the clock.
func NewBreaker(now func() time.Time) *Breaker { return &Breaker{now: now} }

// Pass is the leave to make one call.
type Pass struct{ trial bool }

// Allow reports whether a call may be made. Every pass that is given must end in one Done.
func (b *Breaker) Allow() (Pass, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < trip {
		return Pass{}, true
	}
	if b.trying || b.now().Before(b.until) {
		return Pass{}, false
	}
	b.trying = true
	return Pass{trial: true}, true
}

// Outcome is how an allowed call ended.
type Outcome int

// The outcomes. Unknown is for a call that its caller gave up: it says nothing about the server.
const (
	Success Outcome = iota
	Failure
	Unknown
)

// Done tells how an allowed call ended. While the circuit is open only the trial counts: calls that began before it
// opened and fail now are no news.
func (b *Breaker) Done(p Pass, o Outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures >= trip && !p.trial {
		return
	}
	if p.trial {
		b.trying = false
	}
	switch o {
	case Success:
		b.failures, b.pause = 0, 0
	case Failure:
		b.failures = min(b.failures+1, trip)
		if b.failures == trip {
			b.pause = min(max(2*b.pause, firstPause), longestPause)
			b.until = b.now().Add(b.pause)
		}
	}
}

// Open reports whether calls are refused or only tried: the server is taken for away.
func (b *Breaker) Open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failures >= trip
}

package codes

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/ratelimit"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// Journal keeps how many codes were wrong in a store.
type Journal interface {
	// NoteGuesses adds to a window of a store, and tells of it by an event, codes.guessing, when the window first
	// reaches the note's Alert. It returns whether this note was the one.
	NoteGuesses(ctx context.Context, n Note) (Window, bool, error)
}

// Note is some wrong codes of a store.
type Note struct {
	Window
	// Length of the window, and Alert, how many wrong codes in it somebody is told of.
	Length time.Duration
	Alert  int64
}

// Window is a stretch of time of a store in which codes were wrong.
type Window struct {
	Store string
	At    time.Time
	Wrong int64
	First time.Time
	Last  time.Time
}

// GuardConfig is what a Guard is built with.
type GuardConfig struct {
	Limiter ratelimit.Limiter
	Journal Journal
	// PerHour is how many wrong codes one shopper's address, and one customer, may send in an hour.
	PerHour int
	// Alert is how many wrong codes of a store in a Window somebody is told of.
	Alert  int
	Window time.Duration
	Now    func() time.Time
	Logger *slog.Logger
	// Observe counts what happened: "wrong", "limited" or "alerted". It may be nil.
	Observe func(outcome string, n int)
}

// Guard bounds how often codes are guessed. Only wrong codes count: who types a good one is never slowed by it.
type Guard struct {
	GuardConfig
	rate ratelimit.Rate

	mu sync.Mutex
	// asked counts codes that are being looked up now, by key, so that asking at once is not a way around the limit.
	asked   map[string]int
	tallies map[string]*Window
}

// NewGuard returns a guard.
func NewGuard(c GuardConfig) *Guard {
	if c.Observe == nil {
		c.Observe = func(string, int) {}
	}
	return &Guard{GuardConfig: c, rate: ratelimit.PerHour(c.PerHour), asked: map[string]int{}, tallies: map[string]*Window{}}
}

// Admit asks whether codes of a shopper may be looked up now. A shopper without an address or customer reference is not
// limited there. Call settle once with the number of codes that were wrong. Faults: rate_limited, in the same words and
// with the same wait for every code, good ones too.
func (g *Guard) Admit(ctx context.Context, store *tenant.Store, address netip.Addr, customer string, codes int) (settle func(ctx context.Context, wrong int), err error) {
	keys, err := keysOf(store, address, customer)
	if err != nil {
		return nil, err
	}
	left, err := g.left(ctx, keys)
	if err != nil {
		return nil, err
	}
	if !g.begin(keys, left, codes) {
		g.Observe("limited", codes)
		wait := g.rate.Period / time.Duration(g.rate.Limit)
		return nil, fault.New(fault.RateLimited, "Too many codes that cannot be used came from this shopper. No code is looked at until the wait in Retry-After is over.").After(wait)
	}
	return func(ctx context.Context, wrong int) {
		defer g.end(keys, codes)
		if wrong > 0 {
			// The answer is on its way: whether the client still waits for it does not matter to what is counted.
			g.count(context.WithoutCancel(ctx), store.ID, keys, wrong)
		}
	}, nil
}

// keysOf names a shopper to the limiter without telling who it is: by the IPv4 address or IPv6 /64, and by the customer.
func keysOf(store *tenant.Store, address netip.Addr, customer string) ([]string, error) {
	var keys []string
	add := func(kind, who string) error {
		mac, err := store.Keys().MAC("code-guesses", []byte(kind), []byte(who))
		if err != nil {
			return fmt.Errorf("name a shopper: %w", err)
		}
		keys = append(keys, "codes:"+base64.RawURLEncoding.EncodeToString(mac[:16]))
		return nil
	}
	if address.IsValid() {
		bits := 32
		if address = address.Unmap().WithZone(""); address.Is6() {
			bits = 64
		}
		if err := add("address", netip.PrefixFrom(address, bits).Masked().String()); err != nil {
			return nil, err
		}
	}
	if customer != "" {
		if err := add("customer", customer); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// left asks for all keys at once, so that a slow Redis is waited for once.
func (g *Guard) left(ctx context.Context, keys []string) ([]int, error) {
	left, errs := make([]int, len(keys)), make([]error, len(keys))
	each(keys, func(i int, key string) {
		var r ratelimit.Result
		r, errs[i] = g.Limiter.Peek(ctx, key, g.rate)
		left[i] = r.Remaining
	})
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("ask how many codes were guessed: %w", err)
		}
	}
	return left, nil
}

func each(keys []string, do func(i int, key string)) {
	if len(keys) == 1 {
		do(0, keys[0])
		return
	}
	var wg sync.WaitGroup
	for i, key := range keys {
		wg.Go(func() { do(i, key) })
	}
	wg.Wait()
}

// begin takes a place for each code under every key, or none.
func (g *Guard) begin(keys []string, left []int, codes int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, key := range keys {
		if g.asked[key]+codes > left[i] {
			return false
		}
	}
	for _, key := range keys {
		g.asked[key] += codes
	}
	return true
}

func (g *Guard) end(keys []string, codes int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, key := range keys {
		if g.asked[key] -= codes; g.asked[key] <= 0 {
			delete(g.asked, key)
		}
	}
}

func (g *Guard) count(ctx context.Context, store string, keys []string, wrong int) {
	g.Observe("wrong", wrong)
	each(keys, func(_ int, key string) {
		for range wrong {
			if _, err := g.Limiter.Allow(ctx, key, g.rate); err != nil {
				g.Logger.WarnContext(ctx, "a wrong code was not counted", "error", err)
				return
			}
		}
	})
	note, due := g.tally(store, int64(wrong))
	if !due {
		return
	}
	window, told, err := g.Journal.NoteGuesses(ctx, note)
	switch {
	case err != nil:
		g.Logger.WarnContext(ctx, "wrong codes were not written down", "store_id", store, "wrong", note.Wrong, "error", err)
	case told:
		g.Observe("alerted", 1)
		g.Logger.WarnContext(ctx, "codes are being guessed", "store_id", store, "wrong", window.Wrong, "first_at", window.First, "last_at", window.Last)
	}
}

// tally gathers the wrong codes of a store in this process, and tells when it is time to write them down: every tenth
// of what somebody is told of, so that a flood of guesses is not a flood of writes.
func (g *Guard) tally(store string, wrong int64) (Note, bool) {
	now := g.Now().UTC()
	at := now.Truncate(g.Window)
	g.mu.Lock()
	defer g.mu.Unlock()
	w := g.tallies[store]
	if w == nil || !w.At.Equal(at) {
		w = &Window{Store: store, At: at, First: now}
		g.tallies[store] = w
	}
	if w.Wrong == 0 {
		w.First = now
	}
	w.Wrong += wrong
	w.Last = now
	if w.Wrong < max(1, int64(g.Alert)/10) {
		return Note{}, false
	}
	note := Note{Window: *w, Length: g.Window, Alert: int64(g.Alert)}
	w.Wrong = 0
	return note, true
}

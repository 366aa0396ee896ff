package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/laurel-gateway/laurel/internal/outbox"
)

// shelf is a storage in memory: events that become deliveries, and what became of those.
type shelf struct {
	mu       sync.Mutex
	events   int
	waiting  []outbox.Delivery
	finished map[string]outbox.Outcome
	err      error
}

func (s *shelf) FanOut(_ context.Context, limit int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return 0, s.err
	}
	n := min(limit, s.events)
	s.events -= n
	return n, nil
}

func (s *shelf) Claim(_ context.Context, w outbox.Want) ([]outbox.Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due, left []outbox.Delivery
	taken := map[string]int{}
	for _, d := range s.waiting {
		if len(due) == w.Limit || taken[d.Endpoint] == w.Room(d.Endpoint) {
			left = append(left, d)
			continue
		}
		taken[d.Endpoint]++
		due = append(due, d)
	}
	s.waiting = left
	return due, nil
}

func (s *shelf) Finish(_ context.Context, d outbox.Delivery, o outbox.Outcome) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finished[d.ID] = o
	return nil
}

func (s *shelf) add(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		endpoint, _, _ := strings.Cut(id, "-")
		s.waiting = append(s.waiting, outbox.Delivery{ID: id, Endpoint: endpoint, Attempts: 1})
	}
}

func (s *shelf) outcomes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.finished)
}

type sendFunc func(context.Context, outbox.Delivery) outbox.Outcome

func (f sendFunc) Send(ctx context.Context, d outbox.Delivery) outbox.Outcome { return f(ctx, d) }

func relay(s *shelf, send sendFunc) *outbox.Relay {
	return outbox.NewRelay(outbox.Config{Storage: s, Sender: send, Logger: slog.New(slog.DiscardHandler), Random: func() float64 { return 0.5 }})
}

func delivered(context.Context, outbox.Delivery) outbox.Outcome {
	return outbox.Outcome{Delivered: true, Status: 200}
}

func TestANudgeWakesAndATickToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{finished: map[string]outbox.Outcome{}}
		r := relay(s, delivered)
		r.Start(t.Context())
		synctest.Wait()
		s.add("a")
		r.Nudge()
		r.Nudge()
		time.Sleep(50 * time.Millisecond) // in the bubble's own time
		synctest.Wait()
		if s.outcomes() != 1 {
			t.Error("a nudge did not wake the relay")
		}
		s.add("b")
		time.Sleep(time.Second) // in the bubble's own time
		synctest.Wait()
		if s.outcomes() != 2 {
			t.Error("a tick did not wake the relay")
		}
		if err := r.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestStopDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{finished: map[string]outbox.Outcome{}}
		release := make(chan struct{})
		r := relay(s, func(ctx context.Context, d outbox.Delivery) outbox.Outcome {
			<-release
			if ctx.Err() != nil {
				t.Error("a try was cut off")
			}
			return delivered(ctx, d)
		})
		s.add("a")
		r.Start(t.Context())
		synctest.Wait()
		hurried, cancel := context.WithCancel(t.Context())
		cancel()
		if err := r.Stop(hurried); !errors.Is(err, context.Canceled) {
			t.Errorf("a hurried stop: %v", err)
		}
		s.add("b")
		close(release)
		if err := r.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if s.outcomes() != 1 {
			t.Errorf("%d outcomes: want that of what had begun, and no more", s.outcomes())
		}
	})
}

func TestASlowEndpointHoldsItsOwnSlotsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{finished: map[string]outbox.Outcome{}}
		release := make(chan struct{})
		r := relay(s, func(ctx context.Context, d outbox.Delivery) outbox.Outcome {
			if d.Endpoint == "slow" {
				<-release
			}
			return delivered(ctx, d)
		})
		// More than there are slots at all: without a share for each endpoint, nothing else would go out.
		for n := range 100 {
			s.add(fmt.Sprintf("slow-%d", n))
		}
		r.Start(t.Context())
		synctest.Wait()
		for n := range 50 {
			s.add(fmt.Sprintf("quick-%d", n))
		}
		r.Nudge()
		time.Sleep(time.Second)
		if s.outcomes() != 50 {
			t.Errorf("%d quick ones were sent beside the slow ones", s.outcomes())
		}
		close(release)
		synctest.Wait()
		if err := r.Stop(t.Context()); err != nil || s.outcomes() != 150 {
			t.Errorf("%v, %d outcomes", err, s.outcomes())
		}
	})
}

func TestATryIsTimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{finished: map[string]outbox.Outcome{}}
		s.add("a")
		r := relay(s, func(ctx context.Context, d outbox.Delivery) outbox.Outcome {
			time.Sleep(70 * time.Millisecond)
			return delivered(ctx, d)
		})
		if _, err := r.RunOnce(t.Context()); err != nil || s.finished["a"].Took != 70*time.Millisecond {
			t.Errorf("%+v, %v", s.finished, err)
		}
	})
}

func TestAFailureGetsItsNextTry(t *testing.T) {
	s := &shelf{events: 450, finished: map[string]outbox.Outcome{}}
	s.waiting = []outbox.Delivery{{ID: "first", Attempts: 1}, {ID: "last", Attempts: outbox.MaxAttempts}, {ID: "gone", Attempts: 1}}
	r := relay(s, func(_ context.Context, d outbox.Delivery) outbox.Outcome {
		return outbox.Outcome{Status: 500, Gone: d.ID == "gone"}
	})
	n, err := r.RunOnce(t.Context())
	if err != nil || n != 453 {
		t.Errorf("%d handled, %v", n, err)
	}
	if s.finished["first"].RetryIn != 5*time.Second || s.finished["last"].RetryIn != 0 || s.finished["gone"].RetryIn != 0 {
		t.Errorf("%+v", s.finished)
	}
}

func TestATroubledDatabaseDoesNotEndTheRelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{finished: map[string]outbox.Outcome{}, err: errors.New("away")}
		r := relay(s, delivered)
		s.add("a")
		r.Start(t.Context())
		synctest.Wait()
		s.mu.Lock()
		s.err = nil
		s.mu.Unlock()
		time.Sleep(time.Second)
		synctest.Wait()
		if s.outcomes() != 1 {
			t.Error("the relay did not go on")
		}
		if err := r.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

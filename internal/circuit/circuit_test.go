package circuit

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

var errAway = errors.New("away")

func fail(context.Context) error { return errAway }
func work(context.Context) error { return nil }

func guard(c *clock, told *[]error) *Guard {
	return NewGuard(c.now, time.Minute, func(_ string, err error) { *told = append(*told, err) })
}

func do(t *testing.T, g *Guard, call func(context.Context) error) bool {
	t.Helper()
	ok, err := g.Do(context.Background(), "call", call)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestGuardOpensAndComesBack(t *testing.T) {
	c := &clock{at: time.Unix(1_900_000_000, 0)}
	var told []error
	g := guard(c, &told)
	for range trip - 1 {
		do(t, g, fail)
	}
	if !do(t, g, work) || g.Open() {
		t.Fatal("a few failures open the circuit")
	}
	told = nil
	for range trip {
		do(t, g, fail)
	}
	if !g.Open() || len(told) != trip {
		t.Fatalf("open: %v, told %v", g.Open(), told)
	}
	made := false
	if do(t, g, func(context.Context) error { made = true; return nil }) || made {
		t.Fatal("a call was made in the pause")
	}
	if !errors.Is(told[trip], ErrOpen) {
		t.Fatalf("told %v of a call that was not made", told[trip])
	}
	// The pauses grow: the trial at the end of each fails.
	for pause := firstPause; pause < 2*longestPause; pause *= 2 {
		c.at = c.at.Add(min(pause, longestPause) - 1)
		told = nil
		do(t, g, fail)
		if !errors.Is(told[0], ErrOpen) {
			t.Fatalf("tried before %v had passed", pause)
		}
		c.at = c.at.Add(1)
		told = nil
		do(t, g, fail)
		if !errors.Is(told[0], errAway) {
			t.Fatalf("not tried after %v", pause)
		}
	}
	c.at = c.at.Add(longestPause)
	if !do(t, g, work) || g.Open() || !do(t, g, work) {
		t.Fatal("it does not come back")
	}
	for range trip {
		do(t, g, fail)
	}
	c.at = c.at.Add(firstPause)
	if !do(t, g, work) {
		t.Fatal("after a recovery the pause is not the first again")
	}
}

func TestOneTrialAtATime(t *testing.T) {
	c := &clock{at: time.Unix(1_900_000_000, 0)}
	b := NewBreaker(c.now)
	var late Pass
	for range trip {
		late, _ = b.Allow()
		p, _ := b.Allow()
		b.Done(p, Failure)
	}
	c.at = c.at.Add(firstPause)
	trial, ok := b.Allow()
	if !ok {
		t.Fatal("no trial")
	}
	if _, ok := b.Allow(); ok {
		t.Fatal("two trials at once")
	}
	b.Done(late, Failure)
	b.Done(late, Success)
	if _, ok := b.Allow(); ok || !b.Open() {
		t.Fatal("a call from before decides instead of the trial")
	}
	b.Done(trial, Unknown)
	trial, ok = b.Allow()
	if !ok {
		t.Fatal("after a trial that was given up there is no other")
	}
	b.Done(trial, Success)
	if b.Open() {
		t.Fatal("not closed")
	}
}

func TestGuardKeepsTheBudget(t *testing.T) {
	g := NewGuard(time.Now, time.Millisecond, nil)
	ok, err := g.Do(context.Background(), "slow", func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if ok || err != nil {
		t.Fatalf("%v, %v: a spent budget is not the caller's error", ok, err)
	}
}

// TestCallersThatGoAway: requests that were cancelled say nothing about the server.
func TestCallersThatGoAway(t *testing.T) {
	c := &clock{at: time.Unix(1_900_000_000, 0)}
	var told []error
	g := guard(c, &told)
	for range 3 * trip {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := g.Do(ctx, "call", func(ctx context.Context) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if _, err := g.Do(ctx, "call", work); !errors.Is(err, context.Canceled) {
			t.Fatal("called for a caller that has gone")
		}
	}
	if g.Open() || len(told) != 0 {
		t.Fatalf("open: %v, told %v", g.Open(), told)
	}
}

func TestGuardSurvivesAPanic(t *testing.T) {
	c := &clock{at: time.Unix(1_900_000_000, 0)}
	var told []error
	g := guard(c, &told)
	for range trip + 1 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			c.at = c.at.Add(longestPause)
			_, _ = g.Do(context.Background(), "call", func(context.Context) error { panic("boom") })
		}()
	}
	c.at = c.at.Add(longestPause)
	if !do(t, g, work) {
		t.Fatal("a panic left the circuit waiting for ever")
	}
}

// TestBreakerNeverSticks: whatever happened, once all calls have ended and the longest pause has passed, one is allowed.
func TestBreakerNeverSticks(t *testing.T) {
	rapid.Check(t, func(p *rapid.T) {
		c := &clock{at: time.Unix(1_900_000_000, 0)}
		b := NewBreaker(c.now)
		var flying []Pass
		for range rapid.IntRange(0, 60).Draw(p, "steps") {
			switch rapid.IntRange(0, 2).Draw(p, "step") {
			case 0:
				if pass, ok := b.Allow(); ok {
					flying = append(flying, pass)
				}
			case 1:
				if len(flying) > 0 {
					b.Done(flying[0], rapid.SampledFrom([]Outcome{Success, Failure, Failure, Unknown}).Draw(p, "outcome"))
					flying = flying[1:]
				}
			case 2:
				c.at = c.at.Add(time.Duration(rapid.Int64Range(0, int64(longestPause)).Draw(p, "time")))
			}
		}
		for _, pass := range flying {
			b.Done(pass, Failure)
		}
		c.at = c.at.Add(longestPause)
		pass, ok := b.Allow()
		if !ok {
			p.Fatal("stuck")
		}
		b.Done(pass, Success)
		if b.Open() {
			p.Fatal("open after a success")
		}
	})
}

// What is asked of another server than the allowance is for is not bounded by it.
func TestACallCanBeFreedFromTheAllowance(t *testing.T) {
	guard := NewGuard(time.Now, time.Minute, nil)
	spent := WithAllowance(t.Context(), 0)
	call := func(ctx context.Context) (deadline time.Duration, made bool) {
		made, err := guard.Do(ctx, "x", func(ctx context.Context) error {
			at, _ := ctx.Deadline()
			deadline = time.Until(at)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return deadline, made
	}
	if _, made := call(spent); made {
		t.Error("a call was made without time")
	}
	if left, made := call(WithoutAllowance(spent)); !made || left < 30*time.Second {
		t.Errorf("%v, %s left", made, left)
	}
}

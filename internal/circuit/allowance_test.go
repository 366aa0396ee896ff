package circuit

import (
	"context"
	"errors"
	"testing"
	"time"
)

// hang is a call to a server that never answers.
func hang(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestCallsShareAnAllowance(t *testing.T) {
	const allowance = 40 * time.Millisecond
	var spent int
	count := func(_ string, err error) {
		if errors.Is(err, ErrSpent) {
			spent++
		}
	}
	guards := []*Guard{NewGuard(time.Now, allowance, count), NewGuard(time.Now, allowance, count)}
	ctx := WithAllowance(context.Background(), allowance)
	start := time.Now()
	for i := range 6 {
		if ok, err := guards[i%2].Do(context.WithoutCancel(ctx), "hang", hang); ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	if took := time.Since(start); took < allowance || took > 5*allowance {
		t.Errorf("six calls that hang took %v of %v", took, allowance)
	}
	if spent != 5 {
		t.Errorf("%d calls were left out, want 5", spent)
	}
	// The next request has an allowance of its own.
	if ok, err := guards[1].Do(WithAllowance(context.Background(), allowance), "answer", func(context.Context) error { return nil }); !ok || err != nil {
		t.Errorf("a call of the next request: %v, %v", ok, err)
	}
}

func TestQuickCallsLeaveTheAllowanceAlone(t *testing.T) {
	g := NewGuard(time.Now, time.Minute, nil)
	ctx := WithAllowance(context.Background(), time.Minute)
	for range 1000 {
		if ok, err := g.Do(ctx, "answer", func(context.Context) error { return nil }); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
}

// TestASlowServerOpensTheCircuit: a server whose answers are each in time, but too slow for all the calls of a request,
// is left alone soon.
func TestASlowServerOpensTheCircuit(t *testing.T) {
	g := NewGuard(time.Now, 30*time.Millisecond, nil)
	for range trip {
		ctx := WithAllowance(context.Background(), 30*time.Millisecond)
		first := NewGuard(time.Now, 30*time.Millisecond, nil)
		if ok, err := first.Do(ctx, "slow", func(ctx context.Context) error {
			select {
			case <-time.After(15 * time.Millisecond):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}); err != nil {
			t.Fatal(ok, err)
		}
		if _, err := g.Do(ctx, "hang", hang); err != nil {
			t.Fatal(err)
		}
	}
	if !g.Open() {
		t.Error("the circuit is closed")
	}
}

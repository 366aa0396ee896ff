package commit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/laurel-gateway/laurel/internal/commit"
)

var errPassing = errors.New("passing")

func config() commit.Config {
	return commit.Config{Transient: func(err error) bool { return errors.Is(err, errPassing) }}
}

// echo answers every command with itself.
func echo(_ context.Context, batch []int) ([]commit.Result[int], error) {
	out := make([]commit.Result[int], len(batch))
	for i, c := range batch {
		out[i].Value = c
	}
	return out, nil
}

func TestALoneCommandStartsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := commit.New(config(), echo)
		start := time.Now()
		got, err := c.Do(t.Context(), 7)
		if got != 7 || err != nil {
			t.Fatalf("%d, %v", got, err)
		}
		if took := time.Since(start); took != 0 {
			t.Fatalf("waited %s for nothing", took)
		}
	})
}

func TestCommandsGatherWhileABatchRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sizes []int
		release := make(chan struct{})
		cfg := config()
		cfg.InFlight = 1
		c := commit.New(cfg, func(ctx context.Context, batch []int) ([]commit.Result[int], error) {
			sizes = append(sizes, len(batch))
			<-release
			return echo(ctx, batch)
		})
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				if got, err := c.Do(t.Context(), i); got != i || err != nil {
					t.Errorf("%d, %v", got, err)
				}
			})
			synctest.Wait()
		}
		close(release)
		wg.Wait()
		if !slices.Equal(sizes, []int{1, 9}) {
			t.Fatalf("batches of %v, want one that began at once and one of all that gathered", sizes)
		}
	})
}

func TestAFurtherBatchStartsOnlyWhileTheRunningOneIsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int32
		stuck := make(chan struct{})
		cfg := config()
		cfg.InFlight, cfg.Late = 2, 50*time.Millisecond
		c := commit.New(cfg, func(ctx context.Context, batch []int) ([]commit.Result[int], error) {
			running.Add(1)
			defer running.Add(-1)
			if batch[0] == 0 {
				<-stuck // a stranger holds the lock
			}
			return echo(ctx, batch)
		})
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = c.Do(t.Context(), 0) })
		synctest.Wait()
		start := time.Now()
		wg.Go(func() {
			if got, err := c.Do(t.Context(), 1); got != 1 || err != nil {
				t.Errorf("%d, %v", got, err)
			}
			if took := time.Since(start); took != 50*time.Millisecond {
				t.Errorf("answered after %s, want as soon as the first was late", took)
			}
		})
		synctest.Wait()
		if n := running.Load(); n != 1 {
			t.Fatalf("%d batches run before the first is late", n)
		}
		time.Sleep(60 * time.Millisecond)
		synctest.Wait()
		close(stuck)
		wg.Wait()
	})
}

func TestAPoisonedCommandStandsAloneInTheEnd(t *testing.T) {
	for _, poison := range []string{"error", "panic"} {
		t.Run(poison, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				errPoison := errors.New("poison")
				var begun atomic.Bool
				gate := make(chan struct{})
				c := commit.New(config(), func(ctx context.Context, batch []int) ([]commit.Result[int], error) {
					if begun.CompareAndSwap(false, true) {
						<-gate
					}
					if slices.Contains(batch, 13) {
						if poison == "panic" {
							panic("poison")
						}
						return nil, errPoison
					}
					return echo(ctx, batch)
				})
				var wg sync.WaitGroup
				for i := range 20 {
					wg.Go(func() {
						got, err := c.Do(t.Context(), i)
						switch {
						case i == 13 && err == nil:
							t.Error("the poisoned command succeeded")
						case i != 13 && (err != nil || got != i):
							t.Errorf("neighbour %d: %d, %v", i, got, err)
						}
					})
					synctest.Wait()
				}
				close(gate)
				wg.Wait()
			})
		})
	}
}

func TestAPassingFailureIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		c := commit.New(config(), func(ctx context.Context, batch []int) ([]commit.Result[int], error) {
			if tries++; tries < 3 {
				return nil, fmt.Errorf("deadlock: %w", errPassing)
			}
			return echo(ctx, batch)
		})
		if got, err := c.Do(t.Context(), 5); got != 5 || err != nil || tries != 3 {
			t.Fatalf("%d, %v after %d tries", got, err, tries)
		}
	})
}

func TestWhenNothingCanSucceedNothingIsSplit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errDown := errors.New("down")
		calls := 0
		gate := make(chan struct{})
		cfg := config()
		cfg.Unavailable = func(err error) bool { return errors.Is(err, errDown) }
		c := commit.New(cfg, func(context.Context, []int) ([]commit.Result[int], error) {
			if calls++; calls == 1 {
				<-gate
			}
			return nil, errDown
		})
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				if _, err := c.Do(t.Context(), i); !errors.Is(err, errDown) {
					t.Errorf("command %d: %v", i, err)
				}
			})
			synctest.Wait()
		}
		close(gate)
		wg.Wait()
		if calls != 2 {
			t.Fatalf("%d calls, want one a batch", calls)
		}
	})
}

func TestACancelledClientLeavesItsCommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan int, 1)
		gate := make(chan struct{})
		c := commit.New(config(), func(ctx context.Context, batch []int) ([]commit.Result[int], error) {
			<-gate
			if ctx.Err() != nil {
				t.Error("the batch ran on the client's context")
			}
			done <- batch[0]
			return echo(ctx, batch)
		})
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			synctest.Wait()
			cancel()
		}()
		if _, err := c.Do(ctx, 3); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		close(gate)
		if got := <-done; got != 3 {
			t.Fatalf("carried out %d", got)
		}
		if err := c.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		var biggest int
		cfg := config()
		cfg.MaxQueue, cfg.MaxBatch, cfg.MaxAge, cfg.InFlight = 4, 3, time.Second, 1
		c := commit.New(cfg, func(ctx context.Context, batch []int) ([]commit.Result[int], error) {
			biggest = max(biggest, len(batch))
			if batch[0] == 0 {
				<-gate
			}
			return echo(ctx, batch)
		})
		results := make([]error, 7)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() { _, results[i] = c.Do(t.Context(), i) })
			synctest.Wait()
		}
		// One runs, four wait, two were refused at once.
		for i, err := range results[5:] {
			if !errors.Is(err, commit.ErrOverloaded) {
				t.Errorf("command %d over the bound: %v", i+5, err)
			}
		}
		time.Sleep(2 * time.Second)
		close(gate)
		wg.Wait()
		for i, err := range results[1:5] {
			if !errors.Is(err, commit.ErrOverloaded) {
				t.Errorf("command %d waited too long and got %v", i+1, err)
			}
		}
		if err := c.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), 9); !errors.Is(err, commit.ErrStopping) {
			t.Errorf("after Stop: %v", err)
		}
		if biggest > 3 {
			t.Errorf("a batch of %d", biggest)
		}
	})
}

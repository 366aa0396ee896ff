// Package commit gathers concurrent commands and has them carried out together, in one transaction, with one answer
// each. It knows no domain.
//
// While a batch runs, the next one gathers. There is no timer: a lone command starts at once, and a batch of one is the
// ordinary case and the only code path. A further batch starts beside a running one only while that one is late, which
// on a database means that it waits for a lock that somebody else holds.
package commit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Result is one command's answer.
type Result[R any] struct {
	Value R
	Err   error
}

// Runner carries out a batch: all of it or, when it returns an error, nothing. It returns one result a command, in
// order; a refused command has its refusal as its result and does not fail the batch.
type Runner[C, R any] func(ctx context.Context, batch []C) ([]Result[R], error)

// Sized is implemented by commands that know roughly how many bytes they hold.
type Sized interface{ Size() int }

// Config bounds a committer. The zero value of a field means its default.
type Config struct {
	// MaxBatch and MaxBytes bound one batch (256 commands, 4 MiB).
	MaxBatch int
	MaxBytes int
	// MaxQueue bounds the commands that wait (4,096). More are refused at once.
	MaxQueue int
	// MaxAge bounds how long a command waits for its batch to start (5 s).
	MaxAge time.Duration
	// InFlight bounds the batches that run at a time (4). More than one run only while the running ones are late.
	InFlight int
	// Late is how long a batch may run before another may start beside it (50 ms).
	Late time.Duration
	// Timeout bounds one attempt of a batch (10 s).
	Timeout time.Duration
	// Attempts is how often a command that failed for a passing reason is run (4). A batch of several is split after two.
	Attempts int
	// Transient tells whether the same batch may succeed when it is run again.
	Transient func(error) bool
	// Unavailable tells whether nothing can succeed now, so that splitting would only waste time.
	Unavailable func(error) bool
	Logger      *slog.Logger
	// Observe, if set, is told of every batch that ended: its size and how long it took.
	Observe func(size int, took time.Duration, err error)
	// Waited, if set, is told how long each command waited for its batch to begin.
	Waited func(time.Duration)
}

func (c Config) withDefaults() Config {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	dur := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&c.MaxBatch, 256)
	def(&c.MaxBytes, 4<<20)
	def(&c.MaxQueue, 4096)
	def(&c.InFlight, 4)
	def(&c.Attempts, 4)
	dur(&c.MaxAge, 5*time.Second)
	dur(&c.Late, 50*time.Millisecond)
	dur(&c.Timeout, 10*time.Second)
	if c.Transient == nil {
		c.Transient = func(error) bool { return false }
	}
	if c.Unavailable == nil {
		c.Unavailable = func(error) bool { return false }
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Waited == nil {
		c.Waited = func(time.Duration) {}
	}
	if c.Observe == nil {
		c.Observe = func(int, time.Duration, error) {}
	}
	return c
}

// Faults of a committer.
var (
	ErrOverloaded = fault.New(fault.Overloaded, "The gateway has more work than it can do right now. Nothing was changed; wait, then send the same request again.").After(time.Second)
	ErrStopping   = fault.New(fault.Unavailable, "The gateway is shutting down. Nothing was changed; send the same request again.").After(time.Second)
)

// Committer gathers commands of type C and answers each with an R.
type Committer[C, R any] struct {
	cfg Config
	run Runner[C, R]

	mu      sync.Mutex
	queue   []*waiting[C, R]
	running int
	late    int
	stopped bool
	idle    *sync.Cond
}

type waiting[C, R any] struct {
	cmd    C
	since  time.Time
	answer chan Result[R]
}

// New returns a committer that has its batches carried out by run.
func New[C, R any](cfg Config, run Runner[C, R]) *Committer[C, R] {
	c := &Committer[C, R]{cfg: cfg.withDefaults(), run: run}
	c.idle = sync.NewCond(&c.mu)
	return c
}

// Do has a command carried out and returns its answer. A caller that goes away first (ctx) gets the context's error;
// the command goes on, and its answer waits under the request's idempotency key.
func (c *Committer[C, R]) Do(ctx context.Context, cmd C) (R, error) {
	w := &waiting[C, R]{cmd: cmd, since: time.Now(), answer: make(chan Result[R], 1)}
	if err := c.enqueue(w); err != nil {
		var zero R
		return zero, err
	}
	select {
	case r := <-w.answer:
		return r.Value, r.Err
	case <-ctx.Done():
		var zero R
		return zero, ctx.Err()
	}
}

// Waiting returns how many commands wait for a batch.
func (c *Committer[C, R]) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.queue)
}

// Stop refuses new commands and returns once all that wait are answered, or ctx ends.
func (c *Committer[C, R]) Stop(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.stopped = true
		for c.running > 0 || len(c.queue) > 0 {
			c.idle.Wait()
		}
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("drain commands: %w", ctx.Err())
	}
}

func (c *Committer[C, R]) enqueue(w *waiting[C, R]) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.stopped:
		return ErrStopping
	case len(c.queue) >= c.cfg.MaxQueue:
		return ErrOverloaded
	}
	c.queue = append(c.queue, w)
	c.startIfFree()
	return nil
}

// startIfFree starts a worker when none runs, or when all that run are late. It is called with the lock held.
func (c *Committer[C, R]) startIfFree() {
	if len(c.queue) == 0 || c.running >= c.cfg.InFlight || c.running > c.late {
		return
	}
	c.running++
	go c.work()
}

// work runs batches until nothing waits.
func (c *Committer[C, R]) work() {
	for {
		batch := c.take()
		if batch == nil {
			return
		}
		c.runLate(batch)
	}
}

// take removes the next batch from the queue, or ends the worker when there is none.
func (c *Committer[C, R]) take() []*waiting[C, R] {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, bytes := time.Now(), 0
	var batch []*waiting[C, R]
	for len(c.queue) > 0 && len(batch) < c.cfg.MaxBatch {
		w := c.queue[0]
		if now.Sub(w.since) > c.cfg.MaxAge {
			w.answer <- Result[R]{Err: ErrOverloaded}
			c.pop()
			continue
		}
		if s, ok := any(w.cmd).(Sized); ok {
			if bytes += s.Size(); bytes > c.cfg.MaxBytes && len(batch) > 0 {
				break
			}
		}
		c.cfg.Waited(now.Sub(w.since))
		batch = append(batch, w)
		c.pop()
	}
	if batch == nil {
		c.running--
		c.idle.Broadcast()
	}
	return batch
}

func (c *Committer[C, R]) pop() {
	c.queue[0] = nil
	c.queue = c.queue[1:]
}

// runLate runs a batch and, for as long as it is late, lets another worker run beside this one.
func (c *Committer[C, R]) runLate(batch []*waiting[C, R]) {
	var isLate bool
	timer := time.AfterFunc(c.cfg.Late, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if batch != nil {
			isLate = true
			c.late++
			c.startIfFree()
		}
	})
	c.carryOut(batch)
	timer.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	batch = nil
	if isLate {
		c.late--
	}
}

// carryOut runs a batch until it is committed. What fails for a passing reason is run again; what keeps failing is cut
// in halves, until the culprit stands alone and its neighbours are answered.
func (c *Committer[C, R]) carryOut(batch []*waiting[C, R]) {
	attempts := c.cfg.Attempts
	if len(batch) > 1 {
		// One stubborn command is soon parted from its neighbours.
		attempts = min(attempts, 2)
	}
	var err error
	for attempt := range attempts {
		if attempt > 0 {
			pause := 5 * time.Millisecond << min(attempt, 5)
			time.Sleep(pause/2 + rand.N(pause)) //nolint:gosec // spreads retries, guards nothing
		}
		if err = c.attempt(batch); err == nil {
			return
		}
		if !c.cfg.Transient(err) {
			break
		}
	}
	if len(batch) > 1 && !c.cfg.Unavailable(err) {
		c.cfg.Logger.Warn("batch failed and is split", "size", len(batch), "error", err)
		half := len(batch) / 2
		c.carryOut(batch[:half])
		c.carryOut(batch[half:])
		return
	}
	for _, w := range batch {
		w.answer <- Result[R]{Err: err}
	}
}

func (c *Committer[C, R]) attempt(batch []*waiting[C, R]) (err error) {
	start := time.Now()
	defer func() { c.cfg.Observe(len(batch), time.Since(start), err) }()
	ctx, cancel := context.WithTimeout(context.Background(), c.cfg.Timeout)
	defer cancel()
	cmds := make([]C, len(batch))
	for i, w := range batch {
		cmds[i] = w.cmd
	}
	results, err := c.guarded(ctx, cmds)
	if err != nil {
		return err
	}
	if len(results) != len(batch) {
		return fmt.Errorf("runner gave %d results for %d commands", len(results), len(batch))
	}
	for i, w := range batch {
		w.answer <- results[i]
	}
	return nil
}

// ErrPanic marks a batch whose runner panicked.
var ErrPanic = errors.New("panic while carrying out a batch")

func (c *Committer[C, R]) guarded(ctx context.Context, cmds []C) (results []Result[R], err error) {
	defer func() {
		if p := recover(); p != nil {
			c.cfg.Logger.Error("panic in a batch", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = ErrPanic
		}
	}()
	return c.run(ctx, cmds)
}

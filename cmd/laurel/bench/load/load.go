// Package load is a small load generator: a number of workers, each with one keep-alive connection and one request on
// its way at a time, for a fixed time after a warm-up.
package load

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

// Plan is one measurement.
type Plan struct {
	// Addresses are host:port on loopback. Worker i talks to the one at i modulo their number.
	Addresses   []string
	Connections int
	// Warmup is not counted. Duration is; it ends early when Next has no more to ask.
	Warmup   time.Duration
	Duration time.Duration
	// Next writes the next request, or tells that there is none left. Workers call it at the same time.
	Next func(r *Request) bool
	// Expect are the statuses that count; every other one is a failure.
	Expect []int
	// Answered, if set, is told of every answer that counts, also during the warm-up. The body is good until it returns.
	Answered func(ref int64, body []byte) error
}

// maxFailures is how many failures end a worker's part: what fails that often measures nothing.
const maxFailures = 20

// ErrNotLoopback refuses to send load anywhere but to this machine.
var ErrNotLoopback = errors.New("load goes to loopback addresses only")

// Run carries a plan out. Failed requests are part of the result; an error means that there is none.
func Run(ctx context.Context, p Plan) (Result, error) {
	if p.Connections < 1 || p.Duration <= 0 || len(p.Addresses) == 0 {
		return Result{}, errors.New("a plan needs connections, a duration and an address")
	}
	for _, a := range p.Addresses {
		host, _, err := net.SplitHostPort(a)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return Result{}, fmt.Errorf("%s: %w", a, ErrNotLoopback)
		}
	}
	workers := make([]*worker, p.Connections)
	for i := range workers {
		c, err := dial(ctx, p.Addresses[i%len(p.Addresses)])
		if err != nil {
			for _, w := range workers[:i] {
				err = errors.Join(err, w.conn.close())
			}
			return Result{}, err
		}
		workers[i] = &worker{plan: p, address: p.Addresses[i%len(p.Addresses)], conn: c}
	}
	start := time.Now()
	var all sync.WaitGroup
	for _, w := range workers {
		all.Go(func() { w.run(ctx, start) })
	}
	all.Wait()
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	var t tally
	for _, w := range workers {
		t.add(w)
	}
	return t.result(p.Warmup, p.Duration), nil
}

// worker sends one request after another.
type worker struct {
	plan    Plan
	address string
	conn    *connection

	samples  []sample
	failures int
	first    string
	// dry is true once there was nothing left to ask.
	dry bool
}

func (w *worker) run(ctx context.Context, start time.Time) {
	defer func() {
		if w.conn != nil {
			// Nothing is on its way any more.
			_ = w.conn.close()
		}
	}()
	var r Request
	end := w.plan.Warmup + w.plan.Duration
	began := time.Since(start)
	for began < end && w.failures < maxFailures && ctx.Err() == nil {
		r.reset()
		if w.dry = !w.plan.Next(&r); w.dry {
			return
		}
		err := w.ask(ctx, &r)
		now := time.Since(start)
		if err != nil {
			w.fail(err)
		} else {
			w.samples = append(w.samples, sample{at: now, took: now - began})
		}
		began = now
	}
}

func (w *worker) fail(err error) {
	if w.failures++; w.first == "" {
		w.first = err.Error()
	}
}

func (w *worker) ask(ctx context.Context, r *Request) (err error) {
	if w.conn == nil {
		if w.conn, err = dial(ctx, w.address); err != nil {
			return err
		}
	}
	status, body, err := w.conn.exchange(r)
	if err == nil && !slices.Contains(w.plan.Expect, status) {
		err = fmt.Errorf("%s %s: status %d: %.300s", r.Method, r.Path, status, body)
	} else if err == nil && w.plan.Answered != nil {
		err = w.plan.Answered(r.Ref, body)
	}
	if status == 0 || w.conn.closes {
		// A broken connection says no more when it is closed.
		_ = w.conn.close()
		w.conn = nil
	}
	return err
}

package load

import (
	"slices"
	"time"
)

// Result is what a measurement found.
type Result struct {
	// Requests were answered as expected within Window, the time that counts.
	Requests int
	Window   time.Duration
	// P50 and P99 are the latencies that 50 and 99 of 100 requests stayed within.
	P50, P99 time.Duration
	// Failures are the requests that were refused or not answered, warm-up included, and FirstFailure is one of them.
	Failures     int
	FirstFailure string
}

// PerSecond is the rate of answered requests.
func (r Result) PerSecond() float64 {
	if r.Window <= 0 {
		return 0
	}
	return float64(r.Requests) / r.Window.Seconds()
}

// sample is one answered request: when its answer was there, since the start, and how long it took.
type sample struct{ at, took time.Duration }

// tally adds up what the workers saw.
type tally struct {
	samples  []sample
	failures int
	first    string
	dry      bool
}

func (t *tally) add(w *worker) {
	t.samples = append(t.samples, w.samples...)
	t.failures += w.failures
	t.dry = t.dry || w.dry
	if t.first == "" {
		t.first = w.first
	}
}

// result counts the answers that came after the warm-up and before the end. When the requests ran out, the time that
// counts ends with the last answer.
func (t *tally) result(warmup, duration time.Duration) Result {
	end := warmup + duration
	if t.dry {
		last := warmup
		for _, s := range t.samples {
			last = max(last, s.at)
		}
		end = min(end, last)
	}
	var took []time.Duration
	for _, s := range t.samples {
		if s.at > warmup && s.at <= end {
			took = append(took, s.took)
		}
	}
	slices.Sort(took)
	return Result{Requests: len(took), Window: end - warmup, P50: Percentile(took, 50), P99: Percentile(took, 99),
		Failures: t.failures, FirstFailure: t.first}
}

// Percentile returns the least of sorted values that percent of 100 values stay within (nearest rank); zero of none.
func Percentile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := (len(sorted)*percent + 99) / 100
	return sorted[min(max(rank, 1), len(sorted))-1]
}

package load

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const ms = time.Millisecond

func TestPercentile(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i+1) * ms
	}
	for name, c := range map[string]struct {
		values  []time.Duration
		percent int
		want    time.Duration
	}{
		"nothing":         {nil, 99, 0},
		"one":             {[]time.Duration{7}, 50, 7},
		"two, median":     {[]time.Duration{1, 9}, 50, 1},
		"two, p99":        {[]time.Duration{1, 9}, 99, 9},
		"hundred, median": {hundred, 50, 50 * ms},
		"hundred, p99":    {hundred, 99, 99 * ms},
		"hundred, all":    {hundred, 100, 100 * ms},
	} {
		if got := Percentile(c.values, c.percent); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestPercentileIsTheLeastThatCovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Map(rapid.Int64Range(0, 50), func(n int64) time.Duration { return time.Duration(n) }), 1, 60).Draw(t, "values")
		percent := rapid.IntRange(1, 100).Draw(t, "percent")
		slices.Sort(values)
		got := Percentile(values, percent)
		within, below := 0, 0
		for _, v := range values {
			if v <= got {
				within++
			}
			if v < got {
				below++
			}
		}
		if within*100 < percent*len(values) || below*100 >= percent*len(values) {
			t.Fatalf("%v of %v: %d within, %d below", got, values, within, below)
		}
	})
}

func TestResult(t *testing.T) {
	for name, c := range map[string]struct {
		tally    tally
		want     Result
		wantRate float64
	}{
		"nothing": {tally{}, Result{Window: 1000 * ms}, 0},
		"warm-up and what came too late do not count": {
			tally{samples: []sample{{100 * ms, ms}, {200 * ms, ms}, {201 * ms, 2 * ms}, {1200 * ms, 4 * ms}, {1201 * ms, 9 * ms}}},
			Result{Requests: 2, Window: 1000 * ms, P50: 2 * ms, P99: 4 * ms}, 2,
		},
		"requests ran out": {
			tally{samples: []sample{{300 * ms, ms}, {700 * ms, 3 * ms}}, dry: true},
			Result{Requests: 2, Window: 500 * ms, P50: ms, P99: 3 * ms}, 4,
		},
		"requests ran out in the warm-up": {tally{samples: []sample{{100 * ms, ms}}, dry: true}, Result{}, 0},
		"failures count from the first on": {
			tally{failures: 3, first: "status 500"}, Result{Window: 1000 * ms, Failures: 3, FirstFailure: "status 500"}, 0,
		},
	} {
		got := c.tally.result(200*ms, 1000*ms)
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		if got.PerSecond() != c.wantRate {
			t.Errorf("%s: %v a second, want %v", name, got.PerSecond(), c.wantRate)
		}
	}
}

package bench

import (
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

// Key names a figure: what was measured, over how many connections.
type Key struct {
	Name        string
	Connections int
}

// The measurements.
const (
	pgCredit      = "pgbench credit, 10,000 accounts"
	pgHot         = "pgbench credit, one account"
	bareEmpty     = "bare Echo GET"
	bareRedis     = "bare Echo GET with one Redis GET"
	bareSign      = "bare Echo GET that signs ES256"
	credit        = "credit, 10,000 members"
	creditHot     = "credit, one hot member"
	creditTwo     = "credit, two processes"
	hold          = "hold"
	redeem        = "redeem of holds, 64 offers"
	redeemLimited = "redeem of holds, one limited offer"
	oneStep       = "redeem in one step, 64 offers"
	issue         = "token issue, fresh"
	issueAgain    = "token issue, live token again"
	introspect    = "introspect, cached in process"
	introspectRds = "introspect, cached in Redis"
	evaluate      = "evaluate, 10 lines, 3 offers"
	sqliteCredit  = "SQLite credit, 1,000 members"
	sqliteAlone   = "SQLite credit, one transaction a request"
)

// The connections of a measurement.
const (
	lone = 1
	some = 32
	lots = 256
)

// Figures are what a run found.
type Figures struct {
	// Order is in which the keys were first measured.
	Order []Key
	Found map[Key]load.Result
	// Resident is the memory of an idle gateway in bytes, Ready how long it took to start. Zero: not measured.
	Resident int64
	Ready    time.Duration
}

// add keeps a result. What is measured twice counts as one measurement of both times.
func (f *Figures) add(k Key, r load.Result) {
	if f.Found == nil {
		f.Found = map[Key]load.Result{}
	}
	first, again := f.Found[k]
	if !again {
		f.Order = append(f.Order, k)
		f.Found[k] = r
		return
	}
	f.Found[k] = together(first, r)
}

// together is one result of two. The percentiles of both cannot be had from their percentiles: the median is taken between
// them, and the p99 is the worse one.
func together(a, b load.Result) load.Result {
	sum := load.Result{Requests: a.Requests + b.Requests, Window: a.Window + b.Window, P50: (a.P50 + b.P50) / 2, P99: max(a.P99, b.P99),
		Failures: a.Failures + b.Failures, FirstFailure: a.FirstFailure}
	if sum.FirstFailure == "" {
		sum.FirstFailure = b.FirstFailure
	}
	return sum
}

// Failures is how many requests failed in all.
func (f *Figures) Failures() int {
	n := 0
	for _, r := range f.Found {
		n += r.Failures
	}
	return n
}

package bench

import (
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

// quantity is what a target looks at.
type quantity int

const (
	rate quantity = iota
	p50
	p99
)

// Target is a promise about two figures of one run.
type Target struct {
	Of, Against Key
	quantity    quantity
	// factor bounds the quotient: from below for a rate, from above for a latency.
	factor float64
	// floor, if set, is a latency that is always short enough: where the database answers faster than on the machine that the
	// factor was made on, the gateway's own work does not shrink with it.
	floor time.Duration
}

// credits of pgbench, as the reference of most targets.
var (
	l     = Key{pgCredit, some}
	lHot  = Key{pgHot, some}
	lLone = Key{pgCredit, lone}
)

// Targets are the promises that a run checks.
var Targets = []Target{
	{Key{credit, some}, l, rate, 1.2, 0},
	{Key{credit, lots}, l, rate, 2.3, 0},
	{Key{creditHot, some}, lHot, rate, 4, 0},
	{Key{creditHot, lots}, lHot, rate, 9, 0},
	{Key{redeem, some}, l, rate, 0.9, 0},
	{Key{redeem, lots}, l, rate, 1.7, 0},
	{Key{redeemLimited, some}, Key{redeem, some}, rate, 0.5, 0},
	{Key{redeemLimited, lots}, Key{redeem, lots}, rate, 0.5, 0},
	{Key{oneStep, some}, l, rate, 0.7, 0},
	{Key{oneStep, lots}, l, rate, 1.2, 0},
	{Key{credit, some}, l, p99, 1, 0},
	{Key{creditHot, some}, l, p99, 1, 0},
	{Key{redeem, some}, l, p99, 1, 0},
	{Key{redeemLimited, some}, l, p99, 1, 0},
	{Key{oneStep, some}, l, p99, 1, 0},
	// Alone: 1.2 ms and 2 ms where the same credit by pgbench takes 0.5 ms.
	{Key{credit, lone}, lLone, p50, 1.2 / 0.5, 1200 * time.Microsecond},
	{Key{redeem, lone}, lLone, p50, 2 / 0.5, 2 * time.Millisecond},
	{Key{issueAgain, some}, Key{bareRedis, some}, rate, 0.5, 0},
	{Key{introspect, some}, Key{bareRedis, some}, rate, 0.5, 0},
	{Key{introspectRds, some}, Key{bareRedis, some}, rate, 0.5, 0},
	{Key{issue, some}, Key{bareSign, some}, rate, 0.4, 0},
	{Key{evaluate, some}, Key{bareEmpty, some}, rate, 0.3, 0},
	{Key{sqliteCredit, some}, Key{sqliteAlone, some}, rate, 4, 0},
	{Key{creditTwo, some}, Key{credit, some}, rate, 0.7, 0},
	{Key{creditTwo, lots}, Key{credit, lots}, rate, 1, 0},
}

// The bounds of an idle gateway.
const (
	maxResident = 60 << 20
	maxReady    = time.Second
)

// Verdict is how a target went.
type Verdict struct {
	What, Against string
	// Value and Bound are as shown; both are empty when a figure is missing.
	Value, Bound string
	Met          string
}

// The words for whether a target is met.
const (
	yes         = "yes"
	no          = "**no**"
	notMeasured = "not measured"
)

func met(ok bool) string {
	if ok {
		return yes
	}
	return no
}

// Judge holds the figures against the targets.
func Judge(f Figures) []Verdict {
	var all []Verdict
	for _, t := range Targets {
		all = append(all, t.judge(f))
	}
	resident := Verdict{What: "idle gateway, resident memory", Bound: fmt.Sprintf("< %d MiB", maxResident>>20), Met: notMeasured}
	if f.Resident > 0 {
		resident.Value, resident.Met = fmt.Sprintf("%.1f MiB", float64(f.Resident)/(1<<20)), met(f.Resident < maxResident)
	}
	ready := Verdict{What: "gateway, from start to ready", Bound: "< " + shown(maxReady), Met: notMeasured}
	if f.Ready > 0 {
		ready.Value, ready.Met = shown(f.Ready), met(f.Ready < maxReady)
	}
	return append(all, resident, ready)
}

func (t Target) judge(f Figures) Verdict {
	v := Verdict{What: t.Of.String(), Against: t.Against.String(), Met: notMeasured}
	sign := ">="
	switch t.quantity {
	case p50:
		sign, v.What = "<=", v.What+": median"
	case p99:
		sign, v.What = "<=", v.What+": p99"
	}
	v.Bound = fmt.Sprintf("%s %.3g x", sign, t.factor)
	if t.floor > 0 {
		v.Bound += " or " + shown(t.floor)
	}
	of, have := f.Found[t.Of]
	against, haveToo := f.Found[t.Against]
	if !have || !haveToo || t.value(against) == 0 {
		return v
	}
	quotient := t.value(of) / t.value(against)
	v.Value = fmt.Sprintf("%.2f x", quotient)
	if t.floor > 0 {
		v.Value += " (" + shown(of.P50) + ")"
	}
	if t.quantity == rate {
		v.Met = met(quotient >= t.factor)
	} else {
		v.Met = met(quotient <= t.factor || t.value(of) <= t.floor.Seconds())
	}
	return v
}

func (t Target) value(r load.Result) float64 {
	switch t.quantity {
	case p50:
		return r.P50.Seconds()
	case p99:
		return r.P99.Seconds()
	}
	return r.PerSecond()
}

// String names the figure with its connections.
func (k Key) String() string {
	if k.Connections == lone {
		return k.Name + ", alone"
	}
	return fmt.Sprintf("%s, %d connections", k.Name, k.Connections)
}

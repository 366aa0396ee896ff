package bench

import (
	"context"
	"math/rand/v2"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/bare"
	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

// members is how many accounts and members are credited at random.
const members = 10_000

// steps are all measurements in their order. pgbench comes first and last, so that a machine that grows slower or faster on the
// way does so for both sides.
func (b *bench) steps() []step {
	pg := b.pgbench()
	bareGet := b.bare()
	steps := []step{
		{l, pg(members)}, {lHot, pg(1)}, {lLone, pg(members)},
		{Key{bareEmpty, some}, bareGet(bare.PathEmpty)}, {Key{bareRedis, some}, bareGet(bare.PathRedis)}, {Key{bareSign, some}, bareGet(bare.PathSign)},
	}
	random := func() int64 { return rand.Int64N(members) }
	hot := func() int64 { return members }
	for _, n := range []int{some, lots, lone} {
		steps = append(steps, step{Key{credit, n}, b.with(creditOf(random))})
	}
	for _, n := range []int{some, lots} {
		steps = append(steps, step{Key{creditHot, n}, b.with(creditOf(hot))})
	}
	steps = append(steps, step{Key{issue, some}, b.with((*crowd).issue)}, step{Key{hold, some}, b.with((*crowd).hold)})
	return append(append(steps, b.redeemSteps()...), b.restSteps(pg)...)
}

func (b *bench) redeemSteps() []step {
	many := func(c *crowd) *supply { return c.many }
	limited := func(c *crowd) *supply { return c.limited }
	var steps []step
	for _, n := range []int{some, lots} {
		steps = append(steps,
			step{Key{redeem, n}, b.with(redeemHolds(many))},
			step{Key{redeemLimited, n}, b.with(redeemHolds(limited))},
			step{Key{oneStep, n}, b.with((*crowd).redeemInOneStep)})
	}
	return append(steps, step{Key{redeem, lone}, b.with(redeemHolds(many))})
}

func (b *bench) restSteps(pg func(int) measure) []step {
	random := func() int64 { return rand.Int64N(members) }
	return []step{
		{Key{issueAgain, some}, b.with((*crowd).issueAgain)},
		{Key{introspect, some}, b.with((*crowd).introspect)},
		{Key{introspectRds, some}, b.with((*crowd).introspectRedis)},
		{Key{evaluate, some}, b.with((*crowd).evaluate)},
		{Key{creditTwo, some}, b.with(creditByTwo(random))},
		{Key{creditTwo, lots}, b.with(creditByTwo(random))},
		{Key{sqliteCredit, some}, b.sqlite()},
		{Key{sqliteAlone, some}, b.sqlite("LAUREL_COMMIT_MAX_BATCH=1")},
		{l, pg(members)}, {lHot, pg(1)},
	}
}

// measure carries a step out.
type measure func(ctx context.Context, k Key) (load.Result, error)

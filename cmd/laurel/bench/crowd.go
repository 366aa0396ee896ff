package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

// shoppers is how many customers get an account before anything is measured. The first of them are the members.
const shoppers = 40_000

// idleFor is how long a gateway that has just started is left alone before its memory is looked at.
const idleFor = time.Second

// crowd is a seeded store on PostgreSQL, a gateway before it, and shoppers who have points.
type crowd struct {
	*bench
	place   place
	gateway *process
	traffic *traffic
	// many are tokens and holds of different offers, limited those of one offer with a limit.
	many    *supply
	limited *supply
}

// with carries a step out on the crowd, which comes when it is first needed.
func (b *bench) with(m func(c *crowd, ctx context.Context, k Key) (load.Result, error)) measure {
	return func(ctx context.Context, k Key) (load.Result, error) {
		if b.crowd == nil {
			c, err := b.gather(ctx)
			if err != nil {
				return load.Result{}, err
			}
			b.crowd = c
		}
		return m(b.crowd, ctx, k)
	}
}

func (b *bench) gather(ctx context.Context) (*crowd, error) {
	url, err := b.stage.database(ctx, "laurel")
	if err != nil {
		return nil, err
	}
	c := &crowd{bench: b, place: place{name: "gateway", databaseURL: url}}
	made, err := seed(ctx, b.stage.environment(c.place))
	if err != nil {
		return nil, fmt.Errorf("seed the store: %w", err)
	}
	if c.gateway, err = b.stage.startGateway(ctx, b.stage.environment(c.place)); err != nil {
		return nil, err
	}
	b.figures.Ready = c.gateway.ready
	if err := wait(ctx, idleFor); err != nil {
		return nil, err
	}
	if n, ok := residentMemory(c.gateway.pid); ok {
		b.figures.Resident = n
	}
	c.traffic = newTraffic(made)
	c.many = &supply{traffic: c.traffic, most: members * manyOffers,
		slot: func(n int64) (string, int64) { return made.many[n/members%manyOffers], n % members }}
	// A few fewer than shoppers, because those that come first are not always served first.
	c.limited = &supply{traffic: c.traffic, most: shoppers - 2*lots,
		slot: func(n int64) (string, int64) { return made.limited, n % shoppers }}
	if err := c.open(ctx); err != nil {
		return nil, err
	}
	return c, b.stage.analyze(ctx, url)
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// patience bounds how long giving the shoppers accounts may take. Who has none by then gets one with the first points.
const patience = 30 * time.Second

// open gives the shoppers accounts.
func (c *crowd) open(ctx context.Context) error {
	var next atomic.Int64
	got, err := load.Run(ctx, load.Plan{
		Addresses: []string{c.gateway.address}, Connections: supplyConnections, Duration: patience, Expect: []int{http.StatusCreated},
		Next: func(r *load.Request) bool {
			shopper := next.Add(1) - 1
			c.traffic.credit(r, shopper)
			return shopper < shoppers
		},
	})
	if err == nil && got.Failures > 0 {
		err = fmt.Errorf("%d %w, the first: %s", got.Failures, ErrFailures, got.FirstFailure)
	}
	if err != nil {
		return fmt.Errorf("give the shoppers accounts: %w", err)
	}
	return nil
}

// plan is a plan of requests to the gateway.
func (c *crowd) plan(status int, next func(r *load.Request) bool) load.Plan {
	return load.Plan{Addresses: []string{c.gateway.address}, Next: next, Expect: []int{status}}
}

func creditOf(shopper func() int64) func(*crowd, context.Context, Key) (load.Result, error) {
	return func(c *crowd, ctx context.Context, k Key) (load.Result, error) {
		return c.load(ctx, k, c.plan(http.StatusCreated, c.traffic.credits(shopper)))
	}
}

func (t *traffic) credits(shopper func() int64) func(*load.Request) bool {
	return func(r *load.Request) bool {
		t.credit(r, shopper())
		return true
	}
}

// creditByTwo spreads the connections over two gateways on one database.
func creditByTwo(shopper func() int64) func(*crowd, context.Context, Key) (load.Result, error) {
	return func(c *crowd, ctx context.Context, k Key) (load.Result, error) {
		return c.beside(ctx, nil, func(second *process) (load.Result, error) {
			p := c.plan(http.StatusCreated, c.traffic.credits(shopper))
			p.Addresses = append(p.Addresses, second.address)
			return c.load(ctx, k, p)
		})
	}
}

// beside runs a second gateway on the same data for as long as fn takes.
func (c *crowd) beside(ctx context.Context, env []string, fn func(second *process) (load.Result, error)) (got load.Result, err error) {
	second, err := c.stage.startGateway(ctx, c.stage.environment(c.place, env...))
	if err != nil {
		return got, err
	}
	defer func() { err = errors.Join(err, second.stop()) }()
	return fn(second)
}

func (c *crowd) issue(ctx context.Context, k Key) (load.Result, error) {
	p := c.plan(http.StatusCreated, c.many.nextIssue)
	p.Answered = c.many.issuedToken
	return c.load(ctx, k, p)
}

func (c *crowd) hold(ctx context.Context, k Key) (load.Result, error) {
	if err := c.many.makeTokens(ctx, c.gateway.address, c.length()); err != nil {
		return load.Result{}, err
	}
	p := c.plan(http.StatusCreated, c.many.nextHold)
	p.Answered = c.many.held
	return c.load(ctx, k, p)
}

func redeemHolds(from func(*crowd) *supply) func(*crowd, context.Context, Key) (load.Result, error) {
	return func(c *crowd, ctx context.Context, k Key) (load.Result, error) {
		s := from(c)
		if err := s.makeHolds(ctx, c.gateway.address, c.length()); err != nil {
			return load.Result{}, err
		}
		return c.load(ctx, k, c.plan(http.StatusOK, s.nextRedeemHold))
	}
}

func (c *crowd) redeemInOneStep(ctx context.Context, k Key) (load.Result, error) {
	if err := c.many.makeTokens(ctx, c.gateway.address, c.length()); err != nil {
		return load.Result{}, err
	}
	return c.load(ctx, k, c.plan(http.StatusCreated, c.many.nextRedeem))
}

// issueAgain asks for tokens that are live already: those of the first stack offer, given to all members that ask.
func (c *crowd) issueAgain(ctx context.Context, k Key) (load.Result, error) {
	if _, err := c.stackTokens(ctx); err != nil {
		return load.Result{}, err
	}
	return c.load(ctx, k, c.plan(http.StatusOK, func(r *load.Request) bool {
		c.traffic.issue(r, c.traffic.store.stack[0], rand.Int64N(stackShoppers))
		return true
	}))
}

func (c *crowd) introspectAt(ctx context.Context, k Key, address string) (load.Result, error) {
	tokens, err := c.stackTokens(ctx)
	if err != nil {
		return load.Result{}, err
	}
	return c.load(ctx, k, load.Plan{Addresses: []string{address}, Expect: []int{http.StatusOK}, Next: func(r *load.Request) bool {
		c.traffic.introspect(r, tokens[rand.IntN(stackShoppers)][0])
		return true
	}})
}

func (c *crowd) introspect(ctx context.Context, k Key) (load.Result, error) {
	return c.introspectAt(ctx, k, c.gateway.address)
}

func (c *crowd) introspectRedis(ctx context.Context, k Key) (load.Result, error) {
	env := []string{"LAUREL_REDIS_URL=redis://" + c.stage.redis.address + "/1"}
	return c.beside(ctx, env, func(second *process) (load.Result, error) { return c.introspectAt(ctx, k, second.address) })
}

func (c *crowd) evaluate(ctx context.Context, k Key) (load.Result, error) {
	tokens, err := c.stackTokens(ctx)
	if err != nil {
		return load.Result{}, err
	}
	return c.load(ctx, k, c.plan(http.StatusOK, func(r *load.Request) bool {
		shopper := rand.Int64N(stackShoppers)
		c.traffic.evaluate(r, shopper, tokens[shopper]...)
		return true
	}))
}

// stackShoppers is how many shoppers hold a token of each of the stack's offers.
const stackShoppers = 100

// stackTokens returns the live tokens of the stack's offers, by shopper.
func (c *crowd) stackTokens(ctx context.Context) ([][]string, error) {
	tokens := make([][]string, stackShoppers)
	for i := range tokens {
		tokens[i] = make([]string, len(c.traffic.store.stack))
	}
	var next atomic.Int64
	n := int64(len(c.traffic.store.stack))
	p := c.plan(http.StatusCreated, func(r *load.Request) bool {
		r.Ref = next.Add(1) - 1
		if r.Ref >= stackShoppers*n {
			return false
		}
		ref := r.Ref
		c.traffic.issue(r, c.traffic.store.stack[ref%n], ref/n)
		return true
	})
	p.Connections, p.Duration, p.Expect = some, c.length(), []int{http.StatusOK, http.StatusCreated}
	p.Answered = func(ref int64, body []byte) (err error) {
		tokens[ref/n][ref%n], err = field(body, "token")
		return err
	}
	got, err := load.Run(ctx, p)
	switch {
	case err != nil:
		return nil, err
	case got.Failures > 0:
		return nil, fmt.Errorf("get the tokens of the stack: %s", got.FirstFailure)
	case next.Load() < stackShoppers*n:
		return nil, fmt.Errorf("get the tokens of the stack: %w", errDry)
	}
	return tokens, nil
}

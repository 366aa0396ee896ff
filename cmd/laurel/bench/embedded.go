package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

// sqliteMembers are few enough that the warm-up has met them all.
const sqliteMembers = 1_000

// sqlite credits with the embedded database, in a directory of its own.
func (b *bench) sqlite(env ...string) measure {
	return func(ctx context.Context, k Key) (got load.Result, err error) {
		where := place{name: fmt.Sprintf("embedded-%d", len(b.figures.Order))}
		made, err := seed(ctx, b.stage.environment(where))
		if err != nil {
			return got, fmt.Errorf("seed the store: %w", err)
		}
		g, err := b.stage.startGateway(ctx, b.stage.environment(where, env...))
		if err != nil {
			return got, err
		}
		defer func() { err = errors.Join(err, g.stop()) }()
		t := newTraffic(made)
		return b.load(ctx, k, load.Plan{Addresses: []string{g.address}, Expect: []int{http.StatusCreated},
			Next: t.credits(func() int64 { return rand.Int64N(sqliteMembers) })})
	}
}

// profile makes a CPU profile of a gateway on PostgreSQL while it credits.
func (b *bench) profile(ctx context.Context) error {
	k := Key{credit, some}
	_, err := b.with(func(c *crowd, ctx context.Context, k Key) (got load.Result, err error) {
		g, err := c.stage.startGateway(ctx, c.stage.environment(c.place), "--profile", b.Profile)
		if err != nil {
			return got, err
		}
		defer func() { err = errors.Join(err, g.stop()) }()
		return c.load(ctx, k, load.Plan{Addresses: []string{g.address}, Expect: []int{http.StatusCreated},
			Next: c.traffic.credits(func() int64 { return rand.Int64N(members) })})
	})(ctx, k)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	return nil
}

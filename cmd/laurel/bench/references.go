package bench

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/bare"
	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
	"github.com/laurel-gateway/laurel/cmd/laurel/bench/pgbench"
)

// pgbench measures what PostgreSQL can do by itself. Its database is made when it is first needed.
func (b *bench) pgbench() func(accounts int) measure {
	var d *pgbench.Database
	return func(accounts int) measure {
		return func(ctx context.Context, k Key) (load.Result, error) {
			if d == nil {
				url, err := b.stage.database(ctx, "pgbench")
				if err != nil {
					return load.Result{}, err
				}
				if d, err = pgbench.Prepare(ctx, url, b.stage.dir, members); err != nil {
					return load.Result{}, err
				}
			}
			return d.Credit(ctx, k.Connections, accounts, b.warmup, b.Duration)
		}
	}
}

// bare measures what HTTP can do by itself. The server is started when it is first needed.
func (b *bench) bare() func(path string) measure {
	var p *process
	return func(path string) measure {
		return func(ctx context.Context, k Key) (load.Result, error) {
			if p == nil {
				var err error
				if p, err = b.stage.startBare(ctx, bare.PathEmpty); err != nil {
					return load.Result{}, err
				}
			}
			return b.load(ctx, k, load.Plan{Addresses: []string{p.address}, Next: get(path), Expect: []int{http.StatusOK}})
		}
	}
}

// load carries out a plan for as long as the run says.
func (b *bench) load(ctx context.Context, k Key, p load.Plan) (load.Result, error) {
	p.Connections, p.Warmup, p.Duration = k.Connections, b.warmup, b.Duration
	return load.Run(ctx, p)
}

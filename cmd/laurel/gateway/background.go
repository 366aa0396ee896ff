package gateway

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
	"github.com/laurel-gateway/laurel/verify"
)

// The jobs that run by the clock, on whichever replica picks them up.
const (
	tidy    jobs.Kind = "tidy"
	lapse   jobs.Kind = "lapse_verifications"
	keepFor           = 30 * 24 * time.Hour
)

// ringEvery is how often the signing keys are read again: a revoked key is out of use within this time.
const ringEvery = 5 * time.Second

type noArgs struct{}

func (g *Gateway) openBackground(ctx context.Context, _ Options) error {
	sender := webhook.NewSender(g.outgoing(0), g.Master, time.Now, "Laurel/"+g.version)
	g.relay = outbox.NewRelay(outbox.Config{Storage: database.NewOutbox(g.DB), Sender: sender, Logger: g.log, Random: rand.Float64})
	workers := []jobs.Worker{
		jobs.Handle(tidy, func(ctx context.Context, _ noArgs) error { return g.tidy(ctx) }),
		jobs.Handle(lapse, func(ctx context.Context, _ noArgs) error { return g.lapse(ctx) }),
	}
	if g.mailer != nil {
		workers = append(workers, jobs.Handle(sendCode, g.mailCode))
	}
	var err error
	g.runner, err = jobs.Open(ctx, jobs.Config{Dialect: g.jobsDialect(), DSN: database.JobsDSN(DatabaseURL(g.Config)), Workers: workers, Logger: g.log,
		Periodic: []jobs.Periodic{{Kind: tidy, Every: time.Hour}, {Kind: lapse, Every: time.Minute}}})
	if err != nil {
		return fmt.Errorf("open the job runner: %w", err)
	}
	return nil
}

// tidy forgets what is kept for a time only.
func (g *Gateway) tidy(ctx context.Context) error {
	_, err := database.NewCheckout(g.DB).SweepIdempotencyKeys(ctx, keepFor)
	return errors.Join(err, g.Tenants.DropSessions(ctx), g.Console.Tidy(ctx), g.sweepOutbox(ctx))
}

// sweepOutbox forgets events that were relayed long ago, a little at a time.
func (g *Gateway) sweepOutbox(ctx context.Context) error {
	const atOnce = 1000
	for {
		n, err := database.NewOutbox(g.DB).Sweep(ctx, keepFor, atOnce)
		if err != nil || n < atOnce {
			return err
		}
	}
}

// lapse ends the verifications whose time is over, and tells of them.
func (g *Gateway) lapse(ctx context.Context) error {
	stores, err := g.Tenants.Stores(ctx)
	if err != nil {
		return err
	}
	const atOnce = 200
	for _, s := range stores {
		for {
			n, err := g.Verify.ExpireDue(ctx, verify.StoreRef{ID: s.ID, Test: !s.Live()}, atOnce)
			if err != nil {
				return err
			}
			if n < atOnce {
				break
			}
		}
	}
	g.relay.Nudge()
	return nil
}

// Start begins the work in the background: jobs, the webhook relay, the renewal of keys.
func (g *Gateway) Start(ctx context.Context) error {
	ctx, g.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := g.runner.Start(ctx); err != nil {
		g.cancel()
		return fmt.Errorf("start the jobs: %w", err)
	}
	g.relay.Start(ctx)
	ticker := time.NewTicker(ringEvery)
	g.loops.Go(func() {
		defer ticker.Stop()
		g.tokens.Watch(ctx, ticker.C, func(err error) { g.log.Warn("signing keys could not be read again", "error", err) })
	})
	g.loops.Go(func() { g.watchOutbox(ctx) })
	return nil
}

// watchOutbox measures how far the relay lags behind.
func (g *Gateway) watchOutbox(ctx context.Context) {
	ticker := time.NewTicker(15 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			n, oldest, err := database.NewOutbox(g.DB).Backlog(ctx)
			if err == nil {
				g.Metrics.Outbox(n, oldest)
			}
		}
	}
}

// Stop drains: commands that wait are answered, jobs and deliveries on their way end. Serve nothing any more when it is
// called.
func (g *Gateway) Stop(ctx context.Context) error {
	err := g.Committer.Stop(ctx)
	err = errors.Join(err, g.relay.Stop(ctx), g.runner.Stop(ctx))
	if g.cancel != nil {
		g.cancel()
	}
	g.loops.Wait()
	return err
}

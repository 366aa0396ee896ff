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
	"github.com/laurel-gateway/laurel/internal/tenant"
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
	sender := webhook.NewSender(g.outgoing(), g.Master, time.Now, "Laurel/"+g.version)
	storage := database.NewOutbox(g.DB)
	if g.mailer != nil {
		inserter, err := jobs.NewInserter(g.jobsDialect())
		if err != nil {
			return fmt.Errorf("open the job queue: %w", err)
		}
		storage = storage.Telling(noticeQueue{inserter})
	}
	g.relay = outbox.NewRelay(outbox.Config{Storage: storage, Sender: countedSender{sender, g.Metrics}, Logger: g.log, Random: rand.Float64})
	workers := []jobs.Worker{
		jobs.Handle(tidy, func(ctx context.Context, _ noArgs) error { return g.tidy(ctx) }),
		jobs.Handle(lapse, func(ctx context.Context, _ noArgs) error { return g.lapse(ctx) }),
		jobs.Handle(settleFraud, func(ctx context.Context, _ noArgs) error { return g.settleFrauds(ctx) }),
	}
	workers = append(workers, g.privacyWorkers()...)
	workers = append(workers, g.documentWorkers()...)
	if g.mailer != nil {
		workers = append(workers, jobs.Handle(sendCode, g.mailCode), jobs.Handle(sendReminder, g.mailReminder), jobs.Handle(tellDisabled, g.mailDisabled))
	}
	var err error
	g.runner, err = jobs.Open(ctx, jobs.Config{Dialect: g.jobsDialect(), DSN: database.JobsDSN(DatabaseURL(g.Config)), Workers: workers, Logger: g.log,
		Periodic: append(documentJobs(), []jobs.Periodic{{Kind: tidy, Every: time.Hour}, {Kind: lapse, Every: time.Minute}, {Kind: forget, Every: time.Hour}, {Kind: settleFraud, Every: time.Minute}}...)})
	if err != nil {
		return fmt.Errorf("open the job runner: %w", err)
	}
	return nil
}

// tidy forgets what is kept for a time only.
func (g *Gateway) tidy(ctx context.Context) error {
	_, err := database.NewCheckout(g.DB).SweepIdempotencyKeys(ctx, keepFor)
	return errors.Join(err, database.NewCodes(g.DB).SweepGuesses(ctx, keepFor), g.Tenants.DropSessions(ctx), g.Console.Tidy(ctx), g.sweepOutbox(ctx), g.sweepShopify(ctx), g.sweepProofs(ctx))
}

// sweepProofs forgets what stores keep of verification for a time only, a little at a time.
func (g *Gateway) sweepProofs(ctx context.Context) error {
	proofs := database.NewVerifyStorage(g.DB, nil)
	return g.eachStore(ctx, func(s *tenant.Store) error {
		return inPortions(500, func(limit int) (int, error) { return proofs.Sweep(ctx, s.ID, limit) })
	})
}

// eachStore does work for one store after the other.
func (g *Gateway) eachStore(ctx context.Context, work func(*tenant.Store) error) error {
	stores, err := g.Tenants.Stores(ctx)
	if err != nil {
		return err
	}
	for _, s := range stores {
		if err := work(s); err != nil {
			return err
		}
	}
	return nil
}

// sweepOutbox forgets events that were relayed long ago, a little at a time.
func (g *Gateway) sweepOutbox(ctx context.Context) error {
	return inPortions(1000, func(limit int) (int, error) {
		n, err := database.NewOutbox(g.DB).Sweep(ctx, keepFor, limit)
		return int(n), err
	})
}

// inPortions repeats work that does at most limit at once, until less was left.
func inPortions(limit int, work func(limit int) (done int, err error)) error {
	for {
		if n, err := work(limit); err != nil || n < limit {
			return err
		}
	}
}

// lapse ends the verifications whose time is over, and tells of them, as of attestations that are about to end;
// reservations are written down as expired.
func (g *Gateway) lapse(ctx context.Context) error {
	err := g.eachStore(ctx, func(s *tenant.Store) error {
		ref := verify.StoreRef{ID: s.ID, Test: !s.Live()}
		for _, work := range []func(limit int) (int, error){
			func(limit int) (int, error) { return g.Verify.ExpireDue(ctx, ref, limit) },
			func(limit int) (int, error) { return g.Verify.RemindDue(ctx, ref, limit) },
			func(limit int) (int, error) { return g.Verify.SettleWithdrawals(ctx, ref, limit) },
			func(limit int) (int, error) {
				n, err := database.NewCheckout(g.DB).ExpireReservations(ctx, s.ID, s.ClockOffset, limit)
				return int(n), err
			},
		} {
			if err := inPortions(200, work); err != nil {
				return err
			}
		}
		return nil
	})
	g.relay.Nudge()
	return err
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
	g.loops.Go(func() { g.watchMaster(ctx) })
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
			b, err := database.NewOutbox(g.DB).Backlog(ctx)
			if err != nil {
				g.log.WarnContext(ctx, "the outbox could not be measured", "error", err)
				continue
			}
			g.Metrics.Outbox(b.Waiting, b.Oldest)
			g.Metrics.Webhooks(b.Overdue, b.Disabled)
		}
	}
}

// Stop drains: commands that wait are answered, jobs and deliveries on their way end. Serve nothing any more when it is
// called.
func (g *Gateway) Stop(ctx context.Context) error {
	err := errors.Join(g.repeats.Stop(ctx), g.Committer.Stop(ctx))
	err = errors.Join(err, g.relay.Stop(ctx), g.runner.Stop(ctx))
	if g.cancel != nil {
		g.cancel()
	}
	g.loops.Wait()
	return err
}

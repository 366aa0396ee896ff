package gateway

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers/token"
)

// The jobs of privacy: one erasure that was asked for, and what the clocks of retention say.
const (
	erase  jobs.Kind = "erase"
	forget jobs.Kind = "forget"
)

const (
	// eraseTimeout is how long one try of an erasure may take; the next goes on where it stopped.
	eraseTimeout = 15 * time.Minute
	// eraseAgain is when an erasure is taken up again that nobody worked on.
	eraseAgain = 30 * time.Minute
)

// eraseJob names a request, and nobody.
type eraseJob struct {
	Store   string `json:"store"`
	Request string `json:"request"`
}

// erasures puts erasures into the job queue.
type erasures struct{ inserter *jobs.Inserter }

// QueueErasure implements database.ErasureQueue.
func (q erasures) QueueErasure(ctx context.Context, tx *sql.Tx, store, request string) error {
	return q.inserter.Insert(ctx, tx, erase, eraseJob{store, request}, jobs.Options{})
}

// openPrivacy makes the service of what shoppers ask for.
func (g *Gateway) openPrivacy(inserter *jobs.Inserter) {
	g.Privacy = &privacy.Service{Storage: database.NewPrivacyStorage(g.DB, erasures{inserter}, g.Master), Signer: receipts{g}, Issuer: g.Config.PublicURL}
}

// SignErasure implements privacy.Signer.
func (r receipts) SignErasure(ctx context.Context, store string, payload []byte) (string, error) {
	s, err := r.g.Tenants.Store(ctx, store)
	if err != nil {
		return "", err
	}
	return r.g.tokens.SignDocument(ctx, token.Alg(s.TokenAlgorithm()), privacy.ReceiptTyp, payload)
}

// privacyWorkers are those of the jobs of privacy.
func (g *Gateway) privacyWorkers() []jobs.Worker {
	erasing := jobs.Handle(erase, g.erase)
	erasing.Timeout = eraseTimeout
	forgetting := jobs.Handle(forget, func(ctx context.Context, _ noArgs) error { return g.forget(ctx) })
	forgetting.Timeout = eraseTimeout
	return []jobs.Worker{erasing, forgetting}
}

func (g *Gateway) erase(ctx context.Context, job eraseJob) error {
	err := g.Privacy.Work(ctx, job.Store, job.Request)
	if fault.CodeOf(err) == fault.NotFound {
		return jobs.GiveUp(err)
	}
	g.relay.Nudge()
	return err
}

// forget removes what stores kept long enough, and goes on with erasures that were left.
func (g *Gateway) forget(ctx context.Context) error {
	return g.eachStore(ctx, func(s *tenant.Store) error {
		removed, err := g.Privacy.Forget(ctx, s.ID, privacy.ClocksOf(s.Settings.Retention))
		for class, n := range removed {
			g.Metrics.Forgotten(string(class), n)
		}
		if err != nil {
			return fmt.Errorf("forget what store %s kept long enough: %w", s.ID, err)
		}
		left, err := g.Privacy.Unfinished(ctx, s.ID, eraseAgain)
		for _, request := range left {
			err = errors.Join(err, g.Privacy.Work(ctx, s.ID, request))
		}
		return err
	})
}

// watchMaster reads the master key file again now and then, so that this process seals with a new key even when it has
// met nothing that was sealed with it. Old keys are taken out only long after (crypt.PruneAfter).
func (g *Gateway) watchMaster(ctx context.Context) {
	ticker := time.NewTicker(ringEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if _, err := g.Master.Reload(); err != nil {
				g.log.WarnContext(ctx, "the master key file could not be read again", "error", err)
			}
		}
	}
}

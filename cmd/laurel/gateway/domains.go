package gateway

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/api/storefront"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/builtin"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/oidc"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/remote"
	"github.com/laurel-gateway/laurel/verify/sso"
)

func (g *Gateway) openDomains(_ context.Context, o Options) error {
	inserter, err := jobs.NewInserter(g.jobsDialect())
	if err != nil {
		return fmt.Errorf("open the job queue: %w", err)
	}
	g.openPrivacy(inserter)
	shipped, err := email.LoadShipped()
	if err != nil {
		return fmt.Errorf("load the domain packs: %w", err)
	}
	proofs := database.NewVerifyStorage(g.DB, mailQueue{inserter, g.Master})
	kinds, err := builtin.Registry(builtin.Deps{
		Shipped:   shipped,
		OIDC:      oidc.Deps{Client: g.outgoing(), Random: rand.Reader, Now: time.Now},
		Registry:  registry.Deps{Client: g.outgoing(), Endpoint: o.NPPESEndpoint, Imported: proofs, Rosters: proofs, Taggers: taggers{g}, Now: time.Now},
		Remote:    remote.Deps{Client: g.outgoing(), DecisionURL: g.decisionURL, Now: time.Now},
		Documents: g.shelf(proofs),
	})
	if err != nil {
		return fmt.Errorf("list the verifiers: %w", err)
	}
	g.Verify = verify.NewService(verify.Options{
		Storage: proofs, Registry: kinds, Taggers: taggers{g}, Sealer: g.Master, Random: rand.Reader,
		EnterURL: g.Config.PublicURL + sso.StartPath, CallbackURL: g.Config.PublicURL + sso.CallbackPath,
		MailReady: g.mailer != nil, Address: email.Deliverable, Domains: shipped.ListReader(), Rosters: registry.ListReader{},
		Issuer: g.Config.PublicURL, Receipts: receipts{g}, MailboxIdentifier: email.Identifier,
	})
	storage := database.NewConsole(g.DB)
	targets := egress.Options{AllowPrivate: g.Config.Outgoing.AllowPrivate}
	g.Console, err = console.NewService(console.Config{Storage: storage, Figures: storage, Groups: g.Verify, Targets: targets, Sealer: g.Master})
	if err != nil {
		return fmt.Errorf("open the console: %w", err)
	}
	return nil
}

// decisionURL is where a remote verifier delivers its decision to.
func (g *Gateway) decisionURL(store, verification string) string {
	return g.Config.PublicURL + storefront.DecisionPath(store, verification)
}

func (g *Gateway) jobsDialect() jobs.Dialect {
	if g.DB.Dialect() == database.SQLite {
		return jobs.SQLite
	}
	return jobs.Postgres
}

// taggers make person tags under the key of a store.
type taggers struct{ g *Gateway }

// TaggerOf implements verify.Taggers.
func (t taggers) TaggerOf(ctx context.Context, store string) (verify.Tagger, error) {
	s, err := t.g.Tenants.Store(ctx, store)
	if err != nil {
		return nil, err
	}
	return s.Keys(), nil
}

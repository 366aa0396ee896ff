// Package gateway puts the parts together: from a configuration to a gateway that serves. It is the only place that picks
// implementations; the tests from outside run the same wiring.
package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/codes"
	"github.com/laurel-gateway/laurel/internal/commit"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/mail"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/internal/telemetry"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers/token"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/document"
)

// Options are what a configuration does not say.
type Options struct {
	Config config.Config
	Logger *slog.Logger
	// Version and Commit name the program.
	Version string
	Commit  string
	// Mailer replaces the one of the configuration. The demo has an inbox.
	Mailer mail.Mailer
	// Mounts are further handlers by path prefix, and OwnOrigins further origins of the gateway's own pages.
	Mounts     map[string]http.Handler
	OwnOrigins []string
	// ShopifyEndpoint replaces the address of a shop's Admin API. Tests have a shop of their own.
	ShopifyEndpoint func(shop, version string) string
	// NPPESEndpoint replaces the address of the register of health care providers. Tests have a register of their own.
	NPPESEndpoint string
	// Documents replaces where documents are kept. Tests take it away.
	Documents document.Bucket
	// WithDemo serves the demo's pages.
	WithDemo bool
}

// Gateway is everything that runs in one process.
type Gateway struct {
	Config    config.Config
	DB        *database.DB
	Master    *crypt.Master
	Tenants   *tenant.Directory
	Console   *console.Service
	Verify    *verify.Service
	Documents *document.Desk
	Checkout  *checkout.Service
	Privacy   *privacy.Service
	API       *api.API
	Metrics   *telemetry.Metrics
	Committer *commit.Committer[checkout.Attempt, checkout.Answered]

	log      *slog.Logger
	version  string
	repeats  *commit.Committer[checkout.Repeat, bool]
	statuses *checkout.StatusLists
	tokens   *token.Source
	cache    caches
	relay    *outbox.Relay
	runner   *jobs.Runner
	mailer   mail.Mailer
	// bucketPing asks the bucket of the documents; nil when there is none to ask.
	bucketPing func(context.Context) error

	draining atomic.Bool
	cancel   context.CancelFunc
	loops    sync.WaitGroup
	closers  []io.Closer
}

// DatabaseURL is where the configuration's database is: PostgreSQL, or a file in the data directory.
func DatabaseURL(c config.Config) string {
	if c.Database.URL.IsSet() {
		return c.Database.URL.Reveal()
	}
	return filepath.Join(c.DataDir, "laurel.db")
}

// OpenMaster opens the master key: of the configured file, or of the data directory, where it is made if there is none.
func OpenMaster(c config.Config) (*crypt.Master, error) {
	if c.Keys.MasterFile != "" {
		return crypt.OpenMaster(c.Keys.MasterFile)
	}
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	return crypt.LoadOrCreateMaster(filepath.Join(c.DataDir, "master.key"))
}

// OpenDatabase opens the configured database. It does not migrate.
func OpenDatabase(ctx context.Context, c config.Config) (*database.DB, error) {
	if !c.Database.URL.IsSet() {
		if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
			return nil, fmt.Errorf("make the data directory: %w", err)
		}
	}
	return database.Open(ctx, database.Config{URL: DatabaseURL(c), MaxOpen: c.Database.MaxOpen, LockTimeout: c.Database.LockTimeout})
}

// Open puts a gateway together on a migrated database. Nothing runs before Start. Close it in the end.
func Open(ctx context.Context, o Options) (g *Gateway, err error) {
	g = &Gateway{Config: o.Config, log: o.Logger, version: o.Version, mailer: o.Mailer,
		Metrics: telemetry.NewMetrics(telemetry.Build{Version: o.Version, Commit: o.Commit})}
	defer func() {
		if err != nil {
			err = errors.Join(err, g.Close())
			g = nil
		}
	}()
	steps := []func(context.Context, Options) error{g.openStorage, g.openMail, g.openDomains, g.openDocuments, g.openCommitter, g.openBackground, g.openAPI}
	for _, step := range steps {
		if err := step(ctx, o); err != nil {
			return g, err
		}
	}
	return g, nil
}

func (g *Gateway) closeLater(c io.Closer) { g.closers = append(g.closers, c) }

func (g *Gateway) openStorage(ctx context.Context, _ Options) (err error) {
	if g.DB, err = OpenDatabase(ctx, g.Config); err != nil {
		return err
	}
	g.closeLater(g.DB)
	pools, err := g.DB.Pools()
	if err != nil {
		return err
	}
	for name, pool := range pools {
		if err := g.Metrics.WatchPool(name, pool); err != nil {
			return fmt.Errorf("watch the connection pool: %w", err)
		}
	}
	if g.Master, err = OpenMaster(g.Config); err != nil {
		return err
	}
	g.Tenants, err = tenant.NewDirectory(tenant.Config{Storage: g.DB, Master: g.Master, Now: time.Now})
	if err != nil {
		return fmt.Errorf("open the directory of stores: %w", err)
	}
	if err := g.openSigningKeys(ctx); err != nil {
		return err
	}
	return g.openCaches()
}

// openSigningKeys makes sure that there is a key for each algorithm that a store uses, and for the default one.
func (g *Gateway) openSigningKeys(ctx context.Context) error {
	stores, err := g.Tenants.Stores(ctx)
	if err != nil {
		return err
	}
	if g.tokens, err = token.OpenSource(ctx, database.NewSigningKeys(g.DB, g.Master), time.Now); err != nil {
		return fmt.Errorf("open the signing keys: %w", err)
	}
	algs := []string{string(token.ES256)}
	for _, s := range stores {
		if alg := s.TokenAlgorithm(); !slices.Contains(algs, alg) {
			algs = append(algs, alg)
		}
	}
	for _, alg := range algs {
		if err := g.tokens.Use(ctx, token.Alg(alg)); err != nil {
			return err
		}
	}
	return nil
}

func (g *Gateway) openMail(context.Context, Options) error {
	if g.mailer != nil || g.Config.SMTP.Host == "" {
		return nil
	}
	var err error
	g.mailer, err = OpenMail(g.Config)
	return err
}

// OpenMail makes the mailer of a configuration that names a mail server. It does not connect.
func OpenMail(c config.Config) (*mail.SMTP, error) {
	s := c.SMTP
	m, err := mail.NewSMTP(mail.SMTPConfig{Host: s.Host, Port: s.Port, Username: s.Username, Password: s.Password.Reveal(), From: s.From,
		TLS: mail.TLSMode(s.TLS), Timeout: s.Timeout, Now: time.Now})
	if err != nil {
		return nil, fmt.Errorf("open mail: %w", err)
	}
	return m, nil
}

// outgoing makes the client for everything that goes out.
func (g *Gateway) outgoing() *http.Client {
	c := g.Config.Outgoing
	return egress.Client(egress.Options{AllowPrivate: c.AllowPrivate, Timeout: c.Timeout, MaxBytes: int64(c.MaxBytes)})
}

func (g *Gateway) openCommitter(context.Context, Options) error {
	storage := database.NewCheckout(g.DB)
	c := g.Config.Commit
	inFlight := c.InFlight
	if g.DB.Dialect() == database.SQLite {
		inFlight = 1
	}
	g.Committer = commit.New(commit.Config{
		MaxBatch: c.MaxBatch, MaxBytes: int(c.MaxBytes), MaxQueue: c.MaxWaiting, MaxAge: c.MaxAge, InFlight: inFlight,
		Transient: database.IsTransient, Unavailable: database.IsUnavailable, Logger: g.log, Observe: g.observeBatch, Waited: g.Metrics.Waited,
	}, checkout.Batch(guarded(storage)))
	g.repeats = commit.New(commit.Config{
		MaxBatch: c.MaxBatch, MaxBytes: int(c.MaxBytes), MaxQueue: c.MaxWaiting, MaxAge: c.MaxAge, InFlight: inFlight,
		Transient: database.IsTransient, Unavailable: database.IsUnavailable, Logger: g.log,
	}, checkout.Repeats(storage))
	g.Checkout = checkout.NewService(checkout.Config{Do: g.Committer.Do, Repeat: g.repeat, Reader: storage, Tokens: g.tokens, Cache: countedCache{g.cache.tokens, g.Metrics},
		Issuer: g.Config.PublicURL, Random: rand.Reader, Logger: g.log, Guesses: g.guesses()})
	var err error
	if g.statuses, err = checkout.NewStatusLists(g.Checkout, g.Tenants, time.Now); err != nil {
		return err
	}
	return nil
}

// guesses bounds how often offer codes are guessed.
func (g *Gateway) guesses() *codes.Guard {
	c := g.Config.Codes
	return codes.NewGuard(codes.GuardConfig{Limiter: g.cache.limiter, Journal: database.NewCodes(g.DB), PerHour: c.GuessesPerHour, Alert: c.AlertAfter,
		Window: c.AlertWindow, Now: time.Now, Logger: g.log, Observe: g.Metrics.Guesses})
}

// repeat gives a live token again, and counts whether it could.
func (g *Gateway) repeat(ctx context.Context, r checkout.Repeat) (bool, error) {
	done, err := g.repeats.Do(ctx, r)
	outcome := telemetry.Miss
	if done {
		outcome = telemetry.Hit
	}
	g.Metrics.Cache("repeats", outcome)
	return done, err
}

func (g *Gateway) observeBatch(size int, took time.Duration, err error) {
	outcome := telemetry.Committed
	switch {
	case err != nil && database.IsTransient(err):
		outcome = telemetry.Retried
	case err != nil:
		outcome = telemetry.Failed
	}
	g.Metrics.Batch(size, took, outcome)
	g.Metrics.Waiting(g.Committer.Waiting())
}

// Close releases what Open acquired, in reverse order. Stop a started gateway first.
func (g *Gateway) Close() error {
	var err error
	for i := len(g.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, g.closers[i].Close())
	}
	g.closers = nil
	return err
}

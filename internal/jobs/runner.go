package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

const (
	// PostgreSQL announces new jobs; polling is only the net below that.
	postgresPoll = time.Second
	// SQLite announces nothing: this is what a mail waits.
	sqlitePoll = 100 * time.Millisecond
	fetchPause = 50 * time.Millisecond
	// poolSize covers one listening session, the leader's upkeep, and fetching and completing.
	poolSize = 6
	// A job of a killed replica is taken by another after its own timeout and this much more.
	rescueMargin = time.Minute
	// How long done jobs stay: long enough to look at, short because arguments are nobody's archive.
	keepDone      = time.Hour
	keepDiscarded = 7 * 24 * time.Hour
)

// Config is what a [Runner] needs.
type Config struct {
	Dialect Dialect
	// DSN names the database: a PostgreSQL URL, or the data source of modernc.org/sqlite with busy_timeout, WAL and
	// _txlock=immediate. The runner opens its own small pool on it.
	DSN string
	// Workers is the explicit list of what can be worked.
	Workers []Worker
	// Periodic is what runs by the clock; each needs a worker of its kind.
	Periodic []Periodic
	// Concurrency is how many jobs this process works at once; zero is 8.
	Concurrency int
	Logger      *slog.Logger
}

// Runner works jobs until it is stopped.
type Runner struct {
	start func(context.Context) error
	stop  func(context.Context) error
	abort func(context.Context) error
	close func() error
}

// Open connects to the database of the jobs. Nothing is worked before Start; Stop must be called at the end, also
// without a Start.
func Open(ctx context.Context, config Config) (*Runner, error) {
	settings, err := config.river()
	if err != nil {
		return nil, err
	}
	switch config.Dialect {
	case Postgres:
		return openPostgres(ctx, config.DSN, settings)
	case SQLite:
		return openSQLite(config.DSN, settings)
	default:
		return nil, errors.New("jobs run on postgres or sqlite, not on " + string(config.Dialect))
	}
}

func openPostgres(ctx context.Context, dsn string, settings *river.Config) (*Runner, error) {
	pool, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		// The library's error shows parts of the address.
		return nil, errors.New("the jobs' database address is no PostgreSQL URL")
	}
	pool.MaxConns = poolSize
	connections, err := pgxpool.NewWithConfig(ctx, pool)
	if err != nil {
		return nil, fmt.Errorf("open the jobs' database: %w", err)
	}
	settings.FetchPollInterval = postgresPoll
	client, err := river.NewClient(riverpgxv5.New(connections), settings)
	if err != nil {
		connections.Close()
		return nil, fmt.Errorf("make the job runner: %w", err)
	}
	return runnerOf(client, func() error { connections.Close(); return nil }), nil
}

// openSQLite takes a handle of its own: River's upkeep would otherwise queue behind, and hold up, the application's
// only connection. Between the two, the file's lock and busy_timeout decide.
func openSQLite(dsn string, settings *river.Config) (*Runner, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open the jobs' database: %w", err)
	}
	db.SetMaxOpenConns(1)
	settings.FetchPollInterval = sqlitePoll
	client, err := river.NewClient(riversqlite.New(db), settings)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make the job runner: %w", err), db.Close())
	}
	return runnerOf(client, db.Close), nil
}

func runnerOf[T any](client *river.Client[T], closing func() error) *Runner {
	return &Runner{start: client.Start, stop: client.Stop, abort: client.StopAndCancel, close: closing}
}

// Start begins to work, in the background, until Stop. The end of ctx cancels running work, so it is normally one
// that never ends. It fails when the database does not answer.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.start(ctx); err != nil {
		return fmt.Errorf("start the job runner: %w", err)
	}
	return nil
}

// Stop takes no more jobs, waits for those that run and closes the pool. When ctx ends first, running work is
// cancelled; what was not done is worked again later, by this or another replica.
func (r *Runner) Stop(ctx context.Context) error {
	err := r.stop(ctx)
	if err != nil {
		// Work that ignores its context is not waited for either: the process is about to end.
		hurry, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		err = errors.Join(err, r.abort(hurry))
	}
	if err := errors.Join(err, r.close()); err != nil {
		return fmt.Errorf("stop the job runner: %w", err)
	}
	return nil
}

func (c Config) river() (*river.Config, error) {
	workers, kinds, err := register(c.Workers)
	if err != nil {
		return nil, err
	}
	longest, keep := DefaultTimeout, keepDone
	for _, worker := range c.Workers {
		longest = max(longest, worker.Timeout)
	}
	periodic := make([]*river.PeriodicJob, 0, len(c.Periodic))
	for _, each := range c.Periodic {
		if !kinds[each.Kind] {
			return nil, fmt.Errorf("periodic job %s has no worker", each.Kind)
		}
		job, err := each.river()
		if err != nil {
			return nil, err
		}
		periodic = append(periodic, job)
		// The done job is what keeps a second run out of the same interval.
		keep = max(keep, 2*each.Every)
	}
	concurrency := c.Concurrency
	if concurrency <= 0 {
		concurrency = 8
	}
	return &river.Config{
		Workers:                     workers,
		PeriodicJobs:                periodic,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: concurrency}},
		Logger:                      c.Logger,
		MaxAttempts:                 DefaultMaxAttempts,
		JobTimeout:                  DefaultTimeout,
		RescueStuckJobsAfter:        longest + rescueMargin,
		FetchCooldown:               fetchPause,
		CompletedJobRetentionPeriod: keep,
		DiscardedJobRetentionPeriod: keepDiscarded,
		CancelledJobRetentionPeriod: keepDiscarded,
	}, nil
}

// Package database is the only room that knows GORM and SQL: it opens PostgreSQL or SQLite, runs transactions, and
// implements the storage ports of the domains.
//
// Transactions begin in two places: Batch, for the committer's commands, and Write, for everything else. What runs
// inside gets a *Tx, which cannot begin another.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	sqlitedriver "modernc.org/sqlite"
)

// Dialect names the database in use.
type Dialect string

// The dialects.
const (
	PostgreSQL Dialect = "postgres"
	SQLite     Dialect = "sqlite"
)

// Config tells Open where the database is.
type Config struct {
	// URL is a PostgreSQL URL (postgres://…), or the path of a SQLite file.
	URL string
	// MaxOpen bounds the connections to PostgreSQL. SQLite always has one writer.
	MaxOpen int
	// LockTimeout bounds how long a statement waits for a row lock. Zero means 500 ms.
	LockTimeout time.Duration
}

// DB is an open database.
type DB struct {
	gorm   *gorm.DB
	sql    *sql.DB
	reader *gorm.DB
	// batches and views have connections of their own on PostgreSQL, so that a slow list in the console holds no checkout
	// up, and statements that are planned once.
	batches  *gorm.DB
	views    *gorm.DB
	dialect  Dialect
	now      func() time.Time
	versions versions
	// cut, in tests, ends a transaction before one of its statements, as a killed process does.
	cut func() error
	// statusSize, in tests, is the size of a new status list.
	statusSize int64
}

// Option changes how Open works.
type Option func(*DB)

// WithClock makes the database take its time from now instead of from the server. Tests use it.
func WithClock(now func() time.Time) Option { return func(db *DB) { db.now = now } }

// DialectOf tells which dialect a URL is for.
func DialectOf(url string) Dialect {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return PostgreSQL
	}
	return SQLite
}

// Open connects to the database and checks that it answers. It does not migrate.
func Open(ctx context.Context, cfg Config, opts ...Option) (*DB, error) {
	if cfg.LockTimeout == 0 {
		cfg.LockTimeout = 500 * time.Millisecond
	}
	if cfg.MaxOpen == 0 {
		cfg.MaxOpen = 16
	}
	db := &DB{dialect: DialectOf(cfg.URL), versions: newVersions()}
	for _, o := range opts {
		o(db)
	}
	var err error
	if db.dialect == PostgreSQL {
		err = db.openPostgres(cfg)
	} else {
		err = db.openSQLite(cfg)
	}
	if err != nil {
		return nil, err
	}
	if err := db.sql.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("ping database: %w", err), db.Close())
	}
	return db, nil
}

func gormConfig() *gorm.Config {
	return &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Now().UTC() },
	}
}

// planOnce keeps PostgreSQL from planning the statements of a batch anew for every array that they get: the plan by index
// is right for any number of keys, and planning costs more than a lone command's work.
var planOnce = map[string]string{"plan_cache_mode": "force_generic_plan"}

func (db *DB) openPostgres(cfg Config) error {
	quick := max(1, cfg.MaxOpen*2/3)
	batches, _, err := connect(cfg, quick, planOnce)
	if err != nil {
		return err
	}
	db.batches, db.views = batches, batches
	db.gorm, db.sql, err = connect(cfg, max(1, cfg.MaxOpen-quick), nil)
	db.reader = db.gorm
	return err
}

func connect(cfg Config, most int, settings map[string]string) (*gorm.DB, *sql.DB, error) {
	url := withParameters(cfg.URL, map[string]string{
		"lock_timeout":                        fmt.Sprintf("%d", cfg.LockTimeout.Milliseconds()),
		"idle_in_transaction_session_timeout": "30000",
		"timezone":                            "UTC",
		"application_name":                    "laurel",
	})
	g, err := gorm.Open(postgres.New(postgres.Config{DSN: withParameters(url, settings)}), gormConfig())
	if err != nil {
		return nil, nil, fmt.Errorf("open postgres: %w", err)
	}
	conn, err := g.DB()
	if err != nil {
		return nil, nil, fmt.Errorf("open postgres: %w", err)
	}
	conn.SetMaxOpenConns(most)
	conn.SetMaxIdleConns(most)
	conn.SetConnMaxLifetime(30 * time.Minute)
	return g, conn, nil
}

// sqliteParameters are mandatory: without _txlock=immediate a read-then-write transaction fails under contention, and
// without the time settings times do not compare.
const sqliteParameters = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(1)&_time_format=sqlite&_timezone=UTC"

// sqliteWriter makes a transaction take the write lock when it begins; sqliteReader lets nothing write.
const (
	sqliteWriter = "&_txlock=immediate"
	sqliteReader = "&_pragma=query_only(1)"
)

func (db *DB) openSQLite(cfg Config) error {
	open := func(extra string, conns int) (*gorm.DB, *sql.DB, error) {
		g, err := gorm.Open(sqlite.Dialector{DriverName: "sqlite", DSN: "file:" + cfg.URL + sqliteParameters + extra}, gormConfig())
		if err != nil {
			return nil, nil, fmt.Errorf("open sqlite: %w", err)
		}
		conn, err := g.DB()
		if err != nil {
			return nil, nil, fmt.Errorf("open sqlite: %w", err)
		}
		conn.SetMaxOpenConns(conns)
		conn.SetMaxIdleConns(conns)
		return g, conn, nil
	}
	var err error
	if db.gorm, db.sql, err = open(sqliteWriter, 1); err != nil {
		return err
	}
	if db.reader, _, err = open(sqliteReader, 4); err != nil {
		return errors.Join(err, db.sql.Close())
	}
	db.batches, db.views = db.gorm, db.reader
	return nil
}

func withParameters(url string, params map[string]string) string {
	sep := "?"
	if strings.Contains(url, "?") {
		sep = "&"
	}
	var b strings.Builder
	b.WriteString(url)
	for _, k := range sortedKeys(params) {
		if strings.Contains(url, k+"=") {
			continue
		}
		b.WriteString(sep + k + "=" + params[k])
		sep = "&"
	}
	return b.String()
}

// Dialect tells which database this is.
func (db *DB) Dialect() Dialect { return db.dialect }

// SQL gives the connection pool, for migrations, statistics and the job queue.
func (db *DB) SQL() *sql.DB { return db.sql }

// Pools gives the connection pools by name, for statistics: "main", and on PostgreSQL "checkout" for batches.
func (db *DB) Pools() (map[string]*sql.DB, error) {
	pools := map[string]*sql.DB{"main": db.sql}
	if db.batches != db.gorm {
		conn, err := db.batches.DB()
		if err != nil {
			return nil, fmt.Errorf("read the connection pools: %w", err)
		}
		pools["checkout"] = conn
	}
	return pools, nil
}

// Close closes all connections.
func (db *DB) Close() error {
	err := db.sql.Close()
	for _, pool := range []*gorm.DB{db.reader, db.batches} {
		if pool == nil || pool == db.gorm {
			continue
		}
		conn, perr := pool.DB()
		if perr == nil {
			perr = conn.Close()
		}
		err = errors.Join(err, perr)
	}
	return err
}

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.sql.PingContext(ctx); err != nil {
		return db.translate(err)
	}
	return nil
}

// translate turns an error of the driver into a fault where the caller can do something about it: a database that is
// unreachable, or locked for too long, is unavailable, with a time to wait. Everything else stays what it is.
func (db *DB) translate(err error) error {
	if err == nil || fault.From(err) != nil {
		return err
	}
	switch {
	case isUnavailable(err):
		return ErrUnavailable.Wrap(err)
	case IsTransient(err):
		return ErrBusy.Wrap(err)
	}
	return err
}

// ErrBusy says that others held what the request needs for longer than it could wait.
var ErrBusy = fault.New(fault.Unavailable, "Somebody else is working on the same thing and took too long. Nothing was changed; send the same request with the same Idempotency-Key again.").After(time.Second)

// ErrUnavailable says that the database does not answer.
var ErrUnavailable = fault.New(fault.Unavailable, "The database does not answer right now. Nothing was changed; send the same request with the same Idempotency-Key again.").After(2 * time.Second)

// LogValue keeps connection strings, which hold passwords, out of logs.
func (db *DB) LogValue() slog.Value { return slog.StringValue(string(db.dialect)) }

func isSQLiteBusy(err error) bool {
	var e *sqlitedriver.Error
	return errors.As(err, &e) && (e.Code()&0xff == 5 || e.Code()&0xff == 6)
}

// Package migrations brings a database to the schema of this version. PostgreSQL and SQLite have a file each for every
// step; a parity test holds the two schemas together.
package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"time"

	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed postgres/*.sql sqlite/*.sql
var files embed.FS

// jobQueueVersion is the step that makes the job queue's own tables, with its own migrator.
const jobQueueVersion = 6

// Status tells where a database is: its schema version and the newest one that this binary knows.
type Status struct {
	Current, Newest int64
}

// Pending tells whether migrations wait to be applied.
func (s Status) Pending() bool { return s.Current < s.Newest }

// Up applies what is missing. Replicas may call it at once: on PostgreSQL one applies and the others wait; a SQLite file
// belongs to one process. A schema newer than this binary is refused.
func Up(ctx context.Context, db *sql.DB, dialect jobs.Dialect) error {
	p, err := provider(db, dialect)
	if err != nil {
		return err
	}
	if err := Check(ctx, db, dialect); err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Read returns the status of a database.
func Read(ctx context.Context, db *sql.DB, dialect jobs.Dialect) (Status, error) {
	p, err := provider(db, dialect)
	if err != nil {
		return Status{}, err
	}
	var s Status
	if s.Current, s.Newest, err = p.GetVersions(ctx); err != nil {
		return Status{}, fmt.Errorf("read schema version: %w", err)
	}
	return s, nil
}

// Check refuses a schema that is newer than this binary.
func Check(ctx context.Context, db *sql.DB, dialect jobs.Dialect) error {
	s, err := Read(ctx, db, dialect)
	if err != nil {
		return err
	}
	if s.Current > s.Newest {
		return fmt.Errorf("the database has schema %d and this binary knows %d: run a newer laurel", s.Current, s.Newest)
	}
	return nil
}

func provider(db *sql.DB, dialect jobs.Dialect) (*goose.Provider, error) {
	dir, gooseDialect := "sqlite", goose.DialectSQLite3
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(jobQueue(dialect))}
	if dialect == jobs.Postgres {
		dir, gooseDialect = "postgres", goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
		if err != nil {
			return nil, fmt.Errorf("migration lock: %w", err)
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	sub, err := fs.Sub(files, dir)
	if err != nil {
		return nil, fmt.Errorf("migration files: %w", err)
	}
	p, err := goose.NewProvider(gooseDialect, db, sub, opts...)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return p, nil
}

func jobQueue(dialect jobs.Dialect) *goose.Migration {
	up := func(ctx context.Context, db *sql.DB) error { return jobs.Migrate(ctx, db, dialect) }
	down := func(context.Context, *sql.DB) error {
		return fmt.Errorf("the job queue's tables are not taken down: restore a backup instead")
	}
	return goose.NewGoMigration(jobQueueVersion, &goose.GoFunc{RunDB: up}, &goose.GoFunc{RunDB: down})
}

// Digest names the content of all migrations, so that tests know when a prepared database is out of date.
func Digest() string {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := files.ReadFile(path)
		h.Write([]byte(path))
		h.Write(b)
		return err
	})
	if err != nil {
		// Embedded files are always readable.
		panic(err)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Timeout is a sane bound for Up.
const Timeout = 10 * time.Minute

package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/migrations"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Migrate brings the database at url to the schema of this binary, over connections of its own.
func Migrate(ctx context.Context, url string) (err error) {
	return withMigrator(url, func(db *sql.DB, dialect jobs.Dialect) error { return migrations.Up(ctx, db, dialect) })
}

// MigrationStatus tells where the schema of the database at url is.
func MigrationStatus(ctx context.Context, url string) (status migrations.Status, err error) {
	err = withMigrator(url, func(db *sql.DB, dialect jobs.Dialect) error {
		status, err = migrations.Read(ctx, db, dialect)
		return err
	})
	return status, err
}

func withMigrator(url string, fn func(*sql.DB, jobs.Dialect) error) (err error) {
	driver, dsn, dialect := "pgx", url, jobs.Postgres
	if DialectOf(url) == SQLite {
		driver, dsn, dialect = "sqlite", "file:"+url+sqliteParameters+sqliteWriter, jobs.SQLite
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return fmt.Errorf("open database to migrate: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return fn(db, dialect)
}

// JobsDSN is what the job queue opens of the database at url.
func JobsDSN(url string) string {
	if DialectOf(url) == PostgreSQL {
		return url
	}
	return "file:" + url + sqliteParameters + sqliteWriter
}

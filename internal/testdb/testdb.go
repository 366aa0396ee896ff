package testdb

import (
	"context"
	"testing"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/migrations"
)

// Each runs a test on SQLite and on PostgreSQL, each time with a migrated database of its own.
func Each(t *testing.T, test func(t *testing.T, db *database.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, Open(t, SQLiteURL(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, Open(t, PostgresURL(t))) })
}

// PostgresURL returns the URL of a migrated PostgreSQL database that only this test uses.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return clone(t, migrations.Digest(), database.Migrate)
}

// SQLiteURL returns the path of a migrated SQLite file that only this test uses.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	path := NewSQLite(t)
	if err := database.Migrate(context.Background(), path); err != nil {
		t.Fatalf("migrate %s: %v", path, err)
	}
	return path
}

// Open opens a database for the time of the test.
func Open(t testing.TB, url string, opts ...database.Option) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), database.Config{URL: url}, opts...)
	if err != nil {
		t.Fatalf("open database: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return db
}

package testdb

import (
	"context"
	"crypto/rand"
	"testing"

	"github.com/jackc/pgx/v5"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func exec(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func count(t *testing.T, conn *pgx.Conn, query string) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestEveryTestGetsItsOwnPreparedDatabase(t *testing.T) {
	prepared := 0
	prepare := func(ctx context.Context, url string) error {
		prepared++
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, "CREATE TABLE marks (n integer)"); err != nil {
			return err
		}
		return conn.Close(ctx)
	}
	// Random, so that a server which outlives this process does not hold the template already.
	version := rand.Text()
	first := connect(t, clone(t, version, prepare))
	second := connect(t, clone(t, version, prepare))
	exec(t, first, "INSERT INTO marks VALUES (1)")
	if got := count(t, second, "SELECT count(*) FROM marks"); got != 0 {
		t.Errorf("the second database sees %d rows of the first", got)
	}
	if prepared != 1 {
		t.Errorf("prepared %d times, want once", prepared)
	}
}

func TestADatabaseGoesWithItsTest(t *testing.T) {
	var url string
	t.Run("inner", func(t *testing.T) { url = NewEmptyPostgres(t) })
	if conn, err := pgx.Connect(t.Context(), url); err == nil {
		_ = conn.Close(t.Context())
		t.Error("the database is still there")
	}
}

func TestCommittedDataSurvivesAKill(t *testing.T) {
	server := StartOwn(t)
	conn := connect(t, server.URL())
	exec(t, conn, "CREATE TABLE marks (n integer)")
	exec(t, conn, "INSERT INTO marks VALUES (1)")
	server.Kill()
	if err := conn.Ping(t.Context()); err == nil {
		t.Fatal("a killed server answers")
	}
	server.Start()
	if got := count(t, connect(t, server.URL()), "SELECT count(*) FROM marks"); got != 1 {
		t.Errorf("%d rows after the kill, want 1", got)
	}
	server.Stop()
	server.Start()
	if got := count(t, connect(t, server.URL()), "SELECT current_setting('max_connections')::integer"); got < 200 {
		t.Errorf("max_connections = %d", got)
	}
}

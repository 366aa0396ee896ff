package e2e

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/testdb"
)

// place is where a gateway keeps its data: what the processes of one test share.
type place struct {
	dataDir string
	// postgres is empty for SQLite in dataDir.
	postgres string
	// more are further settings, as environment variables.
	more []string
}

// onSQLite is a fresh place with an embedded database.
func onSQLite(t testing.TB) place {
	t.Helper()
	p := place{dataDir: t.TempDir()}
	migrate(t, filepath.Join(p.dataDir, "laurel.db"))
	return p
}

// onPostgres is a fresh place with a database of its own on the test run's server.
func onPostgres(t testing.TB) place {
	t.Helper()
	return place{dataDir: t.TempDir(), postgres: testdb.PostgresURL(t)}
}

// each runs a test on SQLite and on PostgreSQL.
func each(t *testing.T, test func(t *testing.T, p place)) {
	t.Run("sqlite", func(t *testing.T) { test(t, onSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, onPostgres(t)) })
}

func migrate(t testing.TB, url string) {
	t.Helper()
	if err := database.Migrate(t.Context(), url); err != nil {
		t.Fatalf("migrate: %v", err)
	}
}

// with returns the place with more settings ("LAUREL_REDIS_URL=…").
func (p place) with(settings ...string) place {
	p.more = append(append([]string{}, p.more...), settings...)
	return p
}

func (p place) url() string {
	if p.postgres != "" {
		return p.postgres
	}
	return filepath.Join(p.dataDir, "laurel.db")
}

// environ are the settings of a gateway at this place.
func (p place) environ() []string {
	list := []string{"LAUREL_DATA_DIR=" + p.dataDir, "LAUREL_LOG_LEVEL=warn"}
	if p.postgres != "" {
		list = append(list, "LAUREL_DATABASE_URL="+p.postgres)
	}
	return append(list, p.more...)
}

func (p place) config(t testing.TB) config.Config {
	t.Helper()
	c, err := config.Load(config.Source{Environ: p.environ()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// open opens the place's database, to look at rows.
func (p place) open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{URL: p.url()})
	if err != nil {
		t.Fatalf("open the database: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return db.SQL()
}

// number reads one number. The query has no parameters: both databases write them differently.
func number(t testing.TB, db *sql.DB, query string) (n int64) {
	t.Helper()
	if err := db.QueryRowContext(context.WithoutCancel(t.Context()), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// quoted is a text as SQL writes it.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// balanced fails the test unless the books hold: counters are those of the rows, nothing is held for nobody, and the
// program's own check finds no fault in the ledger.
func (p place) balanced(t testing.TB, db *sql.DB, store string) {
	t.Helper()
	in := "store_id = " + quoted(store)
	used := number(t, db, "SELECT COALESCE(SUM(used), 0) FROM offer_counters WHERE scope = 'total' AND "+in)
	uses := number(t, db, `SELECT COUNT(*) FROM redemption_uses u JOIN offer_counters c ON c.store_id = u.store_id AND c.offer_id = u.offer_id AND c.scope = 'total'
		WHERE NOT u.restored AND u.`+in)
	if used != uses {
		t.Errorf("the counters say %d uses, the rows %d", used, uses)
	}
	held := number(t, db, "SELECT COALESCE(SUM(held), 0) FROM offer_counters WHERE "+in)
	if holds := number(t, db, "SELECT COUNT(*) FROM offer_holds WHERE "+in); held != holds {
		t.Errorf("the counters say %d held, the rows %d", held, holds)
	}
	checked := laurel(t, p.environ(), "", "verify-ledger")
	if checked.code != 0 || !strings.Contains(checked.output, " 0 faults") {
		t.Errorf("verify-ledger: code %d\n%s%s", checked.code, checked.output, checked.errors)
	}
	members := number(t, db, "SELECT COUNT(*) FROM members")
	if want := fmt.Sprintf("%d members checked", members); !strings.Contains(checked.output, want) {
		t.Errorf("verify-ledger says %q, want %q", checked.output, want)
	}
}

package migrations_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/testdb"
)

// family names a type as both databases know it.
var family = map[string]string{
	"text": "text", "bigint": "integer", "integer": "integer", "bytea": "bytes", "blob": "bytes",
	"boolean": "boolean", "timestamp with time zone": "time", "timestamp": "time",
}

// schema is table -> lines that describe its columns and indexes.
type schema map[string][]string

// notOurs are the tables of the tools.
var notOurs = regexp.MustCompile(`^(river|goose|sqlite)_`)

func TestBothDialectsHaveTheSameSchema(t *testing.T) {
	t.Parallel()
	lite := sqliteSchema(t, testdb.Open(t, testdb.SQLiteURL(t)).SQL())
	pg := postgresSchema(t, testdb.Open(t, testdb.PostgresURL(t)).SQL())
	if len(pg) < 20 {
		t.Fatalf("only %d tables were read", len(pg))
	}
	if d := cmp.Diff(slices.Sorted(maps.Keys(pg)), slices.Sorted(maps.Keys(lite))); d != "" {
		t.Fatalf("tables (-postgres +sqlite):\n%s", d)
	}
	for table := range pg {
		if d := cmp.Diff(pg[table], lite[table]); d != "" {
			t.Errorf("%s (-postgres +sqlite):\n%s", table, d)
		}
	}
}

func TestReplicasMigrateAtOnce(t *testing.T) {
	t.Parallel()
	url := testdb.NewEmptyPostgres(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := database.Migrate(context.Background(), url); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	status, err := database.MigrationStatus(t.Context(), url)
	if err != nil || status.Pending() || status.Current == 0 {
		t.Fatalf("%+v, %v", status, err)
	}
}

func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": testdb.SQLiteURL(t), "postgres": testdb.PostgresURL(t)} {
		db := testdb.Open(t, url)
		if _, err := db.SQL().ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999999, true)"); err != nil {
			t.Fatal(err)
		}
		if err := database.Migrate(t.Context(), url); err == nil || !strings.Contains(err.Error(), "newer laurel") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func rows(t *testing.T, db *sql.DB, query string, args ...any) [][]string {
	t.Helper()
	r, err := db.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	cols, err := r.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for r.Next() {
		values, into := make([]sql.NullString, len(cols)), make([]any, len(cols))
		for i := range values {
			into[i] = &values[i]
		}
		if err := r.Scan(into...); err != nil {
			t.Fatal(err)
		}
		line := make([]string, len(cols))
		for i, v := range values {
			line[i] = v.String
		}
		out = append(out, line)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func column(name, kind string, null bool) string {
	f, ok := family[strings.ToLower(kind)]
	if !ok {
		f = "unknown type " + kind
	}
	return fmt.Sprintf("column %s %s null=%v", name, f, null)
}

func index(unique, partial bool, columns string) string {
	return fmt.Sprintf("index unique=%v partial=%v (%s)", unique, partial, columns)
}

func postgresSchema(t *testing.T, db *sql.DB) schema {
	s := schema{}
	for _, r := range rows(t, db, `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
		WHERE table_schema = 'public' ORDER BY table_name, column_name`) {
		if !notOurs.MatchString(r[0]) {
			s[r[0]] = append(s[r[0]], column(r[1], r[2], r[3] == "YES"))
		}
	}
	for _, r := range rows(t, db, `SELECT c.relname, i.indisunique, i.indpred IS NOT NULL,
		string_agg(a.attname, ', ' ORDER BY k.n)
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
		CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
		GROUP BY c.relname, i.indexrelid, i.indisunique, i.indpred`) {
		if !notOurs.MatchString(r[0]) {
			s[r[0]] = append(s[r[0]], index(r[1] == "true", r[2] == "true", r[3]))
		}
	}
	return s.sorted()
}

func sqliteSchema(t *testing.T, db *sql.DB) schema {
	s := schema{}
	for _, table := range rows(t, db, "SELECT name FROM sqlite_master WHERE type = 'table'") {
		name := table[0]
		if notOurs.MatchString(name) {
			continue
		}
		for _, r := range rows(t, db, `SELECT name, type, "notnull" FROM pragma_table_info(?)`, name) {
			s[name] = append(s[name], column(r[0], r[1], r[2] == "0"))
		}
		for _, r := range rows(t, db, `SELECT name, "unique", partial FROM pragma_index_list(?)`, name) {
			var cols []string
			for _, c := range rows(t, db, "SELECT name FROM pragma_index_info(?) ORDER BY seqno", r[0]) {
				cols = append(cols, c[0])
			}
			s[name] = append(s[name], index(r[1] == "1", r[2] == "1", strings.Join(cols, ", ")))
		}
	}
	return s.sorted()
}

func (s schema) sorted() schema {
	for _, lines := range s {
		slices.Sort(lines)
	}
	return s
}

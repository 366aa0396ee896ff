package e2e

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// tables lists the gateway's tables; those of the job queue and of the migrations are left out.
func tables(t testing.TB, p place, db *sql.DB) []string {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if p.postgres != "" {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	var names []string
	for _, row := range read(t, db, query) {
		name := fmt.Sprint(row["0"])
		if !strings.HasPrefix(name, "river_") && !strings.HasPrefix(name, "goose_") && !strings.HasPrefix(name, "sqlite_") {
			names = append(names, name)
		}
	}
	if len(names) < 30 {
		t.Fatalf("only %d tables are known: %v", len(names), names)
	}
	slices.Sort(names)
	return names
}

// read returns rows by the position and the name of each column.
func read(t testing.TB, db *sql.DB, query string) []map[string]any {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		row := map[string]any{}
		for i, name := range columns {
			row[name], row[fmt.Sprint(i)] = values[i], values[i]
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// everything is a digest of every row of the shop, table by table, one line each. The answers that are kept for
// idempotency keys are left out: refusals are kept too.
func (s shop) everything(t testing.TB, h *house) string {
	t.Helper()
	return digest(t, h, func(table string, columns []string) string {
		if slices.Contains(columns, "store_id") && table != "idempotency_keys" && table != "retention_runs" {
			return " WHERE store_id = " + quoted(s.id)
		}
		if table == "stores" {
			return " WHERE id = " + quoted(s.id)
		}
		return " WHERE 1 = 0"
	})
}

// columns are the names of a table's columns.
func columns(t testing.TB, db *sql.DB, table string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err := errors.Join(err, rows.Err()); err != nil {
		t.Fatal(err)
	}
	return names
}

// ofJobs are the columns that jobs write by the clock, whatever is asked meanwhile.
var ofJobs = map[string][]string{"attestations": {"reminder", "remind_at", "term_began_at"}}

func digest(t testing.TB, h *house, where func(table string, columns []string) string) string {
	t.Helper()
	db := h.DB.SQL()
	var b strings.Builder
	for _, table := range tables(t, h.place, db) {
		var lines []string
		all := columns(t, db, table)
		kept := slices.DeleteFunc(slices.Clone(all), func(c string) bool { return slices.Contains(ofJobs[table], c) })
		for _, row := range read(t, db, "SELECT "+strings.Join(kept, ", ")+" FROM "+table+where(table, all)) {
			lines = append(lines, fmt.Sprint(row))
		}
		slices.Sort(lines)
		fmt.Fprintf(&b, "%s %d %x\n", table, len(lines), sha256.Sum256([]byte(strings.Join(lines, "\n"))))
	}
	return b.String()
}

// difference lists the lines of after that before does not have.
func difference(before, after string) string {
	known := strings.Split(before, "\n")
	var changed []string
	for line := range strings.SplitSeq(after, "\n") {
		if !slices.Contains(known, line) {
			changed = append(changed, line)
		}
	}
	return strings.Join(changed, "\n")
}

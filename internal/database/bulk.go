package database

import (
	"context"
	"fmt"
	"strings"
)

// maxParameters keeps a statement under what both databases take: PostgreSQL 65,535, SQLite 32,766.
const maxParameters = 30_000

// column is one column of a bulk statement, with the PostgreSQL type that its parameters are cast to.
type column struct{ name, kind string }

func columns(spec string) []column {
	var cols []column
	for part := range strings.SplitSeq(spec, ",") {
		name, kind, _ := strings.Cut(strings.TrimSpace(part), " ")
		cols = append(cols, column{name, kind})
	}
	return cols
}

func names(cols []column) string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = c.name
	}
	return strings.Join(out, ", ")
}

// table describes how rows of one table are written in bulk. The columns of the key come first.
type table struct {
	name string
	cols []column
	keys int
}

// newTable takes "name type, …" and the number of leading key columns.
func newTable(name string, keys int, spec string) table {
	return table{name: name, cols: columns(spec), keys: keys}
}

// insert writes rows in as few statements as the parameter limits allow. tail is what follows the values.
func (tx *Tx) insert(ctx context.Context, t table, rows [][]any, tail string) error {
	for chunk := range chunks(rows, len(t.cols)) {
		q := "INSERT INTO " + t.name + " (" + names(t.cols) + ") VALUES " + placeholders(len(chunk), len(t.cols)) + tail
		if _, err := tx.exec(ctx, q, flatten(chunk)...); err != nil {
			return fmt.Errorf("insert %s: %w", t.name, err)
		}
	}
	return nil
}

// ensure inserts the rows that do not exist yet. Rows must come sorted by key.
func (tx *Tx) ensure(ctx context.Context, t table, rows [][]any) error {
	return tx.insert(ctx, t, rows, " ON CONFLICT DO NOTHING")
}

// update sets all columns after the key for the rows that exist, one statement for many rows.
func (tx *Tx) update(ctx context.Context, t table, rows [][]any) error {
	var set, match []string
	for i, c := range t.cols {
		if i < t.keys {
			match = append(match, "t."+c.name+" = v."+c.name)
		} else {
			set = append(set, c.name+" = v."+c.name)
		}
	}
	for chunk := range chunks(rows, len(t.cols)) {
		q := "WITH v (" + names(t.cols) + ") AS (VALUES " + tx.typedPlaceholders(t.cols, len(chunk)) + ") UPDATE " + t.name +
			" AS t SET " + strings.Join(set, ", ") + " FROM v WHERE " + strings.Join(match, " AND ")
		n, err := tx.exec(ctx, q, flatten(chunk)...)
		if err != nil {
			return fmt.Errorf("update %s: %w", t.name, err)
		}
		if n != int64(len(chunk)) {
			return fmt.Errorf("update %s: %d rows changed, want %d", t.name, n, len(chunk))
		}
	}
	return nil
}

// typedPlaceholders casts the first row's parameters, which gives PostgreSQL the types of all.
func (tx *Tx) typedPlaceholders(cols []column, rows int) string {
	if tx.db.dialect == SQLite {
		return placeholders(rows, len(cols))
	}
	first := make([]string, len(cols))
	for i, c := range cols {
		first[i] = "CAST(? AS " + c.kind + ")"
	}
	out := "(" + strings.Join(first, ",") + ")"
	if rows > 1 {
		out += "," + placeholders(rows-1, len(cols))
	}
	return out
}

// in returns a condition that picks rows by composite keys, and its arguments. PostgreSQL turns a list of row values
// into index look-ups and takes the types from the columns; SQLite wants VALUES.
func (tx *Tx) in(cols string, keys [][]any) (string, []any) {
	if len(keys) == 0 {
		return "1 = 0", nil
	}
	list := placeholders(len(keys), len(keys[0]))
	if tx.db.dialect == SQLite {
		list = "VALUES " + list
	}
	return "(" + cols + ") IN (" + list + ")", flatten(keys)
}

func flatten(rows [][]any) []any {
	if len(rows) == 0 {
		return nil
	}
	out := make([]any, 0, len(rows)*len(rows[0]))
	for _, r := range rows {
		out = append(out, r...)
	}
	return out
}

func chunks(rows [][]any, width int) func(func([][]any) bool) {
	size := max(1, maxParameters/max(1, width))
	return func(yield func([][]any) bool) {
		for len(rows) > 0 {
			n := min(size, len(rows))
			if !yield(rows[:n]) {
				return
			}
			rows = rows[n:]
		}
	}
}

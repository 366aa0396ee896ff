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
	var p pipeline
	if err := tx.insertion(&p, t, rows, tail); err != nil {
		return err
	}
	return tx.run(ctx, p)
}

// insertion adds the statements that write rows. PostgreSQL gets a column as one array, so that a statement's text is the
// same for any number of rows and is prepared once.
func (tx *Tx) insertion(p *pipeline, t table, rows [][]any, tail string) error {
	for chunk := range chunks(rows, len(t.cols)) {
		query, args := "INSERT INTO "+t.name+" ("+names(t.cols)+") ", []any(nil)
		if tx.db.dialect == SQLite {
			query, args = query+"VALUES "+placeholders(len(chunk), len(t.cols)), flatten(chunk)
		} else {
			arrays, err := columnArrays(t.cols, chunk)
			if err != nil {
				return fmt.Errorf("insert %s: %w", t.name, err)
			}
			query, args = query+"SELECT * FROM "+unnest(t.cols), arrays
		}
		changes := int64(len(chunk))
		if strings.Contains(tail, "DO NOTHING") {
			changes = anyChanges
		}
		*p = append(*p, statement{what: "insert " + t.name, query: query + tail, args: args, changes: changes})
	}
	return nil
}

// ensure inserts the rows that do not exist yet. Rows must come sorted by key.
func (tx *Tx) ensure(ctx context.Context, t table, rows [][]any) error {
	return tx.insert(ctx, t, rows, " ON CONFLICT DO NOTHING")
}

// update sets all columns after the key for the rows that exist, one statement for many rows.
func (tx *Tx) update(ctx context.Context, t table, rows [][]any) error {
	var p pipeline
	if err := tx.changing(&p, t, rows); err != nil {
		return err
	}
	return tx.run(ctx, p)
}

// changing adds the statements that update rows. All of them must exist.
func (tx *Tx) changing(p *pipeline, t table, rows [][]any) error {
	var set, match []string
	for i, c := range t.cols {
		if i < t.keys {
			match = append(match, "t."+c.name+" = v."+c.name)
		} else {
			set = append(set, c.name+" = v."+c.name)
		}
	}
	change := "UPDATE " + t.name + " AS t SET " + strings.Join(set, ", ") + " FROM "
	where := " WHERE " + strings.Join(match, " AND ")
	for chunk := range chunks(rows, len(t.cols)) {
		s := statement{what: "update " + t.name, changes: int64(len(chunk))}
		if tx.db.dialect == SQLite {
			s.query = "WITH v (" + names(t.cols) + ") AS (VALUES " + placeholders(len(chunk), len(t.cols)) + ") " + change + "v" + where
			s.args = flatten(chunk)
		} else {
			var err error
			if s.args, err = columnArrays(t.cols, chunk); err != nil {
				return fmt.Errorf("update %s: %w", t.name, err)
			}
			s.query = change + unnest(t.cols) + " AS v (" + names(t.cols) + ")" + where
		}
		*p = append(*p, s)
	}
	return nil
}

// removal adds the statements that delete rows by key. Those that are gone already are no error.
func (tx *Tx) removal(p *pipeline, t, keyCols string, keys [][]any) {
	if len(keys) == 0 {
		return
	}
	for chunk := range chunks(keys, len(keys[0])) {
		cond, args := tx.in(keyCols, chunk)
		*p = append(*p, statement{what: "delete " + t, query: "DELETE FROM " + t + " WHERE " + cond, args: args, changes: anyChanges})
	}
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

// in returns a condition that picks rows by composite keys, and its arguments. The types of the first key are those of
// all.
func (tx *Tx) in(cols string, keys [][]any) (string, []any) {
	if len(keys) == 0 {
		return "1 = 0", nil
	}
	if tx.db.dialect == SQLite {
		return "(" + cols + ") IN (VALUES " + placeholders(len(keys), len(keys[0])) + ")", flatten(keys)
	}
	typed := make([]column, len(keys[0]))
	for i, v := range keys[0] {
		typed[i].kind = kindOf(v)
	}
	arrays, err := columnArrays(typed, keys)
	if err != nil {
		// The keys are texts, bytes and numbers of this package's own making.
		panic(err)
	}
	return "(" + cols + ") IN (SELECT * FROM " + unnest(typed) + ")", arrays
}

// unnest is a table of columns, each given as one array.
func unnest(cols []column) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = "?::" + c.kind + "[]"
	}
	return "unnest(" + strings.Join(parts, ", ") + ")"
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

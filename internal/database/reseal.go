package database

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// MasterKey seals, and knows what an older key sealed (crypt.Master).
type MasterKey interface {
	KeySealer
	// Outdated reports whether a value was sealed by another key than the newest.
	Outdated(sealed []byte) bool
}

// Resealed is what was found in one column.
type Resealed struct {
	Table, Column string
	// Values are those that there are, Outdated those of an older master key.
	Values, Outdated int64
}

// resealPortion bounds how many rows one transaction looks at.
const resealPortion = 200

// Reseal seals anew, under the newest master key, everything that an older one sealed: row by row, in small transactions,
// while the gateway serves. A value that changes meanwhile is left to whoever changed it, who sealed it by the newest key.
// Interrupted, it is begun again and finds what is left. report is called for each column.
func Reseal(ctx context.Context, db *DB, master MasterKey, report func(Resealed) error) error {
	return eachSealed(ctx, db, master, true, report)
}

// Outdated counts, in each column, what an older master key sealed.
func Outdated(ctx context.Context, db *DB, master MasterKey, report func(Resealed) error) error {
	return eachSealed(ctx, db, master, false, report)
}

func eachSealed(ctx context.Context, db *DB, master MasterKey, write bool, report func(Resealed) error) error {
	for _, c := range sealedColumns {
		total := Resealed{Table: c.table, Column: c.column}
		after, more := []any(nil), true
		for more {
			var found Resealed
			err := db.Run(ctx, func(ctx context.Context, tx *Tx) (err error) {
				found, after, more, err = tx.resealPortion(ctx, c, master, after, write)
				return err
			})
			if err != nil {
				return fmt.Errorf("seal %s.%s anew: %w", c.table, c.column, err)
			}
			total.Values += found.Values
			total.Outdated += found.Outdated
		}
		if err := report(total); err != nil {
			return err
		}
	}
	return nil
}

type sealedRow struct {
	key   []any
	texts []string
	value []byte
}

func (tx *Tx) resealPortion(ctx context.Context, c sealedColumn, master MasterKey, after []any, write bool) (found Resealed, last []any, more bool, err error) {
	rows, err := tx.sealedRows(ctx, c, after)
	if err != nil {
		return found, after, false, err
	}
	for _, r := range rows {
		found.Values++
		fresh, outdated, err := c.anew(r, master)
		if err != nil {
			return found, after, false, err
		}
		if !outdated {
			continue
		}
		found.Outdated++
		if !write {
			continue
		}
		_, err = tx.exec(ctx, "UPDATE "+c.table+" SET "+c.column+" = ? WHERE "+equals(c.key)+" AND "+c.column+" = ?",
			slices.Concat([]any{fresh}, r.key, []any{r.value})...)
		if err != nil {
			return found, after, false, err
		}
	}
	if len(rows) > 0 {
		after = rows[len(rows)-1].key
	}
	return found, after, len(rows) == resealPortion, nil
}

func equals(key []string) string { return strings.Join(key, " = ? AND ") + " = ?" }

func (tx *Tx) sealedRows(ctx context.Context, c sealedColumn, after []any) ([]sealedRow, error) {
	key := strings.Join(c.key, ", ")
	where := c.column + " IS NOT NULL"
	if after != nil {
		where += " AND (" + key + ") > " + placeholders(1, len(c.key))
	}
	columns := slices.Concat(c.key, c.more)
	var out []sealedRow
	query := "SELECT " + strings.Join(columns, ", ") + ", " + c.column + " FROM " + c.table + " WHERE " + where + " ORDER BY " + key + " LIMIT ?"
	err := tx.rows(ctx, c.table, query, append(slices.Clone(after), resealPortion), func(rows *sql.Rows) error {
		values, into := make([]any, len(columns)), make([]any, len(columns)+1)
		var r sealedRow
		for i := range values {
			into[i] = &values[i]
		}
		into[len(columns)] = &r.value
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i], v = bytes.Clone(b), string(b)
			}
			r.texts = append(r.texts, fmt.Sprint(v))
		}
		r.key = values[:len(c.key)]
		out = append(out, r)
		return nil
	})
	return out, err
}

// anew returns a row's value sealed by the newest key; false when it is so already.
func (c sealedColumn) anew(r sealedRow, master MasterKey) (fresh []byte, outdated bool, err error) {
	seal := func(sealed, context []byte) ([]byte, error) {
		if !master.Outdated(sealed) {
			return sealed, nil
		}
		outdated = true
		plain, err := master.Open(sealed, context)
		if err != nil {
			return nil, err
		}
		return master.Seal(plain, context)
	}
	switch {
	case len(r.value) == 0:
		return r.value, false, nil
	case c.within != nil:
		fresh, err = c.within(r.value, r.texts, seal)
	default:
		fresh, err = seal(r.value, c.context(r.texts))
	}
	return fresh, outdated, err
}

// SealedJobs counts the jobs that are not done and hold a value that an older master key sealed: mails of codes, mostly,
// which are worked within minutes.
func SealedJobs(ctx context.Context, db *DB, master MasterKey) (n int, err error) {
	err = db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.rows(ctx, "river_job", "SELECT CAST(args AS text) FROM river_job WHERE state NOT IN ('completed', 'cancelled', 'discarded')", nil,
			func(rows *sql.Rows) error {
				var args []byte
				if err := rows.Scan(&args); err != nil {
					return err
				}
				if sealed := sealedIn(args); sealed != nil && master.Outdated(sealed) {
					n++
				}
				return nil
			})
	})
	return n, err
}

// sealedIn returns what is sealed in the arguments of a job, or nil: jobs of other kinds have arguments of other shapes.
func sealedIn(args []byte) []byte {
	var job struct {
		Args struct {
			Sealed []byte `json:"sealed"`
		} `json:"args"`
	}
	if json.Unmarshal(args, &job) != nil {
		return nil
	}
	return job.Args.Sealed
}

package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/id"
)

// Checkout is the storage of checkout's commands and of what is read beside them.
type Checkout struct{ db *DB }

// NewCheckout returns checkout's storage on db.
func NewCheckout(db *DB) Checkout { return Checkout{db} }

// races bounds how often a batch starts again because somebody else made a row first. What lost once finds the row that
// it lost to, so this is a matter of one or two.
const races = 6

// Batch runs fn in one transaction. Beyond lost races it is tried once: whether and how to try again is the committer's
// decision.
func (c Checkout) Batch(ctx context.Context, fn func(ctx context.Context, tx checkout.Tx) error) error {
	var err error
	for try := range races {
		err = c.db.beginTimeless(ctx, func(ctx context.Context, tx *Tx) error {
			return fn(ctx, batchTx{Tx: tx, careful: try > 0})
		})
		if raced(err) {
			err = fmt.Errorf("%w: %w", errRaced, err)
		}
		if !errors.Is(err, errRaced) {
			break
		}
	}
	return c.db.translate(err)
}

// batchTx is checkout's view of a transaction.
type batchTx struct {
	*Tx
	// careful follows pointers one after the other, after a batch that expected them not to move was wrong.
	careful bool
}

// rows runs a query and hands each row to scan.
func (tx *Tx) rows(ctx context.Context, what, query string, args []any, scan func(*sql.Rows) error) (err error) {
	if err := tx.db.interrupted(); err != nil {
		return err
	}
	rows, err := tx.orm.Statement.ConnPool.QueryContext(ctx, tx.rebind(query), args...)
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	defer func() {
		if cerr := rows.Close(); cerr != nil && err == nil {
			err = fmt.Errorf("read %s: %w", what, cerr)
		}
	}()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("read %s: %w", what, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

// lookup is rows for those that have the given keys, in the order of their keys, locked if asked.
func (tx *Tx) lookup(ctx context.Context, t, cols, keyCols string, keys [][]any, lock bool, scan func(*sql.Rows) error) error {
	if len(keys) == 0 {
		return nil
	}
	for chunk := range chunks(keys, len(keys[0])) {
		cond, args := tx.in(keyCols, chunk)
		q := "SELECT " + cols + " FROM " + t + " WHERE " + cond + " ORDER BY " + keyCols
		if lock {
			q += tx.forUpdate()
		}
		if err := tx.rows(ctx, t, q, args, scan); err != nil {
			return err
		}
	}
	return nil
}

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func decode(s string, into any) error {
	if s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), into)
}

// nullTime stores the zero time as NULL.
func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

func timeOf(t sql.NullTime) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return t.Time.UTC()
}

func newID(prefix string) string { return id.New(prefix) }

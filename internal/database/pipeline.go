package database

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// row is one row of a result, of whichever driver.
type row interface{ Scan(dest ...any) error }

// statement is one statement of a pipeline.
type statement struct {
	// what names the statement in errors.
	what  string
	query string
	args  []any
	// each is called with every row of a statement that reads.
	each func(row) error
	// changes is how many rows a statement that writes must change, or anyChanges.
	changes int64
}

const anyChanges = -1

// pipeline is statements that do not depend on each other's results. PostgreSQL gets them all at once and works on them
// one after the other, in their order; SQLite, which is in this process, gets one at a time.
type pipeline []statement

func (p *pipeline) read(what, query string, args []any, each func(row) error) {
	*p = append(*p, statement{what: "read " + what, query: query, args: args, each: each})
}

// lookup adds the statements that read the rows with the given keys, in the order of their keys, locked if asked.
func (p *pipeline) lookup(tx *Tx, t, cols, keyCols string, keys [][]any, lock bool, each func(row) error) {
	if len(keys) == 0 {
		return
	}
	for chunk := range chunks(keys, len(keys[0])) {
		cond, args := tx.in(keyCols, chunk)
		q := "SELECT " + cols + " FROM " + t + " WHERE " + cond
		if lock {
			q += " ORDER BY " + keyCols + tx.forUpdate()
		}
		p.read(t, q, args, each)
	}
}

// run carries a pipeline out. It ends with the first statement that fails.
func (tx *Tx) run(ctx context.Context, p pipeline) error {
	for i := range p {
		if err := tx.db.interrupted(); err != nil {
			return errors.Join(err, tx.send(ctx, p[:i]))
		}
	}
	return tx.send(ctx, p)
}

func (tx *Tx) send(ctx context.Context, p pipeline) error {
	if tx.conn == nil || len(p) < 2 {
		for _, s := range p {
			if err := tx.carryOut(ctx, s); err != nil {
				return fmt.Errorf("%s: %w", s.what, err)
			}
		}
		return nil
	}
	return tx.conn.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("pipeline on a %T", driver)
		}
		var b pgx.Batch
		for _, s := range p {
			b.Queue(tx.rebind(s.query), s.args...)
		}
		results := conn.Conn().SendBatch(ctx, &b)
		for _, s := range p {
			if err := receive(results, s); err != nil {
				// What follows a failure fails for it: its errors say nothing new.
				_ = results.Close()
				return fmt.Errorf("%s: %w", s.what, err)
			}
		}
		return results.Close()
	})
}

func receive(results pgx.BatchResults, s statement) error {
	if s.each == nil {
		tag, err := results.Exec()
		if err != nil {
			return err
		}
		return s.changed(tag.RowsAffected())
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := s.each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s statement) changed(n int64) error {
	if s.changes != anyChanges && n != s.changes {
		return fmt.Errorf("%d rows changed, want %d", n, s.changes)
	}
	return nil
}

// carryOut runs one statement by itself.
func (tx *Tx) carryOut(ctx context.Context, s statement) (err error) {
	pool := tx.orm.Statement.ConnPool
	if s.each == nil {
		res, err := pool.ExecContext(ctx, tx.rebind(s.query), s.args...)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		return s.changed(n)
	}
	rows, err := pool.QueryContext(ctx, tx.rebind(s.query), s.args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := s.each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// errRaced says that somebody else made a row first that did not exist a moment ago. Another attempt finds it.
var errRaced = errors.New("somebody else was first")

// raced tells whether err is a row that exists by now, of a table whose rows are made by whoever comes first.
func raced(err error) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != stateUniqueViolation {
		return false
	}
	switch pg.ConstraintName {
	case "orders_pkey", "order_attempts_pkey", "offer_token_slots_pkey", "offer_counters_pkey", "members_pkey", "idempotency_keys_pkey":
		return true
	}
	return false
}

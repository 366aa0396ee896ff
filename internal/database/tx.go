package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/once"
	"gorm.io/gorm"
)

// Tx is one open transaction. It has no way to begin another.
type Tx struct {
	db  *DB
	orm *gorm.DB
	now time.Time
	// conn is the connection below, where pipelines can be sent; nil on SQLite.
	conn *sql.Conn
}

// Read runs fn in a read-only transaction: what it reads belongs together.
func (db *DB) Read(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: db.dialect == PostgreSQL, Isolation: sql.LevelDefault}
	return db.translate(db.begin(ctx, db.reader, opts, fn))
}

// view runs fn on reads that need not belong together, without a transaction around them. What it reads may be a moment
// old by the time fn sees the next; whoever decides on it decides again under locks.
func (db *DB) view(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	return db.translate(db.connected(ctx, db.views, func(on *gorm.DB, conn *sql.Conn) error {
		tx := &Tx{db: db, orm: on, conn: conn}
		if db.now != nil || db.dialect == SQLite {
			now, err := tx.serverTime(ctx)
			if err != nil {
				return err
			}
			tx.now = now
		}
		return fn(ctx, tx)
	}))
}

// connected runs fn on one connection. On SQLite the pool is as good, and conn is nil.
func (db *DB) connected(ctx context.Context, on *gorm.DB, fn func(on *gorm.DB, conn *sql.Conn) error) error {
	on = on.WithContext(ctx)
	if db.dialect == SQLite {
		return fn(on, nil)
	}
	return on.Connection(func(on *gorm.DB) error {
		conn, ok := on.Statement.ConnPool.(*sql.Conn)
		if !ok {
			return fmt.Errorf("a connection is a %T", on.Statement.ConnPool)
		}
		return fn(on, conn)
	})
}

// beginTimeless is begin for whoever reads the database's time with the first rows.
func (db *DB) beginTimeless(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return db.connected(ctx, db.batches, func(on *gorm.DB, conn *sql.Conn) error {
		return db.transact(ctx, on, nil, func(ctx context.Context, tx *Tx) error {
			tx.conn = conn
			if db.now != nil || db.dialect == SQLite {
				var err error
				if tx.now, err = tx.serverTime(ctx); err != nil {
					return err
				}
			}
			return fn(ctx, tx)
		})
	})
}

// alone runs fn, which has one statement, on the writer without a transaction around it. Its time is this process's: good
// for noting when, not for deciding.
func (db *DB) alone(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	tx := &Tx{db: db, orm: db.batches.WithContext(ctx), now: time.Now().UTC().Truncate(time.Microsecond)}
	if db.now != nil {
		tx.now = db.now().UTC().Truncate(time.Microsecond)
	}
	return fn(ctx, tx)
}

// clock is a column with the database's time where the transaction has not read it yet, else NULL.
func (tx *Tx) clock() string {
	if tx.now.IsZero() {
		return "clock_timestamp()"
	}
	return "NULL"
}

// Run runs fn in one transaction. Transient failures are retried, so fn must have no effects but those of tx.
// A refusal marked by once.Commit commits.
func (db *DB) Run(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	var refusal error
	err := db.retry(ctx, func() error {
		refusal = nil
		return db.begin(ctx, db.gorm, nil, func(ctx context.Context, tx *Tx) error {
			err := fn(ctx, tx)
			if once.Commits(err) {
				refusal = err
				return nil
			}
			return err
		})
	})
	if err == nil {
		err = refusal
	}
	return db.translate(err)
}

// Write is Run for a request: when ctx carries an idempotency key it is claimed first, and the rendered answer is
// stored with the work. Returns once.ErrReplayed when the key was answered before.
func (db *DB) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) (any, error)) (any, error) {
	var result any
	err := db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		req := once.From(ctx)
		if req == nil {
			var err error
			result, err = fn(ctx, tx)
			return err
		}
		claimed, err := tx.claimOne(ctx, req)
		if err != nil {
			return err
		}
		if !claimed {
			return once.ErrReplayed
		}
		var refusal error
		result, refusal = fn(ctx, tx)
		answer, store := req.Encode(result, refusal)
		if !store {
			if refusal == nil {
				return errNoAnswer
			}
			return refusal
		}
		if refusal != nil && !once.Commits(refusal) {
			// A refusal is an answer too: what the work wrote before it is undone, the answer is kept.
			return &refused{refusal: refusal, answer: answer}
		}
		if err := tx.storeAnswer(ctx, req, answer); err != nil {
			return err
		}
		req.Settle(answer)
		return refusal
	})
	var r *refused
	if errors.As(err, &r) {
		return nil, db.storeRefusal(ctx, r)
	}
	return result, err
}

// errNoAnswer is a mistake of the program: work that was done must have an answer that a repeated request can get.
var errNoAnswer = errors.New("the work of an idempotent request has no answer to keep")

// refused leaves a transaction that is rolled back because its work was refused.
type refused struct {
	refusal error
	answer  once.Answer
}

func (r *refused) Error() string { return r.refusal.Error() }
func (r *refused) Unwrap() error { return r.refusal }

// storeRefusal keeps the answer of refused work, in a transaction of its own: the work wrote nothing.
func (db *DB) storeRefusal(ctx context.Context, r *refused) error {
	req := once.From(ctx)
	err := db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		claimed, err := tx.claimOne(ctx, req)
		if err != nil {
			return err
		}
		if !claimed {
			return once.ErrReplayed
		}
		return tx.storeAnswer(ctx, req, r.answer)
	})
	if err != nil {
		return err
	}
	req.Settle(r.answer)
	return r.refusal
}

func (db *DB) retry(ctx context.Context, attempt func() error) error {
	const attempts = 4
	for i := 0; ; i++ {
		err := attempt()
		if err == nil || i == attempts-1 || !IsTransient(err) || isUnavailable(err) || ctx.Err() != nil {
			return err
		}
		if err := sleep(ctx, jitter(10*time.Millisecond<<i)); err != nil {
			return err
		}
	}
}

func (db *DB) begin(ctx context.Context, on *gorm.DB, opts *sql.TxOptions, fn func(context.Context, *Tx) error) error {
	return db.transact(ctx, on.WithContext(ctx), opts, func(ctx context.Context, tx *Tx) error {
		var err error
		if tx.now, err = tx.serverTime(ctx); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// transact runs fn between begin and commit.
func (db *DB) transact(ctx context.Context, on *gorm.DB, opts *sql.TxOptions, fn func(context.Context, *Tx) error) error {
	orm := on.Begin(opts)
	if orm.Error != nil {
		return fmt.Errorf("begin: %w", orm.Error)
	}
	done := false
	defer func() {
		if !done {
			// A panic passes through; the transaction does not survive it.
			orm.Rollback()
		}
	}()
	err := fn(ctx, &Tx{db: db, orm: orm})
	done = true
	if err != nil {
		if rerr := orm.Rollback().Error; rerr != nil && !errors.Is(rerr, sql.ErrTxDone) && !isUnavailable(rerr) {
			return errors.Join(err, fmt.Errorf("roll back: %w", rerr))
		}
		return err
	}
	if err := db.interrupted(); err != nil {
		orm.Rollback()
		return err
	}
	if err := orm.Commit().Error; err != nil {
		return fmt.Errorf("commit: %w", &UnknownOutcome{err})
	}
	return db.interrupted()
}

func (db *DB) interrupted() error {
	if db.cut == nil {
		return nil
	}
	return db.cut()
}

// UnknownOutcome says that a commit failed in a way that leaves open whether it took place.
type UnknownOutcome struct{ cause error }

func (u *UnknownOutcome) Error() string { return "commit outcome unknown: " + u.cause.Error() }
func (u *UnknownOutcome) Unwrap() error { return u.cause }

// Now is the database's time at the start of the transaction, in UTC, cut to microseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// SQLTx gives the transaction to the job queue, so that a job is enqueued with the work that asks for it.
func (tx *Tx) SQLTx() *sql.Tx {
	t, _ := tx.orm.Statement.ConnPool.(*sql.Tx)
	return t
}

// Dialect tells which database this is.
func (tx *Tx) Dialect() Dialect { return tx.db.dialect }

func (tx *Tx) serverTime(ctx context.Context) (time.Time, error) {
	if tx.db.now != nil {
		return tx.db.now().UTC().Truncate(time.Microsecond), nil
	}
	if tx.db.dialect == SQLite {
		// SQLite runs in this process: its clock is ours, and has more digits than its own functions give.
		return time.Now().UTC().Truncate(time.Microsecond), nil
	}
	var now time.Time
	if err := tx.orm.WithContext(ctx).Raw("SELECT clock_timestamp()").Row().Scan(&now); err != nil {
		return time.Time{}, fmt.Errorf("read the database's time: %w", err)
	}
	return now.UTC().Truncate(time.Microsecond), nil
}

// exec runs one statement with ? placeholders and returns the number of rows it changed. It goes past GORM's builder,
// which would spread a []byte that follows a parenthesis over many parameters.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := tx.db.interrupted(); err != nil {
		return 0, err
	}
	res, err := tx.orm.Statement.ConnPool.ExecContext(ctx, tx.rebind(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// rebind writes ? placeholders as PostgreSQL wants them. No statement of ours has a ? of another meaning.
func (tx *Tx) rebind(query string) string {
	if tx.db.dialect == SQLite {
		return query
	}
	var b strings.Builder
	b.Grow(len(query) + 64)
	for n := 1; ; n++ {
		i := strings.IndexByte(query, '?')
		if i < 0 {
			b.WriteString(query)
			return b.String()
		}
		b.WriteString(query[:i])
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		query = query[i+1:]
	}
}

// query scans the rows of one statement into dest, a pointer to a slice of records.
func (tx *Tx) query(ctx context.Context, dest any, query string, args ...any) error {
	_, err := tx.scan(ctx, dest, query, args)
	return err
}

// one scans one row into dest and tells whether there was one.
func (tx *Tx) one(ctx context.Context, dest any, query string, args ...any) (bool, error) {
	return tx.scan(ctx, dest, query, args)
}

// scan has GORM fill records from rows; like exec it goes past GORM's builder.
func (tx *Tx) scan(ctx context.Context, dest any, query string, args []any) (found bool, err error) {
	if err := tx.db.interrupted(); err != nil {
		return false, err
	}
	rows, err := tx.orm.Statement.ConnPool.QueryContext(ctx, tx.rebind(query), args...)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if !rows.Next() {
		return false, rows.Err()
	}
	if err := tx.orm.ScanRows(rows, dest); err != nil {
		return false, err
	}
	return true, rows.Err()
}

// forUpdate is the lock clause of a SELECT. FOR UPDATE would collide with the checks of foreign keys; SQLite has one
// writer and needs none.
func (tx *Tx) forUpdate() string {
	if tx.db.dialect == PostgreSQL {
		return " FOR NO KEY UPDATE"
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// placeholders returns "(?,?),(?,?)" for rows of n columns.
func placeholders(rows, n int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", n), ",") + ")"
	return strings.TrimSuffix(strings.Repeat(one+",", rows), ",")
}

// Package jobs does work after the transaction that asked for it: mails, webhooks, tidying.
//
// A job is a row, inserted in the caller's transaction: rolled back, there is no job; committed, it is worked at
// least once, by whichever replica takes it. Work must therefore bear a repetition.
//
// Underneath is River, on PostgreSQL and on SQLite; nothing of it shows outside this package.
package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// Kind names what is to be done, as "mail.code". At least two characters: letters, digits, dots, dashes, underscores.
type Kind string

// Dialect says which database the jobs live in.
type Dialect string

// The two databases that jobs run on.
const (
	Postgres Dialect = "postgres"
	SQLite   Dialect = "sqlite"
)

// DefaultMaxAttempts is how often a job is tried before it is given up, when [Options] does not say.
const DefaultMaxAttempts = 10

// Options is how a job is to be worked. The zero value is right for most.
type Options struct {
	// RunAt is the earliest time to work the job; zero is now.
	RunAt time.Time
	// UniqueKey, when set, makes the job the only one of its kind with that key until a while (an hour or more)
	// after it is done; a second insert changes nothing and is no error.
	UniqueKey string
	// MaxAttempts is how often the job is tried; zero is [DefaultMaxAttempts].
	MaxAttempts int
}

// envelope is the row's content: our arguments, and the key that River makes unique.
type envelope struct {
	kind Kind
	Key  string          `json:"key,omitempty" river:"unique"`
	Args json.RawMessage `json:"args"`
}

// Kind implements river.JobArgs.
func (e envelope) Kind() string { return string(e.kind) }

// Inserter adds jobs to a database. It holds no connection.
type Inserter struct {
	client *river.Client[*sql.Tx]
}

// NewInserter returns an inserter for one dialect.
func NewInserter(dialect Dialect) (*Inserter, error) {
	driver, err := driverFor(nil, dialect)
	if err != nil {
		return nil, err
	}
	client, err := river.NewClient(driver, &river.Config{MaxAttempts: DefaultMaxAttempts})
	if err != nil {
		return nil, fmt.Errorf("make the job inserter: %w", err)
	}
	return &Inserter{client: client}, nil
}

// Insert adds a job in tx: it exists if and only if tx commits. Args are encoded as JSON and stay in the database for
// a while after the work, so secrets and personal data in them must be sealed by the caller.
func (i *Inserter) Insert(ctx context.Context, tx *sql.Tx, kind Kind, args any, options Options) error {
	encoded, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("encode the arguments of job %s: %w", kind, err)
	}
	_, err = i.client.InsertTx(ctx, tx, envelope{kind: kind, Key: options.UniqueKey, Args: encoded}, options.river())
	if err != nil {
		return fmt.Errorf("insert job %s: %w", kind, err)
	}
	return nil
}

func (o Options) river() *river.InsertOpts {
	return &river.InsertOpts{
		ScheduledAt: o.RunAt,
		MaxAttempts: o.MaxAttempts,
		UniqueOpts:  river.UniqueOpts{ByArgs: o.UniqueKey != ""},
	}
}

// Migrate brings the tables of the jobs to the version that this package needs; run again, it changes nothing. It
// opens its own transactions, so db must have a connection to spare besides those that the caller holds.
func Migrate(ctx context.Context, db *sql.DB, dialect Dialect) error {
	driver, err := driverFor(db, dialect)
	if err != nil {
		return err
	}
	migrator, err := rivermigrate.New(driver, nil)
	if err != nil {
		return fmt.Errorf("read the job tables' migrations: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job tables: %w", err)
	}
	return nil
}

func driverFor(db *sql.DB, dialect Dialect) (riverdriver.Driver[*sql.Tx], error) {
	switch dialect {
	case Postgres:
		return riverdatabasesql.New(db), nil
	case SQLite:
		return riversqlite.New(db), nil
	default:
		return nil, errors.New("jobs run on postgres or sqlite, not on " + string(dialect))
	}
}

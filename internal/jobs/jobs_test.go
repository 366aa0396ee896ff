package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite"
)

const sqliteOptions = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(1)&_txlock=immediate&_time_format=sqlite&_timezone=UTC"

// place is a database with the job tables.
type place struct {
	dialect jobs.Dialect
	dsn     string
	db      *sql.DB
}

// onBoth runs a test on a fresh database of each dialect.
func onBoth(t *testing.T, test func(t *testing.T, p place)) {
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, jobs.Postgres, "pgx", testdb.NewEmptyPostgres(t)))
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		p := open(t, jobs.SQLite, "sqlite", testdb.NewSQLite(t)+sqliteOptions)
		p.db.SetMaxOpenConns(1) // as the application does: one writer
		test(t, p)
	})
}

func open(t *testing.T, dialect jobs.Dialect, driver, dsn string) place {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := jobs.Migrate(t.Context(), db, dialect); err != nil {
		t.Fatal(err)
	}
	return place{dialect: dialect, dsn: dsn, db: db}
}

func (p place) insert(t *testing.T, kind jobs.Kind, args any, options jobs.Options) {
	t.Helper()
	p.inTx(t, true, func(ctx context.Context, tx *sql.Tx, inserter *jobs.Inserter) error {
		return inserter.Insert(ctx, tx, kind, args, options)
	})
}

func (p place) inTx(t *testing.T, commit bool, do func(context.Context, *sql.Tx, *jobs.Inserter) error) {
	t.Helper()
	inserter, err := jobs.NewInserter(p.dialect)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := p.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := do(t.Context(), tx, inserter); err != nil {
		t.Fatal(errors.Join(err, tx.Rollback()))
	}
	end := tx.Rollback
	if commit {
		end = tx.Commit
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
}

func (p place) run(t *testing.T, config jobs.Config) {
	t.Helper()
	config.Dialect, config.DSN = p.dialect, p.dsn
	config.Logger = slog.New(slog.DiscardHandler)
	runner, err := jobs.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := runner.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

// tally counts what was worked and lets a test wait for it.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
	worked chan string
}

func newTally() *tally { return &tally{counts: map[string]int{}, worked: make(chan string, 10_000)} }

func (c *tally) note(name string) {
	c.mu.Lock()
	c.counts[name]++
	c.mu.Unlock()
	c.worked <- name
}

func (c *tally) await(t *testing.T, n int) {
	t.Helper()
	patience := time.After(time.Minute)
	for i := range n {
		select {
		case <-c.worked:
		case <-patience:
			t.Fatalf("%d jobs worked, want %d", i, n)
		}
	}
}

func (c *tally) worker(kind jobs.Kind) jobs.Worker {
	return jobs.Handle(kind, func(_ context.Context, name string) error { c.note(name); return nil })
}

func TestNoJobAfterARollback(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		done := newTally()
		p.inTx(t, false, func(ctx context.Context, tx *sql.Tx, inserter *jobs.Inserter) error {
			return inserter.Insert(ctx, tx, "test.note", "rolled back", jobs.Options{})
		})
		p.insert(t, "test.note", "committed", jobs.Options{})
		p.run(t, jobs.Config{Workers: []jobs.Worker{done.worker("test.note")}})
		done.await(t, 1)
		if done.counts["rolled back"] != 0 {
			t.Error("a rolled back job was worked")
		}
	})
}

// Two runners work while many transactions write and insert: nothing is lost, nothing done twice, nobody is told
// that the database is locked.
func TestEachJobIsWorkedOnceBesideConcurrentWriters(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		const writers, each = 8, 25
		if _, err := p.db.ExecContext(t.Context(), "CREATE TABLE marks (name TEXT PRIMARY KEY)"); err != nil {
			t.Fatal(err)
		}
		done := newTally()
		for range 2 {
			p.run(t, jobs.Config{Workers: []jobs.Worker{done.worker("test.note")}})
		}
		inserter, err := jobs.NewInserter(p.dialect)
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for writer := range writers {
			group.Go(func() {
				for n := range each {
					if err := mark(t.Context(), p.db, inserter, fmt.Sprintf("%d-%d", writer, n)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		done.await(t, writers*each)
		done.mu.Lock()
		defer done.mu.Unlock()
		for name, n := range done.counts {
			if n != 1 {
				t.Errorf("job %s worked %d times", name, n)
			}
		}
	})
}

func mark(ctx context.Context, db *sql.DB, inserter *jobs.Inserter, name string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO marks VALUES ('"+name+"')"); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := inserter.Insert(ctx, tx, "test.note", name, jobs.Options{}); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func TestAUniqueKeyKeepsASecondJobOut(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		done := newTally()
		p.insert(t, "test.note", "first", jobs.Options{UniqueKey: "k"})
		p.insert(t, "test.note", "second", jobs.Options{UniqueKey: "k"})
		p.insert(t, "test.note", "other", jobs.Options{UniqueKey: "l"})
		p.insert(t, "test.other", "other kind", jobs.Options{UniqueKey: "k"})
		p.run(t, jobs.Config{Workers: []jobs.Worker{done.worker("test.note"), done.worker("test.other")}})
		done.await(t, 3)
		p.insert(t, "test.note", "third", jobs.Options{UniqueKey: "k"})
		p.insert(t, "test.note", "last", jobs.Options{})
		done.await(t, 1)
		if done.counts["second"]+done.counts["third"] != 0 {
			t.Errorf("worked: %v", done.counts)
		}
	})
}

func TestAFailedJobIsTriedAgainUntilItIsGivenUp(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		attempts := make(chan int, 10)
		done := newTally()
		flaky := jobs.Worker{Kind: "test.flaky", Work: func(_ context.Context, job jobs.Job) error {
			attempts <- job.Attempt
			if job.Attempt == 1 {
				return errors.New("not yet")
			}
			return nil
		}}
		hopeless := jobs.Worker{Kind: "test.hopeless", Work: func(context.Context, jobs.Job) error {
			done.note("hopeless")
			return jobs.GiveUp(errors.New("never"))
		}}
		p.insert(t, "test.flaky", nil, jobs.Options{})
		p.insert(t, "test.hopeless", nil, jobs.Options{})
		p.run(t, jobs.Config{Workers: []jobs.Worker{flaky, hopeless}})
		for want := 1; want <= 2; want++ {
			select {
			case got := <-attempts:
				if got != want {
					t.Fatalf("attempt %d, want %d", got, want)
				}
			case <-time.After(time.Minute):
				t.Fatalf("attempt %d never came", want)
			}
		}
		// The flaky job's second attempt came later than a second one of the other would have.
		if done.counts["hopeless"] != 1 {
			t.Errorf("a given up job was tried %d times", done.counts["hopeless"])
		}
	})
}

func TestAPeriodicJobRunsOnceForAllRunners(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		done := newTally()
		config := jobs.Config{
			Workers:  []jobs.Worker{done.worker("test.tidy"), done.worker("test.note")},
			Periodic: []jobs.Periodic{{Kind: "test.tidy", Every: 24 * time.Hour, Args: "tidy"}},
		}
		p.run(t, config)
		p.run(t, config)
		done.await(t, 1)
		p.insert(t, "test.note", "later", jobs.Options{})
		done.await(t, 1)
		if done.counts["tidy"] != 1 {
			t.Errorf("the periodic job ran %d times", done.counts["tidy"])
		}
	})
}

func TestStopWaitsForRunningWork(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		began, finish := make(chan struct{}), make(chan struct{})
		finished := false
		slow := jobs.Worker{Kind: "test.slow", Work: func(context.Context, jobs.Job) error {
			close(began)
			<-finish
			finished = true
			return nil
		}}
		p.insert(t, "test.slow", nil, jobs.Options{})
		runner, err := jobs.Open(t.Context(), jobs.Config{
			Dialect: p.dialect, DSN: p.dsn, Workers: []jobs.Worker{slow}, Logger: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := runner.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		<-began
		stopped := make(chan error, 1)
		go func() { stopped <- runner.Stop(context.Background()) }()
		select {
		case <-stopped:
			t.Fatal("Stop returned while a job ran")
		default:
		}
		close(finish)
		if err := <-stopped; err != nil || !finished {
			t.Errorf("stop: %v, finished: %v", err, finished)
		}
	})
}

// A replica that was killed leaves its jobs marked as running.
func TestAJobOfADeadReplicaIsTakenByAnother(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		done := newTally()
		p.insert(t, "test.note", "orphan", jobs.Options{})
		past := map[jobs.Dialect]string{jobs.Postgres: "now() - interval '1 hour'", jobs.SQLite: "datetime('now', '-1 hour')"}[p.dialect]
		if _, err := p.db.ExecContext(t.Context(), "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = "+past); err != nil {
			t.Fatal(err)
		}
		p.run(t, jobs.Config{Workers: []jobs.Worker{done.worker("test.note")}})
		done.await(t, 1)
	})
}

func TestStopCancelsWorkThatOutlastsItsPatience(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		began, cancelled := make(chan struct{}), make(chan struct{})
		endless := jobs.Worker{Kind: "test.endless", Work: func(ctx context.Context, _ jobs.Job) error {
			close(began)
			<-ctx.Done()
			close(cancelled)
			return ctx.Err()
		}}
		p.insert(t, "test.endless", nil, jobs.Options{})
		runner, err := jobs.Open(t.Context(), jobs.Config{
			Dialect: p.dialect, DSN: p.dsn, Workers: []jobs.Worker{endless}, Logger: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := runner.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		<-began
		impatient, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		if err := runner.Stop(impatient); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stop: %v", err)
		}
		<-cancelled
	})
}

func TestJobsGoOnAfterTheDatabaseWasKilled(t *testing.T) {
	server := testdb.StartOwn(t)
	p := open(t, jobs.Postgres, "pgx", server.URL())
	p.db.SetMaxIdleConns(0) // the test's own sessions die with the server too
	done := newTally()
	p.run(t, jobs.Config{Workers: []jobs.Worker{done.worker("test.note")}})
	p.insert(t, "test.note", "before", jobs.Options{})
	done.await(t, 1)
	server.Kill()
	server.Start()
	p.insert(t, "test.note", "after", jobs.Options{})
	done.await(t, 1)
}

func TestMigrateRunsInsideGoose(t *testing.T) {
	for _, test := range []struct {
		dialect jobs.Dialect
		goose   goose.Dialect
		driver  string
		dsn     func(testing.TB) string
	}{
		{jobs.Postgres, goose.DialectPostgres, "pgx", testdb.NewEmptyPostgres},
		{jobs.SQLite, goose.DialectSQLite3, "sqlite", func(t testing.TB) string { return testdb.NewSQLite(t) + sqliteOptions }},
	} {
		t.Run(string(test.dialect), func(t *testing.T) {
			db, err := sql.Open(test.driver, test.dsn(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			step := goose.NewGoMigration(1, &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
				return jobs.Migrate(ctx, db, test.dialect)
			}}, nil)
			provider, err := goose.NewProvider(test.goose, db, nil, goose.WithGoMigrations(step))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := provider.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := jobs.Migrate(t.Context(), db, test.dialect); err != nil {
				t.Errorf("a second time: %v", err)
			}
		})
	}
}

func TestOpenRefusesABadList(t *testing.T) {
	work := func(context.Context, jobs.Job) error { return nil }
	for name, config := range map[string]jobs.Config{
		"unknown dialect":       {Dialect: "oracle"},
		"two workers of a kind": {Dialect: jobs.SQLite, Workers: []jobs.Worker{{Kind: "aa", Work: work}, {Kind: "aa", Work: work}}},
		"no function":           {Dialect: jobs.SQLite, Workers: []jobs.Worker{{Kind: "aa"}}},
		"periodic, no worker":   {Dialect: jobs.SQLite, Periodic: []jobs.Periodic{{Kind: "aa", Every: time.Hour}}},
		"interval too long": {Dialect: jobs.SQLite, Workers: []jobs.Worker{{Kind: "aa", Work: work}},
			Periodic: []jobs.Periodic{{Kind: "aa", Every: 48 * time.Hour}}},
		"no postgres URL": {Dialect: jobs.Postgres, DSN: "postgres://u:secret@:x/", Workers: []jobs.Worker{{Kind: "aa", Work: work}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := jobs.Open(t.Context(), config); err == nil {
				t.Error("opened")
			}
		})
	}
}

package database_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/storagetest"
)

func TestVerifyStorageOnSQLite(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) storagetest.Fixture {
		return verifyFixture(t, testdb.Open(t, testdb.SQLiteURL(t)))
	})
}

func TestVerifyStorageOnPostgreSQL(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) storagetest.Fixture {
		return verifyFixture(t, testdb.Open(t, testdb.PostgresURL(t)))
	})
}

// codeTable queues codes in a table, so that a mail exists if and only if its transaction committed.
type codeTable struct{ dialect database.Dialect }

func (c codeTable) QueueCode(ctx context.Context, tx *sql.Tx, store string, m verify.CodeMail) error {
	query := "INSERT INTO test_codes (id, store_id, address, code) VALUES (?, ?, ?, ?)"
	if c.dialect == database.PostgreSQL {
		query = "INSERT INTO test_codes (id, store_id, address, code) VALUES ($1, $2, $3, $4)"
	}
	_, err := tx.ExecContext(ctx, query, m.ID, store, m.To, m.Code)
	return err
}

// QueueReminder keeps the address and the link.
func (c codeTable) QueueReminder(ctx context.Context, tx *sql.Tx, store string, m verify.ReminderMail) error {
	return c.QueueCode(ctx, tx, store, verify.CodeMail{ID: m.ID, To: m.To, Code: m.Link})
}

func verifyFixture(t testing.TB, db *database.DB) storagetest.Fixture {
	t.Helper()
	ctx := context.Background()
	exec := func(query string, args ...any) {
		t.Helper()
		if err := database.ExecForTest(ctx, db, query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE test_codes (id text PRIMARY KEY, store_id text, address text, code text)")
	stores := [2]string{id.New("sto"), id.New("sto")}
	now := time.Now().UTC()
	for _, store := range stores {
		exec(`INSERT INTO stores (id, name, mode, currency, timezone, origins, settings, secret, clock_offset_us, version, created_at, updated_at)
			VALUES (?, 'Verify', 'test', 'USD', 'UTC', '[]', '{}', ?, 0, 1, ?, ?)`, store, []byte("secret"), now, now)
	}
	return storagetest.Fixture{
		Storage: database.NewVerifyStorage(db, codeTable{db.Dialect()}), Stores: stores,
		Advance: func(d time.Duration) {
			exec("UPDATE stores SET clock_offset_us = clock_offset_us + ?", d.Microseconds())
		},
		Mails: func(store string) []verify.CodeMail {
			t.Helper()
			mails, err := queuedCodes(ctx, db, store)
			if err != nil {
				t.Fatal(err)
			}
			return mails
		},
		Events: func(store string) []verify.Event {
			t.Helper()
			events, err := written(ctx, db, store)
			if err != nil {
				t.Fatal(err)
			}
			return events
		},
	}
}

// written reads the events of a store, oldest first.
func written(ctx context.Context, db *database.DB, store string) (events []verify.Event, err error) {
	rows, err := db.SQL().QueryContext(ctx, fmt.Sprintf("SELECT type, payload FROM outbox WHERE store_id = '%s' ORDER BY id", store))
	if err != nil {
		return nil, err
	}
	defer func() { err = rows.Close() }()
	for rows.Next() {
		var e verify.Event
		var payload []byte
		if err := rows.Scan(&e.Type, &payload); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(payload, &e.Data); err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, rows.Err()
}

// A refusal that keeps its writes is an answer like any other: with the same key it is given again, and counts once.
func TestAWrongCodeWithTheSameKeyCountsOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		fixture := verifyFixture(t, db)
		storage, store, ctx := fixture.Storage, fixture.Stores[0], t.Context()
		begun := verify.Verification{ID: id.New("ver"), Store: store, State: verify.Collecting, SecretHash: []byte("hash"), Revision: 1}
		if _, err := storage.Write(ctx, store, func(ctx context.Context, tx verify.Tx) (any, error) {
			return nil, tx.InsertVerification(ctx, begun)
		}); err != nil {
			t.Fatal(err)
		}
		wrong := fault.New(fault.CodeInvalid, "The code is wrong.")
		for attempt, want := range []error{wrong, once.ErrReplayed} {
			request := keyed(store, fmt.Sprint("attempt-", attempt))
			_, err := storage.Write(once.With(ctx, request), store, func(ctx context.Context, tx verify.Tx) (any, error) {
				v, err := tx.LockVerification(ctx, begun.ID)
				if err != nil {
					return nil, err
				}
				v.Revision++
				if err := tx.UpdateVerification(ctx, v); err != nil {
					return nil, err
				}
				return nil, once.Commit(wrong)
			})
			if !errors.Is(err, want) {
				t.Fatalf("attempt %d: %v, want %v", attempt, err, want)
			}
			if answer, ok := request.Answer(); !ok || answer.Status != 422 || answer.Replayed != (attempt == 1) {
				t.Fatalf("attempt %d: answer %+v, %v", attempt, answer, ok)
			}
		}
		if err := storage.Read(ctx, store, func(ctx context.Context, tx verify.Tx) error {
			v, err := tx.Verification(ctx, begun.ID)
			if err == nil && v.Revision != 2 {
				t.Errorf("revision %d: the try counted %d times", v.Revision, v.Revision-1)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func keyed(store, attempt string) *once.Request {
	same := func(b []byte) ([]byte, error) { return b, nil }
	return &once.Request{
		Store: store, KeyMAC: []byte("key"), Fingerprint: []byte("content"), Attempt: attempt, Seal: same, Open: same,
		Encode: func(_ any, err error) (once.Answer, bool) {
			return once.Answer{Status: 422, Body: []byte(err.Error())}, true
		},
	}
}

func queuedCodes(ctx context.Context, db *database.DB, store string) (mails []verify.CodeMail, err error) {
	// Ids of this test's stores have no quotes; this spares the two dialects' placeholders.
	rows, err := db.SQL().QueryContext(ctx, fmt.Sprintf("SELECT id, address, code FROM test_codes WHERE store_id = '%s' ORDER BY id", store))
	if err != nil {
		return nil, err
	}
	defer func() { err = rows.Close() }()
	for rows.Next() {
		var m verify.CodeMail
		if err := rows.Scan(&m.ID, &m.To, &m.Code); err != nil {
			return nil, err
		}
		mails = append(mails, m)
	}
	return mails, rows.Err()
}

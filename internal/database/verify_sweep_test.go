package database_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/verify"
)

// What counts no more is forgotten, in portions; what still counts stays, and so does all of another store.
func TestVerificationForgetsWhatIsOld(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		f := verifyFixture(t, db)
		storage := database.NewVerifyStorage(db, codeTable{db.Dialect()})
		for _, store := range f.Stores {
			fill(t, storage, store)
		}
		exec := func(query string, args ...any) {
			t.Helper()
			if err := database.ExecForTest(t.Context(), db, query, args...); err != nil {
				t.Fatal(err)
			}
		}
		// As an older version of the program wrote it.
		exec("INSERT INTO limit_windows (store_id, kind, tag, moments, updated_at) VALUES (?, 'codes_per_day', 'before', '[]', ?)", f.Stores[0], time.Now().UTC())
		f.Advance(2 * time.Hour)
		if got := left(t, db, f.Stores[0]); got != "windows 4, sign-ins 3, mails 1, suppressions 2" {
			t.Fatalf("before: %s", got)
		}
		rounds := 0
		for n := 1; n > 0; rounds++ {
			var err error
			if n, err = storage.Sweep(t.Context(), f.Stores[0], 1); err != nil {
				t.Fatal(err)
			}
		}
		if got := left(t, db, f.Stores[0]); got != "windows 3, sign-ins 1, mails 1, suppressions 1" || rounds != 3 {
			t.Errorf("after %d rounds: %s", rounds, got)
		}
		if got := left(t, db, f.Stores[1]); got != "windows 3, sign-ins 3, mails 1, suppressions 2" {
			t.Errorf("the other store: %s", got)
		}
		f.Advance(32 * 24 * time.Hour)
		if _, err := storage.Sweep(t.Context(), f.Stores[0], 100); err != nil {
			t.Fatal(err)
		}
		if got := left(t, db, f.Stores[0]); got != "windows 0, sign-ins 0, mails 0, suppressions 0" {
			t.Errorf("in the end: %s", got)
		}
	})
}

// fill writes rows of which some end within an hour and some within a day.
func fill(t *testing.T, storage *database.VerifyStorage, store string) {
	t.Helper()
	_, err := storage.Write(t.Context(), store, func(ctx context.Context, tx verify.Tx) (any, error) {
		now := tx.Now()
		v := verify.Verification{ID: id.New("ver"), Store: store, Group: "student", State: verify.Collecting, CreatedAt: now, UpdatedAt: now,
			ExpiresAt: now.Add(verify.Lifetime), SecretHash: []byte("x"), Revision: 1}
		if err := tx.InsertVerification(ctx, v); err != nil {
			return nil, err
		}
		for i, lasts := range []time.Duration{time.Hour, time.Hour, 24 * time.Hour} {
			tag := verify.PersonTag(fmt.Sprintf("tag-%d", i))
			if _, err := tx.LockWindow(ctx, "codes_per_day", tag); err != nil {
				return nil, err
			}
			until := now.Add(lasts)
			if i == 1 {
				until = now.Add(24 * time.Hour)
			}
			if err := tx.PutWindow(ctx, "codes_per_day", tag, []time.Time{now}, until); err != nil {
				return nil, err
			}
			if err := tx.InsertSSO(ctx, verify.SSO{Store: store, Verification: v.ID, Requirement: "oidc", StateHash: []byte(tag), ReturnURL: "https://shop.example",
				Sealed: []byte("x"), CreatedAt: now, ExpiresAt: now.Add(lasts)}); err != nil {
				return nil, err
			}
			if i == 0 {
				continue
			}
			if err := tx.Suppress(ctx, verify.Suppression{ID: id.New("sup"), Tag: tag, Reason: verify.Bounced, CreatedAt: now, ExpiresAt: now.Add(lasts)}); err != nil {
				return nil, err
			}
		}
		return nil, tx.InsertMail(ctx, verify.SentMail{ID: id.New("mai"), Verification: v.ID, Tag: "tag-0", SentAt: now})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func left(t *testing.T, db *database.DB, store string) string {
	t.Helper()
	text := ""
	for _, kind := range [][2]string{{"windows", "limit_windows"}, {"sign-ins", "sso_states"}, {"mails", "sent_mails"}, {"suppressions", "mail_suppressions"}} {
		var n int
		if err := db.SQL().QueryRowContext(t.Context(), fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE store_id = '%s'", kind[1], store)).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%s %d", kind[0], n)
	}
	return text
}

// A window that is used again while old ones are forgotten counts all the same.
func TestALimitCountsWhileOldOnesAreForgotten(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		f := verifyFixture(t, db)
		storage, store := database.NewVerifyStorage(db, codeTable{db.Dialect()}), f.Stores[0]
		const rounds = 20
		count := func(until time.Duration) error {
			_, err := storage.Write(t.Context(), store, func(ctx context.Context, tx verify.Tx) (any, error) {
				moments, err := tx.LockWindow(ctx, "k", "tag")
				if err != nil {
					return nil, err
				}
				return nil, tx.PutWindow(ctx, "k", "tag", append(moments, tx.Now()), tx.Now().Add(until))
			})
			return err
		}
		for range rounds {
			// Old by the time that the others come.
			if err := count(-time.Second); err != nil {
				t.Fatal(err)
			}
			var all sync.WaitGroup
			errs := make([]error, 3)
			all.Go(func() { errs[0] = count(time.Hour) })
			all.Go(func() { errs[1] = count(time.Hour) })
			all.Go(func() { _, errs[2] = storage.Sweep(t.Context(), store, 10) })
			all.Wait()
			for _, err := range errs {
				if err != nil {
					t.Fatal(err)
				}
			}
			moments := 0
			if err := storage.Read(t.Context(), store, func(ctx context.Context, _ verify.Tx) error {
				return db.SQL().QueryRowContext(ctx, "SELECT LENGTH(moments) - LENGTH(REPLACE(moments, ',', '')) + 1 FROM limit_windows WHERE kind = 'k'").Scan(&moments)
			}); err != nil {
				t.Fatal(err)
			}
			// Both count, whether or not the old moment was forgotten before them.
			if moments != 2 && moments != 3 {
				t.Fatalf("%d moments are kept", moments)
			}
			if err := database.ExecForTest(t.Context(), db, "DELETE FROM limit_windows WHERE kind = 'k'"); err != nil {
				t.Fatal(err)
			}
		}
	})
}

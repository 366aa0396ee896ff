package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

// oldWindow is when a sliding window is forgotten that an older version of the program wrote: its windows were shorter.
const oldWindow = 31 * 24 * time.Hour

// Sweep forgets what a store keeps for a time only, by the store's clock, at most limit rows of each kind, and returns how
// many of the kind of which it forgot most: sliding windows in which nothing counts any more, ways to sign in that
// lapsed, mails of which no report will come, and suppressions that ended.
func (s *VerifyStorage) Sweep(ctx context.Context, store string, limit int) (int, error) {
	var most int64
	err := s.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		most = 0
		t, err := s.bind(ctx, tx, store)
		if err != nil {
			return err
		}
		for _, old := range []struct {
			table, key, is string
			until          time.Time
		}{
			{"limit_windows", "kind, tag", "expires_at < ?", t.Now()},
			{"limit_windows", "kind, tag", "expires_at IS NULL AND updated_at < ?", t.Now().Add(-oldWindow)},
			{"sso_states", "state_hash", "expires_at < ?", t.Now()},
			{"sent_mails", "id", "sent_at < ?", t.Now().Add(-verify.SentMailLifetime)},
			{"mail_suppressions", "id", "expires_at < ?", t.Now()},
		} {
			// Materialized: otherwise PostgreSQL may ask the inner question anew, and find further rows each time.
			n, err := t.exec(ctx, "WITH old AS MATERIALIZED (SELECT "+old.key+" FROM "+old.table+" WHERE store_id = ? AND "+old.is+" LIMIT ?"+
				t.passingOver()+") DELETE FROM "+old.table+" WHERE store_id = ? AND ("+old.key+") IN (SELECT "+old.key+" FROM old)",
				t.store, old.until, limit, t.store)
			if err != nil {
				return fmt.Errorf("forget what is old of %s: %w", old.table, err)
			}
			most = max(most, n)
		}
		return nil
	})
	return int(most), err
}

// passingOver locks what a SELECT finds, and passes over what somebody else is working on.
func (tx *Tx) passingOver() string {
	if tx.db.dialect == PostgreSQL {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/privacy"
)

// aged says where the rows of a class are and by which column they age.
type aged struct {
	table, at string
	// where restricts the rows beyond their store.
	where string
	// order is a column by which the oldest row is found without looking at all; empty when there is none. ids is the
	// prefix of ids that rise with time, when the order is by them.
	order, ids string
	// key picks rows, and strip is what is set instead of deleting them. Classes that another job forgets have none.
	key, strip string
}

var agedOf = map[privacy.Class]aged{
	privacy.Collected:   {table: "collected", at: "created_at", where: "1 = 1", order: "created_at", key: "verification_id, requirement"},
	privacy.Networks:    {table: "verifications", at: "created_at", where: "network <> ''", order: "created_at", key: "id", strip: "network = ''"},
	privacy.Audit:       {table: "audit", at: "created_at", where: "1 = 1", order: "id", ids: "aud", key: "id"},
	privacy.Requests:    {table: "privacy_requests", at: "created_at", where: "state = 'done'", order: "id", ids: "prq", key: "id"},
	privacy.Documents:   {table: "documents", at: "created_at", where: "deleted_at IS NULL", order: "id"},
	"challenges":        {table: "verifications", at: "created_at", where: "challenge IS NOT NULL"},
	"sign_ins":          {table: "sso_states", at: "created_at", where: "1 = 1", order: "expires_at"},
	"customer_sessions": {table: "customer_sessions", at: "created_at", where: "1 = 1", order: "expires_at"},
	"answers":           {table: "idempotency_keys", at: "created_at", where: "1 = 1"},
	"events":            {table: "outbox", at: "created_at", where: "1 = 1", order: "id"},
	"sent_mails":        {table: "sent_mails", at: "sent_at", where: "1 = 1", order: "sent_at"},
	"mail_suppressions": {table: "mail_suppressions", at: "created_at", where: "1 = 1", order: "expires_at"},
	"verifications":     {table: "verifications", at: "created_at", where: unknowable, order: "id"},
	"attestations":      {table: "attestations", at: "created_at", where: unknowable, order: "id"},
	"consents":          {table: "marketing_consents", at: "created_at", where: unknowable, order: "id"},
	"offer_tokens":      {table: "offer_tokens", at: "issued_at", where: unknowable, order: "jti"},
	"orders":            {table: "orders", at: "recorded_at", where: unknowable},
	"members":           {table: "members", at: "created_at", where: unknowable, order: "id"},
}

// runsKept is for how long it is remembered what runs removed.
const runsKept = 30 * 24 * time.Hour

// Standing implements privacy.Tx.
func (t *privacyTx) Standing(ctx context.Context, s *privacy.Standing) error {
	a, ok := agedOf[s.Class]
	if !ok {
		return fmt.Errorf("there is no class %q", s.Class)
	}
	var err error
	if a.order != "" {
		if s.Oldest, err = t.oldest(ctx, a.table, a.at, a.order, "store_id = ? AND "+a.where, t.store); err != nil {
			return err
		}
	}
	var run struct {
		RanAt   *time.Time
		Removed int64
	}
	if _, err := t.one(ctx, &run, "SELECT ran_at, removed FROM retention_runs WHERE store_id = ? AND class = ? ORDER BY ran_at DESC LIMIT 1",
		t.store, string(s.Class)); err != nil {
		return err
	}
	s.LastRun, s.RemovedLast = orZero(run.RanAt), run.Removed
	var sum struct{ Removed int64 }
	_, err = t.one(ctx, &sum, "SELECT COALESCE(SUM(removed), 0) AS removed FROM retention_runs WHERE store_id = ? AND class = ? AND ran_at >= ?",
		t.store, string(s.Class), t.Now().Add(-runsKept))
	s.Removed30 = sum.Removed
	return err
}

// Forget implements privacy.Tx.
func (t *privacyTx) Forget(ctx context.Context, c privacy.Class, before time.Time, limit int) (int, error) {
	a, ok := agedOf[c]
	if !ok || a.key == "" {
		return 0, fmt.Errorf("nothing is to be forgotten of class %q", c)
	}
	do := "DELETE FROM " + a.table
	if a.strip != "" {
		do = "UPDATE " + a.table + " SET " + a.strip
	}
	where, args := a.where+" AND "+a.at+" < ?", []any{t.store, t.store, before}
	if a.ids != "" {
		// Ids have the real time in them, which the store's clock is never behind.
		where, args = where+" AND id < ?", append(args, firstID(a.ids, before))
	}
	n, err := t.exec(ctx, do+" WHERE store_id = ? AND ("+a.key+") IN (SELECT "+a.key+" FROM "+a.table+" WHERE store_id = ? AND "+where+
		" LIMIT ?"+t.passingOver()+")", append(args, limit)...)
	if err != nil {
		return 0, fmt.Errorf("forget %s: %w", c, err)
	}
	return int(n), nil
}

// NoteRun implements privacy.Tx.
func (t *privacyTx) NoteRun(ctx context.Context, c privacy.Class, removed int64) error {
	for _, q := range []struct {
		query string
		args  []any
	}{
		{"DELETE FROM retention_runs WHERE store_id = ? AND class = ? AND (removed = 0 OR ran_at < ?)", []any{t.store, string(c), t.Now().Add(-runsKept)}},
		{"INSERT INTO retention_runs (store_id, class, ran_at, removed) VALUES (?, ?, ?, ?) ON CONFLICT (store_id, class, ran_at) " +
			"DO UPDATE SET removed = retention_runs.removed + EXCLUDED.removed", []any{t.store, string(c), t.Now(), removed}},
	} {
		if _, err := t.exec(ctx, q.query, q.args...); err != nil {
			return fmt.Errorf("note a run: %w", err)
		}
	}
	return nil
}

// firstID is the lowest id that can have been drawn at a moment (RFC 9562, section 5.7: milliseconds come first).
func firstID(prefix string, at time.Time) string {
	ms := uint64(max(at.UnixMilli(), 0))
	return fmt.Sprintf("%s_%08x-%04x-7000-8000-000000000000", prefix, ms>>16&0xffffffff, ms&0xffff)
}

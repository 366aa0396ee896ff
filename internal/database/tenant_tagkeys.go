package database

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
)

// tagKeys reads the versions of the tag keys of a store, or of all ("").
func (t tenants) tagKeys(ctx context.Context, store string) (map[string][]tenant.TagKeyRecord, error) {
	out := map[string][]tenant.TagKeyRecord{}
	query, args := "SELECT store_id, version, sealed, created_at, retired_at FROM tag_keys", []any(nil)
	if store != "" {
		query, args = query+" WHERE store_id = ?", []any{store}
	}
	err := t.rows(ctx, "tag_keys", query+" ORDER BY store_id, version", args, func(r *sql.Rows) error {
		var id string
		var k tenant.TagKeyRecord
		var retired sql.NullTime
		if err := r.Scan(&id, &k.Version, &k.Sealed, &k.CreatedAt, &retired); err != nil {
			return err
		}
		k.CreatedAt, k.RetiredAt = k.CreatedAt.UTC(), timeOf(retired)
		out[id] = append(out[id], k)
		return nil
	})
	return out, err
}

// InsertTagKey implements tenant.Tx.
func (t tenants) InsertTagKey(ctx context.Context, store string, k tenant.TagKeyRecord) error {
	_, err := t.exec(ctx, "INSERT INTO tag_keys (store_id, version, sealed, created_at, retired_at) VALUES "+placeholders(1, 5),
		store, k.Version, k.Sealed, k.CreatedAt, orNull(k.RetiredAt))
	return err
}

// RetireTagKey implements tenant.Tx.
func (t tenants) RetireTagKey(ctx context.Context, store string, version int, at time.Time) error {
	_, err := t.exec(ctx, "INSERT INTO tag_keys (store_id, version, sealed, created_at, retired_at) VALUES (?, ?, NULL, ?, ?) "+
		"ON CONFLICT (store_id, version) DO UPDATE SET retired_at = COALESCE(tag_keys.retired_at, excluded.retired_at)", store, version, at, at)
	return err
}

// TagNeeds implements tenant.Tx.
func (t tenants) TagNeeds(ctx context.Context, store string, version int, newest tenant.TagKeyRecord, now time.Time) (tenant.TagNeeds, error) {
	var needs tenant.TagNeeds
	find := "instr"
	if t.Dialect() == PostgreSQL {
		find = "strpos"
	}
	old, fresh := fmt.Sprintf("t%d_", version), fmt.Sprintf("t%d_", newest.Version)
	begins := func(column string) string { return find + "(" + column + ", ?) = 1" }
	for _, q := range []struct {
		into  *int64
		query string
		args  []any
	}{
		{&needs.Attestations, "SELECT count(*) AS n FROM attestations WHERE store_id = ? AND (ended_at IS NULL AND valid_until > ? OR created_at > ?) " +
			"AND " + find + "(tags, ?) > 0 AND " + find + "(tags, ?) = 0",
			[]any{store, now, now.Add(-verify.DefaultSuccessWindow), `"` + old, `"` + fresh}},
		{&needs.Frauds, "SELECT count(*) AS n FROM fraud_cases c WHERE c.store_id = ? AND c.label <> '' AND EXISTS (SELECT 1 FROM fraud_tags f " +
			"WHERE f.store_id = c.store_id AND f.attestation_id = c.attestation_id AND " + begins("f.tag") + ") AND NOT EXISTS (SELECT 1 FROM fraud_tags f " +
			"WHERE f.store_id = c.store_id AND f.attestation_id = c.attestation_id AND " + begins("f.tag") + ")", []any{store, old, fresh}},
		{&needs.Uses, "SELECT count(*) AS n FROM offer_counters WHERE store_id = ? AND scope = 'person' AND used > 0 AND " + begins("subject"),
			[]any{store, old}},
	} {
		var row struct{ N int64 }
		if _, err := t.one(ctx, &row, q.query, q.args...); err != nil {
			return needs, err
		}
		*q.into = row.N
	}
	err := t.rows(ctx, "limit_windows", "SELECT moments FROM limit_windows WHERE store_id = ? AND (kind LIKE 'verified:%:person:%' OR kind LIKE 'moves:%') "+
		"AND expires_at > ? AND "+begins("tag"), []any{store, now, old}, func(r *sql.Rows) error {
		var moments string
		if err := r.Scan(&moments); err != nil {
			return err
		}
		var micros []int64
		if err := fromText(moments, &micros); err != nil {
			return err
		}
		if len(micros) > 0 && time.UnixMicro(micros[0]).Before(newest.CreatedAt.Add(now.Sub(t.now))) {
			needs.Windows++
		}
		return nil
	})
	return needs, err
}

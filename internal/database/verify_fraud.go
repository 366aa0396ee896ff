package database

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

type fraudCaseRow struct {
	AttestationID, Label, Reason, Reference, Actor string

	ReversePoints bool
	MarkedAt      time.Time
	SettledAt     *time.Time
}

const fraudColumns = "c.attestation_id, c.label, c.reason, c.reference, c.actor, c.reverse_points, c.marked_at, c.settled_at"

func (t *verifyTx) fraudCases(ctx context.Context, query string, args ...any) ([]verify.FraudCase, error) {
	var rows []fraudCaseRow
	if err := t.query(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read fraud cases: %w", err)
	}
	out := make([]verify.FraudCase, len(rows))
	for i, r := range rows {
		out[i] = verify.FraudCase{
			Attestation: r.AttestationID, Label: verify.FraudLabel(r.Label), Reason: r.Reason, Reference: r.Reference, By: r.Actor,
			At: r.MarkedAt.UTC(), ReversePoints: r.ReversePoints, SettledAt: orZero(r.SettledAt),
		}
	}
	return out, nil
}

// tagArgs are the store and the tags as arguments, sorted, each once.
func (t *verifyTx) tagArgs(tags []verify.PersonTag) (args []any, n int) {
	tags = slices.Compact(slices.Sorted(slices.Values(tags)))
	args = []any{t.store}
	for _, tag := range tags {
		args = append(args, string(tag))
	}
	return args, len(tags)
}

// LockPersons implements verify.FraudTx.
func (t *verifyTx) LockPersons(ctx context.Context, tags []verify.PersonTag) ([]verify.FraudCase, error) {
	args, n := t.tagArgs(tags)
	if n == 0 {
		return nil, nil
	}
	for _, tag := range args[1:] {
		if _, err := t.exec(ctx, "INSERT INTO persons (store_id, tag) VALUES (?, ?) ON CONFLICT DO NOTHING", t.store, tag); err != nil {
			return nil, fmt.Errorf("ensure a person: %w", err)
		}
	}
	var rows []struct{ Tag string }
	in := placeholders(1, n)
	err := t.query(ctx, &rows, "SELECT tag FROM persons WHERE store_id = ? AND tag IN "+in+" ORDER BY tag"+t.forUpdate(), args...)
	if err != nil {
		return nil, fmt.Errorf("lock persons: %w", err)
	}
	return t.fraudCases(ctx, "SELECT DISTINCT "+fraudColumns+" FROM fraud_tags f JOIN fraud_cases c ON c.store_id = f.store_id "+
		"AND c.attestation_id = f.attestation_id WHERE f.store_id = ? AND f.tag IN "+in+" AND c.label <> '' ORDER BY c.attestation_id", args...)
}

// FraudCase implements verify.FraudTx.
func (t *verifyTx) FraudCase(ctx context.Context, attestation string) (verify.FraudCase, error) {
	found, err := t.fraudCases(ctx, "SELECT "+fraudColumns+" FROM fraud_cases c WHERE c.store_id = ? AND c.attestation_id = ?", t.store, attestation)
	if err != nil {
		return verify.FraudCase{}, err
	}
	if len(found) == 0 {
		return verify.FraudCase{}, missing("fraud case")
	}
	return found[0], nil
}

// PutFraudCase implements verify.FraudTx.
func (t *verifyTx) PutFraudCase(ctx context.Context, c verify.FraudCase, tags []verify.PersonTag) error {
	_, err := t.exec(ctx, "INSERT INTO fraud_cases (store_id, attestation_id, label, reason, reference, actor, reverse_points, marked_at, settled_at) "+
		"VALUES "+placeholders(1, 9)+" ON CONFLICT (store_id, attestation_id) DO UPDATE SET label = excluded.label, reason = excluded.reason, "+
		"reference = excluded.reference, actor = excluded.actor, reverse_points = excluded.reverse_points, marked_at = excluded.marked_at, "+
		"settled_at = excluded.settled_at", t.store, c.Attestation, string(c.Label), c.Reason, c.Reference, c.By, c.ReversePoints, c.At,
		orNull(c.SettledAt))
	if err != nil {
		return fmt.Errorf("write a fraud case: %w", err)
	}
	args, _ := t.tagArgs(tags)
	for _, tag := range args[1:] {
		_, err := t.exec(ctx, "INSERT INTO fraud_tags (store_id, tag, attestation_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			t.store, tag, c.Attestation)
		if err != nil {
			return fmt.Errorf("write a tag of a fraud case: %w", err)
		}
	}
	return nil
}

// SettleFraud implements verify.FraudTx.
func (t *verifyTx) SettleFraud(ctx context.Context, attestation string, at time.Time) error {
	n, err := t.exec(ctx, "UPDATE fraud_cases SET settled_at = COALESCE(settled_at, ?) WHERE store_id = ? AND attestation_id = ?",
		at, t.store, attestation)
	return must(n, err, "fraud case")
}

// UnsettledFraud implements verify.FraudTx.
func (t *verifyTx) UnsettledFraud(ctx context.Context, limit int) ([]verify.FraudCase, error) {
	return t.fraudCases(ctx, "SELECT "+fraudColumns+" FROM fraud_cases c WHERE c.store_id = ? AND c.label = 'confirmed' "+
		"AND c.settled_at IS NULL ORDER BY c.attestation_id LIMIT ?", t.store, limit)
}

// FraudPage implements verify.FraudTx.
func (t *verifyTx) FraudPage(ctx context.Context, label verify.FraudLabel, before string, limit int) ([]verify.FraudCase, error) {
	where, args := "c.label <> ''", []any{t.store}
	if label != verify.NoFraud {
		where, args = "c.label = ?", append(args, string(label))
	}
	if before != "" {
		where, args = where+" AND c.attestation_id < ?", append(args, before)
	}
	return t.fraudCases(ctx, "SELECT "+fraudColumns+" FROM fraud_cases c WHERE c.store_id = ? AND "+where+
		" ORDER BY c.attestation_id DESC LIMIT ?", append(args, limit)...)
}

// InsertFraudMark implements verify.FraudTx.
func (t *verifyTx) InsertFraudMark(ctx context.Context, m verify.FraudMark) error {
	_, err := t.exec(ctx, "INSERT INTO fraud_marks (store_id, id, attestation_id, label, reason, reference, actor, created_at) VALUES "+
		placeholders(1, 8), t.store, m.ID, m.Attestation, string(m.Label), m.Reason, m.Reference, m.By, m.At)
	if err != nil {
		return fmt.Errorf("write a fraud mark: %w", err)
	}
	return nil
}

// FraudMarks implements verify.FraudTx.
func (t *verifyTx) FraudMarks(ctx context.Context, attestation string) ([]verify.FraudMark, error) {
	var rows []struct {
		ID, Label, Reason, Reference, Actor string
		CreatedAt                           time.Time
	}
	err := t.query(ctx, &rows, "SELECT id, label, reason, reference, actor, created_at FROM fraud_marks WHERE store_id = ? AND attestation_id = ? "+
		"ORDER BY id", t.store, attestation)
	if err != nil {
		return nil, fmt.Errorf("read fraud marks: %w", err)
	}
	out := make([]verify.FraudMark, len(rows))
	for i, r := range rows {
		out[i] = verify.FraudMark{ID: r.ID, Attestation: attestation, Label: verify.FraudLabel(r.Label), Reason: r.Reason,
			Reference: r.Reference, By: r.Actor, At: r.CreatedAt.UTC()}
	}
	return out, nil
}

// HeldByPersons implements verify.FraudTx.
func (t *verifyTx) HeldByPersons(ctx context.Context, tags []verify.PersonTag) ([]verify.Attestation, error) {
	args, n := t.tagArgs(tags)
	if n == 0 {
		return nil, nil
	}
	return t.attestations(ctx, "id IN (SELECT attestation_id FROM attestation_tags WHERE store_id = ? AND tag IN "+placeholders(1, n)+
		" AND attestation_id IS NOT NULL) ORDER BY id", args...)
}

// EmptyWindows implements verify.AttestationTx.
func (t *verifyTx) EmptyWindows(ctx context.Context, tags []verify.PersonTag) (int, error) {
	args, n := t.tagArgs(tags)
	if n == 0 {
		return 0, nil
	}
	emptied, err := t.exec(ctx, "DELETE FROM limit_windows WHERE store_id = ? AND tag IN "+placeholders(1, n), args...)
	if err != nil {
		return 0, fmt.Errorf("forget limits: %w", err)
	}
	return int(emptied), nil
}

package database

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/verify"
)

type attestationRecord struct {
	ID, VerificationID, Customer, GroupName, Subgroup, Organisation, Classes, Tags, PolicyID, EndReason string

	Bound         bool
	PolicyVersion int
	ValidUntil    time.Time
	CreatedAt     time.Time
	EndedAt       *time.Time
	TermBeganAt   *time.Time
}

const attestationColumns = "id, verification_id, customer, bound, group_name, subgroup, organisation, classes, tags, policy_id, policy_version, " +
	"valid_until, created_at, ended_at, end_reason, term_began_at"

func (t *verifyTx) attestation(r attestationRecord) (verify.Attestation, error) {
	a := verify.Attestation{
		ID: r.ID, Store: t.store, Verification: r.VerificationID, Customer: r.Customer, Bound: r.Bound, Group: r.GroupName,
		Subgroup: r.Subgroup, Organisation: r.Organisation, PolicyID: r.PolicyID, PolicyVersion: r.PolicyVersion,
		ValidUntil: r.ValidUntil.UTC(), CreatedAt: r.CreatedAt.UTC(), EndedAt: orZero(r.EndedAt), EndReason: r.EndReason,
		TermBegan: orZero(r.TermBeganAt),
	}
	if err := fromText(r.Classes, &a.Classes); err != nil {
		return a, err
	}
	return a, fromText(r.Tags, &a.Tags)
}

func (t *verifyTx) attestations(ctx context.Context, where string, args ...any) ([]verify.Attestation, error) {
	var rows []attestationRecord
	query := "SELECT " + attestationColumns + " FROM attestations WHERE store_id = ? AND " + where
	if err := t.query(ctx, &rows, query, append([]any{t.store}, args...)...); err != nil {
		return nil, fmt.Errorf("read attestations: %w", err)
	}
	out := make([]verify.Attestation, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = t.attestation(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// LockTags implements verify.AttestationTx.
func (t *verifyTx) LockTags(ctx context.Context, group string, tags []verify.PersonTag) ([]verify.Attestation, error) {
	tags = slices.Compact(slices.Sorted(slices.Values(tags)))
	for _, tag := range tags {
		_, err := t.exec(ctx, "INSERT INTO attestation_tags (store_id, group_name, tag, attestation_id) VALUES (?, ?, ?, NULL) "+
			"ON CONFLICT DO NOTHING", t.store, group, string(tag))
		if err != nil {
			return nil, fmt.Errorf("ensure a person tag: %w", err)
		}
	}
	var rows []struct{ AttestationID *string }
	where, args := t.tagsIn(group, tags)
	if err := t.query(ctx, &rows, "SELECT attestation_id FROM attestation_tags WHERE "+where+" ORDER BY tag"+t.forUpdate(), args...); err != nil {
		return nil, fmt.Errorf("lock person tags: %w", err)
	}
	var ids []any
	for _, r := range rows {
		if r.AttestationID != nil && !slices.Contains(ids, any(*r.AttestationID)) {
			ids = append(ids, *r.AttestationID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return t.attestations(ctx, "id IN "+placeholders(1, len(ids))+" ORDER BY id"+t.forUpdate(), ids...)
}

func (t *verifyTx) tagsIn(group string, tags []verify.PersonTag) (where string, args []any) {
	args = []any{t.store, group}
	for _, tag := range tags {
		args = append(args, string(tag))
	}
	return "store_id = ? AND group_name = ? AND tag IN " + placeholders(1, len(tags)), args
}

// HoldTags implements verify.AttestationTx.
func (t *verifyTx) HoldTags(ctx context.Context, group string, tags []verify.PersonTag, attestation string) error {
	where, args := t.tagsIn(group, tags)
	n, err := t.exec(ctx, "UPDATE attestation_tags SET attestation_id = ? WHERE "+where, append([]any{attestation}, args...)...)
	if err != nil {
		return fmt.Errorf("hold person tags: %w", err)
	}
	if n != int64(len(tags)) {
		return fmt.Errorf("hold person tags: %d of %d are there", n, len(tags))
	}
	return nil
}

// InsertAttestation implements verify.AttestationTx.
func (t *verifyTx) InsertAttestation(ctx context.Context, a verify.Attestation) error {
	columns, err := texts(a.Classes, a.Tags)
	if err != nil {
		return err
	}
	_, err = t.placeStatus(ctx, t.store, func(p statusPlace) (bool, error) {
		n, err := t.exec(ctx, "INSERT INTO attestations (store_id, "+attestationColumns+", status_list, status_index) VALUES "+placeholders(1, 19)+
			" ON CONFLICT (store_id, status_list, status_index) WHERE status_list <> '' DO NOTHING", t.store, a.ID,
			a.Verification, a.Customer, a.Bound, a.Group, a.Subgroup, a.Organisation, columns[0], columns[1], a.PolicyID, a.PolicyVersion,
			a.ValidUntil, a.CreatedAt, orNull(a.EndedAt), a.EndReason, orNull(a.TermBegan), p.List, p.Index)
		return n == 1, err
	})
	return err
}

// UpdateAttestation implements verify.AttestationTx.
func (t *verifyTx) UpdateAttestation(ctx context.Context, a verify.Attestation) error {
	columns, err := texts(a.Classes, a.Tags)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, "UPDATE attestations SET customer = ?, bound = ?, subgroup = ?, organisation = ?, classes = ?, tags = ?, "+
		"policy_id = ?, policy_version = ?, valid_until = ?, ended_at = ?, end_reason = ?, "+
		"term_began_at = CASE WHEN valid_until = ? THEN term_began_at ELSE ? END, reminder = CASE WHEN valid_until = ? THEN reminder ELSE 'new' END "+
		"WHERE store_id = ? AND id = ?",
		a.Customer, a.Bound, a.Subgroup, a.Organisation, columns[0], columns[1], a.PolicyID, a.PolicyVersion, a.ValidUntil,
		orNull(a.EndedAt), a.EndReason, a.ValidUntil, t.Now(), a.ValidUntil, t.store, a.ID)
	if err := must(n, err, "attestation"); err != nil || a.EndedAt.IsZero() {
		return err
	}
	return t.revokeTokens(ctx, a)
}

// revokeTokens takes the live offer tokens that rest on an attestation out of force, and tells of each. What a
// reservation holds stays: a paid order is not refused.
func (t *verifyTx) revokeTokens(ctx context.Context, a verify.Attestation) error {
	var events []outbox.Event
	q := "UPDATE offer_tokens SET state = 'revoked' WHERE store_id = ? AND attestation_id = ? AND state = 'live' RETURNING jti, offer_id"
	err := t.rows(ctx, "offer_tokens", q, []any{t.store, a.ID}, func(r *sql.Rows) error {
		var jti, offer string
		if err := r.Scan(&jti, &offer); err != nil {
			return err
		}
		payload, err := encode(map[string]any{"jti": jti, "offer_id": offer, "attestation_id": a.ID, "reason": a.EndReason})
		events = append(events, outbox.Event{Store: t.store, Type: "offer_token.revoked", Ordering: a.ID, Payload: []byte(payload)})
		return err
	})
	if err != nil {
		return err
	}
	return t.AppendEvents(ctx, events)
}

// Attestation implements verify.AttestationTx.
func (t *verifyTx) Attestation(ctx context.Context, id string) (verify.Attestation, error) {
	return t.oneAttestation(ctx, "id = ?", id)
}

// LockAttestation implements verify.AttestationTx.
func (t *verifyTx) LockAttestation(ctx context.Context, id string) (verify.Attestation, error) {
	return t.oneAttestation(ctx, "id = ?"+t.forUpdate(), id)
}

func (t *verifyTx) oneAttestation(ctx context.Context, where, id string) (verify.Attestation, error) {
	found, err := t.attestations(ctx, where, id)
	if err != nil {
		return verify.Attestation{}, err
	}
	if len(found) == 0 {
		return verify.Attestation{}, missing("attestation")
	}
	return found[0], nil
}

// AttestationsOf implements verify.AttestationTx.
func (t *verifyTx) AttestationsOf(ctx context.Context, customer string) ([]verify.Attestation, error) {
	return t.attestations(ctx, "customer = ? AND bound = ? ORDER BY id DESC", customer, true)
}

// AttestationPage implements verify.AttestationTx.
func (t *verifyTx) AttestationPage(ctx context.Context, before string, limit int) ([]verify.Attestation, error) {
	if before == "" {
		return t.attestations(ctx, "1 = 1 ORDER BY id DESC LIMIT ?", limit)
	}
	return t.attestations(ctx, "id < ? ORDER BY id DESC LIMIT ?", before, limit)
}

// LockWindow implements verify.AttestationTx.
func (t *verifyTx) LockWindow(ctx context.Context, kind string, tag verify.PersonTag) ([]time.Time, error) {
	var row struct{ Moments string }
	// The update locks the row, so that nobody forgets it between making sure that it is there and reading it.
	_, err := t.one(ctx, &row, "INSERT INTO limit_windows (store_id, kind, tag, moments, updated_at) VALUES (?, ?, ?, '[]', ?) "+
		"ON CONFLICT (store_id, kind, tag) DO UPDATE SET updated_at = EXCLUDED.updated_at RETURNING moments", t.store, kind, string(tag), t.Now())
	if err != nil {
		return nil, fmt.Errorf("lock a limit: %w", err)
	}
	var micros []int64
	if err := fromText(row.Moments, &micros); err != nil {
		return nil, err
	}
	moments := make([]time.Time, len(micros))
	for i, m := range micros {
		moments[i] = time.UnixMicro(m).UTC()
	}
	return moments, nil
}

// PutWindow implements verify.AttestationTx.
func (t *verifyTx) PutWindow(ctx context.Context, kind string, tag verify.PersonTag, moments []time.Time, until time.Time) error {
	micros := make([]int64, len(moments))
	for i, m := range moments {
		micros[i] = m.UnixMicro()
	}
	encoded, err := text(micros)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, "UPDATE limit_windows SET moments = ?, updated_at = ?, expires_at = ? WHERE store_id = ? AND kind = ? AND tag = ?",
		encoded, t.Now(), until, t.store, kind, string(tag))
	return must(n, err, "limit")
}

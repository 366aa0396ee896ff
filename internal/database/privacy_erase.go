package database

import (
	"context"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/verify"
)

// unknowable picks rows whose customer is nobody's pseudonym yet.
const unknowable = "substr(customer, 1, 7) <> 'erased_'"

// gone stands where a sealed value or a fingerprint of what was bought stood. It opens to nothing and equals no hash.
const gone = "erased"

// ofSubject is the condition that picks what belongs to a shopper; verification is the column that names one.
func ofSubject(s privacy.Subject, verification string) (string, any) {
	if s.Verification != "" {
		return verification + " = ? AND " + unknowable, s.Verification
	}
	return "customer = ?", s.Customer
}

// Erase implements privacy.Tx.
func (t *privacyTx) Erase(ctx context.Context, r privacy.Request, limit int) (privacy.Portion, error) {
	switch r.Step {
	case privacy.StepAttestations:
		return t.eraseAttestations(ctx, r, limit)
	case privacy.StepVerifications:
		return t.eraseVerifications(ctx, r, limit)
	}
	if r.Subject.Customer == "" {
		return privacy.Portion{}, nil
	}
	switch r.Step {
	case privacy.StepAccounts:
		return t.eraseAccounts(ctx, r)
	case privacy.StepTraces:
		return t.eraseTraces(ctx, r)
	}
	for _, s := range scans {
		if s.step == r.Step {
			return t.eraseScanned(ctx, s, r, limit)
		}
	}
	return privacy.Portion{}, fmt.Errorf("erase: there is no step %q", r.Step)
}

// Left implements privacy.Tx.
func (t *privacyTx) Left(ctx context.Context, s privacy.Subject) (bool, error) {
	if s.Customer == "" {
		return false, nil
	}
	for _, table := range []string{"verifications", "attestations", "members", "redemptions", "marketing_consents"} {
		var row struct{ One int }
		found, err := t.one(ctx, &row, "SELECT 1 AS one FROM "+table+" WHERE store_id = ? AND customer = ? LIMIT 1", t.store, s.Customer)
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// eraseAttestations ends attestations for the pseudonym. They stay the holders of their person tags, bound to nobody who
// can ever ask, so that the limit on the person holds.
func (t *privacyTx) eraseAttestations(ctx context.Context, r privacy.Request, limit int) (privacy.Portion, error) {
	where, arg := ofSubject(r.Subject, "verification_id")
	found, err := t.attestations(ctx, where+" ORDER BY id LIMIT ?"+t.forUpdate(), arg, limit)
	if err != nil {
		return privacy.Portion{}, err
	}
	p := privacy.Portion{Removed: map[string]int64{"attestations": int64(len(found))}, More: len(found) == limit}
	for _, a := range found {
		active := a.EndedAt.IsZero()
		a = a.End("erased", t.Now())
		a.Customer, a.Bound, a.Organisation = r.Pseudonym, true, ""
		if err := t.UpdateAttestation(ctx, a); err != nil {
			return p, err
		}
		n, err := t.exec(ctx, "UPDATE offer_tokens SET sealed = ?, pool_code = NULL, customer = ? WHERE store_id = ? AND attestation_id = ? AND state <> 'held'",
			[]byte(gone), r.Pseudonym, t.store, a.ID)
		if err != nil {
			return p, fmt.Errorf("empty tokens: %w", err)
		}
		p.Removed["offer_tokens"] += n
		if _, err := t.exec(ctx, "DELETE FROM attestation_domains WHERE store_id = ? AND attestation_id = ?", t.store, a.ID); err != nil {
			return p, fmt.Errorf("forget the domains of an attestation: %w", err)
		}
		if !active {
			continue
		}
		data := map[string]any{"attestation_id": a.ID, "group": a.Group, "subgroup": a.Subgroup, "reason": a.EndReason}
		if err := t.Emit(ctx, verify.EventAttestationEnded, r.Pseudonym, data); err != nil {
			return p, err
		}
	}
	return p, nil
}

// eraseVerifications ends what is under way and empties what was collected and found.
func (t *privacyTx) eraseVerifications(ctx context.Context, r privacy.Request, limit int) (privacy.Portion, error) {
	where, arg := ofSubject(r.Subject, "id")
	var rows []verificationRow
	err := t.query(ctx, &rows, "SELECT "+verificationColumns+" FROM verifications WHERE store_id = ? AND "+where+" ORDER BY id LIMIT ?"+t.forUpdate(),
		t.store, arg, limit)
	if err != nil {
		return privacy.Portion{}, fmt.Errorf("read verifications: %w", err)
	}
	p := privacy.Portion{Removed: map[string]int64{"verifications": int64(len(rows))}, More: len(rows) == limit}
	for _, row := range rows {
		v, err := t.verification(row)
		if err != nil {
			return p, err
		}
		if err := t.eraseVerification(ctx, v, r.Pseudonym, p.Removed); err != nil {
			return p, fmt.Errorf("erase %s: %w", v.ID, err)
		}
	}
	return p, nil
}

func (t *privacyTx) eraseVerification(ctx context.Context, v verify.Verification, pseudonym string, removed map[string]int64) error {
	if !v.State.Final() {
		v.State, v.DecidedAt = verify.Cancelled, t.Now()
	}
	v.Challenge, v.Last, v.Locale, v.Country = nil, verify.Accepted{}, "", ""
	v.Consent.Marketing, v.Consent.Locale = false, ""
	v.Customer, v.Bound, v.UpdatedAt = pseudonym, true, t.Now()
	v.Revision++
	if err := t.UpdateVerification(ctx, v); err != nil {
		return err
	}
	for _, part := range []struct {
		class, query string
		args         []any
	}{
		{"", "UPDATE verifications SET secret_hash = ?, network = '' WHERE store_id = ? AND id = ?", []any{[]byte{}, t.store, v.ID}},
		{"reviews", "UPDATE reviews SET outcome = 'withdrawn', decided_at = ?, claimed_by = '', claimed_until = NULL WHERE store_id = ? AND verification_id = ? AND outcome = ''",
			[]any{t.Now(), t.store, v.ID}},
		{"evidence", "UPDATE evidence SET organisation = '', facts = '{}' WHERE store_id = ? AND verification_id = ?", []any{t.store, v.ID}},
		{"collected", "DELETE FROM collected WHERE store_id = ? AND verification_id = ?", []any{t.store, v.ID}},
		{"documents", "UPDATE documents SET delete_at = ? WHERE store_id = ? AND verification_id = ? AND deleted_at IS NULL", []any{t.Now(), t.store, v.ID}},
		{"sign_ins", "DELETE FROM sso_states WHERE store_id = ? AND verification_id = ?", []any{t.store, v.ID}},
		{"sent_mails", "DELETE FROM sent_mails WHERE store_id = ? AND verification_id = ?", []any{t.store, v.ID}},
		{"consents", "UPDATE marketing_consents SET granted = ?, locale = '' WHERE store_id = ? AND verification_id = ? AND customer = ''", []any{false, t.store, v.ID}},
	} {
		n, err := t.exec(ctx, part.query, part.args...)
		if err != nil {
			return fmt.Errorf("forget %s: %w", part.class, err)
		}
		if part.class != "" {
			removed[part.class] += n
		}
	}
	return nil
}

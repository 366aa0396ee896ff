package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

// PutMailDomains implements verify.PacksTx.
func (t *verifyTx) PutMailDomains(ctx context.Context, attestation string, domains []verify.MailDomain) error {
	if _, err := t.exec(ctx, "DELETE FROM attestation_domains WHERE store_id = ? AND attestation_id = ?", t.store, attestation); err != nil {
		return fmt.Errorf("note mail domains: %w", err)
	}
	for _, d := range domains {
		_, err := t.exec(ctx, "INSERT INTO attestation_domains (store_id, attestation_id, requirement, domain, noted_at) VALUES (?, ?, ?, ?, ?)",
			t.store, attestation, string(d.Requirement), d.Domain, t.Now())
		if err != nil {
			return fmt.Errorf("note mail domains: %w", err)
		}
	}
	return nil
}

// MoveMailDomains implements verify.PacksTx.
func (t *verifyTx) MoveMailDomains(ctx context.Context, from, to string) error {
	_, err := t.exec(ctx, "UPDATE attestation_domains SET attestation_id = ? WHERE store_id = ? AND attestation_id = ?", to, t.store, from)
	if err != nil {
		return fmt.Errorf("move mail domains: %w", err)
	}
	return nil
}

const activeDomains = " FROM attestation_domains d JOIN attestations a ON a.store_id = d.store_id AND a.id = d.attestation_id " +
	"WHERE d.store_id = ? AND a.ended_at IS NULL AND a.valid_until > ? AND "

// MailDomains implements verify.PacksTx.
func (t *verifyTx) MailDomains(ctx context.Context, after verify.MailDomain, limit int) ([]verify.MailDomain, error) {
	var rows []struct {
		Requirement, Domain string
		Attestations        int
	}
	err := t.query(ctx, &rows, "SELECT d.requirement, d.domain, COUNT(*) AS attestations"+activeDomains+
		"(d.requirement, d.domain) > (?, ?) GROUP BY d.requirement, d.domain ORDER BY d.requirement, d.domain LIMIT ?",
		t.store, t.Now(), string(after.Requirement), after.Domain, limit)
	if err != nil {
		return nil, fmt.Errorf("count mail domains: %w", err)
	}
	out := make([]verify.MailDomain, len(rows))
	for i, r := range rows {
		out[i] = verify.MailDomain{Requirement: verify.Requirement(r.Requirement), Domain: r.Domain, Attestations: r.Attestations}
	}
	return out, nil
}

// ActiveIn implements verify.PacksTx.
func (t *verifyTx) ActiveIn(ctx context.Context, r verify.Requirement, domain string, before time.Time, limit int) ([]string, error) {
	var rows []struct{ ID string }
	err := t.query(ctx, &rows, "SELECT a.id"+activeDomains+"d.requirement = ? AND d.domain = ? AND d.noted_at <= ? ORDER BY a.id LIMIT ?",
		t.store, t.Now(), string(r), domain, before, limit)
	if err != nil {
		return nil, fmt.Errorf("find attestations by mail domain: %w", err)
	}
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = row.ID
	}
	return out, nil
}

var withdrawnTable = newTable("withdrawn_domains", 3, "store_id text, requirement text, domain text, withdrawn_at timestamptz")

// PutWithdrawals implements verify.PacksTx.
func (t *verifyTx) PutWithdrawals(ctx context.Context, all []verify.Withdrawal) error {
	rows := make([][]any, len(all))
	for i, w := range all {
		rows[i] = []any{t.store, string(w.Requirement), w.Domain, w.At}
	}
	if err := t.insert(ctx, withdrawnTable, rows, "ON CONFLICT DO NOTHING"); err != nil {
		return fmt.Errorf("note withdrawn domains: %w", err)
	}
	return nil
}

// Withdrawals implements verify.PacksTx.
func (t *verifyTx) Withdrawals(ctx context.Context, limit int) ([]verify.Withdrawal, error) {
	var rows []struct {
		Requirement, Domain string
		WithdrawnAt         time.Time
	}
	err := t.query(ctx, &rows, "SELECT requirement, domain, withdrawn_at FROM withdrawn_domains WHERE store_id = ? ORDER BY requirement, domain LIMIT ?", t.store, limit)
	if err != nil {
		return nil, fmt.Errorf("read withdrawn domains: %w", err)
	}
	out := make([]verify.Withdrawal, len(rows))
	for i, r := range rows {
		out[i] = verify.Withdrawal{Requirement: verify.Requirement(r.Requirement), Domain: r.Domain, At: r.WithdrawnAt.UTC()}
	}
	return out, nil
}

// DeleteWithdrawal implements verify.PacksTx.
func (t *verifyTx) DeleteWithdrawal(ctx context.Context, w verify.Withdrawal) error {
	_, err := t.exec(ctx, "DELETE FROM withdrawn_domains WHERE store_id = ? AND requirement = ? AND domain = ? AND withdrawn_at = ?",
		t.store, string(w.Requirement), w.Domain, w.At)
	if err != nil {
		return fmt.Errorf("close a withdrawal: %w", err)
	}
	return nil
}

package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

type verificationRow struct {
	ID            string
	GroupName     string
	Subgroup      string
	OfferID       string
	Customer      string
	Bound         bool
	SecretHash    []byte
	State         string
	PolicyID      string
	PolicyVersion int
	Detail        string
	Challenge     []byte
	AttestationID string
	Network       string
	Revision      int64
	CreatedAt     time.Time
	UpdatedAt     time.Time
	ExpiresAt     time.Time
	DecidedAt     *time.Time
}

const verificationColumns = "id, group_name, subgroup, offer_id, customer, bound, secret_hash, state, policy_id, policy_version, detail, " +
	"challenge, attestation_id, network, revision, created_at, updated_at, expires_at, decided_at"

// verificationDetail is what of a verification is read only as a whole.
type verificationDetail struct {
	Paths      []verify.Path                          `json:"paths"`
	First      map[verify.Requirement]verify.Step     `json:"first"`
	Met        []verify.Requirement                   `json:"met,omitempty"`
	Progress   map[verify.Requirement]verify.Progress `json:"progress,omitempty"`
	GivenUp    []verify.GivenUp                       `json:"given_up,omitempty"`
	Rejections int                                    `json:"rejections,omitempty"`
	Errors     []verify.Reason                        `json:"errors,omitempty"`
	Last       verify.Accepted                        `json:"last"`
	Digests    map[string]string                      `json:"digests,omitempty"`
	Locale     string                                 `json:"locale"`
	Country    string                                 `json:"country"`
	Consent    verify.Consent                         `json:"consent"`
	Signals    map[string]int                         `json:"signals,omitempty"`
	Trail      []verify.Note                          `json:"trail,omitempty"`
	Proven     []verify.Requirement                   `json:"proven,omitempty"`
	Appeal     *verify.Appeal                         `json:"appeal,omitempty"`
}

func (t *verifyTx) verification(r verificationRow) (verify.Verification, error) {
	v := verify.Verification{
		ID: r.ID, Store: t.store, Group: r.GroupName, Subgroup: r.Subgroup, OfferID: r.OfferID, Customer: r.Customer, Bound: r.Bound,
		SecretHash: r.SecretHash, State: verify.State(r.State), PolicyID: r.PolicyID, PolicyVersion: r.PolicyVersion,
		Attestation: r.AttestationID, Network: verify.PersonTag(r.Network), Revision: r.Revision, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
		ExpiresAt: r.ExpiresAt.UTC(), DecidedAt: orZero(r.DecidedAt),
	}
	var d verificationDetail
	if err := fromText(r.Detail, &d); err != nil {
		return v, err
	}
	v.Paths, v.First, v.Met, v.Progress, v.GivenUp = d.Paths, d.First, d.Met, d.Progress, d.GivenUp
	v.Rejections, v.Errors, v.Last, v.Digests = d.Rejections, d.Errors, d.Last, d.Digests
	v.Locale, v.Country, v.Consent = d.Locale, d.Country, d.Consent
	v.Signals, v.Trail, v.Proven, v.Appeal = d.Signals, d.Trail, d.Proven, d.Appeal
	if len(r.Challenge) > 0 {
		v.Challenge = &verify.Challenge{}
		if err := fromText(string(r.Challenge), v.Challenge); err != nil {
			return v, err
		}
	}
	return v, nil
}

func verificationTexts(v verify.Verification) (detail string, challenge []byte, err error) {
	detail, err = text(verificationDetail{
		Paths: v.Paths, First: v.First, Met: v.Met, Progress: v.Progress, GivenUp: v.GivenUp, Rejections: v.Rejections, Errors: v.Errors,
		Last: v.Last, Digests: v.Digests, Locale: v.Locale, Country: v.Country, Consent: v.Consent,
		Signals: v.Signals, Trail: v.Trail, Proven: v.Proven, Appeal: v.Appeal,
	})
	if err != nil || v.Challenge == nil {
		return detail, nil, err
	}
	c, err := text(v.Challenge)
	return detail, []byte(c), err
}

// InsertVerification implements verify.VerificationTx.
func (t *verifyTx) InsertVerification(ctx context.Context, v verify.Verification) error {
	detail, challenge, err := verificationTexts(v)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "INSERT INTO verifications (store_id, "+verificationColumns+") VALUES "+placeholders(1, 20),
		t.store, v.ID, v.Group, v.Subgroup, v.OfferID, v.Customer, v.Bound, v.SecretHash, string(v.State), v.PolicyID, v.PolicyVersion,
		detail, challenge, v.Attestation, string(v.Network), v.Revision, v.CreatedAt, v.UpdatedAt, v.ExpiresAt, orNull(v.DecidedAt))
	return err
}

// Verification implements verify.VerificationTx.
func (t *verifyTx) Verification(ctx context.Context, id string) (verify.Verification, error) {
	return t.oneVerification(ctx, id, "")
}

// LockVerification implements verify.VerificationTx.
func (t *verifyTx) LockVerification(ctx context.Context, id string) (verify.Verification, error) {
	return t.oneVerification(ctx, id, t.forUpdate())
}

func (t *verifyTx) oneVerification(ctx context.Context, id, lock string) (verify.Verification, error) {
	var row verificationRow
	ok, err := t.one(ctx, &row, "SELECT "+verificationColumns+" FROM verifications WHERE store_id = ? AND id = ?"+lock, t.store, id)
	if err != nil {
		return verify.Verification{}, fmt.Errorf("read a verification: %w", err)
	}
	if !ok {
		return verify.Verification{}, missing("verification")
	}
	return t.verification(row)
}

// UpdateVerification implements verify.VerificationTx.
func (t *verifyTx) UpdateVerification(ctx context.Context, v verify.Verification) error {
	detail, challenge, err := verificationTexts(v)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, "UPDATE verifications SET customer = ?, bound = ?, state = ?, detail = ?, challenge = ?, attestation_id = ?, "+
		"revision = ?, updated_at = ?, expires_at = ?, decided_at = ? WHERE store_id = ? AND id = ? AND revision = ?",
		v.Customer, v.Bound, string(v.State), detail, challenge, v.Attestation, v.Revision, v.UpdatedAt, v.ExpiresAt, orNull(v.DecidedAt),
		t.store, v.ID, v.Revision-1)
	if err != nil {
		return err
	}
	if n == 0 {
		return errChangedMeanwhile
	}
	return nil
}

// VerificationsOf implements verify.VerificationTx.
func (t *verifyTx) VerificationsOf(ctx context.Context, customer string, limit int) ([]verify.Verification, error) {
	var rows []verificationRow
	err := t.query(ctx, &rows, "SELECT "+verificationColumns+" FROM verifications WHERE store_id = ? AND customer = ? AND bound = ? "+
		"ORDER BY id DESC LIMIT ?", t.store, customer, true, limit)
	if err != nil {
		return nil, err
	}
	out := make([]verify.Verification, len(rows))
	for i, r := range rows {
		if out[i], err = t.verification(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// DueVerifications implements verify.VerificationTx.
func (t *verifyTx) DueVerifications(ctx context.Context, limit int) ([]string, error) {
	var rows []struct{ ID string }
	err := t.query(ctx, &rows, "SELECT id FROM verifications WHERE store_id = ? AND state IN (?, ?, ?, ?, ?) AND expires_at <= ? "+
		"ORDER BY expires_at, id LIMIT ?", t.store, string(verify.Started), string(verify.Collecting), string(verify.Challenged),
		string(verify.Uploading), string(verify.Rejected), t.Now(), limit)
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out, err
}

type evidenceRow struct {
	ID, VerificationID, Requirement, Verifier, Classes, GroupName, Subgroup, Organisation, Tags, Facts string
	ValidUntil                                                                                         *time.Time
	CreatedAt                                                                                          time.Time
}

// InsertEvidence implements verify.VerificationTx.
func (t *verifyTx) InsertEvidence(ctx context.Context, e verify.Evidence) error {
	if len(e.Identifiers) > 0 {
		return fmt.Errorf("the evidence %s still has its identifiers", e.ID)
	}
	columns, err := texts(e.Classes, e.Tags, e.Facts)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "INSERT INTO evidence (store_id, id, verification_id, requirement, verifier, classes, group_name, subgroup, "+
		"organisation, tags, facts, valid_until, created_at) VALUES "+placeholders(1, 13), t.store, e.ID, e.Verification,
		string(e.Requirement), e.Verifier, columns[0], e.Group, e.Subgroup, e.Organisation, columns[1], columns[2], orNull(e.ValidUntil), e.CreatedAt)
	return err
}

// Evidence implements verify.VerificationTx.
func (t *verifyTx) Evidence(ctx context.Context, verification string) ([]verify.Evidence, error) {
	var rows []evidenceRow
	err := t.query(ctx, &rows, "SELECT id, verification_id, requirement, verifier, classes, group_name, subgroup, organisation, tags, facts, "+
		"valid_until, created_at FROM evidence WHERE store_id = ? AND verification_id = ? ORDER BY id", t.store, verification)
	if err != nil {
		return nil, fmt.Errorf("read evidence: %w", err)
	}
	out := make([]verify.Evidence, len(rows))
	for i, r := range rows {
		e := verify.Evidence{
			ID: r.ID, Verification: r.VerificationID, Requirement: verify.Requirement(r.Requirement), Verifier: r.Verifier,
			Group: r.GroupName, Subgroup: r.Subgroup, Organisation: r.Organisation, ValidUntil: orZero(r.ValidUntil), CreatedAt: r.CreatedAt.UTC(),
		}
		if err := fromText(r.Classes, &e.Classes); err != nil {
			return nil, err
		}
		if err := fromText(r.Tags, &e.Tags); err != nil {
			return nil, err
		}
		if err := fromText(r.Facts, &e.Facts); err != nil {
			return nil, err
		}
		out[i] = e
	}
	return out, nil
}

type ssoRow struct {
	VerificationID, Requirement, ReturnURL string
	StateHash, Sealed, BrowserHash         []byte
	CreatedAt, ExpiresAt                   time.Time
	UsedAt                                 *time.Time
}

// InsertSSO implements verify.VerificationTx.
func (t *verifyTx) InsertSSO(ctx context.Context, s verify.SSO) error {
	_, err := t.exec(ctx, "INSERT INTO sso_states (store_id, state_hash, verification_id, requirement, return_url, sealed, browser_hash, "+
		"created_at, expires_at, used_at) VALUES "+placeholders(1, 10), t.store, s.StateHash, s.Verification, string(s.Requirement),
		s.ReturnURL, s.Sealed, s.BrowserHash, s.CreatedAt, s.ExpiresAt, orNull(s.UsedAt))
	return err
}

// LockSSO implements verify.VerificationTx.
func (t *verifyTx) LockSSO(ctx context.Context, stateHash []byte) (verify.SSO, error) {
	var r ssoRow
	ok, err := t.one(ctx, &r, "SELECT verification_id, requirement, return_url, state_hash, sealed, browser_hash, created_at, expires_at, "+
		"used_at FROM sso_states WHERE store_id = ? AND state_hash = ?"+t.forUpdate(), t.store, stateHash)
	if err != nil {
		return verify.SSO{}, err
	}
	if !ok {
		return verify.SSO{}, missing("sign-in")
	}
	return verify.SSO{
		Store: t.store, Verification: r.VerificationID, Requirement: verify.Requirement(r.Requirement), StateHash: r.StateHash,
		ReturnURL: r.ReturnURL, Sealed: r.Sealed, BrowserHash: r.BrowserHash, CreatedAt: r.CreatedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(),
		UsedAt: orZero(r.UsedAt),
	}, nil
}

// UpdateSSO implements verify.VerificationTx.
func (t *verifyTx) UpdateSSO(ctx context.Context, s verify.SSO) error {
	n, err := t.exec(ctx, "UPDATE sso_states SET browser_hash = ?, used_at = ? WHERE store_id = ? AND state_hash = ?",
		s.BrowserHash, orNull(s.UsedAt), t.store, s.StateHash)
	return must(n, err, "sign-in")
}

// DeleteSSO implements verify.VerificationTx.
func (t *verifyTx) DeleteSSO(ctx context.Context, verification string, lapsedBefore time.Time) error {
	for _, q := range []struct {
		where string
		arg   any
	}{{"verification_id = ?", verification}, {"expires_at < ?", lapsedBefore}} {
		if _, err := t.exec(ctx, "DELETE FROM sso_states WHERE store_id = ? AND "+q.where, t.store, q.arg); err != nil {
			return fmt.Errorf("forget sign-ins: %w", err)
		}
	}
	return nil
}

package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// SettingsRevision implements verify.SettingsTx.
func (t *verifyTx) SettingsRevision(ctx context.Context) (int64, error) {
	var row struct{ Revision int64 }
	// Both only grow: their sum changes whenever one of them does.
	_, err := t.one(ctx, &row, "SELECT COALESCE((SELECT revision FROM verify_revisions WHERE store_id = ?), 0) + "+
		"COALESCE((SELECT revision FROM data_pack_revisions WHERE scope = 'gateway'), 0) AS revision", t.store)
	return row.Revision, err
}

// revised marks that settings changed.
func (t *verifyTx) revised(ctx context.Context) error {
	_, err := t.exec(ctx, "INSERT INTO verify_revisions (store_id, revision) VALUES (?, 1) ON CONFLICT (store_id) "+
		"DO UPDATE SET revision = verify_revisions.revision + 1", t.store)
	if err != nil {
		return fmt.Errorf("mark changed settings: %w", err)
	}
	return nil
}

type groupRow struct{ Name, Label, Subgroups string }

// OwnGroups implements verify.SettingsTx.
func (t *verifyTx) OwnGroups(ctx context.Context) ([]verify.Group, error) {
	var rows []groupRow
	if err := t.query(ctx, &rows, "SELECT name, label, subgroups FROM store_groups WHERE store_id = ? ORDER BY name", t.store); err != nil {
		return nil, err
	}
	out := make([]verify.Group, len(rows))
	for i, r := range rows {
		out[i] = verify.Group{Name: r.Name, Custom: true}
		if err := fromText(r.Label, &out[i].Label); err != nil {
			return nil, err
		}
		if err := fromText(r.Subgroups, &out[i].Subgroups); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PutGroup implements verify.SettingsTx.
func (t *verifyTx) PutGroup(ctx context.Context, g verify.Group) error {
	columns, err := texts(g.Label, g.Subgroups)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "INSERT INTO store_groups (store_id, name, label, subgroups) VALUES (?, ?, ?, ?) "+
		"ON CONFLICT (store_id, name) DO UPDATE SET label = excluded.label, subgroups = excluded.subgroups",
		t.store, g.Name, columns[0], columns[1])
	if err != nil {
		return fmt.Errorf("write a group: %w", err)
	}
	return t.revised(ctx)
}

// DeleteGroup implements verify.SettingsTx.
func (t *verifyTx) DeleteGroup(ctx context.Context, name string) error {
	n, err := t.exec(ctx, "DELETE FROM store_groups WHERE store_id = ? AND name = ?", t.store, name)
	if err := must(n, err, "group"); err != nil {
		return err
	}
	return t.revised(ctx)
}

type policyRow struct {
	PolicyID           string
	Version            int
	GroupName          string
	Subgroup           string
	Paths              string
	ValidityDays       int
	ValidityUntil      string
	AcceptSelfDeclared bool
	Limits             string
	CreatedAt          time.Time
	UpdatedAt          time.Time
}

const policyColumns = "v.policy_id, v.version, v.group_name, v.subgroup, v.paths, v.validity_days, v.validity_until, " +
	"v.accept_self_declared, v.limits, v.created_at, v.updated_at"

const currentPolicies = "SELECT " + policyColumns + " FROM policies p JOIN policy_versions v ON v.store_id = p.store_id " +
	"AND v.policy_id = p.id AND v.version = p.version WHERE p.store_id = ?"

func (t *verifyTx) policy(r policyRow) (verify.Policy, error) {
	p := verify.Policy{
		ID: r.PolicyID, Store: t.store, Version: r.Version, Group: r.GroupName, Subgroup: r.Subgroup,
		Validity:           verify.Validity{Days: r.ValidityDays, Until: r.ValidityUntil},
		AcceptSelfDeclared: r.AcceptSelfDeclared, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
	if err := fromText(r.Limits, &p.Limits); err != nil {
		return p, err
	}
	return p, fromText(r.Paths, &p.Paths)
}

// Policies implements verify.SettingsTx.
func (t *verifyTx) Policies(ctx context.Context) ([]verify.Policy, error) {
	var rows []policyRow
	if err := t.query(ctx, &rows, currentPolicies+" ORDER BY p.group_name, p.subgroup", t.store); err != nil {
		return nil, err
	}
	out := make([]verify.Policy, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = t.policy(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Policy implements verify.SettingsTx.
func (t *verifyTx) Policy(ctx context.Context, id string) (verify.Policy, error) {
	return t.onePolicy(ctx, currentPolicies+" AND p.id = ?", t.store, id)
}

// PolicyVersion implements verify.SettingsTx.
func (t *verifyTx) PolicyVersion(ctx context.Context, id string, version int) (verify.Policy, error) {
	return t.onePolicy(ctx, "SELECT "+policyColumns+" FROM policy_versions v WHERE v.store_id = ? AND v.policy_id = ? AND v.version = ?",
		t.store, id, version)
}

func (t *verifyTx) onePolicy(ctx context.Context, query string, args ...any) (verify.Policy, error) {
	var row policyRow
	ok, err := t.one(ctx, &row, query, args...)
	if err != nil {
		return verify.Policy{}, err
	}
	if !ok {
		return verify.Policy{}, missing("policy")
	}
	return t.policy(row)
}

// PutPolicy implements verify.SettingsTx.
func (t *verifyTx) PutPolicy(ctx context.Context, p verify.Policy) error {
	var n int64
	var err error
	if p.Version == 1 {
		n, err = t.exec(ctx, "INSERT INTO policies (store_id, id, version, group_name, subgroup, created_at, updated_at) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?)", t.store, p.ID, p.Version, p.Group, p.Subgroup, p.CreatedAt, p.UpdatedAt)
	} else {
		n, err = t.exec(ctx, "UPDATE policies SET version = ?, group_name = ?, subgroup = ?, updated_at = ? "+
			"WHERE store_id = ? AND id = ? AND version = ?", p.Version, p.Group, p.Subgroup, p.UpdatedAt, t.store, p.ID, p.Version-1)
	}
	switch {
	case IsDuplicate(err):
		return fault.New(fault.NameTaken, "There is already a policy for this group and subgroup. Change that one.").Wrap(err)
	case err != nil:
		return fmt.Errorf("write a policy: %w", err)
	case n == 0:
		return errChangedMeanwhile
	}
	columns, err := texts(p.Paths, append([]verify.SuccessLimit{}, p.Limits...))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "INSERT INTO policy_versions (store_id, policy_id, version, group_name, subgroup, paths, validity_days, "+
		"validity_until, accept_self_declared, limits, created_at, updated_at) VALUES "+placeholders(1, 12),
		t.store, p.ID, p.Version, p.Group, p.Subgroup, columns[0], p.Validity.Days, p.Validity.Until, p.AcceptSelfDeclared, columns[1], p.CreatedAt, p.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write a policy version: %w", err)
	}
	return nil
}

// DeletePolicy implements verify.SettingsTx.
func (t *verifyTx) DeletePolicy(ctx context.Context, id string) error {
	n, err := t.exec(ctx, "DELETE FROM policies WHERE store_id = ? AND id = ?", t.store, id)
	return must(n, err, "policy")
}

type settingRow struct {
	Verifier, Instance, Config string
	Secret                     []byte
	Version                    int
}

// Settings implements verify.SettingsTx.
func (t *verifyTx) Settings(ctx context.Context) ([]verify.Setting, error) {
	var rows []settingRow
	err := t.query(ctx, &rows, "SELECT verifier, instance, config, secret, version FROM verifier_settings WHERE store_id = ? "+
		"ORDER BY verifier, instance", t.store)
	if err != nil {
		return nil, err
	}
	out := make([]verify.Setting, len(rows))
	for i, r := range rows {
		out[i] = verify.Setting{
			Store: t.store, Verifier: r.Verifier, Instance: r.Instance, Config: []byte(r.Config), Secret: r.Secret, Version: r.Version,
		}
	}
	return out, nil
}

// PutSetting implements verify.SettingsTx.
func (t *verifyTx) PutSetting(ctx context.Context, s verify.Setting) error {
	var n int64
	var err error
	if s.Version == 1 {
		n, err = t.exec(ctx, "INSERT INTO verifier_settings (store_id, verifier, instance, config, secret, version) VALUES (?, ?, ?, ?, ?, ?) "+
			"ON CONFLICT DO NOTHING", t.store, s.Verifier, s.Instance, string(s.Config), s.Secret, s.Version)
	} else {
		n, err = t.exec(ctx, "UPDATE verifier_settings SET config = ?, secret = ?, version = ? WHERE store_id = ? AND verifier = ? "+
			"AND instance = ? AND version = ?", string(s.Config), s.Secret, s.Version, t.store, s.Verifier, s.Instance, s.Version-1)
	}
	return t.putRevised(ctx, n, err)
}

// putRevised settles a write that names the version it follows.
func (t *verifyTx) putRevised(ctx context.Context, n int64, err error) error {
	if err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	if n == 0 {
		return errChangedMeanwhile
	}
	return t.revised(ctx)
}

// DeleteSetting implements verify.SettingsTx.
func (t *verifyTx) DeleteSetting(ctx context.Context, verifier, instance string) error {
	n, err := t.exec(ctx, "DELETE FROM verifier_settings WHERE store_id = ? AND verifier = ? AND instance = ?", t.store, verifier, instance)
	if err := must(n, err, "verifier setting"); err != nil {
		return err
	}
	return t.revised(ctx)
}

package verifyfake

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

func (t *tx) SettingsRevision(context.Context) (int64, error) {
	return t.revision + t.library.revision, nil
}

func (t *tx) OwnGroups(context.Context) ([]verify.Group, error) {
	return sorted(t.groups, func(g verify.Group) string { return g.Name }), nil
}

func sorted[K comparable, V any](m map[K]V, by func(V) string) []V {
	return slices.SortedFunc(maps.Values(m), func(a, b V) int { return cmp.Compare(by(a), by(b)) })
}

func (t *tx) PutGroup(_ context.Context, g verify.Group) error {
	t.revision++
	t.groups[g.Name] = g
	return nil
}

func (t *tx) DeleteGroup(_ context.Context, name string) error {
	t.revision++
	return remove(t.groups, name, "group")
}

func (t *tx) Policies(context.Context) ([]verify.Policy, error) {
	return sorted(t.policies, func(p verify.Policy) string { return p.Group + "\n" + p.Subgroup }), nil
}

func (t *tx) Policy(_ context.Context, id string) (verify.Policy, error) {
	return find(t.policies, id, "policy")
}

func (t *tx) PolicyVersion(_ context.Context, id string, n int) (verify.Policy, error) {
	return find(t.versions, version{id, n}, "policy")
}

func (t *tx) PutPolicy(_ context.Context, p verify.Policy) error {
	if t.policies[p.ID].Version != p.Version-1 {
		return errChanged
	}
	for _, other := range t.policies {
		if other.ID != p.ID && other.Group == p.Group && other.Subgroup == p.Subgroup {
			return fault.New(fault.NameTaken, "There is already a policy for this group and subgroup.")
		}
	}
	t.policies[p.ID], t.versions[version{p.ID, p.Version}] = p, p
	return nil
}

func (t *tx) DeletePolicy(_ context.Context, id string) error {
	return remove(t.policies, id, "policy")
}

func (t *tx) Settings(context.Context) ([]verify.Setting, error) {
	return sorted(t.settings, func(s verify.Setting) string { return string(s.Requirement()) }), nil
}

func (t *tx) PutSetting(_ context.Context, s verify.Setting) error {
	if t.settings[s.Requirement()].Version != s.Version-1 {
		return errChanged
	}
	t.revision++
	t.settings[s.Requirement()] = s
	return nil
}

func (t *tx) DeleteSetting(_ context.Context, verifier, instance string) error {
	t.revision++
	return remove(t.settings, verify.Setting{Verifier: verifier, Instance: instance}.Requirement(), "verifier setting")
}

// newest sorts by id, newest first.
func newest(list []verify.Attestation) []verify.Attestation {
	slices.SortFunc(list, func(a, b verify.Attestation) int { return strings.Compare(b.ID, a.ID) })
	return list
}

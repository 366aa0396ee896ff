package verifyfake

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

// fraud is what is labelled, and whom that reaches.
type fraud struct {
	cases map[string]verify.FraudCase
	tags  map[verify.PersonTag][]string
	marks []verify.FraudMark
}

func (f fraud) clone() fraud {
	f.cases, f.tags, f.marks = maps.Clone(f.cases), maps.Clone(f.tags), slices.Clone(f.marks)
	return f
}

func (t *tx) LockPersons(_ context.Context, tags []verify.PersonTag) ([]verify.FraudCase, error) {
	found := map[string]verify.FraudCase{}
	for _, tag := range tags {
		for _, id := range t.fraud.tags[tag] {
			if c := t.fraud.cases[id]; c.Label != verify.NoFraud {
				found[id] = c
			}
		}
	}
	return byAttestation(found), nil
}

func byAttestation(cases map[string]verify.FraudCase) []verify.FraudCase {
	return slices.SortedFunc(maps.Values(cases), func(a, b verify.FraudCase) int { return strings.Compare(a.Attestation, b.Attestation) })
}

func (t *tx) FraudCase(_ context.Context, attestation string) (verify.FraudCase, error) {
	return find(t.fraud.cases, attestation, "fraud case")
}

func (t *tx) PutFraudCase(_ context.Context, c verify.FraudCase, tags []verify.PersonTag) error {
	t.fraud.cases[c.Attestation] = c
	for _, tag := range tags {
		if !slices.Contains(t.fraud.tags[tag], c.Attestation) {
			t.fraud.tags[tag] = append(slices.Clone(t.fraud.tags[tag]), c.Attestation)
		}
	}
	return nil
}

func (t *tx) SettleFraud(_ context.Context, attestation string, at time.Time) error {
	c, err := find(t.fraud.cases, attestation, "fraud case")
	if err != nil || !c.SettledAt.IsZero() {
		return err
	}
	c.SettledAt = at
	t.fraud.cases[attestation] = c
	return nil
}

func (t *tx) UnsettledFraud(_ context.Context, limit int) ([]verify.FraudCase, error) {
	all := byAttestation(t.fraud.cases)
	all = slices.DeleteFunc(all, func(c verify.FraudCase) bool { return c.Label != verify.FraudConfirmed || !c.SettledAt.IsZero() })
	return all[:min(limit, len(all))], nil
}

func (t *tx) FraudPage(_ context.Context, label verify.FraudLabel, before string, limit int) ([]verify.FraudCase, error) {
	all := byAttestation(t.fraud.cases)
	slices.Reverse(all)
	all = slices.DeleteFunc(all, func(c verify.FraudCase) bool {
		return c.Label == verify.NoFraud || label != verify.NoFraud && c.Label != label || before != "" && c.Attestation >= before
	})
	return all[:min(limit, len(all))], nil
}

func (t *tx) InsertFraudMark(_ context.Context, m verify.FraudMark) error {
	t.fraud.marks = append(t.fraud.marks, m)
	return nil
}

func (t *tx) FraudMarks(_ context.Context, attestation string) ([]verify.FraudMark, error) {
	var out []verify.FraudMark
	for _, m := range t.fraud.marks {
		if m.Attestation == attestation {
			out = append(out, m)
		}
	}
	return out, nil
}

func (t *tx) HeldByPersons(_ context.Context, tags []verify.PersonTag) ([]verify.Attestation, error) {
	found := map[string]verify.Attestation{}
	for key, holder := range t.tags {
		if a, ok := t.attestations[holder]; ok && slices.Contains(tags, key.tag) {
			found[a.ID] = a
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b verify.Attestation) int { return strings.Compare(a.ID, b.ID) }), nil
}

func (t *tx) EmptyWindows(_ context.Context, tags []verify.PersonTag) (int, error) {
	before := len(t.windows)
	maps.DeleteFunc(t.windows, func(k windowKey, _ []time.Time) bool { return slices.Contains(tags, k.tag) })
	return before - len(t.windows), nil
}

package verifyfake

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

func (t *tx) LockTags(_ context.Context, group string, tags []verify.PersonTag) ([]verify.Attestation, error) {
	var out []verify.Attestation
	for _, tag := range tags {
		key := tagKey{group, tag}
		holder, ok := t.attestations[t.tags[key]]
		if !ok {
			t.tags[key] = ""
			continue
		}
		if !slices.ContainsFunc(out, func(a verify.Attestation) bool { return a.ID == holder.ID }) {
			out = append(out, holder)
		}
	}
	slices.SortFunc(out, func(a, b verify.Attestation) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func (t *tx) HoldTags(_ context.Context, group string, tags []verify.PersonTag, attestation string) error {
	for _, tag := range tags {
		t.tags[tagKey{group, tag}] = attestation
	}
	return nil
}

func (t *tx) InsertAttestation(_ context.Context, a verify.Attestation) error {
	t.attestations[a.ID] = a
	return nil
}

func (t *tx) UpdateAttestation(_ context.Context, a verify.Attestation) error {
	if !t.attestations[a.ID].ValidUntil.Equal(a.ValidUntil) {
		a.TermBegan = t.now
		delete(t.reminders, a.ID)
	}
	t.attestations[a.ID] = a
	return nil
}

func (t *tx) Attestation(_ context.Context, id string) (verify.Attestation, error) {
	return find(t.attestations, id, "attestation")
}

func (t *tx) LockAttestation(ctx context.Context, id string) (verify.Attestation, error) {
	return t.Attestation(ctx, id)
}

func (t *tx) AttestationsOf(_ context.Context, customer string) ([]verify.Attestation, error) {
	var out []verify.Attestation
	for _, a := range t.attestations {
		if a.Bound && a.Customer == customer {
			out = append(out, a)
		}
	}
	return newest(out), nil
}

func (t *tx) AttestationPage(_ context.Context, before string, limit int) ([]verify.Attestation, error) {
	all := newest(slices.Collect(maps.Values(t.attestations)))
	if before != "" {
		all = slices.DeleteFunc(all, func(a verify.Attestation) bool { return a.ID >= before })
	}
	return all[:min(limit, len(all))], nil
}

func (t *tx) LockWindow(_ context.Context, kind string, tag verify.PersonTag) ([]time.Time, error) {
	return slices.Clone(t.windows[windowKey{kind, tag}]), nil
}

func (t *tx) PutWindow(_ context.Context, kind string, tag verify.PersonTag, moments []time.Time, _ time.Time) error {
	t.windows[windowKey{kind, tag}] = moments
	return nil
}

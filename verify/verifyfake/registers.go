package verifyfake

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/verify"
)

// rosterKey names an entry of a roster.
type rosterKey struct {
	roster string
	entry  verify.PersonTag
}

func (t *tx) PutRoster(ctx context.Context, roster string, entries []verify.RosterEntry) error {
	if err := t.DeleteRoster(ctx, roster); err != nil {
		return err
	}
	for _, e := range entries {
		t.rosters[rosterKey{roster, e.Key}] = e
	}
	return nil
}

func (t *tx) DeleteRoster(_ context.Context, roster string) error {
	maps.DeleteFunc(t.rosters, func(k rosterKey, _ verify.RosterEntry) bool { return k.roster == roster })
	return nil
}

func (t *tx) HeldBy(_ context.Context, group string, tags []verify.PersonTag) ([]verify.Attestation, error) {
	held := map[string]verify.Attestation{}
	for key, holder := range t.tags {
		if key.group == group && slices.Contains(tags, key.tag) && holder != "" {
			held[holder] = t.attestations[holder]
		}
	}
	return slices.SortedFunc(maps.Values(held), func(a, b verify.Attestation) int { return strings.Compare(a.ID, b.ID) }), nil
}

// RosterEntry implements verify.Rosters.
func (s *Storage) RosterEntry(_ context.Context, store, roster string, key verify.PersonTag) (verify.RosterEntry, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rows[store]
	if !ok {
		return verify.RosterEntry{}, false, missing("store")
	}
	e, found := r.rosters[rosterKey{roster, key}]
	return e, found, nil
}

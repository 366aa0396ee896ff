package verify

import (
	"context"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// rosterVerifier is the kind of verifier whose instances the rosters are.
const rosterVerifier = "registry"

// RosterInput is a store's list of members as an admin sends it.
type RosterInput struct {
	// Name is the instance: policies name the roster as "registry:NAME".
	Name  string
	Title string
	// Group and Subgroup are what being on the list shows.
	Group, Subgroup string
	// Confidential says that the numbers are known to nobody but their members.
	Confidential bool
	// Text is the list: CSV with a line of column names, or one JSON object a line.
	Text string
	// Columns are the names that the list gives to its columns.
	Columns RosterColumns
	// Version is the version that the change was made from; zero for a new list.
	Version int
}

// RosterColumns are the names of a list's columns. Empty ones have their own name: number, first_name and so on;
// middle_name and subgroup may be missing in the list.
type RosterColumns struct{ Number, FirstName, MiddleName, LastName, Subgroup string }

// RosterReader reads the lists of stores.
type RosterReader interface {
	// ReadRoster turns a list into entries that nobody can read, and the configuration of the roster. Faults: invalid,
	// pointing at lines ("#/text/3" is the third).
	ReadRoster(in RosterInput, t Tagger) (entries []RosterEntry, config []byte, err error)
}

// SaveRoster reads a list and replaces the roster by it. Only keyed hashes of it are kept. Faults: invalid,
// version_conflict.
func (s *Service) SaveRoster(ctx context.Context, store StoreRef, by Actor, in RosterInput) (Setting, error) {
	tagger, err := s.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return Setting{}, fmt.Errorf("reading the store's keys: %w", err)
	}
	entries, config, err := s.Rosters.ReadRoster(in, tagger)
	if err != nil {
		return Setting{}, err
	}
	shop, err := s.shop(ctx, store)
	if err != nil {
		return Setting{}, err
	}
	set := Setting{Store: store.ID, Verifier: rosterVerifier, Instance: in.Name, Config: config, Version: in.Version + 1}
	if err := shop.checkRoster(in, set); err != nil {
		return set, err
	}
	_, err = s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		if err := tx.PutSetting(ctx, set); err != nil {
			return nil, err
		}
		if err := tx.PutRoster(ctx, in.Name, entries); err != nil {
			return nil, err
		}
		detail := map[string]any{"version": set.Version, "config": rawOrNull(config)}
		return set, tx.Audit(ctx, Change{by, "roster.saved", in.Name, detail})
	})
	return set, err
}

// checkRoster refuses what the roster could never show, and a name that stands for a register.
func (s *shop) checkRoster(in RosterInput, set Setting) error {
	f := fault.New(fault.Invalid, "The roster is not valid.")
	if !instanceName.MatchString(in.Name) {
		f = f.At("#/name", instanceRule)
	} else if _, err := s.registry.Decode(rosterVerifier, in.Name, nil); err == nil {
		f = f.At("#/name", "this name stands for a public register")
	}
	if !s.catalogue.Has(in.Group, "") {
		f = f.At("#/group", "there is no such group in the store")
	} else if !s.catalogue.Has(in.Group, in.Subgroup) {
		f = f.At("#/subgroup", "the group has no such subgroup")
	}
	if err := orNil(f); err != nil {
		return err
	}
	_, err := s.registry.open(s.store, set.Requirement(), set.Config, "", s.packs)
	return err
}

// DeleteRoster removes a roster and its entries. Faults: not_found, conflict while a policy names it.
func (s *Service) DeleteRoster(ctx context.Context, store StoreRef, by Actor, name string) error {
	_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		r := Setting{Verifier: rosterVerifier, Instance: name}.Requirement()
		if err := unused(ctx, tx, func(other Requirement) bool { return other == r }); err != nil {
			return nil, err
		}
		if err := tx.DeleteSetting(ctx, rosterVerifier, name); err != nil {
			return nil, err
		}
		if err := tx.DeleteRoster(ctx, name); err != nil {
			return nil, err
		}
		return nil, tx.Audit(ctx, Change{by, "roster.deleted", name, nil})
	})
	return err
}

// RosterSettings returns the configurations of a store's rosters.
func (s *Service) RosterSettings(ctx context.Context, store StoreRef) ([]Setting, error) {
	all, err := s.Settings(ctx, store)
	var out []Setting
	for _, set := range all {
		if set.Verifier == rosterVerifier {
			out = append(out, set)
		}
	}
	return out, err
}

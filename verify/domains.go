package verify

import (
	"context"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// DomainReader reads a domain list that an admin sends.
type DomainReader interface {
	// ReadDomains returns canonical domains, sorted, each once, and their digest. Faults: invalid, pointing at lines.
	ReadDomains(text string, purpose Purpose) (domains []string, digest string, err error)
}

// DomainLists returns a store's own domain lists.
func (s *Service) DomainLists(ctx context.Context, store StoreRef) ([]DomainList, error) {
	var found []DomainList
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.DomainLists(ctx)
		return err
	})
	return found, err
}

// DomainListInput is a list as an admin sends it: one domain a line, # begins a comment.
type DomainListInput struct {
	Name    string
	Purpose Purpose
	Text    string
	// Version is the version that the change was made from; zero for a new list.
	Version int
}

// DomainEffect says what saving a list would change.
type DomainEffect struct {
	List    DomainList
	Added   []string
	Removed []string
}

// PreviewDomainList reads a list and shows its effect without saving it. Faults: invalid.
func (s *Service) PreviewDomainList(ctx context.Context, store StoreRef, in DomainListInput) (DomainEffect, error) {
	list, err := s.readDomains(store, in)
	if err != nil {
		return DomainEffect{}, err
	}
	lists, err := s.DomainLists(ctx, store)
	if err != nil {
		return DomainEffect{}, err
	}
	var old []string
	if i := slices.IndexFunc(lists, func(l DomainList) bool { return l.Name == in.Name }); i >= 0 {
		old = lists[i].Domains
	}
	return DomainEffect{List: list, Added: without(list.Domains, old), Removed: without(old, list.Domains)}, nil
}

// SaveDomainList reads and writes a list. Faults: invalid, version_conflict.
func (s *Service) SaveDomainList(ctx context.Context, store StoreRef, by Actor, in DomainListInput) (DomainList, error) {
	list, err := s.readDomains(store, in)
	if err != nil {
		return DomainList{}, err
	}
	_, err = s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		if err := tx.PutDomainList(ctx, list); err != nil {
			return nil, err
		}
		detail := map[string]any{"purpose": list.Purpose, "version": list.Version, "digest": list.Digest, "count": len(list.Domains)}
		return list, tx.Audit(ctx, Change{by, "domain_list.saved", list.Name, detail})
	})
	return list, err
}

// DeleteDomainList removes a list. Faults: not_found, conflict while a policy names it.
func (s *Service) DeleteDomainList(ctx context.Context, store StoreRef, by Actor, name string) error {
	_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		if err := unused(ctx, tx, func(r Requirement) bool { return r.Verifier() == "email" && r.Instance() == name }); err != nil {
			return nil, err
		}
		if err := tx.DeleteDomainList(ctx, name); err != nil {
			return nil, err
		}
		return nil, tx.Audit(ctx, Change{by, "domain_list.deleted", name, nil})
	})
	return err
}

func (s *Service) readDomains(store StoreRef, in DomainListInput) (DomainList, error) {
	f := fault.New(fault.Invalid, "The domain list is not valid.")
	if !instanceName.MatchString(in.Name) {
		f = f.At("#/name", instanceRule)
	}
	if !slices.Contains([]Purpose{Eligible, Abused, Stopped}, in.Purpose) {
		f = f.At("#/purpose", "one of eligible, abused, stopped")
	}
	if err := orNil(f); err != nil {
		return DomainList{}, err
	}
	domains, digest, err := s.Domains.ReadDomains(in.Text, in.Purpose)
	if err != nil {
		return DomainList{}, err
	}
	return DomainList{Store: store.ID, Name: in.Name, Purpose: in.Purpose, Domains: domains, Digest: digest, Version: in.Version + 1}, nil
}

// without returns what is in a and not in b, both sorted.
func without(a, b []string) []string {
	var out []string
	for _, x := range a {
		if _, found := slices.BinarySearch(b, x); !found {
			out = append(out, x)
		}
	}
	return out
}

// unused refuses while a policy has a requirement that fits.
func unused(ctx context.Context, tx Tx, fits func(Requirement) bool) error {
	policies, err := tx.Policies(ctx)
	if err != nil {
		return err
	}
	for _, p := range policies {
		for _, path := range p.Paths {
			if slices.ContainsFunc(path, fits) {
				return fault.Newf(fault.Conflict, "The policy for %s needs it. Change the policy first.", p.Group)
			}
		}
	}
	return nil
}

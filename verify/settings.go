package verify

import (
	"context"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// Groups returns the built-in groups and a store's own.
func (s *Service) Groups(ctx context.Context, store StoreRef) ([]Group, error) {
	shop, err := s.shop(ctx, store)
	if err != nil {
		return nil, err
	}
	return shop.catalogue.Groups(), nil
}

// SaveGroup adds a group of the store's own, or changes one. Faults: invalid, name_taken for a built-in name.
func (s *Service) SaveGroup(ctx context.Context, store StoreRef, by Actor, g Group) (Group, error) {
	g.Custom = true
	if err := g.Check(); err != nil {
		return g, err
	}
	if _, err := NewCatalogue(g); err != nil {
		return g, err
	}
	_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		if err := tx.PutGroup(ctx, g); err != nil {
			return nil, err
		}
		return g, tx.Audit(ctx, Change{by, "group.saved", g.Name, g})
	})
	return g, err
}

// DeleteGroup removes a group of the store's own. Faults: not_found, conflict while a policy names it.
func (s *Service) DeleteGroup(ctx context.Context, store StoreRef, by Actor, name string) error {
	_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		policies, err := tx.Policies(ctx)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(policies, func(p Policy) bool { return p.Group == name }) {
			return nil, fault.New(fault.Conflict, "A policy names this group. Delete the policy first.")
		}
		if err := tx.DeleteGroup(ctx, name); err != nil {
			return nil, err
		}
		return nil, tx.Audit(ctx, Change{by, "group.deleted", name, nil})
	})
	return err
}

// Policies returns a store's policies in their current versions.
func (s *Service) Policies(ctx context.Context, store StoreRef) ([]Policy, error) {
	var found []Policy
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Policies(ctx)
		return err
	})
	return found, err
}

// Policy reads one policy in its current version. Faults: not_found.
func (s *Service) Policy(ctx context.Context, store StoreRef, id string) (Policy, error) {
	var found Policy
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Policy(ctx, id)
		return err
	})
	return found, err
}

// SavePolicy checks and writes a policy. Without an id it is new; with one, Version is the version that the change
// was made from. Verifications keep the version they began with. Faults: policy_unsound, name_taken when there is a
// policy for the group and subgroup, version_conflict, not_found.
func (s *Service) SavePolicy(ctx context.Context, store StoreRef, by Actor, p Policy) (Policy, error) {
	shop, err := s.shop(ctx, store)
	if err != nil {
		return p, err
	}
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		now := tx.Now()
		p := p
		p.Store, p.UpdatedAt = store.ID, now
		if err := p.Check(shop.catalogue, shop, now); err != nil {
			return nil, err
		}
		if p.ID == "" {
			p.ID, p.Version, p.CreatedAt = id.New("pol"), 0, now
		} else {
			old, err := tx.Policy(ctx, p.ID)
			if err != nil {
				return nil, err
			}
			p.CreatedAt = old.CreatedAt
		}
		p.Version++
		if err := tx.PutPolicy(ctx, p); err != nil {
			return nil, err
		}
		return p, tx.Audit(ctx, Change{by, "policy.saved", p.ID, p})
	})
	if saved, ok := got.(Policy); ok {
		p = saved
	}
	return p, err
}

// DeletePolicy ends a policy: no verification begins by it any more. Faults: not_found.
func (s *Service) DeletePolicy(ctx context.Context, store StoreRef, by Actor, id string) error {
	_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		if err := tx.DeletePolicy(ctx, id); err != nil {
			return nil, err
		}
		return nil, tx.Audit(ctx, Change{by, "policy.deleted", id, nil})
	})
	return err
}

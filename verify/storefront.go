package verify

import (
	"context"
	"slices"
)

// Provider is a choice of sign-in to show to shoppers.
type Provider struct{ ID, Name string }

// Storefront is what a storefront may show before anybody is known: the groups that can be proven, and the providers.
type Storefront struct {
	Groups    []Group
	Providers []Provider
}

// Storefront returns the groups for which there is a policy, with the subgroups that can be asked for, and the
// providers that policies name.
func (s *Service) Storefront(ctx context.Context, store StoreRef) (Storefront, error) {
	shop, err := s.shop(ctx, store)
	if err != nil {
		return Storefront{}, err
	}
	policies, err := s.Policies(ctx, store)
	if err != nil {
		return Storefront{}, err
	}
	var front Storefront
	for _, g := range shop.catalogue.Groups() {
		if g, ok := offered(g, policies); ok {
			front.Groups = append(front.Groups, g)
		}
	}
	seen := map[Requirement]bool{}
	for _, p := range policies {
		for _, r := range slices.Concat(p.Paths...) {
			v, err := shop.Instance(r)
			if n, ok := v.(Named); err == nil && ok && !seen[r] {
				front.Providers = append(front.Providers, Provider{ID: r.Instance(), Name: n.DisplayName()})
			}
			seen[r] = true
		}
	}
	return front, nil
}

// offered keeps the subgroups of a group that policies allow to prove.
func offered(g Group, policies []Policy) (Group, bool) {
	whole, any := false, false
	subgroups := map[string]bool{}
	for _, p := range policies {
		if p.Group == g.Name {
			any, whole = true, whole || p.Subgroup == ""
			subgroups[p.Subgroup] = true
		}
	}
	if !whole {
		g.Subgroups = slices.DeleteFunc(slices.Clone(g.Subgroups), func(s Subgroup) bool { return !subgroups[s.Name] })
	}
	return g, any
}

package verify

import (
	"context"
	"slices"
)

// Provider is a choice of sign-in to show to shoppers.
type Provider struct{ ID, Name string }

// Form is a verifier whose step asks for fields that the store declares.
type Form struct {
	Requirement Requirement
	Name        string
	Fields      []Field
	// Upload is set when its step takes documents.
	Upload *UploadRules
}

// Storefront is what a storefront may show before anybody is known: the groups that can be proven, and the providers.
type Storefront struct {
	Groups    []Group
	Providers []Provider
	Forms     []Form
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
	front.Providers, front.Forms = shop.providers(policies), shop.forms(policies)
	return front, nil
}

// forms are those that policies name, each once, in the order of the paths.
func (s *shop) forms(policies []Policy) []Form {
	var out []Form
	for _, r := range named(policies) {
		v, err := s.Instance(r)
		if a, ok := v.(Asking); err == nil && ok {
			form := Form{Requirement: r, Fields: a.Fields()}
			if n, ok := v.(Named); ok {
				form.Name = n.DisplayName()
			}
			if d, ok := v.(DocumentTaker); ok {
				rules := d.Upload()
				form.Upload = &rules
			}
			out = append(out, form)
		}
	}
	return out
}

// named are the requirements of policies, each once, in the order of the paths.
func named(policies []Policy) []Requirement {
	var out []Requirement
	seen := map[Requirement]bool{}
	for _, p := range policies {
		for _, r := range slices.Concat(p.Paths...) {
			if !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	return out
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

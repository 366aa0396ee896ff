package verify

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/fold"
)

// InstitutionQuery asks for the providers at which a shopper can sign in.
type InstitutionQuery struct {
	// Group and Subgroup narrow down to those of one policy; an empty group asks for those of all policies.
	Group, Subgroup string
	// Text is what the shopper typed. Each word of it must begin a word of the name; empty finds all.
	Text string
	// After is the id of the last one of the page before.
	After string
	Limit int
}

// ErrInstitutionCursor says that After is not among what the query finds.
var ErrInstitutionCursor = fault.New(fault.Invalid, "The cursor is not one of this list.").At("#query/cursor", "must be a next_cursor of this list")

// Institutions returns a page of providers, the best fit first, then by name. more reports whether others follow.
// Faults: invalid for a cursor that is not of this list, group_unknown.
func (s *Service) Institutions(ctx context.Context, store StoreRef, q InstitutionQuery) (page []Provider, more bool, err error) {
	shop, err := s.shop(ctx, store)
	if err != nil {
		return nil, false, err
	}
	if q.Group != "" && !shop.catalogue.Has(q.Group, q.Subgroup) {
		return nil, false, fault.New(fault.GroupUnknown, "The store has no such group or subgroup.").At("#query/group", "unknown")
	}
	policies, err := s.Policies(ctx, store)
	if err != nil {
		return nil, false, err
	}
	if q.Group != "" {
		policy, _ := choosePolicy(policies, q.Group, q.Subgroup)
		policies = []Policy{policy}
	}
	found := search(shop.providers(policies), q.Text)
	if q.After != "" {
		at := slices.IndexFunc(found, func(p Provider) bool { return p.ID == q.After })
		if at < 0 {
			return nil, false, ErrInstitutionCursor
		}
		found = found[at+1:]
	}
	if len(found) > q.Limit {
		return found[:q.Limit], true, nil
	}
	return found, false, nil
}

// providers are those that policies name, each once, in the order of the paths.
func (s *shop) providers(policies []Policy) []Provider {
	var out []Provider
	for _, r := range named(policies) {
		v, err := s.Instance(r)
		if n, ok := v.(Named); err == nil && ok && v.Step() == StepSSO {
			out = append(out, Provider{ID: r.Instance(), Name: n.DisplayName()})
		}
	}
	return out
}

// rank says how well a name fits what was typed; less is better.
type rank int

const (
	beginsWithIt rank = iota
	hasAllWords
	doesNotFit
)

// search keeps the providers whose name has a word that begins with each word of the text. Those whose name begins with
// the whole text come first.
func search(all []Provider, text string) []Provider {
	typed := fold.Spellings(text)
	type hit struct {
		Provider
		rank   rank
		sorted string
	}
	var hits []hit
	for _, p := range all {
		names := fold.Spellings(p.Name)
		best := doesNotFit
		for _, name := range names {
			for _, words := range typed {
				best = min(best, fit(name, words))
			}
		}
		if best != doesNotFit {
			hits = append(hits, hit{p, best, strings.Join(names[0], " ")})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), strings.Compare(a.sorted, b.sorted), strings.Compare(a.ID, b.ID))
	})
	out := make([]Provider, len(hits))
	for i, h := range hits {
		out[i] = h.Provider
	}
	return out
}

func fit(name, typed []string) rank {
	if strings.HasPrefix(strings.Join(name, " "), strings.Join(typed, " ")) {
		return beginsWithIt
	}
	for _, word := range typed {
		if !slices.ContainsFunc(name, func(n string) bool { return strings.HasPrefix(n, word) }) {
			return doesNotFit
		}
	}
	return hasAllWords
}

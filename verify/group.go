package verify

import (
	"regexp"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Label is a text by locale ("en", "de"). English is always there for what is built in.
type Label map[string]string

// In returns the text for a locale such as "de" or "de-AT", else the English one, else any one.
func (l Label) In(locale string) string {
	if text, ok := l[locale]; ok {
		return text
	}
	if len(locale) > 2 {
		if text, ok := l[locale[:2]]; ok {
			return text
		}
	}
	if text, ok := l["en"]; ok {
		return text
	}
	for _, text := range l {
		return text
	}
	return ""
}

// Group is something a shopper can prove to belong to.
type Group struct {
	// Name is how policies, offers and tokens call it: lower case, digits and underscores.
	Name  string
	Label Label
	// Subgroups may be empty.
	Subgroups []Subgroup
	// Custom is true for a group that a store added.
	Custom bool
}

// Subgroup is a part of a group, such as student/university.
type Subgroup struct {
	Name  string
	Label Label
}

// Has reports whether the group has the subgroup. The empty name stands for the whole group.
func (g Group) Has(subgroup string) bool {
	if subgroup == "" {
		return true
	}
	return slices.ContainsFunc(g.Subgroups, func(s Subgroup) bool { return s.Name == subgroup })
}

var groupName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// Check returns a fault with code invalid that points at every wrong part, or nil.
func (g Group) Check() error {
	f := fault.New(fault.Invalid, "The group is not valid.")
	if !groupName.MatchString(g.Name) {
		f = f.At("#/name", "use 1 to 64 lower-case letters, digits and underscores, beginning with a letter")
	}
	if len(g.Label) == 0 {
		f = f.At("#/label", "give a label in at least one locale")
	}
	seen := map[string]bool{}
	for i, s := range g.Subgroups {
		at := pointer("subgroups", i)
		switch {
		case !groupName.MatchString(s.Name):
			f = f.At(at+"/name", "use 1 to 64 lower-case letters, digits and underscores, beginning with a letter")
		case seen[s.Name]:
			f = f.At(at+"/name", "this subgroup is there twice")
		case len(s.Label) == 0:
			f = f.At(at+"/label", "give a label in at least one locale")
		}
		seen[s.Name] = true
	}
	return orNil(f)
}

// Catalogue is the groups that a store can use: the built-in ones and its own.
type Catalogue struct {
	groups []Group
	byName map[string]int
}

// NewCatalogue returns the built-in groups followed by a store's own. It returns a fault with code name_taken when an
// own group has the name of another.
func NewCatalogue(own ...Group) (*Catalogue, error) {
	c := &Catalogue{byName: map[string]int{}}
	for _, g := range append(BuiltIn(), own...) {
		if _, taken := c.byName[g.Name]; taken {
			return nil, fault.Newf(fault.NameTaken, "There is already a group %q.", g.Name)
		}
		c.byName[g.Name] = len(c.groups)
		c.groups = append(c.groups, g)
	}
	return c, nil
}

// Groups returns all groups, built-in ones first.
func (c *Catalogue) Groups() []Group { return slices.Clone(c.groups) }

// Group finds a group by name.
func (c *Catalogue) Group(name string) (Group, bool) {
	i, ok := c.byName[name]
	if !ok {
		return Group{}, false
	}
	return c.groups[i], true
}

// Has reports whether the group exists and has the subgroup; the empty subgroup stands for the whole group.
func (c *Catalogue) Has(group, subgroup string) bool {
	g, ok := c.Group(group)
	return ok && g.Has(subgroup)
}

package email

import (
	"fmt"

	"github.com/laurel-gateway/laurel/verify/datapack"
	"github.com/laurel-gateway/laurel/verify/email/packs"
)

// Shipped is the lists inside the binary, ready for look-ups.
type Shipped struct {
	Academic, Abused, Stopped, Disposable, Free List
	TLDs                                        *datapack.Set
	// packs maps the name of each list that decides to the name and version under which its digest is kept.
	packs map[string]digested
}

// digested is what is kept of a list with a decision.
type digested struct{ name, digest string }

// digests are those of the lists that decide. replaced says that a newer list of schools stands in place of the shipped
// one.
func (s *Shipped) digests(replaced bool) map[string]string {
	out := map[string]string{}
	for name, d := range s.packs {
		if replaced && (name == packs.Academic || name == packs.Abused || name == packs.Stopped) {
			continue
		}
		out[d.name] = d.digest
	}
	return out
}

// LoadShipped reads the packs and checks their digests. It takes some ten milliseconds and about 12 MB: once a process.
func LoadShipped() (*Shipped, error) {
	all, err := packs.Load()
	if err != nil {
		return nil, fmt.Errorf("loading the domain packs: %w", err)
	}
	list := func(name string) List { return List{Name: name, Set: datapack.NewSet(all[name].Domains)} }
	s := &Shipped{
		Academic: list(packs.Academic), Abused: list(packs.Abused), Stopped: list(packs.Stopped),
		Disposable: list(packs.Disposable), Free: list(packs.Free),
		TLDs: datapack.NewSet(all[packs.AcademicTLDs].Domains), packs: map[string]digested{},
	}
	for name, p := range all {
		if name != packs.Free {
			s.packs[name] = digested{fmt.Sprintf("%s (%s %s)", name, p.Package, p.Version), p.Digest}
		}
	}
	return s, nil
}

// ListReader returns a reader of data packs that knows free and disposable mail, and schools that stand in those lists
// by mistake.
func (s *Shipped) ListReader() datapack.Reader {
	return datapack.Reader{
		Provider: func(domain string) bool { return s.Free.Has(domain) || s.Disposable.Has(domain) },
		School:   s.Academic.Has,
	}
}

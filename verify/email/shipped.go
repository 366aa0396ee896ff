package email

import (
	"fmt"

	"github.com/laurel-gateway/laurel/verify/email/packs"
)

// Shipped is the lists inside the binary, ready for look-ups.
type Shipped struct {
	Academic, Abused, Stopped, Disposable, Free List
	TLDs                                        *Set
	// Digests maps "name package version" to the digest of each list that decides.
	Digests map[string]string
}

// LoadShipped reads the packs and checks their digests. It takes some ten milliseconds and about 12 MB: once a process.
func LoadShipped() (*Shipped, error) {
	all, err := packs.Load()
	if err != nil {
		return nil, fmt.Errorf("loading the domain packs: %w", err)
	}
	list := func(name string) List { return List{Name: name, Set: NewSet(all[name].Domains)} }
	s := &Shipped{
		Academic: list(packs.Academic), Abused: list(packs.Abused), Stopped: list(packs.Stopped),
		Disposable: list(packs.Disposable), Free: list(packs.Free),
		TLDs: NewSet(all[packs.AcademicTLDs].Domains), Digests: map[string]string{},
	}
	for name, p := range all {
		if name != packs.Free {
			s.Digests[fmt.Sprintf("%s (%s %s)", name, p.Package, p.Version)] = p.Digest
		}
	}
	return s, nil
}

// ListReader returns a reader of stores' lists that knows free and disposable mail.
func (s *Shipped) ListReader() ListReader {
	return ListReader{Free: []List{s.Free, s.Disposable}, Schools: s.Academic.Set}
}

package datapack

import (
	"strings"
)

// Set is a set of domains, compact and quick: one text that holds them all, and a hash table of positions in it.
// It never changes, and is safe for concurrent use.
type Set struct {
	domains texts
	// table holds indexes of domains, plus one; zero is free. Its length is a power of two, at least twice the number of
	// domains, so that a look-up that finds nothing mostly meets a free place at once.
	table []uint32
}

// texts are many texts in one.
type texts struct {
	text    string
	offsets []uint32
}

func newTexts(all []string) texts {
	t := texts{text: strings.Join(all, ""), offsets: make([]uint32, 1, len(all)+1)}
	end := uint32(0)
	for _, s := range all {
		end += uint32(len(s))
		t.offsets = append(t.offsets, end)
	}
	return t
}

func (t texts) at(i int) string { return t.text[t.offsets[i]:t.offsets[i+1]] }

func (t texts) len() int { return len(t.offsets) - 1 }

// NewSet returns the set of canonical domains.
func NewSet(domains []string) *Set {
	size := 2
	for size < 2*len(domains) {
		size *= 2
	}
	s := &Set{domains: newTexts(domains), table: make([]uint32, size)}
	for i, d := range domains {
		h := hash(d)
		if _, known := s.find(h, d); known {
			continue
		}
		place := h & uint64(size-1)
		for s.table[place] != 0 {
			place = (place + 1) & uint64(size-1)
		}
		s.table[place] = uint32(i) + 1
	}
	return s
}

// Len is the number of domains that the set was made of.
func (s *Set) Len() int { return s.domains.len() }

// Has reports whether the set holds exactly this domain.
func (s *Set) Has(domain string) bool {
	_, ok := s.find(hash(domain), domain)
	return ok
}

// find returns the index of a domain among those that the set was made of.
func (s *Set) find(h uint64, domain string) (int, bool) {
	mask := uint64(len(s.table) - 1)
	for place := h & mask; ; place = (place + 1) & mask {
		i := s.table[place]
		if i == 0 {
			return 0, false
		}
		if s.domains.at(int(i-1)) == domain {
			return int(i - 1), true
		}
	}
}

// hash is FNV-1a, with its high bits folded into the low ones that pick the place.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h ^ h>>32
}

// Suffix is a domain or one of those above it, with its hash.
type Suffix struct {
	domain string
	hash   uint64
}

// Domain returns the domain.
func (x Suffix) Domain() string { return x.domain }

// maxLabels is more than a domain name of 253 characters can have (RFC 1035, section 2.3.4).
const maxLabels = 127

// Suffixes appends the domain and those above it, on label boundaries, the longest first.
func Suffixes(into []Suffix, domain string) []Suffix {
	for {
		into = append(into, Suffix{domain, hash(domain)})
		_, rest, more := strings.Cut(domain, ".")
		if !more || rest == "" || len(into) > maxLabels {
			return into
		}
		domain = rest
	}
}

// Within returns the place in of of the longest suffix that the set holds.
func (s *Set) Within(of []Suffix) (int, bool) {
	for i, x := range of {
		if _, ok := s.find(x.hash, x.domain); ok {
			return i, true
		}
	}
	return 0, false
}

package email

import (
	"strings"
)

// Set is a set of domains, compact and quick: one text that holds them all, and a hash table of positions in it.
// It never changes, and is safe for concurrent use.
type Set struct {
	text    string
	offsets []uint32
	// table holds indexes into offsets, plus one; zero is free. Its length is a power of two, at least twice the
	// number of domains, so that a look-up that finds nothing mostly meets a free place at once.
	table []uint32
}

// NewSet returns the set of canonical domains.
func NewSet(domains []string) *Set {
	size := 2
	for size < 2*len(domains) {
		size *= 2
	}
	s := &Set{text: strings.Join(domains, ""), offsets: make([]uint32, 1, len(domains)+1), table: make([]uint32, size)}
	end := uint32(0)
	for i, d := range domains {
		end += uint32(len(d))
		s.offsets = append(s.offsets, end)
		h := hash(d)
		if s.has(h, d) {
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
func (s *Set) Len() int { return len(s.offsets) - 1 }

// Has reports whether the set holds exactly this domain.
func (s *Set) Has(domain string) bool { return s.has(hash(domain), domain) }

func (s *Set) has(h uint64, domain string) bool {
	mask := uint64(len(s.table) - 1)
	for place := h & mask; ; place = (place + 1) & mask {
		i := s.table[place]
		if i == 0 {
			return false
		}
		if s.text[s.offsets[i-1]:s.offsets[i]] == domain {
			return true
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

// suffix is a domain or one of those above it, with its hash.
type suffix struct {
	domain string
	hash   uint64
}

// maxLabels is more than a domain name of 253 characters can have (RFC 1035, section 2.3.4).
const maxLabels = 127

// suffixes appends the domain and those above it, on label boundaries, the longest first.
func suffixes(into []suffix, domain string) []suffix {
	for {
		into = append(into, suffix{domain, hash(domain)})
		_, rest, more := strings.Cut(domain, ".")
		if !more || rest == "" || len(into) > maxLabels {
			return into
		}
		domain = rest
	}
}

// within returns the longest of the suffixes that the set holds.
func (s *Set) within(of []suffix) (string, bool) {
	for _, x := range of {
		if s.has(x.hash, x.domain) {
			return x.domain, true
		}
	}
	return "", false
}

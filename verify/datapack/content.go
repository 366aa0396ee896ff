package datapack

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"slices"
	"strings"
)

// Purpose says what a part of a pack is for.
type Purpose string

// The purposes, in the order in which a pack's parts stand.
const (
	// Eligible: addresses there prove.
	Eligible Purpose = "eligible"
	// Abused: addresses there are sold or given away; they never prove.
	Abused Purpose = "abused"
	// Stopped: domains under an institution that are not for its members; they never prove.
	Stopped Purpose = "stopped"
)

// Purposes lists them in order.
func Purposes() []Purpose { return []Purpose{Eligible, Abused, Stopped} }

// Entry is one domain of a pack.
type Entry struct {
	Purpose Purpose
	// Domain is canonical.
	Domain string
	// Name is that of the organisation, empty where the source has none.
	Name string
}

// compare orders entries by purpose, then domain.
func (e Entry) compare(other Entry) int {
	return cmp.Or(cmp.Compare(place(e.Purpose), place(other.Purpose)), strings.Compare(e.Domain, other.Domain))
}

func place(p Purpose) int { return slices.Index(Purposes(), p) }

// Content is what one version of a pack holds. It never changes, and is safe for concurrent use.
type Content struct {
	parts  [3]part
	digest string
}

type part struct {
	set *Set
	// names are those of the organisations, in the order of the domains; without any when no domain has one.
	names texts
}

// New returns the content made of entries: sorted, each domain once for a purpose, the first name that it has. Entries of
// unknown purposes are a mistake of the program, and left out. The slice is sorted in place.
func New(entries []Entry) *Content {
	slices.SortStableFunc(entries, Entry.compare)
	c := &Content{}
	for i, purpose := range Purposes() {
		var domains, names []string
		named := false
		for _, e := range entries {
			switch last := len(domains) - 1; {
			case e.Purpose != purpose:
				continue
			case last >= 0 && domains[last] == e.Domain:
				names[last] = cmp.Or(names[last], e.Name)
			default:
				domains, names = append(domains, e.Domain), append(names, e.Name)
			}
			named = named || e.Name != ""
		}
		if !named {
			names = nil
		}
		c.parts[i] = part{NewSet(domains), newTexts(names)}
	}
	c.digest = c.sum()
	return c
}

// sum is the digest of the domains, one a line. Where the pack has several parts, a line "=purpose" begins each; of a
// pack with one part only, the digest is that of its sorted list, which any tool can compute.
func (c *Content) sum() string {
	h := sha256.New()
	several := len(c.Held()) > 1
	for _, purpose := range c.Held() {
		// Writing to a hash never fails (package hash).
		if several {
			_, _ = io.WriteString(h, "="+string(purpose)+"\n")
		}
		for domain := range c.All(purpose) {
			_, _ = io.WriteString(h, domain+"\n")
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// Digest names the content: "sha256:" and the hex digest of its domains. Names decide nothing, and do not count.
func (c *Content) Digest() string { return c.digest }

// Set returns the domains of a purpose.
func (c *Content) Set(p Purpose) *Set { return c.parts[place(p)].set }

// Count is how many domains a purpose has.
func (c *Content) Count(p Purpose) int { return c.Set(p).Len() }

// Held lists the purposes for which the content has domains.
func (c *Content) Held() []Purpose {
	return slices.DeleteFunc(Purposes(), func(p Purpose) bool { return c.Count(p) == 0 })
}

// Name returns the name of the organisation of an eligible domain, or of the one above it that has one.
func (c *Content) Name(domain string) string {
	eligible := c.parts[place(Eligible)]
	if eligible.names.len() == 0 {
		return ""
	}
	var room [8]Suffix
	for _, x := range Suffixes(room[:0], domain) {
		if i, ok := eligible.set.find(x.hash, x.domain); ok && eligible.names.at(i) != "" {
			return eligible.names.at(i)
		}
	}
	return ""
}

// All yields the domains of a purpose, sorted, with their names.
func (c *Content) All(p Purpose) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		part := c.parts[place(p)]
		for i := range part.set.Len() {
			name := ""
			if part.names.len() > 0 {
				name = part.names.at(i)
			}
			if !yield(part.set.domains.at(i), name) {
				return
			}
		}
	}
}

// Change is what is in one content and not in another.
type Change struct {
	// In and Out count the domains of each purpose.
	In, Out map[Purpose]int
	// Entered and Left are the first of them, by purpose and domain.
	Entered, Left []Entry
}

// Total sums counts over the purposes.
func Total(counts map[Purpose]int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}

// Compare tells what replacing old by c changes; old may be nil. At most limit entries each way are listed, all are
// counted.
func (c *Content) Compare(old *Content, limit int) Change {
	if old == nil {
		old = New(nil)
	}
	ch := Change{In: map[Purpose]int{}, Out: map[Purpose]int{}}
	for _, p := range Purposes() {
		ch.Entered, ch.In[p] = missing(ch.Entered, limit, p, c, old)
		ch.Left, ch.Out[p] = missing(ch.Left, limit, p, old, c)
	}
	return ch
}

// missing counts the domains of a that b does not have, and appends the first of them to into.
func missing(into []Entry, limit int, p Purpose, a, b *Content) ([]Entry, int) {
	n := 0
	for domain, name := range a.All(p) {
		if b.Set(p).Has(domain) {
			continue
		}
		if n++; len(into) < limit {
			into = append(into, Entry{p, domain, name})
		}
	}
	return into, n
}

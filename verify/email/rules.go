package email

import (
	"strings"

	"github.com/laurel-gateway/laurel/verify/datapack"
)

// Reason says which rule decided about a domain.
type Reason string

// The reasons, in the order in which the rules are asked.
const (
	ByAbused     Reason = "abused"
	ByStopped    Reason = "stopped"
	ByDisposable Reason = "disposable"
	ByAlumni     Reason = "alumni"
	ByPattern    Reason = "pattern"
	ByList       Reason = "list"
	ByTLD        Reason = "academic_tld"
	ByNothing    Reason = "unknown"
)

// List is a set of domains with a name.
type List struct {
	Name string
	*datapack.Set
	// content has the names of the organisations; nil for lists without.
	content *datapack.Content
}

// Rules decides which domains are eligible. It is safe for concurrent use.
type Rules struct {
	// Abused, Stopped and Disposable refuse, in this order, before anything can accept. A subdomain is what the domain
	// above it is.
	Abused, Stopped, Disposable []List
	// Schools are never taken for providers of disposable mail: some stand in those lists by mistake.
	Schools []List
	// Patterns refuse addresses: "*" stands for any characters. They are matched with the canonical address.
	Patterns []string
	// Eligible and TLDs accept.
	Eligible []List
	TLDs     *datapack.Set
}

// Verdict is what the rules say about an address.
type Verdict struct {
	Eligible bool
	Reason   Reason
	// Matched is the domain in the list that decided, and List the list's name.
	Matched string
	List    string
	// Organisation is the domain of the institution, and Name what it is called; empty where no list knows.
	Organisation string
	Name         string
}

// alumniLabels are host labels of former students. "alumnos" is not among them: that is Spanish for students.
var alumniLabels = map[string]bool{"alumni": true, "alum": true, "alums": true, "alumnae": true, "alumnus": true, "alumna": true}

// Check decides about an address, whose domain is canonical.
func (r *Rules) Check(a Address) Verdict { return r.check(a.Domain, a.Canonical) }

// Domain decides about a canonical domain alone: no pattern is asked.
func (r *Rules) Domain(domain string) Verdict { return r.check(domain, "") }

func (r *Rules) check(domain, canonical string) Verdict {
	var room [8]datapack.Suffix
	of := datapack.Suffixes(room[:0], domain)
	for _, x := range [...]struct {
		lists  []List
		reason Reason
	}{{r.Abused, ByAbused}, {r.Stopped, ByStopped}} {
		if at, list, ok := first(x.lists, of); ok {
			return Verdict{Reason: x.reason, Matched: of[at].Domain(), List: list.Name}
		}
	}
	at, list, listed := first(r.Eligible, of)
	if bad, disposable, ok := first(r.Disposable, of); ok && (!listed || at >= bad) && !r.school(of, bad) {
		return Verdict{Reason: ByDisposable, Matched: of[bad].Domain(), List: disposable.Name}
	}
	if hasAlumniLabel(domain) && (!listed || !hasAlumniLabel(of[at].Domain())) {
		return Verdict{Reason: ByAlumni, Matched: domain}
	}
	if canonical != "" {
		for _, p := range r.Patterns {
			if glob(p, canonical) {
				return Verdict{Reason: ByPattern, Matched: p}
			}
		}
	}
	if listed {
		return accepted(of, at, list)
	}
	if r.TLDs != nil {
		// The academic part alone ("edu", "ac.uk") is nobody's mail domain: the institution has one label more.
		if at, ok := r.TLDs.Within(of[1:]); ok {
			return Verdict{Eligible: true, Reason: ByTLD, Matched: of[at+1].Domain(), Organisation: of[at].Domain()}
		}
	}
	return Verdict{Reason: ByNothing}
}

// accepted is the verdict about a domain that a list has at a place.
func accepted(of []datapack.Suffix, at int, list List) Verdict {
	v := Verdict{Eligible: true, Reason: ByList, Matched: of[at].Domain(), List: list.Name, Organisation: of[at].Domain()}
	if list.content != nil {
		v.Name = list.content.Name(v.Matched)
	}
	return v
}

// school reports whether a domain is a school's at least as exactly as it is a provider's.
func (r *Rules) school(of []datapack.Suffix, provider int) bool {
	at, _, ok := first(r.Schools, of)
	return ok && at <= provider
}

// first asks lists in their order, and returns where in of the first one that knows the domain has it.
func first(lists []List, of []datapack.Suffix) (at int, list List, ok bool) {
	for _, l := range lists {
		if at, ok := l.Within(of); ok {
			return at, l, true
		}
	}
	return 0, List{}, false
}

func hasAlumniLabel(domain string) bool {
	for label := range strings.SplitSeq(domain, ".") {
		if len(label) >= 4 && label[0] == 'a' && alumniLabels[label] {
			return true
		}
	}
	return false
}

// glob reports whether the whole text fits a pattern in which "*" stands for any characters. It takes the shortest
// fit of each part, which is enough when only the ends are fixed.
func glob(pattern, text string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, head)
	if !ok {
		return false
	}
	parts := strings.Split(rest, "*")
	tail := parts[len(parts)-1]
	if text, ok = strings.CutSuffix(text, tail); !ok {
		return false
	}
	for _, part := range parts[:len(parts)-1] {
		if _, text, ok = strings.Cut(text, part); !ok {
			return false
		}
	}
	return true
}

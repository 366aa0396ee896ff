package email

import (
	"strings"
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
	*Set
}

// Rules decides which domains are eligible. It is safe for concurrent use.
type Rules struct {
	// Abused, Stopped and Disposable refuse, in this order, before anything can accept. A subdomain is what the domain
	// above it is.
	Abused, Stopped, Disposable []List
	// Patterns refuse addresses: "*" stands for any characters. They are matched with the canonical address.
	Patterns []string
	// Eligible and TLDs accept.
	Eligible []List
	TLDs     *Set
}

// Verdict is what the rules say about an address.
type Verdict struct {
	Eligible bool
	Reason   Reason
	// Matched is the domain in the list that decided, and List the list's name.
	Matched string
	List    string
}

// alumniLabels are host labels of former students. "alumnos" is not among them: that is Spanish for students.
var alumniLabels = map[string]bool{"alumni": true, "alum": true, "alums": true, "alumnae": true, "alumnus": true, "alumna": true}

// Check decides about an address, whose domain is canonical.
func (r *Rules) Check(a Address) Verdict {
	var room [8]suffix
	of := suffixes(room[:0], a.Domain)
	refusals := [...]struct {
		lists  []List
		reason Reason
	}{{r.Abused, ByAbused}, {r.Stopped, ByStopped}, {r.Disposable, ByDisposable}}
	for _, x := range refusals {
		if matched, list, ok := first(x.lists, of); ok {
			return Verdict{Reason: x.reason, Matched: matched, List: list}
		}
	}
	if hasAlumniLabel(a.Domain) {
		return Verdict{Reason: ByAlumni, Matched: a.Domain}
	}
	for _, p := range r.Patterns {
		if glob(p, a.Canonical) {
			return Verdict{Reason: ByPattern, Matched: p}
		}
	}
	if matched, list, ok := first(r.Eligible, of); ok {
		return Verdict{Eligible: true, Reason: ByList, Matched: matched, List: list}
	}
	if r.TLDs != nil {
		// The academic part alone ("edu", "ac.uk") is nobody's mail domain.
		if matched, ok := r.TLDs.within(of[1:]); ok {
			return Verdict{Eligible: true, Reason: ByTLD, Matched: matched}
		}
	}
	return Verdict{Reason: ByNothing}
}

func first(lists []List, of []suffix) (matched, list string, ok bool) {
	for _, l := range lists {
		if matched, ok := l.within(of); ok {
			return matched, l.Name, true
		}
	}
	return "", "", false
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

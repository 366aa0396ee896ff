package registry

import (
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/internal/fold"
	"github.com/laurel-gateway/laurel/verify"
)

// Verdict says how well the name that was given fits the one of a record.
type Verdict int

// The verdicts, worst first.
const (
	// Differs: another name.
	Differs Verdict = iota
	// Near: so close that a human has to look. It never means yes.
	Near
	// Same: the same name, but for accents, order, initials and punctuation.
	Same
)

// Match compares a given name with the names of a record, of which one is enough.
func Match(given verify.PersonName, known []verify.PersonName) Verdict {
	best := Differs
	for _, k := range known {
		for _, a := range spellings(given) {
			for _, b := range spellings(k) {
				best = max(best, a.fits(b))
			}
		}
	}
	return best
}

// spelling is a name in tokens: folded to lower-case letters without accents and punctuation.
type spelling struct{ first, middle, last []string }

// spellings returns the name folded, and once more with umlauts written out when there are any: both ways stand in
// registers.
func spellings(n verify.PersonName) []spelling {
	read := func(change func(string) string) spelling {
		return spelling{tokens(change(n.First), titles), tokens(change(n.Middle), nil), tokens(change(n.Last), suffixes)}
	}
	plain := read(func(s string) string { return s })
	long := read(fold.WrittenOut)
	if slices.Equal(plain.first, long.first) && slices.Equal(plain.middle, long.middle) && slices.Equal(plain.last, long.last) {
		return []spelling{plain}
	}
	return []spelling{plain, long}
}

var (
	titles   = []string{"dr", "prof", "mr", "mrs", "ms", "miss"}
	suffixes = []string{"jr", "sr", "ii", "iii", "iv", "md", "do", "rn", "np", "pa", "dds", "dmd", "phd", "pharmd", "esq"}
)

// tokens folds a text to words. Those of the list are left out, unless nothing would remain.
func tokens(text string, without []string) []string {
	all := fold.Words(text)
	kept := slices.DeleteFunc(slices.Clone(all), func(t string) bool { return slices.Contains(without, t) })
	if len(kept) == 0 {
		return all
	}
	return kept
}

func joined(words []string) string { return strings.Join(words, "") }

// fits judges a given name against a known one, in the order in which it was given and in the other.
func (a spelling) fits(b spelling) Verdict {
	if len(b.first) == 0 || len(b.last) == 0 || len(a.first) == 0 || len(a.last) == 0 {
		return Differs
	}
	return max(a.ordered(b), spelling{first: a.last, last: a.first}.ordered(b))
}

func (a spelling) ordered(b spelling) Verdict {
	sameLast, sameFirst := joined(a.last) == joined(b.last), sameGiven(slices.Concat(a.first, a.middle), b)
	switch {
	case sameLast && sameFirst:
		return Same
	case sameLast && nearGiven(a.first, b.first), sameFirst && nearLast(a.last, b.last):
		return Near
	}
	return Differs
}

// sameGiven compares given names: "Mary-Ann" is "Maryann", initials stand for what they begin, and middle names may be
// missing on either side. An initial alone is too little.
func sameGiven(given []string, b spelling) bool {
	known := slices.Concat(b.first, b.middle)
	if j := joined(given); j == joined(b.first) || j == joined(known) {
		return len(j) > 1
	}
	whole := false
	for i := range min(len(given), len(known)) {
		switch g, k := given[i], known[i]; {
		case g == k && len(g) > 1:
			whole = true
		case !initial(g, k) && !initial(k, g):
			return false
		}
	}
	return whole
}

// initial reports whether a is the first letter of b.
func initial(a, b string) bool {
	r := []rune(a)
	return len(r) == 1 && strings.HasPrefix(b, a)
}

func nearGiven(given, known []string) bool {
	return initial(given[0], known[0]) || initial(known[0], given[0]) || close(joined(given), joined(known)) || close(given[0], known[0])
}

// nearLast also takes one part of a compound name for it: many people carry half of theirs on a badge.
func nearLast(given, known []string) bool {
	if close(joined(given), joined(known)) {
		return true
	}
	if len(given) > len(known) {
		given, known = known, given
	}
	return len(given) < len(known) && !slices.ContainsFunc(given, func(t string) bool { return len(t) < 2 || !slices.Contains(known, t) })
}

// close reports whether two words differ by a slip: one letter of a short word, two of a long one, never more.
func close(a, b string) bool {
	x, y := []rune(a), []rune(b)
	shorter := min(len(x), len(y))
	allowed := 0
	switch {
	case shorter >= 8:
		allowed = 2
	case shorter >= 3:
		allowed = 1
	}
	return max(len(x), len(y))-shorter <= allowed && slips(x, y) <= allowed
}

// slips is the optimal string alignment distance: letters added, left out, exchanged, or swapped with their neighbour.
func slips(a, b []rune) int {
	var before []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

package registry

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"golang.org/x/text/unicode/norm"
)

// rosterNumber is what a number on a roster may be, after it was folded.
var rosterNumber = regexp.MustCompile(`^[A-Z0-9]{3,40}$`)

// normalRosterNumber folds a number as people write it: case, spaces and punctuation carry no meaning.
func normalRosterNumber(text string) (string, bool) {
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -./_\t", r) {
			return -1
		}
		return r
	}, strings.ToUpper(norm.NFKC.String(strings.TrimSpace(text))))
	return number, rosterNumber.MatchString(number)
}

// rosterIdentifier is the identifier whose tag both finds an entry and is the person tag of who used it.
func rosterIdentifier(roster, number string) string { return "roster:" + roster + "/" + number }

// rosterLookup asks a roster of the store, of which only keyed hashes are there.
type rosterLookup struct {
	roster  string
	config  Config
	rosters verify.Rosters
	taggers verify.Taggers
}

func (rosterLookup) normal(text string) (string, error) {
	number, ok := normalRosterNumber(text)
	if !ok {
		return "", fault.New(fault.Invalid, "a number has from 3 to 40 letters and digits")
	}
	return number, nil
}

func (l rosterLookup) identifier(number string) string { return rosterIdentifier(l.roster, number) }

func (l rosterLookup) find(ctx context.Context, at verify.Attempt, c claim) (finding, error) {
	tagger, err := l.taggers.TaggerOf(ctx, at.Store.ID)
	if err != nil {
		return finding{}, fmt.Errorf("reading the store's keys: %w", err)
	}
	who := l.identifier(c.number)
	entry, found, err := l.rosters.RosterEntry(ctx, at.Store.ID, l.roster, verify.PersonTag(tagger.PersonTag(who)))
	if err != nil {
		return finding{}, err
	}
	// The keys are made whether there is an entry or not, so that the time tells nothing.
	asked := nameKeys(tagger, who, c.name, nil)
	f := finding{facts: map[string]string{"register": "roster", "roster": l.roster}, subgroup: entry.Subgroup}
	if f.subgroup == "" {
		f.subgroup = l.config.Subgroup
	}
	fits := found && at.Group == l.config.Group && (at.Subgroup == "" || f.subgroup == "" || f.subgroup == at.Subgroup)
	switch {
	case fits && shareAny(asked.given, entry.Names):
		f.verdict = Same
	case fits && shareAny(asked.near, entry.Near):
		f.verdict, f.facts["near"] = Near, "name"
	}
	return f, nil
}

func shareAny(a, b []verify.PersonTag) bool {
	return slices.ContainsFunc(a, func(t verify.PersonTag) bool { return slices.Contains(b, t) })
}

// keys are the keyed hashes of a name at a number. Keyed together, the name of one entry says nothing about another's.
type keys struct {
	// known are kept of an entry, given are asked with.
	known, given, near []verify.PersonTag
}

// nameKeys makes the keys of the ways to write a name. "whole" stands for all given names that are known, "part" for
// fewer: a name that says less than the other is still the same, one that says something else is not.
func nameKeys(t verify.Tagger, who string, n verify.PersonName, middle []string) keys {
	var k keys
	key := func(kind string, words ...string) verify.PersonTag {
		return verify.PersonTag(t.PersonTag("roster name:" + who + "\n" + kind + "\n" + strings.Join(words, "\n")))
	}
	for _, s := range spellings(n) {
		for _, order := range []spelling{s, {first: s.last, last: s.first}} {
			last, first := joined(order.last), slices.Concat(order.first, middle)
			if last == "" || len(first) == 0 {
				continue
			}
			whole := key("whole", last, joined(first))
			k.known, k.given = append(k.known, whole), append(k.given, whole)
			for _, part := range parts(first) {
				k.known = append(k.known, key("part", last, part))
				k.given = append(k.given, key("rest", last, part))
			}
			k.known = append(k.known, key("rest", last, joined(first)))
			k.given = append(k.given, key("part", last, joined(first)))
			k.near = append(k.near, key("near", last, first[0][:len(string([]rune(first[0])[:1]))]))
		}
	}
	return k
}

// parts are the shorter ways to write given names: without the middle ones, or with their initials.
func parts(first []string) []string {
	var out []string
	initials := first[0]
	for i, word := range first[1:] {
		out = append(out, joined(first[:i+1]))
		initials += string([]rune(word)[:1])
	}
	if len(first) > 1 {
		out = append(out, initials)
	}
	return slices.DeleteFunc(out, func(p string) bool { return len(p) < 2 })
}

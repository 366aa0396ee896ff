package registry

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// Limits of a roster.
const (
	maxRosterBytes   = 16 << 20
	maxRosterEntries = 100_000
	maxRosterTitle   = 200
	maxComplaints    = 20
)

// ListReader reads rosters. It implements verify.RosterReader.
type ListReader struct{}

// ReadRoster implements verify.RosterReader. Faults: invalid.
func (ListReader) ReadRoster(in verify.RosterInput, t verify.Tagger) ([]verify.RosterEntry, []byte, error) {
	f := fault.New(fault.Invalid, "The roster is not valid.")
	if in.Title == "" || len(in.Title) > maxRosterTitle {
		f = f.At("#/title", "say what the list is called")
	}
	if len(in.Text) > maxRosterBytes {
		f = f.At("#/text", fmt.Sprintf("at most %d bytes", maxRosterBytes))
	}
	if len(f.Fields) > 0 {
		return nil, nil, f
	}
	l := &listing{in: in, tagger: t, seen: map[verify.PersonTag]bool{}, complaints: f}
	read := l.csv
	if strings.HasPrefix(strings.TrimSpace(in.Text), "{") {
		read = l.jsonLines
	}
	if err := read(); err != nil {
		return nil, nil, err
	}
	if len(l.complaints.Fields) > 0 {
		return nil, nil, l.complaints
	}
	if len(l.entries) == 0 {
		return nil, nil, l.complaints.At("#/text", "nobody is on the list")
	}
	slices.SortFunc(l.entries, func(a, b verify.RosterEntry) int { return cmp.Compare(a.Key, b.Key) })
	config, err := json.Marshal(Config{Source: SourceRoster, Title: in.Title, Group: in.Group, Subgroup: in.Subgroup, Confidential: in.Confidential,
		Digest: rosterDigest(l.entries), Entries: len(l.entries)})
	if err != nil {
		return nil, nil, fmt.Errorf("writing the configuration of a roster: %w", err)
	}
	return l.entries, config, nil
}

// rosterDigest is over the keys, which say nothing without the store's key.
func rosterDigest(entries []verify.RosterEntry) string {
	h := sha256.New()
	for _, e := range entries {
		// Writing to a hash never fails (package hash).
		_, _ = fmt.Fprintf(h, "%s %v %s\n", e.Key, e.Names, e.Subgroup)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// listing is a roster while it is read.
type listing struct {
	in         verify.RosterInput
	tagger     verify.Tagger
	entries    []verify.RosterEntry
	seen       map[verify.PersonTag]bool
	complaints *fault.Fault
}

// names of the columns, the list's own where it has some.
func (l *listing) names() (number, first, middle, last, subgroup string) {
	c := l.in.Columns
	return cmp.Or(c.Number, "number"), cmp.Or(c.FirstName, "first_name"), cmp.Or(c.MiddleName, "middle_name"), cmp.Or(c.LastName, "last_name"),
		cmp.Or(c.Subgroup, "subgroup")
}

func (l *listing) csv() error {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(l.in.Text, "\ufeff")))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return fault.New(fault.Invalid, "The roster is not valid.").At("#/text/1", "a line with the names of the columns is missing").Wrap(err)
	}
	place := map[string]int{}
	for i, name := range header {
		place[strings.TrimSpace(name)] = i
	}
	number, first, _, last, _ := l.names()
	for _, name := range []string{number, first, last} {
		if _, ok := place[name]; !ok {
			return fault.New(fault.Invalid, "The roster is not valid.").At("#/text/1", fmt.Sprintf("the column %q is missing", name))
		}
	}
	for l.reads() {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			var where *csv.ParseError
			if errors.As(err, &where) {
				line = where.Line
			}
			return fault.New(fault.Invalid, "The roster is not valid.").At(lineAt(line), "this line is not CSV with as many columns as the first").Wrap(err)
		}
		l.add(line, func(name string) string {
			if i, ok := place[name]; ok {
				return row[i]
			}
			return ""
		})
	}
	return nil
}

func (l *listing) jsonLines() error {
	lines := bufio.NewScanner(strings.NewReader(l.in.Text))
	lines.Buffer(nil, 1<<20)
	for n := 1; l.reads() && lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var row map[string]any
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			l.complaints = l.complaints.At(lineAt(n), "not a JSON object")
			continue
		}
		l.add(n, func(name string) string {
			switch v := row[name].(type) {
			case string:
				return v
			case float64:
				return fmt.Sprintf("%.0f", v)
			}
			return ""
		})
	}
	if err := lines.Err(); err != nil {
		return fault.New(fault.Invalid, "A line of the roster is too long.").Wrap(err)
	}
	return nil
}

func lineAt(n int) string { return fmt.Sprintf("#/text/%d", n) }

// reads reports whether to go on: after enough complaints the rest would not help anybody.
func (l *listing) reads() bool { return len(l.complaints.Fields) < maxComplaints }

// add takes one member in. What is wrong is said by its line, never by its content.
func (l *listing) add(line int, field func(name string) string) {
	number, first, middle, last, subgroup := l.names()
	complain := func(why string) { l.complaints = l.complaints.At(lineAt(line), why) }
	if len(l.entries) == maxRosterEntries {
		complain(fmt.Sprintf("a roster has at most %d entries", maxRosterEntries))
		return
	}
	digits, ok := normalRosterNumber(field(number))
	if !ok {
		complain("the number has from 3 to 40 letters and digits")
		return
	}
	name := verify.PersonName{First: field(first), Last: field(last)}
	if !nameLike(name.First) || !nameLike(name.Last) {
		complain("first or last name is missing")
		return
	}
	who := rosterIdentifier(l.in.Name, digits)
	e := verify.RosterEntry{Key: verify.PersonTag(l.tagger.PersonTag(who)), Subgroup: strings.TrimSpace(field(subgroup))}
	if l.seen[e.Key] {
		complain("this number is on the list already")
		return
	}
	l.seen[e.Key] = true
	k := nameKeys(l.tagger, who, name, tokens(field(middle), nil))
	e.Names, e.Near = unique(k.known), unique(k.near)
	l.entries = append(l.entries, e)
}

func unique(tags []verify.PersonTag) []verify.PersonTag {
	return slices.Compact(slices.Sorted(slices.Values(tags)))
}

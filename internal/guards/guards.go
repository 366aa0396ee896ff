package guards

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Specification is the list of attacks that the tests must try, in the words of the specification of verification.
const Specification = `shared or sold token; abused domain and its subdomain; alumni address; plus/dot/case/Unicode variants of one mailbox; same
person under a second account; correct data without possession; code guessing (6th try) and code for another
verification; scanner prefetch; replayed or swapped OIDC state, nonce, code and issuer; scope asserted by the wrong
provider; wallet presentation replayed, key binding stripped, foreign audience, revoked status; step out of order, step
of another store, changed group in flight; forged, replayed and delayed webhook; polyglot, bomb, SVG and oversized upload;
reviewer approving their own or twice; timing and body of refusals`

// Specified are the attacks of the specification, in its order.
func Specified() []string { return strings.Split(strings.ReplaceAll(Specification, "\n", " "), "; ") }

// Attack is one thing that somebody tries.
type Attack struct {
	// What is in the words of the specification, where it is in its list.
	What string
	// Who tries it.
	Who    string
	Guards []Guard
	// Later says why there is nothing to attack yet; then there are no guards.
	Later string
}

// Guard is one thing that stands against an attack.
type Guard struct {
	// How the attack is tried, and what Stands against it.
	How    string
	Stands string
	// File, from the root of the repository, has From exactly once. With To in its place the guard is gone, and the program
	// still compiles.
	File, From, To string
	// Test is red without the guard.
	Test Test
}

// Test names a test.
type Test struct {
	// Package is the folder of the test, from the root of the repository.
	Package string
	// Name is a test, or one of its subtests: "TestStorage/OnePersonOneCustomer".
	Name string
}

// Pattern is what go test -run takes for this test alone.
func (t Test) Pattern() string {
	var parts []string
	for part := range strings.SplitSeq(t.Name, "/") {
		parts = append(parts, "^"+regexp.QuoteMeta(strings.ReplaceAll(part, " ", "_"))+"$")
	}
	return strings.Join(parts, "/")
}

// All are the attacks of the specification, in its order, and then others.
func All() []Attack {
	return slices.Concat(tokens, mailboxes, persons, codes, signIns, steps, deliveries, uploads, reviews, refusals, others)
}

// Markdown is the table for people, as it stands in docs/security.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| what | who | how | what stands against it | test that is red without it |\n|---|---|---|---|---|\n")
	for _, a := range All() {
		if a.Later != "" {
			fmt.Fprintf(&b, "| %s | %s | | %s | |\n", a.What, a.Who, a.Later)
		}
		what, who := a.What, a.Who
		for _, g := range a.Guards {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | `%s` (%s) |\n", what, who, g.How, g.Stands, g.Test.Name, g.Test.Package)
			what, who = "", "" // said once for all of its rows
		}
	}
	return b.String()
}

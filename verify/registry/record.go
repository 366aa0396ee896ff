package registry

import (
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/verify"
)

// NPPES is the name of the register in requirements ("registry:nppes"), and in the database.
const NPPES = "nppes"

// claim is what the shopper says.
type claim struct {
	number, state string
	name          verify.PersonName
}

// finding is what a register says about a claim. Only Same and Near can come out of the gateway, and the latter to
// reviewers only: everything else is one and the same refusal.
type finding struct {
	verdict  Verdict
	subgroup string
	// facts are for reviewers, without personal data.
	facts map[string]string
}

// judge compares a claim with a record, for a group and perhaps a subgroup.
func judge(c claim, r verify.RegisterRecord, group, subgroup string) finding {
	code, sub, ok := shows(r.Taxonomies, group, subgroup)
	f := finding{verdict: Match(c.name, r.Names), subgroup: sub, facts: map[string]string{"taxonomy": code}}
	if !ok || !r.Active {
		f.verdict = Differs
	}
	if f.verdict == Near {
		f.facts["near"] = "name"
	}
	if c.state != "" && f.verdict == Same && !slices.Contains(r.States, c.state) {
		f.verdict, f.facts["near"] = Near, "state"
	}
	return f
}

// state reads a two-letter code. It reports false for what cannot be one.
func state(text string) (string, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	if text == "" {
		return "", true
	}
	return text, len(text) == 2 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

package registry

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// The rules against guessing.
const (
	// MaxTries is how many wrong answers a verification allows.
	MaxTries = 5
	// PerHour and PerDay are how often one number is looked up for a store, whoever asks and whatever comes out.
	PerHour = 5
	PerDay  = 10
	// maxName bounds each part of a name, in bytes.
	maxName = 200
)

// errNoMatch is the one refusal for a number that nobody has, that has ended, that another name has, that shows another
// profession: who asks learns nothing about the register.
var errNoMatch = fault.New(fault.NotEligible,
	"We could not confirm you with this number and name. Check that both are as they stand in the register.")

// Verifier proves by a register. It implements verify.Verifier and verify.Answerer.
type Verifier struct {
	config Config
	lookup lookup
}

// lookup is one register as the verifier asks it: always one question, whatever the answer.
type lookup interface {
	// normal returns the number as the register writes it, or a fault with code invalid.
	normal(number string) (string, error)
	// identifier names the person who has a number, in any instance.
	identifier(number string) string
	find(ctx context.Context, at verify.Attempt, c claim) (finding, error)
}

// Name implements verify.Verifier.
func (*Verifier) Name() string { return "registry" }

// Classes implements verify.Verifier. Where others can know the number and the name, the evidence is knowledge too, and
// no path can rest on it alone.
func (v *Verifier) Classes() []verify.Class {
	if v.config.Confidential {
		return []verify.Class{verify.Authority}
	}
	return []verify.Class{verify.Authority, verify.Knowledge}
}

// Step implements verify.Verifier.
func (*Verifier) Step() verify.Step { return verify.StepRegistry }

// Digests implements verify.Digested: a roster is pinned by its digest.
func (v *Verifier) Digests() map[string]string {
	if v.config.Digest == "" {
		return nil
	}
	return map[string]string{"roster:" + v.config.Title: v.config.Digest}
}

// Answer implements verify.Answerer: step registry takes {"number", "first_name", "last_name", "state"}, the last of
// which may be left out. Faults: invalid for what cannot be a number or a name, invalid_step, provider_unavailable. Whatever the
// register refuses is a counted try with the fault not_eligible.
func (v *Verifier) Answer(ctx context.Context, at verify.Attempt, a verify.Answer) (verify.Outcome, error) {
	if a.Step != verify.StepRegistry {
		return verify.Outcome{}, verify.ErrInvalidStep
	}
	c, err := v.read(a.Fields)
	if err != nil {
		return verify.Outcome{}, err
	}
	found, err := v.lookup.find(ctx, at, c)
	if err != nil {
		return verify.Outcome{}, err
	}
	out := verify.Outcome{Limits: v.limits(c), MaxTries: MaxTries}
	if found.verdict == Differs {
		out.Wrong = errNoMatch
		return out, nil
	}
	evidence := &verify.Evidence{
		Classes: v.Classes(), Group: at.Group, Subgroup: found.subgroup,
		Identifiers: []string{v.lookup.identifier(c.number)}, Facts: maps.Clone(found.facts),
	}
	if found.verdict == Near {
		out.Review, out.Why = evidence, []string{"name_near"}
		out.Collected = map[string]string{"first_name": c.name.First, "last_name": c.name.Last}
	} else {
		out.Met = evidence
	}
	return out, nil
}

func (v *Verifier) read(fields map[string]string) (claim, error) {
	f := fault.New(fault.Invalid, "Something is missing, or is not written right.")
	c := claim{name: verify.PersonName{First: strings.TrimSpace(fields["first_name"]), Last: strings.TrimSpace(fields["last_name"])}}
	var err error
	if c.number, err = v.lookup.normal(fields["number"]); err != nil {
		f = f.At("#/number", fault.From(err).Detail)
	}
	if !nameLike(c.name.First) {
		f = f.At("#/first_name", "give your first name")
	}
	if !nameLike(c.name.Last) {
		f = f.At("#/last_name", "give your last name")
	}
	var ok bool
	if c.state, ok = state(fields["state"]); !ok {
		f = f.At("#/state", "use the two letters of a state, such as CA")
	}
	if len(f.Fields) > 0 {
		return c, f
	}
	return c, nil
}

func nameLike(text string) bool {
	return text != "" && len(text) <= maxName && len(tokens(text, nil)) > 0
}

// limits count every question about a number, so that names cannot be guessed for it, not even over many verifications.
func (v *Verifier) limits(c claim) []verify.Limit {
	refusal := fault.New(fault.RateLimited, "Too many attempts with this number. Wait, then try again.")
	who := v.lookup.identifier(c.number)
	return []verify.Limit{
		{Kind: "registry_per_day", Identifier: who, Max: PerDay, Window: 24 * time.Hour, Refusal: refusal},
		{Kind: "registry_per_hour", Identifier: who, Max: PerHour, Window: time.Hour, Refusal: refusal},
	}
}

// nppesLookup asks NPPES, over its API or in what was imported of it.
type nppesLookup struct {
	register verify.Registers
	source   string
}

func (nppesLookup) normal(text string) (string, error) {
	number, ok := NormalNPI(text)
	if !ok {
		return "", fault.New(fault.Invalid, "an NPI has ten digits, of which the last checks the others")
	}
	return number, nil
}

func (nppesLookup) identifier(number string) string { return NPIIdentifier(number) }

// NPIIdentifier is the identifier whose person tag an NPI has.
func NPIIdentifier(number string) string { return "npi:" + number }

func (l nppesLookup) find(ctx context.Context, at verify.Attempt, c claim) (finding, error) {
	record, found, err := l.register.RegisterRecord(ctx, NPPES, c.number)
	if err != nil {
		return finding{}, err
	}
	f := judge(c, record, at.Group, at.Subgroup)
	if !found {
		f.verdict = Differs
	}
	f.facts["register"], f.facts["source"] = NPPES, l.source
	if record.AsOf != "" {
		f.facts["as_of"] = record.AsOf
	}
	return f, nil
}

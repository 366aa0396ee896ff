package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Requirement names a verifier, and an instance of it when a store has several: "email", "oidc:demo-university".
type Requirement string

// Verifier returns the part before the colon.
func (r Requirement) Verifier() string {
	name, _, _ := strings.Cut(string(r), ":")
	return name
}

// Instance returns the part after the colon, or nothing.
func (r Requirement) Instance() string {
	_, instance, _ := strings.Cut(string(r), ":")
	return instance
}

// Path is a set of requirements that must all be met, in the order in which they are asked.
type Path []Requirement

// Policy says how a group, or a subgroup of it, is proven in a store.
type Policy struct {
	ID    string
	Store string
	// Version counts the changes. A verification keeps the version it began with.
	Version  int
	Group    string
	Subgroup string
	// Paths are alternatives, strongest first.
	Paths              []Path
	Validity           Validity
	AcceptSelfDeclared bool
	// Limits bound how many new attestations there are. Without one for persons, a person stays with a customer for
	// DefaultSuccessWindow.
	Limits    []SuccessLimit
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Validity says how long an attestation holds: the earliest of what is set here and what the evidence says.
type Validity struct {
	// Days counts from the decision.
	Days int
	// Until is a date in UTC, "2027-09-30", or a day of the year, "09-30", which stands for its next occurrence: the
	// end of the academic year, for example. The attestation holds to the end of that day.
	Until string
}

var dayOfYear = regexp.MustCompile(`^\d{2}-\d{2}$`)

// IsZero reports whether nothing is set.
func (v Validity) IsZero() bool { return v.Days == 0 && v.Until == "" }

// End returns when an attestation decided now ends, given what the evidence says (zero for nothing).
func (v Validity) End(now, evidence time.Time) (time.Time, error) {
	var end time.Time
	earliest := func(t time.Time) {
		if !t.IsZero() && (end.IsZero() || t.Before(end)) {
			end = t
		}
	}
	earliest(evidence)
	if v.Days > 0 {
		earliest(now.AddDate(0, 0, v.Days))
	}
	if v.Until != "" {
		until, err := v.until(now)
		if err != nil {
			return time.Time{}, err
		}
		earliest(until)
	}
	return end, nil
}

func (v Validity) until(now time.Time) (time.Time, error) {
	if !dayOfYear.MatchString(v.Until) {
		day, err := time.Parse(time.DateOnly, v.Until)
		if err != nil {
			return time.Time{}, fmt.Errorf("reading the validity date: %w", err)
		}
		return day.AddDate(0, 0, 1), nil
	}
	for year := now.UTC().Year(); year < now.UTC().Year()+9; year++ {
		day, err := time.Parse(time.DateOnly, fmt.Sprintf("%04d-%s", year, v.Until))
		if err != nil {
			continue // 02-29 exists only in leap years
		}
		if end := day.AddDate(0, 0, 1); end.After(now) {
			return end, nil
		}
	}
	return time.Time{}, fmt.Errorf("the validity day %q does not exist", v.Until)
}

// Instances tells a policy what verifiers there are: opened ones of the store, checked and ready.
type Instances interface {
	// Instance returns an opened verifier, or a fault or error that says why there is none.
	Instance(r Requirement) (Verifier, error)
}

// Limits of a policy's size, so that the choice stays one a human can make. Paths that are a sign-in alone do not count
// to maxPaths: the shopper searches among them by name.
const (
	maxPaths        = 20
	maxSignIns      = 500
	maxRequirements = 5
	maxDays         = 3660
)

// Check returns a fault with code policy_unsound that points at every problem at once, or nil. A path made only of
// knowledge is unsound, and so are an unknown verifier, one whose configuration does not validate, a validity of zero,
// and self-declared evidence without AcceptSelfDeclared.
func (p Policy) Check(groups *Catalogue, verifiers Instances, now time.Time) error {
	f := fault.New(fault.PolicyUnsound, "The policy is unsound: correct the parts that are pointed at.")
	if g, ok := groups.Group(p.Group); !ok {
		f = f.At("#/group", "there is no such group in the store")
	} else if !g.Has(p.Subgroup) {
		f = f.At("#/subgroup", "the group has no such subgroup")
	}
	f = p.Validity.check(f, now)
	f = p.checkLimits(f)
	if len(p.Paths) == 0 {
		f = f.At("#/paths", "give at least one path to proof")
	}
	if others, signIns := p.sizes(verifiers); others > maxPaths || signIns > maxSignIns {
		return f.At("#/paths", fmt.Sprintf("at most %d paths, and beside them %d that are a sign-in alone", maxPaths, maxSignIns))
	}
	for i, path := range p.Paths {
		f = p.checkPath(f, i, path, verifiers)
	}
	return orNil(f)
}

// sizes counts the paths that are a sign-in alone, and the others.
func (p Policy) sizes(verifiers Instances) (others, signIns int) {
	for _, path := range p.Paths {
		if len(path) == 1 && len(p.Paths) > maxPaths {
			if v, err := verifiers.Instance(path[0]); err == nil && v.Step() == StepSSO {
				signIns++
				continue
			}
		}
		others++
	}
	return others, signIns
}

func (v Validity) check(f *fault.Fault, now time.Time) *fault.Fault {
	if v.Days < 0 || v.Days > maxDays {
		f = f.At("#/validity/days", fmt.Sprintf("from 1 to %d days", maxDays))
	}
	if v.IsZero() {
		return f.At("#/validity", "a validity of zero is refused: set days, until, or both")
	}
	if v.Until == "" {
		return f
	}
	if until, err := v.until(now); err != nil {
		f = f.At("#/validity/until", "use a date such as 2027-09-30, or a day of the year such as 09-30")
	} else if !until.After(now) {
		f = f.At("#/validity/until", "this date has passed")
	}
	return f
}

func (p Policy) checkPath(f *fault.Fault, i int, path Path, verifiers Instances) *fault.Fault {
	at := pointer("paths", i)
	if len(path) == 0 || len(path) > maxRequirements {
		return f.At(at, fmt.Sprintf("a path has from 1 to %d requirements", maxRequirements))
	}
	if slices.ContainsFunc(p.Paths[:i], func(other Path) bool { return slices.Equal(other, path) }) {
		f = f.At(at, "this path is there twice")
	}
	strong, known := false, true
	for j, r := range path {
		here := fmt.Sprintf("%s/%d", at, j)
		if slices.Contains(path[:j], r) {
			f = f.At(here, "this requirement is there twice")
		}
		v, err := verifiers.Instance(r)
		if err != nil {
			known, f = false, f.At(here, sentence(err))
			continue
		}
		for _, class := range v.Classes() {
			if class == SelfDeclared && !p.AcceptSelfDeclared {
				f = f.At(here, "self-declared evidence needs accept_self_declared: true")
			}
		}
		// A record that others can look up as well is authority by knowledge: it carries no path.
		strong = strong || !slices.Contains(v.Classes(), Knowledge)
	}
	if known && !strong {
		f = f.At(at, "knowledge alone proves nothing: add a requirement that others cannot meet, such as email")
	}
	return f
}

// sentence gives what a policy editor may read about an error.
func sentence(err error) string {
	if f := fault.From(err); f != nil {
		return f.Detail
	}
	return "this verifier cannot be opened"
}

func pointer(field string, i int) string { return fmt.Sprintf("#/%s/%d", field, i) }

// orNil turns a fault that points at nothing into no error.
func orNil(f *fault.Fault) error {
	if len(f.Fields) == 0 {
		return nil
	}
	return f
}

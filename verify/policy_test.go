package verify

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

type fixed map[Requirement][]Class

func (f fixed) Instance(r Requirement) (Verifier, error) {
	switch classes, ok := f[r]; {
	case r == "broken":
		return nil, errors.New("secret detail")
	case !ok:
		return nil, fault.New(fault.Invalid, "There is no such verifier.")
	default:
		return classed(classes), nil
	}
}

type classed []Class

func (classed) Name() string       { return "x" }
func (c classed) Classes() []Class { return c }
func (classed) Step() Step         { return StepMock }

func TestPolicyCheck(t *testing.T) {
	groups, err := NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	verifiers := fixed{"email": {Possession}, "registry:nppes": {Authority, Knowledge}, "quiz": {Knowledge}, "word": {SelfDeclared}}
	year := Validity{Days: 365}
	for name, c := range map[string]struct {
		policy   Policy
		pointers []string
	}{
		"sound":              {Policy{Group: "student", Paths: []Path{{"email"}}, Validity: year}, nil},
		"two sources":        {Policy{Group: "healthcare", Subgroup: "nurse", Paths: []Path{{"registry:nppes", "email"}}, Validity: Validity{Until: "09-30"}}, nil},
		"self-declared":      {Policy{Group: "senior", Paths: []Path{{"word"}}, Validity: year, AcceptSelfDeclared: true}, nil},
		"knowledge alone":    {Policy{Group: "healthcare", Paths: []Path{{"email"}, {"registry:nppes", "quiz"}}, Validity: year}, []string{"#/paths/1"}},
		"a public register":  {Policy{Group: "healthcare", Paths: []Path{{"registry:nppes"}}, Validity: year}, []string{"#/paths/0"}},
		"not accepted":       {Policy{Group: "senior", Paths: []Path{{"word"}}, Validity: year}, []string{"#/paths/0/0"}},
		"zero validity":      {Policy{Group: "student", Paths: []Path{{"email"}}}, []string{"#/validity"}},
		"negative validity":  {Policy{Group: "student", Paths: []Path{{"email"}}, Validity: Validity{Days: -1}}, []string{"#/validity/days"}},
		"past date":          {Policy{Group: "student", Paths: []Path{{"email"}}, Validity: Validity{Until: "2026-09-30"}}, []string{"#/validity/until"}},
		"no date":            {Policy{Group: "student", Paths: []Path{{"email"}}, Validity: Validity{Until: "02-30"}}, []string{"#/validity/until"}},
		"nothing at all":     {Policy{}, []string{"#/group", "#/validity", "#/paths"}},
		"an empty path":      {Policy{Group: "student", Paths: []Path{{}}, Validity: year}, []string{"#/paths/0"}},
		"twice":              {Policy{Group: "student", Paths: []Path{{"email", "email"}, {"email", "email"}}, Validity: year}, []string{"#/paths/0/1", "#/paths/1", "#/paths/1/1"}},
		"everything at once": {Policy{Group: "nobody", Paths: []Path{{"what"}, {"broken"}, {"quiz"}}}, []string{"#/group", "#/validity", "#/paths/0/0", "#/paths/1/0", "#/paths/2"}},
		"a foreign subgroup": {Policy{Group: "student", Subgroup: "nurse", Paths: []Path{{"email"}}, Validity: year}, []string{"#/subgroup"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.policy.Check(groups, verifiers, noon)
			if c.pointers == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			f := fault.From(err)
			if f == nil || f.Code != fault.PolicyUnsound {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, field := range f.Fields {
				got = append(got, field.Pointer)
				if strings.Contains(field.Detail, "secret") {
					t.Errorf("an internal error is shown: %s", field.Detail)
				}
			}
			if !slices.Equal(got, c.pointers) {
				t.Fatalf("points at %v, want %v", got, c.pointers)
			}
		})
	}
}

func TestValidityEnds(t *testing.T) {
	date := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for name, c := range map[string]struct {
		v        Validity
		evidence time.Time
		want     time.Time
	}{
		"days":                     {Validity{Days: 30}, time.Time{}, noon.AddDate(0, 0, 30)},
		"date":                     {Validity{Until: "2027-09-30"}, time.Time{}, date("2027-10-01")},
		"day this year":            {Validity{Until: "09-30"}, time.Time{}, date("2027-10-01")},
		"day next year":            {Validity{Until: "02-28"}, time.Time{}, date("2028-02-29")},
		"leap day":                 {Validity{Until: "02-29"}, time.Time{}, date("2028-03-01")},
		"earliest wins":            {Validity{Days: 365, Until: "09-30"}, time.Time{}, date("2027-10-01")},
		"evidence wins":            {Validity{Days: 365}, date("2027-06-01"), date("2027-06-01")},
		"evidence does not extend": {Validity{Days: 30}, date("2030-01-01"), noon.AddDate(0, 0, 30)},
	} {
		if got, err := c.v.End(noon, c.evidence); err != nil || !got.Equal(c.want) {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}

func TestCatalogue(t *testing.T) {
	groups, err := NewCatalogue(Group{Name: "volunteers", Label: Label{"fr": "Bénévoles"}, Custom: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range BuiltIn() {
		if err := g.Check(); err != nil || g.Label["en"] == "" || g.Label["de"] == "" {
			t.Errorf("%s: %v", g.Name, err)
		}
		for _, s := range g.Subgroups {
			if s.Label["en"] == "" || s.Label["de"] == "" || !groups.Has(g.Name, s.Name) {
				t.Errorf("%s/%s", g.Name, s.Name)
			}
		}
	}
	if !groups.Has("volunteers", "") || groups.Has("volunteers", "x") || groups.Has("nobody", "") {
		t.Error("the catalogue does not know its groups")
	}
	if _, err := NewCatalogue(Group{Name: "student"}); fault.CodeOf(err) != fault.NameTaken {
		t.Errorf("got %v", err)
	}
	if got := (Label{"en": "a", "de": "b"}).In("de-AT"); got != "b" {
		t.Errorf("de-AT is %q", got)
	}
	if got := (Label{"fr": "c"}).In("ja"); got != "c" {
		t.Errorf("ja is %q", got)
	}
	bad := Group{Name: "No Good", Subgroups: []Subgroup{{Name: "a"}, {Name: "a", Label: Label{"en": "x"}}}}
	if f := fault.From(bad.Check()); f == nil || len(f.Fields) != 4 {
		t.Errorf("got %+v", f)
	}
}

func TestWhoMayTakeATag(t *testing.T) {
	active := Attestation{Customer: "c-1", Bound: true, CreatedAt: noon.AddDate(0, 0, -40), ValidUntil: noon.AddDate(0, 1, 0)}
	with := func(change func(*Attestation)) Attestation {
		a := active
		change(&a)
		return a
	}
	lapsed := with(func(a *Attestation) { a.ValidUntil = noon.AddDate(0, 0, -1) })
	fresh := with(func(a *Attestation) { a.CreatedAt, a.ValidUntil = noon.AddDate(0, 0, -2), noon.AddDate(0, 0, -1) })
	for name, c := range map[string]struct {
		holder Attestation
		who    Claimant
		reuse  bool
		code   fault.Code
	}{
		"the same customer":               {active, Claimant{"c-1", true}, true, ""},
		"the same customer, claimed":      {active, Claimant{"c-1", false}, true, ""},
		"another customer":                {active, Claimant{"c-2", true}, false, fault.AlreadyVerified},
		"a guest":                         {active, Claimant{}, false, fault.AlreadyVerified},
		"another, lapsed":                 {lapsed, Claimant{"c-2", true}, false, ""},
		"another, lapsed within 30 days":  {fresh, Claimant{"c-2", true}, false, fault.AlreadyVerified},
		"the same, lapsed within 30 days": {fresh, Claimant{"c-1", true}, false, ""},
		"a guest's, by a customer":        {with(func(a *Attestation) { a.Customer, a.Bound = "", false }), Claimant{"c-2", false}, true, ""},
		"a claim against a claim":         {with(func(a *Attestation) { a.Bound = false }), Claimant{"c-2", false}, false, fault.AlreadyVerified},
		"authority against a claim":       {with(func(a *Attestation) { a.Bound = false }), Claimant{"c-2", true}, true, ""},
	} {
		reuse, err := mayTake(c.holder, c.who, noon, DefaultSuccessWindow)
		if reuse != c.reuse || err == nil && c.code != "" || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, %v", name, reuse, err)
		}
	}
}

package verify_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// university is a kind of sign-in whose instances are called what their configuration says.
type university struct{ name string }

func (university) Name() string { return "uni" }
func (university) Decode(_ string, raw []byte) (verify.Config, error) {
	return university{strings.Trim(string(raw), `"`)}, nil
}
func (university) Validate() error                                { return nil }
func (u university) Open(verify.Opening) (verify.Verifier, error) { return u, nil }
func (university) Classes() []verify.Class                        { return []verify.Class{verify.Assertion} }
func (university) Step() verify.Step                              { return verify.StepSSO }
func (u university) DisplayName() string                          { return u.name }
func (university) Answer(context.Context, verify.Attempt, verify.Answer) (verify.Outcome, error) {
	return verify.Outcome{Same: true}, nil
}

func universities(t *testing.T, names ...string) bed {
	t.Helper()
	b := newBed(t, true, university{})
	var paths []verify.Path
	for i, name := range names {
		instance := fmt.Sprintf("u%d", i)
		if _, err := b.SaveSetting(t.Context(), testStore, by, verify.SettingInput{Verifier: "uni", Instance: instance, Config: []byte(`"` + name + `"`)}); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, verify.Path{verify.Requirement("uni:" + instance)})
	}
	b.policy(t, "student", paths...)
	return b
}

func TestInstitutionsAreFound(t *testing.T) {
	b := universities(t, "Technische Universität München", "Ludwig-Maximilians-Universität München", "Uni de Montréal", "University of Manchester",
		"Uniwersytet Łódzki", "O’Brien College", "東京大学")
	for text, want := range map[string][]string{
		"":                         {"u1", "u5", "u0", "u2", "u3", "u4", "u6"},
		"uni":                      {"u2", "u3", "u4", "u1", "u0"},
		"UNI DE":                   {"u2"},
		"munchen":                  {"u1", "u0"},
		"Muenchen uni":             {"u1", "u0"},
		"tech mün":                 {"u0"},
		"montreal":                 {"u2"},
		"lodzki":                   {"u4"},
		"obrien":                   {"u5"},
		"o'b":                      {"u5"},
		"東京":                       {"u6"},
		"university of manchester": {"u3"},
		"manchester xyz":           nil,
		"chester":                  nil,
		"%":                        {"u1", "u5", "u0", "u2", "u3", "u4", "u6"},
	} {
		found, more, err := b.Institutions(t.Context(), testStore, verify.InstitutionQuery{Group: "student", Text: text, Limit: 10})
		var ids []string
		for _, p := range found {
			ids = append(ids, p.ID)
		}
		if err != nil || more || !slices.Equal(ids, want) {
			t.Errorf("%q finds %v, want %v (%v)", text, ids, want, err)
		}
	}
	for _, q := range []verify.InstitutionQuery{{Group: "teacher", Limit: 10}, {Group: "student", Text: "manchester", After: "u0", Limit: 10}, {Group: "wizard", Limit: 10}} {
		found, _, err := b.Institutions(t.Context(), testStore, q)
		if len(found) != 0 || q.Group == "wizard" && fault.CodeOf(err) != fault.GroupUnknown || q.After != "" && fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%+v: %v, %v", q, found, err)
		}
	}
}

// A federation has hundreds of members, and all of them fit into a policy, a page at a time into the answer.
func TestHundredsOfInstitutions(t *testing.T) {
	var names []string
	for i := range 500 {
		names = append(names, fmt.Sprintf("University %03d", i))
	}
	b := universities(t, names...)
	var all []string
	q := verify.InstitutionQuery{Group: "student", Text: "univ", Limit: 50}
	for more := true; more; {
		page, next, err := b.Institutions(t.Context(), testStore, q)
		if err != nil || len(page) == 0 || len(page) > 50 {
			t.Fatalf("%d, %v", len(page), err)
		}
		for _, p := range page {
			all = append(all, p.Name)
		}
		q.After, more = page[len(page)-1].ID, next
	}
	if !slices.Equal(all, names) {
		t.Errorf("%d names", len(all))
	}
	r, err := b.Start(t.Context(), verify.StartRequest{Store: testStore, Group: "student", ConsentVersion: "1"})
	if err != nil || r.Verification.NextStep() != verify.StepSSO || len(r.Verification.Paths) != 500 {
		t.Fatalf("%v", err)
	}
	tooMany := []verify.Path{{"email"}}
	for i := range 500 {
		tooMany = append(tooMany, verify.Path{verify.Requirement(fmt.Sprintf("uni:u%d", i))})
	}
	policy := func(paths []verify.Path) error {
		_, err := b.SavePolicy(t.Context(), testStore, by, verify.Policy{Group: "teacher", Paths: paths, Validity: verify.Validity{Days: 1}})
		return err
	}
	for range 20 {
		tooMany = append(tooMany, verify.Path{"email", "mock"})
	}
	if err := policy(tooMany); fault.CodeOf(err) != fault.PolicyUnsound {
		t.Errorf("21 other paths: %v", err)
	}
	if err := policy(tooMany[:501]); err != nil {
		t.Errorf("500 sign-ins and another path: %v", err)
	}
}

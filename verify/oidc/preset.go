package oidc

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
)

// The presets: what is known of a family of providers.
const (
	// PresetREFEDS reads the scoped affiliations of universities, as eduGAIN's members and their proxies assert them.
	PresetREFEDS = "refeds"
	// PresetIDme reads what ID.me says of a person's groups.
	PresetIDme = "idme"
)

// preset gives rules further variables, and rules of its own where a configuration has none.
type preset struct {
	variables map[string]*cel.Type
	rules     []Rule
	userInfo  bool
	// values reads the variables out of claims, as a configuration allows.
	values func(c Config, claims map[string]json.RawMessage) map[string]any
	// identifiers are further texts that identify the person.
	identifiers func(claims map[string]json.RawMessage) []string
}

var presets = map[string]preset{
	"": {
		values:      func(Config, map[string]json.RawMessage) map[string]any { return nil },
		identifiers: func(map[string]json.RawMessage) []string { return nil },
	},
	PresetREFEDS: {
		variables: map[string]*cel.Type{"affiliation": cel.ListType(cel.StringType)},
		rules: []Rule{
			{When: `"student" in affiliation`, Group: "student", Subgroup: "university"},
			{When: `"faculty" in affiliation`, Group: "teacher", Subgroup: "faculty"},
			{When: `affiliation.exists(a, a in ["faculty", "staff", "employee"])`, Group: "employee"},
		},
		values: func(c Config, claims map[string]json.RawMessage) map[string]any {
			return map[string]any{"affiliation": affiliations(claims, c.AffiliationScopes)}
		},
		identifiers: uniqueCodes,
	},
	PresetIDme: {
		variables: map[string]*cel.Type{
			"groups": cel.ListType(cel.StringType), "subgroups": cel.ListType(cel.StringType), "attributes": cel.MapType(cel.StringType, cel.StringType),
		},
		rules: []Rule{
			{When: `"student" in groups`, Group: "student"},
			{When: `"teacher" in groups`, Group: "teacher"},
			{When: `"military" in groups && subgroups.exists(s, s in ["service member", "active duty"])`, Group: "military", Subgroup: "active_duty"},
			{When: `"military" in groups && "veteran" in subgroups`, Group: "military", Subgroup: "veteran"},
			{When: `"military" in groups && "retiree" in subgroups`, Group: "military", Subgroup: "retiree"},
			{When: `"military" in groups && subgroups.exists(s, s in ["military family", "military spouse"])`, Group: "military", Subgroup: "family"},
			{When: `"military" in groups`, Group: "military"},
			{When: `"nurse" in groups`, Group: "healthcare", Subgroup: "nurse"},
			{When: `groups.exists(g, g in ["medical", "physician"])`, Group: "healthcare"},
			{When: `"responder" in groups`, Group: "first_responder"},
			{When: `"senior" in groups`, Group: "senior"},
		},
		userInfo:    true,
		values:      func(_ Config, claims map[string]json.RawMessage) map[string]any { return idme(claims) },
		identifiers: func(map[string]json.RawMessage) []string { return nil },
	},
}

// scopedAffiliation is read by the preset alone: whether a scope may be believed depends on who asserts it.
const scopedAffiliation = "eduperson_scoped_affiliation"

// counting are the affiliations that show something. Member, affiliate, alum and library-walk-in do not.
var counting = []string{"student", "faculty", "staff", "employee"}

// affiliations returns those that count, of the scopes that this issuer may speak for (eduPerson 2020-01,
// eduPersonScopedAffiliation: the scope begins after the first @). Without any scope nothing is believed.
func affiliations(claims map[string]json.RawMessage, scopes []string) []string {
	out := []string{}
	list, _ := value(claims[scopedAffiliation], "strings").([]string)
	for _, scoped := range list {
		affiliation, scope, ok := strings.Cut(strings.ToLower(scoped), "@")
		if ok && slices.Contains(counting, affiliation) && slices.Contains(scopes, scope) && !slices.Contains(out, affiliation) {
			out = append(out, affiliation)
		}
	}
	return out
}

const (
	uniqueCodePrefix = "urn:schac:personaluniquecode:"
	maxUniqueCodes   = 5
	maxUniqueCode    = 300
)

// uniqueCodes are a person's codes that outlive a change of subject, such as the European Student Identifier (SCHAC 1.5,
// schacPersonalUniqueCode).
func uniqueCodes(claims map[string]json.RawMessage) []string {
	var out []string
	list, _ := value(claims["schac_personal_unique_code"], "strings").([]string)
	for _, code := range list {
		code = strings.ToLower(strings.TrimSpace(code))
		if strings.HasPrefix(code, uniqueCodePrefix) && len(code) > len(uniqueCodePrefix) && len(code) <= maxUniqueCode && len(out) < maxUniqueCodes {
			out = append(out, "schac:"+code)
		}
	}
	return out
}

// idme reads status[group, subgroups, verified] and attributes[handle, value]. A group that is not verified does not
// exist; neither does one whose entry has another shape.
func idme(claims map[string]json.RawMessage) map[string]any {
	groups, subgroups, attributes := []string{}, []string{}, map[string]string{}
	entries, _ := as[[]json.RawMessage](claims["status"])
	for _, raw := range entries {
		entry, ok := as[struct {
			Group     string   `json:"group"`
			Subgroups []string `json:"subgroups"`
			Verified  bool     `json:"verified"`
		}](raw)
		if !ok || !entry.Verified || entry.Group == "" {
			continue
		}
		groups = append(groups, strings.ToLower(entry.Group))
		for _, s := range entry.Subgroups {
			subgroups = append(subgroups, strings.ToLower(s))
		}
	}
	entries, _ = as[[]json.RawMessage](claims["attributes"])
	for _, raw := range entries {
		if a, ok := as[struct {
			Handle string `json:"handle"`
			Value  string `json:"value"`
		}](raw); ok && a.Handle != "" {
			attributes[a.Handle] = a.Value
		}
	}
	return map[string]any{"groups": groups, "subgroups": subgroups, "attributes": attributes}
}

var scopeName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$`)

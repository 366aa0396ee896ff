package oidc_test

import (
	"slices"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// signIn plays an honest sign-in with claims, and returns what came of it.
func signIn(t *testing.T, changes, claims map[string]any, group, subgroup string) verify.Outcome {
	t.Helper()
	f := newForger(t)
	v := open(t, config(t, f.URL, changes))
	q, private := depart(t, v)
	f.good(q.Get("nonce"), claims)
	f.info = map[string]any{"sub": "s-1"}
	out, err := v.Return(t.Context(), verify.Attempt{Group: group, Subgroup: subgroup},
		verify.Return{RedirectURI: redirectURI, Params: map[string]string{"code": "c"}}, private)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func refeds(scopes ...string) map[string]any {
	return map[string]any{"preset": "refeds", "affiliation_scopes": scopes, "claims": []any{}, "rules": []any{}}
}

// What a scoped affiliation proves depends on who asserts it.
func TestScopedAffiliations(t *testing.T) {
	for name, c := range map[string]struct {
		scopes []string
		scoped any
		group  string
		met    bool
	}{
		"a student":                          {[]string{"uni.example"}, []string{"member@uni.example", "student@uni.example"}, "student", true},
		"one text":                           {[]string{"uni.example"}, "student@uni.example", "student", true},
		"case carries no meaning":            {[]string{"uni.example"}, "Student@UNI.example", "student", true},
		"one of a proxy's members":           {[]string{"a.example", "uni.example"}, "student@uni.example", "student", true},
		"a scope that this issuer has not":   {[]string{"uni.example"}, "student@other.example", "student", false},
		"no scopes: nothing is believed":     {nil, "student@uni.example", "student", false},
		"a subdomain of a scope":             {[]string{"uni.example"}, "student@evil.uni.example", "student", false},
		"a scope that ends like ours":        {[]string{"uni.example"}, "student@xuni.example", "student", false},
		"split at the first @, ours last":    {[]string{"uni.example"}, "student@evil.example@uni.example", "student", false},
		"split at the first @, ours first":   {[]string{"uni.example"}, "student@uni.example@evil.example", "student", false},
		"a name before the affiliation":      {[]string{"uni.example"}, "x@student@uni.example", "student", false},
		"without a scope":                    {[]string{"uni.example"}, "student", "student", false},
		"an empty scope":                     {[]string{"uni.example"}, "student@", "student", false},
		"member":                             {[]string{"uni.example"}, "member@uni.example", "student", false},
		"affiliate":                          {[]string{"uni.example"}, "affiliate@uni.example", "student", false},
		"alum":                               {[]string{"uni.example"}, "alum@uni.example", "student", false},
		"library-walk-in":                    {[]string{"uni.example"}, "library-walk-in@uni.example", "student", false},
		"faculty is no student":              {[]string{"uni.example"}, "faculty@uni.example", "student", false},
		"faculty teaches":                    {[]string{"uni.example"}, "faculty@uni.example", "teacher", true},
		"staff does not teach":               {[]string{"uni.example"}, "staff@uni.example", "teacher", false},
		"staff is employed":                  {[]string{"uni.example"}, "staff@uni.example", "employee", true},
		"employee":                           {[]string{"uni.example"}, "employee@uni.example", "employee", true},
		"a claim of the wrong type":          {[]string{"uni.example"}, map[string]any{"student@uni.example": true}, "student", false},
		"a list that is not of texts":        {[]string{"uni.example"}, []any{"student@uni.example", 7}, "student", false},
		"unscoped affiliation of the forger": {[]string{"uni.example"}, nil, "student", false},
	} {
		t.Run(name, func(t *testing.T) {
			out := signIn(t, refeds(c.scopes...), map[string]any{"eduperson_scoped_affiliation": c.scoped}, c.group, "")
			if (out.Met != nil) != c.met || (len(out.Reject) > 0) == c.met {
				t.Fatalf("%+v", out)
			}
		})
	}
}

func TestAUniqueCodeIsThePersonToo(t *testing.T) {
	claims := map[string]any{"eduperson_scoped_affiliation": "student@uni.example", "schac_personal_unique_code": []string{
		"urn:schac:personalUniqueCode:int:esi:uni.example:AB12", "urn:other:x", "urn:schac:personalUniqueCode:"}}
	out := signIn(t, refeds("uni.example"), claims, "student", "university")
	if out.Met == nil || len(out.Met.Identifiers) != 2 || !slices.Contains(out.Met.Identifiers, "schac:urn:schac:personaluniquecode:int:esi:uni.example:ab12") {
		t.Fatalf("%+v", out.Met)
	}
	if out := signIn(t, nil, claims, "student", ""); len(out.Met.Identifiers) != 1 {
		t.Errorf("without the preset the code is a person, too: %v", out.Met.Identifiers)
	}
}

func TestIDme(t *testing.T) {
	idme := map[string]any{"preset": "idme", "claims": []any{}, "rules": []any{}}
	for name, c := range map[string]struct {
		status          any
		group, subgroup string
		met             bool
	}{
		"a student":               {[]any{map[string]any{"group": "student", "verified": true}}, "student", "", true},
		"not verified":            {[]any{map[string]any{"group": "student", "verified": false}}, "student", "", false},
		"verified as text":        {[]any{map[string]any{"group": "student", "verified": "true"}}, "student", "", false},
		"verified is missing":     {[]any{map[string]any{"group": "student"}}, "student", "", false},
		"another group":           {[]any{map[string]any{"group": "teacher", "verified": true}}, "student", "", false},
		"a veteran":               {[]any{map[string]any{"group": "military", "subgroups": []string{"Veteran"}, "verified": true}}, "military", "veteran", true},
		"a veteran is not active": {[]any{map[string]any{"group": "military", "subgroups": []string{"Veteran"}, "verified": true}}, "military", "active_duty", false},
		"subgroup of an unverified group": {[]any{map[string]any{"group": "military", "verified": true},
			map[string]any{"group": "x", "subgroups": []string{"Veteran"}, "verified": false}}, "military", "veteran", false},
		"an entry of another shape beside": {[]any{7, map[string]any{"group": "nurse", "verified": true}}, "healthcare", "nurse", true},
		"status is no list":                {map[string]any{"group": "student", "verified": true}, "student", "", false},
		"nothing":                          {nil, "student", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			out := signIn(t, idme, map[string]any{"status": c.status}, c.group, c.subgroup)
			if c.met != (out.Met != nil && (c.subgroup == "" || out.Met.Subgroup == c.subgroup)) {
				t.Fatalf("%+v", out)
			}
		})
	}
	own := map[string]any{"preset": "idme", "claims": []any{}, "rules": []map[string]string{{"when": `attributes["zip"] == "94105" && "student" in groups`, "group": "student"}}}
	claims := map[string]any{"status": []any{map[string]any{"group": "student", "verified": true}}, "attributes": []any{map[string]any{"handle": "zip", "value": "94105"}, 7}}
	if out := signIn(t, own, claims, "student", ""); out.Met == nil {
		t.Errorf("rules of the store's own: %+v", out)
	}
}

func TestPresetsAreChecked(t *testing.T) {
	for name, c := range map[string]map[string]any{
		"an unknown preset":                  {"preset": "shibboleth"},
		"scopes without the preset":          {"affiliation_scopes": []string{"uni.example"}},
		"scopes of another preset":           {"preset": "idme", "affiliation_scopes": []string{"uni.example"}},
		"a scope with an @":                  refeds("@uni.example"),
		"a scope with a star":                refeds("*.uni.example"),
		"a scope in upper case":              refeds("Uni.example"),
		"an empty scope":                     refeds(""),
		"no rules without a preset":          {"rules": []any{}},
		"scoped values as a plain claim":     {"claims": []map[string]string{{"name": "affiliation", "claim": "eduperson_scoped_affiliation", "type": "strings"}}},
		"scoped values beside the preset":    {"preset": "refeds", "claims": []map[string]string{{"name": "raw", "claim": "eduperson_scoped_affiliation", "type": "strings"}}, "rules": []any{}},
		"a claim that hides a variable":      {"preset": "refeds", "claims": []map[string]string{{"name": "affiliation", "claim": "x", "type": "strings"}}, "rules": []any{}},
		"a rule with an undeclared variable": {"preset": "refeds", "claims": []any{}, "rules": []map[string]string{{"when": `"x" in groups`, "group": "student"}}},
	} {
		decoded, err := kind().Decode("uni", []byte(config(t, "https://idp.example", c)))
		if err != nil {
			t.Fatal(err)
		}
		if err := decoded.Validate(); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := kind().Decode("uni", []byte(`{"preset":"refeds","scopes_list":[]}`)); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an unknown key: %v", err)
	}
}

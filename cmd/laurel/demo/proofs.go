package demo

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/document"
	"github.com/laurel-gateway/laurel/verify/oidc"
)

// The store's own lists. Student mail is checked against the shipped pack of schools.
var lists = map[string]string{
	"school-districts": "lincoln-district.example\nhillside-isd.example\n",
	"hospitals":        "riverside-hospital.example\nst-brigid-clinic.example\n",
	"military":         "mil\nnavy-families.example\n",
}

// rosters are lists of people. Who is on the confidential one of the teachers knows their number, and nobody else does;
// the nurses' numbers can be looked up, so that their policy asks for the hospital's mailbox too.
var rosters = []verify.RosterInput{
	{Name: "district-staff", Title: "Staff of the school district", Group: "teacher", Subgroup: "k12", Confidential: true,
		Text: "number,first_name,last_name\nT-1001,Grace,Okonkwo\nT-1002,José,Muñoz Rivera\nT-1003,Anke,Söderström\nT-1004,Ruth,Feldman\n"},
	{Name: "nurses", Title: "Board of nursing", Group: "healthcare", Subgroup: "nurse",
		Text: "number,first_name,last_name\nRN-2001,Flora,Adeyemi\nRN-2002,Mary,O'Brien\nRN-2003,Łucja,Zielińska\nRN-2004,Dinah,Whitfield\n"},
}

// policies are the paths to proof by group, one at least for each kind of verifier. Every path that is there for trying
// out is the mock: it exists in test stores only.
var policies = map[string][]verify.Path{
	"student":    {{"email"}, {"oidc:" + provider}, {"document"}, {"mock"}},
	"teacher":    {{"email:school-districts"}, {"oidc:" + provider}, {"registry:district-staff"}, {"mock"}},
	"military":   {{"email:military"}, {"document"}, {"mock"}},
	"healthcare": {{"registry:nurses", "email:hospitals"}, {"email:hospitals"}, {"mock"}},
	"employee":   {{"remote:" + directory}, {"mock"}},
}

// proofs are the lists, the verifiers with something to set, and the policies.
func (d *Demo) proofs(ctx context.Context, store verify.StoreRef) error {
	by := verify.Actor{Name: seeder}
	for name, text := range lists {
		if _, err := d.Gateway.Verify.SavePack(ctx, store, by, verify.PackInput{Name: name, Purpose: verify.Eligible, Data: []byte(text)}); err != nil {
			return fmt.Errorf("make the list %s: %w", name, err)
		}
	}
	for _, roster := range rosters {
		if _, err := d.Gateway.Verify.SaveRoster(ctx, store, by, roster); err != nil {
			return fmt.Errorf("make the roster %s: %w", roster.Name, err)
		}
	}
	for _, v := range []struct {
		verify.SettingInput
		config any
	}{
		{verify.SettingInput{Verifier: "oidc", Instance: provider, Secret: d.State.UniversitySecret}, universityConfig(d.URL)},
		{verify.SettingInput{Verifier: "remote", Instance: directory, Secret: d.State.DirectorySecret}, directoryConfig(d.URL)},
		{verify.SettingInput{Verifier: "document"}, documentConfig()},
	} {
		config, err := json.Marshal(v.config)
		if err != nil {
			return fmt.Errorf("describe the verifier %s: %w", v.Verifier, err)
		}
		v.Config = config
		if _, err := d.Gateway.Verify.SaveSetting(ctx, store, by, v.SettingInput); err != nil {
			return fmt.Errorf("set the verifier %s: %w", v.Verifier, err)
		}
	}
	for group, paths := range policies {
		p := verify.Policy{Group: group, Paths: paths, Validity: verify.Validity{Days: 365}}
		if _, err := d.Gateway.Verify.SavePolicy(ctx, store, by, p); err != nil {
			return fmt.Errorf("make the policy for %s: %w", group, err)
		}
	}
	return nil
}

func universityConfig(public string) oidc.Config {
	return oidc.Config{
		Name: "Demo University", Issuer: public + universityPath, ClientID: universityClient, Scopes: []string{"profile", "email"},
		Claims: []oidc.Claim{{Name: "affiliation", Claim: "eduperson_affiliation", Type: "strings"}},
		Rules: []oidc.Rule{
			{When: `"student" in affiliation`, Group: "student", Subgroup: "university"},
			{When: `"faculty" in affiliation`, Group: "teacher", Subgroup: "faculty"},
		},
	}
}

func documentConfig() document.Config {
	return document.Config{
		Ask: []string{"birth_date", "organisation"}, Reviewers: 1, KeepDays: document.DefaultKeepDays, LookAlikes: document.HoldLookAlikes,
		Accept: []verify.Label{
			{"en": "A student or service card with a date of this year", "de": "Ein Studierenden- oder Dienstausweis mit einem Datum dieses Jahres"},
			{"en": "A certificate of enrolment or service", "de": "Eine Immatrikulations- oder Dienstbescheinigung"},
		},
	}
}

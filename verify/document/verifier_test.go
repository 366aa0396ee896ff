package document_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/document"
	"github.com/laurel-gateway/laurel/verify/verifytest"
)

// tray has what was uploaded, and what looks like it.
type tray struct {
	docs  []verify.DocumentFile
	alike []verify.LookAlike
}

func (t tray) Uploaded(context.Context, string, string) ([]verify.DocumentFile, error) {
	return t.docs, nil
}

func (t tray) LookAlikes(context.Context, verify.Attempt, []verify.DocumentFile, []string) ([]verify.LookAlike, error) {
	return t.alike, nil
}

var two = tray{docs: []verify.DocumentFile{{ID: "doc_1", Pages: make([]verify.DocumentPage, 2)}, {ID: "doc_2", Pages: make([]verify.DocumentPage, 1)}}}

func given(change ...string) map[string]string {
	fields := map[string]string{"documents": "doc_1", "first_name": "Ada", "last_name": "Lovelace", "birth_date": "2001-12-10", "organisation": "Example University"}
	for i := 0; i < len(change); i += 2 {
		fields[change[i]] = change[i+1]
	}
	return fields
}

func TestKit(t *testing.T) {
	verifytest.Run(t, verifytest.Case{
		Kind: document.New(two), Opening: verify.Opening{Store: verify.StoreRef{ID: "sto_1", Test: true}},
		Config: `{"ask":["birth_date","organisation"],"accept":[{"en":"Student card"}],"reviewers":2,"keep_days":3}`,
		Bad: []string{`{"ask":[]}`, `{"ask":["shoe_size"]}`, `{"ask":["birth_date","birth_date"]}`, `{"reviewers":3}`, `{"reviewers":0}`, `{"keep_days":-1}`,
			`{"keep_days":91}`, `{"look_alikes":"ignore"}`, `{"ask":["birth_date"],"organisations":["A"]}`, `{"organisations":["--"]}`, `{"accept":[{}]}`,
			`{"accept":[{"en":""}]}`, `{} {}`},
		GoodAnswers: []map[string]string{given(), given("documents", "doc_2,doc_1"), given("documents", "")},
		BadAnswers: []map[string]string{given("documents", "doc_3"), given("documents", "doc_1,doc_1"), given("first_name", ""), given("last_name", "--"),
			given("birth_date", "10.12.2001"), given("birth_date", "2999-01-01"), given("birth_date", ""), given("organisation", ""),
			given("first_name", strings.Repeat("a", 101))},
	})
	if _, err := document.New(two).Decode("badges", nil); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an instance that nobody configured: %v", err)
	}
}

func open(t *testing.T, d document.Documents, config string) *document.Verifier {
	t.Helper()
	c, err := document.New(d).Decode("", []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	v, err := c.Open(verify.Opening{})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*document.Verifier)
}

func answer(t *testing.T, v *document.Verifier, fields map[string]string) verify.Outcome {
	t.Helper()
	at := verify.Attempt{Store: verify.StoreRef{ID: "sto_1"}, Verification: "ver_1", Group: "student", Now: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)}
	out, err := v.Answer(t.Context(), at, verify.Answer{Step: verify.StepDocument, Fields: fields})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnAnswerGoesToPeople(t *testing.T) {
	out := answer(t, open(t, two, ""), given("documents", ""))
	if out.Review == nil || out.Met != nil || out.Reviewers != 1 || !slices.Equal(out.Why, []string{"document"}) || len(out.Signals) > 0 {
		t.Fatalf("%+v", out)
	}
	if !slices.Equal(out.Submit.Documents, []string{"doc_1", "doc_2"}) || out.Submit.KeepDays != document.DefaultKeepDays {
		t.Errorf("%+v", out.Submit)
	}
	if out.Collected["first_name"] != "Ada" || out.Collected["organisation"] != "Example University" || out.Review.Organisation != "" {
		t.Errorf("%+v, organisation %q", out.Collected, out.Review.Organisation)
	}
	if out.Review.Facts["documents"] != "2" || out.Review.Facts["pages"] != "3" {
		t.Errorf("%v", out.Review.Facts)
	}
}

func TestLookAlikesAskTwo(t *testing.T) {
	alike := []verify.LookAlike{{Document: verify.DocumentFile{Verification: "ver_8"}, Distance: 3}, {Document: verify.DocumentFile{Verification: "ver_8"}},
		{Document: verify.DocumentFile{Verification: "ver_9"}, SameFile: true}}
	for config, reviewers := range map[string]int{"": 2, `{"look_alikes":"signal"}`: 1, `{"look_alikes":"signal","reviewers":2}`: 2} {
		out := answer(t, open(t, tray{two.docs, alike}, config), given())
		if out.Reviewers != reviewers || out.Signals[verify.SignalLookAlike] != 2 || !slices.Equal(out.Why, []string{"document", "look_alike", "same_file"}) {
			t.Errorf("%s: %d reviewers, %v, %v", config, out.Reviewers, out.Signals, out.Why)
		}
	}
}

func TestAPersonIsKnownHoweverTheyWrite(t *testing.T) {
	v := open(t, two, "")
	tags := func(change ...string) []string { return answer(t, v, given(change...)).Review.Identifiers }
	base := tags()
	for name, same := range map[string][]string{
		"case":        tags("first_name", "ADA", "last_name", "lovelace"),
		"accents":     tags("first_name", "Adá"),
		"order":       tags("first_name", "Lovelace", "last_name", "Ada"),
		"spaces":      tags("first_name", "  Ada ", "organisation", "example   university"),
		"punctuation": tags("last_name", "Lovelace.", "organisation", "Example-University"),
	} {
		if !slices.Equal(same, base) {
			t.Errorf("%s: %v is not %v", name, same, base)
		}
	}
	for name, other := range map[string][]string{
		"name": tags("first_name", "Adam"), "birth": tags("birth_date", "2001-12-11"), "organisation": tags("organisation", "Other University"),
	} {
		if slices.ContainsFunc(other, func(i string) bool { return slices.Contains(base, i) }) {
			t.Errorf("another %s is the same person", name)
		}
	}
	written := tags("last_name", "Müller")
	for _, way := range []string{"Mueller", "Muller", "MÜLLER"} {
		if !slices.ContainsFunc(tags("last_name", way), func(i string) bool { return slices.Contains(written, i) }) {
			t.Errorf("%s is another person than Müller", way)
		}
	}
}

func TestFieldsAreThoseThatAreAsked(t *testing.T) {
	v := open(t, two, `{"ask":["organisation"],"organisations":["Example University","Universität München"],"accept":[{"en":"Card","de":"Ausweis"}]}`)
	var names []string
	for _, f := range v.Fields() {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"first_name", "last_name", "organisation"}) {
		t.Errorf("%v", names)
	}
	if u := v.Upload(); u.MaxFiles != 3 || u.MaxBytes != 10<<20 || len(u.MediaTypes) != 4 || len(u.Organisations) != 2 || u.Accepted[0]["de"] != "Ausweis" {
		t.Errorf("%+v", u)
	}
	out := answer(t, v, given("birth_date", "", "organisation", "universitat munchen"))
	if out.Review.Organisation != "Universität München" || out.Collected["organisation"] != "Universität München" {
		t.Errorf("%+v", out)
	}
	at := verify.Attempt{Now: time.Now()}
	for name, fields := range map[string]map[string]string{"not on the list": given("birth_date", "", "organisation", "Elsewhere"), "not asked": given()} {
		if _, err := v.Answer(t.Context(), at, verify.Answer{Step: verify.StepDocument, Fields: fields}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

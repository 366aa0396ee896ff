package document

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/fold"
	"github.com/laurel-gateway/laurel/internal/imaging"
	"github.com/laurel-gateway/laurel/verify"
)

// MaxFile bounds a file that is uploaded, in bytes.
const MaxFile = 10 << 20

// maxName bounds each part of a name, in characters.
const maxName = 100

// Documents finds what was uploaded.
type Documents interface {
	// Uploaded returns the documents of a verification that can be handed in, oldest first.
	Uploaded(ctx context.Context, store, verification string) ([]verify.DocumentFile, error)
	// LookAlikes returns the documents of others that look like these, handed in by who has these identifiers.
	LookAlikes(ctx context.Context, at verify.Attempt, docs []verify.DocumentFile, identifiers []string) ([]verify.LookAlike, error)
}

// Verifier proves by documents. It implements verify.Verifier, verify.Answerer, verify.Asking and verify.DocumentTaker.
type Verifier struct{ config Config }

// Name implements verify.Verifier.
func (*Verifier) Name() string { return "document" }

// Classes implements verify.Verifier.
func (*Verifier) Classes() []verify.Class { return []verify.Class{verify.Document} }

// Step implements verify.Verifier.
func (*Verifier) Step() verify.Step { return verify.StepDocument }

var (
	firstName    = verify.Field{Name: "first_name", Kind: "text", Required: true, MaxLength: maxName, Label: verify.Label{"en": "First name", "de": "Vorname"}}
	lastName     = verify.Field{Name: "last_name", Kind: "text", Required: true, MaxLength: maxName, Label: verify.Label{"en": "Last name", "de": "Nachname"}}
	birthDate    = verify.Field{Name: askBirthDate, Kind: "date", Required: true, MaxLength: 10, Label: verify.Label{"en": "Date of birth", "de": "Geburtsdatum"}}
	organisation = verify.Field{Name: askOrganisation, Kind: "text", Required: true, MaxLength: maxText, Label: verify.Label{"en": "Institution", "de": "Einrichtung"}}
)

// Fields implements verify.Asking.
func (v *Verifier) Fields() []verify.Field {
	out := []verify.Field{firstName, lastName}
	if v.asks(askBirthDate) {
		out = append(out, birthDate)
	}
	if v.asks(askOrganisation) {
		out = append(out, organisation)
	}
	return out
}

func (v *Verifier) asks(field string) bool { return slices.Contains(v.config.Ask, field) }

// Upload implements verify.DocumentTaker.
func (v *Verifier) Upload() verify.UploadRules {
	return verify.UploadRules{
		MaxFiles: verify.MaxDocuments, MaxBytes: MaxFile, MaxPages: imaging.MaxPages,
		MediaTypes: []string{string(imaging.JPEG), string(imaging.PNG), string(imaging.WebP), string(imaging.PDF)},
		Accepted:   slices.Clone(v.config.Accept), Organisations: slices.Clone(v.config.Organisations),
	}
}

// claim is what the shopper says, folded for comparison.
type claim struct {
	documents                                    []string
	firstName, lastName, birthDate, organisation string
}

// Answer implements verify.Answerer: step document takes {"documents", "first_name", "last_name", "birth_date",
// "organisation"}, the first of which are ids with commas between. Whatever it takes goes to people. Faults: invalid.
func (v *Verifier) Answer(ctx context.Context, at verify.Attempt, a verify.Answer) (verify.Outcome, error) {
	c, err := v.read(a.Fields, at.Now)
	if err != nil {
		return verify.Outcome{}, err
	}
	docs, err := v.documents(ctx, at, c.documents)
	if err != nil {
		return verify.Outcome{}, err
	}
	identifiers := c.identifiers()
	alike, err := v.config.documents.LookAlikes(ctx, at, docs, identifiers)
	if err != nil {
		return verify.Outcome{}, err
	}
	out := verify.Outcome{
		Review: &verify.Evidence{Classes: v.Classes(), Group: at.Group, Subgroup: at.Subgroup, Identifiers: identifiers, Facts: facts(docs)},
		Submit: &verify.Submission{KeepDays: v.config.KeepDays}, Reviewers: v.config.Reviewers, Collected: c.collected(), Why: []string{"document"},
	}
	if slices.Contains(v.config.Organisations, c.organisation) {
		// What is on the store's list names no person.
		out.Review.Organisation = c.organisation
	}
	for _, d := range docs {
		out.Submit.Documents = append(out.Submit.Documents, d.ID)
	}
	v.weigh(&out, alike)
	return out, nil
}

// weigh notes look-alikes, each verification of others once.
func (v *Verifier) weigh(out *verify.Outcome, alike []verify.LookAlike) {
	if len(alike) == 0 {
		return
	}
	whose := map[string]bool{}
	same := false
	for _, l := range alike {
		whose[l.Document.Verification] = true
		same = same || l.SameFile
	}
	out.Signals = map[string]int{verify.SignalLookAlike: len(whose)}
	out.Why = append(out.Why, "look_alike")
	if same {
		out.Why = append(out.Why, "same_file")
	}
	if v.config.LookAlikes == HoldLookAlikes {
		out.Reviewers = 2
	}
}

func facts(docs []verify.DocumentFile) map[string]string {
	pages := 0
	for _, d := range docs {
		pages += len(d.Pages)
	}
	return map[string]string{"documents": strconv.Itoa(len(docs)), "pages": strconv.Itoa(pages)}
}

// documents returns those that are named; all that are there when none is.
func (v *Verifier) documents(ctx context.Context, at verify.Attempt, named []string) ([]verify.DocumentFile, error) {
	there, err := v.config.documents.Uploaded(ctx, at.Store.ID, at.Verification)
	if err != nil {
		return nil, err
	}
	f := fault.New(fault.Invalid, "The documents are not right.")
	if len(there) == 0 {
		return nil, f.At("#/documents", "upload at least one document first")
	}
	if len(named) == 0 {
		return there, nil
	}
	var out []verify.DocumentFile
	for i, id := range named {
		found := slices.IndexFunc(there, func(d verify.DocumentFile) bool { return d.ID == id })
		if found < 0 || slices.Contains(named[:i], id) {
			f = f.At("#/documents/"+strconv.Itoa(i), "not a document that was uploaded for this verification and waits, or named twice")
			continue
		}
		out = append(out, there[found])
	}
	if len(f.Fields) > 0 {
		return nil, f
	}
	return out, nil
}

func (v *Verifier) read(fields map[string]string, now time.Time) (claim, error) {
	f := fault.New(fault.Invalid, "Something is missing, or is not written right.")
	c := claim{firstName: strings.TrimSpace(fields["first_name"]), lastName: strings.TrimSpace(fields["last_name"])}
	if list := fields["documents"]; list != "" {
		c.documents = strings.Split(list, ",")
	}
	if !readable(c.firstName, maxName) {
		f = f.At("#/first_name", "give your first name, as it stands on the document")
	}
	if !readable(c.lastName, maxName) {
		f = f.At("#/last_name", "give your last name, as it stands on the document")
	}
	var wrong string
	if c.birthDate, wrong = v.readBirthDate(fields[askBirthDate], now); wrong != "" {
		f = f.At("#/birth_date", wrong)
	}
	if c.organisation, wrong = v.readOrganisation(fields[askOrganisation]); wrong != "" {
		f = f.At("#/organisation", wrong)
	}
	if len(f.Fields) > 0 {
		return c, f
	}
	return c, nil
}

func readable(text string, most int) bool {
	return utf8.RuneCountInString(text) <= most && len(fold.Words(text)) > 0
}

const notAsked = "this is not asked for"

func (v *Verifier) readBirthDate(text string, now time.Time) (date, wrong string) {
	if !v.asks(askBirthDate) {
		if text != "" {
			return "", notAsked
		}
		return "", ""
	}
	born, err := time.Parse(time.DateOnly, text)
	if err != nil || born.After(now) || born.Before(now.AddDate(-120, 0, 0)) {
		return "", "give your date of birth, such as 2001-12-10"
	}
	return text, ""
}

// readOrganisation returns the organisation as the store's list writes it, if there is one.
func (v *Verifier) readOrganisation(text string) (name, wrong string) {
	if !v.asks(askOrganisation) {
		if text != "" {
			return "", notAsked
		}
		return "", ""
	}
	text = strings.TrimSpace(text)
	if !readable(text, maxText) {
		return "", "give the name of your institution, as it stands on the document"
	}
	if len(v.config.Organisations) == 0 {
		return text, ""
	}
	for _, o := range v.config.Organisations {
		if slices.Equal(fold.Words(o), fold.Words(text)) {
			return o, ""
		}
	}
	return "", "choose one of the institutions"
}

func (c claim) collected() map[string]string {
	out := map[string]string{"first_name": c.firstName, "last_name": c.lastName}
	if c.birthDate != "" {
		out[askBirthDate] = c.birthDate
	}
	if c.organisation != "" {
		out[askOrganisation] = c.organisation
	}
	return out
}

// identifiers name the person by name, birth date and organisation: without case, accents and punctuation, in whatever
// order the names were given. Umlauts count both ways in which they are written, each of which finds the person again.
func (c claim) identifiers() []string {
	var out []string
	for _, name := range fold.Spellings(c.firstName + " " + c.lastName) {
		slices.Sort(name)
		for _, organisation := range fold.Spellings(c.organisation) {
			out = append(out, "document:"+strings.Join(name, " ")+"|"+c.birthDate+"|"+strings.Join(organisation, " "))
		}
	}
	return out
}

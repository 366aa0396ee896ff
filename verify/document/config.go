package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/fold"
	"github.com/laurel-gateway/laurel/verify"
)

// What can be asked beside the name.
const (
	askBirthDate    = "birth_date"
	askOrganisation = "organisation"
)

// What look-alikes of others do.
const (
	// HoldLookAlikes asks two people.
	HoldLookAlikes = "two_reviewers"
	// NoteLookAlikes only tells the reviewer: for stores whose shoppers' documents all look alike by nature.
	NoteLookAlikes = "signal"
)

// DefaultKeepDays is how many days documents are kept after the decision.
const DefaultKeepDays = 7

const (
	maxKeepDays      = 90
	maxOrganisations = 2000
	maxAccepted      = 20
	maxText          = 200
)

// Config says what a step with documents asks for.
type Config struct {
	// Ask is what is asked beside the name: birth_date, organisation or both. At least one is, because a name alone is that
	// of many people.
	Ask []string `json:"ask"`
	// Organisations are the only ones that may be named; empty for any.
	Organisations []string `json:"organisations,omitempty"`
	// Accept are the kinds of documents that show the group, by language, as the shopper reads them.
	Accept []verify.Label `json:"accept,omitempty"`
	// Reviewers is how many people have to agree, always: 1 or 2.
	Reviewers int `json:"reviewers"`
	// KeepDays is how many days documents are kept after the decision.
	KeepDays int `json:"keep_days"`
	// LookAlikes is two_reviewers or signal.
	LookAlikes string `json:"look_alikes"`

	documents Documents
}

// Kind opens document verifiers.
type Kind struct{ documents Documents }

// New returns the kind.
func New(d Documents) *Kind { return &Kind{d} }

// Name is "document".
func (*Kind) Name() string { return "document" }

// Decode reads a configuration; unknown keys are refused. What is left out has its default, and nothing at all is enough.
func (k *Kind) Decode(instance string, raw []byte) (verify.Config, error) {
	if instance != "" && len(raw) == 0 {
		return nil, fault.Newf(fault.Invalid, "The store has no document step called %q.", instance)
	}
	c := Config{Ask: []string{askBirthDate, askOrganisation}, Reviewers: 1, KeepDays: DefaultKeepDays, LookAlikes: HoldLookAlikes, documents: k.documents}
	if len(raw) == 0 {
		return c, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return nil, fault.New(fault.Invalid, "The configuration of the document verifier is not understood.").At("#/config", "unknown key or wrong type").Wrap(err)
	}
	if decoder.More() {
		return nil, fault.New(fault.Invalid, "The configuration is one JSON object.").At("#/config", "something follows it")
	}
	return c, nil
}

// Validate implements verify.Config.
func (c Config) Validate() error {
	f := fault.New(fault.Invalid, "The configuration of the document verifier is not valid.")
	if len(c.Ask) == 0 {
		f = f.At("#/config/ask", "ask for birth_date, organisation or both: many people have the same name")
	}
	for i, a := range c.Ask {
		if a != askBirthDate && a != askOrganisation || slices.Contains(c.Ask[:i], a) {
			f = f.At(fmt.Sprintf("#/config/ask/%d", i), "birth_date or organisation, each once")
		}
	}
	if c.Reviewers != 1 && c.Reviewers != 2 {
		f = f.At("#/config/reviewers", "1 or 2")
	}
	if c.KeepDays < 0 || c.KeepDays > maxKeepDays {
		f = f.At("#/config/keep_days", fmt.Sprintf("from 0 to %d", maxKeepDays))
	}
	if c.LookAlikes != HoldLookAlikes && c.LookAlikes != NoteLookAlikes {
		f = f.At("#/config/look_alikes", "two_reviewers or signal")
	}
	f = c.checkLists(f)
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

func (c Config) checkLists(f *fault.Fault) *fault.Fault {
	if len(c.Organisations) > 0 && !slices.Contains(c.Ask, askOrganisation) {
		f = f.At("#/config/organisations", "set without asking for the organisation")
	}
	if len(c.Organisations) > maxOrganisations {
		return f.At("#/config/organisations", fmt.Sprintf("at most %d", maxOrganisations))
	}
	for i, o := range c.Organisations {
		if len(fold.Words(o)) == 0 || len(o) > maxText {
			f = f.At(fmt.Sprintf("#/config/organisations/%d", i), fmt.Sprintf("a name of at most %d bytes", maxText))
		}
	}
	if len(c.Accept) > maxAccepted {
		return f.At("#/config/accept", fmt.Sprintf("at most %d", maxAccepted))
	}
	for i, label := range c.Accept {
		if len(label) == 0 {
			f = f.At(fmt.Sprintf("#/config/accept/%d", i), "a text by language, such as {\"en\": \"Student card\"}")
		}
		for _, text := range label {
			if text == "" || len(text) > maxText {
				f = f.At(fmt.Sprintf("#/config/accept/%d", i), fmt.Sprintf("texts of at most %d bytes", maxText))
			}
		}
	}
	return f
}

// Open implements verify.Config.
func (c Config) Open(verify.Opening) (verify.Verifier, error) { return &Verifier{c}, nil }

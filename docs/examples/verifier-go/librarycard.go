// Package librarycard proves a member of a public library: the shopper gives the number and the PIN of their card, and the
// library's own service says whether they belong together.
package librarycard

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// Kind opens library card verifiers.
type Kind struct{ client *http.Client }

// New returns the kind. client decides which addresses may be reached.
func New(client *http.Client) *Kind { return &Kind{client: client} }

// Name is what stands before the colon in a policy: "librarycard:city".
func (*Kind) Name() string { return "librarycard" }

// Config describes one library.
type Config struct {
	Name string `json:"name"`
	// URL of the library's service. It is asked as POST, with {"card", "pin"}, and answers {"valid", "until"}.
	URL string `json:"url"`

	client *http.Client
}

// Decode reads a configuration. Unknown keys are refused, so that a typing error is found when it is saved.
func (k *Kind) Decode(instance string, raw []byte) (verify.Config, error) {
	c := Config{client: k.client}
	if len(raw) == 0 {
		return nil, fault.Newf(fault.Invalid, "The store has no library called %q.", instance)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return nil, fault.New(fault.Invalid, "The configuration is not understood.").At("#/config", "unknown key or wrong type").Wrap(err)
	}
	return c, nil
}

// Validate points at every problem at once. It asks nobody.
func (c Config) Validate() error {
	f := fault.New(fault.Invalid, "The configuration is not valid.")
	if c.Name == "" {
		f = f.At("#/config/name", "give the name that shoppers see")
	}
	if u, err := url.Parse(c.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "127.0.0.1" {
		f = f.At("#/config/url", "use an https address")
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// Open makes a verifier. The secret is the store's key at the library; Laurel keeps it encrypted.
func (c Config) Open(o verify.Opening) (verify.Verifier, error) {
	if o.Secret == "" {
		return nil, fault.New(fault.Invalid, "The library asks for a key.").At("#/secret", "missing")
	}
	return &Verifier{config: c, key: o.Secret}, nil
}

// Verifier is one library. All requests share it, so it keeps nothing between them.
type Verifier struct {
	config Config
	key    string
}

// Name is that of the kind.
func (*Verifier) Name() string { return "librarycard" }

// Classes of its evidence: the library's record is authoritative.
func (*Verifier) Classes() []verify.Class { return []verify.Class{verify.Authority} }

// Step is the one that asks for declared fields: the API and the widget know it already.
func (*Verifier) Step() verify.Step { return verify.StepRemote }

// DisplayName is what shoppers read.
func (v *Verifier) DisplayName() string { return v.config.Name }

// Fields are what the shopper gives.
func (*Verifier) Fields() []verify.Field {
	return []verify.Field{
		{Name: "card", Label: verify.Label{"en": "Card number", "de": "Ausweisnummer"}, Kind: "number", Required: true, MaxLength: 12},
		{Name: "pin", Label: verify.Label{"en": "PIN", "de": "PIN"}, Kind: "number", Required: true, MaxLength: 8},
	}
}

var (
	cardNumber = regexp.MustCompile(`^[0-9]{6,12}$`)
	pin        = regexp.MustCompile(`^[0-9]{4,8}$`)

	errShape = fault.New(fault.Invalid, "Give the number of the card, 6 to 12 digits, and its PIN.").At("#/fields", "not a card")
	errAway  = fault.New(fault.ProviderUnavailable, "The library does not answer right now. Try again in a moment.").After(5 * time.Second)
	errWrong = fault.New(fault.NotEligible, "Number and PIN do not belong together.")
)

const maxTries = 5

// Answer asks the library. A wrong PIN is a counted try; a library that is away is never a no.
func (v *Verifier) Answer(ctx context.Context, at verify.Attempt, a verify.Answer) (verify.Outcome, error) {
	if a.Step != verify.StepRemote {
		return verify.Outcome{}, verify.ErrInvalidStep
	}
	card := a.Fields["card"]
	if !cardNumber.MatchString(card) || !pin.MatchString(a.Fields["pin"]) {
		return verify.Outcome{}, errShape
	}
	said, err := v.ask(ctx, card, a.Fields["pin"])
	if err != nil {
		return verify.Outcome{}, errAway.Wrap(err)
	}
	// The same card is asked about five times an hour at most, whoever types it and whatever comes out.
	limit := verify.Limit{Kind: "library_hour", Identifier: "library:" + card, Max: 5, Window: time.Hour,
		Refusal: fault.New(fault.RateLimited, "This card was tried too often. Try again later.")}
	out := verify.Outcome{Limits: []verify.Limit{limit}}
	if !said.Valid || !said.Until.After(at.Now) {
		out.Wrong, out.MaxTries = errWrong, maxTries
		return out, nil
	}
	out.Met = &verify.Evidence{
		Classes: v.Classes(), Group: at.Group, Organisation: v.config.Name, ValidUntil: said.Until,
		// What identifies the person: one card, one benefit. It is hashed before it is stored.
		Identifiers: []string{"librarycard:" + v.config.URL + "\n" + card},
	}
	return out, nil
}

type saying struct {
	Valid bool      `json:"valid"`
	Until time.Time `json:"until"`
}

// ask puts one bounded question. Its errors hold neither card nor PIN: they are logged.
func (v *Verifier) ask(ctx context.Context, card, pin string) (said saying, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	body, err := json.Marshal(map[string]string{"card": card, "pin": pin})
	if err != nil {
		return said, fmt.Errorf("writing the question: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.config.URL, bytes.NewReader(body))
	if err != nil {
		return said, fmt.Errorf("making the request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+v.key)
	req.Header.Set("Content-Type", "application/json")
	res, err := v.config.client.Do(req)
	if err != nil {
		return said, fmt.Errorf("asking the library: %w", err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK {
		return said, fmt.Errorf("the library answers with status %d", res.StatusCode)
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&said); err != nil {
		return said, errors.New("the library's answer is not readable")
	}
	return said, nil
}

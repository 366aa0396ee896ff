package remote

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/circuit"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Deps is what the kind is built with.
type Deps struct {
	// Client makes the requests. It decides which addresses may be reached; redirects are never followed.
	Client *http.Client
	// DecisionURL is where a decision about a verification is delivered to.
	DecisionURL func(store, verification string) string
	// Now is the real time, in which signatures live, whatever clock a test store has.
	Now func() time.Time
}

// Kind opens remote verifiers.
type Kind struct{ deps Deps }

// New returns the kind.
func New(deps Deps) *Kind {
	client := *deps.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	deps.Client = &client
	return &Kind{deps: deps}
}

// Name is "remote".
func (*Kind) Name() string { return "remote" }

// Config describes one remote verifier.
type Config struct {
	// Name is shown to shoppers.
	Name string `json:"name"`
	// URL takes the requests.
	URL string `json:"url"`
	// Fields are what the shopper gives, at least one.
	Fields []Field `json:"fields"`
	// Classes are those of its evidence. Without any: assertion.
	Classes []verify.Class `json:"classes,omitempty"`
	// TimeoutSeconds bounds one try, from 1 to 8; 5 when zero. Retries is how many may follow it, from 0 to 3.
	TimeoutSeconds int `json:"timeout_seconds,omitempty"`
	Retries        int `json:"retries,omitempty"`
	// MaxTries is how many wrong answers a verification may have, from 1 to 20; 5 when zero.
	MaxTries int `json:"max_tries,omitempty"`
	// Reasons are the codes that the other side may refuse with, and what the shopper reads. Any other code reads as
	// not_eligible.
	Reasons map[string]string `json:"reasons,omitempty"`

	kind *Kind
}

// Field is one thing that the shopper gives.
type Field struct {
	Name  string       `json:"name"`
	Label verify.Label `json:"label"`
	// Type is text, email, number or date (2006-01-02).
	Type     string `json:"type"`
	Required bool   `json:"required,omitempty"`
	// MaxLength is in characters, 200 when zero.
	MaxLength int `json:"max_length,omitempty"`
	// Limited: the same value is asked about five times an hour and ten times a day in the store, whoever gives it.
	Limited bool `json:"limited,omitempty"`
}

const (
	defaultTimeout   = 5
	maxTimeout       = 8
	maxRetries       = 3
	defaultMaxTries  = 5
	maxMaxTries      = 20
	maxFields        = 20
	defaultMaxLength = 200
	maxLength        = 1000
	maxReasons       = 50
	// minSecret is the least size of a secret, in bytes (Standard Webhooks, "Signature scheme").
	minSecret = 24
)

var (
	fieldTypes = []string{"text", "email", "number", "date"}
	// allowedClasses leaves out document: that a human of the store's looked is what the gateway's own review is for.
	allowedClasses = []verify.Class{verify.Possession, verify.Assertion, verify.Authority, verify.Knowledge, verify.SelfDeclared}
	fieldName      = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	codeName       = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
)

// Decode reads a configuration; unknown keys are refused. There is no remote verifier without one.
func (k *Kind) Decode(instance string, raw []byte) (verify.Config, error) {
	c := Config{kind: k}
	if len(raw) == 0 {
		return nil, fault.Newf(fault.Invalid, "The store has no remote verifier called %q.", instance)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return nil, fault.New(fault.Invalid, "The configuration of the remote verifier is not understood.").At("#/config", "unknown key or wrong type").Wrap(err)
	}
	if decoder.More() {
		return nil, fault.New(fault.Invalid, "The configuration is one JSON object.").At("#/config", "something follows it")
	}
	return c, nil
}

// Validate implements verify.Config.
func (c Config) Validate() error {
	f := fault.New(fault.Invalid, "The configuration of the remote verifier is not valid.")
	if strings.TrimSpace(c.Name) == "" {
		f = f.At("#/config/name", "give the name that shoppers see")
	}
	if !secureURL(c.URL) {
		f = f.At("#/config/url", "use an https address without user name and fragment; http only on a loopback address")
	}
	within := func(at string, n, most int) {
		if n < 0 || n > most {
			f = f.At("#/config/"+at, fmt.Sprintf("at most %d", most))
		}
	}
	within("timeout_seconds", c.TimeoutSeconds, maxTimeout)
	within("retries", c.Retries, maxRetries)
	within("max_tries", c.MaxTries, maxMaxTries)
	within("reasons", len(c.Reasons), maxReasons)
	for i, class := range c.Classes {
		if !slices.Contains(allowedClasses, class) {
			f = f.At(fmt.Sprintf("#/config/classes/%d", i), "one of possession, assertion, authority, knowledge, self_declared")
		}
	}
	for code, text := range c.Reasons {
		if !codeName.MatchString(code) || strings.TrimSpace(text) == "" || len(text) > 500 {
			f = f.At("#/config/reasons", "each is a code of lower-case letters, digits and underscores, with a sentence of at most 500 bytes")
		}
	}
	f = c.checkFields(f)
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

func (c Config) checkFields(f *fault.Fault) *fault.Fault {
	if len(c.Fields) == 0 || len(c.Fields) > maxFields {
		return f.At("#/config/fields", fmt.Sprintf("declare from 1 to %d fields", maxFields))
	}
	seen, required := map[string]bool{}, false
	for i, field := range c.Fields {
		at := fmt.Sprintf("#/config/fields/%d", i)
		if !fieldName.MatchString(field.Name) || seen[field.Name] {
			f = f.At(at+"/name", "use lower-case letters, digits and underscores, each name once")
		}
		if field.Label.In("en") == "" {
			f = f.At(at+"/label", "give the text that shoppers read, by language")
		}
		if !slices.Contains(fieldTypes, field.Type) {
			f = f.At(at+"/type", "one of text, email, number, date")
		}
		if field.MaxLength < 0 || field.MaxLength > maxLength {
			f = f.At(at+"/max_length", fmt.Sprintf("at most %d characters", maxLength))
		}
		seen[field.Name], required = true, required || field.Required
	}
	if !required {
		f = f.At("#/config/fields", "at least one field is required")
	}
	return f
}

// secureURL reports whether an address may be asked: https, or http on a loopback address for development.
func secureURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// Open implements verify.Config. Faults: invalid when the secret is missing or weak.
func (c Config) Open(o verify.Opening) (verify.Verifier, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(o.Secret, "whsec_"))
	if err != nil || len(key) < minSecret {
		return nil, fault.Newf(fault.Invalid, "The remote verifier needs a secret: whsec_ and at least %d bytes in base64.", minSecret).At("#/secret", "missing or weak")
	}
	signer, err := standardwebhooks.NewWebhookRaw(key)
	if err != nil {
		return nil, fmt.Errorf("reading the secret of %s: %w", o.Instance, err)
	}
	return &Verifier{config: c.filled(), instance: o.Instance, key: key, signer: signer, deps: c.kind.deps,
		guard: circuit.NewGuard(c.kind.deps.Now, patience, nil)}, nil
}

// filled is the configuration with its defaults.
func (c Config) filled() Config {
	if len(c.Classes) == 0 {
		c.Classes = []verify.Class{verify.Assertion}
	}
	if c.TimeoutSeconds == 0 {
		c.TimeoutSeconds = defaultTimeout
	}
	if c.MaxTries == 0 {
		c.MaxTries = defaultMaxTries
	}
	c.Fields = slices.Clone(c.Fields)
	for i := range c.Fields {
		if c.Fields[i].MaxLength == 0 {
			c.Fields[i].MaxLength = defaultMaxLength
		}
	}
	return c
}

package email

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// Kind opens email verifiers.
type Kind struct {
	shipped *Shipped
	random  io.Reader
}

// New returns the kind. random gives codes: crypto/rand.Reader, or a fixed source in tests.
func New(shipped *Shipped, random io.Reader) *Kind { return &Kind{shipped: shipped, random: random} }

// Name is "email".
func (*Kind) Name() string { return "email" }

// Config says which mailboxes an instance accepts.
type Config struct {
	// Academic accepts the shipped list of schools, and domains under academic top-level domains.
	Academic bool `json:"academic"`
	// Lists names the store's own lists of eligible domains.
	Lists []string `json:"lists"`
	// Refuse are patterns of addresses that are refused, such as "*@guests.university.edu"; "*" stands for any
	// characters.
	Refuse []string `json:"refuse"`

	kind *Kind
}

// Limits of a configuration.
const (
	maxLists    = 50
	maxPatterns = 100
	maxPattern  = 254
)

// Decode reads a configuration; unknown keys are refused. Without one, "email" accepts schools, and "email:NAME"
// accepts the store's own list NAME.
func (k *Kind) Decode(instance string, raw []byte) (verify.Config, error) {
	c := Config{kind: k}
	switch {
	case len(raw) > 0:
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&c); err != nil {
			return nil, fault.New(fault.Invalid, "The configuration has the keys academic, lists and refuse.").At("#/config", "not understood").Wrap(err)
		}
		if decoder.More() {
			return nil, fault.New(fault.Invalid, "The configuration is one JSON object.").At("#/config", "something follows it")
		}
	case instance == "":
		c.Academic = true
	default:
		c.Lists = []string{instance}
	}
	return c, nil
}

// Validate implements verify.Config.
func (c Config) Validate() error {
	f := fault.New(fault.Invalid, "The configuration of the email verifier is not valid.")
	if !c.Academic && len(c.Lists) == 0 {
		f = f.At("#/config", "nobody would be eligible: set academic, or name a list")
	}
	if len(c.Lists) > maxLists {
		f = f.At("#/config/lists", fmt.Sprintf("at most %d lists", maxLists))
	}
	if len(c.Refuse) > maxPatterns {
		f = f.At("#/config/refuse", fmt.Sprintf("at most %d patterns", maxPatterns))
	}
	for i, p := range c.Refuse {
		if p == "" || len(p) > maxPattern || strings.Trim(p, "*") == "" {
			f = f.At(fmt.Sprintf("#/config/refuse/%d", i), "use a pattern such as *@guests.university.edu")
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// Open implements verify.Config. Faults: invalid when neither the store nor the gateway has such a list.
func (c Config) Open(o verify.Opening) (verify.Verifier, error) {
	shipped := c.kind.shipped
	rules, digests := rulesOf(shipped, o.Packs)
	v := &Verifier{random: c.kind.random, digests: digests, rules: rules}
	for _, p := range c.Refuse {
		rules.Patterns = append(rules.Patterns, strings.ToLower(p))
	}
	if c.Academic {
		// Without a newer list, the first of the schools are the shipped ones.
		rules.Eligible, rules.TLDs = rules.Schools[:1], shipped.TLDs
	}
	for i, p := range o.Packs {
		// Of two of one name the store's own counts, which stands first.
		second := slices.ContainsFunc(o.Packs[:i], func(other verify.OpenPack) bool { return other.Name == p.Name })
		named := slices.Contains(c.Lists, p.Name) && !second && p.Content.Count(verify.Eligible) > 0
		if p.Content.Count(verify.Abused) > 0 {
			rules.Abused = append(rules.Abused, listOf(p, verify.Abused))
		}
		if p.Content.Count(verify.Stopped) > 0 {
			rules.Stopped = append(rules.Stopped, listOf(p, verify.Stopped))
		}
		if named {
			rules.Eligible = append(slices.Clip(rules.Eligible), listOf(p, verify.Eligible))
		}
		if named || p.Content.Count(verify.Abused)+p.Content.Count(verify.Stopped) > 0 || p.Gateway() && p.Name == AcademicPack {
			v.digests[fmt.Sprintf("%s version %d", listOf(p, verify.Eligible).Name, p.Version)] = p.Content.Digest()
		}
	}
	for _, name := range c.Lists {
		if !slices.ContainsFunc(o.Packs, func(p verify.OpenPack) bool { return p.Name == name && p.Content.Count(verify.Eligible) > 0 }) {
			return nil, fault.Newf(fault.Invalid, "The store has no list of eligible domains called %q.", name).At("#/config/lists", "unknown list")
		}
	}
	return v, nil
}

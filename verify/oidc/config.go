package oidc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// Deps is what the kind is built with.
type Deps struct {
	// Client makes all requests to providers. It decides which addresses may be reached.
	Client *http.Client
	// Random gives nonces and PKCE verifiers.
	Random io.Reader
	// Now is the real time, which providers live in, whatever clock a test store has.
	Now func() time.Time
}

// Kind opens OpenID verifiers.
type Kind struct{ deps Deps }

// New returns the kind.
func New(deps Deps) *Kind {
	client := *deps.Client
	// A redirected token request would carry the client's secret along.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	deps.Client = &client
	return &Kind{deps: deps}
}

// Name is "oidc".
func (*Kind) Name() string { return "oidc" }

// Config describes one provider.
type Config struct {
	// Name is shown to shoppers.
	Name string `json:"name"`
	// Issuer is the exact issuer identifier. Discovery reads {issuer}/.well-known/openid-configuration.
	Issuer   string `json:"issuer"`
	ClientID string `json:"client_id"`
	// Preset is refeds or idme for what is known of these providers, or empty for plain claims.
	Preset string `json:"preset,omitempty"`
	// AffiliationScopes are the scopes that this issuer may assert affiliations of, with preset refeds: domains, exactly.
	// Without any, no scoped affiliation is believed.
	AffiliationScopes []string `json:"affiliation_scopes,omitempty"`
	// TokenAuth is client_secret_basic (the default), client_secret_post, or none for a public client.
	TokenAuth string `json:"token_auth"`
	// Scopes are asked for besides "openid".
	Scopes []string `json:"scopes"`
	// Algorithms are the allowed signature algorithms of ID tokens. Without any: RS256, ES256, PS256, EdDSA.
	Algorithms []string `json:"algorithms"`
	// UserInfo also reads the userinfo endpoint. What the ID token says has precedence.
	UserInfo bool `json:"userinfo"`
	// Claims declares the claims that rules can read, besides iss, sub, email and email_verified.
	Claims []Claim `json:"claims"`
	// Rules are asked in order. The first that holds, and is for the group that is asked for, decides. With a preset they
	// may be left out: then its own hold.
	Rules []Rule `json:"rules"`

	kind *Kind
}

// Claim gives a claim a name and a type in rules.
type Claim struct {
	// Name is an identifier, such as affiliation.
	Name string `json:"name"`
	// Claim is what the provider calls it, such as eduperson_affiliation. Empty means the same as Name.
	Claim string `json:"claim"`
	// Type is string, strings, bool or int. A claim that is missing or has another type reads as empty, false or 0; a
	// single string reads as a list of one.
	Type string `json:"type"`
}

// source is what the provider calls the claim.
func (c Claim) source() string {
	if c.Claim == "" {
		return c.Name
	}
	return c.Claim
}

// Rule says that the claims show a group.
type Rule struct {
	// When is a CEL expression that gives a bool.
	When     string `json:"when"`
	Group    string `json:"group"`
	Subgroup string `json:"subgroup"`
}

var (
	algorithms        = []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA"}
	defaultAlgorithms = []string{"RS256", "ES256", "PS256", "EdDSA"}
	tokenAuths        = []string{"", "client_secret_basic", "client_secret_post", "none"}
	claimName         = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
)

const (
	maxClaims = 50
	maxRules  = 50
	maxWhen   = 2000
	// maxScopes is generous: a federation's proxy speaks for all its members.
	maxScopes = 5000
)

// Decode reads a configuration; unknown keys are refused. There is no provider without one.
func (k *Kind) Decode(instance string, raw []byte) (verify.Config, error) {
	c := Config{kind: k}
	if len(raw) == 0 {
		return nil, fault.Newf(fault.Invalid, "The store has no OpenID provider called %q.", instance)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return nil, fault.New(fault.Invalid, "The configuration of the provider is not understood.").At("#/config", "unknown key or wrong type").Wrap(err)
	}
	if decoder.More() {
		return nil, fault.New(fault.Invalid, "The configuration is one JSON object.").At("#/config", "something follows it")
	}
	return c, nil
}

// Validate implements verify.Config.
func (c Config) Validate() error {
	f := fault.New(fault.Invalid, "The configuration of the provider is not valid.")
	if c.Name == "" {
		f = f.At("#/config/name", "give the name that shoppers see")
	}
	if !secureIssuer(c.Issuer) {
		f = f.At("#/config/issuer", "use an https address without query and fragment; http only on a loopback address")
	}
	if c.ClientID == "" {
		f = f.At("#/config/client_id", "give the client id that the provider gave you")
	}
	if !slices.Contains(tokenAuths, c.TokenAuth) {
		f = f.At("#/config/token_auth", "one of client_secret_basic, client_secret_post, none")
	}
	for i, a := range c.Algorithms {
		if !slices.Contains(algorithms, a) {
			f = f.At(fmt.Sprintf("#/config/algorithms/%d", i), "not an allowed signature algorithm")
		}
	}
	f = c.checkPreset(f)
	f = c.checkClaims(f)
	f = c.checkRules(f)
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// secureIssuer follows OpenID Connect Discovery 1.0, section 3, and allows http on loopback for development.
func secureIssuer(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// secureEndpoint reports whether an address that a provider names may be used as secureIssuer may; it may have a query.
func secureEndpoint(text string) bool {
	u, err := url.Parse(text)
	if err != nil {
		return false
	}
	u.RawQuery = ""
	return secureIssuer(u.String())
}

func (c Config) checkPreset(f *fault.Fault) *fault.Fault {
	if _, known := presets[c.Preset]; !known {
		f = f.At("#/config/preset", "one of refeds, idme, or nothing")
	}
	if len(c.AffiliationScopes) > 0 && c.Preset != PresetREFEDS {
		return f.At("#/config/affiliation_scopes", "only the preset refeds reads scopes")
	}
	if len(c.AffiliationScopes) > maxScopes {
		return f.At("#/config/affiliation_scopes", fmt.Sprintf("at most %d scopes", maxScopes))
	}
	for i, scope := range c.AffiliationScopes {
		if !scopeName.MatchString(scope) {
			f = f.At(fmt.Sprintf("#/config/affiliation_scopes/%d", i), "a domain in lower case, such as uni.example")
		}
	}
	return f
}

func (c Config) checkClaims(f *fault.Fault) *fault.Fault {
	if len(c.Claims) > maxClaims {
		return f.At("#/config/claims", fmt.Sprintf("at most %d claims", maxClaims))
	}
	seen := map[string]bool{}
	for name := range builtInClaims {
		seen[name] = true
	}
	for name := range presets[c.Preset].variables {
		seen[name] = true
	}
	for i, claim := range c.Claims {
		at := fmt.Sprintf("#/config/claims/%d", i)
		if !claimName.MatchString(claim.Name) {
			f = f.At(at+"/name", "use lower-case letters, digits and underscores, beginning with a letter")
		} else if seen[claim.Name] {
			f = f.At(at+"/name", "this name is taken")
		}
		seen[claim.Name] = true
		if claim.source() == scopedAffiliation {
			f = f.At(at+"/claim", "only the preset refeds reads this claim: it knows whose scopes to believe")
		}
		if _, ok := claimTypes[claim.Type]; !ok {
			f = f.At(at+"/type", "one of string, strings, bool, int")
		}
	}
	return f
}

func (c Config) checkRules(f *fault.Fault) *fault.Fault {
	if len(c.Rules) == 0 && c.Preset == "" || len(c.Rules) > maxRules {
		return f.At("#/config/rules", fmt.Sprintf("give from 1 to %d rules", maxRules))
	}
	for i, rule := range c.Rules {
		at := fmt.Sprintf("#/config/rules/%d", i)
		if rule.Group == "" {
			f = f.At(at+"/group", "say which group the claims show")
		}
		if len(rule.When) > maxWhen {
			f = f.At(at+"/when", fmt.Sprintf("at most %d characters", maxWhen))
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	_, problems := compile(c)
	for _, p := range problems {
		f = f.At(p.Pointer, p.Detail)
	}
	return f
}

// Open implements verify.Config. Faults: invalid when a confidential client has no secret.
func (c Config) Open(o verify.Opening) (verify.Verifier, error) {
	if c.TokenAuth != "none" && o.Secret == "" {
		return nil, fault.New(fault.Invalid, "The provider needs a client secret, or token_auth none.").At("#/secret", "missing")
	}
	rules, problems := compile(c)
	if len(problems) > 0 {
		return nil, fmt.Errorf("compiling the rules of %s: %s", o.Instance, problems[0].Detail)
	}
	c.UserInfo = c.UserInfo || presets[c.Preset].userInfo
	if len(c.Algorithms) == 0 {
		c.Algorithms = defaultAlgorithms
	}
	return &Verifier{config: c, secret: o.Secret, rules: rules, deps: c.kind.deps}, nil
}

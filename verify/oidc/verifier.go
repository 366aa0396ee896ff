package oidc

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"golang.org/x/oauth2"
)

const (
	// patience bounds all requests of one step together.
	patience = 10 * time.Second
	// discoveryLife is how long a discovery document is used before it is read again.
	discoveryLife = time.Hour
)

// Verifier is one provider. It implements verify.Verifier and verify.Redirector.
type Verifier struct {
	config Config
	secret string
	rules  *rules
	deps   Deps

	mu    sync.Mutex
	found *discovered
}

// discovered is what discovery said.
type discovered struct {
	provider *oidc.Provider
	// IssInResponse: the provider puts its issuer into responses (RFC 9207, section 3).
	IssInResponse bool `json:"authorization_response_iss_parameter_supported"`
	// Challenges are the PKCE methods (RFC 8414, section 2); nil when the provider does not say.
	Challenges    []string `json:"code_challenge_methods_supported"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	Keys          string   `json:"jwks_uri"`
	UserInfo      string   `json:"userinfo_endpoint"`
	read          time.Time
}

// Name implements verify.Verifier.
func (*Verifier) Name() string { return "oidc" }

// Classes implements verify.Verifier.
func (*Verifier) Classes() []verify.Class { return []verify.Class{verify.Possession, verify.Assertion} }

// Step implements verify.Verifier.
func (*Verifier) Step() verify.Step { return verify.StepSSO }

// DisplayName implements verify.Named.
func (v *Verifier) DisplayName() string { return v.config.Name }

// Probe implements verify.Prober: it reads the discovery document. Faults: provider_unavailable.
func (v *Verifier) Probe(ctx context.Context) error {
	ctx, cancel := v.bounded(ctx)
	defer cancel()
	v.mu.Lock()
	v.found = nil
	v.mu.Unlock()
	_, err := v.discover(ctx)
	return err
}

// memory is what is remembered while the browser is away.
type memory struct {
	Nonce string `json:"nonce"`
	PKCE  string `json:"pkce"`
}

// Depart implements verify.Redirector. Faults: provider_unavailable.
func (v *Verifier) Depart(ctx context.Context, _ verify.Attempt, d verify.Departure) (verify.Redirect, error) {
	ctx, cancel := v.bounded(ctx)
	defer cancel()
	found, err := v.discover(ctx)
	if err != nil {
		return verify.Redirect{}, err
	}
	var m memory
	if m.Nonce, err = v.token(); err != nil {
		return verify.Redirect{}, err
	}
	if m.PKCE, err = v.token(); err != nil {
		return verify.Redirect{}, err
	}
	private, err := json.Marshal(m)
	if err != nil {
		return verify.Redirect{}, fmt.Errorf("writing what to remember: %w", err)
	}
	address := v.oauth(found, d.RedirectURI).AuthCodeURL(d.State, oidc.Nonce(m.Nonce), oauth2.S256ChallengeOption(m.PKCE))
	return verify.Redirect{URL: address, Private: private}, nil
}

// Return implements verify.Redirector. Faults: provider_refused when the response, the code or the ID token is not
// what it must be, provider_unavailable.
func (v *Verifier) Return(ctx context.Context, at verify.Attempt, r verify.Return, private []byte) (verify.Outcome, error) {
	ctx, cancel := v.bounded(ctx)
	defer cancel()
	var m memory
	if err := json.Unmarshal(private, &m); err != nil {
		return verify.Outcome{}, fmt.Errorf("reading what was remembered: %w", err)
	}
	found, err := v.discover(ctx)
	if err != nil {
		return verify.Outcome{}, err
	}
	if err := v.checkResponse(found, r.Params); err != nil {
		return verify.Outcome{}, err
	}
	token, err := v.oauth(found, r.RedirectURI).Exchange(ctx, r.Params["code"], oauth2.VerifierOption(m.PKCE))
	if err != nil {
		return verify.Outcome{}, exchangeFault(err)
	}
	id, claims, err := v.idToken(ctx, found, token, m.Nonce)
	if err != nil {
		return verify.Outcome{}, refused(err)
	}
	if v.config.UserInfo {
		if err := addUserInfo(ctx, found, token, id, claims); err != nil {
			return verify.Outcome{}, err
		}
	}
	return v.outcome(ctx, at, id, claims)
}

func (v *Verifier) outcome(ctx context.Context, at verify.Attempt, id *oidc.IDToken, claims map[string]json.RawMessage) (verify.Outcome, error) {
	rule, holds, err := v.rules.decide(ctx, at, claims)
	if err != nil {
		return verify.Outcome{}, refused(err)
	}
	if !holds {
		return verify.Outcome{Reject: []verify.Reason{{
			Code: string(fault.NotEligible), Detail: "The sign-in worked, but your account there does not show that you belong to the group.",
		}}}, nil
	}
	return verify.Outcome{Met: &verify.Evidence{
		Classes: v.Classes(), Group: rule.Group, Subgroup: rule.Subgroup, Organisation: id.Issuer,
		Identifiers: append([]string{"oidc:" + id.Issuer + "\n" + id.Subject}, presets[v.config.Preset].identifiers(claims)...),
		Facts:       map[string]string{"rule": rule.When},
	}}, nil
}

// checkResponse follows RFC 6749, section 4.1.2, and RFC 9207, section 2.4: the issuer is checked before anything else
// in the response is believed, an error included.
func (v *Verifier) checkResponse(found *discovered, params map[string]string) error {
	iss, given := params["iss"]
	if (given || found.IssInResponse) && subtle.ConstantTimeCompare([]byte(iss), []byte(v.config.Issuer)) != 1 {
		return refused(errors.New("the response is from another issuer"))
	}
	if params["error"] != "" {
		return fault.New(fault.ProviderRefused, "The sign-in was cancelled or refused by the provider. Try again, or choose another way.")
	}
	if params["code"] == "" {
		return refused(errors.New("the response has no code"))
	}
	return nil
}

func (v *Verifier) oauth(found *discovered, redirectURI string) *oauth2.Config {
	endpoint := found.provider.Endpoint()
	switch v.config.TokenAuth {
	case "client_secret_post", "none":
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	default:
		endpoint.AuthStyle = oauth2.AuthStyleInHeader
	}
	return &oauth2.Config{
		ClientID: v.config.ClientID, ClientSecret: v.secret, Endpoint: endpoint, RedirectURL: redirectURI,
		Scopes: append([]string{oidc.ScopeOpenID}, v.config.Scopes...),
	}
}

// discover reads the discovery document, or returns the one that was read within the hour. go-oidc checks that it
// names exactly this issuer.
func (v *Verifier) discover(ctx context.Context) (*discovered, error) {
	v.mu.Lock()
	known := v.found
	v.mu.Unlock()
	now := v.deps.Now()
	if known != nil && now.Sub(known.read) < discoveryLife {
		return known, nil
	}
	provider, err := oidc.NewProvider(ctx, v.config.Issuer)
	if err != nil {
		return nil, unavailable(err)
	}
	fresh := &discovered{provider: provider, read: now}
	if err := provider.Claims(fresh); err != nil {
		return nil, unavailable(err)
	}
	if err := fresh.check(v.config.UserInfo); err != nil {
		return nil, unavailable(err)
	}
	v.mu.Lock()
	v.found = fresh
	v.mu.Unlock()
	return fresh, nil
}

// check refuses a provider that would weaken the flow: endpoints that are not https, or lead the browser to something
// that is no page, and PKCE without S256.
func (d *discovered) check(userInfo bool) error {
	if d.Challenges != nil && !slices.Contains(d.Challenges, "S256") {
		return errors.New("the provider does not know PKCE with S256")
	}
	endpoints := []string{d.Authorization, d.Token, d.Keys}
	if userInfo || d.UserInfo != "" {
		endpoints = append(endpoints, d.UserInfo)
	}
	for _, endpoint := range endpoints {
		if !secureEndpoint(endpoint) {
			return errors.New("an endpoint of the provider is missing or not https")
		}
	}
	return nil
}

func (v *Verifier) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(oidc.ClientContext(ctx, v.deps.Client), patience)
}

// token returns 32 random bytes as text, which is also a PKCE verifier (RFC 7636, section 4.1).
func (v *Verifier) token() (string, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(v.deps.Random, raw); err != nil {
		return "", fmt.Errorf("making a nonce: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

func unavailable(err error) error {
	return fault.New(fault.ProviderUnavailable, "The sign-in provider does not answer right now. Try again, or choose another way.").Wrap(err)
}

func refused(err error) error {
	return fault.New(fault.ProviderRefused, "The sign-in could not be confirmed. Start it again.").Wrap(err)
}

func exchangeFault(err error) error {
	var e *oauth2.RetrieveError
	if errors.As(err, &e) && e.Response != nil && e.Response.StatusCode < http.StatusInternalServerError {
		// The body of the answer may repeat what was sent: it is not logged.
		return refused(fmt.Errorf("the token endpoint answered %d %q", e.Response.StatusCode, e.ErrorCode))
	}
	return unavailable(err)
}

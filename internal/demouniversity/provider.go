package demouniversity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Config describes the provider and its one client.
type Config struct {
	// Issuer is the public address of the provider, such as http://127.0.0.1:8080/demo/university.
	Issuer       string
	ClientID     string
	ClientSecret string
	// RedirectURI is the one address that browsers may be sent back to.
	RedirectURI string
	Now         func() time.Time
	Random      io.Reader
	Log         *slog.Logger
}

const (
	codeLife  = time.Minute
	tokenLife = 5 * time.Minute
	// maxGrants bounds the memory: older grants give way.
	maxGrants = 10_000
)

// Provider is the OpenID provider. It serves the paths below its issuer's.
type Provider struct {
	Config
	base   string
	signer jose.Signer
	keys   jose.JSONWebKeySet
	mux    *http.ServeMux

	mu     sync.Mutex
	codes  map[string]grant
	tokens map[string]grant
}

// grant is a sign-in that has not been fetched yet, or that userinfo may be asked about.
type grant struct {
	person    person
	nonce     string
	challenge string
	expires   time.Time
}

// New makes a provider with a key of its own.
func New(c Config) (*Provider, error) {
	issuer, err := url.Parse(c.Issuer)
	if err != nil {
		return nil, fmt.Errorf("reading the issuer: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), c.Random)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	private := jose.JSONWebKey{Key: key, KeyID: "demo-" + c.Now().UTC().Format("20060102T150405"), Algorithm: string(jose.ES256), Use: "sig"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, fmt.Errorf("making a signer: %w", err)
	}
	p := &Provider{
		Config: c, base: strings.TrimSuffix(issuer.Path, "/"), signer: signer, mux: http.NewServeMux(),
		keys:  jose.JSONWebKeySet{Keys: []jose.JSONWebKey{private.Public()}},
		codes: map[string]grant{}, tokens: map[string]grant{},
	}
	p.mux.HandleFunc("GET "+p.base+"/.well-known/openid-configuration", p.discovery)
	p.mux.HandleFunc("GET "+p.base+"/jwks", func(w http.ResponseWriter, _ *http.Request) { p.answer(w, http.StatusOK, p.keys) })
	p.mux.HandleFunc("GET "+p.base+"/authorize", p.ask)
	p.mux.HandleFunc("POST "+p.base+"/authorize", p.signIn)
	p.mux.HandleFunc("POST "+p.base+"/token", p.token)
	p.mux.HandleFunc("GET "+p.base+"/userinfo", p.userInfo)
	return p, nil
}

// ServeHTTP implements http.Handler.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	p.mux.ServeHTTP(w, r)
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	p.answer(w, http.StatusOK, map[string]any{
		"issuer": p.Issuer, "authorization_endpoint": p.Issuer + "/authorize", "token_endpoint": p.Issuer + "/token",
		"userinfo_endpoint": p.Issuer + "/userinfo", "jwks_uri": p.Issuer + "/jwks",
		"response_types_supported": []string{"code"}, "response_modes_supported": []string{"query"},
		"grant_types_supported": []string{"authorization_code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"ES256"}, "scopes_supported": []string{"openid", "profile", "email"},
		"token_endpoint_auth_methods_supported":          []string{"client_secret_basic", "client_secret_post"},
		"code_challenge_methods_supported":               []string{"S256"},
		"claims_supported":                               []string{"sub", "name", "email", "email_verified", "eduperson_affiliation", "eduperson_scoped_affiliation"},
		"authorization_response_iss_parameter_supported": true,
	})
}

func (p *Provider) answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		p.Log.Debug("the client went away", "error", err)
	}
}

func (p *Provider) secret() (string, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(p.Random, raw); err != nil {
		return "", fmt.Errorf("making a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// keep stores a grant under a new secret and lets go of those that are over.
func (p *Provider) keep(in map[string]grant, g grant) (string, error) {
	secret, err := p.secret()
	if err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for s, old := range in {
		if !p.Now().Before(old.expires) || len(in) >= maxGrants {
			delete(in, s)
		}
	}
	in[secret] = g
	return secret, nil
}

// take returns the grant of a secret that is still good; once is true for codes, which work once.
func (p *Provider) take(from map[string]grant, secret string, once bool) (grant, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, ok := from[secret]
	if once {
		delete(from, secret)
	}
	return g, ok && p.Now().Before(g.expires)
}

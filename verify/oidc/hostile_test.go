package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/oidc"
)

// attack is one thing that a hostile provider, or somebody between, can try on the way back.
type attack struct {
	name string
	// guard is what stops it.
	guard string
	// claims are put over those of an honest ID token, params over those of an honest response.
	claims map[string]any
	params map[string]string
	config map[string]any
	// spoil changes the provider before the browser departs; late, after it came back.
	spoil, late func(t *testing.T, f *forger)
	// code is what the shopper is told; provider_refused when empty.
	code fault.Code
}

const (
	idTokenRules  = "OpenID Connect Core 1.0, section 3.1.3.7"
	allowedAlgs   = "the allowed algorithms, and keys by the published set alone"
	clockSkew     = "60 s of tolerance, and no more"
	issuerInReply = "RFC 9207, section 2.4"
)

var tokenAttacks = []attack{
	{name: "a nonce of another way", guard: "the nonce", claims: map[string]any{"nonce": "another"}},
	{name: "no nonce", guard: "the nonce", claims: map[string]any{"nonce": nil}},
	{name: "a nonce that is a list", guard: "the nonce", claims: map[string]any{"nonce": []string{"x"}}},
	{name: "the issuer of another provider", guard: idTokenRules, claims: map[string]any{"iss": "https://honest.example"}},
	{name: "the issuer with a slash", guard: idTokenRules, late: func(_ *testing.T, f *forger) { f.claims["iss"] = f.URL + "/" }},
	{name: "no issuer", guard: idTokenRules, claims: map[string]any{"iss": nil}},
	{name: "the audience of another client", guard: idTokenRules, claims: map[string]any{"aud": "somebody"}},
	{name: "an audience that begins like ours", guard: idTokenRules, claims: map[string]any{"aud": clientID + "-2"}},
	{name: "no audience", guard: idTokenRules, claims: map[string]any{"aud": nil}},
	{name: "an audience that is a number", guard: idTokenRules, claims: map[string]any{"aud": 7}},
	{name: "several audiences without azp", guard: "azp", claims: map[string]any{"aud": []string{clientID, "x"}}},
	{name: "azp of another client", guard: "azp", claims: map[string]any{"azp": "x"}},
	{name: "azp that is a list with ours", guard: "azp", claims: map[string]any{"azp": []string{clientID}}},
	{name: "azp that is null, several audiences", guard: "azp", claims: map[string]any{"aud": []string{clientID, "x"}, "azp": json.RawMessage("null")}},
	{name: "expired beyond the tolerance", guard: clockSkew, claims: map[string]any{"exp": time.Now().Add(-75 * time.Second).Unix()}},
	{name: "no expiry", guard: clockSkew, claims: map[string]any{"exp": nil}},
	{name: "an expiry that is text", guard: clockSkew, claims: map[string]any{"exp": "2099-01-01"}},
	{name: "issued beyond the tolerance", guard: clockSkew, claims: map[string]any{"iat": time.Now().Add(75 * time.Second).Unix()}},
	{name: "no time of issue", guard: idTokenRules, claims: map[string]any{"iat": nil}},
	{name: "not valid yet beyond the tolerance", guard: clockSkew, claims: map[string]any{"nbf": time.Now().Add(75 * time.Second).Unix()}},
	{name: "nbf that is text", guard: clockSkew, claims: map[string]any{"nbf": "soon"}},
	{name: "no subject", guard: idTokenRules, claims: map[string]any{"sub": nil}},
	{name: "an empty subject", guard: idTokenRules, claims: map[string]any{"sub": ""}},
	{name: "a subject that is a number", guard: idTokenRules, claims: map[string]any{"sub": 7}},
	{name: "the access token of somebody else", guard: "at_hash", claims: map[string]any{"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
	{name: "no ID token", guard: "the token response", spoil: func(_ *testing.T, f *forger) { f.response = map[string]any{"id_token": nil} }},
	{name: "an ID token that is a number", guard: "the token response", spoil: func(_ *testing.T, f *forger) { f.response = map[string]any{"id_token": 7} }},
	{name: "an ID token that is none", guard: allowedAlgs, spoil: func(_ *testing.T, f *forger) { f.raw = "e30.e30.e30" }},
}

var keyAttacks = []attack{
	{name: "alg none", guard: allowedAlgs, late: func(_ *testing.T, f *forger) { f.raw = unsigned("none", f.claims) }},
	{name: "alg None", guard: allowedAlgs, late: func(_ *testing.T, f *forger) { f.raw = unsigned("None", f.claims) }},
	{name: "alg none with a signature", guard: allowedAlgs, late: func(_ *testing.T, f *forger) { f.raw = unsigned("none", f.claims) + "c2ln" }},
	{name: "HMAC with the public key", guard: allowedAlgs, spoil: func(t *testing.T, f *forger) {
		der, err := x509.MarshalPKIXPublicKey(f.key.Public())
		if err != nil {
			t.Fatal(err)
		}
		f.alg, f.signKey = jose.HS256, der
	}},
	{name: "HMAC with the client's secret", guard: allowedAlgs, spoil: func(_ *testing.T, f *forger) { f.alg, f.signKey = jose.HS256, []byte(strings.Repeat(secret, 4)) }},
	{name: "an algorithm that is not allowed", guard: allowedAlgs, config: map[string]any{"algorithms": []string{"RS256"}}},
	{name: "a stranger's key under the same kid", guard: allowedAlgs, spoil: func(t *testing.T, f *forger) { f.signKey = jose.JSONWebKey{Key: newKey(t), KeyID: "k1"} }},
	{name: "a stranger's key under a new kid", guard: allowedAlgs, spoil: func(t *testing.T, f *forger) { f.signKey = jose.JSONWebKey{Key: newKey(t), KeyID: "k9"} }},
	{name: "a key in the header (jwk)", guard: allowedAlgs, spoil: func(t *testing.T, f *forger) {
		key := newKey(t)
		f.signKey, f.header = key, map[jose.HeaderKey]any{"jwk": jose.JSONWebKey{Key: key.Public()}}
	}},
	{name: "a key by address (jku)", guard: allowedAlgs, spoil: func(t *testing.T, f *forger) {
		f.signKey, f.header = jose.JSONWebKey{Key: newKey(t), KeyID: "k1"}, map[jose.HeaderKey]any{"jku": f.URL + "/evil-keys"}
	}},
	{name: "a certificate in the header (x5c)", guard: allowedAlgs, spoil: func(t *testing.T, f *forger) {
		f.signKey, f.header = jose.JSONWebKey{Key: newKey(t), KeyID: "k1"}, map[jose.HeaderKey]any{"x5u": f.URL + "/evil.pem"}
	}},
	{name: "an extension that must be understood (crit)", guard: "RFC 7515, section 4.1.11", spoil: func(_ *testing.T, f *forger) {
		f.header = map[jose.HeaderKey]any{"crit": []string{"exp"}, "exp": 1}
	}},
}

var responseAttacks = []attack{
	{name: "mix-up: another issuer", guard: issuerInReply, params: map[string]string{"iss": "https://honest.example"}},
	{name: "mix-up: the issuer is promised and missing", guard: issuerInReply, spoil: func(_ *testing.T, f *forger) { f.issParam = true }},
	{name: "mix-up: the issuer is promised and empty", guard: issuerInReply, params: map[string]string{"iss": ""}},
	{name: "an error of another issuer", guard: issuerInReply, params: map[string]string{"iss": "https://honest.example", "error": "access_denied"}},
	{name: "an error", guard: "RFC 6749, section 4.1.2.1", params: map[string]string{"error": "access_denied"}},
	{name: "an error beside a code", guard: "RFC 6749, section 4.1.2.1", params: map[string]string{"error": "server_error", "code": "c"}},
	{name: "no code", guard: "RFC 6749, section 4.1.2", params: map[string]string{"code": ""}},
	{name: "a code that was used, or is another client's", guard: "the token endpoint", spoil: func(_ *testing.T, f *forger) { f.tokenStatus = http.StatusBadRequest }},
	{name: "userinfo of another subject", guard: "OpenID Connect Core 1.0, section 5.3.2", config: map[string]any{"userinfo": true},
		spoil: func(_ *testing.T, f *forger) { f.info = map[string]any{"sub": "s-2"} }},
	{name: "userinfo without a subject", guard: "OpenID Connect Core 1.0, section 5.3.2", config: map[string]any{"userinfo": true},
		spoil: func(_ *testing.T, f *forger) { f.info = map[string]any{"eduperson_affiliation": "student"} }},
	{name: "the token endpoint fails", guard: "a failure is no decision", code: fault.ProviderUnavailable, spoil: func(_ *testing.T, f *forger) { f.tokenStatus = http.StatusInternalServerError }},
	{name: "no access token", guard: "RFC 6749, section 5.1", code: fault.ProviderUnavailable, spoil: func(_ *testing.T, f *forger) { f.response = map[string]any{"access_token": nil} }},
	{name: "the token endpoint redirects", guard: "redirects are not followed", spoil: redirected("/token"), code: fault.ProviderRefused},
	{name: "the keys redirect", guard: "redirects are not followed", spoil: redirected("/jwks")},
	{name: "a huge token response", guard: "1 MiB", spoil: huge("/token"), code: fault.ProviderUnavailable},
	{name: "huge keys", guard: "1 MiB", spoil: huge("/jwks")},
	{name: "a huge userinfo", guard: "1 MiB", config: map[string]any{"userinfo": true}, spoil: huge("/userinfo"), code: fault.ProviderUnavailable},
	{name: "a slow token endpoint", guard: "the deadline", spoil: slow("/token"), code: fault.ProviderUnavailable},
	{name: "slow keys", guard: "the deadline", spoil: slow("/jwks")},
}

func TestTheAttacksOfAHostileProvider(t *testing.T) {
	for _, group := range [][]attack{tokenAttacks, keyAttacks, responseAttacks} {
		for _, a := range group {
			t.Run(a.name, func(t *testing.T) {
				t.Parallel()
				out, err := a.play(t)
				want := a.code
				if want == "" {
					want = fault.ProviderRefused
				}
				if fault.CodeOf(err) != want || out.Met != nil {
					t.Fatalf("%s should stop it: %+v, %v", a.guard, out, err)
				}
				if text := err.Error(); strings.Contains(text, secret) || strings.Contains(text, "s-1") || strings.Contains(text, "eyJ") {
					t.Errorf("the error tells too much: %s", text)
				}
			})
		}
	}
}

// What an honest provider sends is let through: without this the table above would prove nothing.
func TestTheAttacksAreDoneToAnHonestFlow(t *testing.T) {
	for name, a := range map[string]attack{
		"nothing":            {},
		"with userinfo":      {config: map[string]any{"userinfo": true}, spoil: func(_ *testing.T, f *forger) { f.info = map[string]any{"sub": "s-1"} }},
		"issuer as promised": {spoil: func(_ *testing.T, f *forger) { f.issParam = true }, params: map[string]string{"iss": "-"}},
		"within the skew":    {claims: map[string]any{"exp": time.Now().Add(-45 * time.Second).Unix(), "iat": time.Now().Add(45 * time.Second).Unix(), "nbf": time.Now().Add(45 * time.Second).Unix()}},
		"our azp":            {claims: map[string]any{"aud": []string{clientID, "x"}, "azp": clientID}},
		"PKCE as it should": {spoil: func(_ *testing.T, f *forger) {
			f.metadata = map[string]any{"code_challenge_methods_supported": []string{"plain", "S256"}}
		}},
		"another key beside":  {spoil: func(t *testing.T, f *forger) { f.keys = []jose.JSONWebKey{{Key: newKey(t).Public(), KeyID: "k0"}} }},
		"an unknown header":   {spoil: func(_ *testing.T, f *forger) { f.header = map[jose.HeaderKey]any{"jku": f.URL + "/evil"} }},
		"an unknown claim":    {claims: map[string]any{"x": map[string]any{"y": 1}}},
		"an unknown response": {params: map[string]string{"session_state": "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			if out, err := a.play(t); err != nil || out.Met == nil {
				t.Fatalf("%+v, %v", out, err)
			}
		})
	}
}

// play sends a browser there and back.
func (a attack) play(t *testing.T) (verify.Outcome, error) {
	t.Helper()
	f := newForger(t)
	if a.spoil != nil {
		a.spoil(t, f)
	}
	v := openWith(t, oidc.Deps{Client: egress.Client(egress.Options{AllowPrivate: true, Timeout: 2 * time.Second, Redirects: 3}), Random: rand.Reader, Now: time.Now}, config(t, f.URL, a.config))
	q, private := depart(t, v)
	f.good(q.Get("nonce"), a.claims)
	if a.late != nil {
		a.late(t, f)
	}
	params := map[string]string{"code": "c", "state": "state-1"}
	for k, p := range a.params {
		params[k] = p
		if p == "-" {
			params[k] = f.URL
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	return v.Return(ctx, verify.Attempt{Group: "student"}, verify.Return{RedirectURI: redirectURI, Params: params}, private)
}

// A provider that is wrong from the beginning: the browser never departs.
func TestAHostileDiscovery(t *testing.T) {
	for name, c := range map[string]struct {
		guard string
		spoil func(*testing.T, *forger)
	}{
		"a document of another issuer":     {"the exact issuer", metadata("issuer", "https://honest.example")},
		"an issuer with a slash":           {"the exact issuer", func(_ *testing.T, f *forger) { f.metadata = map[string]any{"issuer": f.URL + "/"} }},
		"no issuer":                        {"the exact issuer", metadata("issuer", nil)},
		"a page that is a script":          {"secure endpoints", metadata("authorization_endpoint", "javascript:alert(1)")},
		"a page that is data":              {"secure endpoints", metadata("authorization_endpoint", "data:text/html,x")},
		"a page without https":             {"secure endpoints", metadata("authorization_endpoint", "http://provider.example/authorize")},
		"a token endpoint without https":   {"secure endpoints", metadata("token_endpoint", "http://provider.example/token")},
		"keys without https":               {"secure endpoints", metadata("jwks_uri", "http://provider.example/keys")},
		"userinfo with a user name":        {"secure endpoints", metadata("userinfo_endpoint", "https://u:p@provider.example/")},
		"no token endpoint":                {"secure endpoints", metadata("token_endpoint", nil)},
		"PKCE downgrade: plain only":       {"S256", metadata("code_challenge_methods_supported", []string{"plain"})},
		"PKCE downgrade: none":             {"S256", metadata("code_challenge_methods_supported", []string{})},
		"a redirect":                       {"redirects are not followed", redirected("/.well-known/openid-configuration")},
		"a huge document":                  {"1 MiB", huge("/.well-known/openid-configuration")},
		"a slow document":                  {"the deadline", slow("/.well-known/openid-configuration")},
		"a document that is none":          {"JSON", func(_ *testing.T, f *forger) { f.serve = serving("/.well-known/openid-configuration", "<html>") }},
		"endpoints of the wrong type":      {"types", metadata("token_endpoint", 7)},
		"a failure that names the secret?": {"errors without bodies", func(_ *testing.T, f *forger) { f.serve = failing("/.well-known/openid-configuration") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newForger(t)
			c.spoil(t, f)
			v := openWith(t, oidc.Deps{Client: egress.Client(egress.Options{AllowPrivate: true, Timeout: 2 * time.Second, Redirects: 3}), Random: rand.Reader, Now: time.Now}, config(t, f.URL, nil))
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			out, err := v.Depart(ctx, verify.Attempt{}, verify.Departure{State: "s", RedirectURI: redirectURI})
			if fault.CodeOf(err) != fault.ProviderUnavailable || out.URL != "" {
				t.Fatalf("%s should stop it: %+v, %v", c.guard, out, err)
			}
		})
	}
}

// Endpoints that lead inwards are never reached, whoever names them.
func TestEndpointsOnPrivateAddresses(t *testing.T) {
	inside := newForger(t)
	strict := oidc.Deps{Client: egress.Client(egress.Options{}), Random: rand.Reader, Now: time.Now}
	for _, issuer := range []string{inside.URL, "https://169.254.169.254", "https://[::1]", "https://10.0.0.1"} {
		v := openWith(t, strict, config(t, issuer, nil))
		if _, err := v.Depart(t.Context(), verify.Attempt{}, verify.Departure{State: "s", RedirectURI: redirectURI}); fault.CodeOf(err) != fault.ProviderUnavailable {
			t.Errorf("%s: %v", issuer, err)
		}
	}
	if len(inside.asked) != 0 {
		t.Errorf("a private address was asked: %v", inside.asked)
	}
}

// Keys that a token names are never fetched.
func TestKeysByAddressAreNeverFetched(t *testing.T) {
	f := newForger(t)
	v := open(t, config(t, f.URL, nil))
	q, private := depart(t, v)
	f.good(q.Get("nonce"), nil)
	f.signKey, f.header = jose.JSONWebKey{Key: newKey(t), KeyID: "k1"}, map[jose.HeaderKey]any{"jku": f.URL + "/evil-keys"}
	_, err := v.Return(t.Context(), verify.Attempt{Group: "student"}, verify.Return{RedirectURI: redirectURI, Params: map[string]string{"code": "c"}}, private)
	if fault.CodeOf(err) != fault.ProviderRefused || f.asked["/evil-keys"] != 0 {
		t.Fatalf("%v, asked %v", err, f.asked)
	}
}

func openWith(t *testing.T, d oidc.Deps, raw string) *oidc.Verifier {
	t.Helper()
	c, err := oidc.New(d).Decode("uni", []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	v, err := c.Open(verify.Opening{Instance: "uni", Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*oidc.Verifier)
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func unsigned(alg string, claims map[string]any) string {
	encode := func(v any) string {
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err) // of this file's own making
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	return encode(map[string]string{"alg": alg, "kid": "k1"}) + "." + encode(claims) + "."
}

func metadata(name string, value any) func(*testing.T, *forger) {
	return func(_ *testing.T, f *forger) { f.metadata = map[string]any{name: value} }
}

// redirected sends a request elsewhere, where everything would be in order.
func redirected(path string) func(*testing.T, *forger) {
	return func(_ *testing.T, f *forger) {
		f.serve = map[string]http.HandlerFunc{
			path: func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, f.URL+"/elsewhere", http.StatusTemporaryRedirect)
			},
			"/elsewhere": func(w http.ResponseWriter, r *http.Request) {
				r.URL.Path = path
				f.honest.ServeHTTP(w, r)
			},
		}
	}
}

func huge(path string) func(*testing.T, *forger) {
	return func(_ *testing.T, f *forger) {
		f.serve = serving(path, `{"x":"`+strings.Repeat("x", 2<<20)+`"}`)
	}
}

func serving(path, body string) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{path: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body)) // the gateway hangs up in the middle
	}}
}

func failing(path string) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{path: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, secret, http.StatusInternalServerError) }}
}

func slow(path string) func(*testing.T, *forger) {
	return func(_ *testing.T, f *forger) {
		f.serve = map[string]http.HandlerFunc{path: func(_ http.ResponseWriter, r *http.Request) {
			// The server sees the gateway hang up only once the request was read.
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}}
	}
}

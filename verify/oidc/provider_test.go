package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/oidc"
)

const (
	clientID    = "laurel"
	secret      = "client-secret"
	redirectURI = "https://gateway.example/sso/callback"
)

// forger is a provider whose answers a test can spoil.
type forger struct {
	*httptest.Server
	key *ecdsa.PrivateKey
	// claims of the next ID token and of userinfo; alg and key sign the token.
	claims, info map[string]any
	alg          jose.SignatureAlgorithm
	signKey      any
	// raw, when set, is the ID token itself.
	raw         string
	issParam    bool
	tokenStatus int
	// metadata is put over the discovery document, response over the answer of the token endpoint, header over the header
	// of the ID token. Whatever is nil there goes.
	metadata, response map[string]any
	header             map[jose.HeaderKey]any
	// keys are published beside the provider's own.
	keys []jose.JSONWebKey
	// serve, when set, takes a path over.
	serve map[string]http.HandlerFunc
	// honest answers whatever serve does not take over.
	honest http.Handler
	// asked counts the requests, by path.
	asked map[string]int
	form  url.Values
}

func newForger(t *testing.T) *forger {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f := &forger{key: key, alg: jose.ES256, tokenStatus: http.StatusOK}
	f.signKey = jose.JSONWebKey{Key: key, KeyID: "k1"}
	f.asked = map[string]int{}
	mux := http.NewServeMux()
	f.honest = mux
	answer := func(w http.ResponseWriter, status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(body); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, changed(map[string]any{
			"issuer": f.URL, "authorization_endpoint": f.URL + "/authorize", "token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/jwks",
			"userinfo_endpoint": f.URL + "/userinfo", "authorization_response_iss_parameter_supported": f.issParam,
		}, f.metadata))
	})
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, jose.JSONWebKeySet{Keys: append([]jose.JSONWebKey{{Key: key.Public(), KeyID: "k1", Algorithm: "ES256", Use: "sig"}}, f.keys...)})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		f.form = r.PostForm
		if f.tokenStatus != http.StatusOK {
			answer(w, f.tokenStatus, map[string]string{"error": "invalid_grant"})
			return
		}
		answer(w, http.StatusOK, changed(map[string]any{"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": f.token(t)}, f.response))
	})
	mux.HandleFunc("GET /userinfo", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, f.info) })
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.asked[r.URL.Path]++
		if take, ok := f.serve[r.URL.Path]; ok {
			take(w, r)
			return
		}
		f.honest.ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *forger) token(t *testing.T) string {
	if f.raw != "" {
		return f.raw
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: f.alg, Key: f.signKey}, &jose.SignerOptions{ExtraHeaders: f.header})
	if err != nil {
		t.Error(err)
		return ""
	}
	payload, err := json.Marshal(f.claims)
	if err != nil {
		t.Error(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Error(err)
		return ""
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Error(err)
	}
	return compact
}

// good sets the claims of a student, with changes; a nil value takes a claim away.
func (f *forger) good(nonce string, changes map[string]any) {
	now := time.Now()
	f.claims = map[string]any{
		"iss": f.URL, "aud": clientID, "sub": "s-1", "nonce": nonce, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		"eduperson_affiliation": []string{"member", "student"},
	}
	f.claims = changed(f.claims, changes)
}

// changed puts changes over a document; a nil value takes one away.
func changed(doc, changes map[string]any) map[string]any {
	maps.Copy(doc, changes)
	maps.DeleteFunc(doc, func(_ string, v any) bool { return v == nil })
	return doc
}

func kind() *oidc.Kind {
	return oidc.New(oidc.Deps{Client: http.DefaultClient, Random: rand.Reader, Now: time.Now})
}

func config(t *testing.T, issuer string, changes map[string]any) string {
	t.Helper()
	c := map[string]any{
		"name": "Example University", "issuer": issuer, "client_id": clientID,
		"claims": []map[string]string{{"name": "affiliation", "claim": "eduperson_affiliation", "type": "strings"}},
		"rules": []map[string]string{
			{"when": `"student" in affiliation`, "group": "student", "subgroup": "university"},
			{"when": `affiliation.exists(a, a in ["faculty", "staff"])`, "group": "teacher", "subgroup": "faculty"},
		},
	}
	maps.Copy(c, changes)
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func open(t *testing.T, raw string) *oidc.Verifier {
	t.Helper()
	c, err := kind().Decode("uni", []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	v, err := c.Open(verify.Opening{Instance: "uni", Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*oidc.Verifier)
}

// depart sends a browser away and returns its parameters at the provider, and what is remembered.
func depart(t *testing.T, v *oidc.Verifier) (url.Values, []byte) {
	t.Helper()
	out, err := v.Depart(t.Context(), verify.Attempt{}, verify.Departure{State: "state-1", RedirectURI: redirectURI})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(out.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query(), out.Private
}

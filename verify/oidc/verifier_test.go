package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/verifytest"
)

func TestConformance(t *testing.T) {
	f, silent := newForger(t), newForger(t)
	slow("/.well-known/openid-configuration")(t, silent)
	verifytest.Run(t, verifytest.Case{
		Kind: kind(), Instance: "uni", Config: config(t, f.URL, nil), Opening: verify.Opening{Instance: "uni", Secret: secret},
		Silent: config(t, silent.URL, nil),
		Bad: []string{
			"", "{}",
			config(t, "http://university.example", nil),
			config(t, f.URL, map[string]any{"algorithms": []string{"none"}}),
			config(t, f.URL, map[string]any{"algorithms": []string{"HS256"}}),
			config(t, f.URL, map[string]any{"rules": []any{}}),
			config(t, f.URL, map[string]any{"rules": []map[string]string{{"when": `"student" in afiliation`, "group": "student"}}}),
			config(t, f.URL, map[string]any{"rules": []map[string]string{{"when": `size(affiliation)`, "group": "student"}}}),
			config(t, f.URL, map[string]any{"claims": []map[string]string{{"name": "sub", "type": "string"}}}),
		},
	})
	verifytest.Run(t, verifytest.Case{
		Kind: kind(), Instance: "uni", Config: config(t, f.URL, nil), Opening: verify.Opening{Instance: "uni", Secret: secret}, Offline: true,
	})
}

func TestTheRequestIsWhatTheProfileAsksFor(t *testing.T) {
	f := newForger(t)
	v := open(t, config(t, f.URL, map[string]any{"scopes": []string{"profile"}}))
	q, private := depart(t, v)
	for name, want := range map[string]string{
		"client_id": clientID, "redirect_uri": redirectURI, "response_type": "code", "scope": "openid profile", "state": "state-1", "code_challenge_method": "S256",
	} {
		if q.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	f.good(q.Get("nonce"), nil)
	out, err := v.Return(t.Context(), verify.Attempt{Group: "student"}, verify.Return{RedirectURI: redirectURI, Params: map[string]string{"code": "c"}}, private)
	if err != nil || out.Met == nil {
		t.Fatalf("outcome %+v, %v", out, err)
	}
	sum := sha256.Sum256([]byte(f.form.Get("code_verifier")))
	if q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) || f.form.Get("redirect_uri") != redirectURI {
		t.Error("the code was fetched without its PKCE verifier or redirect address")
	}
	e := out.Met
	if e.Group != "student" || e.Subgroup != "university" || e.Identifiers[0] != "oidc:"+f.URL+"\ns-1" || len(e.Classes) != 2 {
		t.Errorf("evidence %+v", e)
	}
}

func TestSpoiledAnswersAreRefused(t *testing.T) {
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"s-1"}`)) + "."
	for name, c := range map[string]struct {
		claims map[string]any
		params map[string]string
		spoil  func(*forger)
		ok     bool
	}{
		"nothing spoiled":         {ok: true},
		"another nonce":           {claims: map[string]any{"nonce": "other"}},
		"no nonce":                {claims: map[string]any{"nonce": nil}},
		"another issuer":          {claims: map[string]any{"iss": "https://evil.example"}},
		"another audience":        {claims: map[string]any{"aud": "another-client"}},
		"two audiences":           {claims: map[string]any{"aud": []string{clientID, "x"}}},
		"two audiences, ours":     {claims: map[string]any{"aud": []string{clientID, "x"}, "azp": clientID}, ok: true},
		"issued to another":       {claims: map[string]any{"azp": "x"}},
		"expired":                 {claims: map[string]any{"exp": now.Add(-90 * time.Second).Unix()}},
		"expired within the skew": {claims: map[string]any{"exp": now.Add(-30 * time.Second).Unix()}, ok: true},
		"no expiry":               {claims: map[string]any{"exp": nil}},
		"from the future":         {claims: map[string]any{"iat": now.Add(90 * time.Second).Unix()}},
		"not yet valid":           {claims: map[string]any{"nbf": now.Add(90 * time.Second).Unix()}},
		"no subject":              {claims: map[string]any{"sub": nil}},
		"another access token":    {claims: map[string]any{"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
		"signed by a stranger":    {spoil: func(f *forger) { f.signKey = jose.JSONWebKey{Key: other, KeyID: "k1"} }},
		"unsigned":                {spoil: func(f *forger) { f.raw = none }},
		"no ID token":             {spoil: func(f *forger) { f.raw = " " }},
		"signed with the secret":  {spoil: func(f *forger) { f.alg, f.signKey = jose.HS256, []byte(strings.Repeat(secret, 4)) }},
		"the code is refused":     {spoil: func(f *forger) { f.tokenStatus = http.StatusBadRequest }},
		"no code":                 {params: map[string]string{"code": ""}},
		"an error":                {params: map[string]string{"error": "access_denied"}},
		"response of another":     {params: map[string]string{"iss": "https://evil.example"}},
		"response without issuer": {spoil: func(f *forger) { f.issParam = true }},
	} {
		t.Run(name, func(t *testing.T) {
			f := newForger(t)
			if c.spoil != nil {
				c.spoil(f)
			}
			v := open(t, config(t, f.URL, nil))
			q, private := depart(t, v)
			f.good(q.Get("nonce"), c.claims)
			params := map[string]string{"code": "c", "state": "state-1"}
			for k, p := range c.params {
				params[k] = p
			}
			out, err := v.Return(t.Context(), verify.Attempt{Group: "student"}, verify.Return{RedirectURI: redirectURI, Params: params}, private)
			if c.ok {
				if err != nil || out.Met == nil {
					t.Fatalf("outcome %+v, %v", out, err)
				}
				return
			}
			if fault.CodeOf(err) != fault.ProviderRefused || out.Met != nil {
				t.Fatalf("outcome %+v, %v", out, err)
			}
			if strings.Contains(err.Error(), secret) {
				t.Error("the error holds the client secret")
			}
		})
	}
}

func TestClaimsDecide(t *testing.T) {
	for name, c := range map[string]struct {
		group, subgroup string
		affiliation     any
		met             bool
	}{
		"student":                     {"student", "", []string{"student"}, true},
		"single text":                 {"student", "university", "student", true},
		"alumna":                      {"student", "", []string{"alum", "member"}, false},
		"teacher asked, student only": {"teacher", "", []string{"student"}, false},
		"both":                        {"teacher", "faculty", []string{"student", "staff"}, true},
		"another subgroup":            {"student", "high_school", []string{"student"}, false},
		"wrong type":                  {"student", "", 7, false},
		"missing":                     {"student", "", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newForger(t)
			v := open(t, config(t, f.URL, nil))
			q, private := depart(t, v)
			f.good(q.Get("nonce"), map[string]any{"eduperson_affiliation": c.affiliation})
			out, err := v.Return(t.Context(), verify.Attempt{Group: c.group, Subgroup: c.subgroup},
				verify.Return{RedirectURI: redirectURI, Params: map[string]string{"code": "c"}}, private)
			if err != nil || (out.Met != nil) != c.met || (len(out.Reject) > 0) == c.met {
				t.Fatalf("outcome %+v, %v", out, err)
			}
		})
	}
}

func TestUserInfoIsOfTheSamePerson(t *testing.T) {
	f := newForger(t)
	v := open(t, config(t, f.URL, map[string]any{"userinfo": true}))
	for subject, ok := range map[string]bool{"s-1": true, "s-2": false} {
		q, private := depart(t, v)
		f.good(q.Get("nonce"), map[string]any{"eduperson_affiliation": nil})
		f.info = map[string]any{"sub": subject, "eduperson_affiliation": []string{"student"}}
		out, err := v.Return(t.Context(), verify.Attempt{Group: "student"}, verify.Return{RedirectURI: redirectURI, Params: map[string]string{"code": "c"}}, private)
		if ok && (err != nil || out.Met == nil) || !ok && fault.CodeOf(err) != fault.ProviderRefused {
			t.Errorf("%s: %+v, %v", subject, out, err)
		}
	}
}

func TestAProviderThatIsAway(t *testing.T) {
	f := newForger(t)
	v := open(t, config(t, f.URL, nil))
	if err := v.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	q, private := depart(t, v)
	f.good(q.Get("nonce"), nil)
	f.tokenStatus = http.StatusBadGateway
	_, err := v.Return(t.Context(), verify.Attempt{Group: "student"}, verify.Return{RedirectURI: redirectURI, Params: map[string]string{"code": "c"}}, private)
	if fault.CodeOf(err) != fault.ProviderUnavailable {
		t.Fatalf("got %v", err)
	}
	f.Close()
	if err := v.Probe(t.Context()); fault.CodeOf(err) != fault.ProviderUnavailable {
		t.Fatalf("got %v", err)
	}
}

package builtin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/laurel-gateway/laurel/verify"
)

// university is a provider that asserts what eduGAIN's members do.
type university struct {
	*httptest.Server
	key *ecdsa.PrivateKey
	// claims of who is signed in, by the code that they came back with.
	claims map[string]object
}

func newUniversity(t *testing.T) *university {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	u := &university{key: key, claims: map[string]object{}}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, body any) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(body); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, object{"issuer": u.URL, "authorization_endpoint": u.URL + "/authorize", "token_endpoint": u.URL + "/token", "jwks_uri": u.URL + "/jwks",
			"authorization_response_iss_parameter_supported": true, "code_challenge_methods_supported": []string{"S256"}})
	})
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k1", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		answer(w, object{"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": u.idToken(t, r.PostFormValue("code"))})
	})
	u.Server = httptest.NewServer(mux)
	t.Cleanup(u.Close)
	return u
}

func (u *university) idToken(t *testing.T, code string) string {
	claims := object{"iss": u.URL, "aud": "laurel", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix()}
	maps.Copy(claims, u.claims[code])
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Error(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: u.key, KeyID: "k1"}}, nil)
	if err != nil {
		t.Error(err)
		return ""
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

// affiliations are what universities say of people of a group, as they write it: lists or one text, any case, several scopes.
var affiliations = map[string][]any{
	"student": {"student@uni.example", []string{"member@uni.example", "student@uni.example"}, []string{"Student@Uni.Example"}, []string{"employee@uni.example",
		"student@med.uni.example", "member@uni.example"}, []string{"alum@uni.example", "student@uni.example"}, []string{"student@elsewhere.example", "student@uni.example"}},
	"teacher":  {[]string{"faculty@uni.example", "member@uni.example"}, "FACULTY@MED.UNI.EXAMPLE", []string{"faculty@uni.example", "student@uni.example"}},
	"employee": {"staff@uni.example", []string{"employee@uni.example", "member@uni.example"}, []string{"library-walk-in@elsewhere.example", "staff@med.uni.example"}},
}

func bySignIn(t *testing.T, s *shopper) (*verify.Result, error) {
	group := []string{"student", "student", "student", "teacher", "employee"}[s.n%5]
	id := s.begin(t, group)
	claims := object{"sub": fmt.Sprintf("https://uni.example/ü/%d", s.n), "name": s.first + " " + s.last, "given_name": s.first,
		"eduperson_scoped_affiliation": affiliations[group][s.rand.IntN(len(affiliations[group]))]}
	if s.oneIn(2) {
		claims["schac_personal_unique_code"] = []string{fmt.Sprintf("urn:schac:personalUniqueCode:int:esi:uni.example:%d", s.n)}
	}
	if s.oneIn(3) {
		claims["aud"], claims["azp"] = []string{"laurel"}, "laurel"
	}
	if s.oneIn(10) {
		// Who turns back at the sign-in can begin anew.
		s.again = true
		if err := s.way(t, id, claims, "access_denied"); err != nil {
			return nil, err
		}
	}
	if err := s.way(t, id, claims, ""); err != nil {
		return nil, err
	}
	return s.Get(t.Context(), s.store, id)
}

// way goes to the university and back, where it says who it is, or an error.
func (s *shopper) way(t *testing.T, id string, claims object, failure string) error {
	t.Helper()
	r, err := s.BeginSSO(t.Context(), s.store, id, verify.SSOStart{Provider: "uni", ReturnURL: "https://shop.example/cart", Origins: []string{"https://shop.example"}})
	if err != nil {
		return err
	}
	way, err := url.Parse(r.RedirectURL)
	must(t, err)
	in, err := s.Enter(t.Context(), way.Query().Get("state"), "")
	must(t, err)
	there, err := url.Parse(in.ProviderURL)
	must(t, err)
	q := there.Query()
	back := map[string]string{"state": q.Get("state"), "iss": s.university.URL}
	if failure != "" {
		back["error"] = failure
	} else {
		back["code"] = fmt.Sprintf("code-%d", s.n)
		claims["nonce"] = q.Get("nonce")
		s.university.claims[back["code"]] = claims
	}
	_, err = s.CompleteSSO(t.Context(), back, in.Secret)
	return err
}

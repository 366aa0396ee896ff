package demouniversity_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/demouniversity"
)

const (
	issuer   = "http://127.0.0.1:8080/demo/university"
	back     = "http://127.0.0.1:8080/sso/callback"
	verifier = "a-verifier-of-forty-three-characters-or-more"
)

type stage struct {
	*demouniversity.Provider
	now time.Time
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{now: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)}
	var err error
	s.Provider, err = demouniversity.New(demouniversity.Config{
		Issuer: issuer, ClientID: "laurel", ClientSecret: "s3cret", RedirectURI: back, Now: func() time.Time { return s.now },
		Random: rand.Reader, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stage) post(path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, issuer+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func (s *stage) get(address string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, address, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func request(changes ...string) url.Values {
	sum := sha256.Sum256([]byte(verifier))
	v := url.Values{
		"client_id": {"laurel"}, "redirect_uri": {back}, "response_type": {"code"}, "scope": {"openid profile"}, "state": {"st"}, "nonce": {"n"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
	}
	return v
}

func (s *stage) code(t *testing.T) string {
	t.Helper()
	w := s.post("/authorize", request("person", "ada"))
	u, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther || u.Query().Get("iss") != issuer || u.Query().Get("state") != "st" {
		t.Fatalf("%d to %q, %v", w.Code, w.Header().Get("Location"), err)
	}
	return u.Query().Get("code")
}

func grant(code string, changes ...string) url.Values {
	v := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {back}, "code_verifier": {verifier},
		"client_id": {"laurel"}, "client_secret": {"s3cret"}}
	for i := 0; i+1 < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
	}
	return v
}

func TestACodeIsGoodOnce(t *testing.T) {
	s := newStage(t)
	code := s.code(t)
	w := s.post("/token", grant(code))
	var tokens struct {
		Access string `json:"access_token"`
		ID     string `json:"id_token"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &tokens); err != nil || w.Code != http.StatusOK || strings.Count(tokens.ID, ".") != 2 {
		t.Fatalf("%d %s, %v", w.Code, w.Body, err)
	}
	if again := s.post("/token", grant(code)); again.Code != http.StatusBadRequest {
		t.Fatalf("again: %d", again.Code)
	}
	info := s.get(issuer+"/userinfo", "Authorization", "Bearer "+tokens.Access)
	if info.Code != http.StatusOK || !strings.Contains(info.Body.String(), `"student@demo-university.example"`) {
		t.Fatalf("%d %s", info.Code, info.Body)
	}
	s.now = s.now.Add(time.Hour)
	if late := s.get(issuer+"/userinfo", "Authorization", "Bearer "+tokens.Access); late.Code != http.StatusUnauthorized {
		t.Fatalf("late: %d", late.Code)
	}
}

func TestCodesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		changes []string
		later   time.Duration
		status  int
	}{
		"another verifier": {[]string{"code_verifier", "other"}, 0, http.StatusBadRequest},
		"another address":  {[]string{"redirect_uri", back + "/x"}, 0, http.StatusBadRequest},
		"another secret":   {[]string{"client_secret", "x"}, 0, http.StatusUnauthorized},
		"another client":   {[]string{"client_id", "x"}, 0, http.StatusUnauthorized},
		"another grant":    {[]string{"grant_type", "password"}, 0, http.StatusBadRequest},
		"too late":         {nil, 2 * time.Minute, http.StatusBadRequest},
	} {
		s := newStage(t)
		form := grant(s.code(t), c.changes...)
		s.now = s.now.Add(c.later)
		if w := s.post("/token", form); w.Code != c.status {
			t.Errorf("%s: %d, want %d", name, w.Code, c.status)
		}
	}
}

func TestRequestsAreChecked(t *testing.T) {
	s := newStage(t)
	for name, c := range map[string]struct {
		changes  []string
		status   int
		location string
	}{
		"sound":           {nil, http.StatusOK, ""},
		"another client":  {[]string{"client_id", "x"}, http.StatusBadRequest, ""},
		"another address": {[]string{"redirect_uri", "https://evil.example/"}, http.StatusBadRequest, ""},
		"implicit":        {[]string{"response_type", "token"}, http.StatusSeeOther, "unsupported_response_type"},
		"no openid":       {[]string{"scope", "profile"}, http.StatusSeeOther, "invalid_scope"},
		"plain PKCE":      {[]string{"code_challenge_method", "plain"}, http.StatusSeeOther, "invalid_request"},
	} {
		w := s.get(issuer + "/authorize?" + request(c.changes...).Encode())
		if w.Code != c.status || !strings.Contains(w.Header().Get("Location"), c.location) {
			t.Errorf("%s: %d to %q", name, w.Code, w.Header().Get("Location"))
		}
		if strings.Contains(w.Header().Get("Location"), "evil") {
			t.Errorf("%s: sent on", name)
		}
	}
	page := s.get(issuer + "/authorize?" + request("state", `"><script>x</script>`).Encode())
	if strings.Contains(page.Body.String(), "<script>") || !strings.HasPrefix(page.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("the page can be written into")
	}
	if w := s.post("/authorize", request("name", "  ", "role", "student")); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `role="alert"`) {
		t.Errorf("without a name: %d", w.Code)
	}
}

package e2e

import (
	"bufio"
	"encoding/json"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/verify"
)

const (
	// openidHost is where the gateway says that it is; browsers of these tests find it there.
	openidHost   = "https://laurel.example"
	openidSecret = "the secret of the client"
)

// startOpenIDProvider runs npm's oidc-provider, which is certified and knows nothing of our code, and returns its issuer.
func startOpenIDProvider(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("node", root+"/web/e2e/openid-provider.mjs", openidHost+"/sso/callback")
	var said strings.Builder
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the provider: %v", err)
	}
	t.Cleanup(func() {
		// It ends with its input.
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Errorf("stop the provider: %v\n%s", err, said.String())
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the provider says nothing: %v", err)
	}
	var hello struct{ Issuer string }
	if err := json.Unmarshal(line, &hello); err != nil {
		t.Fatalf("the provider wrote %q", line)
	}
	return hello.Issuer
}

// toGateway leads requests for openidHost to the gateway of the test.
type toGateway struct{ base *url.URL }

// RoundTrip implements http.RoundTripper.
func (g toGateway) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(r.URL.String(), openidHost+"/") {
		return transport.RoundTrip(r)
	}
	to := r.Clone(r.Context())
	to.URL.Scheme, to.URL.Host = g.base.Scheme, g.base.Host
	res, err := transport.RoundTrip(to)
	if res != nil {
		res.Request = r
	}
	return res, err
}

// openidBrowser is a browser that stops where the shop's pages begin.
func openidBrowser(t *testing.T, h *house) *http.Client {
	t.Helper()
	base, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Transport: toGateway{base}, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), shopOrigin+"/") {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

var formAction = regexp.MustCompile(`action="([^"]+)"`)

// throughProvider follows an address, signs in as somebody, agrees, and returns where the browser ends.
func throughProvider(t *testing.T, browser *http.Client, address, login string) string {
	t.Helper()
	res, err := browser.Get(address)
	for _, form := range []url.Values{{"prompt": {"login"}, "login": {login}, "password": {"x"}}, {"prompt": {"consent"}}} {
		if err != nil {
			t.Fatal(err)
		}
		page, readErr := io.ReadAll(res.Body)
		if err := errors.Join(readErr, res.Body.Close()); err != nil {
			t.Fatal(err)
		}
		action := formAction.FindSubmatch(page)
		if res.StatusCode != http.StatusOK || action == nil {
			t.Fatalf("%s: %d\n%s", res.Request.URL, res.StatusCode, page)
		}
		res, err = browser.PostForm(html.UnescapeString(string(action[1])), form)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return res.Header.Get("Location")
}

// A student signs in at a certified provider and gets an offer token: the whole way, with both algorithms and both ways in
// which a client says who it is. The provider insists on PKCE and puts its issuer into responses.
func TestACertifiedProviderProvesAStudent(t *testing.T) {
	issuer := startOpenIDProvider(t)
	each(t, func(t *testing.T, p place) {
		h := open(t, p.with("LAUREL_PUBLIC_URL="+openidHost, "LAUREL_OUTGOING_ALLOW_PRIVATE=true"))
		s := furnish(t, h.Gateway, "campus")
		ref, by := verify.StoreRef{ID: s.id, Test: true}, verify.Actor{Name: "test"}
		var paths []verify.Path
		for alg, auth := range map[string]string{"RS256": "client_secret_basic", "ES256": "client_secret_post"} {
			name := strings.ToLower(alg)
			config := toJSON(t, fields{"name": "Certified University " + alg, "issuer": issuer, "client_id": "laurel-" + name, "token_auth": auth,
				"scopes": []string{"affiliation"}, "algorithms": []string{alg}, "userinfo": alg == "ES256",
				"claims": []fields{{"name": "affiliation", "claim": "eduperson_affiliation", "type": "strings"}},
				"rules":  []fields{{"when": `"student" in affiliation`, "group": "student", "subgroup": "university"}}})
			if _, err := h.Verify.SaveSetting(t.Context(), ref, by, verify.SettingInput{Verifier: "oidc", Instance: name, Config: []byte(config), Secret: openidSecret}); err != nil {
				t.Fatal(err)
			}
			if err := h.Verify.ProbeSetting(t.Context(), ref, verify.Requirement("oidc:"+name)); err != nil {
				t.Fatal(err)
			}
			paths = append(paths, verify.Path{verify.Requirement("oidc:" + name)})
		}
		changePolicy(t, h, ref, "student", paths...)
		page := s.page(h.url)
		found, _ := page.must(t, http.StatusOK, get("/v1/storefront/institutions?group=student&q=certified+univ")).object()["data"].([]any)
		if len(found) != 2 {
			t.Fatalf("institutions: %v", found)
		}
		for _, c := range []struct{ provider, login, state string }{
			{"rs256", "ada.student", "verified"}, {"es256", "grace.student", "verified"}, {"rs256", "wren.alum", "rejected"}, {"es256", "eve.member", "rejected"},
		} {
			t.Run(c.provider+" "+c.login, func(t *testing.T) {
				a := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}}))
				shopper := page.with("Laurel-Client-Secret", a.text("client_secret"))
				at := "/v1/verifications/" + a.text("id")
				away := shopper.must(t, http.StatusOK, post(at+"/steps/sso", fields{"provider": c.provider, "return_url": shopOrigin + "/cart"})).text("redirect_url")
				if back := throughProvider(t, openidBrowser(t, h), away, c.login); back != shopOrigin+"/cart?laurel_verification="+a.text("id") {
					t.Fatalf("back at %q: %v", back, shopper.must(t, http.StatusOK, get(at)))
				}
				got := shopper.must(t, http.StatusOK, get(at))
				if got.text("state") != c.state {
					t.Fatalf("%v, want %s", got, c.state)
				}
				offer := post("/v1/offer-tokens", fields{"offer_id": s.students, "verification_id": a.text("id")})
				if c.state != "verified" {
					if a := shopper.ask(t, offer); a.status < 400 {
						t.Errorf("a token without proof: %v", a)
					}
					return
				}
				if token := shopper.must(t, http.StatusCreated, offer).text("token"); strings.Count(token, ".") != 2 {
					t.Errorf("token %q", token)
				}
			})
		}
	})
}

// changePolicy gives the policy of a group other paths.
func changePolicy(t testing.TB, h *house, ref verify.StoreRef, group string, paths ...verify.Path) {
	t.Helper()
	policies, err := h.Verify.Policies(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	changed := verify.Policy{Group: group, Validity: verify.Validity{Days: 365}}
	for _, p := range policies {
		if p.Group == group {
			changed = p
		}
	}
	changed.Paths = paths
	if _, err := h.Verify.SavePolicy(t.Context(), ref, verify.Actor{Name: "test"}, changed); err != nil {
		t.Fatal(err)
	}
}

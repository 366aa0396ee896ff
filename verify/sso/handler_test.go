package sso_test

import (
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/demouniversity"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/builtin"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/oidc"
	registers "github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/remote"
	"github.com/laurel-gateway/laurel/verify/sso"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

const shop = "https://shop.example"

// gateway is a gateway with Demo University beside it, and a store that trusts it.
type gateway struct {
	URL string
	*verify.Service
	store verify.StoreRef
	// late is how far the store's clock is ahead, in nanoseconds.
	late atomic.Int64
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	g := &gateway{URL: server.URL, store: verify.StoreRef{ID: "sto_1", Test: true}}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	university, err := demouniversity.New(demouniversity.Config{
		Issuer: g.URL + "/demo/university", ClientID: "laurel", ClientSecret: "s3cret", RedirectURI: g.URL + sso.CallbackPath,
		Now: time.Now, Random: rand.Reader, Log: quiet,
	})
	if err != nil {
		t.Fatal(err)
	}
	registry, err := builtin.Registry(builtin.Deps{Shipped: &email.Shipped{}, OIDC: oidc.Deps{Client: server.Client(), Random: rand.Reader, Now: time.Now},
		Registry: registers.Deps{Client: server.Client(), Now: time.Now}, Remote: remote.Deps{Client: server.Client(), Now: time.Now}})
	if err != nil {
		t.Fatal(err)
	}
	g.Service = verify.NewService(verify.Options{
		Storage: verifyfake.New(func() time.Time { return time.Now().Add(time.Duration(g.late.Load())) }, "sto_1", "sto_2"), Registry: registry, Taggers: verifyfake.Secrets{}, Sealer: verifyfake.Secrets{},
		Random: rand.Reader, EnterURL: g.URL + sso.StartPath, CallbackURL: g.URL + sso.CallbackPath,
		Receipts: verifyfake.Secrets{},
	})
	public, err := url.Parse(g.URL)
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/demo/university/", university)
	mux.Handle("/sso/", sso.New(g.Service, public, quiet))
	by := verify.Actor{Name: "test"}
	_, err = g.SaveSetting(t.Context(), g.store, by, verify.SettingInput{Verifier: "oidc", Instance: "demo-university", Secret: "s3cret", Config: []byte(`{
		"name":"Demo University","issuer":"` + g.URL + `/demo/university","client_id":"laurel",
		"claims":[{"name":"affiliation","claim":"eduperson_affiliation","type":"strings"}],
		"rules":[{"when":"\"student\" in affiliation","group":"student","subgroup":"university"}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.SavePolicy(t.Context(), g.store, by, verify.Policy{Group: "student", Paths: []verify.Path{{"oidc:demo-university"}}, Validity: verify.Validity{Days: 365}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// begin starts a verification and its way, and returns the verification's id and the address to open.
func (g *gateway) begin(t *testing.T) (id, address string) {
	t.Helper()
	r, err := g.Start(t.Context(), verify.StartRequest{Store: g.store, Group: "student", Customer: "c-1", ConsentVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	id = r.Verification.ID
	r, err = g.BeginSSO(t.Context(), g.store, id, verify.SSOStart{Provider: "demo-university", ReturnURL: shop + "/cart", Origins: []string{shop}})
	if err != nil {
		t.Fatal(err)
	}
	return id, r.RedirectURL
}

// browser is a client with cookies that stops before it leaves the gateway.
func (g *gateway) browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), g.URL) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

func do(t *testing.T, c *http.Client, r *http.Request, err error) (*http.Response, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func get(t *testing.T, c *http.Client, address string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return do(t, c, r, err)
}

// signIn answers the university's form as somebody.
func signIn(t *testing.T, c *http.Client, page *http.Response, who url.Values) *http.Response {
	t.Helper()
	form := page.Request.URL.Query()
	for k, v := range who {
		form[k] = v
	}
	address := *page.Request.URL
	address.RawQuery = ""
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address.String(), strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, _ := do(t, c, r, err)
	return res
}

func (g *gateway) state(t *testing.T, id string) (verify.State, string) {
	t.Helper()
	r, err := g.Get(t.Context(), g.store, id)
	if err != nil {
		t.Fatal(err)
	}
	code := ""
	if errs := r.Verification.Errors; len(errs) > 0 {
		code = errs[0].Code
	}
	return r.Verification.State, code
}

func TestSigningIn(t *testing.T) {
	for name, c := range map[string]struct {
		who   url.Values
		state verify.State
		code  string
	}{
		"a student":      {url.Values{"person": {"ada"}}, verify.Verified, ""},
		"a visitor":      {url.Values{"name": {"Zo Ë"}, "role": {"student"}}, verify.Verified, ""},
		"a professor":    {url.Values{"person": {"grace"}}, verify.Rejected, "not_eligible"},
		"an alumna":      {url.Values{"person": {"wren"}}, verify.Rejected, "not_eligible"},
		"somebody timid": {url.Values{"cancel": {"1"}}, verify.Collecting, "provider_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			id, address := g.begin(t)
			browser := g.browser(t)
			page, body := get(t, browser, address, "Referer", shop+"/", "Sec-Fetch-Site", "cross-site")
			if page.StatusCode != http.StatusOK || !strings.Contains(body, "Ada Okafor") || !strings.Contains(page.Header.Get("Content-Security-Policy"), "default-src 'none'") {
				t.Fatalf("%s: %d\n%s", page.Request.URL, page.StatusCode, body)
			}
			back := signIn(t, browser, page, c.who)
			if want := shop + "/cart?laurel_verification=" + id; back.Header.Get("Location") != want {
				t.Fatalf("back to %q (%d), want %q", back.Header.Get("Location"), back.StatusCode, want)
			}
			if state, code := g.state(t, id); state != c.state || code != c.code {
				t.Fatalf("state %s %s, want %s %s", state, code, c.state, c.code)
			}
		})
	}
}

func TestAWayCannotBeHandedOn(t *testing.T) {
	g := newGateway(t)
	id, address := g.begin(t)
	attacker, victim := g.browser(t), g.browser(t)

	// A link in a mail or on a foreign page asks first.
	for _, headers := range [][]string{{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site", "Referer", "https://evil.example/"}} {
		page, body := get(t, victim, address, headers...)
		if page.StatusCode != http.StatusOK || !strings.Contains(body, "Did you start this?") || !strings.Contains(body, shop) {
			t.Fatalf("%v: %d\n%s", headers, page.StatusCode, body)
		}
	}
	// Once the attacker's browser entered, the address is of no use to another.
	page, _ := get(t, attacker, address, "Referer", shop+"/", "Sec-Fetch-Site", "cross-site")
	if res, _ := get(t, victim, address, "Referer", shop+"/", "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusBadRequest {
		t.Fatalf("a second browser entered: %d", res.StatusCode)
	}
	// The provider's address, handed on, comes back in the wrong browser.
	there, _ := get(t, victim, page.Request.URL.String())
	if back := signIn(t, victim, there, url.Values{"person": {"ada"}}); back.StatusCode != http.StatusBadRequest {
		t.Fatalf("the victim came back: %d to %s", back.StatusCode, back.Header.Get("Location"))
	}
	if state, _ := g.state(t, id); state != verify.Challenged {
		t.Fatalf("state %s", state)
	}
}

func TestAfterTheQuestionTheWayGoesOn(t *testing.T) {
	g := newGateway(t)
	_, address := g.begin(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	post := func(site string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.URL+sso.StartPath, strings.NewReader(u.Query().Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", site)
		res, _ := do(t, g.browser(t), r, err)
		return res
	}
	if res := post("cross-site"); res.StatusCode != http.StatusBadRequest {
		t.Fatalf("a foreign page answered the question: %d", res.StatusCode)
	}
	if res := post("same-origin"); res.StatusCode != http.StatusOK || !strings.Contains(res.Request.URL.Path, "/demo/university/authorize") {
		t.Fatalf("%d at %s", res.StatusCode, res.Request.URL)
	}
}

// The demonstration's shop is a page of the gateway itself, which sends no referrers.
func TestTheGatewaysOwnPagesNeedNoReferrer(t *testing.T) {
	g := newGateway(t)
	r, err := g.Start(t.Context(), verify.StartRequest{Store: g.store, Group: "student", ConsentVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	r, err = g.BeginSSO(t.Context(), g.store, r.Verification.ID, verify.SSOStart{Provider: "demo-university", ReturnURL: g.URL + "/demo", Origins: []string{g.URL}})
	if err != nil {
		t.Fatal(err)
	}
	if _, body := get(t, g.browser(t), r.RedirectURL, "Sec-Fetch-Site", "same-site"); !strings.Contains(body, "Did you start this?") {
		t.Fatal("another origin of the same site was let through")
	}
	if _, body := get(t, g.browser(t), r.RedirectURL, "Sec-Fetch-Site", "same-origin"); !strings.Contains(body, "Ada Okafor") {
		t.Fatal("the gateway's own page was not let through")
	}
}

func TestWhatIsNoWay(t *testing.T) {
	g := newGateway(t)
	browser := g.browser(t)
	for _, path := range []string{
		sso.StartPath, sso.StartPath + "?state=x", sso.StartPath + "?state=sto_1.x", sso.StartPath + "?state=sto_9.x",
		sso.CallbackPath, sso.CallbackPath + "?state=sto_1.x&code=1", sso.CallbackPath + "?state=a.b&state=c.d",
	} {
		res, body := get(t, browser, g.URL+path, "Accept-Language", "de-AT")
		if res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "Diese Anmeldung gilt nicht mehr") {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

func TestACodeOfAnotherWayIsRefused(t *testing.T) {
	g := newGateway(t)
	firstID, first := g.begin(t)
	_, second := g.begin(t)
	browser := g.browser(t)
	a, _ := get(t, browser, first)
	b, _ := get(t, browser, second)
	// The code of the second way, brought back with the state of the first: PKCE and nonce do not fit.
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	back, err := url.Parse(signIn(t, browser, b, url.Values{"person": {"ada"}}).Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	q := back.Query()
	q.Set("state", a.Request.URL.Query().Get("state"))
	back.RawQuery = q.Encode()
	if res, _ := get(t, browser, back.String()); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", res.StatusCode)
	}
	if state, code := g.state(t, firstID); state != verify.Collecting || code != "provider_refused" {
		t.Fatalf("state %s %s", state, code)
	}
	if res, _ := get(t, browser, back.String()); res.StatusCode != http.StatusBadRequest {
		t.Fatalf("a state worked twice: %d", res.StatusCode)
	}
}

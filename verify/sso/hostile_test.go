package sso_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/sso"
)

// waybill is what an attacker on the way back may change.
type waybill struct {
	query url.Values
	// client is the browser that comes back.
	client *http.Client
	method string
}

// TestTheAttacksOnTheWayBack: whatever comes back that is not this way's own response, in this way's browser, once, in
// time, proves nothing.
func TestTheAttacksOnTheWayBack(t *testing.T) {
	for name, c := range map[string]struct {
		guard string
		play  func(t *testing.T, g *gateway, w *waybill)
		// burned: the state is right, so that it is used up and the shopper begins anew; else nothing changes.
		burned bool
		status int
	}{
		"no state":          {"state", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Del("state") }, false, http.StatusBadRequest},
		"a state of nobody": {"state", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Set("state", "sto_1."+strings.Repeat("A", 43)) }, false, http.StatusBadRequest},
		"the state in upper": {"state", func(_ *testing.T, _ *gateway, w *waybill) {
			w.query.Set("state", strings.ToUpper(w.query.Get("state")))
		}, false, http.StatusBadRequest},
		"a longer state": {"state", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Set("state", w.query.Get("state")+"A") }, false, http.StatusBadRequest},
		"state in another store": {"the store in the state", func(_ *testing.T, _ *gateway, w *waybill) {
			w.query.Set("state", strings.Replace(w.query.Get("state"), "sto_1.", "sto_2.", 1))
		}, false, http.StatusBadRequest},
		"state of another verification": {"one way, one browser", func(t *testing.T, g *gateway, w *waybill) {
			_, address := g.begin(t)
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			w.query.Set("state", u.Query().Get("state"))
		}, false, http.StatusBadRequest},
		"another browser": {"the browser's cookie", func(t *testing.T, g *gateway, w *waybill) { w.client = g.browser(t) }, false, http.StatusBadRequest},
		"a forged cookie": {"the browser's cookie", func(t *testing.T, g *gateway, w *waybill) {
			w.client = g.browser(t)
			u, err := url.Parse(g.URL)
			if err != nil {
				t.Fatal(err)
			}
			w.client.Jar.SetCookies(u, []*http.Cookie{{Name: "laurel_sso", Value: strings.Repeat("A", 43), Path: "/"}})
		}, false, http.StatusBadRequest},
		"too late":                      {"ten minutes", func(_ *testing.T, g *gateway, _ *waybill) { g.late.Store(int64(11 * time.Minute)) }, false, http.StatusBadRequest},
		"state twice":                   {"RFC 6749, section 3.1", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Add("state", w.query.Get("state")) }, false, http.StatusBadRequest},
		"code twice":                    {"RFC 6749, section 3.1", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Add("code", "x") }, false, http.StatusBadRequest},
		"iss twice":                     {"RFC 6749, section 3.1", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Add("iss", "https://evil.example") }, false, http.StatusBadRequest},
		"an error twice":                {"RFC 6749, section 3.1", func(_ *testing.T, _ *gateway, w *waybill) { w.query["error"] = []string{"a", "b"} }, false, http.StatusBadRequest},
		"posted":                        {"the query alone", func(_ *testing.T, _ *gateway, w *waybill) { w.method = http.MethodPost }, false, http.StatusMethodNotAllowed},
		"mix-up: another issuer":        {"RFC 9207", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Set("iss", "https://evil.example") }, true, http.StatusSeeOther},
		"mix-up: the promised one gone": {"RFC 9207", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Del("iss") }, true, http.StatusSeeOther},
		"an error instead of a code":    {"RFC 6749, section 4.1.2.1", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Set("error", "server_error") }, true, http.StatusSeeOther},
		"a code of nobody":              {"the token endpoint", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Set("code", "x") }, true, http.StatusSeeOther},
		"no code":                       {"RFC 6749, section 4.1.2", func(_ *testing.T, _ *gateway, w *waybill) { w.query.Del("code") }, true, http.StatusSeeOther},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			id, w := g.there(t)
			c.play(t, g, w)
			r, err := http.NewRequestWithContext(t.Context(), w.method, g.URL+sso.CallbackPath+"?"+w.query.Encode(), nil)
			res, _ := do(t, w.client, r, err)
			if res.StatusCode != c.status {
				t.Fatalf("%s should stop it: %d to %q", c.guard, res.StatusCode, res.Header.Get("Location"))
			}
			if to := res.Header.Get("Location"); to != "" && !strings.HasPrefix(to, shop+"/cart?laurel_verification=") {
				t.Errorf("sent to %q", to)
			}
			want := verify.Challenged
			if c.burned {
				want = verify.Collecting
			}
			if state, code := g.state(t, id); state != want && c.guard != "ten minutes" || c.burned && code != "provider_refused" {
				t.Errorf("state %s %s, want %s", state, code, want)
			}
		})
	}
}

// The honest response of the table works, and works once.
func TestTheWayBackWorksOnce(t *testing.T) {
	g := newGateway(t)
	id, w := g.there(t)
	for _, want := range []int{http.StatusSeeOther, http.StatusBadRequest} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.URL+sso.CallbackPath+"?"+w.query.Encode(), nil)
		if res, _ := do(t, w.client, r, err); res.StatusCode != want {
			t.Fatalf("%d, want %d", res.StatusCode, want)
		}
		if state, _ := g.state(t, id); state != verify.Verified {
			t.Fatalf("state %s", state)
		}
	}
}

// there sends a browser to the university and has Ada sign in, and returns the response that it would bring back.
func (g *gateway) there(t *testing.T) (id string, w *waybill) {
	t.Helper()
	id, address := g.begin(t)
	browser := g.browser(t)
	page, _ := get(t, browser, address, "Referer", shop+"/", "Sec-Fetch-Site", "cross-site")
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	back, err := url.Parse(signIn(t, browser, page, url.Values{"person": {"ada"}}).Header.Get("Location"))
	if err != nil || back.Query().Get("code") == "" || back.Query().Get("iss") == "" {
		t.Fatalf("%v, %v", back, err)
	}
	return id, &waybill{query: back.Query(), client: browser, method: http.MethodGet}
}

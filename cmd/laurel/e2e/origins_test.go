package e2e

import (
	"net/http"
	"strings"
	"testing"
)

func TestOrigins(t *testing.T) {
	h := open(t, onSQLite(t))
	s, other := furnish(t, h.Gateway, "Here"), furnish(t, h.Gateway, "There")
	key := newCaller(h.url).bearer(s.publishable)
	start := func() request {
		return post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}})
	}
	for _, origin := range []string{"https://evil.example", "http://shop.example", "https://shop.example:8443", "https://shop.example.evil.example", "https://x.shop.example", "null"} {
		for _, r := range []request{get("/v1/storefront"), start()} {
			a := key.with("Origin", origin).ask(t, r)
			if a.status != http.StatusForbidden || a.code() != "origin_not_allowed" || a.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s %s from %s: %v, %q", r.method, r.path, origin, a, a.header.Get("Access-Control-Allow-Origin"))
			}
		}
	}
	if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM verifications"); n != 0 {
		t.Errorf("%d verifications were started from foreign pages", n)
	}

	for _, origin := range []string{shopOrigin, "http://localhost:8080"} {
		for _, r := range []request{get("/v1/storefront"), start()} {
			a := key.with("Origin", origin).ask(t, r)
			if a.status >= 300 || a.header.Get("Access-Control-Allow-Origin") != origin || !strings.Contains(a.header.Get("Vary"), "Origin") ||
				a.header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s from %s: %v, %v", r.method, r.path, origin, a, a.header)
			}
		}
	}
	// Without an Origin it is no browser's page; the key is public anyway.
	key.must(t, http.StatusOK, get("/v1/storefront"))

	// A secret key in a page is a leak: the page gets nothing to read.
	leaked := s.server(h.url).with("Origin", shopOrigin).ask(t, get("/v1/redemptions"))
	if leaked.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a page may read what a secret key gets: %v", leaked.header)
	}

	// The other store allows the same origin and no further one: origins are a store's own.
	changed := newCaller(h.url).bearer(other.publishable).with("Origin", "https://evil.example").ask(t, get("/v1/storefront"))
	if changed.status != http.StatusForbidden {
		t.Errorf("%v", changed)
	}
}

func TestPreflight(t *testing.T) {
	h := open(t, onSQLite(t))
	furnish(t, h.Gateway, "Here")
	ask := func(origin, method, path string) http.Header {
		c := newCaller(h.url).with("Origin", origin).with("Access-Control-Request-Method", method).
			with("Access-Control-Request-Headers", "authorization,content-type,idempotency-key,laurel-client-secret")
		return c.must(t, http.StatusNoContent, request{method: http.MethodOptions, path: path}).header
	}
	for _, r := range []request{{method: "POST", path: "/v1/verifications"}, {method: "GET", path: "/v1/storefront"},
		{method: "DELETE", path: "/v1/verifications/ver_x/steps/email"}, {method: "POST", path: "/v1/offer-tokens"}} {
		got := ask(shopOrigin, r.method, r.path)
		allowed := strings.ToLower(got.Get("Access-Control-Allow-Headers"))
		if got.Get("Access-Control-Allow-Origin") != shopOrigin || !strings.Contains(got.Get("Access-Control-Allow-Methods"), r.method) {
			t.Errorf("%s %s: %v", r.method, r.path, got)
		}
		for _, name := range []string{"authorization", "content-type", "idempotency-key", "laurel-client-secret"} {
			if !strings.Contains(allowed, name) {
				t.Errorf("%s %s does not allow the header %s: %v", r.method, r.path, name, got)
			}
		}
		if got := ask("https://evil.example", r.method, r.path); got.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s %s is open to a foreign page: %v", r.method, r.path, got)
		}
	}
	for _, path := range []string{"/v1/redemptions", "/v1/evaluations", "/v1/admin/session", "/v1/admin/stores"} {
		if got := ask(shopOrigin, "POST", path); got.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is open to pages: %v", path, got)
		}
	}
}

func TestTheWidgetIsForEveryPage(t *testing.T) {
	h := open(t, onSQLite(t))
	a := newCaller(h.url).with("Origin", "https://anywhere.example").must(t, http.StatusOK, get("/widget.js"))
	if a.header.Get("Access-Control-Allow-Origin") != "*" || !strings.HasPrefix(a.header.Get("Content-Type"), "text/javascript") ||
		a.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", a.header)
	}
	if len(a.body) < 1000 {
		t.Errorf("the widget has %d bytes", len(a.body))
	}
}

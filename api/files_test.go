package api

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/laurel-gateway/laurel/api/problem"
)

func withFiles(d *Deps) {
	d.Widget = fstest.MapFS{"widget.js": {Data: []byte("export {}")}, "widget/de-B1c2D3e4.js": {Data: []byte("export default {}")}}
	d.Admin = fstest.MapFS{
		"index.html":      {Data: []byte(`<meta name="csp-nonce" content="__CSP_NONCE__">`)},
		"assets/a-123.js": {Data: []byte("1")}, "assets/a-123.css": {Data: []byte("a{}")}, "icon.svg": {Data: []byte("<svg/>")},
	}
	d.Demo = fstest.MapFS{"index.html": {Data: []byte("shop")}, "inbox.html": {Data: []byte("inbox")}, "a.js": {Data: []byte("1")}}
	d.Mounts = map[string]http.Handler{"/demo/config.json": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if _, err := w.Write([]byte("{}")); err != nil {
			panic(err)
		}
	})}
}

func TestFiles(t *testing.T) {
	h := newHarness(t, withFiles)
	for path, want := range map[string]struct {
		status            int
		kind, cache, body string
	}{
		"/widget.js":               {200, "text/javascript; charset=utf-8", "no-cache", "export {}"},
		"/widget/de-B1c2D3e4.js":   {200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "export default {}"},
		"/widget/xx.js":            {404, "application/problem+json", "no-store", ""},
		"/admin/assets/a-123.js":   {200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "1"},
		"/admin/assets/a-123.css":  {200, "text/css; charset=utf-8", "public, max-age=31536000, immutable", "a{}"},
		"/admin/icon.svg":          {200, "image/svg+xml", "no-cache", "<svg/>"},
		"/admin/assets/missing.js": {404, "application/problem+json", "no-store", ""},
		"/admin/../api.go":         {404, "application/problem+json", "no-store", ""},
		"/demo":                    {200, "text/html; charset=utf-8", "no-cache", "shop"},
		"/demo/inbox":              {200, "text/html; charset=utf-8", "no-cache", "inbox"},
		"/demo/inbox.html":         {200, "text/html; charset=utf-8", "no-cache", "inbox"},
		"/demo/cart/2":             {200, "text/html; charset=utf-8", "no-cache", "shop"},
		"/demo/config.json":        {200, "application/json", "no-store", "{}"},
		"/docs":                    {200, "text/html; charset=utf-8", "no-cache", ""},
		"/docs/docs.js":            {200, "text/javascript; charset=utf-8", "no-cache", ""},
		"/openapi.json":            {200, "application/json", "no-cache", ""},
		"/openapi.yaml":            {200, "application/yaml", "no-cache", ""},
		"/problems/token-spent":    {200, "text/html; charset=utf-8", "no-cache", ""},
		"/problems/nothing":        {404, "application/problem+json", "no-store", ""},
	} {
		t.Run(path, func(t *testing.T) {
			rec := h.ask(http.MethodGet, path, "")
			if rec.Code != want.status || rec.Header().Get("Content-Type") != want.kind || rec.Header().Get("Cache-Control") != want.cache {
				t.Fatalf("%d %q %q: %s", rec.Code, rec.Header().Get("Content-Type"), rec.Header().Get("Cache-Control"), rec.Body)
			}
			if want.body != "" && rec.Body.String() != want.body {
				t.Errorf("body %s", rec.Body)
			}
			tag := rec.Header().Get("ETag")
			if rec.Code != 200 || tag == "" {
				return
			}
			again := h.ask(http.MethodGet, path, "", "If-None-Match: "+tag)
			if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
				t.Errorf("with its ETag: %d", again.Code)
			}
			head := h.ask(http.MethodHead, path, "")
			if head.Code != 200 || head.Body.Len() != 0 || head.Header().Get("ETag") != tag {
				t.Errorf("HEAD: %d, %d bytes", head.Code, head.Body.Len())
			}
		})
	}
}

func TestWidgetIsForAnyPage(t *testing.T) {
	h := newHarness(t, withFiles)
	rec := h.ask(http.MethodGet, "/widget.js", "", "Origin: https://anywhere.example")
	if rec.Header().Get("Access-Control-Allow-Origin") != "*" || rec.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("%v", rec.Header())
	}
}

func TestConsoleNonce(t *testing.T) {
	h := newHarness(t, withFiles)
	nonces := map[string]bool{}
	for _, path := range []string{"/admin", "/admin/", "/admin/index.html", "/admin/stores/sto_1/offers"} {
		rec := h.ask(http.MethodGet, path, "")
		m := regexp.MustCompile(`content="([A-Za-z0-9_-]{24})"`).FindStringSubmatch(rec.Body.String())
		if rec.Code != 200 || m == nil {
			t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
		}
		policy := rec.Header().Get("Content-Security-Policy")
		if !strings.Contains(policy, "'nonce-"+m[1]+"'") || strings.Contains(policy, "unsafe-eval") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %s", path, policy)
		}
		if nonces[m[1]] || rec.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: a nonce is used twice, or the page is kept", path)
		}
		nonces[m[1]] = true
	}
}

func TestSecurityHeaders(t *testing.T) {
	h := newHarness(t, withFiles)
	for _, path := range []string{"/healthz", "/docs", "/admin", "/nothing", "/demo"} {
		header := h.ask(http.MethodGet, path, "").Header()
		for _, name := range []string{"Strict-Transport-Security", "Content-Security-Policy", "Permissions-Policy", "X-Request-Id"} {
			if header.Get(name) == "" {
				t.Errorf("%s: no %s", path, name)
			}
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") == "" ||
			!strings.Contains(header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: %v", path, header)
		}
	}
	plain := newHarness(t, func(d *Deps) { d.PublicURL = "http://localhost:8080" })
	if plain.ask(http.MethodGet, "/healthz", "").Header().Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without TLS")
	}
}

func TestReferenceLoadsNothingFromElsewhere(t *testing.T) {
	h := newHarness(t)
	outside := regexp.MustCompile(`(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//|import\s*\(|eval\(|innerHTML|new Function`)
	for _, path := range []string{"/docs", "/docs/docs.js", "/docs/docs.css", "/problems/token-spent"} {
		if found := outside.FindString(h.ask(http.MethodGet, path, "").Body.String()); found != "" {
			t.Errorf("%s: %q", path, found)
		}
	}
}

func TestEveryProblemHasAPage(t *testing.T) {
	h := newHarness(t)
	for _, code := range problem.Codes() {
		rec := h.ask(http.MethodGet, "/problems/"+problem.Slug(code), "")
		if rec.Code != 200 || !strings.Contains(rec.Body.String(), string(code)) {
			t.Errorf("%s: %d", code, rec.Code)
		}
	}
}

func TestServedContract(t *testing.T) {
	h := newHarness(t)
	registerEcho(h.API, Secret)
	var doc struct {
		OpenAPI string
		Paths   map[string]any
	}
	if err := json.Unmarshal(h.ask(http.MethodGet, "/openapi.json", "").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" || doc.Paths["/v1/echo/{id}"] == nil || doc.Paths["/healthz"] == nil {
		t.Errorf("%s with %d paths", doc.OpenAPI, len(doc.Paths))
	}
}

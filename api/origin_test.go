package api

import (
	"context"
	"net/http"
	"testing"
)

func TestCORS(t *testing.T) {
	h := newHarness(t, func(d *Deps) { d.OwnOrigins = []string{"http://localhost:8080"} })
	registerWho(h.API)
	Register(h.API, Operation{ID: "post", Method: http.MethodPost, Path: "/v1/public", Tag: "Store", Summary: "x", Description: "x", Allow: Allow(Publishable), Mutation: true},
		func(context.Context, *struct{}) (*Reply[Nothing], error) { return NoContent() })
	for name, tc := range map[string]struct {
		path, key, origin string
		status            int
		allowed           string
	}{
		"own store's origin":          {"/v1/public", "pk_test_a", "https://a.example", 200, "https://a.example"},
		"the gateway itself":          {"/v1/public", "pk_test_a", "https://laurel.example", 200, "https://laurel.example"},
		"the gateway's other name":    {"/v1/public", "pk_test_a", "http://localhost:8080", 200, "http://localhost:8080"},
		"no origin":                   {"/v1/public", "pk_test_a", "", 200, ""},
		"other store's origin":        {"/v1/public", "pk_test_a", "https://b.example", 403, ""},
		"foreign origin":              {"/v1/public", "pk_test_a", "https://evil.example", 403, ""},
		"null":                        {"/v1/public", "pk_test_a", "null", 403, ""},
		"other scheme":                {"/v1/public", "pk_test_a", "http://a.example", 403, ""},
		"longer name":                 {"/v1/public", "pk_test_a", "https://a.example.evil.example", 403, ""},
		"other port":                  {"/v1/public", "pk_test_a", "https://a.example:444", 403, ""},
		"session, own origin":         {"/v1/client", "cs_a", "https://a.example", 200, "https://a.example"},
		"session, foreign origin":     {"/v1/client", "cs_a", "https://evil.example", 403, ""},
		"secret key in a page":        {"/v1/client", "sk_test_a", "https://a.example", 200, ""},
		"secret key, secret only":     {"/v1/secret", "sk_test_a", "https://a.example", 200, ""},
		"bad key from a known origin": {"/v1/public", "pk_test_z", "https://a.example", 401, "https://a.example"},
		"bad key from a foreign one":  {"/v1/public", "pk_test_z", "https://evil.example", 401, ""},
	} {
		t.Run(name, func(t *testing.T) {
			header := []string{"Authorization: Bearer " + tc.key}
			if tc.origin != "" {
				header = append(header, "Origin: "+tc.origin)
			}
			rec := h.ask(http.MethodGet, tc.path, "", header...)
			if rec.Code != tc.status || rec.Header().Get("Access-Control-Allow-Origin") != tc.allowed {
				t.Errorf("status %d, allowed %q; want %d, %q", rec.Code, rec.Header().Get("Access-Control-Allow-Origin"), tc.status, tc.allowed)
			}
			if rec.Code == 403 && problemIn(t, rec).Code != "origin_not_allowed" {
				t.Errorf("refused with %s", rec.Body)
			}
			if rec.Header().Get("Access-Control-Allow-Credentials") != "" {
				t.Error("cookies are allowed across origins")
			}
		})
	}
	for name, tc := range map[string]struct {
		path, method, origin string
		allowed              bool
	}{
		"a store's origin":       {"/v1/public", "POST", "https://a.example", true},
		"another store's origin": {"/v1/public", "POST", "https://b.example", true},
		"the gateway itself":     {"/v1/public", "GET", "https://laurel.example", true},
		"foreign origin":         {"/v1/public", "POST", "https://evil.example", false},
		"secret only":            {"/v1/secret", "GET", "https://a.example", false},
		"console":                {"/v1/admin/me", "GET", "https://a.example", false},
		"no such method":         {"/v1/public", "DELETE", "https://a.example", false},
		"no such path":           {"/v1/nothing", "GET", "https://a.example", false},
	} {
		t.Run("preflight, "+name, func(t *testing.T) {
			rec := h.ask(http.MethodOptions, tc.path, "", "Origin: "+tc.origin, "Access-Control-Request-Method: "+tc.method,
				"Access-Control-Request-Headers: authorization,idempotency-key")
			if rec.Code != http.StatusNoContent {
				t.Fatalf("status %d", rec.Code)
			}
			got := rec.Header().Get("Access-Control-Allow-Origin")
			if (got == tc.origin) != tc.allowed || (got != "") != tc.allowed {
				t.Errorf("allowed %q", got)
			}
			if tc.allowed && (rec.Header().Get("Access-Control-Allow-Methods") != tc.method || rec.Header().Get("Access-Control-Allow-Headers") == "") {
				t.Errorf("headers %v", rec.Header())
			}
		})
	}
}

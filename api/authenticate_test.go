package api

import (
	"context"
	"net/http"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
)

type whoView struct {
	Kind     string `json:"kind" doc:"Kind." example:"secret"`
	Store    string `json:"store" doc:"Store." example:"sto_a"`
	Customer string `json:"customer" doc:"Customer." example:"c-1"`
	Role     string `json:"role" doc:"Role." example:"owner"`
}

type storeInput struct {
	StoreID string `path:"store_id" doc:"The store." example:"sto_a"`
}

func who[I any](ctx context.Context, _ *I) (*Reply[whoView], error) {
	c := CallerFrom(ctx)
	v := whoView{Kind: string(c.Kind), Customer: c.Customer, Role: c.Role}
	if c.Store != nil {
		v.Store = c.Store.ID
	}
	return OK(v)
}

func registerWho(a *API) {
	get := func(path string, op Operation) {
		op.ID, op.Method, op.Path, op.Tag, op.Summary, op.Description = "who"+path, http.MethodGet, path, "Store", "Who?", "Who."
		Register(a, op, who[struct{}])
	}
	get("/v1/secret", Operation{Allow: Allow(Secret), Scope: "who:read"})
	get("/v1/public", Operation{Allow: Allow(Publishable)})
	get("/v1/client", Operation{Allow: Allow(Client, Customer, Secret)})
	get("/v1/anyone", Operation{Allow: Allow(Anyone)})
	get("/v1/admin/me", Operation{Allow: Allow(Console)})
	get("/v1/admin/operator", Operation{Allow: Allow(Console), OperatorOnly: true})
	console := func(method, id string, roles ...string) {
		Register(a, Operation{ID: id, Method: method, Path: "/v1/admin/stores/{store_id}/" + id, Tag: "Console", Summary: "Who?", Description: "Who.",
			Allow: Allow(Console), Roles: roles}, who[storeInput])
	}
	console(http.MethodGet, "any")
	console(http.MethodGet, "owned", Owner)
	console(http.MethodPost, "change", Owner, Marketer)
}

func TestWhoMayCall(t *testing.T) {
	h := newHarness(t)
	registerWho(h.API)
	cookie := func(name string) []string { return []string{"Cookie: laurel_session=" + name} }
	bearer := func(key string) []string { return []string{"Authorization: Bearer " + key} }
	for name, tc := range map[string]struct {
		method, path string
		header       []string
		code         fault.Code
		body         string
	}{
		"secret":                       {path: "/v1/secret", header: bearer("sk_test_a"), body: `{"kind":"secret","store":"sto_a","customer":"","role":""}`},
		"lower-case scheme":            {path: "/v1/secret", header: []string{"Authorization: bearer sk_test_a"}},
		"nothing":                      {path: "/v1/secret", code: fault.Unauthenticated},
		"basic":                        {path: "/v1/secret", header: []string{"Authorization: Basic sk_test_a"}, code: fault.Unauthenticated},
		"unknown key":                  {path: "/v1/secret", header: bearer("sk_test_z"), code: fault.Unauthenticated},
		"without the scope":            {path: "/v1/secret", header: bearer("sk_test_narrow_a"), code: fault.Forbidden},
		"publishable for secret":       {path: "/v1/secret", header: bearer("pk_test_a"), code: fault.Forbidden},
		"session for secret":           {path: "/v1/secret", header: bearer("cs_a"), code: fault.Forbidden},
		"cookie for secret":            {path: "/v1/secret", header: cookie("owner"), code: fault.Unauthenticated},
		"publishable":                  {path: "/v1/public", header: bearer("pk_test_a"), body: `{"kind":"publishable","store":"sto_a","customer":"","role":""}`},
		"secret for publishable":       {path: "/v1/public", header: bearer("sk_test_a"), code: fault.Forbidden},
		"client":                       {path: "/v1/client", header: append(bearer("pk_test_a"), "Laurel-Client-Secret: x"), body: `{"kind":"client","store":"sto_a","customer":"","role":""}`},
		"client without its secret":    {path: "/v1/client", header: bearer("pk_test_a"), code: fault.Unauthenticated},
		"customer":                     {path: "/v1/client", header: bearer("cs_b"), body: `{"kind":"customer","store":"sto_b","customer":"c-1","role":""}`},
		"secret beside client":         {path: "/v1/client", header: bearer("sk_test_b")},
		"anyone":                       {path: "/v1/anyone", body: `{"kind":"none","store":"","customer":"","role":""}`},
		"anyone with a foreign header": {path: "/v1/anyone", header: bearer("not ours")},
		"console":                      {path: "/v1/admin/me", header: cookie("owner")},
		"console without a session":    {path: "/v1/admin/me", code: fault.Unauthenticated},
		"console with an old session":  {path: "/v1/admin/me", header: cookie("stranger"), code: fault.Unauthenticated},
		"console with a secret key":    {path: "/v1/admin/me", header: bearer("sk_test_a"), code: fault.Unauthenticated},
		"operator only":                {path: "/v1/admin/operator", header: cookie("owner"), code: fault.Forbidden},
		"operator":                     {path: "/v1/admin/operator", header: cookie("operator")},
		"in the store":                 {path: "/v1/admin/stores/sto_a/any", header: cookie("analyst"), body: `{"kind":"console","store":"sto_a","customer":"","role":"analyst"}`},
		"in a foreign store":           {path: "/v1/admin/stores/sto_b/any", header: cookie("owner"), code: fault.NotFound},
		"in no store":                  {path: "/v1/admin/stores/sto_x/any", header: cookie("owner"), code: fault.NotFound},
		"operator in no store":         {path: "/v1/admin/stores/sto_x/any", header: cookie("operator"), code: fault.NotFound},
		"operator in any store":        {path: "/v1/admin/stores/sto_b/owned", header: cookie("operator"), body: `{"kind":"console","store":"sto_b","customer":"","role":"owner"}`},
		"wrong role":                   {path: "/v1/admin/stores/sto_a/owned", header: cookie("analyst"), code: fault.Forbidden},
		"right role":                   {path: "/v1/admin/stores/sto_a/owned", header: cookie("owner")},
		"change":                       {method: "POST", path: "/v1/admin/stores/sto_a/change", header: cookie("marketer")},
		"change from our page":         {method: "POST", path: "/v1/admin/stores/sto_a/change", header: append(cookie("marketer"), "Origin: https://laurel.example", "Sec-Fetch-Site: same-origin")},
		"change from a foreign page":   {method: "POST", path: "/v1/admin/stores/sto_a/change", header: append(cookie("marketer"), "Origin: https://evil.example"), code: fault.OriginNotAllowed},
		"change from a store's page":   {method: "POST", path: "/v1/admin/stores/sto_a/change", header: append(cookie("marketer"), "Origin: https://a.example"), code: fault.OriginNotAllowed},
		"change from a sandboxed page": {method: "POST", path: "/v1/admin/stores/sto_a/change", header: append(cookie("marketer"), "Origin: null"), code: fault.OriginNotAllowed},
		"change from another site":     {method: "POST", path: "/v1/admin/stores/sto_a/change", header: append(cookie("marketer"), "Sec-Fetch-Site: cross-site"), code: fault.OriginNotAllowed},
		"change from a sibling":        {method: "POST", path: "/v1/admin/stores/sto_a/change", header: append(cookie("marketer"), "Sec-Fetch-Site: same-site"), code: fault.OriginNotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			method := tc.method
			if method == "" {
				method = http.MethodGet
			}
			rec := h.ask(method, tc.path, "", tc.header...)
			if tc.code != "" {
				p := problemIn(t, rec)
				if p.Code != string(tc.code) {
					t.Errorf("code %s, want %s: %s", p.Code, tc.code, rec.Body)
				}
				if (rec.Code == http.StatusUnauthorized) != (rec.Header().Get("WWW-Authenticate") != "") {
					t.Errorf("status %d with WWW-Authenticate %q", rec.Code, rec.Header().Get("WWW-Authenticate"))
				}
				return
			}
			if rec.Code != http.StatusOK {
				t.Fatalf("status %d: %s", rec.Code, rec.Body)
			}
			if tc.body != "" && rec.Body.String() != tc.body+"\n" {
				t.Errorf("got %s, want %s", rec.Body, tc.body)
			}
		})
	}
}

func TestNobodyIsTheDefault(t *testing.T) {
	h := newHarness(t)
	defer func() {
		if recover() == nil {
			t.Error("an operation without callers was registered")
		}
	}()
	Register(h.API, Operation{ID: "open", Method: http.MethodGet, Path: "/v1/open"}, who[struct{}])
}

func TestTwoAuthorizationHeaders(t *testing.T) {
	h := newHarness(t)
	registerWho(h.API)
	req := newRequest(http.MethodGet, "/v1/secret")
	req.Header["Authorization"] = []string{"Bearer sk_test_a", "Bearer sk_test_b"}
	if p := problemIn(t, h.serve(req)); p.Code != string(fault.BadRequest) {
		t.Errorf("code %s", p.Code)
	}
}

func TestUnavailableDirectory(t *testing.T) {
	h := newHarness(t)
	registerWho(h.API)
	h.tenants.err = fault.New(fault.Unavailable, "The database does not answer right now.")
	rec := h.ask(http.MethodGet, "/v1/secret", "", "Authorization: Bearer sk_test_a")
	if p := problemIn(t, rec); p.Code != string(fault.Unavailable) || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%+v, Retry-After %q", p, rec.Header().Get("Retry-After"))
	}
}

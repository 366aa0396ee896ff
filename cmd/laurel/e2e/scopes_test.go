package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A secret key with one scope does what the scope is for and nothing else.
func TestAScopedKeyDoesNothingElse(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		e := settle(t, h, "scoped")
		desk, base := atConsole(h.url, e.ownerCookie), "/v1/admin/stores/"+e.id
		made := desk.must(t, http.StatusCreated, post(base+"/keys", fields{"kind": "secret", "name": "Checkout", "scopes": []string{"checkout:write"}}))
		narrow := newCaller(h.url).bearer(made.text("plain"))
		// What the scope is for.
		given := token(t, e.server(h.url), e.everyone, "c-scoped")
		narrow.must(t, http.StatusCreated, redemption(given, "c-scoped", "o-scoped"))
		// Every other operation of a secret key.
		asked := 0
		for _, op := range contract(t, h) {
			scope := scopeOf(op)
			if scope == "" || scope == "checkout:write" {
				continue
			}
			asked++
			r := request{method: op.method, path: strings.NewReplacer("{id}", "some", "{customer}", "c-scoped", "{order_id}", "o-scoped",
				"{step}", "email").Replace(op.path), key: "scope-" + op.id}
			if op.method != http.MethodGet {
				r.body = fields{}
			}
			a := narrow.ask(t, r)
			if a.status != http.StatusForbidden || a.code() != "forbidden" || !strings.Contains(a.text("detail"), scope) {
				t.Errorf("%s: %v, want 403 that names %s", op.id, a, scope)
			}
		}
		if asked < 10 {
			t.Errorf("only %d operations were asked", asked)
		}
		for name, bad := range map[string]fields{
			"unknown":        {"kind": "secret", "name": "x", "scopes": []string{"redemptions:fly"}},
			"twice":          {"kind": "secret", "name": "x", "scopes": []string{"checkout:read", "checkout:read"}},
			"of publishable": {"kind": "publishable", "name": "x", "scopes": []string{"checkout:read"}},
		} {
			if a := desk.ask(t, post(base+"/keys", bad)); a.status != http.StatusUnprocessableEntity || a.code() != "invalid" || !strings.Contains(string(a.body), "#/scopes") {
				t.Errorf("%s: %v", name, a)
			}
		}
		listed := string(desk.must(t, http.StatusOK, get(base+"/keys")).body)
		if !strings.Contains(listed, `"scopes":["checkout:write"]`) || !strings.Contains(listed, `"scopes":[]`) {
			t.Errorf("the list: %s", listed)
		}
	})
}

// Every operation that a secret key may call declares a scope: one without would be open to every bounded key.
func TestEveryOperationOfASecretKeyHasAScope(t *testing.T) {
	h := open(t, onSQLite(t))
	for _, op := range contract(t, h) {
		if slices.Contains(op.callers, "secretKey") && scopeOf(op) == "" {
			t.Errorf("%s has no scope", op.id)
		}
	}
}

// scopeOf reads from the contract which scope an operation asks of a secret key.
func scopeOf(op operation) string {
	_, after, _ := strings.Cut(op.description, "A secret key with bounded scopes needs `")
	scope, _, _ := strings.Cut(after, "`")
	return scope
}

package admin_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheCookieIsGuarded(t *testing.T) {
	g := newGateway(t)
	rec := g.ask("", "POST", "/v1/admin/session", `{"email":"operator@laurel.example","password":"`+password+`"}`)
	c := rec.Result().Cookies()[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/v1/admin" || len(c.Value) != 43 || c.MaxAge != 7*24*3600 {
		t.Errorf("%+v", c)
	}
	if strings.Contains(rec.Body.String(), c.Value) || rec.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%s", rec.Body)
	}
	who := g.ok(c.Value, "GET", "/v1/admin/session", "")
	if who["person"].(map[string]any)["email"] != operatorEmail || len(who["stores"].([]any)) != 1 {
		t.Errorf("%v", who)
	}
	if role := who["stores"].([]any)[0].(map[string]any)["role"]; role != "owner" {
		t.Errorf("role %v", role)
	}
	if rec := g.ask(c.Value, "DELETE", "/v1/admin/session", ""); rec.Code != http.StatusNoContent || rec.Result().Cookies()[0].MaxAge >= 0 {
		t.Errorf("%d %v", rec.Code, rec.Result().Cookies())
	}
	g.refused(c.Value, "GET", "/v1/admin/session", "", 401, "unauthenticated")
	g.refused("", "GET", "{store}", "", 401, "unauthenticated")
	g.refused(strings.Repeat("x", 43), "GET", "{store}", "", 401, "unauthenticated")
}

func TestForeignPagesCanNeitherSignInNorChange(t *testing.T) {
	g := newGateway(t)
	body := `{"email":"operator@laurel.example","password":"` + password + `"}`
	for _, header := range []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://evil.example"} {
		g.refused("", "POST", "/v1/admin/session", body, 403, "origin_not_allowed", header)
		g.refused(g.operator, "PATCH", "{store}", `{"version":1,"name":"Evil"}`, 403, "origin_not_allowed", header)
		g.refused(g.operator, "DELETE", "/v1/admin/session", "", 403, "origin_not_allowed", header)
	}
	if s := g.ok(g.operator, "GET", "{store}", ""); s["name"] != "Books" {
		t.Errorf("%v", s)
	}
}

func TestGuessingIsHeldBack(t *testing.T) {
	g := newGateway(t)
	wrong := `{"email":"operator@laurel.example","password":"guess"}`
	first := g.ask("", "POST", "/v1/admin/session", wrong)
	unknown := g.ask("", "POST", "/v1/admin/session", `{"email":"nobody@laurel.example","password":"guess"}`)
	same := func(s string) string {
		before, _, _ := strings.Cut(s, `"request_id"`)
		return before
	}
	if first.Code != unknown.Code || same(first.Body.String()) != same(unknown.Body.String()) {
		t.Errorf("%s differs from %s", first.Body, unknown.Body)
	}
	for range 10 {
		if rec := g.ask("", "POST", "/v1/admin/session", wrong); rec.Code == http.StatusTooManyRequests {
			if rec.Header().Get("Retry-After") == "" {
				t.Error("nothing says how long to wait")
			}
			return
		}
	}
	t.Error("guessing was never held back")
}

func TestAOneTimePasswordOpensNothingButItsChange(t *testing.T) {
	g := newGateway(t)
	added := g.ok(g.operator, "POST", "{store}/people", `{"email":"new@shop.example","name":"New","role":"marketer"}`)
	once := added["password"].(string)
	cookie := g.signIn("new@shop.example", once)
	if who := g.ok(cookie, "GET", "/v1/admin/session", ""); who["person"].(map[string]any)["must_change_password"] != true {
		t.Errorf("%v", who)
	}
	g.refused(cookie, "GET", "{store}/offers", "", 403, "forbidden")
	g.refused(cookie, "PUT", "/v1/admin/session/password", `{"current":"`+once+`","new":"short"}`, 422, "invalid")
	g.refused(cookie, "PUT", "/v1/admin/session/password", `{"current":"wrong","new":"a much better password"}`, 401, "sign_in_failed")
	rec := g.ask(cookie, "PUT", "/v1/admin/session/password", `{"current":"`+once+`","new":"a much better password"}`)
	if rec.Code != http.StatusNoContent {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	g.ok(rec.Result().Cookies()[0].Value, "GET", "{store}/offers", "")
	g.refused(cookie, "GET", "/v1/admin/session", "", 401, "unauthenticated")
}

package admin_test

import (
	"testing"
)

func TestAStoreIsChangedByItsVersion(t *testing.T) {
	g := newGateway(t)
	was := g.ok(g.operator, "GET", "{store}", "")
	if was["version"] != 1.0 || was["consent"].(map[string]any)["version"] != "1" {
		t.Fatalf("%v", was)
	}
	is := g.ok(g.operator, "PATCH", "{store}", `{"version":1,"name":"Books & more","origins":["https://shop.example"]}`)
	if is["version"] != 2.0 || is["name"] != "Books & more" || is["currency"] != "USD" || len(is["locales"].([]any)) != 2 {
		t.Errorf("%v", is)
	}
	g.refused(g.operator, "PATCH", "{store}", `{"version":1,"name":"Late"}`, 409, "version_conflict")
	if at := g.refused(g.operator, "PATCH", "{store}", `{"version":2,"origins":["shop.example/x"],"timezone":"Mars"}`, 422, "invalid"); len(at) != 2 {
		t.Errorf("pointers %v", at)
	}
	g.refused(g.operator, "PATCH", "{store}", `{"version":2,"mode":"live"}`, 422, "invalid")
	entry := g.list("{store}/audit?action=store.updated")[0].(map[string]any)
	changes := entry["changes"].(map[string]any)
	if changes["before"].(map[string]any)["name"] != "Books" || changes["after"].(map[string]any)["name"] != "Books & more" || entry["request_id"] == "" {
		t.Errorf("%v", entry)
	}
	if len(changes["after"].(map[string]any)) != 2 {
		t.Errorf("unchanged fields stand in %v", changes)
	}
}

func TestARepeatedCreationMakesOneStore(t *testing.T) {
	g := newGateway(t)
	body := `{"name":"Twice","mode":"test","currency":"USD","timezone":"UTC"}`
	first := g.ask(g.operator, "POST", "/v1/admin/stores", body, "Idempotency-Key: k1")
	again := g.ask(g.operator, "POST", "/v1/admin/stores", body, "Idempotency-Key: k1")
	if first.Code != 201 || first.Body.String() != again.Body.String() || again.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("%d %s, then %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	if stores := g.list("/v1/admin/stores?limit=1"); len(stores) != 1 {
		t.Errorf("%v", stores)
	}
	page := g.ok(g.operator, "GET", "/v1/admin/stores?limit=1", "")
	next := g.ok(g.operator, "GET", "/v1/admin/stores?limit=1&cursor="+page["next_cursor"].(string), "")
	if next["next_cursor"] != nil || len(next["data"].([]any)) != 1 {
		t.Errorf("%v", next)
	}
}

func TestKeysAreShownOnceAndRevoked(t *testing.T) {
	g := newGateway(t)
	secret := g.ok(g.operator, "POST", "{store}/keys", `{"kind":"secret","name":"Server"}`)
	public := g.ok(g.operator, "POST", "{store}/keys", `{"kind":"publishable","name":"Pages"}`)
	if len(secret["plain"].(string)) < 40 || public["key"].(map[string]any)["plain"] != public["plain"] {
		t.Errorf("%v %v", secret, public)
	}
	for _, k := range g.list("{store}/keys") {
		if _, shown := k.(map[string]any)["plain"]; shown == (k.(map[string]any)["kind"] == "secret") {
			t.Errorf("%v", k)
		}
	}
	id := secret["key"].(map[string]any)["id"].(string)
	if k := g.ok(g.operator, "POST", "{store}/keys/"+id+"/revoke", "{}"); k["revoked_at"] == nil {
		t.Errorf("%v", k)
	}
	g.refused(g.operator, "POST", "{store}/keys/key_nothing/revoke", "{}", 404, "not_found")
	if n := len(g.list("{store}/audit?action=key.created")); n != 2 {
		t.Errorf("%d entries", n)
	}
}

func TestTheOverviewOfANewStoreIsEmptyNotNull(t *testing.T) {
	g := newGateway(t)
	o := g.ok(g.operator, "GET", "{store}/overview?days=7", "")
	if len(o["series"].([]any)) != 7 || len(o["refused"].([]any)) != 0 || o["discount"].(map[string]any)["currency"] != "USD" {
		t.Errorf("%v", o)
	}
	g.refused(g.operator, "GET", "{store}/overview?days=5000", "", 422, "invalid")
}

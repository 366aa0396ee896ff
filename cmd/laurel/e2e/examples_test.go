package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// notTaken are the examples that cannot be taken wherever they are sent.
var notTaken = map[string]string{
	"admin-replay-webhook":  "a time within the last 30 days",
	"admin-connect-shopify": "the access token of an app",
	"send-reminder":         "a mail server",
}

// Whoever copies an example out of the contract is not told that its form is wrong.
func TestExamplesOfTheContractAreTaken(t *testing.T) {
	h := open(t, onSQLite(t))
	s := settle(t, h, "example")
	tried := 0
	for _, op := range contract(t, h) {
		if op.example == nil || notTaken[op.id] != "" {
			continue
		}
		c := s.server(h.url)
		if op.inConsole() {
			c = atConsole(h.url, s.ownerCookie)
		}
		tried++
		got := c.ask(t, op.request(op.named(s.place(t, op)), op.example))
		if code := got.code(); got.status >= 500 || code == "invalid" || code == "malformed_json" || code == "bad_request" {
			t.Errorf("%s: the example %s gets %v", op.id, toJSON(t, op.example), got)
		}
	}
	if tried < 30 {
		t.Errorf("only %d examples were tried", tried)
	}
}

// A cursor that no page gave is refused by every list: an empty page would look like the end of it.
func TestEveryListRefusesAForeignCursor(t *testing.T) {
	h := open(t, onSQLite(t))
	s := settle(t, h, "listed")
	lists := 0
	for _, op := range contract(t, h) {
		if op.method != http.MethodGet || !op.paged {
			continue
		}
		if op.id == "admin-list-members" {
			continue // goes on after the name of a customer, whatever it is
		}
		lists++
		c := s.server(h.url)
		if op.inConsole() {
			c = atConsole(h.url, s.ownerCookie)
		}
		path := op.named(s.place(t, op))
		for _, cursor := range []string{"garbage", "0", "rdm_x", "sto_01920000", strings.Repeat("A", 60)} {
			if got := c.ask(t, get(path+"?cursor="+cursor)); got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), `"#query/cursor"`) {
				t.Errorf("%s with the cursor %q: %v", op.id, cursor, got)
			}
		}
		if got := c.ask(t, get(path+"?limit=1&limit=2")); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s with two limits: %v", op.id, got)
		}
		page := c.must(t, http.StatusOK, get(path+"?limit=1"))
		if next, _ := page.object()["next_cursor"].(string); next != "" {
			c.must(t, http.StatusOK, get(path+"?limit=1&cursor="+next))
		}
	}
	if lists < 15 {
		t.Errorf("only %d lists were asked", lists)
	}
}

// place is one way to fill the parameters of an operation's path.
func (e estate) place(t testing.TB, op operation) map[string]string {
	t.Helper()
	known := e.parameters(op)
	if len(known) == 0 {
		t.Errorf("%s: no ids are known for %s", op.id, op.path)
		return map[string]string{"store_id": e.id, "id": "unknown"}
	}
	return known[0]
}

package admin_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/api/admin"
	"github.com/laurel-gateway/laurel/internal/console"
)

// operation is one of the contract's.
type operation struct{ id, method, path string }

// operations reads the console's operations from the contract.
func (g *gateway) operations() (out []operation) {
	g.t.Helper()
	doc, err := g.api.Document()
	must(g.t, err)
	var spec struct {
		Paths map[string]map[string]json.RawMessage
	}
	must(g.t, json.Unmarshal(doc.JSON, &spec))
	for path, methods := range spec.Paths {
		for method, raw := range methods {
			var op struct {
				OperationID string `json:"operationId"`
			}
			if strings.HasPrefix(path, "/v1/admin") && json.Unmarshal(raw, &op) == nil && op.OperationID != "" {
				out = append(out, operation{op.OperationID, strings.ToUpper(method), path})
			}
		}
	}
	return out
}

// Every operation is asked by every role. Bodies are empty objects and ids lead nowhere: a role that may gets past the
// door and is told so; a role that may not is stopped at it.
func TestEveryOperationAsksForItsRoles(t *testing.T) {
	g := newGateway(t)
	cookies := map[string]string{}
	for _, role := range console.Roles() {
		cookies[string(role)] = g.person(role)
	}
	table, seen := admin.Rules(), 0
	for _, op := range g.operations() {
		if op.id == "admin-create-session" || op.id == "admin-end-session" || op.id == "admin-change-password" {
			continue
		}
		may, ok := table[op.id]
		if !ok {
			t.Errorf("%s has no row in the table", op.id)
			continue
		}
		seen++
		path := strings.NewReplacer("{store_id}", g.store, "{id}", "nothing", "{customer}", "nobody").Replace(op.path)
		for role, cookie := range cookies {
			body := ""
			if op.method != http.MethodGet && op.method != http.MethodDelete {
				body = "{}"
			}
			rec := g.ask(cookie, op.method, path, body)
			if stopped := rec.Code == http.StatusForbidden; stopped == slices.Contains(may, role) {
				t.Errorf("%s as %s: %d %s", op.id, role, rec.Code, rec.Body)
			}
			if rec.Code >= 500 {
				t.Errorf("%s as %s: %d %s", op.id, role, rec.Code, rec.Body)
			}
		}
	}
	if seen != len(table)-2 {
		t.Errorf("%d operations were asked, the table has %d rows", seen, len(table))
	}
}

// A store that the person has no role in answers like one that does not exist.
func TestAnotherStoreIsNotThere(t *testing.T) {
	g := newGateway(t)
	cookie := g.person(console.Owner)
	other := g.ok(g.operator, "POST", "/v1/admin/stores", `{"name":"Other","mode":"live","currency":"EUR","timezone":"UTC"}`)["id"].(string)
	for _, op := range g.operations() {
		if !strings.Contains(op.path, "{store_id}") {
			continue
		}
		answers := map[string]string{}
		for _, store := range []string{other, "sto_nothing"} {
			body := ""
			if op.method != http.MethodGet && op.method != http.MethodDelete {
				body = "{}"
			}
			rec := g.ask(cookie, op.method, strings.NewReplacer("{store_id}", store, "{id}", "x", "{customer}", "x").Replace(op.path), body)
			if rec.Code != http.StatusNotFound {
				t.Errorf("%s: %d %s", op.id, rec.Code, rec.Body)
			}
			answers[store], _, _ = strings.Cut(rec.Body.String(), `"request_id"`)
		}
		if answers[other] != answers["sto_nothing"] {
			t.Errorf("%s tells stores apart: %v", op.id, answers)
		}
	}
	if stores := g.ok(cookie, "GET", "/v1/admin/stores", "")["data"].([]any); len(stores) != 1 {
		t.Errorf("%d stores listed", len(stores))
	}
}

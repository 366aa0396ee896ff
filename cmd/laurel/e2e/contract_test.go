package e2e

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// operation is one operation of the contract.
type operation struct {
	id, method, path string
	// callers are the names of the security schemes, sorted and joined by "+"; "" is anyone.
	callers  []string
	mutation bool
	// paged says that the answer comes in pages.
	paged bool
	// description says in words what a caller has to know, the scope of a bounded key included.
	description string
	// example is a body that fits the contract, nil for an operation without one.
	example fields
}

// contract reads every operation of the gateway's own document.
func contract(t testing.TB, h *house) []operation {
	t.Helper()
	doc, err := h.API.Document()
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(doc.JSON, &spec); err != nil {
		t.Fatal(err)
	}
	var out []operation
	for path, methods := range spec.Paths {
		for method, raw := range methods {
			var described struct {
				OperationID string `json:"operationId"`
				Description string
				Security    []map[string][]string
				Parameters  []struct{ Name, In string }
				RequestBody struct {
					Content map[string]struct{ Example fields }
				}
			}
			if err := json.Unmarshal(raw, &described); err != nil || described.OperationID == "" {
				continue
			}
			op := operation{id: described.OperationID, method: strings.ToUpper(method), path: path, description: described.Description,
				example: described.RequestBody.Content["application/json"].Example}
			for _, need := range described.Security {
				var names []string
				for name := range need {
					names = append(names, name)
				}
				slices.Sort(names)
				op.callers = append(op.callers, strings.Join(names, "+"))
			}
			for _, p := range described.Parameters {
				op.paged = op.paged || p.In == "query" && p.Name == "cursor"
				op.mutation = op.mutation || p.In == "header" && p.Name == "Idempotency-Key"
			}
			out = append(out, op)
		}
	}
	slices.SortFunc(out, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	if len(out) < 80 {
		t.Fatalf("the contract has only %d operations", len(out))
	}
	return out
}

// inConsole reports whether only people who are signed in may call.
func (o operation) inConsole() bool { return slices.Equal(o.callers, []string{"consoleSession"}) }

// open reports whether anyone may call.
func (o operation) open() bool { return slices.Contains(o.callers, "") }

// named fills the parameters of the path.
func (o operation) named(values map[string]string) string {
	path := o.path
	for name, value := range values {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	return path
}

// request asks for the operation. A mutation gets a fresh key.
func (o operation) request(path string, body fields) request {
	r := post(path, nil)
	r.method = o.method
	if !o.mutation {
		r.key = ""
	}
	if body != nil && o.method != http.MethodGet {
		r.body = body
	}
	return r
}

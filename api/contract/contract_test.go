package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func document(t *testing.T) map[string]any {
	t.Helper()
	d, err := Spec("1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(d.JSON, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestWrittenContractIsCurrent(t *testing.T) {
	d, err := Spec(Version)
	if err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written, d.YAML) {
		t.Error("api/openapi.yaml is not what the operations say: run make generate")
	}
}

func TestSpecIsDeterministic(t *testing.T) {
	first, err := Spec("1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := Spec("1.2.3")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.YAML, again.YAML) || !bytes.Equal(first.JSON, again.JSON) || !bytes.Equal(first.JSON30, again.JSON30) {
			t.Fatal("two renderings differ")
		}
	}
}

// object reads a member that is an object, or nil.
func object(v any, names ...string) map[string]any {
	for _, name := range names {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	m, _ := v.(map[string]any)
	return m
}

type operation struct {
	name string
	body map[string]any
}

func operations(doc map[string]any) []operation {
	var out []operation
	for _, part := range []string{"paths", "webhooks"} {
		for path, item := range object(doc, part) {
			for method, op := range object(item) {
				out = append(out, operation{method + " " + path, object(op)})
			}
		}
	}
	return out
}

func TestEveryOperationIsDescribed(t *testing.T) {
	doc := document(t)
	ids := map[string]string{}
	for _, op := range operations(doc) {
		for _, field := range []string{"summary", "description", "operationId"} {
			if s, _ := op.body[field].(string); strings.TrimSpace(s) == "" {
				t.Errorf("%s: no %s", op.name, field)
			}
		}
		if tags := list(op.body["tags"]); len(tags) != 1 || !declared(doc, tags[0]) {
			t.Errorf("%s: tags %v, want one that the contract describes", op.name, tags)
		}
		id, _ := op.body["operationId"].(string)
		if other, taken := ids[id]; taken {
			t.Errorf("%s and %s have the same operationId %s", op.name, other, id)
		}
		ids[id] = op.name
		for _, p := range list(op.body["parameters"]) {
			param := object(p)
			if param["description"] == nil && object(param, "schema")["description"] == nil {
				t.Errorf("%s: parameter %v has no description", op.name, param["name"])
			}
		}
		checkMedia(t, doc, op.name+" request", object(op.body, "requestBody", "content"))
		for status, response := range object(op.body, "responses") {
			if strings.HasPrefix(status, "2") {
				checkMedia(t, doc, op.name+" "+status, object(response, "content"))
			}
		}
	}
}

func declared(doc map[string]any, tag any) bool {
	return slices.ContainsFunc(list(doc["tags"]), func(t any) bool { return object(t)["name"] == tag && object(t)["description"] != nil })
}

func TestPathParametersAreDeclared(t *testing.T) {
	braces := regexp.MustCompile(`{([^}]+)}`)
	for path, item := range object(document(t), "paths") {
		for method, op := range object(item) {
			for _, m := range braces.FindAllStringSubmatch(path, -1) {
				declared := slices.ContainsFunc(list(object(op)["parameters"]), func(p any) bool {
					return object(p)["name"] == m[1] && object(p)["in"] == "path"
				})
				// The store of a console operation is read by the API itself.
				if !declared {
					t.Errorf("%s %s does not declare %s", method, path, m[1])
				}
			}
		}
	}
}

func list(v any) []any { l, _ := v.([]any); return l }

// checkMedia wants an example that says something.
func checkMedia(t *testing.T, doc map[string]any, where string, content map[string]any) {
	t.Helper()
	for kind, media := range content {
		switch example := object(media)["example"].(type) {
		case nil:
			t.Errorf("%s: %s has no example", where, kind)
		case map[string]any:
			ref, _ := object(media, "schema")["$ref"].(string)
			if fields := object(doc, "components", "schemas", ref[strings.LastIndex(ref, "/")+1:], "properties"); len(example) == 0 && len(fields) > 0 {
				t.Errorf("%s: %s has an empty example", where, kind)
			}
		}
	}
}

func TestEveryPropertyIsDescribed(t *testing.T) {
	for name, schema := range object(document(t), "components", "schemas") {
		checkSchema(t, name, object(schema))
	}
}

func checkSchema(t *testing.T, where string, schema map[string]any) {
	t.Helper()
	for name, p := range object(schema, "properties") {
		property := object(p)
		if s, _ := property["description"].(string); strings.TrimSpace(s) == "" {
			t.Errorf("%s.%s: no description", where, name)
		}
		checkSchema(t, where+"."+name, property)
	}
	if items := object(schema, "items"); items != nil {
		checkSchema(t, where+"[]", items)
	}
	if schema["type"] == "object" && schema["properties"] != nil && schema["additionalProperties"] != false {
		t.Errorf("%s: unknown fields are not refused", where)
	}
}

func TestMutationsTakeAnIdempotencyKey(t *testing.T) {
	doc := document(t)
	// Reads in POST form, and what keeps no answer.
	without := []string{"post /v1/offer-tokens/introspect", "post /v1/evaluations", "post /v1/offer-tokens/qr", "post /v1/admin/session", "delete /v1/admin/session",
		"put /v1/admin/session/password",
		// Shopify names its webhooks itself: by order and refund.
		"post /v1/integrations/shopify/{store_id}/webhooks",
		// So do whoever reports about mails, by message, and remote verifiers, by webhook-id.
		"post /v1/integrations/mail/{source}", "post /v1/stores/{store_id}/verifications/{id}/decision"}
	for path, item := range object(doc, "paths") {
		for method, op := range object(item) {
			if method == "get" || !strings.HasPrefix(path, "/v1/") {
				continue
			}
			takes := slices.ContainsFunc(list(object(op)["parameters"]), func(p any) bool { return object(p)["name"] == "Idempotency-Key" })
			name := method + " " + path
			exempt := slices.Contains(without, name) || strings.HasSuffix(path, "/check") || strings.HasSuffix(path, "/preview") ||
				strings.HasSuffix(path, "/try") || strings.HasSuffix(path, "/check-rule")
			if !takes && !exempt {
				t.Errorf("%s takes no Idempotency-Key", name)
			}
		}
	}
}

func TestEveryOperationSaysWhoMayCall(t *testing.T) {
	schemes := object(document(t), "components", "securitySchemes")
	for path, item := range object(document(t), "paths") {
		for method, op := range object(item) {
			needs := list(object(op)["security"])
			if len(needs) == 0 {
				t.Errorf("%s %s: nobody may call", method, path)
			}
			for _, need := range needs {
				for scheme := range object(need) {
					if schemes[scheme] == nil {
						t.Errorf("%s %s: unknown scheme %s", method, path, scheme)
					}
				}
			}
		}
	}
}

func TestExamplesFitTheirSchemas(t *testing.T) {
	doc := document(t)
	for _, op := range operations(doc) {
		contents := []map[string]any{object(op.body, "requestBody", "content")}
		for status, r := range object(op.body, "responses") {
			if strings.HasPrefix(status, "2") {
				contents = append(contents, object(r, "content"))
			}
		}
		for _, content := range contents {
			for _, media := range content {
				if why := misfit(doc, object(media, "schema"), object(media)["example"], "#"); why != "" {
					t.Errorf("%s: %s", op.name, why)
				}
			}
		}
	}
}

// misfit says where an example has a field that the schema does not know, or lacks one that it requires.
func misfit(doc, schema map[string]any, example any, at string) string {
	if ref, ok := schema["$ref"].(string); ok {
		return misfit(doc, object(doc, "components", "schemas", ref[strings.LastIndex(ref, "/")+1:]), example, at)
	}
	switch v := example.(type) {
	case map[string]any:
		properties := object(schema, "properties")
		for _, name := range list(schema["required"]) {
			if _, there := v[name.(string)]; !there && !nullable(object(properties, name.(string))) {
				return fmt.Sprintf("%s lacks %v", at, name)
			}
		}
		for name, member := range v {
			if properties == nil {
				break
			}
			if properties[name] == nil {
				return fmt.Sprintf("%s has an unknown %s", at, name)
			}
			if why := misfit(doc, object(properties, name), member, at+"/"+name); why != "" {
				return why
			}
		}
	case []any:
		for i, item := range v {
			if why := misfit(doc, object(schema, "items"), item, fmt.Sprintf("%s/%d", at, i)); why != "" {
				return why
			}
		}
	}
	return ""
}

func nullable(schema map[string]any) bool {
	return slices.Contains(list(schema["type"]), any("null"))
}

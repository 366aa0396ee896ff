package contract

import (
	"slices"
	"strings"
	"testing"
)

// What of an offer's judging only those who run the shop may know, by the names of its members.
var inside = []string{"trace", "conditions", "condition", "saw", "wants", "rule", "findings"}

// What a page or a shopper can call shows nothing of how an offer was judged: no answer has a member for it.
func TestPagesAreShownNothingOfTheJudging(t *testing.T) {
	doc := document(t)
	seen := 0
	for _, op := range operations(doc) {
		if !open(op) {
			continue
		}
		seen++
		for status, response := range object(op.body, "responses") {
			for _, media := range object(response, "content") {
				for _, name := range members(doc, object(media, "schema"), map[string]bool{}) {
					if slices.Contains(inside, name) {
						t.Errorf("%s answers %s with a member %q", op.name, status, name)
					}
				}
			}
		}
	}
	if seen < 8 {
		t.Fatalf("only %d operations are open to pages and shoppers", seen)
	}
}

// Traces are asked for and read with the secret key, and in the console, by nobody else.
func TestTracesNeedTheSecretKey(t *testing.T) {
	doc := document(t)
	traced := 0
	for _, op := range operations(doc) {
		for _, response := range object(op.body, "responses") {
			for _, media := range object(response, "content") {
				if !slices.Contains(members(doc, object(media, "schema"), map[string]bool{}), "trace") {
					continue
				}
				traced++
				for _, need := range list(op.body["security"]) {
					if n := object(need); len(n) != 1 || n["secretKey"] == nil && n["consoleSession"] == nil {
						t.Errorf("%s shows a trace to %v", op.name, n)
					}
				}
			}
		}
	}
	if traced < 4 {
		t.Errorf("only %d answers have a trace", traced)
	}
}

// open tells whether an operation can be called by a page or a shopper, or by anybody.
func open(op operation) bool {
	needs := list(op.body["security"])
	if len(needs) == 0 {
		return !strings.HasPrefix(op.name, "post laurel.") && op.body["responses"] != nil
	}
	return slices.ContainsFunc(needs, func(need any) bool {
		n := object(need)
		return len(n) == 0 || n["publishableKey"] != nil || n["customerSession"] != nil || n["clientSecret"] != nil
	})
}

// members are the names of all members of a schema, at any depth.
func members(doc, schema map[string]any, seen map[string]bool) []string {
	if schema == nil {
		return nil
	}
	var out []string
	if ref, _ := schema["$ref"].(string); ref != "" {
		if seen[ref] {
			return nil
		}
		seen[ref] = true
		return members(doc, object(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...), seen)
	}
	for name, property := range object(schema, "properties") {
		out = append(append(out, name), members(doc, object(property), seen)...)
	}
	for _, part := range []string{"items", "additionalProperties"} {
		out = append(out, members(doc, object(schema, part), seen)...)
	}
	for _, part := range []string{"allOf", "anyOf", "oneOf"} {
		for _, one := range list(schema[part]) {
			out = append(out, members(doc, object(one), seen)...)
		}
	}
	return out
}

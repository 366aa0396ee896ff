package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// exampleOf makes an example of a schema from the examples of its fields: an object shows every field that has one, a
// list one item.
func exampleOf(r huma.Registry, s *huma.Schema, depth int) any {
	const deepest = 8
	if s == nil || depth > deepest {
		return nil
	}
	if len(s.Examples) > 0 {
		return s.Examples[0]
	}
	if s.Ref != "" {
		return exampleOf(r, r.SchemaFromRef(s.Ref), depth)
	}
	switch s.Type {
	case huma.TypeObject:
		object := map[string]any{}
		for name, property := range s.Properties {
			v := exampleOf(r, property, depth+1)
			if v == nil && slices.Contains(s.Required, name) && !property.Nullable {
				v = placeholder(property)
			}
			if v != nil {
				object[name] = v
			}
		}
		return object
	case huma.TypeArray:
		if item := exampleOf(r, s.Items, depth+1); item != nil {
			return []any{item}
		}
		return []any{}
	}
	switch {
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	return nil
}

// placeholder stands for a field that must be there and has no example of its own.
func placeholder(s *huma.Schema) any {
	switch {
	case s.Type == huma.TypeString && s.Format == "date-time":
		return "2026-01-15T10:30:00Z"
	case s.Type == huma.TypeString:
		return "…"
	case s.Type == huma.TypeInteger:
		return 0
	case s.Type == huma.TypeBoolean:
		return false
	}
	return nil
}

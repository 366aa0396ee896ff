package api

import "github.com/danielgtaylor/huma/v2"

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
			if v := exampleOf(r, property, depth+1); v != nil {
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

package rule

import (
	"slices"
	"testing"

	"cel.dev/cel-go/common/types"
)

// No function that a rule can call takes or gives a double, or anything that could hide one.
func TestTheLanguageHasNoFloats(t *testing.T) {
	env, err := language()
	if err != nil {
		t.Fatal(err)
	}
	if len(env.Functions()) < 30 {
		t.Fatalf("only %d functions", len(env.Functions()))
	}
	for name, f := range env.Functions() {
		for _, o := range f.OverloadDecls() {
			for _, kind := range append(slices.Clone(o.ArgTypes()), o.ResultType()) {
				if hides(kind) {
					t.Errorf("%s (%s) speaks of %s", name, o.ID(), kind)
				}
			}
		}
	}
	for object, fields := range objects {
		for _, f := range fields {
			if hides(f.kind) {
				t.Errorf("%s.%s is %s", object, f.name, f.kind)
			}
		}
	}
}

func hides(t *types.Type) bool {
	switch t.Kind() {
	case types.DoubleKind, types.DynKind, types.AnyKind, types.UintKind, types.BytesKind:
		return true
	}
	return slices.ContainsFunc(t.Parameters(), hides)
}

func TestMemoryForgetsTheUnused(t *testing.T) {
	var m memory
	kept, lost := &Program{src: "kept"}, &Program{src: "lost"}
	m.put("kept", kept)
	m.put("lost", lost)
	for range 3 {
		for i := range remembered {
			m.put(string(rune(i)), &Program{})
		}
		if m.get("kept") != kept {
			t.Fatal("a rule in use was forgotten")
		}
	}
	if m.get("lost") != nil {
		t.Error("a rule that nobody used was kept")
	}
	if n := len(m.young) + len(m.old); n > 2*remembered {
		t.Errorf("%d rules are kept", n)
	}
}

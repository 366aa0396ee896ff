package rule

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/ext"
)

// The shapes in which a cart can be given to CEL: this package's own objects, maps, and structs read by reflection. The
// first is what rules use.

type reflected struct {
	Currency string          `cel:"currency"`
	Subtotal int64           `cel:"subtotal"`
	Lines    []reflectedLine `cel:"lines"`
}

type reflectedLine struct {
	Amount     int64    `cel:"amount"`
	Categories []string `cel:"categories"`
}

func BenchmarkShapes(b *testing.B) {
	in := Input{Currency: "USD", Now: time.Unix(0, 0)}
	asMaps, asStructs := []any{}, reflected{Currency: "USD", Subtotal: 10_000}
	for i := range 10 {
		categories := []string{"clothes", "sale"}
		if i == 9 {
			categories = []string{"books"}
		}
		in.Lines = append(in.Lines, Line{LineID: fmt.Sprint(i), Quantity: 1, Amount: 1000, Categories: categories})
		asMaps = append(asMaps, map[string]any{"amount": int64(1000), "categories": categories})
		asStructs.Lines = append(asStructs.Lines, reflectedLine{1000, categories})
	}
	own, err := language()
	if err != nil {
		b.Fatal(err)
	}
	maps, err := cel.NewEnv(cel.Variable("cart", cel.MapType(cel.StringType, cel.DynType)))
	if err != nil {
		b.Fatal(err)
	}
	structs, err := cel.NewEnv(ext.NativeTypes(reflect.TypeFor[reflected](), reflect.TypeFor[reflectedLine](), ext.ParseStructTags(true)),
		cel.Variable("cart", cel.ObjectType("rule.reflected")))
	if err != nil {
		b.Fatal(err)
	}
	for name, src := range map[string]string{
		"fields": `cart.subtotal >= 5000 && cart.currency == "USD"`,
		"lines":  `cart.lines.exists(l, "books" in l.categories)`,
	} {
		for shape, c := range map[string]struct {
			env *cel.Env
			in  any
		}{
			"own":     {own, NewActivation(in)},
			"maps":    {maps, map[string]any{"cart": map[string]any{"currency": "USD", "subtotal": int64(10_000), "lines": asMaps}}},
			"structs": {structs, map[string]any{"cart": &asStructs}},
		} {
			ast, issues := c.env.Compile(src)
			if issues.Err() != nil {
				b.Fatal(shape, issues.Err())
			}
			program, err := c.env.Program(ast, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(MaxCost))
			if err != nil {
				b.Fatal(err)
			}
			b.Run(name+"/"+shape, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if out, _, err := program.Eval(c.in); out != types.True {
						b.Fatal(out, err)
					}
				}
			})
		}
	}
}

package rule

import (
	"errors"
	"math"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

var errNoZone = errors.New("no such time zone")

// sumFunctions adds what CEL lacks to speak of parts of a cart: sum, min and max of a list of numbers. Of an empty list
// they are 0.
func sumFunctions() []cel.EnvOption {
	fold := func(step func(sum, n int64) (int64, bool)) func(ref.Val) ref.Val {
		return func(v ref.Val) ref.Val {
			list, ok := v.(traits.Lister)
			if !ok {
				return types.MaybeNoSuchOverloadErr(v)
			}
			var acc int64
			for i, it := 0, list.Iterator(); it.HasNext() == types.True; i++ {
				n, ok := it.Next().(types.Int)
				if !ok {
					return types.NewErr("not a whole number")
				}
				if i == 0 {
					acc = int64(n)
				} else if acc, ok = step(acc, int64(n)); !ok {
					return types.NewErr("integer overflow")
				}
			}
			return types.Int(acc)
		}
	}
	var out []cel.EnvOption
	for name, step := range map[string]func(sum, n int64) (int64, bool){
		"sum": add,
		"min": func(a, b int64) (int64, bool) { return min(a, b), true },
		"max": func(a, b int64) (int64, bool) { return max(a, b), true },
	} {
		id := "list_" + name
		out = append(out,
			cel.Function(name, cel.MemberOverload(id, []*cel.Type{cel.ListType(cel.IntType)}, cel.IntType, cel.UnaryBinding(fold(step)))),
			cel.CostModel(cost.OverloadModel{ID: id, Cost: cost.Target(), IsMember: true}))
	}
	return out
}

func add(a, b int64) (int64, bool) {
	if b > 0 && a > math.MaxInt64-b || b < 0 && a < math.MinInt64-b {
		return 0, false
	}
	return a + b, true
}

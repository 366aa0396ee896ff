package rule

import (
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
)

// Bounds of a rule.
const (
	// MaxSource is the longest rule, in bytes.
	MaxSource = 4_096
	// MaxCost is what a rule may cost on the largest cart, in CEL's units: about a comparison each.
	MaxCost = 200_000
	// MaxNesting is how deep all, exists, exists_one, filter and map stand inside each other. In x.filter(…).map(…) the first
	// stands inside the second.
	MaxNesting = 3

	maxNodes        = 2_000
	maxDepth        = 60
	maxRegexProgram = 1_000
)

// What a cart holds at most, for reckoning what a rule can cost. A larger text costs more when it is met; MaxCost holds
// there too.
const (
	maxLines      = 500
	maxCategories = 20
	maxText       = 100
)

// functions is all of the standard library that a rule may call. Numbers are int: no overload takes or gives a double.
var functions = map[string][]string{
	operators.Conditional: nil, operators.LogicalAnd: nil, operators.LogicalOr: nil, operators.LogicalNot: nil,
	operators.NotStrictlyFalse: nil, operators.Equals: nil, operators.NotEquals: nil,
	operators.Add: {overloads.AddInt64, overloads.AddString, overloads.AddList, overloads.AddDurationDuration,
		overloads.AddDurationTimestamp, overloads.AddTimestampDuration},
	operators.Subtract: {overloads.SubtractInt64, overloads.SubtractDurationDuration, overloads.SubtractTimestampDuration,
		overloads.SubtractTimestampTimestamp},
	operators.Multiply: {overloads.MultiplyInt64}, operators.Divide: {overloads.DivideInt64},
	operators.Modulo: {overloads.ModuloInt64}, operators.Negate: {overloads.NegateInt64},
	operators.Less:          {overloads.LessInt64, overloads.LessString, overloads.LessTimestamp, overloads.LessDuration},
	operators.LessEquals:    {overloads.LessEqualsInt64, overloads.LessEqualsString, overloads.LessEqualsTimestamp, overloads.LessEqualsDuration},
	operators.Greater:       {overloads.GreaterInt64, overloads.GreaterString, overloads.GreaterTimestamp, overloads.GreaterDuration},
	operators.GreaterEquals: {overloads.GreaterEqualsInt64, overloads.GreaterEqualsString, overloads.GreaterEqualsTimestamp, overloads.GreaterEqualsDuration},
	operators.Index:         {overloads.IndexList, overloads.IndexMap},
	operators.In:            {overloads.InList, overloads.InMap},
	overloads.Size: {overloads.SizeString, overloads.SizeStringInst, overloads.SizeList, overloads.SizeListInst,
		overloads.SizeMap, overloads.SizeMapInst},
	overloads.TypeConvertInt:       {overloads.IntToInt, overloads.StringToInt, overloads.TimestampToInt, overloads.DurationToInt},
	overloads.TypeConvertString:    {overloads.StringToString, overloads.IntToString, overloads.BoolToString, overloads.TimestampToString, overloads.DurationToString},
	overloads.TypeConvertTimestamp: {overloads.StringToTimestamp, overloads.TimestampToTimestamp},
	overloads.TypeConvertDuration:  {overloads.StringToDuration, overloads.DurationToDuration},
	overloads.Contains:             nil, overloads.StartsWith: nil, overloads.EndsWith: nil, overloads.Matches: nil,
}

func subset() *env.LibrarySubset {
	s := &env.LibrarySubset{IncludeMacros: []string{operators.Has, operators.All, operators.Exists, operators.ExistsOne, operators.Map, operators.Filter}}
	for name, ids := range functions {
		f := &env.Function{Name: name}
		for _, id := range ids {
			f.Overloads = append(f.Overloads, &env.Overload{ID: id})
		}
		s.IncludeFunctions = append(s.IncludeFunctions, f)
	}
	return s
}

// language is the environment of all rules. It is the same for everybody and made once.
var language = sync.OnceValues(func() (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(subset())),
		cel.CustomTypeProvider(newProvider()),
		cel.Variable("cart", cartType), cel.Variable("customer", customerType), cel.Variable("attestation", attestationType),
		cel.Variable("member", memberType), cel.Variable("now", types.TimestampType),
		cel.EnableMacroCallTracking(),
		cel.ParserExpressionSizeLimit(MaxSource), cel.ParserRecursionLimit(maxDepth), cel.ExpressionNodeLimit(maxNodes),
		cel.RegexProgramSizeLimit(maxRegexProgram),
		cel.ASTValidators(cel.ValidateComprehensionNestingLimit(MaxNesting), cel.ValidateDurationLiterals(),
			cel.ValidateTimestampLiterals(), cel.ValidateRegexLiterals(), zoneValidator{}),
	}
	options = append(options, clockFunctions()...)
	options = append(options, sumFunctions()...)
	return cel.NewCustomEnv(options...)
})

// sizes tells CEL's estimate how large what a rule names can be.
type sizes struct{}

func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	path := n.Path()
	if len(path) == 0 {
		return nil
	}
	switch {
	case path[len(path)-1] == "lines":
		return &cost.SizeEstimate{Max: maxLines}
	case path[len(path)-1] == "categories":
		return &cost.SizeEstimate{Max: maxCategories}
	case n.Type().Kind() == types.StringKind:
		return &cost.SizeEstimate{Max: maxText}
	}
	return nil
}

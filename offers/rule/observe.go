package rule

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types/ref"
)

// Observation is one condition of a rule and how it came out. A rule is split at its outermost &&.
type Observation struct {
	// Condition is the condition's text.
	Condition string `json:"condition"`
	// Saw is what the condition was decided on.
	Saw   []Seen `json:"saw"`
	Holds bool   `json:"holds"`
	// Reason says why the condition could not be decided, if it could not.
	Reason string `json:"reason,omitempty"`
}

// Seen is the value of something that a condition names: a field, or what a function made of one.
type Seen struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// part is one conjunct, planned on its own with its values watched.
type part struct {
	text    string
	program cel.Program
	watched []watched
}

type watched struct {
	id   int64
	name string
}

// split plans the conjuncts.
func (p *Program) split() ([]part, error) {
	native := p.checked.NativeRep()
	var out []part
	for _, e := range conjuncts(native.Expr(), nil) {
		text, err := cel.ExprToString(e, native.SourceInfo())
		if err != nil {
			return nil, fmt.Errorf("write a condition out: %w", err)
		}
		own := ast.NewCheckedAST(ast.NewAST(e, native.SourceInfo()), native.TypeMap(), native.ReferenceMap())
		program, err := p.env.PlanProgram(own, cel.EvalOptions(cel.OptExhaustiveEval), cel.CostLimit(MaxCost))
		if err != nil {
			return nil, fmt.Errorf("plan a condition: %w", err)
		}
		w := watcher{info: native.SourceInfo(), seen: map[string]bool{}}
		w.walk(e)
		out = append(out, part{text: text, program: program, watched: w.list})
	}
	return out, nil
}

func conjuncts(e ast.Expr, out []ast.Expr) []ast.Expr {
	if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.LogicalAnd {
		for _, a := range e.AsCall().Args() {
			out = conjuncts(a, out)
		}
		return out
	}
	return append(out, e)
}

// Observe tells how each condition of the rule comes out, also of those that Eval has no need to look at.
func (p *Program) Observe(in *Activation) ([]Observation, error) {
	parts, err := p.parts()
	if err != nil {
		return nil, err
	}
	out := make([]Observation, len(parts))
	for i, part := range parts {
		value, details, err := part.program.Eval(in)
		o := Observation{Condition: part.text, Saw: []Seen{}}
		if o.Holds, err = verdict(value, err); err != nil {
			o.Reason = err.Error()
		}
		for _, w := range part.watched {
			var v ref.Val
			if details != nil && details.State() != nil {
				v, _ = details.State().Value(w.id)
			}
			if v != nil {
				o.Saw = append(o.Saw, Seen{Name: w.name, Value: show(v)})
			}
		}
		out[i] = o
	}
	return out, nil
}

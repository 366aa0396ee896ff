package rule

import (
	"context"
	"fmt"
	"sync"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// maxTime stops a rule that walks a long cart, whatever its cost was thought to be. The cost alone bounds the others:
// fewLines lines cost too little for a clock to be worth its price.
const (
	maxTime  = 100 * time.Millisecond
	fewLines = 50
)

// Program is a compiled rule. It may be used by many requests at the same time.
type Program struct {
	src     string
	env     *cel.Env
	checked *cel.Ast
	program cel.Program
	// loops tells whether the rule walks lists, so that its time is bounded by more than its length.
	loops bool
	// parts are its conjuncts, planned when somebody first asks.
	parts func() ([]part, error)
}

func newProgram(env *cel.Env, src string, checked *cel.Ast) (*Program, error) {
	p := &Program{src: src, env: env, checked: checked}
	p.loops = len(ast.MatchDescendants(ast.NavigateAST(checked.NativeRep()), ast.KindMatcher(ast.ComprehensionKind))) > 0
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize), cel.CostLimit(MaxCost)}
	if p.loops {
		options = append(options, cel.InterruptCheckFrequency(100))
	}
	var err error
	if p.program, err = env.Program(checked, options...); err != nil {
		return nil, err
	}
	p.parts = sync.OnceValues(p.split)
	return p, nil
}

// Source is the rule as it was written.
func (p *Program) Source() string { return p.src }

// Eval tells whether the rule holds. When it cannot be decided (a number overflows, or it costs too much) it does not
// hold, and the error says why; the error is for a trace and is no failure of the request.
func (p *Program) Eval(in *Activation) (bool, error) {
	if !p.loops || len(in.cart.lines.items) <= fewLines {
		out, _, err := p.program.Eval(in)
		return verdict(out, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), maxTime)
	defer cancel()
	out, _, err := p.program.ContextEval(ctx, in)
	return verdict(out, err)
}

func verdict(out any, err error) (bool, error) {
	if err != nil {
		return false, fmt.Errorf("the rule could not be decided: %w", err)
	}
	return out == types.True, nil
}

package oidc

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"cel.dev/cel-go/cel"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// maxCost bounds the evaluation of one rule, in CEL's cost units: thousands of comparisons.
const maxCost = 100_000

var claimTypes = map[string]*cel.Type{
	"string":  cel.StringType,
	"strings": cel.ListType(cel.StringType),
	"bool":    cel.BoolType,
	"int":     cel.IntType,
}

var builtInClaims = map[string]string{"iss": "string", "sub": "string", "email": "string", "email_verified": "bool"}

// rules are compiled claim rules.
type rules struct {
	config Config
	list   []compiled
}

type compiled struct {
	Rule
	program cel.Program
}

// compile type-checks the rules. Every variable is declared, so that a typing error is found here and not at a
// shopper's sign-in.
func compile(c Config) (*rules, []fault.Field) {
	r, list := &rules{config: c}, c.Rules
	if len(list) == 0 {
		list = presets[c.Preset].rules
	}
	options := []cel.EnvOption{cel.ClearMacros(), cel.Macros(cel.HasMacro, cel.AllMacro, cel.ExistsMacro, cel.ExistsOneMacro)}
	for name, kind := range builtInClaims {
		options = append(options, cel.Variable(name, claimTypes[kind]))
	}
	for name, kind := range presets[c.Preset].variables {
		options = append(options, cel.Variable(name, kind))
	}
	for _, c := range c.Claims {
		kind, ok := claimTypes[c.Type]
		if !ok {
			return nil, []fault.Field{{Pointer: "#/config/claims", Detail: "a claim has no known type"}}
		}
		options = append(options, cel.Variable(c.Name, kind))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, []fault.Field{{Pointer: "#/config/claims", Detail: err.Error()}}
	}
	var problems []fault.Field
	for i, rule := range list {
		program, err := compileOne(env, rule.When)
		if err != nil {
			problems = append(problems, fault.Field{Pointer: fmt.Sprintf("#/config/rules/%d/when", i), Detail: err.Error()})
			continue
		}
		r.list = append(r.list, compiled{rule, program})
	}
	return r, problems
}

func compileOne(env *cel.Env, when string) (cel.Program, error) {
	ast, issues := env.Compile(when)
	if err := issues.Err(); err != nil {
		// The message shows the admin's own expression and where it is wrong; nothing else is in it.
		return nil, fmt.Errorf("%s", strings.TrimSpace(err.Error()))
	}
	if ast.OutputType() != cel.BoolType {
		return nil, fmt.Errorf("the expression gives %s, not a bool", ast.OutputType())
	}
	return env.Program(ast, cel.CostLimit(maxCost), cel.InterruptCheckFrequency(100))
}

// decide returns the first rule that holds and is for what is asked for.
func (r *rules) decide(ctx context.Context, at verify.Attempt, claims map[string]json.RawMessage) (Rule, bool, error) {
	values := r.values(claims)
	for _, rule := range r.list {
		if rule.Group != at.Group || at.Subgroup != "" && rule.Subgroup != "" && rule.Subgroup != at.Subgroup {
			continue
		}
		out, _, err := rule.program.ContextEval(ctx, values)
		if err != nil {
			return Rule{}, false, fmt.Errorf("evaluating a claim rule: %w", err)
		}
		if holds, ok := out.Value().(bool); ok && holds {
			return rule.Rule, true, nil
		}
	}
	return Rule{}, false, nil
}

// values gives every declared claim a value of its type.
func (r *rules) values(claims map[string]json.RawMessage) map[string]any {
	values := map[string]any{}
	for name, kind := range builtInClaims {
		values[name] = value(claims[name], kind)
	}
	for _, c := range r.config.Claims {
		values[c.Name] = value(claims[c.source()], c.Type)
	}
	maps.Copy(values, presets[r.config.Preset].values(r.config, claims))
	return values
}

func value(raw json.RawMessage, kind string) any {
	switch kind {
	case "string":
		v, _ := as[string](raw)
		return v
	case "bool":
		v, _ := as[bool](raw)
		return v
	case "int":
		v, _ := as[int64](raw)
		return v
	}
	if list, ok := as[[]string](raw); ok {
		return list
	}
	if one, ok := as[string](raw); ok && one != "" {
		return []string{one}
	}
	return []string{}
}

// as decodes a claim as T; ok is false when it is missing or something else.
func as[T any](raw json.RawMessage) (v T, ok bool) {
	var zero T
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return zero, false
	}
	return v, true
}

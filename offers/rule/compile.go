package rule

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// Pointer is where a rule stands in an offer.
const Pointer = "#/rule"

// maxProblems bounds how many problems of one rule are told at once.
const maxProblems = 10

// problems gathers what is wrong with a rule.
type problems struct {
	fields []fault.Field
}

// add notes a problem. line and column count from 1; a column is a character.
func (p *problems) add(line, column int, format string, args ...any) {
	if len(p.fields) < maxProblems {
		detail := fmt.Sprintf(format, args...)
		p.fields = append(p.fields, fault.Field{Pointer: Pointer, Detail: fmt.Sprintf("line %d, column %d: %s", line, column, detail), Line: line, Column: column})
	}
}

func (p *problems) at(l common.Location, format string, args ...any) {
	p.add(max(l.Line(), 1), max(l.Column(), 0)+1, format, args...)
}

func (p *problems) issues(list []*cel.Error) {
	for _, e := range list {
		p.at(e.Location, "%s", plain(e.Message))
	}
}

func (p *problems) fault() error {
	if len(p.fields) == 0 {
		return nil
	}
	f := fault.New(fault.Invalid, "The rule does not compile. See errors for where and why.")
	f.Fields = p.fields
	return f
}

// said are messages of CEL that say less than they could, by how they begin.
var said = []struct{ begins, instead string }{
	{"mismatched input '<EOF>'", "the rule ends in the middle of an expression"},
	{"token recognition error at: ", "not understood: "},
	{"mismatched input ", "not expected here: "},
	{"extraneous input ", "not expected here: "},
	{"invalid argument to has() macro", "has() wants a field, such as has(attestation.group)"},
	{"comprehension exceeds nesting limit", "all, exists, exists_one, filter and map may stand three deep"},
	{"invalid double literal", "not a whole number"},
	{"invalid int literal", "a whole number is at most 9223372036854775807"},
	{"invalid matches argument", "not a regular expression (RE2)"},
	{"invalid timestamp argument", "not a time, such as '2026-11-21T00:00:00Z'"},
	{"invalid duration argument", "not a duration, such as '72h'"},
}

// plain is a message of CEL without what only its authors need.
func plain(message string) string {
	message = strings.TrimPrefix(strings.TrimSpace(strings.ReplaceAll(message, " (in container '')", "")), "Syntax error: ")
	message, _, _ = strings.Cut(message, " expecting ")
	for _, s := range said {
		if rest, ok := strings.CutPrefix(message, s.begins); ok {
			message = s.instead + rest
			break
		}
	}
	const most = 300
	if len(message) > most {
		message = strings.ToValidUTF8(message[:most], "") + " …"
	}
	return message
}

// compile parses, checks and plans a rule, without remembering it.
func compile(src string) (*Program, error) {
	env, err := language()
	if err != nil {
		return nil, fmt.Errorf("make the rule language: %w", err)
	}
	var bad problems
	switch {
	case strings.TrimSpace(src) == "":
		bad.add(1, 1, "the rule is empty")
	case len(src) > MaxSource:
		bad.add(1, 1, "the rule is %d bytes long; it may have %d", len(src), MaxSource)
	case !utf8.ValidString(src):
		bad.add(1, 1, "the rule is not UTF-8")
	}
	if err := bad.fault(); err != nil {
		return nil, err
	}
	parsed, issues := env.Parse(src)
	if bad.issues(issues.Errors()); len(bad.fields) > 0 {
		return nil, bad.fault()
	}
	if bad.unspeakable(parsed.NativeRep()); len(bad.fields) > 0 {
		return nil, bad.fault()
	}
	checked, issues := env.Check(parsed)
	if bad.issues(issues.Errors()); len(bad.fields) > 0 {
		return nil, bad.fault()
	}
	native := checked.NativeRep()
	start := native.SourceInfo().GetStartLocation(native.Expr().ID())
	if checked.OutputType() != cel.BoolType {
		bad.at(start, "the rule gives %s; it must give true or false", cel.FormatCELType(checked.OutputType()))
		return nil, bad.fault()
	}
	estimate, err := env.EstimateCost(checked, sizes{})
	if err != nil {
		return nil, fmt.Errorf("estimate the cost of a rule: %w", err)
	}
	switch {
	case estimate.Max == math.MaxUint64:
		bad.at(start, "what the rule would cost cannot be told; do not compare whole lines or lists of them, compare their fields")
	case estimate.Max > MaxCost:
		bad.at(start, "the rule would take up to %d steps on the largest cart; it may take %d", estimate.Max, MaxCost)
	}
	if err := bad.fault(); err != nil {
		return nil, err
	}
	p, err := newProgram(env, src, checked)
	if err != nil {
		// What is constant is worked out now: int("x") cannot be.
		bad.at(start, "%s", plain(err.Error()))
		return nil, bad.fault()
	}
	return p, nil
}

// unspeakable refuses what CEL can say and a rule may not, before the checker tells of it in its own words.
func (p *problems) unspeakable(a *ast.AST) {
	info := a.SourceInfo()
	ast.PreOrderVisit(a.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		at := info.GetStartLocation(e.ID())
		switch e.Kind() {
		case ast.LiteralKind:
			switch e.AsLiteral().Type() {
			case types.DoubleType:
				p.at(at, "%v is not a whole number; amounts are whole minor units, such as 4999 for 49.99", e.AsLiteral().Value())
			case types.UintType, types.BytesType:
				p.at(at, "a rule knows whole numbers, texts, true and false; not %s", e.AsLiteral().Type().TypeName())
			}
		case ast.CallKind:
			// CEL places a call at its parenthesis; its name begins before.
			name := e.AsCall().FunctionName()
			from := common.NewLocation(at.Line(), at.Column()-len(name))
			switch name {
			case "double":
				p.at(from, "double() is not part of the language; amounts are whole minor units")
			case "dyn", "type", "uint", "bytes":
				p.at(from, "%s() is not part of the language", name)
			}
		case ast.StructKind:
			p.at(at, "a rule makes no objects; compare the fields of cart, customer, attestation and member")
		default:
		}
	}))
}

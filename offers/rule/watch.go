package rule

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// watcher finds what of a condition is worth showing: the fields that it names, and what functions made of them. What is
// inside exists, filter and the like is different for each line, and is left out.
type watcher struct {
	info *ast.SourceInfo
	seen map[string]bool
	list []watched
}

func (w *watcher) watch(e ast.Expr) {
	name, err := cel.ExprToString(e, w.info)
	if err != nil || w.seen[name] {
		return
	}
	w.seen[name] = true
	w.list = append(w.list, watched{id: e.ID(), name: name})
}

func (w *watcher) walk(e ast.Expr) {
	switch e.Kind() {
	case ast.IdentKind:
		w.watch(e)
	case ast.SelectKind:
		if rooted(e) {
			w.watch(e)
			return
		}
		w.walk(e.AsSelect().Operand())
	case ast.CallKind:
		w.call(e)
	case ast.ListKind:
		for _, x := range e.AsList().Elements() {
			w.walk(x)
		}
	case ast.ComprehensionKind:
		w.walk(e.AsComprehension().IterRange())
	default:
	}
}

func (w *watcher) call(e ast.Expr) {
	c := e.AsCall()
	if made[c.FunctionName()] || c.FunctionName() == operators.Index && rooted(e) {
		w.watch(e)
		return
	}
	if c.IsMemberFunction() {
		w.walk(c.Target())
	}
	for _, a := range c.Args() {
		w.walk(a)
	}
}

// made are the functions whose result says more than what they were given.
var made = func() map[string]bool {
	m := map[string]bool{"sum": true, "min": true, "max": true, "size": true}
	for name := range clocks {
		m[name] = true
	}
	return m
}()

// rooted tells whether a chain of fields and places in lists begins with a variable of the language.
func rooted(e ast.Expr) bool {
	for {
		switch {
		case e.Kind() == ast.SelectKind:
			e = e.AsSelect().Operand()
		case e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.Index && e.AsCall().Args()[1].Kind() == ast.LiteralKind:
			e = e.AsCall().Args()[0]
		default:
			return e.Kind() == ast.IdentKind
		}
	}
}

// shown bounds what is shown of a list or text.
const shown = 10

func show(v ref.Val) string {
	switch v := v.(type) {
	case types.String:
		const most = 200
		if len(v) > most {
			return strconv.Quote(strings.ToValidUTF8(string(v[:most]), "")) + " …"
		}
		return strconv.Quote(string(v))
	case types.Timestamp:
		return v.Format(time.RFC3339Nano)
	case types.Duration:
		return v.Duration.String()
	case types.Int, types.Bool:
		return fmt.Sprint(v.Value())
	case *lineValue:
		return v.LineID
	case *types.Err:
		return v.String()
	case traits.Lister:
		return showList(v)
	}
	return v.Type().TypeName()
}

func showList(l traits.Lister) string {
	n, _ := l.Size().(types.Int)
	parts := make([]string, 0, min(int(n), shown+1))
	for i := range min(n, shown) {
		parts = append(parts, show(l.Get(i)))
	}
	if n > shown {
		parts = append(parts, fmt.Sprintf("… %d in all", int64(n)))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

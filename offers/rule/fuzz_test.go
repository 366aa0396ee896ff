package rule_test

import (
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers/rule"
)

// FuzzCompile holds that no text panics, fails otherwise than with a place, or compiles to something that takes long.
func FuzzCompile(f *testing.F) {
	for _, c := range benched {
		f.Add(c.src)
	}
	for _, src := range []string{
		"", "(", `"`, "1.5", "cart", "cart.lines.map(l, cart.lines)", "has(member.tier) ? true : !false", `now.getHours("x")`, "[[[[[]]]]]", "{1: 2}[1] == 2",
		`customer.id.matches("(a*)*b")`, "cart.lines.map(a, a.amount).map(b, b * b).sum() > 0", `duration("1h") * 2`, "// only", "`a`.b", "x.y{z: 1}", "a ? b : c ? d : e",
		strings.Repeat("!", 300) + "true", strings.Repeat("true && ", 400) + "true", "cart.lines.filter(l, l.categories.exists(c, c in [c, c]))",
	} {
		f.Add(src)
	}
	large := tenLines()
	for len(large.Lines) < 500 {
		large.Lines = append(large.Lines, large.Lines[len(large.Lines)%10])
	}
	for i := range large.Lines {
		large.Lines[i].Categories = []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	}
	carts := []*rule.Activation{rule.NewActivation(rule.Input{}), rule.NewActivation(tenLines()), rule.NewActivation(large)}
	f.Fuzz(func(t *testing.T, src string) {
		// A shared machine stalls at times: this bound is for what grows without end.
		const most = 5 * time.Second
		begun := time.Now()
		p, err := rule.Compile(src)
		if took := time.Since(begun); took > most {
			t.Fatalf("compiled in %v", took)
		}
		if err != nil {
			bad := fault.From(err)
			if bad == nil || bad.Code != fault.Invalid || len(bad.Fields) == 0 {
				t.Fatalf("refused without a place: %v", err)
			}
			for _, field := range bad.Fields {
				if lines := strings.Count(src, "\n") + 1; field.Line < 1 || field.Line > lines || field.Column < 1 || field.Column > len(src)+1 {
					t.Fatalf("refused at a place that is not there: %+v", field)
				}
			}
			return
		}
		for _, in := range carts {
			begun = time.Now()
			holds, err := p.Eval(in)
			if took := time.Since(begun); took > most {
				t.Fatalf("decided in %v", took)
			}
			if holds && err != nil {
				t.Fatalf("holds, and could not be decided: %v", err)
			}
			parts, failed := p.Observe(in)
			if failed != nil {
				t.Fatalf("observe: %v", failed)
			}
			all := true
			for _, o := range parts {
				all = all && o.Holds
			}
			if all != holds && err == nil {
				t.Fatalf("holds %v, its conditions %v: %+v", holds, all, parts)
			}
		}
	})
}

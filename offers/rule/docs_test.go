package rule_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers/rule"
)

// The rules of the documentation compile, and it names all that a rule can name.
func TestDocumentation(t *testing.T) {
	raw, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	_, examples, _ := strings.Cut(text, "## Ten useful rules")
	examples, reference, _ := strings.Cut(examples, "## What a rule can name")
	rows := regexp.MustCompile("(?m)^\\| [^|]+ \\| `(.+)` \\|$").FindAllStringSubmatch(examples, -1)
	if len(rows) != 10 {
		t.Errorf("%d rules, want 10", len(rows))
	}
	rows = append(rows, regexp.MustCompile("(?m)^```\n(cart.+)\n```").FindAllStringSubmatch(text, -1)...)
	for _, row := range rows {
		src := strings.ReplaceAll(row[1], `\|`, "|")
		if _, err := rule.Compile(src); err != nil {
			t.Errorf("%s: %v", src, fault.From(err).Fields)
		}
	}
	for _, v := range rule.Variables() {
		_, field, _ := strings.Cut(v.Name, ".")
		if !strings.Contains(reference, "`"+v.Name+"`") && !strings.Contains(reference, "`"+field+"`") && !strings.Contains(reference, "`."+field+"`") {
			t.Errorf("%s is not documented", v.Name)
		}
	}
}

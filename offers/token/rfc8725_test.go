package token

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheTableOfRFC8725NamesTests: each section of the best practices is in docs/security.md, and names tests that exist.
func TestTheTableOfRFC8725NamesTests(t *testing.T) {
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, dir := range []string{".", "../../cmd/laurel/e2e"} {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(text)
		}
	}
	rows := regexp.MustCompile(`(?m)^\| (3\.\d+) \|.*\| ([^|]*) \|$`).FindAllStringSubmatch(string(page), -1)
	if len(rows) != 12 {
		t.Errorf("%d of the 12 sections are in the table", len(rows))
	}
	for _, row := range rows {
		tests := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(row[2], -1)
		if len(tests) == 0 {
			t.Errorf("section %s names no test", row[1])
		}
		for _, test := range tests {
			if !strings.Contains(source.String(), "func "+test[1]+"(") {
				t.Errorf("section %s names %s, which is not there", row[1], test[1])
			}
		}
	}
}

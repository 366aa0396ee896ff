package guards

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every attack of the specification's list is in the table, in its words and order, and has guards or a reason why not.
func TestEveryAttackOfTheSpecificationHasItsGuards(t *testing.T) {
	var names []string
	for _, a := range All() {
		names = append(names, a.What)
		if (len(a.Guards) == 0) != (a.Later != "") || a.Who == "" {
			t.Errorf("%q has %d guards, and is for later because %q, by %q", a.What, len(a.Guards), a.Later, a.Who)
		}
	}
	specified := Specified()
	if len(specified) != 16 || len(names) < len(specified) || !slices.Equal(names[:len(specified)], specified) {
		t.Errorf("the table has\n%q, the specification\n%q", names, specified)
	}
}

// What is to be taken away is there exactly once, and what is left can be read.
func TestEveryGuardIsWhereItIsSaidToBe(t *testing.T) {
	for _, a := range All() {
		for _, g := range a.Guards {
			source := read(t, g.File)
			if n := strings.Count(source, g.From); n != 1 || g.From == g.To || strings.HasSuffix(g.File, "_test.go") {
				t.Errorf("%s, %s: %q stands in %s %d times", a.What, g.How, g.From, g.File, n)
			}
			if _, err := parser.ParseFile(token.NewFileSet(), g.File, strings.Replace(source, g.From, g.To, 1), 0); err != nil {
				t.Errorf("%s, %s: without its guard: %v", a.What, g.How, err)
			}
		}
	}
}

// kits are where the subtests of a test stand, when not in its own package.
const kits = "verify/storagetest"

func TestEveryTestIsThere(t *testing.T) {
	for _, a := range All() {
		for _, g := range a.Guards {
			name, sub, _ := strings.Cut(g.Test.Name, "/")
			sources := goFiles(t, g.Test.Package) + goFiles(t, kits)
			if !strings.Contains(sources, "\nfunc "+name+"(t *testing.T)") {
				t.Errorf("%s, %s: there is no %s in %s", a.What, g.How, name, g.Test.Package)
			}
			if sub != "" && !strings.Contains(sources, `"`+sub+`"`) {
				t.Errorf("%s, %s: %s has no subtest %q", a.What, g.How, name, sub)
			}
		}
	}
}

func goFiles(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// The threat model has the same rows.
func TestTheThreatModelHasTheSameRows(t *testing.T) {
	if page := read(t, "docs/security.md"); !strings.Contains(page, Markdown()) {
		t.Error("docs/security.md has another table: go run ./internal/guards/run -table prints the one that belongs there")
	}
	n := 0
	for _, a := range All() {
		n += len(a.Guards)
		for _, g := range a.Guards {
			if strings.Contains(a.What+a.Who+g.How+g.Stands, "|") {
				t.Errorf("%q has a bar, which ends a cell", g.How)
			}
		}
	}
	if figure := fmt.Sprintf("all of %d", n); !strings.Contains(read(t, "docs/redteam.md"), figure) {
		t.Errorf("docs/redteam.md does not say that %s guards are held", figure)
	}
}

// Every test that the threat model names, in this table or another, is there.
func TestTheThreatModelNamesTests(t *testing.T) {
	var sources strings.Builder
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, "_test.go") {
			text, err := os.ReadFile(path)
			sources.Write(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	there := sources.String() + goFiles(t, kits)
	names := regexp.MustCompile("`([A-Z][A-Za-z0-9]+)`").FindAllStringSubmatch(read(t, "docs/security.md"), -1)
	if len(names) < 50 {
		t.Errorf("the page names %d tests", len(names))
	}
	for _, name := range names {
		isTest := strings.HasPrefix(name[1], "Test") || strings.HasPrefix(name[1], "Fuzz")
		if isTest && !strings.Contains(there, "\nfunc "+name[1]+"(") || !isTest && !spoken[name[1]] && !strings.Contains(there, `"`+name[1]+`"`) {
			t.Errorf("the page names %s, which is not there", name[1])
		}
	}
}

// spoken are words in the page that are written like tests of the kit and are none.
var spoken = map[string]bool{"Origin": true}

package architecture

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheHouseFollowsItsPlan(t *testing.T) {
	house := os.DirFS("../..")
	packages, err := read(house)
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 10 {
		t.Fatalf("only %d packages found: is this the root?", len(packages))
	}
	for _, rule := range rules {
		for _, violation := range rule.broken(packages) {
			t.Errorf("%s: %s", rule.name, violation)
		}
	}
	ignored, err := ignoredAtTop(house)
	if err != nil {
		t.Fatal(err)
	}
	stray, err := strayAtTop(house, ignored)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range stray {
		t.Errorf("%s does not belong at the top level", name)
	}
}

// A rule that nothing can break protects nothing: each gets one file that breaks it, and one that just does not.
func TestEachRuleCanBeBroken(t *testing.T) {
	proofs := map[string]struct{ breaks, keeps map[string]string }{
		"only api imports Echo and huma": {
			breaks: imports("internal/console/a.go", "github.com/labstack/echo/v4"),
			keeps:  imports("api/storefront/a.go", "github.com/labstack/echo/v4"),
		},
		"only internal/database imports GORM": {
			breaks: imports("offers/a_test.go", "gorm.io/gorm/clause"),
			keeps:  imports("internal/database/a.go", "gorm.io/gorm"),
		},
		"only internal/jobs imports River": {
			breaks: imports("internal/outbox/a.go", "github.com/riverqueue/river"),
			keeps:  imports("internal/jobs/a.go", "github.com/riverqueue/river"),
		},
		"only internal/blob knows where files are kept": {
			breaks: imports("verify/document/a.go", "gocloud.dev/blob"),
			keeps:  imports("internal/blob/a.go", "github.com/aws/aws-sdk-go-v2/aws"),
		},
		"only internal/imaging/pdf runs WebAssembly": {
			breaks: imports("internal/imaging/a.go", "github.com/tetratelabs/wazero"),
			keeps:  imports("internal/imaging/pdf/a.go", "github.com/tetratelabs/wazero/api"),
		},
		"domains do not import each other": {
			breaks: imports("loyalty/insight/a.go", module+"/offers"),
			keeps:  imports("loyalty/insight/a.go", module+"/loyalty"),
		},
		"domains import only pure parts of the house": {
			breaks: imports("verify/a.go", module+"/internal/tenant"),
			keeps:  imports("verify/a.go", module+"/internal/fault"),
		},
		"domains know no database, cache or HTTP": {
			breaks: imports("offers/a.go", "net/http"),
			keeps:  imports("offers/a.go", "context"),
		},
		"adapters know neither storage nor the API": {
			breaks: imports("verify/email/a.go", module+"/internal/database"),
			keeps:  imports("verify/email/a.go", module+"/internal/mail"),
		},
		"checkout knows ports, not implementations": {
			breaks: imports("internal/checkout/a.go", module+"/internal/database"),
			keeps:  imports("internal/checkout/a.go", module+"/loyalty"),
		},
		"the committer is generic": {
			breaks: imports("internal/commit/a.go", module+"/internal/checkout"),
			keeps:  imports("internal/commit/a.go", module+"/internal/fault"),
		},
		"faults need only the standard library": {
			breaks: imports("internal/fault/a.go", "github.com/google/uuid"),
			keeps:  imports("internal/fault/a.go", "errors"),
		},
		"platform parts know no domain": {
			breaks: imports("internal/mail/a.go", module+"/verify"),
			keeps:  imports("internal/mail/a.go", module+"/internal/fault"),
		},
		"storage does not call upwards": {
			breaks: imports("internal/database/a.go", module+"/verify/email"),
			keeps:  imports("internal/database/a.go", module+"/verify"),
		},
		"the API reaches storage through use cases": {
			breaks: imports("api/checkout/a.go", module+"/internal/database"),
			keeps:  imports("api/checkout/a.go", module+"/internal/checkout"),
		},
		"only cmd wires": {
			breaks: imports("internal/console/a.go", module+"/api"),
			keeps:  imports("cmd/laurel/a.go", module+"/api"),
		},
		"test packages stay in tests": {
			breaks: imports("internal/console/a.go", module+"/internal/testdb"),
			keeps:  imports("internal/console/a_test.go", module+"/internal/testdb"),
		},
		"nothing registers itself in an init": {
			breaks: map[string]string{"verify/email/a.go": "package email\nfunc init() {}\n"},
			keeps:  map[string]string{"verify/email/a.go": "package email\ntype t struct{}\nfunc (t) init() {}\n"},
		},
		"a package is named after its subject": {
			breaks: map[string]string{"internal/util/a.go": "package util\n"},
			keeps:  map[string]string{"internal/utility/a.go": "package utility\n"},
		},
	}
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			proof, ok := proofs[rule.name]
			if !ok {
				t.Fatal("this rule has no proof")
			}
			if broken := rule.broken(parse(t, proof.breaks)); len(broken) != 1 {
				t.Errorf("%v should break it once, got %v", proof.breaks, broken)
			}
			if broken := rule.broken(parse(t, proof.keeps)); len(broken) != 0 {
				t.Errorf("%v should keep it, got %v", proof.keeps, broken)
			}
		})
	}
	if len(proofs) != len(rules) {
		t.Errorf("%d proofs for %d rules", len(proofs), len(rules))
	}
}

func TestStrayNamesAtTheTopAreFound(t *testing.T) {
	house := fstest.MapFS{
		"api/a.go": {}, "README.md": {}, ".github/x": {}, ".git/x": {}, "laurel-data/x": {}, "scripts/x": {}, "notes.txt": {},
		".gitignore": {Data: []byte("# made\n/laurel-data/\nnode_modules/\n")},
	}
	ignored, err := ignoredAtTop(house)
	if err != nil {
		t.Fatal(err)
	}
	stray, err := strayAtTop(house, ignored)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(stray, []string{"notes.txt", "scripts"}) {
		t.Errorf("stray: %v", stray)
	}
}

// topLevel is what the owner fixed and what convention expects at a root.
var topLevel = []string{
	"cmd", "api", "verify", "loyalty", "offers", "migrations", "web", "internal", "go.mod", "go.sum", "README.md",
	".ci", ".github", "docs", "deploy", "Makefile", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md",
	".golangci.yml", ".goreleaser.yaml", ".gitignore", ".git",
}

func strayAtTop(house fs.FS, ignored []string) ([]string, error) {
	entries, err := fs.ReadDir(house, ".")
	if err != nil {
		return nil, err
	}
	var stray []string
	for _, entry := range entries {
		if !slices.Contains(topLevel, entry.Name()) && !slices.Contains(ignored, entry.Name()) {
			stray = append(stray, entry.Name())
		}
	}
	return stray, nil
}

// ignoredAtTop reads which names at the root are made by building and running.
func ignoredAtTop(house fs.FS) (names []string, err error) {
	file, err := house.Open(".gitignore")
	if err != nil {
		return nil, err
	}
	defer func() { err = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if name, rooted := strings.CutPrefix(lines.Text(), "/"); rooted {
			names = append(names, strings.TrimSuffix(name, "/"))
		}
	}
	return names, lines.Err()
}

func imports(file, target string) map[string]string {
	return map[string]string{file: fmt.Sprintf("package %s\nimport _ %q\n", path.Base(path.Dir(file)), target)}
}

func parse(t *testing.T, files map[string]string) []sourceFile {
	t.Helper()
	house := fstest.MapFS{}
	for name, content := range files {
		house[name] = &fstest.MapFile{Data: []byte(content)}
	}
	parsed, err := read(house)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

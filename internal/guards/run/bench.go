package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/laurel-gateway/laurel/internal/guards"
)

// bench builds and runs tests, with a guard or without.
type bench struct {
	// gobin is the go command; root is that of the repository, scratch a directory of the run's own.
	gobin, root, scratch string
	// whole are the test programs with every guard in place, by package.
	whole map[string]string
	built int
}

func newBench() (*bench, error) {
	b := &bench{gobin: os.Getenv("GO"), whole: map[string]string{}}
	if b.gobin == "" {
		b.gobin = "go"
	}
	module, err := exec.Command(b.gobin, "env", "GOMOD").Output()
	if err != nil {
		return nil, fmt.Errorf("ask go for the module: %w", err)
	}
	b.root = filepath.Dir(strings.TrimSpace(string(module)))
	if b.scratch, err = os.MkdirTemp("", "guards-"); err != nil {
		return nil, fmt.Errorf("make a directory: %w", err)
	}
	return b, nil
}

func (b *bench) close() error { return os.RemoveAll(b.scratch) }

// verdict is what became of one guard.
type verdict struct {
	ok  bool
	why string
}

func (v verdict) word() string {
	if v.ok {
		return "red"
	}
	return "NOT RED"
}

// judge runs the test of a guard with everything in place, and then without the guard.
func (b *bench) judge(ctx context.Context, g guards.Guard) verdict {
	program, ok := b.whole[g.Test.Package]
	if !ok {
		var err error
		if program, err = b.build(ctx, g.Test.Package, ""); err != nil {
			return verdict{why: err.Error()}
		}
		b.whole[g.Test.Package] = program
	}
	if out, err := b.test(ctx, program, g.Test); err != nil {
		return verdict{why: "red with the guard in place: " + last(out)}
	}
	overlay, err := b.without(g)
	if err != nil {
		return verdict{why: err.Error()}
	}
	broken, err := b.build(ctx, g.Test.Package, overlay)
	if err != nil {
		return verdict{why: err.Error()}
	}
	out, err := b.test(ctx, broken, g.Test)
	if err := os.Remove(broken); err != nil {
		return verdict{why: err.Error()}
	}
	return complaint(out, err)
}

// without writes the file as it is without the guard, and the overlay that puts it in its place.
func (b *bench) without(g guards.Guard) (overlay string, err error) {
	file := filepath.Join(b.root, g.File)
	source, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", g.File, err)
	}
	if bytes.Count(source, []byte(g.From)) != 1 {
		return "", fmt.Errorf("%s does not have the guard exactly once", g.File)
	}
	changed := filepath.Join(b.scratch, "changed.go")
	if err := os.WriteFile(changed, bytes.Replace(source, []byte(g.From), []byte(g.To), 1), 0o600); err != nil {
		return "", fmt.Errorf("write the file without its guard: %w", err)
	}
	content, err := json.Marshal(map[string]map[string]string{"Replace": {file: changed}})
	if err != nil {
		return "", fmt.Errorf("write the overlay: %w", err)
	}
	overlay = filepath.Join(b.scratch, "overlay.json")
	if err := os.WriteFile(overlay, content, 0o600); err != nil {
		return "", fmt.Errorf("write the overlay: %w", err)
	}
	return overlay, nil
}

// build makes the test program of a package.
func (b *bench) build(ctx context.Context, pkg, overlay string) (program string, err error) {
	b.built++
	program = filepath.Join(b.scratch, fmt.Sprintf("%d.test", b.built))
	args := []string{"test", "-c", "-o", program}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	cmd := exec.CommandContext(ctx, b.gobin, append(args, "./"+pkg)...)
	cmd.Dir = b.root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("it does not build: %s", last(out))
	}
	return program, nil
}

// test runs one test in its folder.
func (b *bench) test(ctx context.Context, program string, t guards.Test) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, "-test.run", t.Pattern(), "-test.timeout", "2m", "-test.v")
	cmd.Dir = filepath.Join(b.root, t.Package)
	out, err := cmd.CombinedOutput()
	if err == nil && !bytes.Contains(out, []byte("--- PASS: "+strings.ReplaceAll(t.Name, " ", "_"))) {
		return out, errors.New("no such test was run")
	}
	return out, err
}

var (
	// said is how a test complains: the place in its file, and what is wrong.
	said = regexp.MustCompile(`(?m)^ +\w+\.go:\d+: .+$`)
	// broke is what is no complaint of a test.
	broke = regexp.MustCompile(`(?m)^(panic: |fatal error: |\*\*\* Test killed)`)
)

// complaint is the verdict about a test that ran without its guard.
func complaint(out []byte, err error) verdict {
	switch where := said.Find(out); {
	case err == nil:
		return verdict{why: "green without the guard"}
	case broke.Match(out):
		return verdict{why: "it broke, rather than complain: " + last(out)}
	case where == nil || !bytes.Contains(out, []byte("--- FAIL: ")):
		return verdict{why: "it did not run: " + last(out)}
	default:
		return verdict{true, shortened(strings.TrimSpace(string(where)))}
	}
}

// last is the end of what a program said.
func last(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return shortened(strings.Join(lines[max(0, len(lines)-6):], " | "))
}

func shortened(s string) string {
	const most = 220
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

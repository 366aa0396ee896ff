package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// binaryDir holds the program under test; it goes with the test process.
var binaryDir string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) (code int) {
	var err error
	if binaryDir, err = os.MkdirTemp("", "laurel-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		if err := os.RemoveAll(binaryDir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}()
	if err := secrecy.begin(binaryDir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return secrecy.disclosed(m.Run())
}

// build makes the program, once a test run.
var build = sync.OnceValues(func() (string, error) {
	path := filepath.Join(binaryDir, "laurel")
	args := []string{"build", "-buildvcs=false", "-o", path}
	if os.Getenv(brokenGuard) != "" {
		args = append(args, "-tags", "brokenguards")
	}
	out, err := exec.Command("go", append(args, "github.com/laurel-gateway/laurel/cmd/laurel")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build laurel: %w: %s", err, out)
	}
	return path, nil
})

// binary returns the path of the program under test.
func binary(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// finished is a command that has ended.
type finished struct {
	code   int
	output string
	errors string
}

// laurel runs a command of the program to its end. environ holds its LAUREL_ variables; those of the test are kept from
// it.
func laurel(t testing.TB, environ []string, input string, args ...string) finished {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	cmd.Env = append(withoutSettings(os.Environ()), environ...)
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("run laurel %v: %v", args, err)
	}
	overhearOutput(args, out.String(), errs.String())
	return finished{code: cmd.ProcessState.ExitCode(), output: out.String(), errors: errs.String()}
}

// withoutSettings drops the LAUREL_ variables of an environment.
func withoutSettings(environ []string) []string {
	var kept []string
	for _, each := range environ {
		if !strings.HasPrefix(each, "LAUREL_") {
			kept = append(kept, each)
		}
	}
	return kept
}

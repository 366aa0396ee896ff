package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/guards"
)

func TestOnlyATestsOwnComplaintCounts(t *testing.T) {
	failed := errors.New("exit status 1")
	for name, c := range map[string]struct {
		out string
		err error
		ok  bool
	}{
		"its own complaint":    {"--- FAIL: TestX (0.00s)\n    x_test.go:12: got 1, want 2\nFAIL\n", failed, true},
		"that of a subtest":    {"--- FAIL: TestX (0.00s)\n    --- FAIL: TestX/a (0.00s)\n        kit.go:12: got 1, want 2\nFAIL\n", failed, true},
		"green":                {"--- PASS: TestX (0.00s)\nPASS\n", nil, false},
		"a panic":              {"--- FAIL: TestX (0.00s)\n    x_test.go:12: said before\npanic: runtime error\n", failed, false},
		"out of time":          {"=== RUN TestX\npanic: test timed out after 2m0s\n", failed, false},
		"no program":           {"exec format error", failed, false},
		"failed without words": {"--- FAIL: TestX (0.00s)\nFAIL\n", failed, false},
	} {
		if got := complaint([]byte(c.out), c.err); got.ok != c.ok || got.why == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// The program tells a guard that a test holds from one that it does not, and from a change that does not build.
func TestGuardsAreTakenAway(t *testing.T) {
	b, err := newBench()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	})
	guard := guards.Guard{File: "internal/egress/client.go", From: "if len(via) > o.Redirects {", Test: guards.Test{Package: "internal/egress",
		Name: "TestRedirectsAreNotFollowedUnlessAsked"}}
	for to, want := range map[string]string{
		"if len(via) > o.Redirects+5 {": "client_test.go:", "if o.Redirects < len(via) {": "green without the guard", "if nothing {": "it does not build",
	} {
		g := guard
		g.To = to
		got := b.judge(t.Context(), g)
		if !strings.Contains(got.why, want) || got.ok != (want == "client_test.go:") {
			t.Errorf("%s: %+v", to, got)
		}
	}
	moved, unknown := guard, guard
	moved.From, unknown.Test.Name = "if nobody wrote this {", "TestNobodyWroteThis"
	if got := b.judge(t.Context(), moved); got.ok || !strings.Contains(got.why, "exactly once") {
		t.Errorf("a guard that has moved: %+v", got)
	}
	if got := b.judge(t.Context(), unknown); got.ok || !strings.Contains(got.why, "with the guard in place") {
		t.Errorf("a test that is not there: %+v", got)
	}
}

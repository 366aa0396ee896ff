package codes

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/laurel-gateway/laurel/internal/fault"
	"pgregory.net/rapid"
)

func TestFilesOfCodes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file     string
		codes    []string
		repeated int64
		bad      []LineError
	}{
		"one a line":       {file: "A\nB\r\nC", codes: []string{"A", "B", "C"}},
		"empty lines":      {file: "\n\nA\n\n", codes: []string{"A"}},
		"a header":         {file: "Code\nA\n", codes: []string{"A"}},
		"a mark":           {file: "\xef\xbb\xbfcode\nA\n", codes: []string{"A"}},
		"another column":   {file: "id, CODE ,x\n1,A,\n2,B,\n", codes: []string{"A", "B"}},
		"no header":        {file: "A,1\nB,2\n", codes: []string{"A", "B"}},
		"repeated":         {file: "A\nA\nA\n", codes: []string{"A"}, repeated: 2},
		"case matters":     {file: "a\nA\n", codes: []string{"a", "A"}},
		"spaces around":    {file: " A \n", codes: []string{"A"}},
		"quoted":           {file: "\"A\"\n", codes: []string{"A"}},
		"a space inside":   {file: "A B\nC\n", codes: []string{"C"}, bad: []LineError{{1, "has a space or a character that cannot be printed"}}},
		"too long":         {file: strings.Repeat("x", 101) + "\nC\n", codes: []string{"C"}, bad: []LineError{{1, "is longer than 100 bytes"}}},
		"not UTF-8":        {file: "\xff\nC\n", codes: []string{"C"}, bad: []LineError{{1, "is not UTF-8"}}},
		"a missing column": {file: "x,code\n1\n2,C\n", codes: []string{"C"}, bad: []LineError{{2, "has no such column"}}},
		"an empty cell":    {file: "x,code\n1,\n2,C\n", codes: []string{"C"}, bad: []LineError{{2, "is empty"}}},
		"a stray quote":    {file: "A\"\nC\n", codes: []string{"C"}, bad: []LineError{{1, "is not CSV: look at the quotes"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parsePool([]byte(c.file))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.codes, got.codes); d != "" || got.repeated != c.repeated || got.bad != int64(len(c.bad)) {
				t.Errorf("%s\n%d repeated, %d bad", d, got.repeated, got.bad)
			}
			if d := cmp.Diff(c.bad, got.errors); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range maxPoolCodes + 1 {
		fmt.Fprintf(&many, "%d\n", i)
	}
	for name, file := range map[string]string{"nothing": "", "a header alone": "code\n", "bad lines alone": "a b\n", "too many": many.String()} {
		if _, err := parsePool([]byte(file)); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBadLinesAreListedWithinBounds(t *testing.T) {
	t.Parallel()
	got, err := parsePool([]byte(strings.Repeat("a b\n", 5000) + "C\n"))
	if err != nil || got.bad != 5000 || len(got.errors) != maxErrors {
		t.Errorf("%+v, %v", got.bad, err)
	}
}

// Whatever is in a file, every code that comes of it can be given, and comes once.
func TestAnyFile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		file := rapid.SliceOf(rapid.SampledFrom([]byte("AB\",\r\n \t\x00\xff;code"))).Draw(t, "file")
		got, err := parsePool(file)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, c := range got.codes {
			if seen[c] || badPoolCode(c) != "" {
				t.Fatalf("%q of %q", c, file)
			}
			seen[c] = true
		}
	})
}

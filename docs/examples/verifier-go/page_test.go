package librarycard_test

import (
	"os"
	"strings"
	"testing"
)

// The page that explains how to write a verifier shows these files as they are.
func TestThePageShowsTheseFiles(t *testing.T) {
	page, err := os.ReadFile("../../verifiers/writing-your-own.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := strings.Split(string(page), "```go\n")[1:]
	files := []string{"librarycard.go", "librarycard_test.go"}
	if len(shown) != len(files) {
		t.Fatalf("the page shows %d pieces of Go, want %d", len(shown), len(files))
	}
	for i, file := range files {
		code, _, closed := strings.Cut(shown[i], "```\n")
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !closed || code != string(want) {
			t.Errorf("the page and %s differ: copy the file into the page", file)
		}
	}
}

package redteam

import (
	"os"
	"strings"
	"testing"
)

// Whoever runs the pack can read what each attack is.
func TestEveryAttackIsDescribed(t *testing.T) {
	page, err := os.ReadFile("../../../docs/redteam.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, name := range Attacks() {
		if !strings.Contains(string(page), "`"+name+"`") || seen[name] {
			t.Errorf("%s is not described, or there twice", name)
		}
		seen[name] = true
	}
}

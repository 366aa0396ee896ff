package redteam

import (
	"fmt"
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
	if n := len(Attacks()); !strings.Contains(string(page), fmt.Sprintf("%d of %d stopped", n, n)) {
		t.Errorf("the page does not tell of %d attacks", n)
	}
}

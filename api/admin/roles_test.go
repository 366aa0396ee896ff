package admin

import (
	"slices"
	"testing"

	"github.com/laurel-gateway/laurel/internal/console"
)

func TestEveryRuleNamesRolesThatExist(t *testing.T) {
	for op, r := range rules {
		for _, role := range r.only {
			if !role.Valid() {
				t.Errorf("%s: role %q", op, role)
			}
		}
		if r.operatorOnly && len(r.only) > 0 {
			t.Errorf("%s is for operators and for roles", op)
		}
		if len(r.only) > 0 && !slices.Contains(r.only, console.Owner) {
			t.Errorf("an owner may not %s", op)
		}
	}
}

// Rules gives tests outside of the package the table: for every operation, the roles that may.
func Rules() map[string][]string {
	out := map[string][]string{}
	for op, r := range rules {
		out[op] = []string{}
		for _, role := range console.Roles() {
			if r.allows(role) {
				out[op] = append(out[op], string(role))
			}
		}
	}
	return out
}

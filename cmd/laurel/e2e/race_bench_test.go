package e2e

import (
	"strconv"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/offers"
)

// TestAnAdopterRacesTheirDeployment runs `laurel bench race` as an adopter does: once with an operator's password, once
// with the keys of a prepared store.
func TestAnAdopterRacesTheirDeployment(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		createOperator(t, p)
		a := openArena(t, p)
		won := func(got finished) {
			t.Helper()
			if got.code != 0 || !strings.Contains(got.output, "PASS: 4 of 4 races") {
				t.Errorf("exit status %d\n%s%s", got.code, got.output, got.errors)
			}
		}
		won(laurel(t, nil, consolePassword+"\n", "bench", "race", "--url", a.bases()[0], "--email", operatorEmail, "--password-stdin", "--workers", "32"))

		r := a.open(t, "Prepared")
		const limit = 5
		limited, person := r.limited(t, offers.Limits{Total: limit}), r.limited(t, offers.Limits{PerPerson: 1})
		prepared := []string{"bench", "race", "--url", a.bases()[1], "--limited", limited, "--limit", strconv.Itoa(limit), "--workers", "20",
			"--per-person", person, "--publishable-key", r.publishable, "--origin", shopOrigin}
		won(laurel(t, []string{"RACE_KEY=" + r.secret}, "", prepared...))
		// The offer is used up: uses that are missing are a lost race, not a passed one.
		if got := laurel(t, nil, "", append(prepared, "--key", r.secret, "--races", "1")...); got.code != 1 || !strings.Contains(got.output, "FAIL") {
			t.Errorf("a used offer: exit status %d\n%s%s", got.code, got.output, got.errors)
		}
		r.booksAgree(t)
		for name, args := range map[string][]string{
			"nobody": {}, "a live store": {"--key", "sk_live_x"}, "a wrong key": append(prepared[4:], "--key", "sk_test_x"),
		} {
			if got := laurel(t, nil, "", append([]string{"bench", "race", "--url", a.bases()[0]}, args...)...); got.code != 2 {
				t.Errorf("%s: exit status %d\n%s%s", name, got.code, got.output, got.errors)
			}
		}
	})
}

package e2e

import (
	"fmt"
	"testing"

	"github.com/laurel-gateway/laurel/offers"
)

const (
	// guessesPerHour is how many wrong codes one address may try, and alertAfter how many of a shop are told of.
	guessesPerHour = 20
	alertAfter     = 15
)

// guessSettings bound guessing in the tests of races. Redis has time to answer: what counts is that the processes count
// together.
func guessSettings() []string {
	return []string{fmt.Sprintf("LAUREL_CODES_GUESSES_PER_HOUR=%d", guessesPerHour), fmt.Sprintf("LAUREL_CODES_ALERT_AFTER=%d", alertAfter),
		"LAUREL_CODES_ALERT_WINDOW=24h", "LAUREL_REDIS_BUDGET=5s"}
}

// guessing: codes guessed on all processes: refusals are the same to the byte, the processes limit them together, and the
// shop is alerted once.
func guessing(t *testing.T, a *arena) {
	const guesses = 90
	r := a.open(t, "Guessing")
	offer := r.limited(t, offers.Limits{Total: 10})
	good := r.issue(t, offer, 1)[0].text("code")
	from := func(address string) (list []request) {
		for i := range guesses {
			// Most are codes in form only, some are somebody's.
			code := "2222-2222-22"
			if i%10 == 0 {
				code = good
			}
			list = append(list, post("/v1/redemptions", fields{"codes": []string{code}, "customer": fmt.Sprintf("guesser-%s-%d", address, i), "cart": cart(),
				"order_id": fmt.Sprintf("guess-%s-%d", address, i), "shopper": fields{"ip": address}}))
		}
		return list
	}
	said := map[string]bool{}
	looked := func(answers []answer) (n int) {
		t.Helper()
		for _, each := range answers {
			switch each.outcome() {
			case "422 code_unknown":
				said[told(each)] = true
				n++
			case "429 rate_limited":
			default:
				t.Errorf("a guess: %v", each)
			}
		}
		return n
	}
	// One after another, ever on another process: they count together.
	var patiently []answer
	for i, q := range from("203.0.113.7") {
		patiently = append(patiently, r.callers[i%replicaCount].ask(t, q))
	}
	if n := looked(patiently); n != guessesPerHour {
		t.Errorf("%d guesses of one address were looked at, want %d", n, guessesPerHour)
	}
	// All at once: no process looks at more than it would alone, and then none does.
	if n := looked(r.all(t, from("203.0.113.8"))); n < 1 || n > guessesPerHour*replicaCount {
		t.Errorf("%d guesses at once were looked at, want %d at most for each process", n, guessesPerHour)
	}
	if n := looked(r.all(t, from("203.0.113.8"))); n != 0 {
		t.Errorf("%d guesses were looked at after the limit", n)
	}
	if len(said) != 1 {
		t.Errorf("refusals differ: %v", said)
	}
	db := r.place.open(t)
	eventually(t, "the shop is alerted", func() bool {
		return number(t, db, "SELECT COUNT(*) FROM outbox WHERE type = 'codes.guessing' AND store_id = "+quoted(r.id)) == 1
	})
	if n := r.usesOf(t, offer); n != 0 {
		t.Errorf("%d codes were guessed", n)
	}
	r.booksAgree(t)
}

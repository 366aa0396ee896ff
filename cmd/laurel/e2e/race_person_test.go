package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/laurel-gateway/laurel/offers"
)

// proven verifies a person for a group, as a browser does: who they are to the shop is only claimed. It returns an
// offer token for the proof.
func (r *track) proven(t *testing.T, at int, person, group, offer string) string {
	t.Helper()
	page := r.page(r.bases()[at%replicaCount])
	started := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": group, "customer": person, "consent": fields{"version": "1", "accepted": true}}))
	shopper, path := page.with("Laurel-Client-Secret", started.text("client_secret")), "/v1/verifications/"+started.text("id")
	if a := shopper.must(t, http.StatusOK, post(path+"/steps/mock", fields{"first_name": "VERIFIED"})); a.text("state") != "verified" {
		t.Fatalf("not verified: %v", a)
	}
	return shopper.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": offer, "verification_id": started.text("id")})).text("token")
}

// twice are two tokens of one person, each with a proof of its own.
func (r *track) twice(t *testing.T, at int, person, offer string) [2]string {
	t.Helper()
	tokens := [2]string{r.proven(t, at, person, "student", offer), r.proven(t, at+1, person, "teacher", offer)}
	if tokens[0] == tokens[1] {
		t.Fatal("two proofs got one token")
	}
	return tokens
}

// firstUse: a person's very first use raced from two accounts: one. The row that would be locked does not exist yet.
// (maho 1378)
func firstUse(t *testing.T, a *arena) {
	const people = 8
	r := a.open(t, "First use")
	offer := r.limited(t, offers.Limits{PerPerson: 1})
	var orders []request
	for i := range people {
		tokens := r.twice(t, i, fmt.Sprintf("person-%d", i), offer)
		for j, account := range []string{"old", "new"} {
			orders = append(orders, redemption(tokens[j], fmt.Sprintf("%s-%d", account, i), fmt.Sprintf("o-%d-%s", i, account)))
		}
	}
	if n := number(t, r.place.open(t), "SELECT COUNT(*) FROM offer_counters WHERE store_id = "+quoted(r.id)); n != 0 {
		t.Fatalf("%d counters before the first use", n)
	}
	answers := r.all(t, orders)
	for i := range people {
		got := counted(answers[2*i : 2*i+2])
		if want := (outcomes{"201": 1, "409 limit_reached": 1}); !maps.Equal(got, want) {
			t.Errorf("person %d: %v, want %v", i, got, want)
		}
	}
	if n := r.usesOf(t, offer); n != people {
		t.Errorf("%d uses of %d people", n, people)
	}
	r.booksAgree(t)
}

// newAccount: the same person with a new e-mail address or account: refused, on every process. (saleor 18563)
func newAccount(t *testing.T, a *arena) {
	r := a.open(t, "New account")
	offer := r.limited(t, offers.Limits{PerPerson: 1})
	tokens := r.twice(t, 0, "someone", offer)
	r.callers[0].must(t, http.StatusCreated, redemption(tokens[0], "old", "o-old"))
	for i, c := range r.callers {
		account := fmt.Sprintf("new-%d", i)
		if got := c.ask(t, redemption(tokens[1], account, "o-"+account)); got.outcome() != "409 limit_reached" {
			t.Errorf("a new account on process %d: %v", i, got)
		}
		if got := c.ask(t, reserved(tokens[1], account, "a-"+account)); got.outcome() != "409 limit_reached" {
			t.Errorf("a new account holds on process %d: %v", i, got)
		}
	}
	// Nor does the proof that was used serve somebody else's account: it belongs to the old one now.
	page := r.page(r.bases()[1])
	started := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "customer": "someone", "consent": fields{"version": "1", "accepted": true}}))
	shopper := page.with("Laurel-Client-Secret", started.text("client_secret"))
	if got := shopper.ask(t, post("/v1/verifications/"+started.text("id")+"/steps/mock", fields{"first_name": "VERIFIED"})); got.text("state") == "verified" {
		t.Errorf("a person whose proof belongs to an account was verified for another: %v", got)
	}
	if n := r.usesOf(t, offer); n != 1 {
		t.Errorf("%d uses of one person", n)
	}
	r.booksAgree(t)
}

package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/console"
)

// desk is a store with people who review in it.
type desk struct {
	shop
	base     string
	page     caller
	ada, ben caller
}

// colleague adds somebody to a store and returns them, signed in.
func colleague(t testing.TB, h *house, store, email string, role console.Role) caller {
	t.Helper()
	if _, err := h.Console.Invite(t.Context(), tester, store, console.Invitation{Email: email, Name: email, Role: role, Password: consolePassword}); err != nil {
		t.Fatal(err)
	}
	return atConsole(h.url, signIn(t, h.url, email, consolePassword))
}

func openDesk(t testing.TB, h *house) desk {
	t.Helper()
	s := furnish(t, h.Gateway, "desk")
	return desk{shop: s, base: "/v1/admin/stores/" + s.id, page: s.page(h.url),
		ada: colleague(t, h, s.id, "ada@desk.example", console.Reviewer), ben: colleague(t, h, s.id, "ben@desk.example", console.Reviewer)}
}

// shopper begins a verification that people have to decide.
func (d desk) shopper(t testing.TB, h *house, customer string) (at string, who caller) {
	t.Helper()
	begun := d.server(h.url).must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "customer": customer, "consent": fields{"version": "1", "accepted": true}}))
	at, who = "/v1/verifications/"+begun.text("id"), d.page.with("Laurel-Client-Secret", begun.text("client_secret"))
	if a := who.must(t, http.StatusOK, post(at+"/steps/mock", fields{"first_name": "REVIEW"})); a.text("state") != "pending_review" {
		t.Fatalf("after the proof: %s", a)
	}
	return at, who
}

func (d desk) next(t testing.TB, who caller) string {
	t.Helper()
	return who.must(t, http.StatusOK, post(d.base+"/review-queue/next", fields{})).text("id")
}

func (d desk) at(review string) string { return d.base + "/reviews/" + review }

// Two people take turns: each has what they took for themselves until the lease is over or they give it back; one
// refusal decides, and a shopper who was refused may try again.
func TestReviewersShareAQueue(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		d := openDesk(t, h)
		at, shopper := d.shopper(t, h, "c-1")
		first := d.next(t, d.ada)
		if a := d.ben.ask(t, post(d.base+"/review-queue/next", fields{})); a.status != http.StatusNotFound {
			t.Fatalf("Ben gets what Ada has in hand: %s", a)
		}
		for _, act := range []string{"/claim", "/release"} {
			if a := d.ben.ask(t, post(d.at(first)+act, nil)); a.code() != "review_claimed" {
				t.Fatalf("%s by Ben: %s", act, a)
			}
		}
		if a := d.ben.ask(t, post(d.at(first)+"/decision", fields{"approve": true})); a.code() != "review_claimed" {
			t.Fatalf("a decision by Ben: %s", a)
		}
		_, _ = d.shopper(t, h, "c-2")
		second := d.next(t, d.ben)
		if again := d.next(t, d.ada); second == first || again != first {
			t.Fatalf("Ada has %s then %s, Ben %s", first, again, second)
		}
		d.ada.must(t, http.StatusOK, post(d.at(first)+"/release", nil))
		d.ben.must(t, http.StatusOK, post(d.at(first)+"/claim", nil))
		// A lease that is over binds nobody.
		d.server(h.url).must(t, http.StatusOK, post("/v1/test-clock", fields{"advance": "16m"}))
		refused := d.ada.must(t, http.StatusOK, post(d.at(first)+"/decision", fields{"approve": false, "reasons": []string{"document_expired"}}))
		if refused.text("state") != "rejected" || refused.object()["decided"] != true {
			t.Fatalf("refused: %s", refused)
		}
		told := shopper.must(t, http.StatusOK, get(at))
		if told.text("state") != "rejected" || !strings.Contains(string(told.body), "document_expired") {
			t.Fatalf("the shopper reads %s", told)
		}
		if a := shopper.must(t, http.StatusOK, post(at+"/steps/mock", fields{"first_name": "VERIFIED"})); a.text("state") != "verified" {
			t.Fatalf("the second try: %s", a)
		}
		final := d.ben.must(t, http.StatusOK, post(d.at(second)+"/decision", fields{"approve": false, "reasons": []string{"document_altered"}, "final": true}))
		if final.text("state") != "failed" {
			t.Fatalf("a final refusal: %s", final)
		}
	})
}

// Where two people have to agree, neither agrees twice.
func TestTwoPeopleAgree(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		d := openDesk(t, h)
		at, shopper := d.shopper(t, h, "c-1")
		review := first(t, d.ada, d.base+"/reviews?state=open")
		if _, err := h.DB.SQL().ExecContext(t.Context(), "UPDATE reviews SET needed = 2 WHERE id = "+quoted(review)); err != nil {
			t.Fatal(err)
		}
		d.next(t, d.ada)
		if a := d.ada.must(t, http.StatusOK, post(d.at(review)+"/decision", fields{"approve": true})); a.object()["decided"] != false || a.text("state") != "pending_review" {
			t.Fatalf("the first of two: %s", a)
		}
		if a := shopper.must(t, http.StatusOK, get(at)); a.text("state") != "pending_review" {
			t.Fatalf("the shopper after the first of two: %s", a)
		}
		for _, r := range []request{post(d.at(review)+"/claim", nil), post(d.at(review)+"/decision", fields{"approve": true})} {
			if a := d.ada.ask(t, r); a.status != http.StatusForbidden || a.code() != "review_own" {
				t.Fatalf("Ada agrees with herself: %s", a)
			}
		}
		if a := d.ada.ask(t, post(d.base+"/review-queue/next", fields{})); a.status != http.StatusNotFound {
			t.Fatalf("Ada is asked again: %s", a)
		}
		if q := d.ben.must(t, http.StatusOK, get(d.base+"/review-queue")).object(); q["waiting"] != 1.0 || q["second"] != 1.0 || q["mine"] != 0.0 || q["oldest_at"] == nil {
			t.Fatalf("the queue, as Ben has it: %v", q)
		}
		if d.next(t, d.ben) != review {
			t.Fatal("Ben is not asked")
		}
		if q := d.ada.must(t, http.StatusOK, get(d.base+"/review-queue")).object(); q["taken"] != 1.0 || q["mine"] != 0.0 {
			t.Fatalf("the queue, as Ada has it: %v", q)
		}
		file := d.ben.must(t, http.StatusOK, get(d.at(review))).object()["review"].(fields)
		if votes := file["votes"].([]any); len(votes) != 1 || file["needed"] != 2.0 || file["voted"] != false {
			t.Fatalf("Ben reads %v", file)
		}
		if a := d.ben.must(t, http.StatusOK, post(d.at(review)+"/decision", fields{"approve": true})); a.text("state") != "verified" {
			t.Fatalf("the second of two: %s", a)
		}
	})
}

// Personal data goes to reviewers only, and every look at it is written down.
func TestEveryLookAtAReviewIsWrittenDown(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		d := openDesk(t, h)
		_, _ = d.shopper(t, h, "c-1")
		review := d.next(t, d.ada)
		for range 3 {
			d.ben.must(t, http.StatusOK, get(d.at(review)))
		}
		for _, role := range []console.Role{console.Marketer, console.Analyst, console.Support} {
			other := colleague(t, h, d.id, string(role)+"@desk.example", role)
			for _, path := range []string{d.at(review), d.base + "/reviews"} {
				if a := other.ask(t, get(path)); a.status != http.StatusForbidden || strings.Contains(string(a.body), "c-1") {
					t.Errorf("%s reads %s: %s", role, path, a)
				}
			}
			if a := other.ask(t, post(d.at(review)+"/decision", fields{"approve": true})); a.status != http.StatusForbidden {
				t.Errorf("%s decides: %s", role, a)
			}
		}
		d.ada.must(t, http.StatusOK, post(d.at(review)+"/decision", fields{"approve": true}))
		written := map[string]int{}
		for _, row := range read(t, h.DB.SQL(), "SELECT action FROM audit WHERE target = "+quoted(review)) {
			action, _ := row["action"].(string)
			written[action]++
		}
		if written["review.viewed"] != 3 || written["review.claimed"] != 1 || written["review.decided"] != 1 {
			t.Errorf("written down: %v", written)
		}
	})
}

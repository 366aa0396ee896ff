package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/laurel-gateway/laurel/offers"
)

// redeemAndRelease: redeem and release of the same holds interleaved: the counter equals the rows. (medusa 16595)
func redeemAndRelease(t *testing.T, a *arena) {
	const limit, tries = 16, 3
	r := a.open(t, "Redeem and release")
	offer := r.limited(t, offers.Limits{Total: limit})
	given := r.issue(t, offer, 2*limit)
	var holds []request
	for i := range limit {
		holds = append(holds, reserved(given[i].text("token"), customer(i), fmt.Sprintf("a-%d", i)))
	}
	var race []request
	for i, hold := range r.all(t, holds) {
		if hold.status != http.StatusCreated {
			t.Fatalf("hold: %v", hold)
		}
		id := hold.text("reservation_id")
		for range tries {
			race = append(race, redeemHold(id, fmt.Sprintf("o-%d", i)), release(id))
		}
	}
	used := r.oneWins(t, r.all(t, race), 2*tries)
	if n := r.usesOf(t, offer); n != used {
		t.Errorf("%d uses, %d holds were redeemed", n, used)
	}
	r.booksAgree(t)
	// What was released is free again, to the last one and not beyond.
	var rest []request
	for i := limit; i < 2*limit; i++ {
		rest = append(rest, redemption(given[i].text("token"), customer(i), fmt.Sprintf("o-%d", i)))
	}
	got := counted(r.all(t, rest))
	if got["201"] != limit-int(used) || got["409 limit_reached"] != int(used) {
		t.Errorf("after %d of %d were redeemed: %v", used, limit, got)
	}
	r.booksAgree(t)
}

// oneWins checks the answers about holds, each a number of redeems and releases: either all redeems or all releases were
// taken. It returns how many holds were redeemed.
func (r *track) oneWins(t *testing.T, answers []answer, each int) (redeemed int64) {
	t.Helper()
	for from := 0; from < len(answers); from += each {
		got := counted(answers[from : from+each])
		half := each / 2
		switch {
		case got["200"] == half && got["409 reservation_redeemed"] == half:
			redeemed++
		case got["200"] == half && got["409 reservation_released"] == half:
		default:
			t.Errorf("a hold was both redeemed and released, or neither: %v", got)
		}
	}
	return redeemed
}

// sameOrder: redeem repeated for the same order, before and after a crash: one redemption, the same answer.
// (saleor 15855, 7588)
func sameOrder(t *testing.T, a *arena) {
	const times = 4
	r := a.open(t, "Same order")
	offer := r.limited(t, offers.Limits{Total: 100})
	given := r.issue(t, offer, 2)
	hold := r.callers[0].must(t, http.StatusCreated, reserved(given[1].text("token"), customer(1), "a-1")).text("reservation_id")
	// Each repetition has a key of its own: the order itself must be enough to know it by.
	again := func() (list []request) {
		for range times {
			list = append(list, redemption(given[0].text("token"), customer(0), "o-0"), redeemHold(hold, "o-1"))
		}
		return list
	}
	first := map[string]string{}
	same := func(answers []answer) {
		t.Helper()
		for _, got := range answers {
			order, id := got.text("order_id"), got.text("redemption_id")
			if got.status >= 300 || id == "" {
				t.Errorf("the same order: %v", got)
				continue
			}
			if first[order] == "" {
				first[order] = id
			}
			if id != first[order] {
				t.Errorf("order %s was redeemed as %s and as %s", order, first[order], id)
			}
		}
	}
	before := again()
	same(r.all(t, before))
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		a.kill(2)
	}()
	same(r.all(t, again()))
	<-killed
	// The very requests of before the crash, and new ones, to the others and to the process that is back.
	same(r.all(t, append(again(), before...)))
	a.revive(2)
	same(r.all(t, append(again(), before...)))
	if n := number(t, r.place.open(t), "SELECT COUNT(*) FROM redemptions WHERE store_id = "+quoted(r.id)); n != 2 || len(first) != 2 {
		t.Errorf("%d redemptions of %d orders", n, len(first))
	}
	r.booksAgree(t)
}

// capFills: the cap fills between evaluation and redeem: the live hold wins, whatever else ends meanwhile.
func capFills(t *testing.T, a *arena) {
	const holders, limit, rivals = 4, 6, 20
	r := a.open(t, "Cap fills")
	offer := r.limited(t, offers.Limits{Total: limit})
	given := r.issue(t, offer, holders+rivals+1)
	ask := func(i int) string {
		purchase := fields{"offer_tokens": []string{given[i].text("token")}, "customer": customer(i), "cart": cart()}
		return r.callers[i%replicaCount].must(t, http.StatusOK, post("/v1/evaluations", purchase)).text("evaluation_id")
	}
	var holds []request
	for i := range holders {
		holds = append(holds, post("/v1/reservations", fields{"evaluation_id": ask(i), "order_ref": fmt.Sprintf("a-%d", i), "ttl_seconds": 86_400}))
	}
	evaluated := ask(holders)
	held := r.all(t, holds)
	// The rest fills up at once, and the holds are redeemed in the middle of it.
	var race []request
	for i, h := range held {
		if h.status != http.StatusCreated {
			t.Fatalf("hold: %v", h)
		}
		if i%2 == 0 {
			race = append(race, redeemHold(h.text("reservation_id"), fmt.Sprintf("paid-%d", i)))
		}
	}
	for i := holders + 1; i < holders+1+rivals; i++ {
		race = append(race, redemption(given[i].text("token"), customer(i), fmt.Sprintf("o-%d", i)))
	}
	got := counted(r.all(t, race))
	if got["200"] != holders/2 || got["201"] != limit-holders || got["409 limit_reached"] != rivals-(limit-holders) {
		t.Errorf("holds and rivals: %v", got)
	}
	late := post("/v1/reservations", fields{"evaluation_id": evaluated, "order_ref": "late"})
	if a := r.callers[0].ask(t, late); a.outcome() != "409 limit_reached" {
		t.Errorf("an evaluation without a hold: %v", a)
	}
	// The tokens expire and the offer ends; who paid is still not refused.
	r.callers[0].must(t, http.StatusOK, post("/v1/test-clock", fields{"advance": "120m"}))
	r.end(t, offer)
	var paid []request
	for i, h := range held {
		if i%2 == 1 {
			paid = append(paid, redeemHold(h.text("reservation_id"), fmt.Sprintf("paid-%d", i)))
		}
	}
	for _, a := range r.all(t, paid) {
		if a.status != http.StatusOK {
			t.Errorf("a paid order was refused: %v", a)
		}
	}
	if n := r.usesOf(t, offer); n != limit {
		t.Errorf("%d uses, want %d", n, limit)
	}
	r.booksAgree(t)
}

// end ends an offer.
func (r *track) end(t *testing.T, offer string) {
	t.Helper()
	if _, err := r.desk.Console.SetOfferState(t.Context(), tester, r.id, offer, 0, offers.Ended); err != nil {
		t.Fatal(err)
	}
}

// declined: payment declined, tried again at once: works, whether it is the same attempt or a new one. (woocommerce 27673)
func declined(t *testing.T, a *arena) {
	r := a.open(t, "Declined")
	offer := r.limited(t, offers.Limits{Total: 1, PerCustomer: 1})
	given := r.issue(t, offer, 1)[0].text("token")
	first := r.callers[0].must(t, http.StatusCreated, reserved(given, customer(0), "a-1")).text("reservation_id")
	// The same attempt, from all sides: its own hold.
	var again []request
	for range 2 * replicaCount {
		again = append(again, reserved(given, customer(0), "a-1"))
	}
	for _, a := range r.all(t, again) {
		if a.status != http.StatusCreated || a.text("reservation_id") != first {
			t.Errorf("the same attempt: %v, want %s", a, first)
		}
	}
	// New attempts at once, while the old hold lives and the only use is taken by it: the hold moves.
	var fresh []request
	for i := range 2 * replicaCount {
		fresh = append(fresh, reserved(given, customer(0), fmt.Sprintf("b-%d", i)))
	}
	holds := map[string]bool{}
	for _, a := range r.all(t, fresh) {
		if a.status != http.StatusCreated {
			t.Errorf("a new attempt: %v", a)
		}
		holds[a.text("reservation_id")] = true
	}
	if len(holds) != len(fresh) {
		t.Errorf("%d attempts have %d holds", len(fresh), len(holds))
	}
	if n := number(t, r.place.open(t), "SELECT COUNT(*) FROM reservations WHERE state = 'held' AND store_id = "+quoted(r.id)); n != 1 {
		t.Errorf("%d holds of one token live", n)
	}
	r.booksAgree(t)
	// Declined and released, and paid at the next try, with another cart.
	moved := reserved(given, customer(0), "c-1")
	id := r.callers[1].must(t, http.StatusCreated, moved).text("reservation_id")
	r.callers[2].must(t, http.StatusOK, release(id))
	dearer := cart()
	dearer["lines"].([]fields)[0]["quantity"] = 2
	last := r.callers[0].must(t, http.StatusCreated, post("/v1/reservations", fields{"offer_tokens": []string{given}, "customer": customer(0), "cart": dearer, "order_ref": "c-1"}))
	r.callers[1].must(t, http.StatusOK, redeemHold(last.text("reservation_id"), "o-1"))
	if n := r.usesOf(t, offer); n != 1 {
		t.Errorf("%d uses", n)
	}
	r.booksAgree(t)
}

package e2e

import (
	"fmt"
	"maps"
	"testing"

	"github.com/laurel-gateway/laurel/offers"
)

// manyOrders: limit L, far more different orders at once, on three processes: exactly L. (vendure 4660, pretix 6067,
// woocommerce 13505)
func manyOrders(t *testing.T, a *arena) {
	const limit, n = 7, 60
	r := a.open(t, "Many orders")
	offer := r.limited(t, offers.Limits{Total: limit})
	var orders []request
	for i, given := range r.issue(t, offer, n) {
		orders = append(orders, redemption(given.text("token"), customer(i), fmt.Sprintf("o-%d", i)))
	}
	r.exactly(t, offer, orders, limit)
}

// manyCodes: different codes of one offer raced: exactly L. (shopware 18716)
func manyCodes(t *testing.T, a *arena) {
	const limit, n = 7, 60
	r := a.open(t, "Many codes")
	offer := r.limited(t, offers.Limits{Total: limit})
	var orders []request
	seen := map[string]bool{}
	for i, given := range r.issue(t, offer, n) {
		seen[given.text("code")] = true
		orders = append(orders, post("/v1/redemptions", fields{"codes": []string{given.text("code")}, "customer": customer(i), "cart": cart(), "order_id": fmt.Sprintf("o-%d", i)}))
	}
	if len(seen) != n {
		t.Fatalf("%d codes for %d customers", len(seen), n)
	}
	r.exactly(t, offer, orders, limit)
}

// exactly sends orders at once and expects a number of them to be redeemed and all others to be refused by the limit.
func (r *track) exactly(t *testing.T, offer string, orders []request, limit int) {
	t.Helper()
	got := counted(r.all(t, orders))
	if want := (outcomes{"201": limit, "409 limit_reached": len(orders) - limit}); !maps.Equal(got, want) {
		t.Errorf("answers %v, want %v", got, want)
	}
	if n := r.usesOf(t, offer); n != int64(limit) {
		t.Errorf("%d uses, want %d", n, limit)
	}
	r.booksAgree(t)
}

// opposedBudgets: spending near the cap of two budgets, the offers named in opposite order: never above, no deadlock.
// (medusa 16012)
func opposedBudgets(t *testing.T, a *arena) {
	const n, fits = 40, 10
	r := a.open(t, "Budgets")
	// Ten discounts of 5.00 fit, and half of an eleventh.
	budget := offers.Limits{Budget: &offers.Budget{Amount: fits*500 + 250, Currency: "USD", Restore: true}}
	left, right := r.limited(t, budget), r.limited(t, budget)
	lefts, rights := r.issue(t, left, n), r.issue(t, right, n)
	var orders []request
	for i := range n {
		both := []string{lefts[i].text("token"), rights[i].text("token")}
		if i%2 == 1 {
			both[0], both[1] = both[1], both[0]
		}
		orders = append(orders, post("/v1/redemptions", fields{"offer_tokens": both, "customer": customer(i), "cart": cart(), "order_id": fmt.Sprintf("o-%d", i)}))
	}
	redeemed := 0
	for _, got := range r.all(t, orders) {
		switch got.outcome() {
		case "201":
			redeemed++
		case "409 budget_exhausted":
		default:
			t.Errorf("near the cap: %v", got)
		}
	}
	if redeemed != fits {
		t.Errorf("%d orders redeemed, want %d", redeemed, fits)
	}
	db := r.place.open(t)
	for _, offer := range []string{left, right} {
		where := " WHERE store_id = " + quoted(r.id) + " AND offer_id = " + quoted(offer)
		if spent := number(t, db, "SELECT COALESCE(SUM(amount), 0) FROM redemption_uses"+where); spent != fits*500 {
			t.Errorf("a budget of %d spent %d", fits*500+250, spent)
		}
		if spent := number(t, db, "SELECT COALESCE(SUM(used), 0) FROM offer_counters"+where+" AND scope = 'budget'"); spent != fits*500 {
			t.Errorf("the counter says %d", spent)
		}
	}
	r.booksAgree(t)
}

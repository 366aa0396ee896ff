package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/laurel-gateway/laurel/offers"
)

// cancelledAndReopened: a later step fails, the order is cancelled, and opened again: the use comes back once.
// (magento2 33100; shopware 20171; sylius 10125)
func cancelledAndReopened(t *testing.T, a *arena) {
	const rounds, times = 3, 6
	r := a.open(t, "Cancelled")
	offer := r.limited(t, offers.Limits{Total: 1})
	given := r.issue(t, offer, 2*rounds+1)
	// Before payment: the hold is given up, by everybody who noticed.
	failed := r.callers[0].must(t, http.StatusCreated, reserved(given[2*rounds].text("token"), customer(2*rounds), "attempt")).text("reservation_id")
	var releases []request
	for range times {
		releases = append(releases, release(failed))
	}
	if got := counted(r.all(t, releases)); got["200"] != times {
		t.Errorf("released %d times: %v", times, got)
	}
	r.booksAgree(t)
	for round := range rounds {
		// Two orders want the one use that came back: if it came back twice, both would get it.
		var orders []request
		for i := 2 * round; i < 2*round+2; i++ {
			q := redemption(given[i].text("token"), customer(i), fmt.Sprintf("o-%d", i))
			q.body.(fields)["order_ref"] = fmt.Sprintf("attempt-%d", i%2)
			orders = append(orders, q)
		}
		answers := r.all(t, orders)
		if got, want := counted(answers), (outcomes{"201": 1, "409 limit_reached": 1}); !maps.Equal(got, want) {
			t.Errorf("round %d: %v, want %v", round, got, want)
		}
		for _, a := range answers {
			if a.status == http.StatusCreated {
				r.cancel(t, a.text("redemption_id"), times)
			}
		}
		if n := number(t, r.place.open(t), "SELECT used FROM offer_counters WHERE scope = 'total' AND store_id = "+quoted(r.id)); n != 0 {
			t.Errorf("round %d: %d uses after the cancellation", round, n)
		}
		r.booksAgree(t)
	}
}

// cancel refunds a whole order from several sides at once, each with a refund_ref of its own.
func (r *track) cancel(t *testing.T, redemption string, times int) {
	t.Helper()
	var refunds []request
	for i := range times {
		refunds = append(refunds, post("/v1/redemptions/"+redemption+"/refunds", fields{"refund_ref": fmt.Sprintf("r-%d", i), "restore_use": "always"}))
	}
	got := counted(r.all(t, refunds))
	if got["201"] != 1 || got["409 refund_exceeds_order"]+got["422 refund_exceeds_order"] != times-1 {
		t.Errorf("cancelled from %d sides: %v", times, got)
	}
}

// gifted is a cart whose shares do not divide evenly, with a line that costs nothing.
func gifted() fields {
	return fields{"currency": "USD", "tax_mode": "exclusive", "shipping_amount": 495, "lines": []fields{
		{"line_id": "thirds", "sku": "a", "quantity": 3, "unit_amount": 333}, {"line_id": "gift", "sku": "b", "quantity": 2, "unit_amount": 0},
		{"line_id": "odd", "sku": "c", "quantity": 1, "unit_amount": 1999},
	}}
}

// everyRefund: refund lines in every order, lines of zero among them: the shares sum exactly. (vendure 4811)
func everyRefund(t *testing.T, a *arena) {
	r := a.open(t, "Refunds")
	offer := r.offer(t, r.desk, offers.Offer{Name: "A sixth", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1667}, Limits: offers.Limits{Total: 1000}})
	orders := permutations([]string{"thirds", "thirds", "thirds", "gift", "gift", "odd"}, 12)
	given := r.issue(t, offer, len(orders))
	for i, lines := range orders {
		redeemed := r.callers[i%replicaCount].must(t, http.StatusCreated, post("/v1/redemptions",
			fields{"offer_tokens": []string{given[i].text("token")}, "customer": customer(i), "cart": gifted(), "order_id": fmt.Sprintf("o-%d", i)}))
		// One after another, or all units at once: then the order is whatever the processes make of it.
		var refunds []request
		for j, line := range lines {
			refunds = append(refunds, post("/v1/redemptions/"+redeemed.text("redemption_id")+"/refunds",
				fields{"refund_ref": fmt.Sprintf("r-%d", j), "lines": []fields{{"line_id": line, "quantity": 1}}}))
		}
		var answers []answer
		if i%2 == 0 {
			answers = r.all(t, refunds)
		} else {
			for j, q := range refunds {
				answers = append(answers, r.callers[j%replicaCount].must(t, http.StatusCreated, q))
			}
		}
		r.sumsExactly(t, redeemed, answers)
	}
	if n := number(t, r.place.open(t), "SELECT COALESCE(SUM(available + debt + pending), 0) FROM members WHERE store_id = "+quoted(r.id)); n != 0 {
		t.Errorf("%d points left after everything came back", n)
	}
	if n := r.usesOf(t, offer); n != 0 {
		t.Errorf("%d uses left after everything came back", n)
	}
	r.booksAgree(t)
}

// sumsExactly expects refunds of all units to reverse what the redemption gave: not one cent more or less, none below
// zero, and only one of them the last.
func (r *track) sumsExactly(t *testing.T, redeemed answer, refunds []answer) {
	t.Helper()
	var discount, points float64
	last := 0
	for _, a := range refunds {
		body := a.object()
		d, _ := body["discount_reversed"].(float64)
		p, _ := body["points_reversed"].(float64)
		if a.status != http.StatusCreated || d < 0 || p < 0 {
			t.Errorf("a refund: %v", a)
		}
		discount, points = discount+d, points+p
		if a.text("state") == "refunded" {
			last++
		}
	}
	totals, _ := redeemed.object()["totals"].(fields)
	if discount == 0 || discount != totals["discount"] || points != redeemed.object()["points"] || last != 1 {
		t.Errorf("%v was reversed as %v, points %v, by %d last refunds", redeemed, discount, points, last)
	}
}

// permutations are the first distinct orders of a list, spread over all of them.
func permutations(list []string, n int) [][]string {
	var all [][]string
	var build func(done, rest []string)
	build = func(done, rest []string) {
		if len(rest) == 0 {
			all = append(all, append([]string{}, done...))
			return
		}
		seen := map[string]bool{}
		for i, next := range rest {
			if seen[next] {
				continue
			}
			seen[next] = true
			build(append(done[:len(done):len(done)], next), append(append([]string{}, rest[:i]...), rest[i+1:]...))
		}
	}
	build(nil, list)
	var spread [][]string
	for i := range n {
		spread = append(spread, all[i*len(all)/n])
	}
	return spread
}

package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/laurel-gateway/laurel/internal/testredis"
)

func TestRedisMayGoAndComeBack(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		cache := testredis.Start(t)
		h := open(t, p.with("LAUREL_REDIS_URL="+cache.URL()))
		s := furnish(t, h.Gateway, "Cached")
		anyone := newCaller(h.url)
		ready := func(status string) func() bool {
			return func() bool {
				a := anyone.ask(t, get("/readyz"))
				return a.status == http.StatusOK && a.text("status") == status
			}
		}
		journey(t, h, s, "with")
		eventually(t, "the gateway is ready", ready("ready"))

		before := token(t, s.server(h.url), s.everyone, "c-before")
		s.server(h.url).must(t, http.StatusOK, post("/v1/offer-tokens/introspect", fields{"token": before}))
		cache.Kill()
		eventually(t, "the gateway is degraded", ready("degraded"))
		for i := range 5 {
			journey(t, h, s, fmt.Sprintf("without-%d", i))
		}
		s.server(h.url).must(t, http.StatusCreated, redemption(before, "c-before", "o-before"))
		if a := s.server(h.url).must(t, http.StatusOK, post("/v1/offer-tokens/introspect", fields{"token": before})); a.object()["active"] != false {
			t.Errorf("a spent token, while Redis is away: %v", a)
		}

		cache.Restart()
		eventually(t, "the gateway is whole again", ready("ready"))
		journey(t, h, s, "after")
		// An emptied cache does not bring a spent token back to life.
		if a := s.server(h.url).ask(t, redemption(before, "c-before", "o-twice")); a.code() != "token_spent" {
			t.Errorf("a spent token, after Redis was emptied: %v", a)
		}

		cache.Freeze()
		journey(t, h, s, "frozen")
		cache.Thaw()
		eventually(t, "the gateway is whole after a stall", ready("ready"))
		p.balanced(t, p.open(t), s.id)
	})
}

// journey goes once through everything that a cache helps with.
func journey(t *testing.T, h *house, s shop, who string) {
	t.Helper()
	c := s.server(h.url)
	given := c.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": who}))
	same := c.must(t, http.StatusOK, post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": who}))
	if same.text("token") != given.text("token") {
		t.Errorf("%s: asked again, another token came", who)
	}
	for _, by := range []fields{{"token": given.text("token")}, {"code": given.text("code")}} {
		if a := c.must(t, http.StatusOK, post("/v1/offer-tokens/introspect", by)); a.object()["active"] != true {
			t.Errorf("%s: introspection says %v", who, a)
		}
	}
	priced := c.must(t, http.StatusOK, post("/v1/evaluations", fields{"codes": []string{given.text("code")}, "customer": who, "cart": cart()}))
	held := c.must(t, http.StatusCreated, post("/v1/reservations", fields{"evaluation_id": priced.text("evaluation_id"), "order_ref": "a-" + who}))
	c.must(t, http.StatusOK, post("/v1/reservations/"+held.text("reservation_id")+"/redeem", fields{"order_id": "o-" + who}))
	if a := c.ask(t, redemption(given.text("token"), who, "o-again-"+who)); a.code() != "token_spent" {
		t.Errorf("%s: a spent token: %v", who, a)
	}
	if a := c.must(t, http.StatusOK, get("/v1/members/"+who)); a.object()["balance"].(fields)["available"] != float64(pointsOfCart) {
		t.Errorf("%s: %v", who, a)
	}
}

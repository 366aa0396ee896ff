package e2e

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/testredis"
)

// repeated asks for a live token until it is given without a command, and returns that answer.
func repeated(t *testing.T, h *house, c caller, r request) answer {
	t.Helper()
	// The first asking makes the token, the second notes it, the third finds it noted.
	c.must(t, http.StatusCreated, r)
	for range 2 {
		r.key = uuid.NewString()
		c.must(t, http.StatusOK, r)
	}
	before := repeats(t, h)
	r.key = uuid.NewString()
	a := c.must(t, http.StatusOK, r)
	if n := repeats(t, h); n != before+1 {
		t.Fatalf("%d repeats, want %d: the token was not given from the cache", n, before+1)
	}
	return a
}

// repeats is how often this gateway gave a token again without a command.
func repeats(t *testing.T, h *house) int {
	t.Helper()
	recorder := httptest.NewRecorder()
	h.Metrics.Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	const name = `laurel_cache_lookups_total{cache="repeats",outcome="hit"} `
	for line := range strings.Lines(recorder.Body.String()) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name); ok {
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	return 0
}

// TestATokenIsGivenAgainWithoutACommand: what the cache answers is under the rules of idempotency like everything else,
// whatever becomes of the cache and of the token.
func TestATokenIsGivenAgainWithoutACommand(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		server := testredis.Start(t)
		h := open(t, p.with("LAUREL_REDIS_URL="+server.URL()))
		s := furnish(t, h.Gateway, "Repeat")
		c := s.server(h.url)
		ask := post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": "c-1"})
		token := repeated(t, h, c, ask)

		first := ask
		first.key = uuid.NewString()
		given := c.must(t, http.StatusOK, first)
		if given.text("token") != token.text("token") || given.header.Get(replayed) != "" {
			t.Fatalf("given again: %v", given)
		}
		again(t, c, first, given)
		other := first
		other.body = fields{"offer_id": s.everyone, "customer": "c-2"}
		if a := c.ask(t, other); a.status != http.StatusUnprocessableEntity || a.code() != "idempotency_key_reused" {
			t.Errorf("the same key with another body: %v", a)
		}

		if err := server.Client().FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		again(t, c, first, given)
		if a := c.ask(t, other); a.code() != "idempotency_key_reused" {
			t.Errorf("the same key with another body, after the cache was lost: %v", a)
		}
		fresh := ask
		fresh.key = uuid.NewString()
		if a := c.must(t, http.StatusOK, fresh); a.text("token") != token.text("token") {
			t.Errorf("another token after the cache was lost: %v", a)
		}

		c.must(t, http.StatusOK, post("/v1/test-clock", fields{"advance": "61m"}))
		again(t, c, first, given)
		if a := c.ask(t, other); a.code() != "idempotency_key_reused" {
			t.Errorf("the same key with another body, after the token expired: %v", a)
		}
		fresh.key = uuid.NewString()
		if a := c.must(t, http.StatusCreated, fresh); a.text("token") == token.text("token") {
			t.Error("the expired token was given again")
		}
	})
}

// TestARepeatAsksTheDatabase: nothing that has ended is given from the cache, not even for a moment.
func TestARepeatAsksTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		e := settle(t, h, "ended")
		c, desk := e.server(h.url), atConsole(h.url, e.ownerCookie)
		verification, shopper := e.verified(t, h)
		ask := post("/v1/offer-tokens", fields{"offer_id": e.students, "verification_id": verification.text("id")})
		token := repeated(t, h, shopper, ask)

		t.Run("spent", func(t *testing.T) {
			plain := post("/v1/offer-tokens", fields{"offer_id": e.everyone, "customer": "spender"})
			spent := repeated(t, h, c, plain).text("token")
			c.must(t, http.StatusCreated, redemption(spent, "spender", "spent-1"))
			plain.key = uuid.NewString()
			if a := c.must(t, http.StatusCreated, plain); a.text("token") == spent {
				t.Error("a spent token was given again")
			}
		})
		t.Run("proof ended", func(t *testing.T) {
			end := "/v1/admin/stores/" + e.id + "/attestations/" + verification.text("attestation", "id") + "/end"
			desk.must(t, http.StatusOK, post(end, fields{"reason": "fraud"}))
			ask.key = uuid.NewString()
			if a := shopper.ask(t, ask); a.status != http.StatusConflict || a.text("token") == token.text("token") {
				t.Errorf("after the proof was ended: %v", a)
			}
		})
		t.Run("another offer by now", func(t *testing.T) {
			plain := post("/v1/offer-tokens", fields{"offer_id": e.everyone, "customer": "c-9"})
			repeated(t, h, c, plain)
			offer := desk.must(t, http.StatusOK, get("/v1/admin/stores/"+e.id+"/offers/"+e.everyone)).object()
			pause := post("/v1/admin/stores/"+e.id+"/offers/"+e.everyone, withMember(offer, "state", "paused"))
			pause.method = http.MethodPut
			desk.must(t, http.StatusOK, pause)
			plain.key = uuid.NewString()
			if a := c.ask(t, plain); a.code() != "offer_not_live" {
				t.Errorf("a token of a paused offer: %v", a)
			}
		})
	})
}

// withMember is what the console sends to change one member of an offer.
func withMember(offer fields, name string, value any) fields {
	body := fields{}
	for k, v := range offer {
		switch k {
		case "id", "created_at", "updated_at", "window", "used", "next_days":
		default:
			body[k] = v
		}
	}
	body[name] = value
	return body
}

// TestARepeatOfARevokedKey: no token of a revoked key is given again once the replica has heard of it.
func TestARepeatOfARevokedKey(t *testing.T) {
	p := onSQLite(t)
	h := open(t, p)
	s := furnish(t, h.Gateway, "Revoked key")
	c := s.server(h.url)
	ask := post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": "c-1"})
	old := repeated(t, h, c, ask)
	var header struct{ KID string }
	decodeSegment(t, split(t, old.text("token")).header, &header)
	revoke(t, h.Gateway, header.KID)
	eventually(t, "the key is out of use", func() bool {
		ask.key = uuid.NewString()
		a := c.ask(t, ask)
		return a.status == http.StatusCreated && a.text("token") != old.text("token")
	})
	// The old token was not only forgotten: its code is dead too.
	inactive(t, c, fields{"code": old.text("code")})
	inactive(t, c, fields{"token": old.text("token")})
}

// TestACartIsBound: a token for a cart is good for that cart alone, by its text and by its code, everywhere.
func TestACartIsBound(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "Cart")
		c := s.server(h.url)
		other := cart()
		other["shipping_amount"] = 500
		ask := func(cart fields) answer {
			return c.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": "c-1", "cart": cart}))
		}
		first := ask(cart())
		if a := c.must(t, http.StatusOK, post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": "c-1", "cart": cart()})); a.text("token") != first.text("token") {
			t.Error("the same cart got another token")
		}
		var claims struct{ Cart string }
		decodeSegment(t, split(t, first.text("token")).payload, &claims)
		if claims.Cart == "" {
			t.Fatal("the token does not name its cart")
		}
		evaluation := c.must(t, http.StatusOK, post("/v1/evaluations", fields{"offer_tokens": []string{first.text("token")}, "customer": "c-1", "cart": cart()}))
		for name, by := range map[string]fields{"token": {"offer_tokens": []string{first.text("token")}}, "code": {"codes": []string{first.text("code")}}} {
			by["customer"], by["cart"] = "c-1", other
			// Who types a code hears no more than that it is not good, whatever the reason.
			status, code := http.StatusConflict, "cart_mismatch"
			if name == "code" {
				status, code = http.StatusUnprocessableEntity, "code_unknown"
			}
			priced := c.must(t, http.StatusOK, post("/v1/evaluations", by)).object()
			if applied, _ := priced["applied"].([]any); len(applied) != 0 || !contains(t, priced["rejected"], code) {
				t.Errorf("%s: evaluated with another cart: %v", name, priced)
			}
			by["order_ref"] = "a-" + name
			if a := c.ask(t, post("/v1/reservations", by)); a.status != status || a.code() != code {
				t.Errorf("%s: reserved with another cart: %v", name, a)
			}
			by["order_id"] = "o-" + name
			if a := c.ask(t, post("/v1/redemptions", by)); a.status != status || a.code() != code {
				t.Errorf("%s: redeemed with another cart: %v", name, a)
			}
		}
		held := c.must(t, http.StatusCreated, post("/v1/reservations", fields{"evaluation_id": evaluation.text("evaluation_id"), "order_ref": "a-1"}))
		second := ask(other)
		if second.text("token") == first.text("token") {
			t.Fatal("another cart got the same token")
		}
		// The old one is not live beside it, and does not come back once its hold is released.
		c.must(t, http.StatusOK, post("/v1/reservations/"+held.text("reservation_id")+"/release", nil))
		inactive(t, c, fields{"token": first.text("token")})
		if a := c.ask(t, redemption(first.text("token"), "c-1", "o-old")); a.code() != "token_revoked" {
			t.Errorf("the replaced token: %v", a)
		}
		bought := post("/v1/redemptions", fields{"offer_tokens": []string{second.text("token")}, "customer": "c-1", "cart": other, "order_id": "o-1"})
		c.must(t, http.StatusCreated, bought)
		bad := post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": "c-1", "cart": fields{"currency": "XXQ", "lines": cart()["lines"]}})
		if a := c.ask(t, bad); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a token for a cart that cannot be priced: %v", a)
		}
	})
}

func contains(t *testing.T, v any, text string) bool {
	t.Helper()
	list, _ := v.([]any)
	for _, item := range list {
		if f, ok := item.(fields); ok && f["reason"] == text {
			return true
		}
	}
	return false
}

// revoke ends a key as `laurel keys revoke` does.
func revoke(t *testing.T, g *gateway.Gateway, kid string) {
	t.Helper()
	if err := signingKeys(g).Revoke(t.Context(), kid); err != nil {
		t.Fatal(err)
	}
}

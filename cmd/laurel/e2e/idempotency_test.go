package e2e

import (
	"bytes"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
)

// replayed is the header of an answer that an earlier request got first.
const replayed = "Idempotency-Replayed"

// again sends a request once more and expects the first answer, byte for byte.
func again(t *testing.T, c caller, r request, first answer) {
	t.Helper()
	second := c.ask(t, r)
	if second.status != first.status || !bytes.Equal(second.body, first.body) {
		t.Errorf("%s %s again: %v, first %v", r.method, r.path, second, first)
	}
	if second.header.Get(replayed) != "true" || first.header.Get(replayed) != "" {
		t.Errorf("%s %s: %s %q, first %q", r.method, r.path, replayed, second.header.Get(replayed), first.header.Get(replayed))
	}
	if second.header.Get("Content-Type") != first.header.Get("Content-Type") {
		t.Errorf("%s %s again: content type %q, first %q", r.method, r.path, second.header.Get("Content-Type"), first.header.Get("Content-Type"))
	}
}

func TestTheSameKeyGetsTheSameAnswer(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "Again")
		c := s.server(h.url)
		page := s.page(h.url)

		start := post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}})
		started := page.must(t, http.StatusCreated, start)
		again(t, page, start, started)
		shopper := page.with("Laurel-Client-Secret", started.text("client_secret"))
		path := "/v1/verifications/" + started.text("id") + "/steps/mock"
		wrong := post(path, fields{"first_name": "SOMEBODY"})
		again(t, shopper, wrong, shopper.must(t, http.StatusUnprocessableEntity, wrong))
		right := post(path, fields{"first_name": "VERIFIED"})
		again(t, shopper, right, shopper.must(t, http.StatusOK, right))
		late := post("/v1/verifications/"+started.text("id")+"/steps/email", fields{"email": "ada@mit.edu"})
		again(t, shopper, late, shopper.must(t, http.StatusConflict, late))

		ask := post("/v1/offer-tokens", fields{"offer_id": s.students, "verification_id": started.text("id")})
		given := shopper.must(t, http.StatusCreated, ask)
		again(t, shopper, ask, given)

		hold := post("/v1/reservations", fields{"offer_tokens": []string{given.text("token")}, "customer": "c-1", "cart": cart(), "order_ref": "a-1"})
		held := c.must(t, http.StatusCreated, hold)
		again(t, c, hold, held)
		redeem := post("/v1/reservations/"+held.text("reservation_id")+"/redeem", fields{"order_id": "o-1"})
		redeemed := c.must(t, http.StatusOK, redeem)
		again(t, c, redeem, redeemed)
		spent := redemption(given.text("token"), "c-1", "o-2")
		again(t, c, spent, c.must(t, http.StatusConflict, spent))
		forged := redemption("eyJhbGciOiJFUzI1NiJ9.e30.e30", "c-1", "o-3")
		again(t, c, forged, c.must(t, http.StatusUnprocessableEntity, forged))
		refund := post("/v1/redemptions/"+redeemed.text("redemption_id")+"/refunds", fields{"refund_ref": "r-1"})
		again(t, c, refund, c.must(t, http.StatusCreated, refund))
		// What was answered stays answered, whatever happened since.
		again(t, c, redeem, redeemed)
		again(t, c, hold, held)

		other := redeem
		other.body = fields{"order_id": "o-4"}
		if a := c.ask(t, other); a.status != http.StatusUnprocessableEntity || a.code() != "idempotency_key_reused" {
			t.Errorf("the same key with another body: %v", a)
		}
		p.balanced(t, p.open(t), s.id)
	})
}

func TestAKeyBelongsToItsCaller(t *testing.T) {
	h := open(t, onSQLite(t))
	a, b := furnish(t, h.Gateway, "A"), furnish(t, h.Gateway, "B")
	key := uuid.NewString()
	order := post("/v1/orders", fields{"order_id": "o-1", "customer": "c-1", "cart": cart()})
	order.key = key
	first := a.server(h.url).must(t, http.StatusCreated, order)
	second := b.server(h.url).must(t, http.StatusCreated, order)
	if first.text("id") == second.text("id") || second.header.Get(replayed) != "" {
		t.Errorf("another store got the answer %v of %v", second, first)
	}
	session := post("/v1/customer-sessions", fields{"customer": "c-1"})
	session.key = key
	a.server(h.url).must(t, http.StatusCreated, session)
}

func TestEqualKeysAtOnceHaveOneEffect(t *testing.T) {
	const n = 32
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "At once")
		c := s.server(h.url)
		r := redemption(token(t, c, s.everyone, "c-1"), "c-1", "o-1")
		ctx, answers, failures := wait(t), make([]answer, n), make([]error, n)
		var group sync.WaitGroup
		for i := range n {
			group.Go(func() { answers[i], failures[i] = c.persist(ctx, r) })
		}
		group.Wait()
		firsts := 0
		for i, a := range answers {
			if failures[i] != nil || a.status != http.StatusCreated || !bytes.Equal(a.body, answers[0].body) {
				t.Errorf("%v %v, another %v", a, failures[i], answers[0])
			}
			if a.header.Get(replayed) == "" {
				firsts++
			}
		}
		if firsts != 1 {
			t.Errorf("%d answers say that they are the first", firsts)
		}
		db := p.open(t)
		if n := number(t, db, "SELECT COUNT(*) FROM redemptions"); n != 1 {
			t.Errorf("%d redemptions", n)
		}
		p.balanced(t, db, s.id)
	})
}

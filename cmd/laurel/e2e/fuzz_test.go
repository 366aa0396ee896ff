package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"reflect"
	"testing"
)

const (
	fuzzedCart = `{"currency":"USD","tax_mode":"exclusive","shipping_amount":500,"lines":[{"line_id":"l1","sku":"sku-1","quantity":3,"unit_amount":5000,"categories":["books"]},{"line_id":"l2","sku":"sku-2","quantity":2,"unit_amount":333}]}`
	plainCart  = `{"currency":"USD","lines":[{"line_id":"l1","quantity":1,"unit_amount":1000}]}`
)

// FuzzEvaluate: whatever is sent, a price adds up, and asking for it writes nothing.
func FuzzEvaluate(f *testing.F) {
	s := onStage(f)
	s.bodies(f, s.server, "/v1/evaluations",
		`{"offer_tokens":["@TOKEN","@FIXED","@SHIP"],"customer":"c-1","cart":`+fuzzedCart+`,"trace":true}`,
		`{"offer_tokens":["@PRICE","@GIFT","@BONUS","@RULE"],"codes":["@CODE_LIMITED"],"customer":"c-1","shopper":{"ip":"203.0.113.7"},"cart":`+fuzzedCart+`}`)
	f.Fuzz(func(t *testing.T, which uint8, edits, raw []byte) {
		body := s.body(t, which, edits, raw)
		before := s.writes(t)
		a, sent := s.fuzz(t, s.server, "/v1/evaluations", body)
		if a.status == http.StatusOK {
			consistent(t, decoded[priced](t, "answered", a.body), sent)
			if after := s.writes(t); after != before {
				t.Errorf("an evaluation wrote %d rows", after-before)
			}
		} else if a.status < 300 {
			t.Errorf("%v", a)
		}
	})
}

// FuzzRedeem: what is redeemed adds up, is given again for the same key, and what is refused writes nothing.
func FuzzRedeem(f *testing.F) {
	s := onStage(f)
	s.bodies(f, s.server, "/v1/redemptions",
		`{"offer_tokens":["@TOKEN","@FIXED"],"customer":"c-1","order_id":"o-@N","cart":`+fuzzedCart+`}`,
		`{"offer_tokens":["@LIMITED"],"codes":["@CODE_RULE","@CODE_SHIP"],"customer":"c-1","order_id":"o-@N","order_ref":"a-@N","cart":`+fuzzedCart+`}`,
		`{"codes":["@CODE_GIFT"],"customer":"c-1","order_id":"o-1","cart":`+plainCart+`}`)
	f.Fuzz(func(t *testing.T, which uint8, edits, raw []byte) {
		body := s.body(t, which, edits, raw)
		a, sent := s.fuzz(t, s.server, "/v1/redemptions", body)
		if a.status >= 300 {
			return
		}
		consistent(t, decoded[priced](t, "answered", a.body), sent)
		s.repeats(t, s.server, "/v1/redemptions", sent, a)
		s.renewUsed(t, body)
	})
}

// FuzzReserve: a hold adds up, and can be redeemed at its price or given back.
func FuzzReserve(f *testing.F) {
	s := onStage(f)
	s.evaluated(f)
	s.bodies(f, s.server, "/v1/reservations",
		`{"offer_tokens":["@TOKEN","@FIXED"],"customer":"c-1","order_ref":"a-@N","ttl_seconds":900,"cart":`+fuzzedCart+`}`,
		`{"codes":["@CODE_RULE","@CODE_PRICE"],"customer":"c-1","order_ref":"a-@N","cart":`+fuzzedCart+`}`,
		`{"evaluation_id":"@EVALUATION","order_ref":"a-@N"}`)
	s.evaluated(f)
	f.Fuzz(func(t *testing.T, which uint8, edits, raw []byte) {
		body := s.body(t, which, edits, raw)
		a, sent := s.fuzz(t, s.server, "/v1/reservations", body)
		if a.status >= 300 {
			return
		}
		held := decoded[priced](t, "answered", a.body)
		consistent(t, held, sent)
		s.repeats(t, s.server, "/v1/reservations", sent, a)
		s.settleHold(t, a, held, sent)
		s.renewUsed(t, body)
		if bytes.Contains(body, []byte("@EVALUATION")) {
			s.evaluated(t)
		}
	})
}

// evaluated renews the evaluation that bodies can name.
func (s *stage) evaluated(t testing.TB) {
	t.Helper()
	s.renew(t, "@SHIP")
	body := s.filled([]byte(`{"offer_tokens":["@SHIP"],"customer":"c-1","cart":` + fuzzedCart + `}`))
	a := s.send(t, s.server, "POST", "/v1/evaluations", body)
	if s.marks["@EVALUATION"] = a.text("evaluation_id"); s.marks["@EVALUATION"] == "" {
		t.Fatalf("%v", a)
	}
}

// settleHold redeems a hold, or every other time gives it back.
func (s *stage) settleHold(t *testing.T, a answer, held priced, sent []byte) {
	t.Helper()
	path := "/v1/reservations/" + a.text("reservation_id")
	ttl := decoded[struct {
		Seconds int64 `json:"ttl_seconds"`
	}](t, "sent", sent).Seconds
	if s.asked%2 == 0 {
		if a := s.send(t, s.server, "POST", path+"/release", []byte("{}")); a.status != http.StatusOK {
			t.Errorf("give back: %v", a)
		}
		return
	}
	got := s.send(t, s.server, "POST", path+"/redeem", asJSON(t, fields{"order_id": fmt.Sprintf("held-%d", s.asked), "totals": a.object()["totals"]}))
	if short := ttl > 0 && ttl < 60; short && got.code() == "reservation_expired" {
		return
	}
	if got.status >= 300 {
		t.Fatalf("redeem a hold: %v", got)
	}
	if p := decoded[priced](t, "answered", got.body); !reflect.DeepEqual(p, held) {
		t.Errorf("held %+v, redeemed %+v", held, p)
	}
}

// refunded is an order that is being given back, in parts.
type refunded struct {
	redemption, order  string
	discount, points   int64
	backMoney, backPts int64
	seen               map[string]bool
}

// FuzzRefund: refunds in any parts never give back more than was given, and in the end exactly that.
func FuzzRefund(f *testing.F) {
	s := onStage(f)
	order := s.ordered(f)
	s.bodies(f, s.server, "/v1/redemptions/"+order.redemption+"/refunds",
		`{"refund_ref":"r-@N","lines":[{"line_id":"l1","quantity":1},{"line_id":"l2","quantity":2}],"restore_use":"always"}`,
		`{"refund_ref":"r-@N","lines":[{"line_id":"l1","quantity":1}]}`,
		`{"refund_ref":"r-1"}`)
	order = s.ordered(f)
	f.Fuzz(func(t *testing.T, which uint8, edits, raw []byte) {
		body, byOrder := s.body(t, which, edits, raw), which >= 128
		path := "/v1/redemptions/" + order.redemption + "/refunds"
		if byOrder {
			path = "/v1/orders/" + order.order + "/refunds"
		}
		a, sent := s.fuzz(t, s.server, path, body)
		if a.status >= 300 {
			return
		}
		s.repeats(t, s.server, path, sent, a)
		order.add(t, a)
		if a.text("state") == "refunded" {
			if order.backMoney != order.discount || order.backPts != order.points {
				t.Errorf("all is given back, and the sums are %+v", order)
			}
			order = s.ordered(t)
		}
	})
}

// ordered redeems an order to be refunded.
func (s *stage) ordered(t testing.TB) *refunded {
	t.Helper()
	s.renew(t, "@TOKEN")
	s.renew(t, "@FIXED")
	body := s.filled([]byte(`{"offer_tokens":["@TOKEN","@FIXED"],"customer":"c-1","order_id":"back-@N","cart":` + fuzzedCart + `}`))
	a := s.send(t, s.server, "POST", "/v1/redemptions", body)
	p := decoded[priced](t, "answered", a.body)
	if a.status != http.StatusCreated || p.Totals.Discount == 0 || p.Points == 0 {
		t.Fatalf("%v", a)
	}
	return &refunded{redemption: a.text("redemption_id"), order: a.text("order_id"), discount: p.Totals.Discount, points: p.Points, seen: map[string]bool{}}
}

func (r *refunded) add(t *testing.T, a answer) {
	t.Helper()
	back := decoded[struct {
		ID       string `json:"refund_id"`
		Discount int64  `json:"discount_reversed"`
		Points   int64  `json:"points_reversed"`
	}](t, "answered", a.body)
	if !r.seen[back.ID] {
		r.seen[back.ID] = true
		r.backMoney, r.backPts = r.backMoney+back.Discount, r.backPts+back.Points
	}
	if back.ID == "" || back.Discount < 0 || back.Points < 0 || r.backMoney > r.discount || r.backPts > r.points {
		t.Errorf("%v makes %+v", a, r)
	}
}

// FuzzOrder: an order without an offer earns no more than its program gives, and only once.
func FuzzOrder(f *testing.F) {
	s := onStage(f)
	s.bodies(f, s.server, "/v1/orders",
		`{"order_id":"o-@N","customer":"c-1","placed_at":"2026-11-20T09:00:00Z","cart":`+fuzzedCart+`}`,
		`{"order_id":"o-1","customer":"c-2","cart":`+plainCart+`}`)
	f.Fuzz(func(t *testing.T, which uint8, edits, raw []byte) {
		body := s.body(t, which, edits, raw)
		a, sent := s.fuzz(t, s.server, "/v1/orders", body)
		if a.status >= 300 {
			return
		}
		s.repeats(t, s.server, "/v1/orders", sent, a)
		got := decoded[struct{ Points int64 }](t, "answered", a.body)
		what := decoded[bought](t, "sent", sent)
		spent := int64(0)
		for _, l := range what.Cart.Lines {
			spent += l.Quantity * l.UnitAmount
		}
		if got.Points < 0 || got.Points > spent/100 || what.Customer == "" && got.Points != 0 {
			t.Errorf("%d points for %d", got.Points, spent)
		}
	})
}

// FuzzIssueToken: a token that is given is live, and the customer's own.
func FuzzIssueToken(f *testing.F) {
	s := onStage(f)
	s.bodies(f, s.server, "/v1/offer-tokens",
		`{"offer_id":"@OFFER_TOKEN","customer":"c-1"}`,
		`{"offer_id":"@OFFER_FIXED","customer":"c-@N","cart":`+fuzzedCart+`}`,
		`{"offer_id":"@OFFER_LIMITED","customer":"c-1","cart":`+plainCart+`}`)
	f.Add(uint8(rawly), []byte{}, []byte(`{"offer_id":"@OFFER_LIMITED","customer":"c-1","verification_id":"ver_01920000-0000-7000-8000-000000000001"}`))
	f.Fuzz(func(t *testing.T, which uint8, edits, raw []byte) {
		body := s.body(t, which, edits, raw)
		a, sent := s.fuzz(t, s.server, "/v1/offer-tokens", body)
		if a.status >= 300 {
			return
		}
		s.repeats(t, s.server, "/v1/offer-tokens", sent, a)
		for _, by := range []fields{{"token": a.text("token")}, {"code": a.text("code")}} {
			is := s.send(t, s.server, "POST", "/v1/offer-tokens/introspect", asJSON(t, by))
			if is.object()["active"] != true || is.text("customer") != decoded[bought](t, "sent", sent).Customer {
				t.Errorf("%s was given %v, which is %v", sent, a, is)
			}
		}
	})
}

// FuzzIntrospect: what is not active tells nothing more, and looking writes nothing.
func FuzzIntrospect(f *testing.F) {
	s := onStage(f)
	s.bodies(f, s.server, "/v1/offer-tokens/introspect",
		`{"token":"@TOKEN"}`, `{"code":"@CODE_FIXED","shopper":{"ip":"203.0.113.7"}}`, `{"code":"abcd-efgh-jk","shopper":{"ip":"2001:db8::1"}}`)
	f.Fuzz(func(t *testing.T, which uint8, edits, raw []byte) {
		body := s.body(t, which, edits, raw)
		before := s.writes(t)
		a, _ := s.fuzz(t, s.server, "/v1/offer-tokens/introspect", body)
		if a.status < 300 {
			if is := a.object(); is["active"] != true && (is["active"] != false || len(is) != 1) || is["active"] == true && is["customer"] != fuzzCustomer {
				t.Errorf("%v", a)
			}
		}
		if after := s.writes(t); after != before {
			t.Errorf("looking wrote %d rows", after-before)
		}
	})
}

const (
	fuzzedOffer = `{"name":"Student discount","state":"live","group":"student","subgroup":"university","tier":"silver","benefit":{"type":"percentage","target":"order","basis_points":2000,"maximum":9000},"limits":{"total":1000,"per_person":1,"per_customer":1,"per_order":1,"periods":[{"by":"customer","calendar":"day","uses":1}],"budget":{"amount":1000000,"currency":"USD","restore":true}},"campaign":{"event":"teacher_appreciation_week","days_before":3},"time_zone":"America/New_York","token_seconds":600,"minimum_order":100,"rule":"cart.subtotal >= 5000","priority":1,"exclusive":true,"category":"welcome","names":{"de":"Rabatt"},"description":{"en":"For students"},"starts_at":"2026-01-01T00:00:00Z","ends_at":"2029-01-01T00:00:00Z"}`
	giftOffer   = `{"name":"Gift","benefit":{"type":"gift_line","gift":{"sku":"sku-1","quantity":1}},"limits":{},"token_seconds":60,"rule":"cart.lines.exists(l, l.sku == \"sku-1\") && !has(member.tier)"}`
	priceOffer  = `{"name":"Price","benefit":{"type":"fixed_price","target":"lines","categories":["books"],"skus":["sku-2"],"method":"each","amount":100,"currency":"USD"},"limits":{"periods":[{"by":"total","days":30,"uses":5}]},"token_seconds":86400}`
	fuzzedTrial = `{"cart":` + fuzzedCart + `,"customer":"c-1","attestation":{"group":"student","subgroup":"university","valid_until":"2028-01-01T00:00:00Z"},"member":{"tier":"silver","points":1200},"now":"2026-05-05T12:00:00Z","offer`
)

// FuzzOffer: an offer that is saved is read back as it was answered, and can be tried on a cart.
func FuzzOffer(f *testing.F) {
	s := onStage(f)
	path := "/v1/admin/stores/" + s.id + "/offers"
	s.bodies(f, s.desk, path, fuzzedOffer, giftOffer, priceOffer)
	f.Fuzz(func(t *testing.T, which uint8, edits, raw []byte) {
		body := s.body(t, which, edits, raw)
		a, sent := s.fuzz(t, s.desk, path, body)
		if a.status >= 300 {
			return
		}
		s.repeats(t, s.desk, path, sent, a)
		if saved := s.send(t, s.desk, "GET", path+"/"+a.text("id"), nil); saved.status != http.StatusOK || !reflect.DeepEqual(saved.object(), a.object()) {
			t.Errorf("saved %v, read %v", a, saved)
		}
		trial := fmt.Appendf(nil, fuzzedTrial+`_id":%q}`, a.text("id"))
		tried := s.send(t, s.desk, "POST", path+"/try", trial)
		if tried.status != http.StatusOK {
			t.Fatalf("try %v: %v", a, tried)
		}
		triedRight(t, tried, trial)
	})
}

// triedRight holds the answer of a trial against itself.
func triedRight(t *testing.T, a answer, sent []byte) {
	t.Helper()
	got := decoded[struct {
		Applies     bool
		Reason      string
		Amount      int64
		Allocations []share
		Points      int64
		Totals      sums
	}](t, "answered", a.body)
	p := priced{Points: got.Points, Totals: got.Totals}
	p.Applied = append(p.Applied, struct {
		Amount      int64
		Allocations []share
	}{got.Amount, got.Allocations})
	consistent(t, p, sent)
	if got.Applies != (got.Reason == "") || !got.Applies && got.Amount != 0 {
		t.Errorf("%v", a)
	}
}

// FuzzTry: an offer can be tried with anything, adds up, and writes nothing.
func FuzzTry(f *testing.F) {
	s := onStage(f)
	path := "/v1/admin/stores/" + s.id + "/offers/try"
	s.bodies(f, s.desk, path, fuzzedTrial+`":`+fuzzedOffer+`}`, fuzzedTrial+`":`+giftOffer+`}`,
		`{"cart":`+plainCart+`,"offer":`+priceOffer+`}`, `{"cart":`+fuzzedCart+`,"offer_id":"@OFFER_RULE","version":1}`)
	f.Fuzz(func(t *testing.T, which uint8, edits, raw []byte) {
		body := s.body(t, which, edits, raw)
		before := s.writes(t)
		a, sent := s.fuzz(t, s.desk, path, body)
		if a.status < 300 {
			triedRight(t, a, sent)
		}
		if after := s.writes(t); after != before {
			t.Errorf("a trial wrote %d rows", after-before)
		}
	})
}

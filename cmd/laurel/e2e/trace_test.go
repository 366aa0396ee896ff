package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

const ruled = `attestation.group == "student" && cart.subtotal >= 5000 && member.points < 100`

// provenStudent is a customer of the shop with a student's proof.
func provenStudent(t *testing.T, s shop, base, customer string) (attestation string) {
	t.Helper()
	a := s.page(base).must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}}))
	id := a.text("id")
	shopper := s.page(base).with("Laurel-Client-Secret", a.text("client_secret"))
	attestation = shopper.must(t, http.StatusOK, post("/v1/verifications/"+id+"/steps/mock", fields{"first_name": "VERIFIED"})).text("attestation", "id")
	s.server(base).must(t, http.StatusOK, post("/v1/verifications/"+id+"/confirm", fields{"customer": customer}))
	return attestation
}

// What a redemption's offers saw is told the same for ever, whatever becomes of the offer, the proof and the points.
func TestTheTraceOfARedemptionStays(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "Traced")
		c := s.server(h.url)
		provenStudent(t, s, h.url, "c-1")
		ref := verify.StoreRef{ID: s.id, Test: true}
		offer := offers.Offer{Name: "Ruled", Group: "student", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 2000}, Rule: ruled}
		id := s.offer(t, h.Gateway, offer)
		asked := fields{"offer_tokens": []string{token(t, c, id, "c-1")}, "customer": "c-1", "cart": cart(), "trace": true}

		priced := c.must(t, http.StatusOK, post("/v1/evaluations", asked)).object()
		told := toJSON(t, priced["trace"])
		for _, want := range []string{`"applied":true`, `"condition":"proof","holds":true,"saw":"student`, `"condition":"token","holds":true,"saw":"live"`, `"condition":"attestation.group == \"student\""`, `"value":"\"student\""`,
			`"condition":"cart.subtotal \u003e= 5000"`, `"value":"5000"`, `"name":"member.points","value":"0"`} {
			if !strings.Contains(told, want) {
				t.Errorf("the trace lacks %s: %s", want, told)
			}
		}
		delete(asked, "trace")
		if quiet := c.must(t, http.StatusOK, post("/v1/evaluations", asked)).object(); quiet["trace"] != nil {
			t.Errorf("a trace that nobody asked for: %v", quiet["trace"])
		}
		made := c.must(t, http.StatusCreated, post("/v1/redemptions", fields{"offer_tokens": asked["offer_tokens"], "customer": "c-1", "cart": cart(), "order_id": "o-1"}))
		path := "/v1/redemptions/" + made.text("redemption_id")
		// What the token rested on was of that moment; the offer's own conditions are kept.
		kept := toJSON(t, c.must(t, http.StatusOK, get(path)).object()["trace"])
		if _, own, found := strings.Cut(kept, `"condition":"state"`); !found || !strings.HasSuffix(told, own) {
			t.Errorf("the redemption's trace\n%s\nis not the end of the evaluation's\n%s", kept, told)
		}
		told = kept

		// The shopper earns points, time goes by, and the offer becomes another one.
		c.must(t, http.StatusCreated, post("/v1/orders", fields{"order_id": "o-2", "customer": "c-1",
			"cart": fields{"currency": "USD", "lines": []fields{{"line_id": "l1", "quantity": 1, "unit_amount": 50_000}}}}))
		c.must(t, http.StatusOK, post("/v1/test-clock", fields{"advance": "720h"}))
		offer.ID, offer.State, offer.TokenSeconds, offer.Rule = id, offers.Live, 3600, "cart.subtotal > 1000000"
		if _, err := h.Console.UpdateOffer(t.Context(), tester, ref, 1, offer); err != nil {
			t.Fatal(err)
		}
		after := c.must(t, http.StatusOK, get(path)).object()
		if got := toJSON(t, after["trace"]); got != told || after["order_id"] != "o-1" {
			t.Errorf("later the trace is\n%s\nit was\n%s", got, told)
		}
		analyst := console.Invitation{Email: "analyst@traced.example", Name: "Ana", Role: console.Analyst, Password: consolePassword}
		if _, err := h.Console.Invite(t.Context(), tester, s.id, analyst); err != nil {
			t.Fatal(err)
		}
		desk := atConsole(h.url, signIn(t, h.url, analyst.Email, consolePassword))
		if got := toJSON(t, desk.must(t, http.StatusOK, get("/v1/admin/stores/"+s.id+strings.TrimPrefix(path, "/v1"))).object()["trace"]); got != told {
			t.Errorf("the console shows\n%s\nnot\n%s", got, told)
		}
		asked["offer_tokens"], asked["trace"] = []string{token(t, c, id, "c-1")}, true
		if now := c.must(t, http.StatusOK, post("/v1/evaluations", asked)).object(); !strings.Contains(toJSON(t, now["trace"]), `"reason":"rule_not_met"`) ||
			!strings.Contains(toJSON(t, now["rejected"]), "rule_not_met") {
			t.Errorf("the new version is told as %s", toJSON(t, now))
		}
		other := furnish(t, h.Gateway, "Stranger").server(h.url)
		if a := other.ask(t, get(path)); a.status != http.StatusNotFound {
			t.Errorf("another store: %v", a)
		}
	})
}

// What a token is refused for is told with the rest.
// A checkout that lost track reads what of an order came back, and what still may.
func TestARedemptionTellsWhatCameBack(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "Returned")
		c := s.server(h.url)
		id := s.offer(t, h.Gateway, offers.Offer{Name: "Fifth", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 2000}})
		lines := []fields{{"line_id": "l1", "quantity": 3, "unit_amount": 1000}, {"line_id": "l2", "quantity": 1, "unit_amount": 0}}
		made := c.must(t, http.StatusCreated, post("/v1/redemptions", fields{"offer_tokens": []string{token(t, c, id, "c-1")}, "customer": "c-1", "order_id": "o-1",
			"cart": fields{"currency": "USD", "lines": lines}}))
		path := "/v1/redemptions/" + made.text("redemption_id")
		for _, step := range []struct{ refund, want string }{
			{"", `{"discount_reversed":0,"lines":[],"points_forfeited":0,"points_reversed":0,"use_restored":false}`},
			{`{"refund_ref":"r-1","lines":[{"line_id":"l1","quantity":2}]}`, `{"discount_reversed":400,"lines":[{"left":1,"line_id":"l1","quantity":2}],"points_forfeited":0,"points_reversed":16,"use_restored":false}`},
			{`{"refund_ref":"r-2"}`, `{"discount_reversed":600,"lines":[{"left":0,"line_id":"l1","quantity":3},{"left":0,"line_id":"l2","quantity":1}],"points_forfeited":0,"points_reversed":24,"use_restored":true}`},
		} {
			if step.refund != "" {
				var body fields
				if err := json.Unmarshal([]byte(step.refund), &body); err != nil {
					t.Fatal(err)
				}
				c.must(t, http.StatusCreated, post(path+"/refunds", body))
			}
			if got := toJSON(t, c.must(t, http.StatusOK, get(path)).object()["refunded"]); got != step.want {
				t.Errorf("after %s: %s, want %s", step.refund, got, step.want)
			}
		}
		// An empty list is a mistake of the caller's, not everything.
		if got := c.ask(t, post(path+"/refunds", fields{"refund_ref": "r-3", "lines": []fields{}})); got.status != http.StatusUnprocessableEntity {
			t.Errorf("a refund of an empty list of lines: %v", got)
		}
	})
}

func TestTheTraceTellsOfRefusedTokens(t *testing.T) {
	h := open(t, onSQLite(t))
	s := furnish(t, h.Gateway, "Refused")
	c := s.server(h.url)
	limited := s.offer(t, h.Gateway, offers.Offer{Name: "Once", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}, Limits: offers.Limits{Total: 1}})
	poor := s.offer(t, h.Gateway, offers.Offer{Name: "Poor", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000},
		Limits: offers.Limits{PerOrder: 1, Budget: &offers.Budget{Amount: 499, Currency: "USD"}}})
	first, second, spent := token(t, c, limited, "c-1"), token(t, c, limited, "c-2"), token(t, c, s.everyone, "c-2")
	c.must(t, http.StatusCreated, redemption(first, "c-1", "o-1"))
	c.must(t, http.StatusCreated, redemption(spent, "c-2", "o-2"))
	a := c.must(t, http.StatusOK, post("/v1/evaluations", fields{"offer_tokens": []string{second, spent, token(t, c, poor, "c-2")}, "customer": "c-2", "cart": cart(), "trace": true}))
	told := toJSON(t, a.object()["trace"])
	for _, want := range []string{`"condition":"limits.total","holds":false,"saw":"1 used, 0 held","wants":"1 more within 1"`, `"reason":"limit_reached"`,
		`"condition":"token","holds":false,"saw":"spent"`, `"reason":"token_spent"`,
		`"condition":"limits.budget","holds":false,"saw":"0 used, 0 held","wants":"500 more within 499"`, `"reason":"budget_exhausted"`} {
		if !strings.Contains(told, want) {
			t.Errorf("the trace lacks %s: %s", want, told)
		}
	}
}

// A page and a shopper are refused an offer in one way, whatever the reason. The shop's server is told which.
func TestRefusalsTellAPageNothing(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "Uniform")
		ref := verify.StoreRef{ID: s.id, Test: true}
		half := offers.Benefit{Type: offers.Percentage, BasisPoints: 5000}
		unseen := func(o offers.Offer, state offers.State) string {
			o.Name, o.Benefit, o.State, o.TokenSeconds = "Unseen", half, state, 600
			made, err := h.Console.CreateOffer(t.Context(), tester, ref, o)
			if err != nil {
				t.Fatal(err)
			}
			return made.ID
		}
		refused := map[string]string{
			"no such offer":    "off_01920000-0000-7000-8000-000000000000",
			"a draft":          unseen(offers.Offer{}, offers.Draft),
			"a paused offer":   unseen(offers.Offer{}, offers.Paused),
			"for another tier": unseen(offers.Offer{Tier: "silver", Group: "teacher"}, offers.Live),
			"for teachers":     unseen(offers.Offer{Group: "teacher"}, offers.Live),
		}
		c := s.server(h.url)
		session := newCaller(h.url).bearer(c.must(t, http.StatusCreated, post("/v1/customer-sessions", fields{"customer": "c-1"})).text("token")).with("Origin", shopOrigin)
		started := s.page(h.url).must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}}))
		page := s.page(h.url).with("Laurel-Client-Secret", started.text("client_secret"))
		page.must(t, http.StatusOK, post("/v1/verifications/"+started.text("id")+"/steps/mock", fields{"first_name": "VERIFIED"}))

		for who, ask := range map[string]func(string) answer{
			"a page": func(offer string) answer {
				return page.ask(t, post("/v1/offer-tokens", fields{"offer_id": offer, "verification_id": started.text("id")}))
			},
			"a shopper": func(offer string) answer { return session.ask(t, post("/v1/offer-tokens", fields{"offer_id": offer})) },
		} {
			heard := map[string]string{}
			for why, offer := range refused {
				a := ask(offer)
				text, _, _ := strings.Cut(a.String(), `"request_id"`)
				heard[text] += why + "; "
				if a.status < 400 || a.code() != "offer_not_eligible" {
					t.Errorf("%s, %s: %v", who, why, a)
				}
			}
			if len(heard) != 1 {
				t.Errorf("%s can tell refusals apart: %v", who, heard)
			}
		}
		codes := map[string]bool{}
		for _, offer := range refused {
			codes[c.ask(t, post("/v1/offer-tokens", fields{"offer_id": offer, "customer": "c-1"})).code()] = true
		}
		if !codes["offer_not_found"] || !codes["offer_not_live"] || !codes["offer_not_eligible"] {
			t.Errorf("a secret key is told %v", codes)
		}
	})
}

// An answer that was kept for a key is the uniform one too.
func TestTheUniformRefusalIsKept(t *testing.T) {
	h := open(t, onSQLite(t))
	s := furnish(t, h.Gateway, "Kept")
	c := s.server(h.url)
	session := newCaller(h.url).bearer(c.must(t, http.StatusCreated, post("/v1/customer-sessions", fields{"customer": "c-1"})).text("token")).with("Origin", shopOrigin)
	r := post("/v1/offer-tokens", fields{"offer_id": "off_01920000-0000-7000-8000-000000000000"})
	once, again := session.ask(t, r), session.ask(t, r)
	first, _, _ := strings.Cut(string(once.body), `"request_id"`)
	second, _, _ := strings.Cut(string(again.body), `"request_id"`)
	if first != second || again.code() != "offer_not_eligible" {
		t.Errorf("%v, then %v", once, again)
	}
}

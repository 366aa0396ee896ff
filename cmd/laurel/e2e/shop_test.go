package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// shopOrigin is the origin of a shop's own pages.
const shopOrigin = "https://shop.example"

// shop is a test store with keys, a way to prove, a program and two offers.
type shop struct {
	id          string
	secret      string
	publishable string
	// everyone is an offer for every customer, ten percent; students is one for verified students, twenty percent.
	everyone string
	students string
}

var tester = console.Origin{Actor: "test"}

// furnish makes a shop.
func furnish(t testing.TB, g *gateway.Gateway, name string) shop {
	t.Helper()
	made, err := g.Tenants.Create(t.Context(), tenant.NewStore{Name: name, Mode: tenant.Test, Currency: "USD", Timezone: "UTC", Origins: []string{shopOrigin}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := shop{id: made.ID}
	s.secret, s.publishable = newKey(t, g, s.id, tenant.Secret), newKey(t, g, s.id, tenant.Publishable)
	ref := verify.StoreRef{ID: s.id, Test: true}
	policy := verify.Policy{Group: "student", Paths: []verify.Path{{"mock"}}, Validity: verify.Validity{Days: 365}}
	if _, err := g.Verify.SavePolicy(t.Context(), ref, verify.Actor{Name: "test"}, policy); err != nil {
		t.Fatal(err)
	}
	program := loyalty.Program{Name: name, Earn: []loyalty.EarnRule{{Currency: "USD", Points: 1, PerAmount: 100}},
		Window: loyalty.Window{Type: loyalty.Rolling, Days: 365},
		Tiers:  []loyalty.Tier{{ID: "bronze", Name: "Bronze"}, {ID: "silver", Name: "Silver", Threshold: 500}}}
	if _, err := g.Console.SaveProgram(t.Context(), tester, s.id, 0, program); err != nil {
		t.Fatal(err)
	}
	s.everyone = s.offer(t, g, offers.Offer{Name: "Ten percent", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}})
	s.students = s.offer(t, g, offers.Offer{Name: "Students", Group: "student", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 2000}})
	return s
}

func newKey(t testing.TB, g *gateway.Gateway, store string, kind tenant.Kind) string {
	t.Helper()
	k, err := g.Tenants.CreateKey(t.Context(), tenant.NewKey{Store: store, Kind: kind, Name: "test"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k.Plain
}

// offer adds a live offer whose tokens live long enough for any test.
func (s shop) offer(t testing.TB, g *gateway.Gateway, o offers.Offer) string {
	t.Helper()
	o.State, o.TokenSeconds = offers.Live, 3600
	made, err := g.Console.CreateOffer(t.Context(), tester, verify.StoreRef{ID: s.id, Test: true}, o)
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// server is the shop's own server, with its secret key.
func (s shop) server(base string) caller { return newCaller(base).bearer(s.secret) }

// page is a page of the shop, with its publishable key and origin.
func (s shop) page(base string) caller {
	return newCaller(base).bearer(s.publishable).with("Origin", shopOrigin)
}

// token gets an offer token for a customer.
func token(t testing.TB, c caller, offer, customer string) string {
	t.Helper()
	return c.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": offer, "customer": customer})).text("token")
}

// tokens gets one token for each of n customers c-1 … c-n.
func tokens(t testing.TB, c caller, offer string, n int) []string {
	t.Helper()
	out := make([]string, n)
	for i := range out {
		out[i] = token(t, c, offer, customer(i))
	}
	return out
}

func customer(i int) string { return fmt.Sprintf("c-%d", i+1) }

// cart holds one article for 50.00 USD.
func cart() fields {
	return fields{"currency": "USD", "tax_mode": "exclusive", "lines": []fields{{"line_id": "l1", "sku": "sku-1", "quantity": 1, "unit_amount": 5000}}}
}

// redemption asks to redeem a token for an order.
func redemption(token, customer, order string) request {
	return post("/v1/redemptions", fields{"offer_tokens": []string{token}, "customer": customer, "cart": cart(), "order_id": order})
}

// pointsOfCart is what the program gives for cart() with ten percent off.
const pointsOfCart = 45

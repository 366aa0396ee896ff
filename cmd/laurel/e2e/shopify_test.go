package e2e

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
)

const (
	shopDomain  = "example.myshopify.com"
	shopToken   = "shpat_e2e"
	shopSecret  = "shpss_e2e"
	shopifyPath = "/v1/integrations/shopify/"
)

// shopifyShop is a Shopify shop as far as the adapter sees one: it keeps codes, each once.
type shopifyShop struct {
	*httptest.Server
	mu sync.Mutex
	// codes are the inputs of the discounts in the shop, by code.
	codes map[string]fields
	// made counts the discounts that were made; lose has it keep the answer of so many to itself.
	made, lose int
}

func newShopifyShop(t testing.TB) *shopifyShop {
	s := &shopifyShop{codes: map[string]fields{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP implements http.Handler.
func (s *shopifyShop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var asked struct {
		Query     string
		Variables struct {
			Code  string
			Input fields
		}
	}
	if json.NewDecoder(r.Body).Decode(&asked) != nil || r.Header.Get("X-Shopify-Access-Token") != shopToken {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var data fields
	switch {
	case strings.Contains(asked.Query, "currencyCode"):
		data = fields{"shop": fields{"currencyCode": "USD"}}
	case strings.Contains(asked.Query, "codeDiscountNodeByCode"):
		data = fields{"codeDiscountNodeByCode": nil}
		if _, ok := s.codes[asked.Variables.Code]; ok {
			data = fields{"codeDiscountNodeByCode": fields{"id": "gid://shopify/DiscountCodeNode/" + asked.Variables.Code}}
		}
	default:
		code, _ := asked.Variables.Input["code"].(string)
		if _, ok := s.codes[code]; ok {
			data = fields{"created": fields{"codeDiscountNode": nil, "userErrors": []fields{{"field": []string{"code"}, "code": "TAKEN"}}}}
			break
		}
		s.codes[code], s.made = asked.Variables.Input, s.made+1
		if s.lose > 0 {
			s.lose--
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		data = fields{"created": fields{"codeDiscountNode": fields{"id": "gid://shopify/DiscountCodeNode/" + code}, "userErrors": []fields{}}}
	}
	// A client that went away is the client's matter.
	_ = json.NewEncoder(w).Encode(fields{"data": data})
}

// openWithShop is open, with a Shopify shop behind it.
func openWithShop(t testing.TB, p place, s *shopifyShop) *house {
	t.Helper()
	p = p.with("LAUREL_OUTGOING_ALLOW_PRIVATE=true")
	g, err := gateway.Open(t.Context(), gateway.Options{Config: p.config(t), Logger: journal(t), Version: "test", Commit: "test",
		ShopifyEndpoint: func(shop, version string) string { return s.URL + "/" + shop + "/" + version }})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(errors.Join(err, g.Close()))
	}
	server := httptest.NewServer(g.API)
	t.Cleanup(func() {
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := errors.Join(g.Stop(ctx), g.Close()); err != nil {
			t.Errorf("stop the gateway: %v", err)
		}
	})
	return &house{Gateway: g, place: p, url: server.URL}
}

// deliver sends a webhook as Shopify signs it.
func deliver(t testing.TB, base, store, topic, secret string, body []byte) answer {
	t.Helper()
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	c := newCaller(base).with("X-Shopify-Topic", topic).with("X-Shopify-Shop-Domain", shopDomain).with("X-Shopify-Webhook-Id", "b54557e4").
		with("X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return c.ask(t, request{method: http.MethodPost, path: shopifyPath + store + "/webhooks", body: body})
}

// recordedWebhook is the body of a recorded delivery, with some of its members changed.
func recordedWebhook(t testing.TB, name string, change fields) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "internal", "shopify", "testdata", "webhooks", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var r struct{ Body string }
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(r.Body))
	d.UseNumber()
	body := fields{}
	if err := d.Decode(&body); err != nil {
		t.Fatal(err)
	}
	for name, value := range change {
		body[name] = value
	}
	// The newline at the end is part of what is signed.
	out, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

const (
	shopifyOrder    = "820982911946154508"
	shopifyCustomer = "115310627314723954"
)

// codeFor gets a Shopify code for a token.
func codeFor(t testing.TB, c caller, token string) string {
	t.Helper()
	return c.must(t, http.StatusCreated, post(shopifyPath+"codes", fields{"token": token})).text("code")
}

// outcomeOf checks what became of a webhook.
func outcomeOf(t testing.TB, a answer, want string) {
	t.Helper()
	if a.status != http.StatusOK || a.text("outcome") != want {
		t.Errorf("%v, want %s", a, want)
	}
}

func connectShop(t testing.TB, h *house, e estate) caller {
	t.Helper()
	desk := atConsole(h.url, e.ownerCookie)
	put := post("/v1/admin/stores/"+e.id+"/integrations/shopify", fields{"shop": shopDomain, "access_token": shopToken, "webhook_secret": shopSecret})
	put.method = http.MethodPut
	a := desk.must(t, http.StatusOK, put)
	if strings.Contains(string(a.body), shopToken) || strings.Contains(string(a.body), shopSecret) {
		t.Errorf("the answer shows secrets: %v", a)
	}
	return desk
}

// TestShopify goes from a token to a code, an order, refunds in parts and a cancellation, on the recorded webhooks.
func TestShopify(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		shop := newShopifyShop(t)
		h := openWithShop(t, p, shop)
		e := settle(t, h, "alpha")
		c := e.server(h.url)
		offer := token(t, c, e.everyone, shopifyCustomer)
		if a := c.ask(t, post(shopifyPath+"codes", fields{"token": offer})); a.status != http.StatusNotFound {
			t.Errorf("a code without a connection: %v", a)
		}
		desk := connectShop(t, h, e)
		if a := desk.must(t, http.StatusOK, get("/v1/admin/stores/"+e.id+"/integrations/shopify")); a.text("shop") != shopDomain || a.text("currency") != "USD" {
			t.Error(a)
		}

		// The answer is lost: the shop has the code, the gateway does not know.
		shop.lose = 1
		if a := c.ask(t, post(shopifyPath+"codes", fields{"token": offer})); a.status != http.StatusServiceUnavailable {
			t.Fatalf("%v, want 503", a)
		}
		code := codeFor(t, c, offer)
		if again := codeFor(t, e.page(h.url), offer); again != code || shop.made != 1 || shop.codes[code] == nil {
			t.Fatalf("the token has the codes %s and %s, and the shop made %d", code, again, shop.made)
		}

		paid := recordedWebhook(t, "orders_paid", fields{"discount_codes": []fields{{"code": strings.ToLower(code), "amount": "5.50", "type": "percentage"}}})
		if a := deliver(t, h.url, e.id, "orders/paid", "wrong", paid); a.status != http.StatusUnauthorized {
			t.Errorf("a wrong signature: %v", a)
		}
		outcomeOf(t, deliver(t, h.url, e.id, "orders/paid", shopSecret, paid), "taken")
		outcomeOf(t, deliver(t, h.url, e.id, "orders/paid", shopSecret, paid), "known")
		red := redemptionsOf(t, c, shopifyOrder)
		if len(red) != 1 || red[0]["state"] != "redeemed" || red[0]["customer"] != shopifyCustomer {
			t.Fatalf("redemptions of the order: %v", red)
		}
		if a := c.ask(t, redemption(offer, shopifyCustomer, "another")); a.code() != "token_spent" {
			t.Errorf("the token can be redeemed once more: %v", a)
		}
		before := pointsOf(t, c, shopifyCustomer)
		if before <= 0 {
			t.Errorf("the order earned %v points", before)
		}

		// Refunds name the time at which they were made: now, so that none is late.
		part, rest := recordedWebhook(t, "refunds_create", nil), recordedWebhook(t, "refunds_create_rest", nil)
		outcomeOf(t, deliver(t, h.url, e.id, "refunds/create", shopSecret, part), "taken")
		outcomeOf(t, deliver(t, h.url, e.id, "refunds/create", shopSecret, part), "taken")
		if red := redemptionsOf(t, c, shopifyOrder); red[0]["state"] != "partially_refunded" {
			t.Errorf("after a part came back: %v", red[0]["state"])
		}
		outcomeOf(t, deliver(t, h.url, e.id, "refunds/create", shopSecret, rest), "taken")
		outcomeOf(t, deliver(t, h.url, e.id, "orders/cancelled", shopSecret, recordedWebhook(t, "orders_cancelled", nil)), "known")
		if red := redemptionsOf(t, c, shopifyOrder); red[0]["state"] != "refunded" {
			t.Errorf("after all came back: %v", red[0]["state"])
		}
		if after := pointsOf(t, c, shopifyCustomer); after != 0 {
			t.Errorf("%v points are left of %v", after, before)
		}
		outcomeOf(t, deliver(t, h.url, e.id, "app/uninstalled", shopSecret, []byte(`{"id":1}`)), "ignored")

		gone := post("/v1/admin/stores/"+e.id+"/integrations/shopify", nil)
		gone.method = http.MethodDelete
		desk.must(t, http.StatusNoContent, gone)
		if a := deliver(t, h.url, e.id, "orders/paid", shopSecret, paid); a.status != http.StatusNotFound {
			t.Errorf("a webhook after disconnecting: %v", a)
		}
	})
}

// TestShopifyNeverRefusesAPaidOrder: what cannot be redeemed is recorded all the same, and an event tells.
func TestShopifyNeverRefusesAPaidOrder(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		shop := newShopifyShop(t)
		h := openWithShop(t, p, shop)
		e := settle(t, h, "alpha")
		connectShop(t, h, e)
		c := e.server(h.url)
		offer := token(t, c, e.everyone, shopifyCustomer)
		code := codeFor(t, c, offer)
		// The token is spent elsewhere before the shop's order is paid.
		c.must(t, http.StatusCreated, redemption(offer, shopifyCustomer, "elsewhere"))
		paid := recordedWebhook(t, "orders_paid", fields{"discount_codes": []fields{{"code": code, "amount": "5.50"}}})
		outcomeOf(t, deliver(t, h.url, e.id, "orders/paid", shopSecret, paid), "mismatch")
		outcomeOf(t, deliver(t, h.url, e.id, "orders/paid", shopSecret, paid), "known")
		if red := redemptionsOf(t, c, shopifyOrder); len(red) != 0 {
			t.Errorf("redeemed: %v", red)
		}
		if points := pointsOf(t, c, shopifyCustomer); points <= pointsOfCart {
			t.Errorf("the recorded order earned nothing: %v points", points)
		}
		// Another discount than the gateway reckons is told of as well.
		second := token(t, c, e.everyone, "115310627314723955")
		other := recordedWebhook(t, "orders_paid", fields{"id": 820982911946154600, "customer": fields{"id": 115310627314723955},
			"discount_codes": []fields{{"code": codeFor(t, c, second), "amount": "1.00"}}})
		outcomeOf(t, deliver(t, h.url, e.id, "orders/paid", shopSecret, other), "mismatch")
		if red := redemptionsOf(t, c, "820982911946154600"); len(red) != 1 {
			t.Errorf("not redeemed: %v", red)
		}
		db := h.DB.SQL()
		var n int
		if err := db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM outbox WHERE type = 'integration.mismatch'").Scan(&n); err != nil || n != 2 {
			t.Errorf("%d events of mismatches, %v", n, err)
		}
		// A guest's order earns nothing and is known, so that its refund finds it.
		guest := recordedWebhook(t, "orders_paid", fields{"id": 820982911946154700, "customer": nil, "discount_codes": []fields{}})
		outcomeOf(t, deliver(t, h.url, e.id, "orders/paid", shopSecret, guest), "taken")
		refund := recordedWebhook(t, "refunds_create", fields{"order_id": 820982911946154700})
		outcomeOf(t, deliver(t, h.url, e.id, "refunds/create", shopSecret, refund), "taken")
	})
}

// TestShopifyCodesRaced: many ask for the code of one token at once, and the shop makes one.
func TestShopifyCodesRaced(t *testing.T) {
	shop := newShopifyShop(t)
	h := openWithShop(t, onSQLite(t), shop)
	e := settle(t, h, "alpha")
	connectShop(t, h, e)
	c := e.server(h.url)
	offer := token(t, c, e.everyone, shopifyCustomer)
	codes := make([]string, 12)
	var all sync.WaitGroup
	for i := range codes {
		all.Go(func() {
			a, err := c.persist(wait(t), post(shopifyPath+"codes", fields{"token": offer}))
			if err != nil || a.status != http.StatusCreated {
				t.Errorf("%v, %v", a, err)
			}
			codes[i] = a.text("code")
		})
	}
	all.Wait()
	for _, code := range codes {
		if code != codes[0] {
			t.Errorf("the token has the codes %v", codes)
			break
		}
	}
	if shop.made != 1 {
		t.Errorf("the shop made %d codes", shop.made)
	}
}

// redemptionsOf lists the redemptions of an order.
func redemptionsOf(t testing.TB, c caller, order string) []fields {
	t.Helper()
	list, _ := c.must(t, http.StatusOK, get("/v1/redemptions?order_id="+order)).object()["data"].([]any)
	out := make([]fields, len(list))
	for i, item := range list {
		out[i], _ = item.(fields)
	}
	return out
}

// pointsOf is what a member can spend.
func pointsOf(t testing.TB, c caller, customer string) float64 {
	t.Helper()
	member := c.must(t, http.StatusOK, get("/v1/members/"+customer)).object()
	balance, _ := member["balance"].(fields)
	if n, ok := balance["available"].(float64); ok {
		return n
	}
	t.Fatalf("a member without points: %v", member)
	return 0
}

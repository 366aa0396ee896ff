package shop

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewRefusesAnIncompleteConfiguration(t *testing.T) {
	t.Parallel()
	whole := Config{BaseURL: "http://localhost:8080", SecretKey: "sk", PublishableKey: "pk", Client: http.DefaultClient}
	cases := map[string]func(*Config){
		"no base URL":        func(c *Config) { c.BaseURL = "" },
		"no scheme":          func(c *Config) { c.BaseURL = "localhost" },
		"no secret key":      func(c *Config) { c.SecretKey = "" },
		"no publishable key": func(c *Config) { c.PublishableKey = "" },
		"no client":          func(c *Config) { c.Client = nil },
	}
	for name, spoil := range cases {
		config := whole
		spoil(&config)
		if _, err := New(config); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := New(whole); err != nil {
		t.Error(err)
	}
}

func TestSessionNamesTheStoreAndKeepsTheCustomer(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	gateway.put("GET /v1/storefront", 200, `{"store":{"id":"sto_1"},"offers":[{"id":"off_1","group":"student","name":"Student 20"}]}`)
	first := browser.get("/demo/api/session")
	if first.status != 200 || first.StoreID != "sto_1" || first.PublishableKey != "pk_test_public" || len(first.Offers) != 1 {
		t.Fatalf("session: %d %s", first.status, first.text)
	}
	if !customerShape.MatchString(first.Customer) {
		t.Errorf("customer %q", first.Customer)
	}
	if again := browser.get("/demo/api/session"); again.Customer != first.Customer {
		t.Errorf("another customer on the second visit: %q, %q", first.Customer, again.Customer)
	}
	if anew := browser.send("POST", "/demo/api/session/reset", "", ""); anew.Customer == first.Customer || anew.status != 200 {
		t.Errorf("reset: %d %q", anew.status, anew.Customer)
	}
	call := gateway.last("GET /v1/storefront")
	if call.header.Get("Authorization") != "Bearer pk_test_public" || call.header.Get("Origin") == "" {
		t.Errorf("storefront was asked with %v", call.header)
	}
	cookie := browser.cookies[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/demo" {
		t.Errorf("cookie %v", cookie)
	}
}

func TestProductsAreSix(t *testing.T) {
	t.Parallel()
	_, browser := setUp(t)
	got := browser.get("/demo/api/products")
	if got.status != 200 || len(got.Products) != 6 {
		t.Fatalf("%d, %d products", got.status, len(got.Products))
	}
}

func TestPriceUsesTheShopsOwnPrices(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	got := browser.post("/demo/api/price", `{"lines":[{"sku":"notebook","quantity":2}],"tokens":["`+testToken+`","ABCD-EFGH-JK"]}`)
	if got.status != 200 || !strings.Contains(string(got.Evaluation), `"evl_sealed"`) {
		t.Fatalf("%d %s", got.status, got.text)
	}
	asked := gateway.last("POST /v1/evaluations")
	want := map[string]any{
		"offer_tokens": []any{testToken}, "codes": []any{"ABCD-EFGH-JK"}, "customer": asked.body["customer"],
		"cart": map[string]any{
			"currency": "USD", "tax_mode": "exclusive", "shipping_amount": 490.0,
			"lines": []any{map[string]any{
				"line_id": "notebook", "sku": "notebook", "quantity": 2.0, "unit_amount": 1400.0, "categories": []any{"stationery"},
			}},
		},
	}
	if diff := cmp.Diff(want, asked.body); diff != "" {
		t.Error(diff)
	}
	if asked.header.Get("Authorization") != "Bearer sk_test_secret" || len(asked.header.Get("Idempotency-Key")) != 36 {
		t.Errorf("headers %v", asked.header)
	}
	for _, secret := range []string{"sk_test_secret", testToken, "ABCD-EFGH-JK"} {
		if strings.Contains(got.text, secret) {
			t.Errorf("the browser was shown %q", secret)
		}
	}
}

func TestBadRequestsAskNothingOfTheGateway(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		path, kind, body string
		status           int
	}{
		"no JSON":            {"price", "application/json", `{`, 400},
		"two values":         {"price", "application/json", `{} {}`, 400},
		"unknown field":      {"price", "application/json", `{"lines":[],"price":1}`, 400},
		"form":               {"price", "text/plain", `{}`, 415},
		"no lines":           {"price", "application/json", `{"lines":[]}`, 400},
		"unknown product":    {"price", "application/json", `{"lines":[{"sku":"boat","quantity":1}]}`, 400},
		"twice":              {"price", "application/json", `{"lines":[{"sku":"lamp","quantity":1},{"sku":"lamp","quantity":1}]}`, 400},
		"none":               {"price", "application/json", `{"lines":[{"sku":"lamp","quantity":0}]}`, 400},
		"too many":           {"price", "application/json", `{"lines":[{"sku":"lamp","quantity":100}]}`, 400},
		"order id":           {"checkout", "application/json", `{"lines":[{"sku":"lamp","quantity":1}],"order_id":"../x"}`, 400},
		"no order id":        {"checkout", "application/json", `{"lines":[{"sku":"lamp","quantity":1}]}`, 400},
		"unknown order":      {"orders/o-1/refund", "application/json", `{"lines":[{"line_id":"lamp","quantity":1}]}`, 404},
		"too long":           {"price", "application/json", `{"tokens":["` + strings.Repeat("a", longestRequest) + `"]}`, 400},
		"more than 5 tokens": {"price", "application/json", `{"lines":[{"sku":"lamp","quantity":1}],"tokens":["1","2","3","4","5","6"]}`, 400},
	}
	for name, each := range cases {
		gateway, browser := setUp(t)
		got := browser.send("POST", "/demo/api/"+each.path, each.kind, each.body)
		if got.status != each.status || got.Problem.Code == "" {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
		if routes := gateway.routes(); len(routes) > 0 {
			t.Errorf("%s: asked %v", name, routes)
		}
	}
}

func TestRefusalsOfTheGatewayArePassedOn(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	gateway.put("POST /v1/evaluations", 409, `{"status":409,"code":"token_spent","detail":"the token was used"}`)
	got := browser.post("/demo/api/price", `{"lines":[{"sku":"lamp","quantity":1}],"tokens":["`+testToken+`"]}`)
	if got.status != 409 || got.Problem.Code != "token_spent" || len(got.Calls) != 1 || got.Calls[0].Status != 409 {
		t.Errorf("%d %s", got.status, got.text)
	}
	gateway.put("POST /v1/evaluations", 502, `<html>`)
	if got := browser.post("/demo/api/price", `{"lines":[{"sku":"lamp","quantity":1}]}`); got.Problem.Code != "gateway_error" {
		t.Errorf("%d %s", got.status, got.text)
	}
	gateway.cut("POST /v1/evaluations")
	got = browser.post("/demo/api/price", `{"lines":[{"sku":"lamp","quantity":1}]}`)
	if got.status != 502 || got.Problem.Code != "gateway_unreachable" || len(got.Calls) != 1 {
		t.Errorf("%d %s", got.status, got.text)
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	none := browser.get("/demo/api/member")
	if none.status != 200 || string(none.Member) != "null" || string(none.Entries) != "[]" {
		t.Fatalf("%d %s", none.status, none.text)
	}
	path := strings.TrimPrefix(gateway.routes()[0], "GET ")
	gateway.put("GET "+path, 200, `{"customer":"c","balance":{"available":40}}`)
	gateway.put("GET "+path+"/entries?limit=50", 200, `{"data":[{"id":"ent_1"}],"next_cursor":null}`)
	some := browser.get("/demo/api/member")
	if !strings.Contains(string(some.Member), "40") || !strings.Contains(string(some.Entries), "ent_1") {
		t.Errorf("%d %s", some.status, some.text)
	}
}

func TestTheOldestCustomerIsForgotten(t *testing.T) {
	t.Parallel()
	known := newCustomers(nil)
	for i := range mostCustomers + 1 {
		known.remember(strings.Repeat("x", i+1))
	}
	if len(known.byID) != mostCustomers || slices.Contains(known.oldest, "x") {
		t.Errorf("%d remembered", len(known.byID))
	}
}

package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
)

// ordersHeader is the first row of the documented columns.
const ordersHeader = "order_id,currency,total,discount,status,codes,refunded_total,placed_at\n"

// differences are the lines of --format json, as "kind order", sorted.
func differences(t *testing.T, f finished) []string {
	t.Helper()
	out := []string{}
	for line := range strings.Lines(f.output) {
		var d struct {
			Kind    string
			OrderID string `json:"order_id"`
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatalf("%q is no difference: %v (%s)", line, err, f.errors)
		}
		if d.Kind != "" {
			out = append(out, d.Kind+" "+d.OrderID)
		}
	}
	slices.Sort(out)
	return out
}

// TestReconcile plays a day of a shop, has the shop's own list say the same, and then something else.
func TestReconcile(t *testing.T) {
	binary(t) // Building it may take longer than a command may.
	each(t, func(t *testing.T, p place) {
		shopify := newShopifyShop(t)
		h := openWithShop(t, p, shopify)
		e := settle(t, h, "alpha")
		connectShop(t, h, e)
		s := furnish(t, h.Gateway, "reconciled")
		c := s.server(h.url)
		given := func(customer string) answer {
			return c.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": customer}))
		}
		// o-1 by its short code, o-2 by its token, o-3 without an offer, and what came back of o-2.
		first, second, unused := given("c-1"), given("c-2"), given("c-3")
		c.must(t, http.StatusCreated, post("/v1/redemptions", fields{"codes": []string{first.text("code")}, "customer": "c-1", "cart": cart(), "order_id": "o-1"}))
		c.must(t, http.StatusCreated, redemption(second.text("token"), "c-2", "o-2"))
		c.must(t, http.StatusCreated, post("/v1/orders", fields{"order_id": "o-3", "customer": "c-3", "cart": cart()}))
		c.must(t, http.StatusCreated, post("/v1/orders/o-2/refunds", fields{"refund_ref": "r-1"}))
		c.must(t, http.StatusCreated, post("/v1/reservations", fields{"offer_tokens": []string{given("c-4").text("token")}, "customer": "c-4", "cart": cart(), "order_ref": "o-4"}))

		run := func(input string, args ...string) finished {
			return laurel(t, p.environ(), input, append([]string{"reconcile", "--store", s.id, "--orders", "-"}, args...)...)
		}
		agreed := "o-1,USD,45.00,5.00,paid," + first.text("code") + ",0.00,\n" +
			"o-2,USD,45.00,5.00,refunded," + second.text("token") + ",45.00,\n" + "o-3,USD,50.00,0.00,paid,,0.00,\n"
		if f := run(ordersHeader + agreed); f.code != 0 || !strings.Contains(f.output, "0 differences") {
			t.Errorf("both sides agree: status %d, %s%s", f.code, f.output, f.errors)
		}

		apart := "o-1,USD,44.00,5.00,paid," + first.text("code") + ",0.00,\n" +
			"o-2,USD,45.00,5.00,paid," + second.text("token") + ",0.00,\n" +
			"o-4,USD,45.00,5.00,paid,,0.00,\n" +
			"o-5,USD,45.00,5.00,paid," + unused.text("code") + ",0.00,\n" +
			"o-6,USD,45.00,5.00,paid," + strings.ToLower(first.text("code")) + ",0.00,\n" +
			"o-7,USD,50.00,0.00,paid,SUMMER,0.00,\n"
		want := []string{"order_missing o-3", "redemption_missing o-5", "refund_unknown o-2", "reservation_stranded o-4", "token_twice o-6", "total_differs o-1"}
		f := run(ordersHeader+apart, "--format", "json")
		if got := differences(t, f); f.code != 1 || !slices.Equal(got, want) {
			t.Errorf("status %d, found %v, want %v", f.code, got, want)
		}
		if f := run(ordersHeader+apart, "--format", "csv"); f.code != 1 || strings.Count(f.output, "\n") != 1+len(want) {
			t.Errorf("as CSV: status %d, %s%s", f.code, f.output, f.errors)
		}

		// The codes of the Shopify shop are the gateway's own too.
		offer := token(t, e.server(h.url), e.everyone, shopifyCustomer)
		code := codeFor(t, e.server(h.url), offer)
		f = laurel(t, p.environ(), "order_id,codes\nS-1,"+strings.ToLower(code)+"\n", "reconcile", "--store", e.id, "--orders", "-", "--since", "2100-01-01", "--format", "json")
		if got := differences(t, f); !slices.Equal(got, []string{"redemption_missing S-1"}) {
			t.Errorf("a Shopify code that was not redeemed: %v %s", got, f.errors)
		}
	})
}

// TestReconcileReads: pages from an address, and what cannot run ends with status 2.
func TestReconcileReads(t *testing.T) {
	binary(t)
	p := onSQLite(t)
	store := prepare(t, p, func(g *gateway.Gateway) string { return furnish(t, g, "alpha").id })
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := `{"orders":[{"order_id":"o-1"}],"next":"/orders?page=2"}`
		switch {
		case r.Header.Get("Authorization") != "Bearer hush":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Query().Get("page") == "2":
			page = `{"orders":[{"order_id":"o-2"}]}`
		}
		if _, err := w.Write([]byte(page)); err != nil {
			t.Error(err)
		}
	}))
	defer shop.Close()
	environ := append(p.environ(), "SHOP_TOKEN=hush")
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"pages", []string{"--store", store, "--orders", shop.URL + "/orders", "--bearer-env", "SHOP_TOKEN", "--allow-private"}, 0, "2 orders of the storefront"},
		{"a private address", []string{"--store", store, "--orders", shop.URL + "/orders", "--bearer-env", "SHOP_TOKEN"}, 2, "address"},
		{"no token", []string{"--store", store, "--orders", shop.URL + "/orders", "--bearer-env", "NOTHING", "--allow-private"}, 2, "NOTHING"},
		{"a refused token", []string{"--store", store, "--orders", shop.URL + "/orders", "--allow-private"}, 2, "401"},
		{"no file", []string{"--store", store, "--orders", filepath.Join(p.dataDir, "none.csv")}, 2, "none.csv"},
		{"no store", []string{"--store", "sto_none", "--orders", "-"}, 2, "store"},
		{"a column that does not exist", []string{"--store", store, "--orders", "-", "--map", "sum=Total"}, 2, "sum"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := laurel(t, environ, "order_id\n", append([]string{"reconcile"}, c.args...)...)
			if f.code != c.code || !strings.Contains(f.output+f.errors, c.says) {
				t.Errorf("status %d, want %d and %q: %s%s", f.code, c.code, c.says, f.output, f.errors)
			}
		})
	}
}

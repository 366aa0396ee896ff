package shop

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const oneNotebook = `{"lines":[{"line_id":"notebook","quantity":1}]}`

func TestRefundOfARedemptionGoesByItsID(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	gateway.put("POST /v1/redemptions/rdm_1/refunds", 201, `{"refund_id":"rfd_1","discount_reversed":280,"points_reversed":11,"state":"refunded"}`)
	gateway.put("GET /v1/redemptions?order_id=order-1", 200, `{"data":[{"redemption_id":"rdm_1","state":"refunded"}]}`)
	browser.post("/demo/api/checkout", buyWithToken)
	got := browser.post("/demo/api/orders/order-1/refund", oneNotebook)
	if got.status != 200 || got.Order.State != "refunded" || got.Order.Refunds[0].PointsReversed != 11 || got.Order.Refunds[0].DiscountReversed != 280 {
		t.Fatalf("%d %s", got.status, got.text)
	}
	want := map[string]any{
		"refund_ref": "order-1-r1", "restore_use": "if_full", "lines": []any{map[string]any{"line_id": "notebook", "quantity": 1.0}},
	}
	if diff := cmp.Diff(want, gateway.last("POST /v1/redemptions/rdm_1/refunds").body); diff != "" {
		t.Error(diff)
	}
	orders := browser.get("/demo/api/orders")
	if len(orders.Orders) != 1 || orders.Orders[0].State != "refunded" || len(orders.Calls) != 1 {
		t.Errorf("%s", orders.text)
	}
}

func TestRefundOfAPlainOrderGoesByItsOrderID(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	gateway.put("POST /v1/orders/order-2/refunds", 201, `{"points_reversed":7}`)
	browser.post("/demo/api/checkout", `{"lines":[{"sku":"lamp","quantity":2}],"order_id":"order-2"}`)
	got := browser.post("/demo/api/orders/order-2/refund", `{"lines":[{"line_id":"lamp","quantity":1}]}`)
	if got.status != 200 || got.Order.State != "partially_refunded" || got.Order.Lines[0].Refunded != 1 {
		t.Fatalf("%d %s", got.status, got.text)
	}
	got = browser.post("/demo/api/orders/order-2/refund", `{"lines":[{"line_id":"lamp","quantity":1}]}`)
	if got.Order.State != "refunded" || gateway.last("POST /v1/orders/order-2/refunds").body["refund_ref"] != "order-2-r2" {
		t.Errorf("%d %s", got.status, got.text)
	}
}

func TestRefundsThatTheShopRefusesItself(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		body   string
		status int
	}{
		"no lines":     {`{"lines":[]}`, 400},
		"unknown line": {`{"lines":[{"line_id":"lamp","quantity":1}]}`, 400},
		"twice":        {`{"lines":[{"line_id":"notebook","quantity":1},{"line_id":"notebook","quantity":1}]}`, 400},
		"none":         {`{"lines":[{"line_id":"notebook","quantity":0}]}`, 409},
		"too many":     {`{"lines":[{"line_id":"notebook","quantity":2}]}`, 409},
	}
	for name, each := range cases {
		gateway, browser := setUp(t)
		browser.post("/demo/api/checkout", buyWithToken)
		before := len(gateway.routes())
		if got := browser.post("/demo/api/orders/order-1/refund", each.body); got.status != each.status {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
		if len(gateway.routes()) != before {
			t.Errorf("%s: asked %v", name, gateway.routes()[before:])
		}
	}
}

func TestAnotherCustomersOrderIsUnknown(t *testing.T) {
	t.Parallel()
	_, browser := setUp(t)
	browser.post("/demo/api/checkout", buyWithToken)
	browser.cookies = nil
	if got := browser.post("/demo/api/orders/order-1/refund", oneNotebook); got.status != 404 {
		t.Errorf("%d %s", got.status, got.text)
	}
	if got := browser.get("/demo/api/orders"); len(got.Orders) != 0 {
		t.Errorf("%s", got.text)
	}
}

func TestARefusedRefundChangesNothing(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	gateway.put("POST /v1/redemptions/rdm_1/refunds", 409, `{"status":409,"code":"refund_conflict","detail":"other lines"}`)
	gateway.put("GET /v1/redemptions?order_id=order-1", 200, `{"data":[{"state":"redeemed"}]}`)
	browser.post("/demo/api/checkout", buyWithToken)
	if got := browser.post("/demo/api/orders/order-1/refund", oneNotebook); got.status != 409 {
		t.Fatalf("%d %s", got.status, got.text)
	}
	if got := browser.get("/demo/api/orders"); got.Orders[0].Lines[0].Refunded != 0 {
		t.Errorf("%s", got.text)
	}
}

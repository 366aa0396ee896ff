package shop

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const buyWithToken = `{"lines":[{"sku":"notebook","quantity":1}],"tokens":["` + testToken + `"],"order_id":"order-1"}`

func TestCheckoutWithATokenHoldsThenRedeems(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	got := browser.post("/demo/api/checkout", buyWithToken)
	if got.status != 200 || got.Order.RedemptionID != "rdm_1" || got.Order.Points != 11 || got.Order.Totals.Total != 1610 {
		t.Fatalf("%d %s", got.status, got.text)
	}
	if got.Order.Lines[0].Discount != 280 {
		t.Errorf("discount of the line: %d", got.Order.Lines[0].Discount)
	}
	want := []string{"POST /v1/evaluations", "POST /v1/reservations", "POST /v1/reservations/rsv_1/redeem"}
	if diff := cmp.Diff(want, gateway.routes()); diff != "" {
		t.Error(diff)
	}
	hold := gateway.last("POST /v1/reservations").body
	if diff := cmp.Diff(map[string]any{"evaluation_id": "evl_sealed", "order_ref": "order-1", "ttl_seconds": 900.0}, hold); diff != "" {
		t.Error(diff)
	}
	totals := map[string]any{"subtotal": 1400.0, "discount": 280.0, "shipping": 490.0, "total": 1610.0}
	redeem := gateway.last("POST /v1/reservations/rsv_1/redeem").body
	if diff := cmp.Diff(map[string]any{"order_id": "order-1", "totals": totals}, redeem); diff != "" {
		t.Error(diff)
	}
}

func TestTheSameOrderTwiceBuysOnce(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	first := browser.post("/demo/api/checkout", buyWithToken)
	second := browser.post("/demo/api/checkout", buyWithToken)
	if diff := cmp.Diff(first.Order, second.Order); diff != "" || len(second.Calls) != 0 || len(gateway.routes()) != 3 {
		t.Errorf("%s\n%v", diff, gateway.routes())
	}
}

func TestCheckoutWithoutATokenTellsOfTheOrder(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	got := browser.post("/demo/api/checkout", `{"lines":[{"sku":"lamp","quantity":2}],"tokens":[],"order_id":"order-2"}`)
	if got.status != 200 || got.Order.RedemptionID != "" || got.Order.Points != 14 || got.Order.Totals.Total != 9490 {
		t.Fatalf("%d %s", got.status, got.text)
	}
	if diff := cmp.Diff([]string{"POST /v1/orders"}, gateway.routes()); diff != "" {
		t.Error(diff)
	}
}

func TestARejectedOfferChargesNothing(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	gateway.put("POST /v1/evaluations", 200, `{"evaluation_id":"evl_2","applied":[],"rejected":[{"offer_id":"off_1","reason":"minimum_not_met"}],"totals":{}}`)
	got := browser.post("/demo/api/checkout", buyWithToken)
	if got.status != 409 || got.Problem.Code != "offer_rejected" || got.Problem.Detail != "minimum_not_met" {
		t.Errorf("%d %s", got.status, got.text)
	}
	if len(gateway.routes()) != 1 {
		t.Errorf("asked %v", gateway.routes())
	}
}

func TestARefusedRedemptionReleasesTheHold(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	gateway.put("POST /v1/reservations/rsv_1/redeem", 409, `{"status":409,"code":"totals_changed","detail":"totals differ"}`)
	got := browser.post("/demo/api/checkout", buyWithToken)
	if got.status != 409 || got.Problem.Code != "totals_changed" {
		t.Errorf("%d %s", got.status, got.text)
	}
	gateway.last("POST /v1/reservations/rsv_1/release")
	if orders := browser.get("/demo/api/orders"); len(orders.Orders) != 0 {
		t.Errorf("an order stands: %s", orders.text)
	}
}

func TestALostAnswerIsSettledByTheNextTry(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	gateway.cut("POST /v1/reservations/rsv_1/redeem")
	if got := browser.post("/demo/api/checkout", buyWithToken); got.status != 502 {
		t.Fatalf("%d %s", got.status, got.text)
	}
	gateway.put("GET /v1/redemptions?order_id=order-1", 200, `{"data":[`+redeemedBody+`],"next_cursor":null}`)
	before := len(gateway.routes())
	got := browser.post("/demo/api/checkout", buyWithToken)
	if got.status != 200 || got.Order.RedemptionID != "rdm_1" || len(gateway.routes()) != before+1 {
		t.Errorf("%d %s", got.status, got.text)
	}
}

func TestALostRequestIsSentAgain(t *testing.T) {
	t.Parallel()
	gateway, browser := setUp(t)
	gateway.cut("POST /v1/reservations/rsv_1/redeem")
	browser.post("/demo/api/checkout", buyWithToken)
	gateway.put("GET /v1/redemptions?order_id=order-1", 200, `{"data":[],"next_cursor":null}`)
	gateway.put("POST /v1/reservations/rsv_1/redeem", 200, redeemedBody)
	if got := browser.post("/demo/api/checkout", buyWithToken); got.status != 200 || got.Order.RedemptionID != "rdm_1" {
		t.Errorf("%d %s", got.status, got.text)
	}
}

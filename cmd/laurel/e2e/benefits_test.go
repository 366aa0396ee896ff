package e2e

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/laurel-gateway/laurel/offers"
)

// One order with an offer of every kind: priced, redeemed, and refunded line by line until nothing is left of what was
// given.
func TestEveryBenefitOnOneOrder(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "Benefits")
		c := s.server(h.url)
		type benefit = offers.Benefit
		var asked []string
		for i, b := range []benefit{
			{Type: offers.GiftLine, Gift: &offers.Gift{SKU: "pen", Quantity: 3}},
			{Type: offers.FixedPrice, SKUs: []string{"mug"}, Amount: 300, Currency: "USD"},
			{Type: offers.Percentage, Method: offers.Each, Categories: []string{"books"}, BasisPoints: 1000},
			{Type: offers.FixedAmount, Target: offers.OnOrder, Amount: 101, Currency: "USD"},
			{Type: offers.FreeShipping, Maximum: 300},
			{Type: offers.PointsMultiplier, SKUs: []string{"book"}, BasisPoints: 30_000},
			{Type: offers.BonusPoints, Points: 7},
		} {
			o := offers.Offer{Name: "Benefit", Names: map[string]string{"de": "Vorteil"}, Benefit: b, Priority: int64(-i), Rule: `customer.id == "c-1"`, Tier: "bronze"}
			asked = append(asked, token(t, c, s.offer(t, h.Gateway, o), "c-1"))
		}
		purchase := fields{"offer_tokens": asked, "customer": "c-1", "cart": fields{"currency": "USD", "shipping_amount": 500, "lines": []fields{
			{"line_id": "mugs", "sku": "mug", "quantity": 3, "unit_amount": 333},
			{"line_id": "pens", "sku": "pen", "quantity": 2, "unit_amount": 101},
			{"line_id": "books", "sku": "book", "quantity": 1, "unit_amount": 2005, "categories": []string{"books"}},
		}}}
		priced := c.must(t, http.StatusOK, post("/v1/evaluations", purchase))
		var e struct {
			Applied []struct {
				Amount int64
				Method string
				Gifts  []struct{ Missing int64 }
				Points *struct {
					Bonus       int64
					BasisPoints int64    `json:"basis_points"`
					LineIDs     []string `json:"line_ids"`
				}
			}
			Points int64
			Totals struct{ Discount, Total int64 }
		}
		decode(t, priced, &e)
		if len(e.Applied) != 7 {
			t.Fatalf("%s", priced)
		}
		// The pens are gifts, the mugs 3.00 each, the book a tenth less, rounded for the unit; 1.01 off, 3.00 of shipping.
		for i, want := range []int64{202, 99, 201, 101, 300, 0, 0} {
			if e.Applied[i].Amount != want {
				t.Errorf("offer %d takes off %d, want %d", i, e.Applied[i].Amount, want)
			}
		}
		if e.Applied[0].Gifts[0].Missing != 1 || e.Applied[1].Method != offers.Each || e.Applied[5].Points.LineIDs[0] != "books" || e.Applied[6].Points.Bonus != 7 {
			t.Errorf("%s", priced)
		}
		// 26.03 is left to pay for goods: 26 points. The book's share of them counts three times, and 7 are on top.
		if e.Totals.Discount != 903 || e.Points != 26+2*17+7 {
			t.Errorf("discount %d, %d points", e.Totals.Discount, e.Points)
		}
		purchase["order_id"] = "o-1"
		made := c.must(t, http.StatusCreated, post("/v1/redemptions", purchase))
		var discount, points int64
		for _, line := range []string{"mugs", "books", "pens"} {
			for n := map[string]int{"mugs": 3, "books": 1, "pens": 2}[line]; n > 0; n-- {
				refund := c.must(t, http.StatusCreated, post("/v1/redemptions/"+made.text("redemption_id")+"/refunds",
					fields{"refund_ref": line + string(rune('0'+n)), "lines": []fields{{"line_id": line, "quantity": 1}}}))
				var r struct {
					Discount int64 `json:"discount_reversed"`
					Points   int64 `json:"points_reversed"`
				}
				decode(t, refund, &r)
				discount, points = discount+r.Discount, points+r.Points
			}
		}
		if discount != e.Totals.Discount || points != e.Points {
			t.Errorf("refunds took back %d of %d and %d of %d points", discount, e.Totals.Discount, points, e.Points)
		}
		german := s.page(h.url).must(t, http.StatusOK, get("/v1/storefront?locale=de-AT"))
		var front struct{ Offers []struct{ Name string } }
		decode(t, german, &front)
		if last := front.Offers[len(front.Offers)-1]; last.Name != "Vorteil" {
			t.Errorf("in German the offer is called %s", last.Name)
		}
	})
}

func decode(t *testing.T, a answer, into any) {
	t.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		t.Fatal(err)
	}
}

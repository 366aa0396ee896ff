package shopify

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/minor"
	"github.com/laurel-gateway/laurel/offers"
)

// order is what the adapter reads of an Order resource (topics orders/paid, orders/create, orders/cancelled). Amounts are
// in the shop's currency; what the shopper saw (presentment_money) is not looked at, because codes, limits and budgets
// are in the shop's currency too.
type order struct {
	ID              int64      `json:"id"`
	CreatedAt       time.Time  `json:"created_at"`
	CancelledAt     *time.Time `json:"cancelled_at"`
	Currency        string     `json:"currency"`
	FinancialStatus string     `json:"financial_status"`
	TaxesIncluded   bool       `json:"taxes_included"`
	Customer        *struct {
		ID int64 `json:"id"`
	} `json:"customer"`
	DiscountCodes []struct {
		Code   string `json:"code"`
		Amount string `json:"amount"`
	} `json:"discount_codes"`
	LineItems     []lineItem `json:"line_items"`
	ShippingLines []struct {
		Price string `json:"price"`
	} `json:"shipping_lines"`
	Refunds []refund `json:"refunds"`
}

type lineItem struct {
	ID        int64  `json:"id"`
	SKU       string `json:"sku"`
	ProductID *int64 `json:"product_id"`
	Quantity  int64  `json:"quantity"`
	Price     string `json:"price"`
}

// refund is what the adapter reads of a Refund resource (topic refunds/create).
type refund struct {
	ID        int64     `json:"id"`
	OrderID   int64     `json:"order_id"`
	CreatedAt time.Time `json:"created_at"`
	Lines     []struct {
		LineItemID int64 `json:"line_item_id"`
		Quantity   int64 `json:"quantity"`
	} `json:"refund_line_items"`
}

var errNoID = errors.New("the resource has no id")

func readOrder(body []byte) (order, error) {
	var o order
	if err := json.Unmarshal(body, &o); err != nil {
		return o, fmt.Errorf("read an order of the shop: %w", err)
	}
	if o.ID <= 0 {
		return o, errNoID
	}
	return o, nil
}

func readRefund(body []byte) (refund, error) {
	var r refund
	if err := json.Unmarshal(body, &r); err != nil {
		return r, fmt.Errorf("read a refund of the shop: %w", err)
	}
	if r.ID <= 0 || r.OrderID <= 0 {
		return r, errNoID
	}
	return r, nil
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

// paid tells whether the money for an order came in, whatever happened to it since.
func (o order) paid() bool {
	switch o.FinancialStatus {
	case "paid", "partially_refunded", "refunded":
		return true
	}
	return false
}

// customer is Shopify's id of the customer: a theme knows it as customer.id.
func (o order) customer() string {
	if o.Customer == nil || o.Customer.ID <= 0 {
		return ""
	}
	return number(o.Customer.ID)
}

// cart is the order as it was bought: unit prices before discounts.
func (o order) cart() (offers.Cart, error) {
	c := offers.Cart{Currency: o.Currency, TaxMode: "exclusive"}
	if o.TaxesIncluded {
		c.TaxMode = "inclusive"
	}
	for _, l := range o.LineItems {
		price, err := minor.Parse(l.Price, o.Currency)
		if err != nil {
			return c, fmt.Errorf("read the price of a line: %w", err)
		}
		if l.Quantity == 0 {
			// A line that was edited away before it was paid.
			continue
		}
		sku := l.SKU
		if sku == "" && l.ProductID != nil {
			sku = number(*l.ProductID)
		}
		c.Lines = append(c.Lines, offers.Line{LineID: number(l.ID), SKU: sku, Quantity: l.Quantity, UnitAmount: price})
	}
	for _, s := range o.ShippingLines {
		price, err := minor.Parse(s.Price, o.Currency)
		if err != nil {
			return c, fmt.Errorf("read the price of shipping: %w", err)
		}
		c.ShippingAmount += price
	}
	return c, nil
}

// NormalCode is a code as it was minted: the shop compares codes without regard to case.
func NormalCode(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }

// lines is what came back, each line once: a refund may name a line in several parts.
func (r refund) lines() []offers.RefundLine {
	var out []offers.RefundLine
	at := map[int64]int{}
	for _, l := range r.Lines {
		if l.Quantity <= 0 {
			continue
		}
		i, seen := at[l.LineItemID]
		if !seen {
			i = len(out)
			at[l.LineItemID] = i
			out = append(out, offers.RefundLine{LineID: number(l.LineItemID)})
		}
		out[i].Quantity += l.Quantity
	}
	return out
}

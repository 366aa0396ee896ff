package offers

import (
	"fmt"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Bounds of a cart.
const (
	MaxLines    = 500
	MaxQuantity = 1_000_000
)

// Cart is what a shopper is about to buy. Amounts are minor units of Currency.
type Cart struct {
	Currency       string `json:"currency"`
	TaxMode        string `json:"tax_mode"`
	Lines          []Line `json:"lines"`
	ShippingAmount int64  `json:"shipping_amount"`
}

// Line is one line of a cart.
type Line struct {
	LineID     string   `json:"line_id"`
	SKU        string   `json:"sku"`
	Quantity   int64    `json:"quantity"`
	UnitAmount int64    `json:"unit_amount"`
	Categories []string `json:"categories,omitempty"`
}

// Amount is the line's price before discounts.
func (l Line) Amount() int64 { return l.Quantity * l.UnitAmount }

// Subtotal is the sum of the lines before discounts, without shipping.
func (c Cart) Subtotal() int64 {
	var sum int64
	for _, l := range c.Lines {
		sum += l.Amount()
	}
	return sum
}

// Check refuses a cart that cannot be priced, naming every part that is wrong.
func (c Cart) Check() error {
	f := fault.New(fault.Invalid, "The cart cannot be priced. See errors for the parts to change.")
	bad := f
	note := func(pointer, detail string) { bad = bad.At(pointer, detail) }
	if CheckCurrency(c.Currency) != nil {
		note("#/cart/currency", "must be an ISO 4217 code in capital letters, such as USD")
	}
	if len(c.Lines) == 0 || len(c.Lines) > MaxLines {
		note("#/cart/lines", fmt.Sprintf("must hold 1 to %d lines", MaxLines))
	}
	if c.ShippingAmount < 0 || c.ShippingAmount > MaxTotal {
		note("#/cart/shipping_amount", "must be at least 0 and at most 900000000000000 minor units")
	}
	seen := make(map[string]bool, len(c.Lines))
	total := c.ShippingAmount
	for i, l := range c.Lines {
		at := fmt.Sprintf("#/cart/lines/%d", i)
		switch {
		case l.LineID == "":
			note(at+"/line_id", "must not be empty")
		case seen[l.LineID]:
			note(at+"/line_id", "is used by an earlier line too; line ids are unique in a cart")
		}
		seen[l.LineID] = true
		if l.Quantity < 1 || l.Quantity > MaxQuantity {
			note(at+"/quantity", fmt.Sprintf("must be 1 to %d", MaxQuantity))
			continue
		}
		if l.UnitAmount < 0 || l.UnitAmount > MaxTotal/l.Quantity {
			note(at+"/unit_amount", "must be at least 0, and the line at most 900000000000000 minor units")
			continue
		}
		if total += l.Amount(); total > MaxTotal {
			note("#/cart", "must come to at most 900000000000000 minor units")
			total = 0
		}
	}
	if bad != f {
		return bad
	}
	return nil
}

package checkout

import (
	"net/netip"

	core "github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/offers"
)

// cartBody is what a shopper is about to buy.
type cartBody struct {
	Currency       string         `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217 code of every amount of the cart." example:"USD"`
	TaxMode        string         `json:"tax_mode,omitempty" enum:"exclusive,inclusive" doc:"Whether the amounts hold the tax. It changes nothing in what is discounted; it is kept with the order." example:"exclusive"`
	Lines          []cartLineBody `json:"lines" minItems:"1" maxItems:"500" doc:"What is bought, line by line."`
	ShippingAmount int64          `json:"shipping_amount,omitempty" minimum:"0" maximum:"900000000000000" doc:"Shipping, in minor units." example:"500"`
}

type cartLineBody struct {
	LineID     string   `json:"line_id" minLength:"1" maxLength:"100" doc:"The store's own id of the line, unique in the cart. Refunds name it." example:"l1"`
	SKU        string   `json:"sku,omitempty" maxLength:"100" doc:"The article." example:"sku-1"`
	Quantity   int64    `json:"quantity" minimum:"1" maximum:"1000000" doc:"Units of the article." example:"1"`
	UnitAmount int64    `json:"unit_amount" minimum:"0" maximum:"900000000000000" doc:"Price of one unit, in minor units." example:"5000"`
	Categories []string `json:"categories,omitempty" maxItems:"20" doc:"What the article is, for offers on some of them." example:"[\"books\"]"`
}

func (b cartBody) cart() offers.Cart {
	c := offers.Cart{Currency: b.Currency, TaxMode: b.TaxMode, ShippingAmount: b.ShippingAmount, Lines: make([]offers.Line, len(b.Lines))}
	if c.TaxMode == "" {
		c.TaxMode = "exclusive"
	}
	for i, l := range b.Lines {
		c.Lines[i] = offers.Line{LineID: l.LineID, SKU: l.SKU, Quantity: l.Quantity, UnitAmount: l.UnitAmount, Categories: l.Categories}
	}
	return c
}

// PurchaseFields are the ways to say what is bought and with which offers.
type PurchaseFields struct {
	OfferTokens []string `json:"offer_tokens,omitempty" maxItems:"20" doc:"Offer tokens that the shopper's page got." example:"[\"eyJhbGciOiJFUzI1NiIsImtpZCI6IjEiLCJ0eXAiOiJvZmZlcitqd3QifQ.e30.c2ln\"]"`
	Codes       []string `json:"codes,omitempty" maxItems:"20" doc:"Short codes of offer tokens, as typed." example:"[\"ABCD-EFGH-JK\"]"`
	Customer    string   `json:"customer,omitempty" maxLength:"255" doc:"The store's own reference to the customer. A guest has none, and earns no points." example:"c-1"`

	Shopper *ShopperFields `json:"shopper,omitempty" doc:"What the checkout knows of the shopper's connection. Send it with codes: wrong codes are counted by it."`
}

// ShopperFields is what a checkout knows of a shopper's connection.
type ShopperFields struct {
	IP string `json:"ip" format:"ip" maxLength:"45" doc:"The shopper's own address, IPv4 or IPv6, as the checkout sees it. It is not kept." example:"203.0.113.7"`
}

// address is the shopper's address; unknown without one.
func (f *ShopperFields) address() netip.Addr {
	if f == nil {
		return netip.Addr{}
	}
	// The contract takes nothing but addresses; one that cannot be read is unknown.
	addr, err := netip.ParseAddr(f.IP)
	if err != nil {
		return netip.Addr{}
	}
	return addr
}

func (p PurchaseFields) request(cart *cartBody, evaluationID string) core.Request {
	r := core.Request{Customer: p.Customer, Tokens: p.OfferTokens, Codes: p.Codes, EvaluationID: evaluationID, Shopper: p.Shopper.address()}
	if cart != nil {
		r.Cart = cart.cart()
	}
	return r
}

// totalsView are a cart's sums.
type totalsView struct {
	Subtotal int64 `json:"subtotal" minimum:"0" doc:"The lines before discounts, in minor units." example:"5000"`
	Discount int64 `json:"discount" minimum:"0" doc:"All discounts, on lines and shipping, in minor units." example:"1000"`
	Shipping int64 `json:"shipping" minimum:"0" doc:"Shipping before discounts, in minor units." example:"0"`
	Total    int64 `json:"total" minimum:"0" doc:"What is to be paid: subtotal + shipping - discount." example:"4000"`
}

func totalsOf(t offers.Totals) totalsView {
	return totalsView{Subtotal: t.Subtotal, Discount: t.Discount, Shipping: t.Shipping, Total: t.Total}
}

type appliedView struct {
	OfferID      string           `json:"offer_id" doc:"The offer." example:"off_01920000-0000-7000-8000-000000000002"`
	OfferVersion int64            `json:"offer_version" doc:"The version of the offer that priced it." example:"3"`
	Amount       int64            `json:"amount" doc:"The discount, in minor units." example:"1000"`
	Method       string           `json:"method" enum:"each,across" doc:"each: reckoned unit by unit; across: reckoned on the sum and shared among the lines." example:"across"`
	Allocations  []allocationView `json:"allocations" doc:"The discount's shares. They sum to amount exactly."`
	Gifts        []givenGiftView  `json:"gifts,omitempty" doc:"What costs nothing. The part of it that is in the cart is in allocations."`
	Points       *pointsView      `json:"points,omitempty" doc:"What the offer does to the points of the purchase. It moves no money."`
}

type givenGiftView struct {
	SKU      string `json:"sku" doc:"The article." example:"sku-sticker"`
	Quantity int64  `json:"quantity" doc:"Units of it that cost nothing, at most." example:"1"`
	Missing  int64  `json:"missing" doc:"Units of them that the cart does not hold: add them, and they cost nothing." example:"1"`
}

type pointsView struct {
	BasisPoints int64    `json:"basis_points,omitempty" doc:"Multiplies what the lines earn: 20000 doubles." example:"20000"`
	Bonus       int64    `json:"bonus,omitempty" doc:"Given on top." example:"100"`
	LineIDs     []string `json:"line_ids,omitempty" doc:"The lines that it is on; left out for the whole order." example:"[\"l1\"]"`
}

type allocationView struct {
	LineID string `json:"line_id,omitempty" doc:"The line that the share is of." example:"l1"`
	Target string `json:"target,omitempty" enum:"shipping" doc:"Set instead of line_id when the share is of the shipping." example:"shipping"`
	Amount int64  `json:"amount" doc:"The share, in minor units." example:"1000"`
}

func appliedOf(applied []offers.Applied) []appliedView {
	out := make([]appliedView, len(applied))
	for i, a := range applied {
		out[i] = appliedView{OfferID: a.OfferID, OfferVersion: a.OfferVersion, Amount: a.Amount, Method: a.Method, Allocations: make([]allocationView, len(a.Allocations))}
		for _, g := range a.Gifts {
			out[i].Gifts = append(out[i].Gifts, givenGiftView(g))
		}
		if a.Points != nil {
			out[i].Points = &pointsView{BasisPoints: a.Points.BasisPoints, Bonus: a.Points.Bonus, LineIDs: a.Points.LineIDs}
		}
		for j, al := range a.Allocations {
			out[i].Allocations[j] = allocationView{LineID: al.LineID, Target: al.Target, Amount: al.Amount}
		}
	}
	return out
}

type rejectedView struct {
	OfferID string `json:"offer_id,omitempty" doc:"The offer, when the token or code belongs to one." example:"off_01920000-0000-7000-8000-000000000002"`
	Reason  string `json:"reason" doc:"Why it does not apply." example:"minimum_not_met"`
}

func rejectedOf(rejected []offers.Rejected) []rejectedView {
	out := make([]rejectedView, len(rejected))
	for i, r := range rejected {
		out[i] = rejectedView{OfferID: r.OfferID, Reason: r.Reason}
	}
	return out
}

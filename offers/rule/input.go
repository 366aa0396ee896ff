package rule

import (
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"
)

// Input is what rules are asked about. Amounts are minor units of Currency.
type Input struct {
	Currency       string
	TaxMode        string
	ShippingAmount int64
	Lines          []Line
	// Customer is the store's reference to the customer; empty for a guest.
	Customer string
	// Attestation is what the customer proved; nil for nothing.
	Attestation *Attestation
	// Member is what the customer is in the program; nil for nobody.
	Member *Member
	Now    time.Time
}

// Line is one line of a cart. Amount is its price before discounts.
type Line struct {
	LineID     string
	SKU        string
	Quantity   int64
	UnitAmount int64
	Amount     int64
	Categories []string
}

// Attestation is what somebody proved. A zero time is not set.
type Attestation struct {
	Group      string
	Subgroup   string
	ValidUntil time.Time
	VerifiedAt time.Time
}

// Member is somebody in the program. A zero time is not set.
type Member struct {
	Tier   string
	Points int64
	Since  time.Time
}

// Activation is an Input made ready for rules. It is built once for a cart and may be used by many rules, also at the
// same time. The Input's slices must not change while it is in use.
type Activation struct {
	cart        cartValue
	customer    customerValue
	attestation attestationValue
	member      memberValue
	now         types.Timestamp
}

// NewActivation makes an input ready.
func NewActivation(in Input) *Activation {
	a := &Activation{customer: customerValue{id: in.Customer}, attestation: attestationValue{from: in.Attestation},
		member: memberValue{from: in.Member}, now: types.Timestamp{Time: in.Now.UTC()}}
	a.cart = cartValue{currency: in.Currency, taxMode: in.TaxMode, shipping: in.ShippingAmount, lines: list[lines]{items: make(lines, len(in.Lines))}}
	for i := range in.Lines {
		l := &in.Lines[i]
		a.cart.lines.items[i] = lineValue{Line: l, categories: list[texts]{items: l.Categories}}
		a.cart.subtotal += l.Amount
		a.cart.quantity += l.Quantity
	}
	return a
}

// ResolveName implements CEL's activation.
func (a *Activation) ResolveName(name string) (any, bool) {
	switch name {
	case "cart":
		return &a.cart, true
	case "customer":
		return &a.customer, true
	case "attestation":
		return &a.attestation, true
	case "member":
		return &a.member, true
	case "now":
		return a.now, true
	}
	return nil, false
}

// Parent implements CEL's activation.
func (a *Activation) Parent() interpreter.Activation { return nil }

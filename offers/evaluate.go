package offers

import (
	"cmp"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/offers/rule"
)

// Candidate is an offer that a shopper asks for, with the token that entitles to it.
type Candidate struct {
	Offer *Offer
	// JTI names the token; empty when an offer needs none.
	JTI string
	// Shopper is who asks; nil for somebody of whom nothing is known. Candidates of one shopper share one.
	Shopper *Shopper
}

// Allocation is one line's share of a discount. Shipping's share names no line.
type Allocation struct {
	LineID string `json:"line_id,omitempty"`
	Target string `json:"target,omitempty"`
	Amount int64  `json:"amount"`
}

// TargetShipping marks an allocation to the shipping amount.
const TargetShipping = "shipping"

// Applied is one offer's effect on a cart.
type Applied struct {
	OfferID      string       `json:"offer_id"`
	OfferVersion int64        `json:"offer_version"`
	JTI          string       `json:"jti,omitempty"`
	Amount       int64        `json:"amount"`
	Method       string       `json:"method"`
	Allocations  []Allocation `json:"allocations"`
	// Gifts are the units that cost nothing. What of them is in the cart is in Allocations.
	Gifts []GivenGift `json:"gifts,omitempty"`
	// Points is what the offer does to the points that the purchase earns. It moves no money.
	Points *PointsEffect `json:"points,omitempty"`
}

// GivenGift is a gift, and how much of it the cart does not hold yet.
type GivenGift struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
	// Missing units may still be added to the cart: they will cost nothing in the next evaluation.
	Missing int64 `json:"missing"`
}

// Rejected is an offer that was asked for and not applied.
type Rejected struct {
	OfferID string `json:"offer_id"`
	Reason  string `json:"reason"`
}

// Totals are a cart's sums in minor units. Total is Subtotal + Shipping - Discount.
type Totals struct {
	Subtotal int64 `json:"subtotal"`
	Discount int64 `json:"discount"`
	Shipping int64 `json:"shipping"`
	Total    int64 `json:"total"`
}

// Price is the outcome of an evaluation.
type Price struct {
	Applied  []Applied  `json:"applied"`
	Rejected []Rejected `json:"rejected,omitempty"`
	Totals   Totals     `json:"totals"`
}

// Evaluate prices a checked cart with the offers asked for, at a time. It is pure: the same input gives the same price.
// Offers apply by falling priority, then in the order given, each to what the ones before it left of a line. Offers must
// be checked and prepared.
func Evaluate(cart Cart, candidates []Candidate, now time.Time) Price {
	price, _ := evaluate(cart, candidates, now, false)
	return price
}

// Explain is Evaluate, and tells of every offer, in the order of judging, what each condition saw and said.
func Explain(cart Cart, candidates []Candidate, now time.Time) (Price, []Trace) {
	return evaluate(cart, candidates, now, true)
}

func evaluate(cart Cart, candidates []Candidate, now time.Time, explain bool) (Price, []Trace) {
	p := pricing{cart: &cart, now: now, subtotal: cart.Subtotal(), left: make([]int64, len(cart.Lines)), shipping: cart.ShippingAmount}
	for i := range cart.Lines {
		p.left[i] = cart.Lines[i].Amount()
	}
	ordered := slices.Clone(candidates)
	slices.SortStableFunc(ordered, func(a, b Candidate) int { return cmp.Compare(b.Offer.Priority, a.Offer.Priority) })
	price := Price{Applied: make([]Applied, 0, len(ordered))}
	var traces []Trace
	for i := range ordered {
		c := &ordered[i]
		var t *Trace
		if explain {
			traces = append(traces, Trace{OfferID: c.Offer.ID, OfferVersion: c.Offer.Version, JTI: c.JTI})
			t = &traces[len(traces)-1]
		}
		reason := p.judge(c, t)
		if reason == "" {
			var a Applied
			if a, reason = p.apply(c); reason == "" {
				price.Applied = append(price.Applied, a)
				p.taken = append(p.taken, c.Offer)
			}
			t.tellBenefit(a, reason)
		}
		if reason != "" {
			price.Rejected = append(price.Rejected, Rejected{OfferID: c.Offer.ID, Reason: reason})
		}
	}
	price.Totals = p.totals(price.Applied)
	return price, traces
}

// pricing is an evaluation under way.
type pricing struct {
	cart     *Cart
	now      time.Time
	subtotal int64
	// left is what the offers so far left of each line, and shipping of the shipping.
	left     []int64
	shipping int64
	// gifted are the units of each line that are gifts already; nil while none is.
	gifted []int64
	// taken are the offers that applied, one for each use.
	taken []*Offer
	// chosen is reused for the lines that a benefit is on.
	chosen []int
	// known is the input of rules for asker, the shopper that a rule was last asked for.
	known *rule.Activation
	asker *Shopper
}

func (p *pricing) totals(applied []Applied) Totals {
	t := Totals{Subtotal: p.subtotal, Shipping: p.cart.ShippingAmount}
	for i := range applied {
		t.Discount += applied[i].Amount
	}
	t.Total = t.Subtotal + t.Shipping - t.Discount
	return t
}

// NetLines returns what each line costs after the discounts, in the order of the cart.
func NetLines(cart Cart, applied []Applied) []int64 {
	net := make([]int64, len(cart.Lines))
	for i := range cart.Lines {
		net[i] = cart.Lines[i].Amount()
	}
	if len(applied) == 0 {
		return net
	}
	index := lineIndex(cart)
	for _, a := range applied {
		for _, al := range a.Allocations {
			if al.LineID != "" {
				net[index[al.LineID]] -= al.Amount
			}
		}
	}
	return net
}

func lineIndex(cart Cart) map[string]int {
	index := make(map[string]int, len(cart.Lines))
	for i := range cart.Lines {
		index[cart.Lines[i].LineID] = i
	}
	return index
}

package offers

import (
	"cmp"
	"slices"
	"time"
)

// Why an offer was not applied. These are part of the contract.
const (
	ReasonMinimum    = "minimum_not_met"
	ReasonNoLines    = "no_matching_lines"
	ReasonCurrency   = "currency_mismatch"
	ReasonNoShipping = "no_shipping"
	ReasonNothing    = "nothing_left_to_discount"
	ReasonNotLive    = "offer_not_live"
	ReasonExclusive  = "exclusive_offer"
	ReasonDuplicate  = "offer_already_applied"
)

// Candidate is an offer that the shopper asks for, with the token that entitles to it.
type Candidate struct {
	Offer Offer
	// JTI names the token; empty when an offer needs none.
	JTI string
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
// Offers apply by falling priority, then in the order given, each to what the ones before it left of a line.
func Evaluate(cart Cart, candidates []Candidate, now time.Time) Price {
	p := pricing{cart: cart, left: make([]int64, len(cart.Lines)), shipping: cart.ShippingAmount}
	for i, l := range cart.Lines {
		p.left[i] = l.Amount()
	}
	ordered := slices.Clone(candidates)
	slices.SortStableFunc(ordered, func(a, b Candidate) int { return cmp.Compare(b.Offer.Priority, a.Offer.Priority) })
	price := Price{Applied: []Applied{}}
	exclusive := false
	for _, c := range ordered {
		reason := p.refuse(c.Offer, now, price.Applied, exclusive)
		if reason == "" {
			var a Applied
			if a, reason = p.apply(c); reason == "" {
				price.Applied = append(price.Applied, a)
				exclusive = exclusive || c.Offer.Exclusive
				continue
			}
		}
		price.Rejected = append(price.Rejected, Rejected{OfferID: c.Offer.ID, Reason: reason})
	}
	price.Totals = p.totals(price.Applied)
	return price
}

type pricing struct {
	cart     Cart
	left     []int64
	shipping int64
}

func (p *pricing) refuse(o Offer, now time.Time, applied []Applied, exclusive bool) string {
	switch {
	case o.Available(now) != nil:
		return ReasonNotLive
	case exclusive || o.Exclusive && len(applied) > 0:
		return ReasonExclusive
	case slices.ContainsFunc(applied, func(a Applied) bool { return a.OfferID == o.ID }):
		return ReasonDuplicate
	case p.cart.Subtotal() < o.MinimumOrder:
		return ReasonMinimum
	case o.Benefit.Type == FixedAmount && o.Benefit.Currency != p.cart.Currency:
		return ReasonCurrency
	}
	return ""
}

func (p *pricing) apply(c Candidate) (Applied, string) {
	a := Applied{OfferID: c.Offer.ID, OfferVersion: c.Offer.Version, JTI: c.JTI, Method: "across"}
	if c.Offer.Benefit.Type == FreeShipping {
		if p.shipping == 0 {
			return a, ReasonNoShipping
		}
		a.Amount = bounded(p.shipping, c.Offer.Benefit.Maximum)
		a.Allocations = []Allocation{{Target: TargetShipping, Amount: a.Amount}}
		p.shipping -= a.Amount
		return a, ""
	}
	lines, base := p.targets(c.Offer.Benefit.Categories)
	if len(lines) == 0 {
		return a, ReasonNoLines
	}
	a.Amount = p.discount(c.Offer.Benefit, base)
	if a.Amount == 0 {
		return a, ReasonNothing
	}
	weights := make([]int64, len(lines))
	for i, l := range lines {
		weights[i] = p.left[l]
	}
	for i, share := range Split(a.Amount, weights) {
		p.left[lines[i]] -= share
		a.Allocations = append(a.Allocations, Allocation{LineID: p.cart.Lines[lines[i]].LineID, Amount: share})
	}
	return a, ""
}

// targets returns the lines that a benefit is for and what is left of them.
func (p *pricing) targets(categories []string) (lines []int, base int64) {
	for i, l := range p.cart.Lines {
		if len(categories) == 0 || slices.ContainsFunc(l.Categories, func(c string) bool { return slices.Contains(categories, c) }) {
			lines = append(lines, i)
			base += p.left[i]
		}
	}
	return lines, base
}

func (p *pricing) discount(b Benefit, base int64) int64 {
	amount := b.Amount
	if b.Type == Percentage {
		amount = Percent(base, b.BasisPoints)
	}
	return min(bounded(amount, b.Maximum), base)
}

func (p *pricing) totals(applied []Applied) Totals {
	t := Totals{Subtotal: p.cart.Subtotal(), Shipping: p.cart.ShippingAmount}
	for _, a := range applied {
		t.Discount += a.Amount
	}
	t.Total = t.Subtotal + t.Shipping - t.Discount
	return t
}

func bounded(amount, maximum int64) int64 {
	if maximum > 0 {
		return min(amount, maximum)
	}
	return amount
}

// NetLines returns what each line costs after the discounts, in the order of the cart.
func NetLines(cart Cart, applied []Applied) []int64 {
	net := make([]int64, len(cart.Lines))
	index := make(map[string]int, len(cart.Lines))
	for i, l := range cart.Lines {
		net[i] = l.Amount()
		index[l.LineID] = i
	}
	for _, a := range applied {
		for _, al := range a.Allocations {
			if al.LineID != "" {
				net[index[al.LineID]] -= al.Amount
			}
		}
	}
	return net
}

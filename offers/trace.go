package offers

import (
	"strconv"

	"github.com/laurel-gateway/laurel/offers/rule"
)

// Trace is how one offer that was asked for was judged.
type Trace struct {
	OfferID      string `json:"offer_id"`
	OfferVersion int64  `json:"offer_version"`
	// JTI names the token that asked for it.
	JTI string `json:"-"`
	// Findings are in the order of judging. The first that does not hold decides; the others are told all the same.
	Findings []Finding `json:"findings"`
	Applied  bool      `json:"applied"`
	// Reason is why the offer was not applied.
	Reason string `json:"reason,omitempty"`
	// Amount is what it took off, in minor units.
	Amount int64 `json:"amount,omitempty"`
}

// Finding is one condition: what it saw, what it wants, and whether it holds. Saw and Wants are for people to read;
// amounts in them are minor units of the cart's currency.
type Finding struct {
	Condition string `json:"condition"`
	Saw       string `json:"saw"`
	Wants     string `json:"wants"`
	Holds     bool   `json:"holds"`
	// Rule tells the parts of a rule.
	Rule []rule.Observation `json:"rule,omitempty"`
}

// tell notes how a condition came out. A trace that nobody asked for is nil.
func (t *Trace) tell(p *pricing, c *Candidate, cond *condition, holds bool) {
	if t == nil {
		return
	}
	f := Finding{Condition: cond.name, Saw: cond.saw(p, c), Wants: cond.wants(p, c.Offer), Holds: holds}
	if cond.observe != nil {
		f.Rule = cond.observe(p, c)
	}
	t.Findings = append(t.Findings, f)
}

// tellBenefit notes what came of the benefit, after every condition held.
func (t *Trace) tellBenefit(a Applied, reason string) {
	if t == nil {
		return
	}
	t.Applied, t.Reason, t.Amount = reason == "", reason, a.Amount
	f := Finding{Condition: "benefit", Saw: reason, Wants: "something to give", Holds: t.Applied}
	switch {
	case reason != "":
	case a.Points != nil:
		f.Saw = "points"
	default:
		f.Saw = strconv.FormatInt(a.Amount, 10)
	}
	t.Findings = append(t.Findings, f)
}

// activation makes what rules see of the cart and a shopper, once for all offers of one shopper.
func (p *pricing) activation(s *Shopper) *rule.Activation {
	if p.known != nil && p.asker == s {
		return p.known
	}
	in := rule.Input{Currency: p.cart.Currency, TaxMode: p.cart.TaxMode, ShippingAmount: p.cart.ShippingAmount,
		Lines: make([]rule.Line, len(p.cart.Lines)), Customer: s.Customer, Now: p.now}
	for i := range p.cart.Lines {
		l := &p.cart.Lines[i]
		in.Lines[i] = rule.Line{LineID: l.LineID, SKU: l.SKU, Quantity: l.Quantity, UnitAmount: l.UnitAmount, Amount: l.Amount(), Categories: l.Categories}
	}
	if proof := s.Proof; proof != nil {
		in.Attestation = &rule.Attestation{Group: proof.Group, Subgroup: proof.Subgroup, ValidUntil: proof.ValidUntil, VerifiedAt: proof.VerifiedAt}
	}
	if m := s.Member; m != nil {
		in.Member = &rule.Member{Tier: m.Tier(), Points: m.Points, Since: m.Since}
	}
	p.known, p.asker = rule.NewActivation(in), s
	return p.known
}

// ruleHolds asks the offer's rule. One that was not compiled, or cannot be decided, does not hold.
func (p *pricing) ruleHolds(c *Candidate) (bool, error) {
	if c.Offer.ready == nil || c.Offer.ready.rule == nil {
		return false, errNotPrepared
	}
	return c.Offer.ready.rule.Eval(p.activation(c.shopper()))
}

func (p *pricing) ruleSaw(c *Candidate) string {
	holds, err := p.ruleHolds(c)
	if err != nil {
		return err.Error()
	}
	return strconv.FormatBool(holds)
}

func (p *pricing) observe(c *Candidate) []rule.Observation {
	if c.Offer.ready == nil || c.Offer.ready.rule == nil {
		return nil
	}
	parts, err := c.Offer.ready.rule.Observe(p.activation(c.shopper()))
	if err != nil {
		return []rule.Observation{{Condition: c.Offer.Rule, Reason: err.Error()}}
	}
	return parts
}

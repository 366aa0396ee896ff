package checkout

import (
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// Trial is a question: what would this offer do for this shopper with this cart? Nothing of it need exist.
type Trial struct {
	Offer    offers.Offer
	Cart     offers.Cart
	Customer string
	// Proof is what the shopper would have proven; nil for nothing.
	Proof *offers.Proof
	// Tier and Points make the shopper a member; an empty Tier with no Points makes nobody one.
	Tier   string
	Points int64
	Now    time.Time
}

// Tried is what an offer would do.
type Tried struct {
	offers.Pinned
	// Trace tells every condition. Its Reason is empty when the offer applies.
	Trace offers.Trace
}

// Conditions of a trial beside those of an evaluation, where the token stands for them.
const (
	conditionProof    = "proof"
	reasonNotEligible = string(fault.OfferNotEligible)
)

// Try prices a cart with one offer as if the offer were live. It is pure. Uses are not counted: an offer that is used up
// still tells what it gives. program is nil when the store has none. Faults: invalid.
func Try(t Trial, zone *time.Location, program *loyalty.Program) (Tried, error) {
	if err := t.Cart.Check(); err != nil {
		return Tried{}, err
	}
	member, err := t.member(program)
	if err != nil {
		return Tried{}, err
	}
	o := t.Offer
	if o.State != offers.Ended {
		o.State = offers.Live
	}
	if err := o.Prepare(); err != nil {
		return Tried{}, err
	}
	who := &offers.Shopper{Customer: t.Customer, Proof: t.Proof, Member: member}
	price, traces := offers.Explain(t.Cart, []offers.Candidate{{Offer: o.In(zone), Shopper: who}}, t.Now)
	out := Tried{Trace: traces[0]}
	if o.Group != "" {
		proof := t.proofFinding()
		out.Trace.Findings = slices.Insert(out.Trace.Findings, 0, proof)
		if !proof.Holds {
			// Without the proof there would be no token, whatever the cart is.
			out.Trace.Applied, out.Trace.Amount, out.Trace.Reason = false, 0, reasonNotEligible
			price = offers.Evaluate(t.Cart, nil, t.Now)
		}
	}
	out.Pinned = Pin(t.Customer, t.Cart, price, program)
	return out, nil
}

func (t Trial) proofFinding() offers.Finding {
	f := offers.Finding{Condition: conditionProof, Saw: "nothing proven", Wants: groupWords(t.Offer.Group, t.Offer.Subgroup)}
	if p := t.Proof; p != nil {
		f.Saw = groupWords(p.Group, p.Subgroup)
		if !t.Now.Before(p.ValidUntil) {
			f.Saw += ", ended " + p.ValidUntil.UTC().Format(time.RFC3339)
		}
		f.Holds = t.Now.Before(p.ValidUntil) && t.Offer.Suits(p.Group, p.Subgroup)
	}
	return f
}

func groupWords(group, subgroup string) string {
	if subgroup == "" {
		return group
	}
	return group + "/" + subgroup
}

// member makes the shopper's place in the program: the tier and all below it.
func (t Trial) member(program *loyalty.Program) (*offers.Member, error) {
	if t.Tier == "" && t.Points == 0 {
		return nil, nil
	}
	m := &offers.Member{Points: t.Points, Since: t.Now}
	if program == nil || t.Tier == "" {
		if t.Tier != "" {
			m.Tiers = []string{t.Tier}
		}
		return m, nil
	}
	for _, tier := range program.Tiers {
		m.Tiers = append(m.Tiers, tier.ID)
		if tier.ID == t.Tier {
			return m, nil
		}
	}
	return nil, fault.New(fault.Invalid, "The program has no such tier.").At("#/member/tier", fmt.Sprintf("is none of the program's %d tiers", len(program.Tiers)))
}

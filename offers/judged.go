package offers

import "time"

// Judged is what the conditions of the applied offers saw beside the cart. It is kept with the price, so that the same
// trace can be had of it later, whatever has become of the shopper.
type Judged struct {
	// At is when.
	At time.Time `json:"at"`
	// Member is the customer's place in the program, if an offer asked for it.
	Member *Member `json:"member,omitempty"`
	// Proofs are what the tokens of offers with a rule rested on, by token.
	Proofs map[string]*Proof `json:"proofs,omitempty"`
}

// Judge keeps what the conditions of the applied offers saw; nil when none applied.
func Judge(applied []Applied, candidates []Candidate, at time.Time) *Judged {
	if len(applied) == 0 {
		return nil
	}
	j := &Judged{At: at}
	for i := range candidates {
		c := &candidates[i]
		if c.Shopper == nil || !c.Offer.AsksForMember() {
			continue
		}
		if j.Member == nil {
			j.Member = c.Shopper.Member
		}
		if c.Offer.Rule != "" && c.Shopper.Proof != nil {
			if j.Proofs == nil {
				j.Proofs = make(map[string]*Proof, len(candidates))
			}
			j.Proofs[c.JTI] = c.Shopper.Proof
		}
	}
	return j
}

// Retrace explains a price again from what was pinned with it: of versions gives the offers in the versions that it
// names, and at is when it was made, for prices that do not tell. What applied then applies now.
func (p *Pinned) Retrace(versions map[OfferRef]*Offer, at time.Time) []Trace {
	judged := p.Judged
	if judged == nil {
		judged = &Judged{At: at}
	}
	candidates := make([]Candidate, 0, len(p.Applied))
	for i := range p.Applied {
		a := &p.Applied[i]
		o := versions[OfferRef{ID: a.OfferID, Version: a.OfferVersion}]
		if o == nil {
			continue
		}
		candidates = append(candidates, Candidate{Offer: o, JTI: a.JTI,
			Shopper: &Shopper{Customer: p.Customer, Proof: judged.Proofs[a.JTI], Member: judged.Member}})
	}
	_, traces := Explain(p.Cart, candidates, judged.At)
	return traces
}

// OfferRef names a version of an offer.
type OfferRef struct {
	ID      string
	Version int64
}

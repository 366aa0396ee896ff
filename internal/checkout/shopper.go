package checkout

import (
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// asking makes the candidates of one purchase, so that offers can judge who asks for them.
type asking struct {
	shop     *Shop
	customer string
	// member is set once an offer asked for it.
	member *offers.Member
	// shoppers are by attestation: what a token rests on is what its offer is asked with.
	shoppers map[string]*offers.Shopper
}

func (p Purchase) asking(s *Shop) asking {
	return asking{shop: s, customer: p.Customer, shoppers: map[string]*offers.Shopper{}}
}

func (a *asking) candidate(t *offers.Token, o *offers.Offer) offers.Candidate {
	who := a.shoppers[t.AttestationID]
	if who == nil {
		who = &offers.Shopper{Customer: a.customer}
		if proof := a.shop.Attestations[t.AttestationID]; proof != nil {
			who.Proof = &offers.Proof{Group: proof.Group, Subgroup: proof.Subgroup, VerifiedAt: proof.VerifiedAt, ValidUntil: proof.ValidUntil}
		}
		a.shoppers[t.AttestationID] = who
	}
	if o.AsksForMember() {
		if a.member == nil {
			a.member = a.shop.memberOf(a.customer)
		}
		who.Member = a.member
	}
	return offers.Candidate{Offer: o, JTI: t.JTI, Shopper: who}
}

// wantMember asks for the customer's place in the program when an offer's conditions look at it.
func (p Purchase) wantMember(k *Keys, o *offers.Offer) {
	if p.Customer != "" && o.AsksForMember() {
		k.Members.Add(p.Customer)
	}
}

// memberOf is a customer's place in the program now. The first tier is everybody's, so a customer who never bought has a
// place too; a guest has none.
func (s *Shop) memberOf(customer string) *offers.Member {
	if customer == "" || s.Program == nil {
		return nil
	}
	m := s.Members[customer]
	if m == nil {
		m = &loyalty.Member{Store: s.Store.ID, Customer: customer}
	}
	standing := m.Standing(loyalty.Rules{Program: *s.Program, Zone: s.Store.Zone, NewID: s.NewID}, s.Now)
	out := &offers.Member{Points: standing.Available, Since: m.CreatedAt}
	for _, t := range s.Program.Tiers {
		out.Tiers = append(out.Tiers, t.ID)
		if t.ID == standing.Tier.ID {
			break
		}
	}
	return out
}

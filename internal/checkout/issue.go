package checkout

import (
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

// IssueToken gives a token for an offer, or the one that is live already. It decides an Issued.
type IssueToken struct {
	// Draft is the token to give if none is live. It is signed before, so that no signature is made under a lock.
	Draft offers.Token
	// Customer asks. Tiered tells whether the offer is for a tier, as far as was known before the transaction.
	Customer string
	Tiered   bool
	// Verifies tells whether a key's signatures are good: a token of a revoked key is not given again. Nil means all are.
	Verifies func(kid string) bool
}

// Issued is a token that was given, now or before.
type Issued struct {
	Token offers.Token
	// Offer is the current version of the token's offer.
	Offer offers.Offer
	// Again is true when the token was given before.
	Again bool
}

// ErrNotEntitled says that the shopper has nothing that entitles to the offer.
var ErrNotEntitled = fault.New(fault.OfferNotEligible, "The shopper is not entitled to this offer now. Verify for the group that the offer is for.")

// ErrTierNotMet says that the offer is for members of a tier that the customer has not reached.
var ErrTierNotMet = fault.New(fault.OfferNotEligible, "This offer is for members of a tier that the customer has not reached. Name the customer, or offer something else.")

func (c IssueToken) slot() SlotKey { return SlotKey{c.Draft.OfferID, c.Draft.Subject} }

func (c IssueToken) want(k *Keys) {
	k.Offers.Add(c.Draft.OfferID)
	k.Program = k.Program || c.Tiered
}

func (c IssueToken) plan(f *Facts, k *Keys) error {
	if f.Offers[c.Draft.OfferID] == nil {
		return ErrOfferMissing
	}
	k.Slots.Add(c.slot())
	c.wantPool(f.Offers[c.Draft.OfferID], k)
	if c.Customer != "" && f.Offers[c.Draft.OfferID].Tier != "" {
		k.Members.Add(c.Customer)
	}
	if c.Draft.AttestationID != "" {
		k.Attestations.Add(c.Draft.AttestationID)
	}
	return nil
}

// ErrOfferMissing says that there is no such offer in this store.
var ErrOfferMissing = fault.New(fault.OfferNotFound, "There is no such offer in this store.")

func (c IssueToken) decide(s *Shop) (any, error) {
	slot := s.Slots[c.slot()]
	if err := s.Book.Offers[c.Draft.OfferID].Available(s.Now); err != nil {
		return nil, err
	}
	if c.Draft.AttestationID != "" {
		a := s.Attestations[c.Draft.AttestationID]
		if a == nil || !a.Active(s.Now) {
			return nil, ErrNotEntitled
		}
	}
	if o := s.Book.Offers[c.Draft.OfferID]; o.Tier != "" && !o.SuitsMember(s.memberOf(c.Customer)) {
		return nil, ErrTierNotMet
	}
	if old := c.live(s); old != nil {
		return Issued{Token: *old, Offer: *s.Book.Offers[old.OfferID], Again: true}, nil
	}
	t := c.Draft
	t.State = offers.TokenLive
	if err := s.takePoolCode(s.Book.Offers[t.OfferID], &t); err != nil {
		return nil, err
	}
	if old := s.outstanding(c.slot()); old != nil {
		s.replace(old)
	}
	slot.JTI = t.JTI
	s.Book.Tokens[t.JTI] = &t
	s.Changed.Slots[slot.SlotKey] = true
	s.Changed.Tokens = append(s.Changed.Tokens, &t)
	data := map[string]any{"jti": t.JTI, "offer_id": t.OfferID, "offer_version": t.OfferVersion, "group": t.Group, "expires_at": t.ExpiresAt}
	if t.Customer != "" {
		data["customer"] = t.Customer
	}
	s.emit("offer_token.issued", orderingOf(t.Customer, t.Subject), data)
	return Issued{Token: t, Offer: *s.Book.Offers[t.OfferID]}, nil
}

// replace takes a token out of force for which another one is given: for another cart, on another proof, or because the
// key that signed it is not good any more. A reservation that holds it can still be redeemed; once released, the token
// does not come back to life beside its successor.
func (s *Shop) replace(old *offers.Token) {
	old.State = offers.TokenRevoked
	s.Book.Changed.Tokens[old.JTI] = true
	s.emit("offer_token.revoked", orderingOf(old.Customer, old.Subject), map[string]any{"jti": old.JTI, "offer_id": old.OfferID,
		"attestation_id": old.AttestationID, "reason": "replaced"})
}

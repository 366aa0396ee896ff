package checkout

import (
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

// IssueToken gives a token for an offer, or the one that is live already. It decides an Issued.
type IssueToken struct {
	// Draft is the token to give if none is live. It is signed before, so that no signature is made under a lock.
	Draft offers.Token
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

func (c IssueToken) slot() SlotKey { return SlotKey{c.Draft.OfferID, c.Draft.Subject} }

func (c IssueToken) want(k *Keys) { k.Offers.Add(c.Draft.OfferID) }

func (c IssueToken) plan(f *Facts, k *Keys) error {
	if f.Offers[c.Draft.OfferID] == nil {
		return ErrOfferMissing
	}
	k.Slots.Add(c.slot())
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
	if t := s.Book.Tokens[slot.JTI]; t != nil && s.Now.Before(t.ExpiresAt) && t.AttestationID == c.Draft.AttestationID &&
		(t.State == offers.TokenLive || t.State == offers.TokenHeld) && (c.Verifies == nil || c.Verifies(t.KID)) {
		return Issued{Token: *t, Offer: *s.Book.Offers[t.OfferID], Again: true}, nil
	}
	t := c.Draft
	t.State = offers.TokenLive
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

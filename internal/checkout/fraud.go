package checkout

import (
	"context"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// ErrHoldEnded says that a hold is over because what it rested on was fraud.
var ErrHoldEnded = fault.New(fault.ReservationReleased,
	"The reservation ended: what it rested on is not good any more. Give the payment back, or honour the price without the offer's use.")

// fraudulent tells whether any use of a price rests on a proof that ended for fraud.
func (s *Shop) fraudulent(p offers.Pinned) bool {
	for _, u := range p.Uses {
		if a := s.Attestations[u.Attestation]; a != nil && a.Fraud {
			return true
		}
	}
	return false
}

// EndHold ends a reservation that rests on a proof which ended for fraud: what it holds is given back as by any release,
// and its tokens that rest on such a proof are out of force. A reservation that was redeemed, or that rests on nothing of
// the kind, stays as it is. Ending twice changes nothing. It decides an offers.Reservation.
type EndHold struct {
	ReservationID string
	Reason        string
}

func (c EndHold) want(k *Keys) { k.Reservations.Add(c.ReservationID) }

func (c EndHold) plan(f *Facts, k *Keys) error { return Release{c.ReservationID}.plan(f, k) }

func (c EndHold) decide(s *Shop) (any, error) {
	r := s.Book.Reservations[c.ReservationID]
	if r.State == offers.Redeemed || !s.fraudulent(r.Pinned) {
		return *r, nil
	}
	held := r.State == offers.Held && !r.Lapsed(s.Now)
	for _, u := range r.Pinned.Uses {
		// Out of force before the release, which would bring them back to life.
		s.revoke(s.Book.Tokens[u.JTI], c.Reason)
	}
	if err := s.Book.Release(r); err != nil {
		return nil, err
	}
	if held {
		data := map[string]any{"reservation_id": r.ID, "order_ref": r.OrderRef, "reason": c.Reason}
		s.emit("reservation.released", orderingOf(r.Pinned.Customer, r.ID), data)
	}
	return *r, nil
}

// revoke takes a token out of force whose proof ended for fraud.
func (s *Shop) revoke(t *offers.Token, reason string) {
	if t == nil || t.State == offers.TokenSpent || t.State == offers.TokenRevoked {
		return
	}
	if a := s.Attestations[t.AttestationID]; a == nil || !a.Fraud {
		return
	}
	t.State = offers.TokenRevoked
	s.Book.Changed.Tokens[t.JTI] = true
	s.emit("offer_token.revoked", orderingOf(t.Customer, t.Subject), map[string]any{"jti": t.JTI, "offer_id": t.OfferID,
		"attestation_id": t.AttestationID, "reason": reason})
}

// RevokeTokens takes tokens out of force whose proof ended for fraud: those that came back to life by a release. It
// decides nothing.
type RevokeTokens struct {
	JTIs   []string
	Reason string
}

func (c RevokeTokens) want(k *Keys) { k.Tokens.Add(c.JTIs...) }

func (c RevokeTokens) plan(f *Facts, k *Keys) error {
	for _, jti := range c.JTIs {
		if t := f.Tokens[jti]; t != nil && t.AttestationID != "" {
			k.Attestations.Add(t.AttestationID)
		}
	}
	return nil
}

func (c RevokeTokens) decide(s *Shop) (any, error) {
	for _, jti := range c.JTIs {
		if t := s.Book.Tokens[jti]; t != nil && t.State == offers.TokenLive {
			s.revoke(t, c.Reason)
		}
	}
	return nil, nil
}

// ForfeitPoints takes back what is left of the points of a redemption that was fraud. What the member does not have any
// more becomes debt. Asking again takes nothing more. It decides an offers.Redemption.
type ForfeitPoints struct {
	RedemptionID string
	Actor        string
}

func (c ForfeitPoints) want(k *Keys) {
	k.Program = true
	k.Redemptions.Add(c.RedemptionID)
}

func (c ForfeitPoints) plan(f *Facts, k *Keys) error {
	red := f.Redemptions[c.RedemptionID]
	if red == nil {
		return ErrRedemptionMissing
	}
	k.Orders.Add(red.OrderID)
	if customer := red.Pinned.Customer; customer != "" {
		k.Members.Add(customer)
		k.AllLots.Add(customer)
	}
	return nil
}

func (c ForfeitPoints) decide(s *Shop) (any, error) {
	red := s.Book.Redemptions[c.RedemptionID]
	left := red.PointsLeft()
	if left == 0 || red.Pinned.Customer == "" {
		return *red, nil
	}
	claw := loyalty.Clawback{Points: left, Of: orderSource(red.OrderID), EarnedAt: s.Orders[red.OrderID].PlacedAt, Actor: c.Actor,
		Source: loyalty.Source{Type: "fraud", ID: red.OrderID}}
	if err := s.credit(red.Pinned.Customer, claw); err != nil {
		return nil, err
	}
	s.Book.Forfeit(red)
	data := map[string]any{"redemption_id": red.ID, "order_id": red.OrderID, "points_reversed": left, "customer": red.Pinned.Customer}
	s.emit("redemption.points_forfeited", red.Pinned.Customer, data)
	return *red, nil
}

// Resting is what rests on proofs that have ended.
type Resting struct {
	// Reservations hold tokens of the proofs, Live tokens are in nobody's hands.
	Reservations, Live []string
	// Redemptions used tokens of the proofs, oldest first.
	Redemptions []string
}

// FraudReader finds what rests on proofs.
type FraudReader interface {
	Resting(ctx context.Context, store string, attestations []string) (Resting, error)
	RedemptionsByID(ctx context.Context, store string, ids []string) ([]offers.Redemption, error)
}

// Frauds carries out at the checkout what a confirmed fraud leads to.
type Frauds struct {
	// Do carries out a command: the committer's Do.
	Do     func(context.Context, Attempt) (Answered, error)
	Reader FraudReader
}

// Settlement is a confirmed fraud whose consequences are due.
type Settlement struct {
	Store string
	// Attestations ended because of it.
	Attestations []string
	// ReversePoints is the store's rule.
	ReversePoints bool
	// Actor stands on the entries of points.
	Actor string
}

// Settle ends holds, revokes tokens and, where the store's rule says so, takes points back. Each is a command of its own
// that changes nothing when it was carried out before, so whoever is interrupted begins anew. It returns the redemptions
// that rested on the proofs.
func (f *Frauds) Settle(ctx context.Context, s Settlement) (redemptions []string, err error) {
	const reason = "fraud_confirmed"
	rest, err := f.Reader.Resting(ctx, s.Store, s.Attestations)
	if err != nil {
		return nil, fmt.Errorf("finding what rests on a proof: %w", err)
	}
	for _, id := range rest.Reservations {
		if _, err := f.Do(ctx, Attempt{Store: s.Store, Command: EndHold{id, reason}}); err != nil {
			return nil, fmt.Errorf("ending the reservation %s: %w", id, err)
		}
	}
	// Released meanwhile by the checkout itself: the token came back to life.
	if rest, err = f.Reader.Resting(ctx, s.Store, s.Attestations); err != nil {
		return nil, fmt.Errorf("finding what rests on a proof: %w", err)
	}
	if len(rest.Live) > 0 {
		if _, err := f.Do(ctx, Attempt{Store: s.Store, Command: RevokeTokens{rest.Live, reason}}); err != nil {
			return nil, fmt.Errorf("revoking tokens: %w", err)
		}
	}
	if !s.ReversePoints {
		return rest.Redemptions, nil
	}
	for _, id := range rest.Redemptions {
		if _, err := f.Do(ctx, Attempt{Store: s.Store, Command: ForfeitPoints{id, s.Actor}}); err != nil {
			return nil, fmt.Errorf("taking back the points of %s: %w", id, err)
		}
	}
	return rest.Redemptions, nil
}

// Redemptions returns the redemptions that rest on proofs, oldest first.
func (f *Frauds) Redemptions(ctx context.Context, store string, attestations []string) ([]offers.Redemption, error) {
	rest, err := f.Reader.Resting(ctx, store, attestations)
	if err != nil {
		return nil, err
	}
	return f.Reader.RedemptionsByID(ctx, store, rest.Redemptions)
}

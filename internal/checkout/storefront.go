package checkout

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/offers/token"
)

// Told is what became of something that a storefront's platform told of after the fact.
type Told struct {
	// Known is true when it was told before, or there is nothing left to do.
	Known bool
	// RedemptionID is the redemption that was made; empty when the order was recorded without offers.
	RedemptionID string
	// Mismatch is the reason in the event integration.mismatch; empty when both sides agree.
	Mismatch string
}

// The reasons of a mismatch that are not codes of faults.
const (
	MismatchOrderUnknown    = "order_unknown"
	MismatchOrderUnreadable = "order_unreadable"
	MismatchDiscount        = "discount_differs"
)

// StorefrontOrder is an order that was paid on a platform which tells of it afterwards. It is never refused: where its
// tokens cannot be redeemed any more it is recorded without offers, and the event integration.mismatch tells why.
// It decides a Told.
type StorefrontOrder struct {
	Source   string
	OrderID  string
	Customer string
	Cart     offers.Cart
	PlacedAt time.Time
	// Tokens are the ids of the tokens whose codes the shopper used, and Discount is what the platform took off for
	// them, in minor units of the cart's currency.
	Tokens   []string
	Discount int64

	// refused says why the tokens cannot be redeemed. Each plan sets it anew.
	refused error
}

// acceptedAt is when the expiry of a purchase's tokens is judged.
func (p Purchase) acceptedAt(now time.Time) time.Time {
	if p.PlacedAt.IsZero() || p.PlacedAt.After(now) {
		return now
	}
	return p.PlacedAt
}

func (c *StorefrontOrder) redeem() Redeem {
	p := Purchase{Customer: c.Customer, Cart: c.Cart, Tokens: c.Tokens, PlacedAt: c.PlacedAt}
	return Redeem{Purchase: p, OrderID: c.OrderID, OrderRef: c.OrderID}
}

func (c *StorefrontOrder) record(now time.Time) RecordOrder {
	at := c.PlacedAt
	if at.After(now) {
		at = now
	}
	return RecordOrder{OrderID: c.OrderID, Customer: c.Customer, Cart: c.Cart, PlacedAt: at}
}

func (c *StorefrontOrder) want(k *Keys) {
	if len(c.Tokens) > 0 {
		c.redeem().want(k)
		return
	}
	c.record(c.PlacedAt).want(k)
}

func (c *StorefrontOrder) plan(f *Facts, k *Keys) error {
	c.refused = nil
	if len(c.Tokens) == 0 {
		return nil
	}
	err := c.redeem().plan(f, k)
	if err != nil && fault.From(err) == nil {
		return err
	}
	c.refused = err
	return nil
}

func (c *StorefrontOrder) decide(s *Shop) (any, error) {
	if s.Orders[c.OrderID].Kind != OrderFree {
		return Told{Known: true}, nil
	}
	var told Told
	if len(c.Tokens) > 0 {
		r, err := c.use(s)
		switch {
		case err == nil:
			if told.RedemptionID = r.ID; r.Pinned.Totals.Discount != c.Discount {
				told.Mismatch = MismatchDiscount
				s.mismatch(c.Source, c.OrderID, told.Mismatch, map[string]any{"redemption_id": r.ID, "currency": c.Cart.Currency,
					"discount": r.Pinned.Totals.Discount, "platform_discount": c.Discount})
			}
			return told, nil
		case fault.From(err) == nil:
			return nil, err
		}
		told.Mismatch = string(fault.CodeOf(err))
	}
	if _, err := c.record(s.Now).decide(s); err != nil {
		return nil, err
	}
	if told.Mismatch != "" {
		s.mismatch(c.Source, c.OrderID, told.Mismatch, map[string]any{"offer_token_ids": c.Tokens, "currency": c.Cart.Currency, "platform_discount": c.Discount})
	}
	return told, nil
}

func (c *StorefrontOrder) use(s *Shop) (offers.Redemption, error) {
	if c.refused != nil {
		return offers.Redemption{}, c.refused
	}
	v, err := c.redeem().decide(s)
	r, _ := v.(offers.Redemption)
	return r, err
}

// Size makes a batch's bytes countable.
func (c *StorefrontOrder) Size() int { return c.redeem().Size() }

// mismatch tells that a platform and this gateway do not agree on an order.
func (s *Shop) mismatch(source, orderID, reason string, data map[string]any) {
	data["source"], data["order_id"], data["reason"] = source, orderID, reason
	s.emit("integration.mismatch", "integration:"+source, data)
}

// StorefrontRefund is a refund or cancellation that happened on a platform which tells of it afterwards. It decides a
// Told. What was given back before counts once.
type StorefrontRefund struct {
	Source    string
	OrderID   string
	RefundRef string
	// Lines is what came back; none means all that is left.
	Lines []offers.RefundLine
	// Late says that the order should have been told of by now. While it is false, a refund of an unknown order is
	// refused with ErrOrderMissing, for the platform to tell of it again.
	Late bool

	missing bool
}

func (c *StorefrontRefund) refund() RefundOrder {
	return RefundOrder{OrderID: c.OrderID, RefundRef: c.RefundRef, Lines: c.Lines, Restore: offers.RestoreIfFull}
}

func (c *StorefrontRefund) want(k *Keys) { c.refund().want(k) }

func (c *StorefrontRefund) plan(f *Facts, k *Keys) error {
	err := c.refund().plan(f, k)
	c.missing = c.Late && fault.CodeOf(err) == fault.NotFound
	if c.missing {
		return nil
	}
	return err
}

func (c *StorefrontRefund) decide(s *Shop) (any, error) {
	if c.missing {
		s.mismatch(c.Source, c.OrderID, MismatchOrderUnknown, map[string]any{"refund_ref": c.RefundRef})
		return Told{Mismatch: MismatchOrderUnknown}, nil
	}
	_, err := c.refund().decide(s)
	switch {
	case err == nil:
		return Told{}, nil
	case fault.From(err) == nil:
		return nil, err
	case c.nothingLeft(s):
		return Told{Known: true}, nil
	}
	reason := string(fault.CodeOf(err))
	s.mismatch(c.Source, c.OrderID, reason, map[string]any{"refund_ref": c.RefundRef})
	return Told{Mismatch: reason}, nil
}

// nothingLeft tells whether all of the order came back already.
func (c *StorefrontRefund) nothingLeft(s *Shop) bool {
	o := s.Orders[c.OrderID]
	pinned, refunded := o.Pinned, o.Refunded
	if r := s.Book.Redemptions[o.ID]; r != nil {
		pinned, refunded = r.Pinned, r.Refunded
	}
	_, _, err := offers.Refund(pinned, refunded, nil)
	return err != nil
}

// StorefrontMismatch tells that something which a platform told of could not be understood. It decides a Told.
type StorefrontMismatch struct {
	Source  string
	OrderID string
	Reason  string
}

func (StorefrontMismatch) want(*Keys)               {}
func (StorefrontMismatch) plan(*Facts, *Keys) error { return nil }
func (c StorefrontMismatch) decide(s *Shop) (any, error) {
	s.mismatch(c.Source, c.OrderID, c.Reason, map[string]any{})
	return Told{Mismatch: c.Reason}, nil
}

// TakeOrder takes note of an order that was paid elsewhere. A cart that cannot be priced is told of as a mismatch.
func (s *Service) TakeOrder(ctx context.Context, store *tenant.Store, o StorefrontOrder) (Told, error) {
	if o.Cart.Check() != nil {
		return carryOut[Told](ctx, s, store.ID, StorefrontMismatch{Source: o.Source, OrderID: o.OrderID, Reason: MismatchOrderUnreadable})
	}
	return carryOut[Told](ctx, s, store.ID, &o)
}

// TakeRefund takes note of a refund that was made elsewhere. Faults: not_found for an order that is not known yet, unless
// the refund is late.
func (s *Service) TakeRefund(ctx context.Context, store *tenant.Store, r StorefrontRefund) (Told, error) {
	return carryOut[Told](ctx, s, store.ID, &r)
}

// Offered is a token that could be used now, with the offer it is for.
type Offered struct {
	JTI string
	// ExpiresAt is in the store's time.
	ExpiresAt time.Time
	Offer     offers.Offer
}

// Offered checks that a token could be used now by customer, without using it. Faults: those of redeeming it.
func (s *Service) Offered(ctx context.Context, store *tenant.Store, raw, customer string) (Offered, error) {
	claims, err := s.Tokens.Verify(ctx, raw, token.Expect{Issuer: s.Issuer, Store: store.ID, Now: store.Now(time.Now())})
	if err != nil {
		return Offered{}, err
	}
	p := Purchase{Customer: customer, Tokens: []string{claims.ID}}
	var out Offered
	err = s.Reader.Look(ctx, store.ID, p.want, p.planForLook, func(shop *Shop) error {
		t := shop.Book.Tokens[claims.ID]
		if t == nil {
			return offers.ErrTokenInvalid
		}
		o := shop.Book.Offers[t.OfferID]
		if o == nil {
			return offers.ErrOfferNotLive
		}
		if customer == "" {
			// Who pays is not known yet; that the token is theirs is checked when the order is told of.
			p.Customer = t.Customer
			if a := shop.Attestations[t.AttestationID]; a != nil && a.Bound {
				p.Customer = a.Customer
			}
		}
		if err := o.Available(shop.Now); err != nil {
			return err
		}
		if err := p.refusal(shop, t, o); err != nil {
			return err
		}
		out = Offered{JTI: t.JTI, ExpiresAt: t.ExpiresAt, Offer: *o}
		return nil
	})
	return out, err
}

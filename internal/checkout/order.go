package checkout

import (
	"bytes"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// RecordOrder tells of an order without an offer, so that it earns points. It decides an Order.
type RecordOrder struct {
	OrderID  string
	Customer string
	Cart     offers.Cart
	// PlacedAt is when the shopper ordered; zero means now. It may not lie in the future.
	PlacedAt time.Time
}

// ErrPlacedInFuture refuses an order that is not placed yet.
var ErrPlacedInFuture = fault.New(fault.Invalid, "An order cannot be placed in the future.").At("#/placed_at", "must not be after now")

func (c RecordOrder) want(k *Keys) {
	k.Orders.Add(c.OrderID)
	k.Program = true
	if c.Customer != "" {
		k.Members.Add(c.Customer)
	}
}

func (c RecordOrder) plan(*Facts, *Keys) error { return nil }

func (c RecordOrder) fingerprint() []byte {
	return Purchase{Customer: c.Customer, Cart: c.Cart}.fingerprint()
}

func (c RecordOrder) decide(s *Shop) (any, error) {
	o := s.Orders[c.OrderID]
	switch {
	case o.Kind == OrderPlain && bytes.Equal(o.Fingerprint, c.fingerprint()):
		return *o, nil
	case o.Kind != OrderFree:
		return nil, offers.ErrOrderTaken
	}
	at := c.PlacedAt
	if at.IsZero() {
		at = s.Now
	}
	// Clocks of storefronts run a little fast.
	if at.After(s.Now.Add(5 * time.Minute)) {
		return nil, ErrPlacedInFuture
	}
	pinned := Pin(c.Customer, c.Cart, offers.Evaluate(c.Cart, nil, s.Now), s.Program)
	s.earn(c.Customer, c.OrderID, &pinned, at)
	s.ownOrder(&Order{Store: s.Store.ID, OrderID: c.OrderID, ID: s.NewID("ord"), Kind: OrderPlain, Fingerprint: c.fingerprint(),
		Customer: c.Customer, Currency: c.Cart.Currency, Total: pinned.Totals.Total, Points: pinned.Points, Pinned: pinned,
		PlacedAt: at.UTC().Truncate(time.Microsecond), RecordedAt: s.Now})
	return *s.Orders[c.OrderID], nil
}

// RefundOrder refunds lines of an order, with or without offers. It decides a Refund.
type RefundOrder struct {
	OrderID   string
	RefundRef string
	Lines     []offers.RefundLine
	// Restore says whether the uses of the order's offers come back. Plain orders have none.
	Restore offers.RestoreUse
	// RedemptionID, when set, names the redemption instead of the order.
	RedemptionID string
}

// Faults of refunds.
var (
	ErrOrderMissing      = fault.New(fault.NotFound, "There is no such order.")
	ErrRedemptionMissing = fault.New(fault.NotFound, "There is no such redemption.")
	ErrRefundTaken       = fault.New(fault.RefundConflict, "This refund_ref was used for another refund of this order. A refund_ref belongs to one refund for ever.")
)

func (c RefundOrder) want(k *Keys) {
	k.Program = true
	if c.RedemptionID != "" {
		k.Redemptions.Add(c.RedemptionID)
		return
	}
	k.KnownOrders.Add(c.OrderID)
}

func (c RefundOrder) plan(f *Facts, k *Keys) error {
	customer, orderID := "", c.OrderID
	redemption := f.Redemptions[c.RedemptionID]
	if c.RedemptionID != "" {
		if redemption == nil {
			return ErrRedemptionMissing
		}
		orderID = redemption.OrderID
	} else {
		o := f.Orders[c.OrderID]
		if o == nil || o.Kind == OrderFree {
			return ErrOrderMissing
		}
		customer = o.Customer
		redemption = f.Redemptions[o.ID]
	}
	if redemption != nil {
		customer = redemption.Pinned.Customer
		k.Redemptions.Add(redemption.ID)
		for _, u := range redemption.Pinned.Uses {
			k.Counters.Add(u.Counters...)
		}
	}
	k.Orders.Add(orderID)
	k.Refunds.Add(RefundKey{orderID, c.RefundRef})
	if customer != "" {
		k.Members.Add(customer)
		k.AllLots.Add(customer)
	}
	return nil
}

func (c RefundOrder) fingerprint() []byte {
	p := Purchase{Customer: string(c.Restore)}
	for _, l := range c.Lines {
		p.Cart.Lines = append(p.Cart.Lines, offers.Line{LineID: l.LineID, Quantity: l.Quantity})
	}
	return p.fingerprint()
}

func (c RefundOrder) decide(s *Shop) (any, error) {
	redemption := s.Book.Redemptions[c.RedemptionID]
	orderID := c.OrderID
	if redemption != nil {
		orderID = redemption.OrderID
	}
	o := s.Orders[orderID]
	if redemption == nil {
		redemption = s.Book.Redemptions[o.ID]
	}
	key := RefundKey{orderID, c.RefundRef}
	if first := s.Refunds[key]; first != nil {
		if !bytes.Equal(first.Fingerprint, c.fingerprint()) {
			return nil, ErrRefundTaken
		}
		return *first, nil
	}
	rev, err := s.reverse(o, redemption, c)
	if err != nil {
		return nil, err
	}
	if rev.Points > 0 && o.Customer != "" {
		claw := loyalty.Clawback{Points: rev.Points, Of: orderSource(orderID), EarnedAt: o.PlacedAt, Actor: "checkout",
			Source: loyalty.Source{Type: "refund", ID: orderID, Line: c.RefundRef}}
		if err := s.credit(o.Customer, claw); err != nil {
			return nil, err
		}
	}
	refund := &Refund{Key: key, ID: s.NewID("rfd"), Fingerprint: c.fingerprint(), Reversal: rev, CreatedAt: s.Now}
	s.Refunds[key] = refund
	s.Changed.Refunds = append(s.Changed.Refunds, refund)
	s.tellRefund(o, redemption, refund)
	return *refund, nil
}

// reverse takes the lines back, from the redemption or from the plain order.
func (s *Shop) reverse(o *Order, redemption *offers.Redemption, c RefundOrder) (offers.Reversal, error) {
	if redemption != nil {
		return s.Book.RefundRedemption(redemption, c.Lines, c.Restore)
	}
	next, rev, err := offers.Refund(o.Pinned, o.Refunded, c.Lines)
	if err != nil {
		return rev, err
	}
	o.Refunded = next
	s.Changed.Orders[o.OrderID] = true
	return rev, nil
}

func (s *Shop) tellRefund(o *Order, redemption *offers.Redemption, r *Refund) {
	data := map[string]any{"order_id": o.OrderID, "refund_id": r.ID, "refund_ref": r.Key.Ref, "state": string(r.Reversal.State),
		"discount_reversed": r.Reversal.Discount, "points_reversed": r.Reversal.Points}
	kind := "order.refunded"
	if redemption != nil {
		kind = "redemption.refunded"
		data["redemption_id"] = redemption.ID
	}
	s.emit(kind, orderingOf(o.Customer, o.ID), data)
}

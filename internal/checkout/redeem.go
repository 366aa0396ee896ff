package checkout

import (
	"bytes"
	"crypto/sha256"
	"time"

	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// RedeemReservation uses a reservation for an order. It decides an offers.Redemption.
type RedeemReservation struct {
	ReservationID string
	OrderID       string
	// Totals, when set, must be the pinned ones.
	Totals *offers.Totals
}

func (c RedeemReservation) want(k *Keys) {
	k.Reservations.Add(c.ReservationID)
	k.Orders.Add(c.OrderID)
	k.Program = true
}

func (c RedeemReservation) plan(f *Facts, k *Keys) error {
	r := f.Reservations[c.ReservationID]
	if r == nil {
		return ErrReservationMissing
	}
	lockReservation(r, k)
	if r.Pinned.Customer != "" {
		k.Members.Add(r.Pinned.Customer)
	}
	return nil
}

func (c RedeemReservation) fingerprint() []byte {
	sum := sha256.Sum256([]byte("reservation:" + c.ReservationID))
	return sum[:]
}

func (c RedeemReservation) decide(s *Shop) (any, error) {
	r := s.Book.Reservations[c.ReservationID]
	if c.Totals != nil && *c.Totals != r.Pinned.Totals {
		return nil, offers.ErrTotalsChanged
	}
	if first, err := s.firstAnswer(c.OrderID, c.fingerprint()); first != nil || err != nil {
		return first, err
	}
	if r.State != offers.Redeemed && s.fraudulent(r.Pinned) {
		return nil, ErrHoldEnded
	}
	return s.redeem(r, c.OrderID, c.fingerprint())
}

// Redeem holds and redeems in one step. It decides an offers.Redemption.
type Redeem struct {
	Purchase
	OrderID  string
	OrderRef string
}

func (c Redeem) want(k *Keys) {
	if c.Refused != nil {
		k.KnownOrders.Add(c.OrderID)
		return
	}
	c.Purchase.want(k)
	k.Orders.Add(c.OrderID)
	k.Attempts.Add(c.OrderRef)
	if c.Customer != "" {
		k.Members.Add(c.Customer)
	}
}

func (c Redeem) plan(f *Facts, k *Keys) error {
	if c.Refused == nil {
		return c.Purchase.plan(f, k)
	}
	if o := f.Orders[c.OrderID]; o == nil || o.Kind == OrderFree {
		return c.Refused
	}
	k.Orders.Add(c.OrderID)
	return nil
}

func (c Redeem) decide(s *Shop) (any, error) {
	first, err := s.firstAnswer(c.OrderID, c.fingerprint())
	switch {
	case first != nil:
		return first, nil
	case c.Refused != nil:
		return nil, c.Refused
	case err != nil:
		return nil, err
	}
	r, err := Reserve{Purchase: c.Purchase, OrderRef: c.OrderRef, TTL: DefaultHold}.hold(s)
	if err != nil {
		return nil, err
	}
	return s.redeem(r, c.OrderID, c.fingerprint())
}

// firstAnswer gives the redemption that an order_id belongs to when it is asked for again, and refuses an order_id that
// belongs to something else. A free order_id gives nil.
func (s *Shop) firstAnswer(orderID string, fingerprint []byte) (any, error) {
	o := s.Orders[orderID]
	switch {
	case o.Kind == OrderFree:
		return nil, nil
	case o.Kind == OrderRedemption && bytes.Equal(o.Fingerprint, fingerprint):
		return *s.Book.Redemptions[o.ID], nil
	default:
		return nil, offers.ErrOrderTaken
	}
}

// redeem uses a reservation, gives the order its owner, binds the proof to the customer, credits the points and tells.
func (s *Shop) redeem(r *offers.Reservation, orderID string, fingerprint []byte) (any, error) {
	again := r.State == offers.Redeemed
	red, err := s.Book.Redeem(r, orderID)
	if err != nil {
		return nil, err
	}
	if again {
		return *red, nil
	}
	customer := red.Pinned.Customer
	s.ownOrder(&Order{Store: s.Store.ID, OrderID: orderID, ID: red.ID, Kind: OrderRedemption, Fingerprint: fingerprint, Customer: customer,
		Currency: red.Pinned.Cart.Currency, Total: red.Pinned.Totals.Total, Points: red.Pinned.Points, PlacedAt: s.Now, RecordedAt: s.Now})
	s.bind(red.Pinned)
	s.earn(customer, orderID, &red.Pinned, s.Now)
	data := map[string]any{"redemption_id": red.ID, "order_id": orderID, "currency": red.Pinned.Cart.Currency,
		"discount": red.Pinned.Totals.Discount, "total": red.Pinned.Totals.Total, "points": red.Pinned.Points}
	if customer != "" {
		data["customer"] = customer
	}
	s.emit("redemption.created", orderingOf(customer, red.ID), data)
	return *red, nil
}

func orderingOf(customer, id string) string {
	if customer != "" {
		return customer
	}
	return id
}

// ownOrder gives a free order_id its owner.
func (s *Shop) ownOrder(o *Order) {
	*s.Orders[o.OrderID] = *o
	s.Changed.Orders[o.OrderID] = true
}

// bind ties the proofs behind a redemption to its customer, where nobody has done so with authority.
func (s *Shop) bind(p offers.Pinned) {
	for _, u := range p.Uses {
		a := s.Attestations[u.Attestation]
		if a != nil && !a.Bound && p.Customer != "" {
			a.Customer, a.Bound = p.Customer, true
			s.Changed.Attestations[a.ID] = true
		}
	}
}

// earn credits an order's points. A paid order is never refused for its points: a member who can hold no more earns none.
func (s *Shop) earn(customer, orderID string, p *offers.Pinned, at time.Time) {
	if customer == "" || p.Points == 0 {
		return
	}
	err := s.credit(customer, loyalty.Earn{Points: p.Points, Source: orderSource(orderID), OccurredAt: at, RuleVersion: p.RuleVersion, Actor: "checkout"})
	if err != nil {
		p.Points, p.LinePoints = 0, nil
	}
}

func orderSource(orderID string) loyalty.Source { return loyalty.Source{Type: "order", ID: orderID} }

package checkout

import (
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

// Reserve holds price, tokens and capacity for one attempt to pay. It decides an offers.Reservation.
type Reserve struct {
	Purchase
	OrderRef string
	TTL      time.Duration
}

func (c Reserve) want(k *Keys) {
	c.Purchase.want(k)
	k.Attempts.Add(c.OrderRef)
}

func (c Reserve) plan(f *Facts, k *Keys) error { return c.Purchase.plan(f, k) }

func (c Reserve) decide(s *Shop) (any, error) {
	r, err := c.hold(s)
	if err != nil {
		return nil, err
	}
	return *r, nil
}

func (c Reserve) hold(s *Shop) (*offers.Reservation, error) {
	pinned, err := c.price(s)
	if err != nil {
		return nil, err
	}
	return s.Book.Reserve(offers.HoldRequest{OrderRef: c.OrderRef, Customer: c.Customer, TTL: c.TTL, Pinned: pinned})
}

// Release ends a reservation. It decides an offers.Reservation.
type Release struct {
	ReservationID string
}

// ErrReservationMissing says that there is no such reservation in this store.
var ErrReservationMissing = fault.New(fault.NotFound, "There is no such reservation.")

func (c Release) want(k *Keys) { k.Reservations.Add(c.ReservationID) }

func (c Release) plan(f *Facts, k *Keys) error {
	r := f.Reservations[c.ReservationID]
	if r == nil {
		return ErrReservationMissing
	}
	lockReservation(r, k)
	return nil
}

// lockReservation locks what a reservation holds: its tokens and counters. Its attempt still points to it.
func lockReservation(r *offers.Reservation, k *Keys) {
	k.Reservations.Add(r.ID)
	for _, u := range r.Pinned.Uses {
		k.Counters.Add(u.Counters...)
		if u.JTI != "" {
			k.Tokens.Add(u.JTI)
		}
		if u.Attestation != "" {
			k.Attestations.Add(u.Attestation)
		}
	}
}

func (c Release) decide(s *Shop) (any, error) {
	r := s.Book.Reservations[c.ReservationID]
	if err := s.Book.Release(r); err != nil {
		return nil, err
	}
	return *r, nil
}

// DefaultHold and MaxHold bound how long a reservation lives.
const (
	DefaultHold = 15 * time.Minute
	MaxHold     = 24 * time.Hour
)

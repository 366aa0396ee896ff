package database

import (
	"database/sql"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/offers"
)

const tokenColumns = "store_id, jti, offer_id, offer_version, subject, attestation_id, customer, group_name, person_tags, " +
	"code_mac, kid, sealed, state, cart, holder, issued_at, expires_at, pool_code"

func (tx *Tx) eachToken(p *pipeline, keys [][]any, lock bool, each func(*offers.Token)) {
	p.lookup(tx, "offer_tokens", tokenColumns, "store_id, jti", keys, lock, func(r row) error {
		t, err := scanToken(r)
		if err == nil {
			each(t)
		}
		return err
	})
}

func scanToken(r row) (*offers.Token, error) {
	var t offers.Token
	var tags string
	err := r.Scan(&t.Store, &t.JTI, &t.OfferID, &t.OfferVersion, &t.Subject, &t.AttestationID, &t.Customer, &t.Group, &tags,
		&t.CodeMAC, &t.KID, &t.Sealed, &t.State, &t.Cart, &t.Holder, &t.IssuedAt, &t.ExpiresAt, &t.PoolCode)
	if err != nil {
		return nil, err
	}
	t.IssuedAt, t.ExpiresAt = t.IssuedAt.UTC(), t.ExpiresAt.UTC()
	return &t, decode(tags, &t.PersonTags)
}

func (tx *Tx) eachReservation(p *pipeline, keys [][]any, each func(*offers.Reservation)) {
	const cols = "store_id, id, order_ref, state, redemption_id, body, created_at, expires_at"
	p.lookup(tx, "reservations", cols, "store_id, id", keys, false, func(r row) error {
		var v offers.Reservation
		var body string
		if err := r.Scan(&v.Store, &v.ID, &v.OrderRef, &v.State, &v.RedemptionID, &body, &v.CreatedAt, &v.ExpiresAt); err != nil {
			return err
		}
		v.CreatedAt, v.ExpiresAt = v.CreatedAt.UTC(), v.ExpiresAt.UTC()
		if err := decode(body, &v.Pinned); err != nil {
			return err
		}
		each(&v)
		return nil
	})
}

const redemptionColumns = "store_id, id, order_id, reservation_id, state, body, refunded, created_at, updated_at"

func (tx *Tx) eachRedemption(p *pipeline, keys [][]any, lock bool, each func(*offers.Redemption)) {
	p.lookup(tx, "redemptions", redemptionColumns, "store_id, id", keys, lock, func(r row) error {
		v, err := scanRedemption(r)
		if err == nil {
			each(v)
		}
		return err
	})
}

func scanRedemption(r row) (*offers.Redemption, error) {
	var v offers.Redemption
	var body, refunded string
	if err := r.Scan(&v.Store, &v.ID, &v.OrderID, &v.ReservationID, &v.State, &body, &refunded, &v.CreatedAt, &v.UpdatedAt); err != nil {
		return nil, err
	}
	v.CreatedAt, v.UpdatedAt = v.CreatedAt.UTC(), v.UpdatedAt.UTC()
	if err := decode(body, &v.Pinned); err != nil {
		return nil, err
	}
	return &v, decode(refunded, &v.Refunded)
}

func (tx *Tx) eachOrder(p *pipeline, keys [][]any, lock bool, each func(*checkout.Order)) {
	const cols = "store_id, order_id, id, kind, fingerprint, customer, currency, total, points, body, refunded, placed_at, recorded_at"
	p.lookup(tx, "orders", cols, "store_id, order_id", keys, lock, func(r row) error {
		var o checkout.Order
		var body, refunded string
		var placed, recorded sql.NullTime
		err := r.Scan(&o.Store, &o.OrderID, &o.ID, &o.Kind, &o.Fingerprint, &o.Customer, &o.Currency, &o.Total, &o.Points,
			&body, &refunded, &placed, &recorded)
		if err != nil {
			return err
		}
		o.PlacedAt, o.RecordedAt = timeOf(placed), timeOf(recorded)
		if err := decode(body, &o.Pinned); err != nil {
			return err
		}
		if err := decode(refunded, &o.Refunded); err != nil {
			return err
		}
		each(&o)
		return nil
	})
}

package shopify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/minor"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// Delivery is one webhook as it arrived.
type Delivery struct {
	// Topic is of X-Shopify-Topic, Shop of X-Shopify-Shop-Domain, Signature of X-Shopify-Hmac-Sha256.
	Topic     string
	Shop      string
	Signature string
	// Body is as it was sent, byte for byte: that is what was signed.
	Body []byte
}

// Outcome is what became of a webhook.
type Outcome string

// The outcomes.
const (
	// Ignored is for topics and states that mean nothing to the gateway.
	Ignored Outcome = "ignored"
	// Taken says that something changed here.
	Taken Outcome = "taken"
	// Known says that it was told before.
	Known Outcome = "known"
	// Differs says that the event integration.mismatch tells of a difference.
	Differs Outcome = "mismatch"
)

// Faults of webhooks.
var (
	ErrSignature  = fault.New(fault.Unauthenticated, "This webhook was not signed by the shop that the store is connected to.")
	errUnreadable = fault.New(fault.Invalid, "This is not a resource of Shopify.")
	// errEarly has Shopify tell again: it retries for hours.
	errEarly = fault.New(fault.Unavailable, "The order of this webhook is not known yet. Send it again later.").After(time.Minute)
)

// earlyFor is how long a refund may wait for its order's own webhook: they come in any order.
const earlyFor = time.Hour

// Receive takes note of what a webhook tells. It is safe to repeat: order and refund ids belong to one order and refund
// for ever. Faults: not_found without a connection, unauthenticated, invalid, unavailable for a refund whose order has
// not been told of yet.
func (s *Service) Receive(ctx context.Context, store *tenant.Store, d Delivery) (Outcome, error) {
	connection, err := s.Connection(ctx, store.ID)
	if err != nil {
		return "", err
	}
	secrets, err := connection.open(store.Keys())
	if err != nil {
		return "", err
	}
	// All shops of one app share its secret: the signature alone does not tell them apart.
	if !signed(secrets.WebhookSecret, d) || !strings.EqualFold(d.Shop, connection.Shop) {
		return "", ErrSignature
	}
	switch d.Topic {
	case "orders/paid", "orders/create":
		return s.paid(ctx, store, d.Body)
	case "orders/cancelled":
		return s.cancelled(ctx, store, d.Body)
	case "refunds/create":
		r, err := readRefund(d.Body)
		if err != nil {
			return "", errUnreadable.Wrap(err)
		}
		return s.refunded(ctx, store, r)
	}
	return Ignored, nil
}

// signed compares the signature over the raw body, in constant time.
func signed(secret string, d Delivery) bool {
	sent, err := base64.StdEncoding.DecodeString(d.Signature)
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(d.Body)
	return hmac.Equal(sent, mac.Sum(nil))
}

func outcome(t checkout.Told) Outcome {
	switch {
	case t.Mismatch != "":
		return Differs
	case t.Known:
		return Known
	}
	return Taken
}

// paid takes note of a paid order, and of what has happened to it since.
func (s *Service) paid(ctx context.Context, store *tenant.Store, body []byte) (Outcome, error) {
	o, err := readOrder(body)
	if err != nil {
		return "", errUnreadable.Wrap(err)
	}
	if !o.paid() {
		return Ignored, nil
	}
	taken := checkout.StorefrontOrder{Source: Source, OrderID: number(o.ID), Customer: o.customer(), PlacedAt: store.Now(o.CreatedAt)}
	// A cart that cannot be read stays empty, which is told of as a mismatch.
	if cart, err := o.cart(); err == nil {
		taken.Cart = cart
	}
	if taken.Tokens, taken.Discount, err = s.used(ctx, store.ID, store.Keys(), o); err != nil {
		return "", err
	}
	told, err := s.Checkout.TakeOrder(ctx, store, taken)
	if err != nil {
		return "", err
	}
	for _, r := range o.Refunds {
		r.OrderID = o.ID
		if _, err := s.refunded(ctx, store, r); err != nil {
			return "", err
		}
	}
	if o.CancelledAt != nil {
		if _, err := s.giveBack(ctx, store, o, true); err != nil {
			return "", err
		}
	}
	return outcome(told), nil
}

// used finds the tokens whose codes are on an order, and what the shop took off for them.
func (s *Service) used(ctx context.Context, store string, keys *crypt.StoreKeys, o order) ([]string, int64, error) {
	macs := make([][]byte, len(o.DiscountCodes))
	for i, c := range o.DiscountCodes {
		macs[i] = keys.CodeMAC(NormalCode(c.Code))
	}
	if len(macs) == 0 {
		return nil, 0, nil
	}
	byMAC, err := s.Storage.Tokens(ctx, store, macs)
	if err != nil {
		return nil, 0, err
	}
	var tokens []string
	var sum int64
	for i, c := range o.DiscountCodes {
		jti, ok := byMAC[string(macs[i])]
		if !ok {
			continue
		}
		tokens = append(tokens, jti)
		// An amount that cannot be read counts as none, and is told of as a difference.
		if amount, err := minor.Parse(c.Amount, o.Currency); err == nil {
			sum += amount
		}
	}
	return tokens, sum, nil
}

// refunded takes note of a refund. One of money alone brings no goods back: it changes nothing here.
func (s *Service) refunded(ctx context.Context, store *tenant.Store, r refund) (Outcome, error) {
	lines := r.lines()
	if len(lines) == 0 {
		return Ignored, nil
	}
	return s.takeRefund(ctx, store, checkout.StorefrontRefund{Source: Source, OrderID: number(r.OrderID), RefundRef: "shopify:" + number(r.ID),
		Lines: lines, Late: s.Now().Sub(r.CreatedAt) > earlyFor})
}

// cancelled gives all that is left of an order back. An order that was never paid was never told of.
func (s *Service) cancelled(ctx context.Context, store *tenant.Store, body []byte) (Outcome, error) {
	o, err := readOrder(body)
	if err != nil {
		return "", errUnreadable.Wrap(err)
	}
	if !o.paid() {
		return Ignored, nil
	}
	return s.giveBack(ctx, store, o, o.CancelledAt != nil && s.Now().Sub(*o.CancelledAt) > earlyFor)
}

func (s *Service) giveBack(ctx context.Context, store *tenant.Store, o order, late bool) (Outcome, error) {
	return s.takeRefund(ctx, store, checkout.StorefrontRefund{Source: Source, OrderID: number(o.ID), RefundRef: "shopify:cancelled", Late: late})
}

func (s *Service) takeRefund(ctx context.Context, store *tenant.Store, r checkout.StorefrontRefund) (Outcome, error) {
	told, err := s.Checkout.TakeRefund(ctx, store, r)
	if fault.CodeOf(err) == fault.NotFound {
		return "", errEarly.Wrap(err)
	}
	if err != nil {
		return "", err
	}
	return outcome(told), nil
}

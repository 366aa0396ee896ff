package checkout

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/offers/token"
)

// ReceiptTyp is the type in the header of a receipt.
const ReceiptTyp = "redemption-receipt+jwt"

// receipt is what a receipt says: what was redeemed, and for nobody by name.
type receipt struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	// Subject is the customer as this store's tokens name them; guests have none.
	Subject string `json:"sub,omitempty"`
	// ID is the redemption.
	ID         string         `json:"jti"`
	IssuedAt   int64          `json:"iat"`
	RedeemedAt int64          `json:"redeemed_at"`
	State      string         `json:"state"`
	OrderID    string         `json:"order_id"`
	Currency   string         `json:"currency"`
	Totals     receiptTotals  `json:"totals"`
	Applied    []receiptOffer `json:"applied"`
	Points     int64          `json:"points"`
	Refunded   receiptRefund  `json:"refunded"`
}

type receiptTotals struct {
	Subtotal int64 `json:"subtotal"`
	Discount int64 `json:"discount"`
	Shipping int64 `json:"shipping"`
	Total    int64 `json:"total"`
}

type receiptOffer struct {
	OfferID      string `json:"offer_id"`
	OfferVersion int64  `json:"offer_version"`
	// Token is the jti of the offer token that was used.
	Token  string `json:"token,omitempty"`
	Amount int64  `json:"amount"`
}

type receiptRefund struct {
	Discount int64 `json:"discount"`
	Points   int64 `json:"points"`
}

// Receipt returns a signed receipt of a redemption as it stands now: a compact JWS that verifies with the gateway's JWK
// set. Faults: not_found.
func (s *Service) Receipt(ctx context.Context, store *tenant.Store, redemption string) (string, error) {
	var r *offers.Redemption
	err := s.Reader.Look(ctx, store.ID, func(k *Keys) { k.Redemptions.Add(redemption) }, nil, func(shop *Shop) error {
		if r = shop.Book.Redemptions[redemption]; r == nil {
			return ErrRedemptionMissing
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	p := r.Pinned
	c := receipt{Issuer: s.Issuer, Audience: store.ID, ID: r.ID, IssuedAt: store.Now(time.Now()).Unix(), RedeemedAt: r.CreatedAt.Unix(),
		State: string(r.State), OrderID: r.OrderID, Currency: p.Cart.Currency, Points: p.Points, Applied: []receiptOffer{},
		Totals:   receiptTotals{Subtotal: p.Totals.Subtotal, Discount: p.Totals.Discount, Shipping: p.Totals.Shipping, Total: p.Totals.Total},
		Refunded: receiptRefund{Discount: r.Refunded.Discount, Points: r.Refunded.Points}}
	if p.Customer != "" {
		c.Subject = store.Keys().Subject("customer:" + p.Customer)
	}
	for _, a := range p.Applied {
		c.Applied = append(c.Applied, receiptOffer{OfferID: a.OfferID, OfferVersion: a.OfferVersion, Token: a.JTI, Amount: a.Amount})
	}
	payload, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("encode receipt: %w", err)
	}
	return s.Tokens.SignDocument(ctx, token.Alg(store.TokenAlgorithm()), ReceiptTyp, payload)
}

package reconcile

import (
	"fmt"

	"github.com/laurel-gateway/laurel/internal/minor"
)

// Kind names a difference.
type Kind string

// The kinds.
const (
	// RedemptionMissing: the storefront took one of the gateway's codes for a paid order that was not redeemed here.
	RedemptionMissing Kind = "redemption_missing"
	// OrderMissing: the gateway knows an order that the storefront does not have.
	OrderMissing Kind = "order_missing"
	// OrderCancelled: the storefront cancelled an order whose use or points still count here.
	OrderCancelled Kind = "order_cancelled"
	// CurrencyDiffers, TotalDiffers and DiscountDiffers: both know the order, and not by the same sums.
	CurrencyDiffers Kind = "currency_differs"
	TotalDiffers    Kind = "total_differs"
	DiscountDiffers Kind = "discount_differs"
	// RefundUntold: the storefront gave money back and nothing came back here.
	RefundUntold Kind = "refund_untold"
	// RefundUnknown: something came back here, and the storefront gave nothing back.
	RefundUnknown Kind = "refund_unknown"
	// RefundDiffers: all came back on one side, a part on the other.
	RefundDiffers Kind = "refund_differs"
	// ReservationStranded: the order is paid, and its reservation still waits to be redeemed.
	ReservationStranded Kind = "reservation_stranded"
	// TokenTwice: one token or code is on two orders.
	TokenTwice Kind = "token_twice"
)

// Kinds are all kinds of differences.
func Kinds() []Kind {
	return []Kind{RedemptionMissing, OrderMissing, OrderCancelled, CurrencyDiffers, TotalDiffers, DiscountDiffers, RefundUntold, RefundUnknown,
		RefundDiffers, ReservationStranded, TokenTwice}
}

// Difference is one thing on which the two sides do not agree.
type Difference struct {
	Kind    Kind   `json:"kind"`
	OrderID string `json:"order_id"`
	// ID is the redemption, reservation or token that it is about, where there is one.
	ID string `json:"id,omitempty"`
	// Shop and Here are what each side says.
	Shop string `json:"shop"`
	Here string `json:"here"`
}

// compare names the differences of one order that both sides know.
func compare(o Order, k Known, allOurs bool) []Difference {
	var out []Difference
	note := func(kind Kind, shop, here string) {
		out = append(out, Difference{Kind: kind, OrderID: o.ID, ID: k.RedemptionID, Shop: shop, Here: here})
	}
	if o.Status == Cancelled {
		if k.Refunded != All {
			note(OrderCancelled, string(Cancelled), hereOf(k))
		}
		return out
	}
	if o.Currency != "" && o.Currency != k.Currency {
		// Sums in two currencies cannot be compared.
		note(CurrencyDiffers, o.Currency, k.Currency)
		return out
	}
	if o.Total.Known && o.Total.Minor != k.Total {
		note(TotalDiffers, money(o.Total.Minor, k.Currency), money(k.Total, k.Currency))
	}
	if k.RedemptionID != "" && o.Discount.Known && (o.Discount.Minor < k.Discount || allOurs && o.Discount.Minor != k.Discount) {
		note(DiscountDiffers, money(o.Discount.Minor, k.Currency), money(k.Discount, k.Currency))
	}
	if shop := o.extent(); o.Refunded.Known && shop != k.Refunded && k.Total > 0 {
		kind := RefundDiffers
		switch None {
		case k.Refunded:
			kind = RefundUntold
		case shop:
			kind = RefundUnknown
		}
		note(kind, "refunded "+money(o.Refunded.Minor, k.Currency)+" ("+string(shop)+")", "refunded "+string(k.Refunded))
	}
	return out
}

func hereOf(k Known) string {
	what := "recorded"
	if k.RedemptionID != "" {
		what = "redeemed"
	}
	return fmt.Sprintf("%s, refunded %s", what, k.Refunded)
}

func money(amount int64, currency string) string {
	return minor.Format(amount, currency) + " " + currency
}

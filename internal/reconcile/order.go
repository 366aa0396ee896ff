package reconcile

import (
	"strings"
	"time"
)

// Amount is a sum in minor units, where it is known.
type Amount struct {
	Minor int64
	Known bool
}

// Of returns a known amount.
func Of(minor int64) Amount { return Amount{minor, true} }

// Status is what the storefront says of an order.
type Status string

// The statuses.
const (
	Paid      Status = "paid"
	Pending   Status = "pending"
	Cancelled Status = "cancelled"
)

// words are the names of statuses that storefronts use.
var words = map[string]Status{
	"": Paid, "paid": Paid, "completed": Paid, "complete": Paid, "fulfilled": Paid, "shipped": Paid, "closed": Paid, "processing": Paid,
	"refunded": Paid, "partially_refunded": Paid,
	"pending": Pending, "open": Pending, "authorized": Pending, "on-hold": Pending, "unpaid": Pending,
	"cancelled": Cancelled, "canceled": Cancelled, "voided": Cancelled, "failed": Cancelled, "expired": Cancelled,
}

// StatusOf reads a storefront's word for a status, and tells whether it is one that is known.
func StatusOf(word string) (Status, bool) {
	s, ok := words[strings.ToLower(strings.TrimSpace(word))]
	return s, ok
}

// Order is an order as the storefront tells of it.
type Order struct {
	ID       string
	Currency string
	Status   Status
	// Total is what was paid, Discount what was taken off, Refunded the money that was given back.
	Total    Amount
	Discount Amount
	Refunded Amount
	// Codes are the discount codes and offer tokens on the order.
	Codes    []string
	PlacedAt time.Time
}

// Extent is how much of an order came back.
type Extent string

// The extents.
const (
	None Extent = "none"
	Part Extent = "part"
	All  Extent = "all"
)

// extent of the money that the storefront gave back.
func (o Order) extent() Extent {
	switch {
	case !o.Refunded.Known || o.Refunded.Minor <= 0:
		return None
	case o.Total.Known && o.Refunded.Minor >= o.Total.Minor:
		return All
	}
	return Part
}

// Known is an order as the gateway knows it.
type Known struct {
	OrderID string
	// RedemptionID is empty for an order that was recorded without offers.
	RedemptionID string
	Currency     string
	Total        int64
	Discount     int64
	Refunded     Extent
	PlacedAt     time.Time
}

// Token is what the gateway knows of a code or token.
type Token struct {
	ID string
	// OrderID is the order that it was redeemed for; empty for none.
	OrderID string
}

// Held is a reservation that holds capacity.
type Held struct {
	ReservationID string
	OrderRef      string
}

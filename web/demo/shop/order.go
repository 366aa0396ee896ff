package shop

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// mostOrders is how many orders the shop remembers of one shopper; the oldest are forgotten first.
const mostOrders = 20

// Order is one purchase as the shop remembers it. Amounts are minor units.
type Order struct {
	ID           string      `json:"order_id"`
	PlacedAt     time.Time   `json:"placed_at"`
	Currency     string      `json:"currency"`
	Lines        []OrderLine `json:"lines"`
	Totals       totals      `json:"totals"`
	Points       int64       `json:"points"`
	RedemptionID string      `json:"redemption_id,omitempty"`
	State        string      `json:"state"`
	Refunds      []Refund    `json:"refunds"`
}

// OrderLine is one product of an order, with the share of the discount that fell on it and how many came back.
type OrderLine struct {
	LineID     string `json:"line_id"`
	SKU        string `json:"sku"`
	Name       text   `json:"name"`
	Quantity   int64  `json:"quantity"`
	UnitAmount int64  `json:"unit_amount"`
	Discount   int64  `json:"discount"`
	Refunded   int64  `json:"refunded"`
}

// Refund is what the gateway reversed for one return.
type Refund struct {
	RefundedAt       time.Time `json:"refunded_at"`
	DiscountReversed int64     `json:"discount_reversed"`
	PointsReversed   int64     `json:"points_reversed"`
}

func newOrder(id string, now time.Time, priced cart) *Order {
	order := &Order{ID: id, PlacedAt: now.UTC(), Currency: priced.Currency, State: "placed", Refunds: []Refund{}}
	for _, line := range priced.Lines {
		item, _ := productBySKU(line.SKU)
		order.Lines = append(order.Lines, OrderLine{
			LineID: line.LineID, SKU: line.SKU, Name: item.Name, Quantity: line.Quantity, UnitAmount: line.UnitAmount,
		})
		order.Totals.Subtotal += line.UnitAmount * line.Quantity
	}
	order.Totals.Shipping = priced.ShippingAmount
	order.Totals.Total = order.Totals.Subtotal + order.Totals.Shipping
	return order
}

func (o *Order) redeemed(done redemption) {
	o.RedemptionID, o.Points, o.Totals = done.RedemptionID, done.Points, done.Totals
	for _, offer := range done.Applied {
		for _, share := range offer.Allocations {
			if line := o.line(share.LineID); line != nil {
				line.Discount += share.Amount
			}
		}
	}
}

func (o *Order) line(id string) *OrderLine {
	for i := range o.Lines {
		if o.Lines[i].LineID == id {
			return &o.Lines[i]
		}
	}
	return nil
}

// copied is safe to encode while others change the order.
func (o *Order) copied() *Order {
	order := *o
	order.Lines, order.Refunds = slices.Clone(o.Lines), slices.Clone(o.Refunds)
	return &order
}

func (c *customer) order(id string) *Order {
	for _, order := range c.orders {
		if order.ID == id {
			return order
		}
	}
	return nil
}

func (c *customer) keep(order *Order) {
	c.orders = append(c.orders, order)
	if len(c.orders) > mostOrders {
		c.orders = c.orders[1:]
	}
}

// listOrders shows the shopper's orders, newest first, with what the gateway says of each redemption now.
func (s *Shop) listOrders(w http.ResponseWriter, r *http.Request) {
	talk := s.gateway.talk()
	shopper, err := s.customers.of(w, r, false)
	if err != nil {
		s.refuse(w, talk, err)
		return
	}
	shopper.turn.Lock()
	defer shopper.turn.Unlock()
	newestFirst := slices.Clone(shopper.orders)
	slices.Reverse(newestFirst)
	shown := []*Order{}
	for _, order := range newestFirst {
		if err := refresh(r.Context(), talk, order); err != nil {
			s.refuse(w, talk, err)
			return
		}
		shown = append(shown, order.copied())
	}
	s.answer(w, http.StatusOK, map[string]any{"calls": talk.calls, "orders": shown})
}

func refresh(ctx context.Context, talk *conversation, order *Order) error {
	if order.RedemptionID == "" {
		return nil
	}
	var page struct {
		Data []struct {
			State string `json:"state"`
		} `json:"data"`
	}
	if err := talk.get(ctx, "/v1/redemptions?order_id="+url.QueryEscape(order.ID), &page); err != nil {
		return err
	}
	if len(page.Data) > 0 {
		order.State = page.Data[0].State
	}
	return nil
}

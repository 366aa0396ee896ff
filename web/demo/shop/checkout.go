package shop

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
)

// holdSeconds is how long the gateway keeps price and capacity while the shopper pays.
const holdSeconds = 900

var orderShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{3,39}$`)

type checkoutRequest struct {
	basket
	// OrderID is made by the browser once per attempt to buy, so that pressing twice buys once.
	OrderID string `json:"order_id"`
}

// redemption is what the shop needs of a redeemed reservation.
type redemption struct {
	RedemptionID string    `json:"redemption_id"`
	State        string    `json:"state"`
	Applied      []applied `json:"applied"`
	Points       int64     `json:"points"`
	Totals       totals    `json:"totals"`
}

func (s *Shop) checkout(w http.ResponseWriter, r *http.Request) {
	talk := s.gateway.talk()
	order, err := s.buy(w, r, talk)
	if err != nil {
		s.refuse(w, talk, err)
		return
	}
	s.answer(w, http.StatusOK, map[string]any{"calls": talk.calls, "order": order})
}

// buy places one order: with an offer it evaluates, holds, takes the (pretended) payment and redeems; without one it
// only tells the gateway of the order, so that points are credited.
func (s *Shop) buy(w http.ResponseWriter, r *http.Request, talk *conversation) (*Order, error) {
	var wanted checkoutRequest
	if err := read(w, r, &wanted); err != nil {
		return nil, err
	}
	if !orderShape.MatchString(wanted.OrderID) {
		return nil, badRequest("an order_id is 4 to 40 letters, digits and hyphens")
	}
	priced, err := wanted.priced()
	if err != nil {
		return nil, err
	}
	shopper, err := s.customers.of(w, r, false)
	if err != nil {
		return nil, err
	}
	shopper.turn.Lock()
	defer shopper.turn.Unlock()
	if known := shopper.order(wanted.OrderID); known != nil {
		return known.copied(), nil
	}
	order := newOrder(wanted.OrderID, s.now(), priced)
	if err := place(r.Context(), talk, shopper, wanted, priced, order); err != nil {
		return nil, err
	}
	delete(shopper.unsettled, order.ID)
	shopper.keep(order)
	return order.copied(), nil
}

func place(ctx context.Context, talk *conversation, shopper *customer, wanted checkoutRequest, priced cart, order *Order) error {
	if len(wanted.Tokens) == 0 {
		return record(ctx, talk, shopper, priced, order)
	}
	if shopper.unsettled[order.ID] {
		settled, err := settle(ctx, talk, order)
		if err != nil || settled {
			return err
		}
	}
	return redeem(ctx, talk, shopper, wanted, priced, order)
}

// settle asks what became of a redemption whose answer was lost, and says whether it took place.
func settle(ctx context.Context, talk *conversation, order *Order) (bool, error) {
	var page struct {
		Data []redemption `json:"data"`
	}
	if err := talk.get(ctx, "/v1/redemptions?order_id="+url.QueryEscape(order.ID), &page); err != nil {
		return false, err
	}
	if len(page.Data) == 0 {
		return false, nil
	}
	order.redeemed(page.Data[0])
	return true, nil
}

func redeem(ctx context.Context, talk *conversation, shopper *customer, wanted checkoutRequest, priced cart, order *Order) error {
	var price evaluation
	if err := talk.post(ctx, "/v1/evaluations", wanted.question(shopper, priced), &price); err != nil {
		return err
	}
	if len(price.Rejected) > 0 {
		// Never charge the full price to somebody who was shown a lower one.
		return &refusal{Status: http.StatusConflict, Code: "offer_rejected", Detail: price.Rejected[0].Reason}
	}
	var held struct {
		ReservationID string `json:"reservation_id"`
	}
	hold := map[string]any{"evaluation_id": price.EvaluationID, "order_ref": order.ID, "ttl_seconds": holdSeconds}
	if err := talk.post(ctx, "/v1/reservations", hold, &held); err != nil {
		return err
	}
	// Here a real shop takes the payment of price.Totals.Total; the hold keeps the price meanwhile.
	path := "/v1/reservations/" + url.PathEscape(held.ReservationID)
	var done redemption
	err := talk.post(ctx, path+"/redeem", map[string]any{"order_id": order.ID, "totals": price.Totals}, &done)
	if problem := (*refusal)(nil); errors.As(err, &problem) {
		var released struct{}
		return errors.Join(err, talk.post(ctx, path+"/release", struct{}{}, &released))
	}
	if err != nil {
		shopper.unsettled[order.ID] = true
		return err
	}
	order.redeemed(done)
	return nil
}

func record(ctx context.Context, talk *conversation, shopper *customer, priced cart, order *Order) error {
	var told struct {
		Points int64 `json:"points"`
	}
	body := map[string]any{"order_id": order.ID, "customer": shopper.id, "cart": priced}
	if err := talk.post(ctx, "/v1/orders", body, &told); err != nil {
		return err
	}
	order.Points = told.Points
	return nil
}

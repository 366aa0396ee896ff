package shop

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

type refundRequest struct {
	Lines []refundLine `json:"lines"`
}

type refundLine struct {
	LineID   string `json:"line_id"`
	Quantity int64  `json:"quantity"`
}

func (s *Shop) refund(w http.ResponseWriter, r *http.Request) {
	talk := s.gateway.talk()
	order, err := s.takeBack(w, r, talk)
	if err != nil {
		s.refuse(w, talk, err)
		return
	}
	s.answer(w, http.StatusOK, map[string]any{"calls": talk.calls, "order": order})
}

// takeBack returns lines of an order: the gateway reverses their shares of the discount and their points.
func (s *Shop) takeBack(w http.ResponseWriter, r *http.Request, talk *conversation) (*Order, error) {
	var wanted refundRequest
	if err := read(w, r, &wanted); err != nil {
		return nil, err
	}
	shopper, err := s.customers.of(w, r, false)
	if err != nil {
		return nil, err
	}
	shopper.turn.Lock()
	defer shopper.turn.Unlock()
	order := shopper.order(r.PathValue("order_id"))
	if order == nil {
		return nil, &refusal{Status: http.StatusNotFound, Code: "not_found", Detail: "the shop knows no such order of yours"}
	}
	if err := order.mayReturn(wanted.Lines); err != nil {
		return nil, err
	}
	done, err := reverse(r.Context(), talk, order, wanted.Lines)
	if err != nil {
		return nil, err
	}
	done.RefundedAt = s.now().UTC()
	order.returned(wanted.Lines, done)
	return order.copied(), nil
}

// reverse tells the gateway. The reference is the order's next return, so that a retry of the same return is the same.
func reverse(ctx context.Context, talk *conversation, order *Order, lines []refundLine) (Refund, error) {
	body := map[string]any{"refund_ref": fmt.Sprintf("%s-r%d", order.ID, len(order.Refunds)+1), "lines": lines}
	path := "/v1/orders/" + url.PathEscape(order.ID) + "/refunds"
	if order.RedemptionID != "" {
		path = "/v1/redemptions/" + url.PathEscape(order.RedemptionID) + "/refunds"
		body["restore_use"] = "if_full"
	}
	var done Refund
	err := talk.post(ctx, path, body, &done)
	return done, err
}

func (o *Order) mayReturn(lines []refundLine) error {
	seen := map[string]bool{}
	for _, each := range lines {
		line := o.line(each.LineID)
		if line == nil || seen[each.LineID] {
			return badRequest("every line names a line of the order, each once")
		}
		if each.Quantity < 1 || each.Quantity > line.Quantity-line.Refunded {
			return &refusal{Status: http.StatusConflict, Code: "refund_exceeds_order", Detail: "more than is left of this line"}
		}
		seen[each.LineID] = true
	}
	if len(lines) == 0 {
		return badRequest("a refund names at least one line")
	}
	return nil
}

func (o *Order) returned(lines []refundLine, done Refund) {
	o.State = "refunded"
	for _, each := range lines {
		o.line(each.LineID).Refunded += each.Quantity
	}
	for _, line := range o.Lines {
		if line.Refunded < line.Quantity {
			o.State = "partially_refunded"
		}
	}
	o.Refunds = append(o.Refunds, done)
}

package shop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

const (
	mostLines    = 20
	mostQuantity = 99
	mostTokens   = 5
)

// basket is what the browser says that it wants to buy.
type basket struct {
	Lines []struct {
		SKU      string `json:"sku"`
		Quantity int64  `json:"quantity"`
	} `json:"lines"`
	// Tokens are offer tokens or their short codes.
	Tokens []string `json:"tokens"`
}

// cart is the gateway's cart: the prices are the shop's, never the browser's.
type cart struct {
	Currency       string     `json:"currency"`
	TaxMode        string     `json:"tax_mode"`
	Lines          []cartLine `json:"lines"`
	ShippingAmount int64      `json:"shipping_amount"`
}

type cartLine struct {
	LineID     string   `json:"line_id"`
	SKU        string   `json:"sku"`
	Quantity   int64    `json:"quantity"`
	UnitAmount int64    `json:"unit_amount"`
	Categories []string `json:"categories"`
}

// totals are the gateway's totals of a cart, in minor units.
type totals struct {
	Subtotal int64 `json:"subtotal"`
	Discount int64 `json:"discount"`
	Shipping int64 `json:"shipping"`
	Total    int64 `json:"total"`
}

// allocation is the part of a discount that falls on one line.
type allocation struct {
	LineID string `json:"line_id"`
	Amount int64  `json:"amount"`
}

type applied struct {
	OfferID     string       `json:"offer_id"`
	Amount      int64        `json:"amount"`
	Allocations []allocation `json:"allocations"`
}

// evaluation is what the shop itself needs of POST /v1/evaluations; the browser gets the whole answer.
type evaluation struct {
	EvaluationID string    `json:"evaluation_id"`
	Applied      []applied `json:"applied"`
	Rejected     []struct {
		OfferID string `json:"offer_id"`
		Reason  string `json:"reason"`
	} `json:"rejected"`
	Points int64  `json:"points"`
	Totals totals `json:"totals"`
}

// priced turns a basket into a cart with the shop's prices; a line's id is its SKU.
func (b basket) priced() (cart, error) {
	if len(b.Lines) == 0 || len(b.Lines) > mostLines || len(b.Tokens) > mostTokens {
		return cart{}, badRequest(fmt.Sprintf("a basket has 1 to %d lines and at most %d tokens", mostLines, mostTokens))
	}
	priced := cart{Currency: currency, TaxMode: "exclusive", ShippingAmount: shippingAmount}
	seen := map[string]bool{}
	for _, line := range b.Lines {
		item, ok := productBySKU(line.SKU)
		if !ok || seen[line.SKU] {
			return cart{}, badRequest("every line names a product of the shop, each once")
		}
		if line.Quantity < 1 || line.Quantity > mostQuantity {
			return cart{}, badRequest(fmt.Sprintf("a quantity is 1 to %d", mostQuantity))
		}
		seen[line.SKU] = true
		priced.Lines = append(priced.Lines, cartLine{item.SKU, item.SKU, line.Quantity, item.UnitAmount, item.Categories})
	}
	return priced, nil
}

// proofs tells tokens (JWTs, with dots) from short codes.
func (b basket) proofs() (tokens, codes []string) {
	tokens, codes = []string{}, []string{}
	for _, each := range b.Tokens {
		if strings.Contains(each, ".") {
			tokens = append(tokens, each)
		} else {
			codes = append(codes, each)
		}
	}
	return tokens, codes
}

// question is the body of an evaluation.
func (b basket) question(shopper *customer, priced cart) map[string]any {
	tokens, codes := b.proofs()
	return map[string]any{"offer_tokens": tokens, "codes": codes, "customer": shopper.id, "cart": priced}
}

func (s *Shop) price(w http.ResponseWriter, r *http.Request) {
	talk := s.gateway.talk()
	var wanted basket
	if err := read(w, r, &wanted); err != nil {
		s.refuse(w, talk, err)
		return
	}
	priced, err := wanted.priced()
	if err != nil {
		s.refuse(w, talk, err)
		return
	}
	shopper, err := s.customers.of(w, r, false)
	if err != nil {
		s.refuse(w, talk, err)
		return
	}
	var answer json.RawMessage
	if err := talk.post(r.Context(), "/v1/evaluations", wanted.question(shopper, priced), &answer); err != nil {
		s.refuse(w, talk, err)
		return
	}
	s.answer(w, http.StatusOK, map[string]any{"calls": talk.calls, "evaluation": answer})
}

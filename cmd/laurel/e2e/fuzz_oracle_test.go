package e2e

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/api/problem"
)

func asJSON(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refusal holds a refusal against the contract: a problem with a code that is known, that is not the gateway's own fault
// and repeats no token.
func (s *stage) refusal(t *testing.T, a answer) {
	t.Helper()
	var p problem.Problem
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil || a.header.Get("Content-Type") != problem.ContentType {
		t.Fatalf("no problem document: %v, %q", a, a.header.Get("Content-Type"))
	}
	if a.status >= 500 || !problem.Known(p.Code) || problem.Of(p.Code).Status != a.status || p.Status != a.status || p.Detail == "" || p.RequestID == "" || len(p.Errors) > problem.MaxErrors {
		t.Fatalf("a refusal that is none of the contract: %v", a)
	}
	for mark, value := range s.marks {
		told := strings.Contains(p.Detail+p.Title, value)
		for _, field := range p.Errors {
			told = told || strings.Contains(field.Detail, value)
		}
		if told && !strings.HasPrefix(mark, "@OFFER") {
			t.Errorf("a refusal repeats %s: %v", mark, a)
		}
	}
}

type sums struct{ Subtotal, Discount, Shipping, Total int64 }

type share struct {
	LineID string `json:"line_id"`
	Target string
	Amount int64
}

// priced is what all answers with a price have.
type priced struct {
	Applied []struct {
		Amount      int64
		Allocations []share
	}
	Points int64
	Totals sums
}

// bought is the cart of a request.
type bought struct {
	Customer string
	Cart     *struct {
		Lines []struct {
			LineID     string `json:"line_id"`
			Quantity   int64
			UnitAmount int64 `json:"unit_amount"`
		}
		ShippingAmount int64 `json:"shipping_amount"`
	}
}

func decoded[T any](t testing.TB, what string, body []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%s %s: %v", what, body, err)
	}
	return v
}

// consistent holds a price against itself and the cart that was sent: every sum is the sum of its parts, and no part of
// the cart gets more off than it costs.
func consistent(t testing.TB, p priced, sent []byte) {
	t.Helper()
	given, left := int64(0), map[string]int64{}
	cart := decoded[bought](t, "sent", sent).Cart
	if cart != nil {
		subtotal := int64(0)
		for _, l := range cart.Lines {
			left[l.LineID] = l.Quantity * l.UnitAmount
			subtotal += left[l.LineID]
		}
		if subtotal != p.Totals.Subtotal || cart.ShippingAmount != p.Totals.Shipping {
			t.Errorf("a subtotal of %d and shipping of %d are answered as %+v", subtotal, cart.ShippingAmount, p.Totals)
		}
		left[""] = cart.ShippingAmount
	}
	for _, a := range p.Applied {
		of := int64(0)
		for _, s := range a.Allocations {
			of += s.Amount
			left[s.LineID] -= s.Amount
			if s.Amount < 0 || (s.LineID == "") != (s.Target == "shipping") || cart != nil && left[s.LineID] < 0 {
				t.Errorf("a share of %+v in %+v", s, p)
			}
		}
		if of != a.Amount {
			t.Errorf("shares of %d make %d", of, a.Amount)
		}
		given += a.Amount
	}
	if o := p.Totals; given != o.Discount || o.Subtotal < 0 || o.Shipping < 0 || o.Total < 0 || o.Total != o.Subtotal+o.Shipping-o.Discount || p.Points < 0 {
		t.Errorf("sums of %+v", p)
	}
}

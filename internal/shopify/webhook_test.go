package shopify

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

const (
	paidOrder = "820982911946154508"
	notebooks = "866550311766439020"
	pen       = "141249953214522974"
)

// minted is a stage whose shop has the code of testJTI.
func minted(t *testing.T) *stage {
	s := newStage(t, nil)
	s.kept.codes[testJTI] = Code{Store: testStore, JTI: testJTI, MAC: s.store.Keys().CodeMAC(testCode), State: Minted}
	return s
}

func TestPaidOrder(t *testing.T) {
	s := minted(t)
	got, err := s.Receive(t.Context(), s.store, webhook(t, "orders_paid"))
	if err != nil || got != Taken {
		t.Fatalf("%s, %v", got, err)
	}
	want := []checkout.StorefrontOrder{{Source: Source, OrderID: paidOrder, Customer: "115310627314723954", PlacedAt: time.Date(2026, 11, 21, 10, 2, 0, 0, time.UTC),
		Tokens: []string{testJTI}, Discount: 1100,
		Cart: offers.Cart{Currency: "USD", TaxMode: "exclusive", ShippingAmount: 490, Lines: []offers.Line{
			{LineID: notebooks, SKU: "NB-1", Quantity: 2, UnitAmount: 2000}, {LineID: pen, SKU: "632910392", Quantity: 1, UnitAmount: 1500}}}}}
	if !reflect.DeepEqual(s.till.orders, want) {
		t.Errorf("told of %+v\nwant %+v", s.till.orders, want)
	}
}

// TestYen: the currency's exponent rules, lines that were edited away are no lines, foreign codes are not ours.
func TestYen(t *testing.T) {
	s := minted(t)
	if _, err := s.Receive(t.Context(), s.store, webhook(t, "orders_paid_yen")); err != nil {
		t.Fatal(err)
	}
	o := s.till.orders[0]
	want := offers.Cart{Currency: "JPY", TaxMode: "inclusive", Lines: []offers.Line{{LineID: "1", SKU: "JP-1", Quantity: 2, UnitAmount: 1500}}}
	if !reflect.DeepEqual(o.Cart, want) || o.Customer != "" || len(o.Tokens) != 0 || o.Discount != 0 {
		t.Errorf("told of %+v", o)
	}
}

func TestRefunds(t *testing.T) {
	s := minted(t)
	for _, c := range []struct {
		name string
		want Outcome
	}{{"refunds_create", Taken}, {"refunds_create_rest", Taken}, {"refunds_create_money", Ignored}, {"orders_cancelled", Taken}} {
		if got, err := s.Receive(t.Context(), s.store, webhook(t, c.name)); err != nil || got != c.want {
			t.Errorf("%s: %s, %v", c.name, got, err)
		}
	}
	want := []checkout.StorefrontRefund{
		{Source: Source, OrderID: paidOrder, RefundRef: "shopify:890088186047892319", Lines: []offers.RefundLine{{LineID: notebooks, Quantity: 1}}},
		{Source: Source, OrderID: paidOrder, RefundRef: "shopify:890088186047892320", Lines: []offers.RefundLine{{LineID: notebooks, Quantity: 1}, {LineID: pen, Quantity: 1}}},
		{Source: Source, OrderID: paidOrder, RefundRef: "shopify:cancelled"},
	}
	if !reflect.DeepEqual(s.till.refunds, want) {
		t.Errorf("told of %+v\nwant %+v", s.till.refunds, want)
	}
}

// TestEarlyAndLate: a refund before its order is asked for again; an hour later it is taken, and told of.
func TestEarlyAndLate(t *testing.T) {
	s := minted(t)
	s.till.refused = checkout.ErrOrderMissing
	_, err := s.Receive(t.Context(), s.store, webhook(t, "refunds_create"))
	if f := fault.From(err); f == nil || f.Code != fault.Unavailable || f.RetryAfter == 0 {
		t.Errorf("%v, want to be told again", err)
	}
	s.Now = func() time.Time { return testNow.Add(2 * time.Hour) }
	s.till.refused, s.till.told = nil, checkout.Told{Mismatch: checkout.MismatchOrderUnknown}
	if got, err := s.Receive(t.Context(), s.store, webhook(t, "refunds_create")); err != nil || got != Differs {
		t.Errorf("%s, %v", got, err)
	}
	if late := s.till.refunds[1].Late; !late || s.till.refunds[0].Late {
		t.Error("what is late was not told")
	}
}

func TestOutcomes(t *testing.T) {
	s := minted(t)
	s.till.told = checkout.Told{Known: true}
	if got, err := s.Receive(t.Context(), s.store, webhook(t, "orders_paid")); err != nil || got != Known {
		t.Errorf("%s, %v for an order that is known", got, err)
	}
	for _, name := range []string{"orders_create_pending", "app_uninstalled"} {
		if got, err := s.Receive(t.Context(), s.store, webhook(t, name)); err != nil || got != Ignored {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if len(s.till.orders) != 1 {
		t.Errorf("told of %d orders", len(s.till.orders))
	}
}

func TestSignature(t *testing.T) {
	good := webhook(t, "orders_paid")
	for name, change := range map[string]func(*Delivery){
		"another body":         func(d *Delivery) { d.Body = append(d.Body[:len(d.Body):len(d.Body)], ' ') },
		"another signature":    func(d *Delivery) { d.Signature = strings.ToLower(d.Signature) },
		"no signature":         func(d *Delivery) { d.Signature = "" },
		"not base64":           func(d *Delivery) { d.Signature = "***" },
		"cut":                  func(d *Delivery) { d.Signature = d.Signature[:20] },
		"another shop of ours": func(d *Delivery) { d.Shop = "other.myshopify.com" },
	} {
		t.Run(name, func(t *testing.T) {
			s, d := minted(t), good
			change(&d)
			if _, err := s.Receive(t.Context(), s.store, d); fault.CodeOf(err) != fault.Unauthenticated || len(s.till.orders) != 0 {
				t.Errorf("%v", err)
			}
		})
	}
	s := minted(t)
	s.kept.connection = nil
	if _, err := s.Receive(t.Context(), s.store, good); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("%v without a connection", err)
	}
}

func TestUnreadable(t *testing.T) {
	for _, body := range []string{`{}`, `{"id":-1}`, `{"id":"x"}`, `[]`} {
		if _, err := readOrder([]byte(body)); err == nil {
			t.Errorf("%s was read as an order", body)
		}
		if _, err := readRefund([]byte(body)); err == nil {
			t.Errorf("%s was read as a refund", body)
		}
	}
	o := order{Currency: "USD", LineItems: []lineItem{{ID: 1, Quantity: 1, Price: "1.005"}}}
	if _, err := o.cart(); err == nil {
		t.Error("a price that is finer than its currency was read")
	}
}

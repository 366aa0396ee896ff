package database_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/reconcile"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/offers"
)

// TestBooksOfReconciliation: what the reconciler reads is what the commands wrote.
func TestBooksOfReconciliation(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newStage(t, db), context.Background()
		keys, err := crypt.Derive(bytes.Repeat([]byte{1}, crypt.StoreSecretSize))
		if err != nil {
			t.Fatal(err)
		}
		books := database.NewReconciliation(db, s.store, keys)
		offer := s.offer(offers.Limits{})
		must := func(_ any, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		used, free := s.token(offer, "c-1"), s.token(offer, "c-2")
		must(s.one(checkout.Redeem{Purchase: purchase("c-1", used), OrderID: "o-1", OrderRef: "o-1"}))
		must(s.one(checkout.RecordOrder{OrderID: "o-2", Customer: "c-2", Cart: cart(2)}))
		must(s.one(checkout.RefundOrder{OrderID: "o-2", RefundRef: "r-1", Lines: []offers.RefundLine{{LineID: "l1", Quantity: 1}}, Restore: offers.RestoreNever}))
		must(s.one(checkout.Reserve{Purchase: purchase("c-2", free), OrderRef: "o-3", TTL: time.Hour}))

		known, err := books.Orders(ctx, []string{"o-1", "o-2", "o-3", "o-4"})
		if err != nil || len(known) != 2 {
			t.Fatalf("known: %v, %v", known, err)
		}
		if k := known["o-1"]; k.RedemptionID == "" || k.Discount == 0 || k.Refunded != reconcile.None || k.Currency != "USD" || k.PlacedAt.IsZero() {
			t.Errorf("o-1 is %+v", k)
		}
		if k := known["o-2"]; k.RedemptionID != "" || k.Total != 10000 || k.Refunded != reconcile.Part {
			t.Errorf("o-2 is %+v", k)
		}
		must(s.one(checkout.RefundOrder{OrderID: "o-2", RefundRef: "r-2", Restore: offers.RestoreNever}))
		must(s.one(checkout.RefundOrder{OrderID: "o-1", RefundRef: "r-3", Restore: offers.RestoreIfFull}))
		if known, err = books.Orders(ctx, []string{"o-1", "o-2"}); err != nil || known["o-1"].Refunded != reconcile.All || known["o-2"].Refunded != reconcile.All {
			t.Errorf("after all came back: %v, %v", known, err)
		}
		held, err := books.Held(ctx, []string{"o-1", "o-3"})
		if err != nil || len(held) != 1 || held["o-3"].ReservationID == "" {
			t.Errorf("held: %v, %v", held, err)
		}
		tokens, err := books.Tokens(ctx, []string{used, free, "SUMMER", ""})
		if err != nil || len(tokens) != 2 || tokens[used].OrderID != "o-1" || tokens[free].OrderID != "" {
			t.Errorf("tokens: %v, %v", tokens, err)
		}
		other := database.NewReconciliation(db, "sto_other", keys)
		if known, err := other.Orders(ctx, []string{"o-1"}); err != nil || len(known) != 0 {
			t.Errorf("another store knows %v, %v", known, err)
		}
		page, err := books.Page(ctx, time.Time{}, time.Time{}, "", 1)
		if err != nil || len(page) != 1 || page[0].OrderID != "o-1" {
			t.Errorf("the first page is %v, %v", page, err)
		}
		if page, err = books.Page(ctx, time.Now().Add(-time.Hour), time.Now().Add(time.Hour), "o-1", 10); err != nil || len(page) != 1 || page[0].OrderID != "o-2" {
			t.Errorf("the second page is %v, %v", page, err)
		}
		if page, err = books.Page(ctx, time.Now().Add(time.Hour), time.Time{}, "", 10); err != nil || len(page) != 0 {
			t.Errorf("orders of the future: %v, %v", page, err)
		}
		many := make([]string, 2*reconcile.DefaultChunk)
		for i := range many {
			many[i] = fmt.Sprintf("o-%d", i)
		}
		if known, err := books.Orders(ctx, many); err != nil || len(known) != 2 {
			t.Errorf("of many: %v, %v", known, err)
		}
	})
}

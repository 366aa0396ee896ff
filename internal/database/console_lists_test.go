package database_test

import (
	"testing"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/offers"
)

func TestRedemptionsAreFoundByWhatTheyAreAbout(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		s, lists, ctx := newStage(t, db), database.NewConsole(db), t.Context()
		first, second := s.offer(offers.Limits{}), s.offer(offers.Limits{})
		redeem := func(order, customer, offer string) offers.Redemption {
			t.Helper()
			r, err := decided[offers.Redemption](s.one(checkout.Redeem{Purchase: purchase(customer, s.token(offer, customer)), OrderID: order, OrderRef: "a-" + order}))
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		redeem("o-1", "c-1", first)
		two := redeem("o-2", "c-2", second)
		redeem("o-3", "c-1", second)
		if _, err := s.one(checkout.RefundOrder{RedemptionID: two.ID, RefundRef: "r-1", Restore: offers.RestoreIfFull}); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			filter console.RedemptionFilter
			want   []string
		}{
			"all":                {console.RedemptionFilter{}, []string{"o-3", "o-2", "o-1"}},
			"order":              {console.RedemptionFilter{OrderID: "o-2"}, []string{"o-2"}},
			"customer":           {console.RedemptionFilter{Customer: "c-1"}, []string{"o-3", "o-1"}},
			"offer":              {console.RedemptionFilter{OfferID: second}, []string{"o-3", "o-2"}},
			"offer and customer": {console.RedemptionFilter{OfferID: second, Customer: "c-1"}, []string{"o-3"}},
			"somebody else's":    {console.RedemptionFilter{Customer: "c-9"}, nil},
		} {
			got, err := lists.Redemptions(ctx, s.store, c.filter, "", 10)
			if err != nil || len(got) != len(c.want) {
				t.Errorf("%s: %d found, %v", name, len(got), err)
				continue
			}
			for i := range got {
				if got[i].OrderID != c.want[i] {
					t.Errorf("%s: %s stands at %d", name, got[i].OrderID, i)
				}
			}
		}
		one, err := lists.Redemptions(ctx, s.store, console.RedemptionFilter{ID: two.ID}, "", 1)
		if err != nil || len(one) != 1 || one[0].OrderRef != "a-o-2" || one[0].State != offers.StateRefunded {
			t.Errorf("%+v, %v", one, err)
		}
		refunds, err := lists.Refunds(ctx, s.store, "o-2")
		if err != nil || len(refunds) != 1 || refunds[0].Ref != "r-1" || refunds[0].Reversal.Discount != 500 {
			t.Errorf("%+v, %v", refunds, err)
		}
		if other, err := lists.Redemptions(ctx, "sto_other", console.RedemptionFilter{}, "", 10); err != nil || len(other) != 0 {
			t.Errorf("another store sees %+v, %v", other, err)
		}
		if page, err := lists.Redemptions(ctx, s.store, console.RedemptionFilter{}, two.ID, 10); err != nil || len(page) != 1 {
			t.Errorf("%+v, %v", page, err)
		}
	})
}

package database_test

import (
	"errors"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/offers"
)

func purchase(customer string, tokens ...string) checkout.Purchase {
	return checkout.Purchase{Customer: customer, Cart: cart(1), Tokens: tokens}
}

func TestHoldRedeemRefund(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		offer := s.offer(offers.Limits{Total: 5, PerPerson: 1})
		tok := s.token(offer, "c-1", "tag-1")

		hold, err := decided[offers.Reservation](s.one(checkout.Reserve{Purchase: purchase("c-1", tok), OrderRef: "a-1", TTL: time.Minute}))
		if err != nil {
			t.Fatal(err)
		}
		if hold.Pinned.Totals != (offers.Totals{Subtotal: 5000, Discount: 500, Total: 4500}) || hold.Pinned.Points != 45 {
			t.Fatalf("pinned %+v, %d points", hold.Pinned.Totals, hold.Pinned.Points)
		}
		s.balanced()

		again, err := decided[offers.Reservation](s.one(checkout.Reserve{Purchase: purchase("c-1", tok), OrderRef: "a-1", TTL: time.Minute}))
		if err != nil || again.ID != hold.ID {
			t.Fatalf("asking again gave %s, %v; want the same hold", again.ID, err)
		}

		wrong := hold.Pinned.Totals
		wrong.Total++
		if _, err := s.one(checkout.RedeemReservation{ReservationID: hold.ID, OrderID: "o-1", Totals: &wrong}); !errors.Is(err, offers.ErrTotalsChanged) {
			t.Fatalf("other totals: %v", err)
		}
		red, err := decided[offers.Redemption](s.one(checkout.RedeemReservation{ReservationID: hold.ID, OrderID: "o-1", Totals: &hold.Pinned.Totals}))
		if err != nil {
			t.Fatal(err)
		}
		s.balanced()
		if n := s.count("SELECT available FROM members WHERE store_id = ? AND customer = 'c-1'", s.store); n != 45 {
			t.Fatalf("%d points, want 45", n)
		}
		same, err := decided[offers.Redemption](s.one(checkout.RedeemReservation{ReservationID: hold.ID, OrderID: "o-1"}))
		if err != nil || same.ID != red.ID {
			t.Fatalf("redeeming again gave %s, %v", same.ID, err)
		}
		if _, err := s.one(checkout.RedeemReservation{ReservationID: hold.ID, OrderID: "o-2"}); !errors.Is(err, offers.ErrReservationRedeemed) {
			t.Fatalf("another order: %v", err)
		}

		refund := checkout.RefundOrder{RedemptionID: red.ID, RefundRef: "r-1", Restore: offers.RestoreIfFull}
		got, err := decided[checkout.Refund](s.one(refund))
		if err != nil {
			t.Fatal(err)
		}
		if got.Reversal.Discount != 500 || got.Reversal.Points != 45 || got.Reversal.State != offers.StateRefunded {
			t.Fatalf("reversal %+v", got.Reversal)
		}
		first, err := decided[checkout.Refund](s.one(refund))
		if err != nil || first.ID != got.ID {
			t.Fatalf("the same refund again: %s, %v", first.ID, err)
		}
		s.balanced()
		if n := s.count("SELECT available + debt FROM members WHERE store_id = ? AND customer = 'c-1'", s.store); n != 0 {
			t.Fatalf("%d points left, want 0", n)
		}
		// The use came back: the person may use the offer again.
		tok2 := s.token(offer, "c-1", "tag-1")
		if _, err := s.one(checkout.Redeem{Purchase: purchase("c-1", tok2), OrderID: "o-3", OrderRef: "a-1"}); err != nil {
			t.Fatalf("after the use was restored: %v", err)
		}
		s.balanced()
	})
}

func TestAnOrderGetsItsFirstAnswerWhenItsTokenVerifiesNoMore(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		tok := s.token(s.offer(offers.Limits{}), "c-1", "tag-1")
		first, err := decided[offers.Redemption](s.one(checkout.Redeem{Purchase: purchase("c-1", tok), OrderID: "o-1", OrderRef: "o-1"}))
		if err != nil {
			t.Fatal(err)
		}
		late := purchase("c-1", tok)
		late.Refused = offers.ErrTokenInvalid
		again, err := decided[offers.Redemption](s.one(checkout.Redeem{Purchase: late, OrderID: "o-1", OrderRef: "o-1"}))
		if err != nil || again.ID != first.ID {
			t.Fatalf("%s, %v; want the first answer", again.ID, err)
		}
		if _, err := s.one(checkout.Redeem{Purchase: late, OrderID: "o-2", OrderRef: "o-2"}); !errors.Is(err, offers.ErrTokenInvalid) {
			t.Fatalf("another order: %v", err)
		}
	})
}

func TestRefusedBesideGood(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		offer := s.offer(offers.Limits{Total: 1})
		a, b := s.token(offer, "c-1", "tag-1"), s.token(offer, "c-2", "tag-2")
		results := s.batch(
			checkout.Redeem{Purchase: purchase("c-1", "tok_missing"), OrderID: "o-1", OrderRef: "o-1"},
			checkout.Redeem{Purchase: purchase("c-1", a), OrderID: "o-1", OrderRef: "o-1"},
			checkout.Redeem{Purchase: purchase("c-2", b), OrderID: "o-2", OrderRef: "o-2"},
			checkout.RecordOrder{OrderID: "o-2", Customer: "c-2", Cart: cart(2)},
			checkout.Redeem{Purchase: purchase("c-3"), OrderID: "o-1", OrderRef: "x"},
		)
		want := []error{offers.ErrTokenInvalid, nil, offers.ErrLimit, nil, offers.ErrOrderTaken}
		for i, w := range want {
			if (w == nil) != (results[i].Err == nil) || w != nil && !errors.Is(results[i].Err, w) {
				t.Errorf("command %d: %v, want %v", i, results[i].Err, w)
			}
		}
		// The refused redemption of o-2 left the order_id free for its rival.
		if n := s.count("SELECT points FROM orders WHERE store_id = ? AND order_id = 'o-2'", s.store); n != 100 {
			t.Errorf("o-2 earned %d points, want 100", n)
		}
		if n := s.count("SELECT COUNT(*) FROM offer_tokens WHERE store_id = ? AND state = 'live'", s.store); n != 1 {
			t.Errorf("%d live tokens, want the refused one", n)
		}
		s.balanced()
	})
}

func TestOrdersAndAdjustments(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		order := checkout.RecordOrder{OrderID: "o-1", Customer: "c-1", Cart: cart(3)}
		o, err := decided[checkout.Order](s.one(order))
		if err != nil || o.Points != 150 {
			t.Fatalf("%d points, %v; want 150", o.Points, err)
		}
		again, err := decided[checkout.Order](s.one(order))
		if err != nil || again.ID != o.ID {
			t.Fatalf("the same order again: %s, %v", again.ID, err)
		}
		if n := s.count("SELECT COUNT(*) FROM members WHERE store_id = ? AND tier_id = 'silver'", s.store); n != 1 {
			t.Fatal("150 points do not make silver")
		}
		adjust := checkout.AdjustPoints{Customer: "c-1", Points: -200, Reason: "test", Reference: "x", Actor: "per_1",
			Audit: &checkout.Audit{Actor: "per_1", Action: "member.points_adjusted", Target: "c-1", Changes: "{}"}}
		if _, err := s.one(adjust); err != nil {
			t.Fatal(err)
		}
		if _, err := s.one(adjust); !errors.Is(err, checkout.ErrAdjusted) {
			t.Fatalf("the same adjustment again: %v", err)
		}
		if n := s.count("SELECT COUNT(*) FROM audit WHERE store_id = ?", s.store); n != 1 {
			t.Fatalf("%d audit entries, want one for the adjustment that was made", n)
		}
		if n := s.count("SELECT debt FROM members WHERE store_id = ? AND customer = 'c-1'", s.store); n != 50 {
			t.Fatalf("debt %d, want 50", n)
		}
		if _, err := s.one(checkout.RecordOrder{OrderID: "o-2", Customer: "c-1", Cart: cart(2)}); err != nil {
			t.Fatal(err)
		}
		if n := s.count("SELECT available - debt FROM members WHERE store_id = ? AND customer = 'c-1'", s.store); n != 50 {
			t.Fatalf("%d after repaying, want 50", n)
		}
		part := checkout.RefundOrder{OrderID: "o-1", RefundRef: "r-1", Lines: []offers.RefundLine{{LineID: "l1", Quantity: 1}}, Restore: offers.RestoreNever}
		r, err := decided[checkout.Refund](s.one(part))
		if err != nil || r.Reversal.Points != 50 || r.Reversal.State != offers.StatePartiallyRefunded {
			t.Fatalf("%+v, %v", r.Reversal, err)
		}
		part.Lines[0].Quantity = 2
		if _, err := s.one(part); !errors.Is(err, checkout.ErrRefundTaken) {
			t.Fatalf("the same refund_ref with other lines: %v", err)
		}
		part.RefundRef = "r-2"
		if _, err := s.one(part); !errors.Is(err, offers.ErrRefundTooMuch) {
			t.Fatalf("too many units: %v", err)
		}
		s.balanced()
	})
}

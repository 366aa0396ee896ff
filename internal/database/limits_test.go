package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/offers"
)

// later moves the stage's store ahead of the real time.
func (s *stage) later(by time.Duration) {
	s.t.Helper()
	s.exec("UPDATE stores SET clock_offset_us = ? WHERE id = ?", by.Microseconds(), s.store)
}

// buy redeems a fresh token of an offer in one step.
func (s *stage) buy(offer, customer, order string) (offers.Redemption, error) {
	s.t.Helper()
	draft := s.draft(offer, customer, "tag-"+customer)
	draft.ExpiresAt = draft.ExpiresAt.AddDate(1, 0, 0)
	issued, err := decided[checkout.Issued](s.one(checkout.IssueToken{Draft: draft}))
	if err != nil {
		s.t.Fatal(err)
	}
	return decided[offers.Redemption](s.one(checkout.Redeem{Purchase: purchase(customer, issued.Token.JTI), OrderID: order, OrderRef: order}))
}

func TestASlidingPeriodGivesItsUsesBack(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		offer := s.offer(offers.Limits{Periods: []offers.PeriodLimit{{By: offers.ScopePerson, Uses: 1, Days: 30}}})
		if _, err := s.buy(offer, "c-1", "o-1"); err != nil {
			t.Fatal(err)
		}
		s.later(29 * 24 * time.Hour)
		if _, err := s.buy(offer, "c-1", "o-2"); !errors.Is(err, offers.ErrLimit) {
			t.Fatalf("a second use within the period: %v", err)
		}
		if _, err := s.buy(offer, "c-2", "o-3"); err != nil {
			t.Fatalf("another person: %v", err)
		}
		s.later(30*24*time.Hour + time.Minute)
		second, err := s.buy(offer, "c-1", "o-4")
		if err != nil {
			t.Fatalf("after the period: %v", err)
		}
		s.balanced()
		// What is refunded within its period is free at once.
		if _, err := s.one(checkout.RefundOrder{RedemptionID: second.ID, RefundRef: "r", Restore: offers.RestoreIfFull}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.buy(offer, "c-1", "o-5"); err != nil {
			t.Fatalf("after a refund: %v", err)
		}
		used := s.count("SELECT SUM(used) FROM offer_counters WHERE store_id = ?", s.store)
		rows := s.count("SELECT COUNT(*) FROM offer_holds WHERE store_id = ? AND used", s.store)
		if used != rows {
			t.Errorf("%d uses counted, %d rows", used, rows)
		}
	})
}

func TestABudgetIsNeverOverdrawn(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		// Ten percent of 50.00 is 5.00: two and a half orders.
		offer := s.offer(offers.Limits{Budget: &offers.Budget{Amount: 1250, Currency: "USD", Restore: true}})
		first, err := s.buy(offer, "c-1", "o-1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.buy(offer, "c-2", "o-2"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.buy(offer, "c-3", "o-3"); !errors.Is(err, offers.ErrBudget) {
			t.Fatalf("beyond the budget: %v", err)
		}
		if n := s.count("SELECT COUNT(*) FROM orders WHERE store_id = ? AND order_id = 'o-3'", s.store); n != 0 {
			t.Error("a refused command left a row")
		}
		if _, err := s.one(checkout.RefundOrder{RedemptionID: first.ID, RefundRef: "r", Restore: offers.RestoreNever}); err != nil {
			t.Fatal(err)
		}
		if n := s.count("SELECT used FROM offer_counters WHERE store_id = ? AND scope = 'budget'", s.store); n != 500 {
			t.Errorf("%d of the budget used after a refund, want 500", n)
		}
		if _, err := s.buy(offer, "c-3", "o-4"); err != nil {
			t.Fatalf("after a refund: %v", err)
		}
		s.balanced()
	})
}

func TestALapsedReservationExpires(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		offer := s.offer(offers.Limits{Total: 1})
		tok := s.token(offer, "c-1", "tag-1")
		hold, err := decided[offers.Reservation](s.one(checkout.Reserve{Purchase: purchase("c-1", tok), OrderRef: "a-1", TTL: time.Minute}))
		if err != nil {
			t.Fatal(err)
		}
		expire := func(want int64) {
			t.Helper()
			n, err := s.storage.ExpireReservations(context.Background(), s.store, 2*time.Minute, 10)
			if err != nil || n != want {
				t.Fatalf("%d expired, %v; want %d", n, err, want)
			}
		}
		s.later(2 * time.Minute)
		expire(1)
		expire(0)
		// There is room, so the paid order gets its discount all the same.
		red, err := decided[offers.Redemption](s.one(checkout.RedeemReservation{ReservationID: hold.ID, OrderID: "o-1"}))
		if err != nil || red.ReservationID != hold.ID {
			t.Fatalf("after it expired: %+v, %v", red, err)
		}
		s.balanced()
	})
}

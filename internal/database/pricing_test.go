package database_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/offers"
)

// offerOf adds a live offer.
func (s *stage) offerOf(o offers.Offer) string {
	s.t.Helper()
	o.State, o.Name, o.TokenSeconds = offers.Live, "Offer", 600
	if err := o.Check(); err != nil {
		s.t.Fatal(err)
	}
	body, err := json.Marshal(o)
	if err != nil {
		s.t.Fatal(err)
	}
	now, offer := time.Now().UTC(), id.New("off")
	s.exec("INSERT INTO offers (store_id, id, version, state, name, group_name, created_at, updated_at) VALUES (?, ?, 1, 'live', 'Offer', '', ?, ?)", s.store, offer, now, now)
	s.exec("INSERT INTO offer_versions (store_id, offer_id, version, body, actor, created_at) VALUES (?, ?, 1, ?, 'test', ?)", s.store, offer, string(body), now)
	return offer
}

func TestAnOfferIsJudgedByWhoAsksAndGivesPoints(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		s := newStage(t, db)
		offer := s.offerOf(offers.Offer{Benefit: offers.Benefit{Type: offers.PointsMultiplier, BasisPoints: 20_000},
			Tier: "silver", Rule: `cart.subtotal >= 5000 && member.points >= 150 && customer.id == "c-1"`})
		issue := func(customer string) (checkout.Issued, error) {
			return decided[checkout.Issued](s.one(checkout.IssueToken{Draft: s.draft(offer, customer), Customer: customer, Tiered: true}))
		}
		for _, customer := range []string{"", "c-1"} {
			if _, err := issue(customer); fault.CodeOf(err) != fault.OfferNotEligible {
				t.Errorf("a token for %q below the tier: %v", customer, err)
			}
		}
		for _, c := range []string{"c-1", "c-2"} {
			if _, err := s.one(checkout.RecordOrder{OrderID: "first of " + c, Customer: c, Cart: cart(4)}); err != nil {
				t.Fatal(err)
			}
		}
		// The token is bound to nobody: whoever presents it is judged again.
		redeem := func(customer, order string) (offers.Redemption, error) {
			given, err := issue("c-1")
			if err != nil {
				t.Fatal(err)
			}
			p := checkout.Purchase{Customer: customer, Cart: cart(2), Tokens: []string{given.Token.JTI}}
			return decided[offers.Redemption](s.one(checkout.Redeem{Purchase: p, OrderID: order, OrderRef: order}))
		}
		for customer, reason := range map[string]string{"": offers.ReasonCustomer, "c-3": offers.ReasonTier, "c-2": offers.ReasonRule} {
			if _, err := redeem(customer, "o-"+reason); fault.CodeOf(err) != fault.OfferNotApplicable || !strings.Contains(err.Error(), reason) {
				t.Errorf("%q: %v, want %s", customer, err, reason)
			}
		}
		red, err := redeem("c-1", "o-1")
		if err != nil {
			t.Fatal(err)
		}
		if red.Pinned.Points != 200 || red.Pinned.Totals.Discount != 0 || red.Pinned.Applied[0].Points == nil {
			t.Errorf("%+v", red.Pinned)
		}
		for i, line := range []string{"l2", "l1"} {
			refund, err := decided[checkout.Refund](s.one(checkout.RefundOrder{RedemptionID: red.ID, RefundRef: line, Lines: []offers.RefundLine{{LineID: line, Quantity: 1}}}))
			if err != nil || refund.Reversal.Points != 100 {
				t.Errorf("refund %d: %+v, %v", i, refund.Reversal, err)
			}
		}
		s.balanced()
	})
}

func TestACampaignRunsByTheStoresZone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		s := newStage(t, db)
		offer := s.offerOf(offers.Offer{Benefit: offers.Benefit{Type: offers.FreeShipping}, Campaign: &offers.Campaign{Event: "veterans_day"}})
		// It is 11 November already on Kiritimati, and not yet in Honolulu.
		at := time.Date(2031, time.November, 10, 11, 0, 0, 0, time.UTC)
		s.exec("UPDATE stores SET clock_offset_us = ? WHERE id = ?", time.Until(at).Microseconds(), s.store)
		for _, c := range []struct {
			zone string
			code fault.Code
			live int
		}{{"Pacific/Kiritimati", "", 1}, {"Pacific/Honolulu", fault.OfferNotLive, 0}, {"Pacific/Kiritimati", "", 1}} {
			s.exec("UPDATE stores SET timezone = ? WHERE id = ?", c.zone, s.store)
			_, err := s.one(checkout.IssueToken{Draft: s.draft(offer, "c-1")})
			if c.code == "" && err != nil || c.code != "" && fault.CodeOf(err) != c.code {
				t.Errorf("in %s: %v", c.zone, err)
			}
			live, err := s.storage.LiveOffers(t.Context(), s.store, at)
			if err != nil || len(live) != c.live {
				t.Errorf("in %s %d offers are live: %v", c.zone, len(live), err)
			}
		}
	})
}

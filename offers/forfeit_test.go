package offers_test

import (
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/offers"
	"pgregory.net/rapid"
)

// Whatever is refunded before and after points are forfeited, all that is taken back is what was given, to the point.
func TestForfeitedPointsAreTakenOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cart := offers.Cart{Currency: "USD", Lines: []offers.Line{{LineID: "a", Quantity: 5, UnitAmount: 100}, {LineID: "b", Quantity: 3, UnitAmount: 100}}}
		first, second := rapid.Int64Range(0, 50).Draw(t, "points of a"), rapid.Int64Range(0, 50).Draw(t, "points of b")
		red := &offers.Redemption{ID: "rdm", Pinned: offers.Pinned{Cart: cart, Points: first + second, LinePoints: []int64{first, second}}}
		book := offers.NewBook("sto", time.Unix(0, 0), time.UTC, func(string) string { return "id" })
		taken, at := int64(0), rapid.IntRange(0, 8).Draw(t, "forfeited after")
		for i := range 9 {
			if i == at {
				taken += red.PointsLeft()
				book.Forfeit(red)
				if red.PointsLeft() != 0 || !book.Changed.Redemptions[red.ID] {
					t.Fatalf("%d points are left", red.PointsLeft())
				}
				book.Forfeit(red) // again: nothing more
			}
			line := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "line")
			rev, err := book.RefundRedemption(red, []offers.RefundLine{{LineID: line, Quantity: 1}}, offers.RestoreNever)
			if err != nil {
				continue // nothing is left of the line
			}
			if i >= at && rev.Points != 0 && red.Refunded.Forfeited > 0 {
				t.Fatalf("a refund took %d points that were forfeited", rev.Points)
			}
			taken += rev.Points
		}
		if taken != red.Pinned.Points {
			t.Fatalf("%d of %d points were taken back", taken, red.Pinned.Points)
		}
	})
}

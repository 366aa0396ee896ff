package offers_test

import (
	"math/big"
	"testing"

	"github.com/laurel-gateway/laurel/offers"
	"pgregory.net/rapid"
)

func TestSplitSumsExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(0, offers.MaxTotal/20), 1, 20).Draw(t, "weights")
		var total int64
		for _, w := range weights {
			total += w
		}
		amount := rapid.Int64Range(0, total).Draw(t, "amount")
		shares := offers.Split(amount, weights)
		var sum int64
		for i, s := range shares {
			if s < 0 || s > weights[i] {
				t.Fatalf("share %d of a line of %d", s, weights[i])
			}
			// No share is a whole unit away from its exact value.
			if total > 0 {
				exact := new(big.Int).Mul(big.NewInt(amount), big.NewInt(weights[i]))
				off := new(big.Int).Sub(new(big.Int).Mul(big.NewInt(s), big.NewInt(total)), exact)
				if off.CmpAbs(big.NewInt(total)) >= 0 {
					t.Fatalf("share %d is a unit or more off", s)
				}
			}
			sum += s
		}
		if total > 0 && sum != amount {
			t.Fatalf("shares sum to %d, want %d", sum, amount)
		}
	})
}

func TestPercentRoundsHalfUp(t *testing.T) {
	for _, c := range []struct{ amount, basisPoints, want int64 }{
		{5000, 2000, 1000}, {1, 5000, 1}, {1, 4999, 0}, {333, 3333, 111}, {0, 10_000, 0}, {offers.MaxTotal, 10_000, offers.MaxTotal}, {105, 1000, 11},
	} {
		if got := offers.Percent(c.amount, c.basisPoints); got != c.want {
			t.Errorf("%d at %d: %d, want %d", c.amount, c.basisPoints, got, c.want)
		}
	}
}

func TestCurrencies(t *testing.T) {
	for code, good := range map[string]bool{"USD": true, "JPY": true, "KWD": true, "usd": false, "XXZ": false, "": false, "US": false} {
		if (offers.CheckCurrency(code) == nil) != good {
			t.Errorf("%q: good is %v", code, !good)
		}
	}
}

package offers

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/bojanz/currency"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// MaxTotal is the largest cart total, in minor units. It leaves room for every product that pricing forms in 64 bits.
const MaxTotal int64 = 900_000_000_000_000

// ErrCurrency says that a currency is not in ISO 4217.
var ErrCurrency = fault.New(fault.CurrencyUnknown, "The currency is not an ISO 4217 code in capital letters, such as USD or EUR.")

// CheckCurrency refuses what is not an ISO 4217 code.
func CheckCurrency(code string) error {
	if code == "" || !currency.IsValid(code) {
		return ErrCurrency
	}
	return nil
}

// Percent returns basisPoints / 10,000 of amount, rounded half up. Both must be at least zero, amount at most MaxTotal
// and basisPoints at most 10,000.
func Percent(amount, basisPoints int64) int64 {
	return mulDiv(amount, basisPoints, 10_000, 5_000)
}

// mulDiv returns (a*b + add) / c without overflow of the product. All values are at least zero.
func mulDiv(a, b, c, add int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	lo, carry := bits.Add64(lo, uint64(add), 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(c))
	return int64(q)
}

// Split shares amount among parts in proportion to weights by the largest remainder method (Hamilton): the shares sum
// to amount exactly. Equal remainders go to the earlier part. With all weights zero, every share is zero.
// amount and weights must be at least zero.
func Split(amount int64, weights []int64) []int64 {
	shares := make([]int64, len(weights))
	var total int64
	for _, w := range weights {
		total += w
	}
	if total == 0 || amount == 0 {
		return shares
	}
	type rest struct {
		index int
		value uint64
	}
	rests := make([]rest, len(weights))
	left := amount
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(amount), uint64(w))
		q, r := bits.Div64(hi, lo, uint64(total))
		shares[i] = int64(q)
		left -= int64(q)
		rests[i] = rest{i, r}
	}
	slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.value, a.value) })
	for i := range left {
		shares[rests[i].index]++
	}
	return shares
}

// Portion is the part of share that the first returned of quantity units have a claim to. Taking the difference of two
// portions gives back every unit's part, and exactly share in the end, in whatever steps units come back.
func Portion(share, returned, quantity int64) int64 {
	if returned >= quantity {
		return share
	}
	return mulDiv(share, returned, quantity, 0)
}

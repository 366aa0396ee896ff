// Package minor turns amounts as storefronts write them ("12.30") into integer minor units of their currency, and back,
// exactly. No float is ever between.
package minor

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/bojanz/currency"
)

// ErrAmount says that a text is not an amount of its currency: not a decimal number, or finer than the currency is.
var ErrAmount = errors.New("not an amount")

// Digits is how many decimal places a currency has (ISO 4217: 0, 2, 3 …). It fails for what is no currency.
func Digits(code string) (int, error) {
	digits, ok := currency.GetDigits(code)
	if !ok {
		return 0, fmt.Errorf("%q is no ISO 4217 currency: %w", code, ErrAmount)
	}
	return int(digits), nil
}

// Parse reads a decimal such as "12.30" or "-5" as minor units of a currency. Zeros beyond the currency's decimal places
// are allowed, anything else there is not: nothing is rounded. The error wraps ErrAmount.
func Parse(decimal, code string) (int64, error) {
	digits, err := Digits(code)
	if err != nil {
		return 0, err
	}
	text, negative := strings.CutPrefix(decimal, "-")
	whole, fraction, dotted := strings.Cut(text, ".")
	if whole == "" || dotted && fraction == "" || !figures(whole) || !figures(fraction) {
		return 0, fmt.Errorf("%q is not a decimal number: %w", decimal, ErrAmount)
	}
	if len(fraction) > digits {
		if strings.Trim(fraction[digits:], "0") != "" {
			return 0, fmt.Errorf("%q is finer than %s, which has %d decimal places: %w", decimal, code, digits, ErrAmount)
		}
		fraction = fraction[:digits]
	}
	n, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", digits-len(fraction)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is too large: %w", decimal, ErrAmount)
	}
	if negative {
		n = -n
	}
	return n, nil
}

func figures(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// Format writes minor units as a decimal with the currency's decimal places. A code that is no currency is written as if
// it had none.
func Format(amount int64, code string) string {
	digits, err := Digits(code)
	if err != nil || digits == 0 {
		return strconv.FormatInt(amount, 10)
	}
	sign := ""
	magnitude := uint64(amount)
	if amount < 0 {
		sign, magnitude = "-", uint64(math.MaxInt64)-uint64(amount+math.MaxInt64)
	}
	text := strconv.FormatUint(magnitude, 10)
	if short := digits + 1 - len(text); short > 0 {
		text = strings.Repeat("0", short) + text
	}
	return sign + text[:len(text)-digits] + "." + text[len(text)-digits:]
}

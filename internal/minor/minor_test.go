package minor

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text, code string
		want       int64
		wrong      bool
	}{
		{"12.30", "USD", 1230, false},
		{"12.3", "USD", 1230, false},
		{"12", "USD", 1200, false},
		{"0.00", "EUR", 0, false},
		{"-8.00", "USD", -800, false},
		{"12.300", "USD", 1230, false},
		{"12.305", "USD", 0, true},
		{"1000", "JPY", 1000, false},
		{"1000.00", "JPY", 1000, false},
		{"1000.5", "JPY", 0, true},
		{"1.234", "KWD", 1234, false},
		{"1,000.00", "USD", 0, true},
		{"", "USD", 0, true},
		{".5", "USD", 0, true},
		{"5.", "USD", 0, true},
		{"1e3", "USD", 0, true},
		{"--1", "USD", 0, true},
		{"1.00", "XXY", 0, true},
		{"92233720368547758.08", "USD", 0, true},
	} {
		got, err := Parse(c.text, c.code)
		if got != c.want || (err != nil) != c.wrong || err != nil && !errors.Is(err, ErrAmount) {
			t.Errorf("Parse(%q, %s) = %d, %v", c.text, c.code, got, err)
		}
	}
}

// TestThereAndBack: what is written is read as the same amount, in every exponent.
func TestThereAndBack(t *testing.T) {
	rapid.Check(t, func(p *rapid.T) {
		amount := rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(p, "amount")
		code := rapid.SampledFrom([]string{"JPY", "USD", "KWD"}).Draw(p, "currency")
		got, err := Parse(Format(amount, code), code)
		if err != nil || got != amount {
			p.Fatalf("%d %s is written %s and read %d, %v", amount, code, Format(amount, code), got, err)
		}
	})
}

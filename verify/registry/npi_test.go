package registry

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestCheckDigits(t *testing.T) {
	for number, want := range map[string]bool{
		"1234567893": true, "1234567890": false, "1234-567 893": true, "123456789": false, "12345678933": false,
		"": false, "123456789x": false, "１２３４５６７８９３": false, "-1234567893": true, "0000000000": false,
	} {
		if got, ok := NormalNPI(number); ok != want || ok && len(got) != 10 {
			t.Errorf("%q: %q, %t", number, got, ok)
		}
	}
}

// byHand reckons the check digit another way: from the left, with the table of doubled digits, and the constant 24 that
// CMS gives for the prefix.
func byHand(nine string) byte {
	doubled := [10]int{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}
	total := 24
	for i, c := range nine {
		d := int(c - '0')
		if i%2 == 0 {
			d = doubled[d]
		}
		total += d
	}
	return byte('0' + (total*9)%10)
}

func TestCheckDigitsEqualAnIndependentComputation(t *testing.T) {
	random := rand.New(rand.NewPCG(80840, 10))
	valid := 0
	for range 100_000 {
		nine, last := fmt.Sprintf("%09d", random.IntN(1_000_000_000)), byte('0'+random.IntN(10))
		want := byHand(nine) == last
		if _, got := NormalNPI(nine + string(last)); got != want {
			t.Fatalf("%s%c: %t, want %t", nine, last, got, want)
		}
		if want {
			valid++
		}
	}
	if valid < 9_000 || valid > 11_000 {
		t.Fatalf("%d of 100,000 random numbers are valid, want a tenth", valid)
	}
}

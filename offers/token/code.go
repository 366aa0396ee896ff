package token

import (
	"fmt"
	"io"
	"unicode"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// alphabet has no look-alikes: no 0 O, 1 I L, U (V), S (5). Its length is a prime on purpose, see check.
const alphabet = "23456789ABCDEFGHJKMNPQRTVWXYZ"

const (
	codeLength = 10
	// maxTyped bounds what is looked at as a code: ten characters and generous separators.
	maxTyped = 64
)

var digits = func() (d [128]int8) {
	for i := range d {
		d[i] = -1
	}
	for i, c := range alphabet {
		d[c] = int8(i)
		d[unicode.ToLower(c)] = int8(i)
	}
	return d
}()

// Code is a short code in its normal form, ten characters without separators. It is a secret for as long as its token
// lives: store and look up its keyed hash, never log it.
type Code string

// String returns the code as people see it: ABCD-EFGH-JK.
func (c Code) String() string {
	if len(c) != codeLength {
		return string(c)
	}
	return string(c[:4] + "-" + c[4:8] + "-" + c[8:])
}

// NewCode draws a code: nine random characters (29^9, 43.7 bits) and the check character. It fails only when the
// reader does. Not unique by itself: the row's unique index decides.
func NewCode(random io.Reader) (Code, error) {
	out := make([]byte, 0, codeLength)
	var buf [16]byte
	for len(out) < codeLength-1 {
		if _, err := io.ReadFull(random, buf[:]); err != nil {
			return "", fmt.Errorf("read randomness for a code: %w", err)
		}
		for _, b := range buf {
			// 232 = 8 * 29: what is above it would favour the first characters.
			if b < 232 && len(out) < codeLength-1 {
				out = append(out, alphabet[b%29])
			}
		}
	}
	return Code(append(out, check(out))), nil
}

// ParseCode reads a code as people type it: any case, with spaces and any dashes anywhere. Faults: code_unknown, in the
// same words as for a well-formed code that nobody was given.
func ParseCode(typed string) (Code, error) {
	if len(typed) > maxTyped {
		return "", ErrCodeUnknown
	}
	out := make([]byte, 0, codeLength)
	for _, c := range typed {
		if unicode.IsSpace(c) || unicode.Is(unicode.Pd, c) {
			continue
		}
		if c >= 128 || digits[c] < 0 || len(out) == codeLength {
			return "", ErrCodeUnknown
		}
		out = append(out, alphabet[digits[c]])
	}
	if len(out) != codeLength || check(out[:codeLength-1]) != out[codeLength-1] {
		return "", ErrCodeUnknown
	}
	return Code(out), nil
}

// ErrCodeUnknown is the one refusal of codes: malformed, mistyped, never given out, or another store's.
var ErrCodeUnknown = fault.New(fault.CodeUnknown, "This is not a code of an offer token. Check it and type it again.")

// check returns the check character: the one that makes the sum of (position * value) over all ten positions a
// multiple of 29. Modulo a prime that is larger than the positions, as ISBN-10 does it, this finds every substitution
// of one character and every swap of two different ones, adjacent or not.
func check(body []byte) byte {
	sum := 0
	for i, c := range body {
		sum += (i + 1) * int(digits[c])
	}
	// The last position has the weight 10, and 10 * 3 = 30 = 1 (mod 29): so 3 divides by 10.
	return alphabet[(29-sum%29)*3%29]
}

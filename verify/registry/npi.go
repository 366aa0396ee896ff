package registry

import "strings"

// npiPrefix stands before an NPI when its check digit is reckoned: 80 for health, 840 for the United States.
const npiPrefix = "80840"

// NormalNPI returns the ten digits of an NPI as people write it, with spaces and hyphens. It reports false when they are
// not ten digits of which the last is the check digit (ISO/IEC 7812-1, annex B, over 80840 and the number).
func NormalNPI(text string) (string, bool) {
	number := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.TrimSpace(text))
	if len(number) != 10 || strings.Trim(number, "0123456789") != "" {
		return "", false
	}
	return number, luhn(npiPrefix + number)
}

// luhn reports whether digits end with their check digit.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

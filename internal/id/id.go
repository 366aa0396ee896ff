// Package id makes the prefixed, time-ordered identifiers that appear in the API.
package id

import (
	"strings"

	"github.com/google/uuid"
)

// New returns prefix + "_" + a UUIDv7 (RFC 9562, section 5.7) in its text form.
func New(prefix string) string {
	return prefix + "_" + uuid.Must(uuid.NewV7()).String()
}

// Valid reports whether s is prefix + "_" + a UUID in canonical text form.
func Valid(prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, prefix+"_")
	if !ok || len(rest) != 36 {
		return false
	}
	_, err := uuid.Parse(rest)
	return err == nil && rest == strings.ToLower(rest)
}

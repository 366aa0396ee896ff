// Package id makes the prefixed, time-ordered identifiers that appear in the API.
package id

import "github.com/google/uuid"

// New returns prefix + "_" + a UUIDv7 (RFC 9562, section 5.7) in its text form.
func New(prefix string) string {
	return prefix + "_" + uuid.Must(uuid.NewV7()).String()
}

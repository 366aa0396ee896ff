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

// Is tells whether s could be an id made with prefix: prefix + "_" + a UUID in its 36 lower-case characters.
func Is(s, prefix string) bool {
	text, ok := strings.CutPrefix(s, prefix+"_")
	if !ok {
		return false
	}
	u, err := uuid.Parse(text)
	return err == nil && u.String() == text
}

package crypt

import "crypto/subtle"

// Equal reports whether a and b are the same bytes, in a time that depends on their lengths alone.
func Equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

// EqualText is Equal for texts.
func EqualText(a, b string) bool { return Equal([]byte(a), []byte(b)) }

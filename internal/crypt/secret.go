package crypt

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
)

const (
	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	// secretLength is the number of base62 characters that hold at least 256 bits (43 * log2(62) = 256.03).
	secretLength = 43
)

// Secret makes a credential: prefix (for example "sk_live_") and 43 random base62 characters, and the SHA-256 of the
// whole text. The text is shown once; only the hash is stored. A plain hash is enough: there is nothing to guess in
// 256 random bits.
func Secret(prefix string) (plain string, hash []byte) {
	plain, err := SecretFrom(rand.Reader, prefix)
	if err != nil {
		// crypto/rand.Reader never fails: the runtime ends the program first (crypto/rand, Go 1.24).
		panic(err)
	}
	return plain, HashSecret(plain)
}

// SecretFrom is the text of Secret with the randomness passed in. It fails only when the reader does.
func SecretFrom(random io.Reader, prefix string) (string, error) {
	out := make([]byte, 0, len(prefix)+secretLength)
	out = append(out, prefix...)
	var buf [64]byte
	for len(out) < cap(out) {
		if _, err := io.ReadFull(random, buf[:]); err != nil {
			return "", fmt.Errorf("read randomness for a secret: %w", err)
		}
		for _, b := range buf {
			// 248 is the largest multiple of 62 in a byte: what is above it would favour the first characters.
			if b < 248 && len(out) < cap(out) {
				out = append(out, base62[b%62])
			}
		}
	}
	return string(out), nil
}

// HashSecret returns the SHA-256 of a credential as it is presented, for the look-up of its row.
func HashSecret(plain string) []byte {
	sum := sha256.Sum256([]byte(plain))
	return sum[:]
}

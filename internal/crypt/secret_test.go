package crypt

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestSecret(t *testing.T) {
	seen := map[string]bool{}
	for range 500 {
		plain, hash := Secret("sk_live_")
		body, ok := strings.CutPrefix(plain, "sk_live_")
		if !ok || len(body) != secretLength || strings.Trim(body, base62) != "" {
			t.Fatalf("the secret %s", plain)
		}
		want := sha256.Sum256([]byte(plain))
		if !bytes.Equal(hash, want[:]) || !bytes.Equal(hash, HashSecret(plain)) {
			t.Fatal("the hash is not of the whole text")
		}
		if seen[plain] {
			t.Fatal("drawn twice")
		}
		seen[plain] = true
	}
}

func TestSecretFrom(t *testing.T) {
	if s, err := SecretFrom(bytes.NewReader(make([]byte, 10)), "p_"); !errors.Is(err, io.ErrUnexpectedEOF) || s != "" {
		t.Errorf("%q, %v", s, err)
	}
	s, err := SecretFrom(bytes.NewReader(make([]byte, 64)), "p_")
	if err != nil || s != "p_"+strings.Repeat("0", secretLength) {
		t.Errorf("%q, %v", s, err)
	}
}

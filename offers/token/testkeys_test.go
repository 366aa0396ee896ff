package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"sync"
	"testing"
	"time"
)

var (
	now    = time.Date(2030, 5, 6, 7, 8, 9, 0, time.UTC)
	expect = Expect{Issuer: "https://laurel.example", Store: "sto_1", Now: now, Leeway: 30 * time.Second}
)

// fixed returns a key that is the same in every run, made from a name. RSA keys cannot be made so.
func fixed(t testing.TB, alg Alg, name string) Key {
	t.Helper()
	seed := sha256.Sum256([]byte(name))
	var private crypto.Signer
	switch alg {
	case ES256:
		key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
		if err != nil {
			t.Fatal(err)
		}
		private = key
	case EdDSA, Ed25519:
		private = ed25519.NewKeyFromSeed(seed[:])
	default:
		t.Fatalf("no fixed key of %s", alg)
	}
	return named(t, alg, private)
}

func named(t testing.TB, alg Alg, private crypto.Signer) Key {
	t.Helper()
	kid, err := thumbprint(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	return Key{KID: kid, Alg: alg, Private: private, Public: private.Public(), CreatedAt: now, ActiveFrom: now.Add(-time.Hour)}
}

var rsaKey = sync.OnceValues(RS256.generate)

func keyOf(t testing.TB, alg Alg) Key {
	t.Helper()
	if alg != RS256 {
		return fixed(t, alg, "laurel test key "+string(alg))
	}
	private, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	return named(t, alg, private.(*rsa.PrivateKey))
}

func ringOf(t testing.TB, keys ...Key) *Ring {
	t.Helper()
	r, err := NewRing(keys)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func allKeys(t testing.TB) []Key {
	t.Helper()
	return []Key{keyOf(t, ES256), keyOf(t, EdDSA), keyOf(t, Ed25519), keyOf(t, RS256)}
}

func sample() Claims {
	return Claims{
		Issuer: expect.Issuer, Store: expect.Store, Subject: "s1_abc", ID: "tok_1",
		IssuedAt: now, NotBefore: now, ExpiresAt: now.Add(10 * time.Minute),
		Offer: "off_1", OfferVersion: 3, Group: "student", VerifiedUntil: now.Add(90 * 24 * time.Hour),
		Cart: "c1_xyz", Status: &Status{Index: 0, URI: "https://laurel.example/status/1"},
	}
}

func sign(t testing.TB, r *Ring, alg Alg, c Claims) string {
	t.Helper()
	raw, err := r.Sign(alg, c, now)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

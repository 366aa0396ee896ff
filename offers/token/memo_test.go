package token

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"
	"time"
)

func TestAMemoIsBoundedAndKeepsWhatIsUsed(t *testing.T) {
	var m memo
	key := func(n uint64) [sha256.Size]byte { return sha256.Sum256(binary.BigEndian.AppendUint64(nil, n)) }
	used := key(1)
	m.put(used, Claims{ID: "used"})
	for n := range uint64(20 * memoSize) {
		m.put(key(n+2), Claims{})
		if n%1000 == 0 {
			if c, ok := m.get(used); !ok || c.ID != "used" {
				t.Fatalf("forgotten after %d others", n)
			}
		}
	}
	if n := len(m.young) + len(m.old); n > 2*memoSize {
		t.Errorf("%d remembered, at most %d wanted", n, 2*memoSize)
	}
	if _, ok := m.get(key(2)); ok {
		t.Error("what nobody asks for is remembered for ever")
	}
}

func TestARememberedTokenDiesWithItsKey(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	k, err := Generate(ES256, now)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := NewRing([]Key{k})
	if err != nil {
		t.Fatal(err)
	}
	claims := Claims{Issuer: "https://gateway.example", Store: "sto_1", Subject: "s", ID: "tok_1", IssuedAt: now, NotBefore: now,
		ExpiresAt: now.Add(10 * time.Minute), Offer: "off_1", OfferVersion: 1}
	raw, err := ring.Sign(ES256, claims, now)
	if err != nil {
		t.Fatal(err)
	}
	expect := Expect{Issuer: claims.Issuer, Store: "sto_1", Now: now}
	for range 2 {
		if c, err := ring.Verify(raw, now, expect); err != nil || c.ID != "tok_1" {
			t.Fatalf("%+v, %v", c, err)
		}
	}
	if _, err := ring.Verify(raw, now, Expect{Issuer: claims.Issuer, Store: "sto_2", Now: now}); err == nil {
		t.Error("remembered for one store, taken by another")
	}
	if _, err := ring.Verify(raw[:len(raw)-1]+"A", now, expect); err == nil && raw[len(raw)-1] != 'A' {
		t.Error("another text with the same claims was taken")
	}
	k.Revoked = true
	revoked, err := NewRing([]Key{k})
	if err != nil {
		t.Fatal(err)
	}
	revoked.genuine = ring.genuine
	if _, err := revoked.Verify(raw, now, expect); err == nil {
		t.Error("a revoked key verifies what was remembered")
	}
}

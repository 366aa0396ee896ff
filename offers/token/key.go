package token

import (
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Key is one signing key of the gateway. The zero time means "not set" in every field.
type Key struct {
	// KID names the key in headers and in the JWKS: the thumbprint of its public part (RFC 7638).
	KID     string
	Alg     Alg
	Private crypto.Signer
	Public  crypto.PublicKey

	CreatedAt time.Time
	// ActiveFrom is when the key begins to sign. It is published before, so that verifiers know it in time.
	ActiveFrom time.Time
	// RetiredAt is when it stops signing; its tokens stay good.
	RetiredAt time.Time
	// NotAfter is when it stops verifying and leaves the JWKS.
	NotAfter time.Time
	// Revoked keys neither sign nor verify, at once.
	Revoked bool
}

// Generate makes a key that signs from now on. now becomes CreatedAt and ActiveFrom.
func Generate(alg Alg, now time.Time) (Key, error) {
	private, err := alg.generate()
	if err != nil {
		return Key{}, fmt.Errorf("generate a signing key: %w", err)
	}
	kid, err := thumbprint(private.Public())
	if err != nil {
		return Key{}, err
	}
	return Key{KID: kid, Alg: alg, Private: private, Public: private.Public(), CreatedAt: now, ActiveFrom: now}, nil
}

// MarshalPrivate returns the private part in PKCS #8 DER. The caller seals it before it is stored.
func (k Key) MarshalPrivate() ([]byte, error) {
	if k.Private == nil {
		return nil, errors.New("the key has no private part")
	}
	der, err := x509.MarshalPKCS8PrivateKey(k.Private)
	if err != nil {
		return nil, fmt.Errorf("marshal a signing key: %w", err)
	}
	return der, nil
}

// ParsePrivate returns the key of a PKCS #8 DER, with its KID. It fails when the key is not of the algorithm. The
// times are the caller's to fill in.
func ParsePrivate(alg Alg, der []byte) (Key, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		// The library's error may quote what it read.
		return Key{}, errors.New("parse a signing key: not a PKCS #8 private key")
	}
	private, ok := parsed.(crypto.Signer)
	if !ok {
		return Key{}, fmt.Errorf("parse a signing key: a %T cannot sign", parsed)
	}
	if err := alg.fits(private.Public()); err != nil {
		return Key{}, fmt.Errorf("parse a signing key: %w", err)
	}
	kid, err := thumbprint(private.Public())
	if err != nil {
		return Key{}, err
	}
	return Key{KID: kid, Alg: alg, Private: private, Public: private.Public()}, nil
}

func thumbprint(public crypto.PublicKey) (string, error) {
	sum, err := (&jose.JSONWebKey{Key: public}).Thumbprint(crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("name a signing key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

// signsAt reports whether the key may sign at a time.
func (k Key) signsAt(at time.Time) bool {
	return k.Private != nil && k.verifiesAt(at) && !at.Before(k.ActiveFrom) &&
		(k.RetiredAt.IsZero() || at.Before(k.RetiredAt))
}

// verifiesAt reports whether the key's signatures are good at a time.
func (k Key) verifiesAt(at time.Time) bool {
	return !k.Revoked && (k.NotAfter.IsZero() || at.Before(k.NotAfter))
}

// Succession is the outcome of a rotation: the rows to write.
type Succession struct {
	// Next is the new key.
	Next Key
	// Retired are the keys of the same algorithm that now have an end, changed.
	Retired []Key
}

// Signs reports whether one of the keys signs with an algorithm at a time.
func Signs(keys []Key, alg Alg, at time.Time) bool {
	return slices.ContainsFunc(keys, func(k Key) bool { return k.Alg == alg && k.signsAt(at) })
}

// First makes a key that signs at once, for an algorithm by which none signs. It is dated back by what clocks may be
// apart, so that a process whose clock is behind can sign too. Keys of the algorithm that were to sign later retire.
func First(keys []Key, alg Alg, now time.Time) (Succession, error) {
	s, err := Rotate(keys, alg, now, 0)
	s.Next.ActiveFrom = now.Add(-skew)
	return s, err
}

// Rotate makes the next key of an algorithm, by its name: EdDSA and Ed25519 have keys of their own. It is published now and signs after lead (how long verifiers may keep a
// JWKS; zero for at once); until then the old ones sign, and they verify until their last token has expired, so that no
// live token is lost.
func Rotate(keys []Key, alg Alg, now time.Time, lead time.Duration) (Succession, error) {
	next, err := Generate(alg, now)
	if err != nil {
		return Succession{}, err
	}
	next.ActiveFrom = now.Add(lead)
	s := Succession{Next: next}
	for _, k := range keys {
		if k.Alg != alg || !k.verifiesAt(now) || !k.RetiredAt.IsZero() {
			continue
		}
		k.RetiredAt = next.ActiveFrom
		k.NotAfter = next.ActiveFrom.Add(MaxLifetime + skew)
		s.Retired = append(s.Retired, k)
	}
	return s, nil
}

package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"

	"github.com/golang-jwt/jwt/v5"
)

// Alg is the name of a signature algorithm, as it stands in the JOSE header.
type Alg string

// The algorithms of offer tokens. EdDSA (RFC 8037) and Ed25519 (RFC 9864) are two names of the same signature: a key
// of either name emits its own and accepts both.
const (
	ES256   Alg = "ES256"
	EdDSA   Alg = "EdDSA"
	Ed25519 Alg = "Ed25519"
	RS256   Alg = "RS256"
)

// rsaBits is the least that RFC 7518 section 3.3 allows, and what a signature per checkout can afford.
const rsaBits = 2048

// ed25519Method is golang-jwt's Ed25519 under the name of RFC 9864. The library knows only "EdDSA".
type ed25519Method struct{ *jwt.SigningMethodEd25519 }

// Alg implements jwt.SigningMethod.
func (ed25519Method) Alg() string { return string(Ed25519) }

// Valid reports whether a is one of the algorithms above.
func (a Alg) Valid() bool { return a.method() != nil }

func (a Alg) method() jwt.SigningMethod {
	switch a {
	case ES256:
		return jwt.SigningMethodES256
	case EdDSA:
		return jwt.SigningMethodEdDSA
	case Ed25519:
		return ed25519Method{jwt.SigningMethodEdDSA}
	case RS256:
		return jwt.SigningMethodRS256
	}
	return nil
}

// family is the same for names of one signature.
func (a Alg) family() Alg {
	if a == Ed25519 {
		return EdDSA
	}
	return a
}

func (a Alg) generate() (crypto.Signer, error) {
	switch a.family() {
	case ES256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case EdDSA:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	case RS256:
		return rsa.GenerateKey(rand.Reader, rsaBits)
	}
	return nil, fmt.Errorf("no signature algorithm %q", a)
}

// fits refuses a public key that is not of the algorithm: another type, another curve, a short RSA modulus.
func (a Alg) fits(public crypto.PublicKey) error {
	switch key := public.(type) {
	case *ecdsa.PublicKey:
		if a == ES256 && key.Curve == elliptic.P256() {
			return nil
		}
	case ed25519.PublicKey:
		if a.family() == EdDSA && len(key) == ed25519.PublicKeySize {
			return nil
		}
	case *rsa.PublicKey:
		if a == RS256 && key.N.BitLen() >= rsaBits {
			return nil
		}
	}
	return fmt.Errorf("a key of type %T does not fit the algorithm %q", public, a)
}

package token

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Typ is the type in the header of every offer token (RFC 8725 section 3.11).
const Typ = "offer+jwt"

// MaxSize is the size in bytes above which a text is not looked at as a token.
const MaxSize = 4096

// ErrNoSigningKey says that no key of the ring may sign with an algorithm now.
var ErrNoSigningKey = errors.New("no signing key for this algorithm")

var segment = base64.RawURLEncoding.Strict()

// Ring is an immutable set of keys: several of them verify, one for each algorithm signs. Safe for concurrent use.
type Ring struct {
	keys  []Key
	byKID map[string]*ringKey
	// byHeader finds a key by the encoded header of its own tokens: such a header needs no parsing.
	byHeader map[string]*ringKey
	genuine  *memo
}

type ringKey struct {
	Key
	header string
}

// sign returns the compact JWS of a payload under the key, with an encoded header.
func (k *ringKey) sign(header string, payload []byte) (string, error) {
	input := header + "." + segment.EncodeToString(payload)
	signature, err := k.Alg.method().Sign(input, k.Private)
	if err != nil {
		return "", err
	}
	return input + "." + segment.EncodeToString(signature), nil
}

func headerText(k Key, typ string) string {
	return segment.EncodeToString(fmt.Appendf(nil, `{"alg":%q,"kid":%q,"typ":%q}`, k.Alg, k.KID, typ))
}

// NewRing checks the keys and puts them into a ring. Keys without a private part only verify.
func NewRing(keys []Key) (*Ring, error) {
	r := &Ring{byKID: make(map[string]*ringKey, len(keys)), byHeader: make(map[string]*ringKey, len(keys)), genuine: &memo{}}
	for _, k := range keys {
		if k.Public == nil && k.Private != nil {
			k.Public = k.Private.Public()
		}
		if k.KID == "" {
			return nil, errors.New("a signing key without a kid")
		}
		if err := k.Alg.fits(k.Public); err != nil {
			return nil, fmt.Errorf("signing key %s: %w", k.KID, err)
		}
		if _, taken := r.byKID[k.KID]; taken {
			return nil, fmt.Errorf("two signing keys with the kid %s", k.KID)
		}
		header := headerText(k, Typ)
		ours := &ringKey{Key: k, header: header}
		r.byKID[k.KID], r.byHeader[header] = ours, ours
		r.keys = append(r.keys, k)
	}
	slices.SortFunc(r.keys, func(a, b Key) int {
		if c := a.ActiveFrom.Compare(b.ActiveFrom); c != 0 {
			return c
		}
		return strings.Compare(a.KID, b.KID)
	})
	return r, nil
}

// Keys returns the ring's keys, oldest first.
func (r *Ring) Keys() []Key { return slices.Clone(r.keys) }

// Signing returns the key that signs with an algorithm at a time: the one that became active last.
func (r *Ring) Signing(alg Alg, at time.Time) (Key, bool) {
	for _, k := range slices.Backward(r.keys) {
		if k.Alg == alg && k.signsAt(at) {
			return k, true
		}
	}
	return Key{}, false
}

// Sign returns the compact JWT of the claims, signed by the key that signs with alg at a time. NotBefore is IssuedAt
// when it is not set. It fails, with an error that is not the caller's fault, on claims that no token may carry and
// with ErrNoSigningKey.
func (r *Ring) Sign(alg Alg, c Claims, at time.Time) (string, error) {
	if err := c.check(); err != nil {
		return "", fmt.Errorf("sign an offer token: %w", err)
	}
	key, ok := r.Signing(alg, at)
	if !ok {
		return "", fmt.Errorf("sign an offer token with %s: %w", alg, ErrNoSigningKey)
	}
	payload, err := c.marshal()
	if err != nil {
		return "", fmt.Errorf("marshal an offer token: %w", err)
	}
	ours := r.byKID[key.KID]
	raw, err := ours.sign(ours.header, payload)
	if err != nil {
		return "", fmt.Errorf("sign an offer token: %w", err)
	}
	if len(raw) > MaxSize {
		return "", fmt.Errorf("an offer token of %d bytes, at most %d", len(raw), MaxSize)
	}
	return raw, nil
}

// SignDocument returns the compact JWS of a JSON payload that is no offer token, such as a status list or a receipt. typ
// keeps the kinds apart (RFC 8725 section 3.11) and cannot be that of an offer token. It fails with ErrNoSigningKey.
func (r *Ring) SignDocument(alg Alg, typ string, payload []byte, at time.Time) (string, error) {
	if typ == "" || typ == Typ {
		return "", fmt.Errorf("sign a document of the type %q: offer tokens are signed by Sign", typ)
	}
	key, ok := r.Signing(alg, at)
	if !ok {
		return "", fmt.Errorf("sign %s with %s: %w", typ, alg, ErrNoSigningKey)
	}
	raw, err := r.byKID[key.KID].sign(headerText(key, typ), payload)
	if err != nil {
		return "", fmt.Errorf("sign %s: %w", typ, err)
	}
	return raw, nil
}

// JWKS returns the public keys that verify at a time (RFC 7517), also those that will sign only later, oldest first.
func (r *Ring) JWKS(at time.Time) jose.JSONWebKeySet {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range r.keys {
		if k.verifiesAt(at) {
			jwk := jose.JSONWebKey{Key: k.Public, KeyID: k.KID, Algorithm: string(k.Alg), Use: "sig"}
			set.Keys = append(set.Keys, jwk.Public())
		}
	}
	return set
}

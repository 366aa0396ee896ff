package main

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Verifier checks offer tokens of one store.
type Verifier struct {
	Issuer  string
	Store   string
	Gateway string
	// Algs are the algorithms that the store has used. Each key is good for its own alone.
	Algs   []string
	Leeway time.Duration
	Now    func() time.Time
	Client *http.Client

	keys  keySet
	lists map[string]statusList
}

// Claims is what a checkout needs of a token.
type Claims struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	Subject   string `json:"sub"`
	ID        string `json:"jti"`
	IssuedAt  int64  `json:"iat"`
	NotBefore int64  `json:"nbf"`
	ExpiresAt int64  `json:"exp"`
	Offer     string `json:"offer"`
	Group     string `json:"group"`
	Cart      string `json:"cart"`
	Status    *struct {
		List struct {
			Index int64  `json:"idx"`
			URI   string `json:"uri"`
		} `json:"status_list"`
	} `json:"status"`
}

// maxToken is the size above which nothing is looked at as a token.
const maxToken = 4096

// Verify returns the claims of a good token, or why it is none. It cannot know whether the token was used already: only
// redeeming it at the gateway tells.
func (v *Verifier) Verify(raw string, cart *Cart) (*Claims, error) {
	if len(raw) > maxToken {
		return nil, errors.New("too long")
	}
	payload, err := v.open(raw, "offer+jwt")
	if err != nil {
		return nil, err
	}
	var c Claims
	if err := json.Unmarshal(payload, &c); err != nil {
		return nil, errors.New("the claims are not JSON")
	}
	if err := v.checkClaims(c); err != nil {
		return nil, err
	}
	if c.Cart != "" && (cart == nil || cart.Digest() != c.Cart) {
		return nil, errors.New("cart mismatch")
	}
	if c.Status != nil {
		ended, err := v.ended(c.Status.List.URI, c.Status.List.Index)
		if err != nil {
			return nil, fmt.Errorf("status unknown: %w", err)
		}
		if ended {
			return nil, errors.New("revoked")
		}
	}
	return &c, nil
}

func (v *Verifier) checkClaims(c Claims) error {
	now := v.Now()
	switch {
	case c.Issuer != v.Issuer:
		return errors.New("wrong issuer")
	case c.Audience != v.Store:
		return errors.New("wrong audience")
	case c.Subject == "" || c.ID == "" || c.Offer == "" || c.ExpiresAt == 0:
		return errors.New("a claim is missing")
	case !now.Add(-v.Leeway).Before(time.Unix(c.ExpiresAt, 0)):
		return errors.New("expired")
	case time.Unix(max(c.NotBefore, c.IssuedAt), 0).After(now.Add(v.Leeway)):
		return errors.New("not valid yet")
	}
	return nil
}

// open checks type, key, algorithm and signature of a compact JWS, and returns its payload. The algorithm is the one
// that the key is for: what the header says must agree, and decides nothing.
func (v *Verifier) open(raw, typ string) ([]byte, error) {
	allowed := make([]jose.SignatureAlgorithm, len(v.Algs))
	for i, a := range v.Algs {
		allowed[i] = jose.SignatureAlgorithm(a)
	}
	jws, err := jose.ParseSignedCompact(raw, allowed)
	if err != nil {
		return nil, errors.New("not a token of an algorithm that is allowed")
	}
	header := jws.Signatures[0].Protected
	if got, _ := header.ExtraHeaders[jose.HeaderType].(string); got != typ {
		return nil, errors.New("wrong type")
	}
	if header.JSONWebKey != nil || header.ExtraHeaders["jku"] != nil || header.ExtraHeaders["x5u"] != nil || header.ExtraHeaders["crit"] != nil {
		return nil, errors.New("the header brings a key or an extension")
	}
	key, err := v.key(header.KeyID)
	if err != nil {
		return nil, err
	}
	if key.Algorithm != header.Algorithm || !slices.Contains(v.Algs, key.Algorithm) {
		return nil, errors.New("the algorithm is not the key's")
	}
	return verifySignature(raw, jws, key)
}

func verifySignature(raw string, jws *jose.JSONWebSignature, key jose.JSONWebKey) ([]byte, error) {
	if public, ok := key.Key.(ed25519.PublicKey); ok && key.Algorithm == "Ed25519" {
		// go-jose knows this signature by its older name, EdDSA, only.
		if !ed25519.Verify(public, []byte(raw[:strings.LastIndexByte(raw, '.')]), jws.Signatures[0].Signature) {
			return nil, errors.New("bad signature")
		}
		return jws.UnsafePayloadWithoutVerification(), nil
	}
	payload, err := jws.Verify(key.Key)
	if err != nil {
		return nil, errors.New("bad signature")
	}
	return payload, nil
}

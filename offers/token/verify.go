package token

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Expect is what a token must be good for.
type Expect struct {
	Issuer string
	// Store is the audience.
	Store string
	// Now is the store's time (a test store can have a clock of its own).
	Now time.Time
	// Leeway is how far the clocks may be apart; zero for none.
	Leeway time.Duration
}

// errUnknownKID is the one refusal that a newer ring may take back.
var errUnknownKID = errors.New("no key with this kid")

// Verify checks a compact JWT as RFC 8725 asks and returns its claims. at is the gateway's time, for the ends of keys.
// Faults: token_invalid, in one sentence whatever the reason (which is the cause, for the log); token_expired for a
// genuine token of this store that is too old; its claims are returned with the fault, so that a hold on it is found.
func (r *Ring) Verify(raw string, at time.Time, expect Expect) (Claims, error) {
	c, err := r.open(raw, at)
	if err != nil {
		return Claims{}, invalid(err)
	}
	err = c.against(expect)
	if err != nil && fault.CodeOf(err) != fault.TokenExpired {
		return Claims{}, err
	}
	return c, err
}

func invalid(cause error) error {
	return fault.New(fault.TokenInvalid, "This is not a valid offer token of this store. Leave it out, and show the price without it.").Wrap(cause)
}

// against checks genuine claims.
func (c Claims) against(expect Expect) error {
	switch {
	case expect.Issuer == "" || c.Issuer != expect.Issuer:
		return invalid(errors.New("another issuer"))
	case expect.Store == "" || c.Store != expect.Store:
		return invalid(errors.New("another audience"))
	case c.IssuedAt.After(expect.Now.Add(expect.Leeway)):
		return invalid(errors.New("issued in the future"))
	case c.NotBefore.After(expect.Now.Add(expect.Leeway)):
		return invalid(errors.New("not valid yet"))
	case !expect.Now.Add(-expect.Leeway).Before(c.ExpiresAt):
		return fault.New(fault.TokenExpired, "This offer token has expired. Ask for a new one with the same verification.")
	}
	return nil
}

// open checks shape, key and signature.
func (r *Ring) open(raw string, at time.Time) (Claims, error) {
	if len(raw) > MaxSize {
		return Claims{}, errors.New("too long")
	}
	header, rest, ok := strings.Cut(raw, ".")
	payload, signature, ok2 := strings.Cut(rest, ".")
	if !ok || !ok2 || strings.Contains(signature, ".") {
		return Claims{}, errors.New("not three segments")
	}
	key, err := r.find(header)
	if err != nil {
		return Claims{}, err
	}
	if !key.verifiesAt(at) {
		return Claims{}, errors.New("the key is revoked or past its end")
	}
	text := sha256.Sum256([]byte(raw))
	if c, ok := r.genuine.get(text); ok {
		return c, nil
	}
	c, err := key.open(raw[:len(header)+1+len(payload)], payload, signature)
	if err == nil {
		r.genuine.put(text, c)
	}
	return c, err
}

// open checks the signature over the input, and what the payload says.
func (key *ringKey) open(input, payload, signature string) (Claims, error) {
	sig, err := decode(signature)
	if err != nil {
		return Claims{}, err
	}
	if err := key.Alg.method().Verify(input, sig, key.Public); err != nil {
		return Claims{}, errors.New("the signature does not match")
	}
	body, err := decode(payload)
	if err != nil {
		return Claims{}, err
	}
	c, err := parseClaims(body)
	if err != nil {
		return Claims{}, err
	}
	return c, c.check()
}

// find returns the key that a header names, if the header is one that we would write for it.
func (r *Ring) find(header string) (*ringKey, error) {
	if key, ok := r.byHeader[header]; ok {
		return key, nil
	}
	h, err := parseHeader(header)
	if err != nil {
		return nil, err
	}
	key, ok := r.byKID[h.kid]
	if !ok {
		return nil, errUnknownKID
	}
	if h.alg.family() != key.Alg.family() || !h.alg.Valid() {
		return nil, errors.New("the algorithm is not the key's")
	}
	return key, nil
}

type parsedHeader struct {
	alg Alg
	kid string
}

// parseHeader takes alg, kid and typ, and refuses every other parameter: a key or an address of one in the header
// (jwk, jku, x5c, x5u), an extension that must be understood (crit), and what we do not know.
func parseHeader(header string) (parsedHeader, error) {
	raw, err := decode(header)
	if err != nil {
		return parsedHeader{}, err
	}
	var h parsedHeader
	var typ string
	names, err := object(raw, func(dec *json.Decoder, name string) error {
		switch name {
		case "alg":
			return dec.Decode((*string)(&h.alg))
		case "kid":
			return dec.Decode(&h.kid)
		case "typ":
			return dec.Decode(&typ)
		}
		return errors.New("not a parameter of an offer token")
	})
	if err != nil {
		return parsedHeader{}, err
	}
	if !slices.Contains(names, "alg") || h.kid == "" {
		return parsedHeader{}, errors.New("the header names no algorithm or no key")
	}
	// RFC 7515 section 4.1.9: media types compare without case, and "application/" may be left out.
	if t := strings.ToLower(typ); t != Typ && t != "application/"+Typ {
		return parsedHeader{}, errors.New("not the type of an offer token")
	}
	return h, nil
}

// decode is strict base64url: no padding, no line breaks, no bits left over.
func decode(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, errors.New("a line break in a segment")
	}
	raw, err := segment.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("a segment is not strict base64url: %w", err)
	}
	return raw, nil
}

package token

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"
)

// maxDate is the end of the year 9999: what is beyond cannot be written in RFC 3339.
const maxDate = 253402300799

// wireClaims is the payload as we write it.
type wireClaims struct {
	Issuer        string      `json:"iss"`
	Audience      string      `json:"aud"`
	Subject       string      `json:"sub"`
	ID            string      `json:"jti"`
	IssuedAt      int64       `json:"iat"`
	NotBefore     int64       `json:"nbf"`
	ExpiresAt     int64       `json:"exp"`
	Offer         string      `json:"offer"`
	OfferVersion  int64       `json:"offer_version"`
	Group         string      `json:"group,omitempty"`
	VerifiedUntil int64       `json:"verified_until,omitempty"`
	Cart          string      `json:"cart,omitempty"`
	Status        *wireStatus `json:"status,omitempty"`
}

type wireStatus struct {
	List wireStatusList `json:"status_list"`
}

type wireStatusList struct {
	Index int64  `json:"idx"`
	URI   string `json:"uri"`
}

// marshal writes the payload. Equal claims give equal bytes.
func (c Claims) marshal() ([]byte, error) {
	w := wireClaims{
		Issuer: c.Issuer, Audience: c.Store, Subject: c.Subject, ID: c.ID,
		IssuedAt: c.IssuedAt.Unix(), NotBefore: c.IssuedAt.Unix(), ExpiresAt: c.ExpiresAt.Unix(),
		Offer: c.Offer, OfferVersion: c.OfferVersion, Group: c.Group, Cart: c.Cart,
	}
	if !c.NotBefore.IsZero() {
		w.NotBefore = c.NotBefore.Unix()
	}
	if !c.VerifiedUntil.IsZero() {
		w.VerifiedUntil = c.VerifiedUntil.Unix()
	}
	if c.Status != nil {
		w.Status = &wireStatus{List: wireStatusList{Index: c.Status.Index, URI: c.Status.URI}}
	}
	return json.Marshal(w)
}

// claims is the inverse of marshal, of times that marshal may have written.
func (w wireClaims) claims() (Claims, bool) {
	for _, seconds := range []int64{w.IssuedAt, w.NotBefore, w.ExpiresAt} {
		if seconds <= 0 || seconds > maxDate {
			return Claims{}, false
		}
	}
	if w.VerifiedUntil < 0 || w.VerifiedUntil > maxDate {
		return Claims{}, false
	}
	c := Claims{
		Issuer: w.Issuer, Store: w.Audience, Subject: w.Subject, ID: w.ID,
		IssuedAt: time.Unix(w.IssuedAt, 0).UTC(), NotBefore: time.Unix(w.NotBefore, 0).UTC(),
		ExpiresAt: time.Unix(w.ExpiresAt, 0).UTC(),
		Offer:     w.Offer, OfferVersion: w.OfferVersion, Group: w.Group, Cart: w.Cart,
	}
	if w.VerifiedUntil > 0 {
		c.VerifiedUntil = time.Unix(w.VerifiedUntil, 0).UTC()
	}
	if w.Status != nil {
		c.Status = &Status{Index: w.Status.List.Index, URI: w.Status.List.URI}
	}
	return c, true
}

// parseClaims reads a payload: the fast way when it is, byte for byte, what we write, else member by member.
func parseClaims(payload []byte) (Claims, error) {
	if c, ok := parseOwn(payload); ok {
		return c, nil
	}
	return parseAny(payload)
}

// parseOwn takes only what marshal gives back unchanged, so nothing that encoding/json forgives can pass here. Twice
// as fast as parseAny.
func parseOwn(payload []byte) (Claims, bool) {
	var w wireClaims
	if json.Unmarshal(payload, &w) != nil {
		return Claims{}, false
	}
	c, ok := w.claims()
	if !ok {
		return Claims{}, false
	}
	same, err := c.marshal()
	return c, err == nil && bytes.Equal(same, payload)
}

// parseAny reads what another writer may have written. It is stricter than encoding/json, which takes the
// last of two equal names, does not mind their case and repairs broken UTF-8: each a way to show two verifiers two
// different tokens. Names that we do not know are ignored (RFC 7519 section 4).
func parseAny(payload []byte) (Claims, error) {
	var c Claims
	seen, err := object(payload, func(dec *json.Decoder, name string) error {
		switch name {
		case "iss":
			return dec.Decode(&c.Issuer)
		case "aud":
			return dec.Decode(&c.Store)
		case "sub":
			return dec.Decode(&c.Subject)
		case "jti":
			return dec.Decode(&c.ID)
		case "offer":
			return dec.Decode(&c.Offer)
		case "offer_version":
			return dec.Decode(&c.OfferVersion)
		case "group":
			return dec.Decode(&c.Group)
		case "cart":
			return dec.Decode(&c.Cart)
		case "iat":
			return date(dec, &c.IssuedAt)
		case "nbf":
			return date(dec, &c.NotBefore)
		case "exp":
			return date(dec, &c.ExpiresAt)
		case "verified_until":
			return date(dec, &c.VerifiedUntil)
		case "status":
			return status(dec, &c.Status)
		}
		return skip(dec)
	})
	if err != nil {
		return Claims{}, err
	}
	for _, name := range []string{"iss", "aud", "sub", "jti", "iat", "exp", "offer"} {
		if !slices.Contains(seen, name) {
			return Claims{}, fmt.Errorf("the claim %s is missing", name)
		}
	}
	return c, nil
}

// date reads a NumericDate with whole seconds, the only form that we write.
func date(dec *json.Decoder, into *time.Time) error {
	var seconds *int64
	if err := dec.Decode(&seconds); err != nil {
		return err
	}
	if seconds == nil || *seconds <= 0 || *seconds > maxDate {
		return errors.New("a time is not a number of seconds")
	}
	*into = time.Unix(*seconds, 0).UTC()
	return nil
}

func status(dec *json.Decoder, into **Status) error {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return err
	}
	var s Status
	found := false
	_, err := object(raw, func(dec *json.Decoder, name string) error {
		if name != "status_list" {
			return skip(dec)
		}
		found = true
		var list json.RawMessage
		if err := dec.Decode(&list); err != nil {
			return err
		}
		_, err := object(list, func(dec *json.Decoder, name string) error {
			switch name {
			case "idx":
				return dec.Decode(&s.Index)
			case "uri":
				return dec.Decode(&s.URI)
			}
			return skip(dec)
		})
		return err
	})
	if found {
		*into = &s
	}
	return err
}

func skip(dec *json.Decoder) error {
	var ignored json.RawMessage
	return dec.Decode(&ignored)
}

// object walks the members of one JSON object and returns their names. It refuses a second member of the same name,
// anything after the object, and broken UTF-8.
func object(raw []byte, member func(dec *json.Decoder, name string) error) ([]string, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	names := make([]string, 0, 16)
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, errors.New("broken JSON")
		}
		name, ok := t.(string)
		if !ok || slices.Contains(names, name) {
			return nil, errors.New("a name appears twice")
		}
		names = append(names, name)
		if err := member(dec, name); err != nil {
			return nil, fmt.Errorf("the member %q: %w", name, err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, errors.New("broken JSON")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object")
	}
	return names, nil
}

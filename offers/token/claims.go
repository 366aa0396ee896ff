package token

import (
	"errors"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

const (
	// DefaultLifetime is how long a token lives when its offer does not say.
	DefaultLifetime = 10 * time.Minute
	// MaxLifetime is how long a token lives at most.
	MaxLifetime = 24 * time.Hour
	// skew is how far the clocks of replicas and verifiers may be apart.
	skew = time.Minute
)

// Claims is what an offer token says. Times have whole seconds (RFC 7519, NumericDate).
type Claims struct {
	// Issuer is the gateway; Store, the audience, is the store's id.
	Issuer string
	Store  string
	// Subject is the pairwise subject of the customer or person in that store.
	Subject string
	// ID (jti) is what the token is kept, held, spent and revoked by; never by its text.
	ID        string
	IssuedAt  time.Time
	NotBefore time.Time
	ExpiresAt time.Time
	Offer     string
	// OfferVersion is the version of the offer that was shown when the token was issued.
	OfferVersion int64
	// Group is what was proven; empty in the token of a tier.
	Group string
	// VerifiedUntil is the end of the attestation; zero when the token stands on none.
	VerifiedUntil time.Time
	// Cart is the digest of the cart that the token is bound to, or empty.
	Cart string
	// Status says where a verifier can learn of a revocation, or nil.
	Status *Status
}

// Status points into a Token Status List (draft-ietf-oauth-status-list, section 6.1).
type Status struct {
	Index int64
	URI   string
}

// Lifetime returns when a token issued now for ttl expires: DefaultLifetime when ttl is not positive, MaxLifetime at
// most, and never after verifiedUntil (zero: no such end), in whole seconds. Faults: attestation_ended when nothing is
// left of the attestation.
func Lifetime(now time.Time, ttl time.Duration, verifiedUntil time.Time) (time.Time, error) {
	switch {
	case ttl <= 0:
		ttl = DefaultLifetime
	case ttl < time.Second:
		ttl = time.Second
	case ttl > MaxLifetime:
		ttl = MaxLifetime
	}
	expires := now.Truncate(time.Second).Add(ttl).Truncate(time.Second)
	if !verifiedUntil.IsZero() && verifiedUntil.Before(expires) {
		expires = verifiedUntil.Truncate(time.Second)
	}
	if !expires.After(now) {
		return time.Time{}, fault.New(fault.AttestationEnded, "The proof that this offer rests on has ended. Verify again.")
	}
	return expires.UTC(), nil
}

// check refuses claims that no token of ours may carry.
func (c Claims) check() error {
	for _, f := range []struct{ name, value string }{
		{"iss", c.Issuer}, {"aud", c.Store}, {"sub", c.Subject}, {"jti", c.ID}, {"offer", c.Offer},
	} {
		if f.value == "" {
			return fmt.Errorf("the claim %s is empty", f.name)
		}
	}
	exp, iat := c.ExpiresAt.Unix(), c.IssuedAt.Unix()
	switch {
	case c.IssuedAt.IsZero() || iat <= 0:
		return errors.New("the claim iat is missing")
	case c.ExpiresAt.IsZero() || exp <= iat:
		return errors.New("the claim exp is missing or not after iat")
	case exp-iat > int64(MaxLifetime/time.Second):
		return errors.New("the lifetime is longer than any token's")
	case !c.NotBefore.IsZero() && !c.NotBefore.Before(c.ExpiresAt):
		return errors.New("the claim nbf is not before exp")
	case !c.VerifiedUntil.IsZero() && exp > c.VerifiedUntil.Unix():
		return errors.New("the claim exp is after verified_until")
	case c.OfferVersion < 0:
		return errors.New("the claim offer_version is negative")
	case c.Status != nil && (c.Status.Index < 0 || c.Status.URI == ""):
		return errors.New("the claim status points nowhere")
	}
	return nil
}

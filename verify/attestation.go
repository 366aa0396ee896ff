package verify

import (
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Attestation is the result of a verification: this customer is in this group until then, by that evidence.
type Attestation struct {
	ID           string
	Store        string
	Verification string
	// Customer is the store's own reference to the customer. Empty for a guest.
	Customer string
	// Bound is true once somebody with authority confirmed Customer: a secret key, a customer session, or the
	// redemption of a token. Until then Customer is only what a browser claimed.
	Bound         bool
	Group         string
	Subgroup      string
	Organisation  string
	Classes       []Class
	Tags          []PersonTag
	PolicyID      string
	PolicyVersion int
	ValidUntil    time.Time
	CreatedAt     time.Time
	// TermBegan is when the attestation was renewed last; zero for the first term.
	TermBegan time.Time
	// EndedAt is zero while nobody ended it early.
	EndedAt   time.Time
	EndReason string
}

// Active reports whether the attestation holds at a moment.
func (a Attestation) Active(now time.Time) bool {
	return a.EndedAt.IsZero() && now.Before(a.ValidUntil)
}

// boundTo is the customer that somebody with authority named; empty when nobody did.
func (a Attestation) boundTo() string {
	if a.Bound {
		return a.Customer
	}
	return ""
}

var errEnded = fault.New(fault.AttestationEnded, "The attestation has ended. The shopper has to verify again.")

// Bind returns the attestation bound to a customer by somebody with authority. Faults: customer_mismatch when it is
// bound to another customer, attestation_ended when it no longer holds.
func (a Attestation) Bind(customer string, now time.Time) (Attestation, error) {
	if !a.Active(now) {
		return a, errEnded
	}
	if a.Bound && a.Customer != customer {
		return a, fault.New(fault.CustomerMismatch, "The attestation belongs to another customer.")
	}
	a.Customer, a.Bound = customer, true
	return a, nil
}

// End returns the attestation ended now for a reason code. Ending twice keeps the first end.
func (a Attestation) End(reason string, now time.Time) Attestation {
	if a.EndedAt.IsZero() {
		a.EndedAt, a.EndReason = now, reason
	}
	return a
}

// DefaultSuccessWindow is how long a person who was verified for a group stays with that customer: one success per
// person and group in this time.
const DefaultSuccessWindow = 30 * 24 * time.Hour

// Claimant is who asks for an attestation.
type Claimant struct {
	Customer string
	Bound    bool
}

// mayTake decides whether a claimant who proved to be the holder of a tag may have the holder's attestation or its
// place. reuse is true when the holder's attestation itself is to be given.
func mayTake(holder Attestation, c Claimant, now time.Time, window time.Duration) (reuse bool, err error) {
	active := holder.Active(now)
	sameCustomer := holder.Customer == c.Customer || holder.Customer == "" || (c.Bound && !holder.Bound)
	if sameCustomer {
		return active, nil
	}
	if active || now.Before(holder.CreatedAt.Add(window)) {
		return false, fault.New(fault.AlreadyVerified,
			"This person is already verified for another customer of the store. Use that account, or ask the store to move it.")
	}
	return false, nil
}

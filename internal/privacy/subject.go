package privacy

import (
	"crypto/rand"
	"strings"
)

// guest begins the reference of a shopper who is known by one verification only.
const guest = "verification:"

// erased begins every pseudonym.
const erased = "erased_"

// Subject is whom a request is about: a customer of the store, or a guest, who is known by one verification.
type Subject struct {
	// Customer is the store's reference; empty for a guest.
	Customer string
	// Verification is a guest's; empty for a customer.
	Verification string
}

// SubjectOf reads a reference: the store's own one of a customer, or "verification:" and the id of a guest's verification.
func SubjectOf(reference string) Subject {
	if id, ok := strings.CutPrefix(reference, guest+"ver_"); ok {
		return Subject{Verification: "ver_" + id}
	}
	return Subject{Customer: reference}
}

// Reference is what SubjectOf reads.
func (s Subject) Reference() string {
	if s.Verification != "" {
		return guest + s.Verification
	}
	return s.Customer
}

// NewPseudonym draws what stands where a customer stood. It holds nothing of the customer.
func NewPseudonym() string { return erased + rand.Text() }

// IsPseudonym reports whether a reference stands for somebody who was erased.
func IsPseudonym(reference string) bool { return strings.HasPrefix(reference, erased) }

package offers

import (
	"slices"
	"time"
)

// Shopper is who asks for an offer, as far as it matters to the offer's conditions.
type Shopper struct {
	// Customer is the store's own reference; empty for a guest.
	Customer string
	// Proof is what the offer's token rests on; nil for nothing.
	Proof *Proof
	// Member is the customer's place in the loyalty program; nil when there is none.
	Member *Member
}

// Proof is what a shopper proved.
type Proof struct {
	Group      string    `json:"group"`
	Subgroup   string    `json:"subgroup,omitempty"`
	VerifiedAt time.Time `json:"verified_at"`
	ValidUntil time.Time `json:"valid_until"`
}

// Member is a shopper's place in a loyalty program.
type Member struct {
	// Tiers are the ids of the tiers that the member has reached, the lowest first: the last one is the member's tier.
	Tiers []string `json:"tiers,omitempty"`
	// Points can be spent.
	Points int64     `json:"points"`
	Since  time.Time `json:"since"`
}

// Tier is the id of the member's tier; empty for nobody.
func (m *Member) Tier() string {
	if m == nil || len(m.Tiers) == 0 {
		return ""
	}
	return m.Tiers[len(m.Tiers)-1]
}

// SuitsMember tells whether a member has the tier that the offer asks for, or a higher one.
func (o *Offer) SuitsMember(m *Member) bool {
	return o.Tier == "" || m != nil && slices.Contains(m.Tiers, o.Tier)
}

// AsksForMember tells whether a condition of the offer looks at the shopper's place in the program.
func (o *Offer) AsksForMember() bool { return o.Tier != "" || o.Rule != "" }

// nobody is a shopper of whom nothing is known.
var nobody = &Shopper{}

// shopper is who asks; somebody unknown when nobody is named.
func (c *Candidate) shopper() *Shopper {
	if c.Shopper == nil {
		return nobody
	}
	return c.Shopper
}

package offers

import (
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// TokenState is where an offer token is in its life.
type TokenState string

// The states of an offer token. Expiry is not a state: it is a matter of the clock.
const (
	TokenLive    TokenState = "live"
	TokenHeld    TokenState = "held"
	TokenSpent   TokenState = "spent"
	TokenRevoked TokenState = "revoked"
)

// Token is what the database knows of an offer token. Everything but State, Holder and Customer stays as issued.
type Token struct {
	Store         string
	JTI           string
	OfferID       string
	OfferVersion  int64
	Subject       string
	AttestationID string
	Customer      string
	Group         string
	PersonTags    []string
	CodeMAC       []byte
	// KID names the key that signed the token.
	KID    string
	Sealed []byte
	// PoolCode is the sealed code of the storefront's platform that was given with the token; nil without one.
	PoolCode []byte
	State    TokenState
	// Cart is the digest of the one cart that the token is good for; empty for any cart.
	Cart string
	// Holder is the reservation or redemption that holds or spent the token.
	Holder    string
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// Faults about tokens.
var (
	ErrTokenSpent   = fault.New(fault.TokenSpent, "This offer token was used already. Every token is good for one order; ask for a new one.")
	ErrTokenRevoked = fault.New(fault.TokenRevoked, "This offer token was revoked: its proof has ended, or a newer token took its place. Ask for a new one; if that is refused, verify again.")
	ErrTokenExpired = fault.New(fault.TokenExpired, "This offer token has expired. Ask for a new one with the same verification.")
	ErrTokenInvalid = fault.New(fault.TokenInvalid, "This is not an offer token of this store. Leave it out, and show the price without it.")
	ErrCustomer     = fault.New(fault.CustomerMismatch, "This offer token belongs to another customer. Leave it out, or let this customer ask for one.")
)

// Usable refuses a token that cannot be held or redeemed for customer at now.
func (t *Token) Usable(customer string, now time.Time) error {
	switch {
	case t.State == TokenSpent:
		return ErrTokenSpent
	case t.State == TokenRevoked:
		return ErrTokenRevoked
	case !now.Before(t.ExpiresAt):
		return ErrTokenExpired
	case t.Customer != "" && t.Customer != customer:
		return ErrCustomer
	}
	return nil
}

// ReservationState is where a reservation is in its life.
type ReservationState string

// The states of a reservation.
const (
	Held     ReservationState = "held"
	Redeemed ReservationState = "redeemed"
	Released ReservationState = "released"
	Expired  ReservationState = "expired"
)

// Pinned is what a reservation or redemption fixed: nothing of it is computed again.
type Pinned struct {
	Customer string    `json:"customer,omitempty"`
	Cart     Cart      `json:"cart"`
	Applied  []Applied `json:"applied"`
	Totals   Totals    `json:"totals"`
	// Points are what the purchase earns, and LinePoints each line's part, in the order of the cart.
	Points     int64   `json:"points"`
	LinePoints []int64 `json:"line_points,omitempty"`
	// RuleVersion is the version of the program that said so.
	RuleVersion int64 `json:"rule_version,omitempty"`
	// Uses says what each applied offer counts against.
	Uses []Use `json:"uses,omitempty"`
	// Judged is what the offers' conditions saw; nil when no offer applied.
	Judged *Judged `json:"judged,omitempty"`
}

// Use is one applied offer's claim on limits.
type Use struct {
	OfferID      string       `json:"offer_id"`
	OfferVersion int64        `json:"offer_version"`
	JTI          string       `json:"jti,omitempty"`
	Attestation  string       `json:"attestation,omitempty"`
	Group        string       `json:"group,omitempty"`
	PersonTags   []string     `json:"person_tags,omitempty"`
	Amount       int64        `json:"amount"`
	Counters     []CounterKey `json:"counters,omitempty"`
	// RestoresBudget says that refunds give back to the offer's budget.
	RestoresBudget bool `json:"restores_budget,omitempty"`
}

// Reservation holds price, tokens and capacity for one attempt to pay.
type Reservation struct {
	Store        string
	ID           string
	OrderRef     string
	State        ReservationState
	RedemptionID string
	Pinned       Pinned
	CreatedAt    time.Time
	ExpiresAt    time.Time
}

// Lapsed tells whether a held reservation has outlived its time. Its capacity is free from that instant, whether or not
// anybody has written so.
func (r *Reservation) Lapsed(now time.Time) bool { return r.State == Held && !now.Before(r.ExpiresAt) }

// Attempt is an order_ref: it points to the reservation that holds it.
type Attempt struct {
	Store         string
	OrderRef      string
	ReservationID string
}

// RedemptionState is where a redemption is in its life.
type RedemptionState string

// The states of a redemption.
const (
	StateRedeemed          RedemptionState = "redeemed"
	StatePartiallyRefunded RedemptionState = "partially_refunded"
	StateRefunded          RedemptionState = "refunded"
)

// Redemption is an order that used offers.
type Redemption struct {
	Store         string
	ID            string
	OrderID       string
	OrderRef      string
	ReservationID string
	State         RedemptionState
	Pinned        Pinned
	Refunded      Refunded
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

package console

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// Lists reads what admins look at and do not write.
type Lists interface {
	// LoyaltyMembers returns members by customer, after a customer ("" for the first page). Search is the beginning of
	// a customer reference.
	LoyaltyMembers(ctx context.Context, store string, f MemberFilter, after string, limit int) ([]MemberSummary, error)
	// Redemptions returns redemptions, newest first, before a cursor id.
	Redemptions(ctx context.Context, store string, f RedemptionFilter, before string, limit int) ([]offers.Redemption, error)
	// Refunds returns the refunds of an order, oldest first.
	Refunds(ctx context.Context, store, orderID string) ([]RefundSummary, error)
	// Verifications returns verifications, newest first, before a cursor id.
	Verifications(ctx context.Context, store string, f VerificationFilter, before string, limit int) ([]VerificationSummary, error)
	// ReviewQueue counts open reviews as a reviewer has them at a time of the store's clock.
	ReviewQueue(ctx context.Context, store, reviewer string, now time.Time) (ReviewQueue, error)
}

// MemberFilter narrows a list of members; an empty field narrows nothing.
type MemberFilter struct{ Search, Tier string }

// MemberSummary is a member as a list shows it.
type MemberSummary struct {
	Customer  string
	ID        string
	Available int64
	Pending   int64
	Debt      int64
	TierID    string
	Since     time.Time
}

// RedemptionFilter narrows a list of redemptions; an empty field narrows nothing.
type RedemptionFilter struct{ OrderID, Customer, OfferID, ID string }

// RefundSummary is a refund as a redemption shows it.
type RefundSummary struct {
	ID        string
	Ref       string
	Reversal  offers.Reversal
	CreatedAt time.Time
}

// VerificationFilter narrows a list of verifications; an empty field narrows nothing.
type VerificationFilter struct {
	State verify.State
	Group string
}

// VerificationSummary is a verification as a list shows it.
type VerificationSummary struct {
	ID          string
	State       verify.State
	Group       string
	Subgroup    string
	Customer    string
	OfferID     string
	Attestation string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	ExpiresAt   time.Time
	DecidedAt   time.Time
}

// Faults about what lists lead to.
var (
	ErrMemberNotFound     = fault.New(fault.NotFound, "There is no such member in this store.")
	ErrRedemptionNotFound = fault.New(fault.NotFound, "There is no such redemption in this store.")
)

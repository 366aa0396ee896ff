package loyalty

import (
	"maps"
	"slices"
	"time"
)

// Member is a customer's place in a store's program: balances, open lots, tier, and the head of the entry chain.
// The zero balances of a member with Seq 0 belong to nobody yet.
type Member struct {
	Store    string
	Customer string
	ID       string

	Pending   int64
	Available int64
	// Debt is what was taken back and could not be covered. The next points repay it first.
	Debt int64

	// Seq and Head are the number and hash of the last entry.
	Seq  int64
	Head []byte
	// Salt hides what the chain commits to. Erasing it severs the person; the chain still verifies.
	Salt           []byte
	LastRecordedAt time.Time

	TierID    string
	TierSince time.Time

	// Lots that have points left, in no order. To earn, those that are due suffice (Debt needs none); to take points or
	// to read a standing, all of them are needed.
	Lots []Lot
	// Days are qualifying points by day in the store's time zone.
	Days map[string]int64

	CreatedAt time.Time
}

// Lot is one grant of points and what is left of it.
type Lot struct {
	ID          string
	SourceType  string
	SourceID    string
	Line        string
	Granted     int64
	Remaining   int64
	Pending     bool
	ActivatesAt time.Time
	// ExpiresAt is zero when the points do not expire. For a pending lot it is reckoned from activation.
	ExpiresAt time.Time
}

// DueAt is when time next changes the lot: its activation, or its expiry. It is zero when nothing will.
func (l Lot) DueAt() time.Time {
	switch {
	case l.Remaining == 0:
		return time.Time{}
	case l.Pending:
		return l.ActivatesAt
	default:
		return l.ExpiresAt
	}
}

// Clone returns a copy that shares nothing that Apply changes.
func (m Member) Clone() Member {
	m.Lots = slices.Clone(m.Lots)
	m.Days = maps.Clone(m.Days)
	return m
}

// Account is one side of an entry.
type Account string

// The accounts. The first four are the store's and have no stored balance; the others are the member's.
const (
	AccountProgram  Account = "program"
	AccountRedeemed Account = "redeemed"
	AccountExpired  Account = "expired"
	AccountTransfer Account = "transfer"

	AccountPending   Account = "pending"
	AccountAvailable Account = "available"
	AccountDebt      Account = "debt"
)

// Kind says why an entry was made.
type Kind string

// The kinds of entries.
const (
	KindEarn     Kind = "earn"
	KindActivate Kind = "activate"
	KindExpire   Kind = "expire"
	KindSpend    Kind = "spend"
	KindClawback Kind = "clawback"
	// KindClawbackPending takes back points that were not available yet.
	KindClawbackPending Kind = "clawback_pending"
	KindDebt            Kind = "debt"
	KindRepay           Kind = "repay"
	KindAdjust          Kind = "adjust"
)

// Source is what an entry comes from. (Type, ID, Line, Kind) is unique in a store.
type Source struct {
	Type string
	ID   string
	Line string
}

// LotShare is the part of an entry that one lot gave or got.
type LotShare struct {
	Lot    string `json:"lot"`
	Points int64  `json:"points"`
}

// Entry moves Points from one account to another. It is never changed.
type Entry struct {
	Store       string
	MemberID    string
	Seq         int64
	ID          string
	Kind        Kind
	From        Account
	To          Account
	Points      int64
	Source      Source
	Lots        []LotShare
	RuleVersion int64
	Reason      string
	Actor       string
	OccurredAt  time.Time
	RecordedAt  time.Time
	// Commitment stands in the hash for source, reason and actor.
	Commitment []byte
	PrevHash   []byte
	Hash       []byte
}

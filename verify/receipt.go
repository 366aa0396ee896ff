package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/id"
)

// ReceiptTyp is the type in the header of a decision's receipt.
const ReceiptTyp = "verification-receipt+jwt"

// Decided says which way a decision went.
type Decided string

// The decisions that have receipts.
const (
	DecidedVerified Decided = "verified"
	DecidedRejected Decided = "rejected"
	DecidedFailed   Decided = "failed"
)

// Decision is what a receipt says: how a verification was decided and on what grounds, about nobody by name.
type Decision struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	// Subject is the verification.
	Subject  string `json:"sub"`
	ID       string `json:"jti"`
	IssuedAt int64  `json:"iat"`

	Decided       Decided           `json:"decided"`
	Group         string            `json:"group"`
	Subgroup      string            `json:"subgroup,omitempty"`
	PolicyID      string            `json:"policy_id"`
	PolicyVersion int               `json:"policy_version"`
	Path          Path              `json:"path,omitempty"`
	Classes       []Class           `json:"classes,omitempty"`
	Evidence      []string          `json:"evidence,omitempty"`
	Digests       map[string]string `json:"digests,omitempty"`
	Reasons       []string          `json:"reasons,omitempty"`
	Signals       map[string]int    `json:"signals,omitempty"`
	GivenUp       []Step            `json:"given_up,omitempty"`
	Attestation   string            `json:"attestation_id,omitempty"`
	// ValidUntil is when this proof ends, in seconds; the attestation may hold longer by another proof.
	ValidUntil int64 `json:"valid_until,omitempty"`
}

// Receipt is a decision, signed.
type Receipt struct {
	ID           string
	Store        string
	Verification string
	Decided      Decided
	// JWS is the compact form (RFC 7515) of a Decision.
	JWS       string
	CreatedAt time.Time
}

// ErrReceiptKeyGone says that the key that signed a receipt is not in use any more, so that its signature cannot be
// checked here.
var ErrReceiptKeyGone = errors.New("the key that signed the receipt is gone")

// ReceiptSigner signs receipts, and checks them later.
type ReceiptSigner interface {
	// SignReceipt returns the compact JWS of a payload, of the type ReceiptTyp. It does no I/O.
	SignReceipt(ctx context.Context, store string, payload []byte) (string, error)
	// OpenReceipt returns the payload of a JWS that SignReceipt made. When its key is gone the payload comes with
	// ErrReceiptKeyGone: nobody can tell any more who signed it.
	OpenReceipt(ctx context.Context, jws string) (payload []byte, err error)
}

// decide writes the receipt of a decision on a verification as it is after it.
func (s *Service) decide(ctx context.Context, tx Tx, v Verification, d Decision) error {
	d.Issuer, d.Audience, d.Subject, d.ID, d.IssuedAt = s.Issuer, v.Store, v.ID, id.New("rcp"), tx.Now().Unix()
	d.Group, d.PolicyID, d.PolicyVersion = v.Group, v.PolicyID, v.PolicyVersion
	if d.Subgroup == "" {
		d.Subgroup = v.Subgroup
	}
	d.Digests, d.Signals = v.Digests, v.Signals
	for _, g := range v.GivenUp {
		if !slices.Contains(d.GivenUp, g.Step) {
			d.GivenUp = append(d.GivenUp, g.Step)
		}
	}
	payload, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("writing a receipt: %w", err)
	}
	jws, err := s.Receipts.SignReceipt(ctx, v.Store, payload)
	if err != nil {
		return fmt.Errorf("signing a receipt: %w", err)
	}
	return tx.InsertReceipt(ctx, Receipt{ID: d.ID, Store: v.Store, Verification: v.ID, Decided: d.Decided, JWS: jws, CreatedAt: tx.Now()})
}

// decideAgainst writes the receipt of a refusal.
func (s *Service) decideAgainst(ctx context.Context, tx Tx, v Verification) error {
	d := Decision{Decided: DecidedRejected}
	if v.State == Failed {
		d.Decided = DecidedFailed
	}
	for _, r := range v.Errors {
		d.Reasons = append(d.Reasons, r.Code)
	}
	return s.decide(ctx, tx, v, d)
}

// DecisionReceipts returns the receipts of a verification, oldest first. Faults: not_found.
func (s *Service) DecisionReceipts(ctx context.Context, store StoreRef, verification string) ([]Receipt, error) {
	var found []Receipt
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		if _, err := tx.Verification(ctx, verification); err != nil {
			return err
		}
		found, err = tx.Receipts(ctx, verification)
		return err
	})
	return found, err
}

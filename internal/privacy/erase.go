package privacy

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// Step is a part of an erasure. Each is done in portions of one transaction, and can be done again.
type Step string

// The steps, in their order. What the others are found by comes last.
const (
	// StepAttestations ends attestations and revokes what rests on them.
	StepAttestations Step = "attestations"
	// StepVerifications ends what is under way and empties what was collected.
	StepVerifications Step = "verifications"
	// StepAccounts puts the pseudonym into orders, uses, limits and the ledger, all at once.
	StepAccounts Step = "accounts"
	// The next look through rows that are not found by customer.
	StepOrders       Step = "orders"
	StepUses         Step = "uses"
	StepTokens       Step = "offer_tokens"
	StepReservations Step = "reservations"
	StepEvents       Step = "events"
	StepDeliveries   Step = "deliveries"
	StepAudit        Step = "audit"
	// StepTraces ends sessions, and puts the pseudonym into consents and earlier requests.
	StepTraces Step = "traces"
)

// Steps returns them in their order.
func Steps() []Step {
	return []Step{StepAttestations, StepVerifications, StepAccounts, StepOrders, StepUses, StepTokens, StepReservations, StepEvents, StepDeliveries,
		StepAudit, StepTraces}
}

// Portion is what one transaction of an erasure did.
type Portion struct {
	// Removed counts by class.
	Removed map[string]int64
	// After is the id that it came to. More says that the step is not done.
	After string
	More  bool
}

// ErrNobody says that a request names nobody who could be erased.
var ErrNobody = fault.New(fault.Invalid, "This customer was erased already.").At("#/customer", "is a pseudonym")

// Asked is an erasure that was asked for, with the secret by which its receipt is fetched.
type Asked struct {
	Request
	// Secret is given out once.
	Secret string
}

// Erase asks for a shopper to be forgotten; a job does it. Asking again while it is under way changes nothing but the
// secret. Faults: not_found for a guest without a verification, invalid.
func (s *Service) Erase(ctx context.Context, store string, subject Subject, by Asker, actor, requestID string) (*Asked, error) {
	if IsPseudonym(subject.Customer) {
		return nil, ErrNobody
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	secret := base64.RawURLEncoding.EncodeToString(raw)
	hash := sha256.Sum256([]byte(secret))
	got, err := s.Storage.Write(ctx, store, func(ctx context.Context, tx Tx) (any, error) {
		if err := tx.Known(ctx, subject); err != nil {
			return nil, err
		}
		open, err := tx.OpenErasure(ctx, subject)
		if err == nil {
			open.SecretHash, open.UpdatedAt = hash[:], tx.Now()
			return &Asked{open, secret}, tx.UpdateRequest(ctx, open)
		}
		if fault.CodeOf(err) != fault.NotFound {
			return nil, err
		}
		r := Request{ID: id.New("prq"), Store: store, Kind: Erasure, State: Waiting, Subject: subject, Pseudonym: NewPseudonym(), AskedBy: by,
			Actor: actor, SecretHash: hash[:], Step: Steps()[0], Removed: map[string]int64{}, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		if err := tx.InsertRequest(ctx, r); err != nil {
			return nil, err
		}
		if err := tx.Audit(ctx, actor, requestID, "privacy.erasure_asked", r.ID); err != nil {
			return nil, err
		}
		return &Asked{r, secret}, tx.QueueErasure(ctx, r.ID)
	})
	asked, _ := got.(*Asked)
	return asked, err
}

// Work does an erasure that was asked for, or what is left of it, and signs its receipt. Done twice, the second finds
// nothing to do. Faults: not_found.
func (s *Service) Work(ctx context.Context, store, request string) error {
	for {
		got, err := s.Storage.Write(ctx, store, func(ctx context.Context, tx Tx) (any, error) {
			r, err := tx.LockRequest(ctx, request)
			if err != nil || r.State == Done {
				return r.State, err
			}
			return Running, s.advance(ctx, tx, r)
		})
		if err != nil {
			return fmt.Errorf("erasing by %s: %w", request, err)
		}
		if got == Done {
			return nil
		}
	}
}

// advance does one portion.
func (s *Service) advance(ctx context.Context, tx Tx, r Request) error {
	r.State, r.UpdatedAt = Running, tx.Now()
	p, err := tx.Erase(ctx, r, portion)
	if err != nil {
		return fmt.Errorf("in step %s: %w", r.Step, err)
	}
	r.Removed = maps.Clone(r.Removed)
	if r.Removed == nil {
		r.Removed = map[string]int64{}
	}
	for class, n := range p.Removed {
		if n > 0 {
			r.Removed[class] += n
		}
	}
	if r.After = p.After; p.More {
		return tx.UpdateRequest(ctx, r)
	}
	steps := Steps()
	if i := slices.Index(steps, r.Step) + 1; i < len(steps) {
		r.Step, r.After = steps[i], ""
		return tx.UpdateRequest(ctx, r)
	}
	// Somebody may have bought or verified while the steps ran: what is new is found by beginning again.
	left, err := tx.Left(ctx, r.Subject)
	if err != nil {
		return err
	}
	if left {
		r.Step, r.After = steps[0], ""
		return tx.UpdateRequest(ctx, r)
	}
	return s.finish(ctx, tx, r)
}

func (s *Service) finish(ctx context.Context, tx Tx, r Request) error {
	r.State, r.DoneAt, r.After = Done, tx.Now(), ""
	if r.Subject.Customer != "" {
		r.Subject.Customer = r.Pseudonym
	}
	payload, err := json.Marshal(Receipt{Issuer: s.Issuer, Audience: r.Store, Subject: r.ID, ID: id.New("rcp"), IssuedAt: tx.Now().Unix(),
		AskedAt: r.CreatedAt.Unix(), Removed: r.Removed, Kept: keeps})
	if err != nil {
		return fmt.Errorf("writing a receipt: %w", err)
	}
	if r.Receipt, err = s.Signer.SignErasure(ctx, r.Store, payload); err != nil {
		return fmt.Errorf("signing a receipt: %w", err)
	}
	if err := tx.UpdateRequest(ctx, r); err != nil {
		return err
	}
	if err := tx.Audit(ctx, "system", "", "privacy.erased", r.ID); err != nil {
		return err
	}
	return tx.Emit(ctx, EventErased, "", map[string]any{"request_id": r.ID, "asked_by": string(r.AskedBy)})
}

// EventErased tells the store that an erasure is done. It names nobody.
const EventErased = "privacy.erased"

// Unfinished returns the requests of a store that wait or run for longer than a while, so that a job takes them up again.
func (s *Service) Unfinished(ctx context.Context, store string, older time.Duration) ([]string, error) {
	var found []string
	err := s.Storage.Read(ctx, store, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Unfinished(ctx, tx.Now().Add(-older), portion)
		return err
	})
	return found, err
}

// ByReceipt returns an erasure by the secret that was given out when it was asked for. Faults: not_found.
func (s *Service) ByReceipt(ctx context.Context, store, secret string) (Request, error) {
	hash := sha256.Sum256([]byte(secret))
	var found Request
	err := s.Storage.Read(ctx, store, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.RequestBySecret(ctx, hash[:])
		return err
	})
	return found, err
}

// Request returns a request. Faults: not_found.
func (s *Service) Request(ctx context.Context, store, id string) (Request, error) {
	var found Request
	err := s.Storage.Read(ctx, store, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Request(ctx, id)
		return err
	})
	return found, err
}

// ListRequests returns requests, newest first, before a cursor id ("" for the first page).
func (s *Service) ListRequests(ctx context.Context, store string, f RequestFilter, before string, limit int) ([]Request, error) {
	var found []Request
	err := s.Storage.Read(ctx, store, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Requests(ctx, f, before, limit)
		return err
	})
	return found, err
}

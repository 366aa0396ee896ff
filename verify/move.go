package verify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// A person moves an attestation to another customer this often.
const (
	MaxMoves   = 1
	MoveWindow = 180 * 24 * time.Hour
)

// EndedByMove is why an attestation ends that went to another customer.
const EndedByMove = "moved"

// EventAttestationMoved tells that an attestation went to another customer.
const EventAttestationMoved = "attestation.moved"

// SignalMoved counts moves of the person to get here.
const SignalMoved = "moved_lately"

// ErrMoveRefused does not say which: the person moved lately, or is not trusted.
var ErrMoveRefused = fault.New(fault.MoveRefused,
	"This proof cannot be moved now. Use the account that has it, or ask for a review by a person.")

// takeFrom ends what other customers have of a proof, in favour of a. Faults: move_refused.
func (s *Service) takeFrom(ctx context.Context, tx Tx, others []Attestation, a Attestation, g grounds) error {
	tags := a.Tags
	for _, o := range others {
		tags = union(tags, o.Tags)
	}
	if err := countMove(ctx, tx, a.Group, tags, g.appeal); err != nil {
		return err
	}
	for _, o := range others {
		if !o.EndedAt.IsZero() {
			continue
		}
		if err := s.end(ctx, tx, o, EndedByMove); err != nil {
			return err
		}
		if err := s.moved(ctx, tx, o, a, g.by); err != nil {
			return err
		}
	}
	return nil
}

func countMove(ctx context.Context, tx Tx, group string, tags []PersonTag, forced bool) error {
	var windows []window
	for _, tag := range tags {
		windows = append(windows, window{kind: moveKind(group), tag: tag, max: MaxMoves, width: MoveWindow})
	}
	return countIn(ctx, tx, windows, ErrMoveRefused, forced)
}

func moveKind(group string) string { return "moves:" + group }

func (s *Service) moved(ctx context.Context, tx Tx, from, to Attestation, by Actor) error {
	err := tx.Emit(ctx, Event{Type: EventAttestationMoved, Customer: to.boundTo(), Data: map[string]any{
		"attestation_id": to.ID, "from_attestation_id": from.ID, "group": to.Group, "subgroup": to.Subgroup,
	}})
	if err != nil {
		return err
	}
	return tx.Audit(ctx, Change{by, "attestation.moved", to.ID, map[string]any{"from": from.ID}})
}

// MoveHere moves to a verification's customer what another customer has of the same proof: for a shopper who proved it
// and was told already_verified. Redemptions and limits stay counted by the person. Faults: not_found, invalid_step,
// invalid when the verification names no customer, move_refused.
func (s *Service) MoveHere(ctx context.Context, store StoreRef, by Actor, id string) (*Result, error) {
	tagger, err := s.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the store's keys: %w", err)
	}
	return s.write(ctx, store.ID, func(ctx context.Context, tx Tx) (*Result, error) {
		v, err := tx.LockVerification(ctx, id)
		if err != nil {
			return nil, err
		}
		if v.State == Verified {
			return s.result(ctx, tx, v)
		}
		if v.At(tx.Now()).State == Expired {
			return nil, ErrExpired
		}
		held := v.Held()
		if v.State == PendingReview || len(held) == 0 || !slices.ContainsFunc(v.Errors, func(r Reason) bool { return r.Code == string(fault.AlreadyVerified) }) {
			return nil, ErrInvalidStep.Saying("Only a proof that another customer of the store has can be moved.")
		}
		if v.Customer == "" {
			return nil, fault.New(fault.Invalid, "The verification names no customer to move to.").At("#/customer", "start the verification with a customer, or confirm one")
		}
		v.Met = held
		v = v.signalled(SignalMoved, 1)
		return s.award(ctx, tx, v, "", grounds{tagger: tagger, approved: true, moves: true, by: by})
	})
}

// Moving asks for a move by the store.
type Moving struct {
	Customer string
	Reason   string
	// PastLimit is for support: the limit of moves gives way, and is counted.
	PastLimit bool
}

// Move moves an attestation to another customer, whom the caller names with authority. To the customer who has it
// already it changes nothing. Faults: not_found, attestation_ended, move_refused.
func (s *Service) Move(ctx context.Context, store StoreRef, by Actor, attestation string, m Moving) (Attestation, error) {
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		a, err := lockPersonOf(ctx, tx, attestation)
		if err != nil {
			return nil, err
		}
		cases, err := tx.LockPersons(ctx, a.Tags)
		if err != nil {
			return nil, err
		}
		if a, err = tx.LockAttestation(ctx, attestation); err != nil {
			return nil, err
		}
		switch {
		case !a.Active(tx.Now()):
			return nil, errEnded
		case a.Bound && a.Customer == m.Customer:
			return a, nil
		case len(cases) > 0:
			return nil, ErrMoveRefused
		}
		return s.moveTo(ctx, tx, by, a, m)
	})
	a, _ := got.(Attestation)
	return a, err
}

func (s *Service) moveTo(ctx context.Context, tx Tx, by Actor, from Attestation, m Moving) (Attestation, error) {
	if err := countMove(ctx, tx, from.Group, from.Tags, m.PastLimit); err != nil {
		return from, err
	}
	v := s.byHand(tx, from.Group, from.Subgroup, m.Customer)
	v.Store, v.PolicyID, v.PolicyVersion = from.Store, from.PolicyID, from.PolicyVersion
	v = v.note(Note{At: tx.Now(), Outcome: EndedByMove, Why: reasonOf(m.Reason)}).signalled(SignalMoved, 1)
	to := from
	to.ID, to.Verification, to.Customer, to.Bound, to.CreatedAt, to.TermBegan = id.New("att"), v.ID, m.Customer, true, tx.Now(), time.Time{}
	if err := tx.InsertVerification(ctx, v.verified(to.ID, tx.Now())); err != nil {
		return from, fmt.Errorf("writing a move: %w", err)
	}
	if err := s.end(ctx, tx, from, EndedByMove); err != nil {
		return from, err
	}
	if err := tx.InsertAttestation(ctx, to); err != nil {
		return from, fmt.Errorf("moving an attestation: %w", err)
	}
	if err := tx.MoveMailDomains(ctx, from.ID, to.ID); err != nil {
		return from, err
	}
	if err := tx.HoldTags(ctx, to.Group, to.Tags, to.ID); err != nil {
		return from, err
	}
	if err := s.moved(ctx, tx, from, to, by); err != nil {
		return from, err
	}
	if m.Reason != "" || m.PastLimit {
		detail := map[string]any{"reason": m.Reason, "past_limit": m.PastLimit}
		return to, tx.Audit(ctx, Change{by, "attestation.move_asked", to.ID, detail})
	}
	return to, nil
}

func reasonOf(reason string) []string {
	if reason == "" {
		return nil
	}
	return []string{reason}
}

// byHand is a verification that no shopper answers: it is decided as it begins.
func (s *Service) byHand(tx Tx, group, subgroup, customer string) Verification {
	now := tx.Now()
	return Verification{
		ID: id.New("ver"), Group: group, Subgroup: subgroup, Customer: customer, Bound: true, State: Collecting, SecretHash: []byte{},
		First: map[Requirement]Step{}, Digests: map[string]string{}, CreatedAt: now, UpdatedAt: now, ExpiresAt: now.Add(Lifetime), Revision: 1,
	}
}

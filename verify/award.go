package verify

import (
	"context"
	"fmt"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/once"
)

// grounds are on what an attestation is asked for, beside the proof.
type grounds struct {
	tagger Tagger
	// before is the verification before its last requirement was met; nil when none was met now.
	before *Verification
	// approved: a human has just said yes, so that none has to be asked because of a suspicion.
	approved bool
	// moves: what another customer has of this proof comes here. appeal: a human says so, whatever limits say.
	moves, appeal bool
	// by is who says so, when somebody of the store does.
	by Actor
}

// award gives the attestation to whom a whole path proves, unless the person is blocked, has it elsewhere, or a limit says
// no: then the verification is rejected, and what was proven is remembered. Faults: already_verified, move_refused.
func (s *Service) award(ctx context.Context, tx Tx, v Verification, r Requirement, g grounds) (*Result, error) {
	v, err := weigh(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	d, err := s.draft(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	cases, err := tx.LockPersons(ctx, d.attestation.Tags)
	if err != nil {
		return nil, fmt.Errorf("locking a person: %w", err)
	}
	label, n := strongest(cases)
	if n > 0 {
		v = v.signalled(SignalFraud, n)
	}
	switch {
	case g.appeal && n > 0:
		if slices.ContainsFunc(cases, func(c FraudCase) bool { return c.By == g.by.Name }) {
			return nil, ErrReviewOwn
		}
		if err := s.liftFor(ctx, tx, cases, g.by); err != nil {
			return nil, err
		}
	case g.moves && n > 0:
		return nil, ErrMoveRefused
	case label == FraudConfirmed:
		return s.turnAway(ctx, tx, v, notAccepted)
	case label == FraudSuspected && !g.approved:
		return s.suspect(ctx, tx, v, r, g)
	}
	a, err := s.grant(ctx, tx, v, d, g)
	switch fault.CodeOf(err) {
	case fault.AlreadyVerified:
		refusal := fault.From(err)
		if _, err := s.turnAway(ctx, tx, v, Reason{string(refusal.Code), refusal.Detail}); err != nil {
			return nil, err
		}
		return nil, once.Commit(refusal)
	case fault.LimitReached:
		return s.turnAway(ctx, tx, v, limited)
	}
	if err != nil {
		return nil, err
	}
	return s.awarded(ctx, tx, v, a, d.decision)
}

var (
	notAccepted = Reason{ReasonNotAccepted, "We cannot verify you for this. You can ask for a review by a person."}
	limited     = Reason{ReasonLimited, "You were verified as often as this store allows for now. Try again later, or ask for a review by a person."}
)

// turnAway rejects a whole proof for a reason that is not the proof's, and remembers it.
func (s *Service) turnAway(ctx context.Context, tx Tx, v Verification, why Reason) (*Result, error) {
	v.Proven = slices.Clone(v.Met)
	v = v.note(Note{At: tx.Now(), Outcome: NoteRejected, Why: []string{why.Code}})
	return s.concludeReject(ctx, tx, v, []Reason{why})
}

// suspect asks a human about a person who is suspected. The requirement that was met last waits for the answer.
func (s *Service) suspect(ctx context.Context, tx Tx, v Verification, r Requirement, g grounds) (*Result, error) {
	if g.before == nil {
		return s.turnAway(ctx, tx, v, notAccepted)
	}
	v.Met = g.before.Met
	v = v.note(Note{At: tx.Now(), Requirement: r, Outcome: NoteReview, Why: []string{SignalFraud}})
	return s.openReview(ctx, tx, v, Review{Requirement: r, Why: []string{SignalFraud}, Needed: 1})
}

// awarded writes down that a verification led to an attestation.
func (s *Service) awarded(ctx context.Context, tx Tx, v Verification, a Attestation, decision Decision) (*Result, error) {
	if err := noteMailDomains(ctx, tx, v, a.ID); err != nil {
		return nil, err
	}
	decision.Attestation = a.ID
	if err := s.decide(ctx, tx, v, decision); err != nil {
		return nil, err
	}
	err := tx.Emit(ctx, Event{Type: EventVerified, Customer: boundCustomer(v), Data: map[string]any{
		"verification_id": v.ID, "attestation_id": a.ID, "group": a.Group, "subgroup": a.Subgroup, "valid_until": a.ValidUntil,
	}})
	if err != nil {
		return nil, err
	}
	return s.finish(ctx, tx, v.verified(a.ID, tx.Now()))
}

// grant makes the attestation, or renews the one that this person and customer have. Faults: already_verified,
// limit_reached, move_refused.
func (s *Service) grant(ctx context.Context, tx Tx, v Verification, d drafted, g grounds) (Attestation, error) {
	a := d.attestation
	holders, err := tx.LockTags(ctx, v.Group, a.Tags)
	if err != nil {
		return a, fmt.Errorf("locking person tags: %w", err)
	}
	var mine, others []Attestation
	for _, holder := range holders {
		reuse, err := mayTake(holder, Claimant{Customer: v.Customer, Bound: v.Bound}, tx.Now(), d.policy.successWindow())
		switch {
		case err == nil && reuse:
			mine = append(mine, holder)
		case err != nil && (g.moves || g.appeal):
			others = append(others, holder)
		case err != nil:
			return a, err
		}
	}
	if len(others) > 0 {
		if err := s.takeFrom(ctx, tx, others, a, g); err != nil {
			return a, err
		}
	} else if len(mine) == 0 && !g.appeal {
		if err := countSuccess(ctx, tx, d.policy, a, g.tagger); err != nil {
			return a, err
		}
	}
	if len(mine) > 0 {
		return s.renew(ctx, tx, mine, a)
	}
	if err := tx.InsertAttestation(ctx, a); err != nil {
		return a, fmt.Errorf("attesting: %w", err)
	}
	return a, tx.HoldTags(ctx, a.Group, a.Tags, a.ID)
}

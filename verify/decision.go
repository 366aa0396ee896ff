package verify

import (
	"context"
	"errors"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// ErrDecision is uniform: it does not say whether the store or the verification is unknown, nothing waits, or the
// signature is wrong.
var ErrDecision = fault.New(fault.DecisionRefused,
	"Nothing waits for this decision, or it is not signed by the verifier that was asked, or it is too old.")

// Decide takes the decision that a verification waits for. The same delivery again, by its id and body, gives the same
// answer. Faults: decision_refused, invalid; to a trusted sender also not_found, invalid_step, verification_expired,
// already_verified.
func (s *Service) Decide(ctx context.Context, store StoreRef, id string, d Delivery) (*Result, error) {
	for range staleRetries {
		result, err := s.decideOnce(ctx, store, id, d)
		switch {
		case errors.Is(err, errStale):
			continue
		case !d.Trusted && fault.CodeOf(err) == fault.AlreadyVerified:
			return s.Get(ctx, store, id) // the decision was taken; the shopper reads what came of it
		case !d.Trusted && fault.From(err) != nil && fault.CodeOf(err) != fault.Invalid:
			return nil, ErrDecision.Wrap(err)
		}
		return result, err
	}
	return nil, fault.New(fault.Conflict, "The verification is being answered elsewhere at this moment. Send the decision again.")
}

func (s *Service) decideOnce(ctx context.Context, store StoreRef, id string, d Delivery) (*Result, error) {
	p := proposal{step: StepPending}
	shop, err := s.shop(ctx, store)
	if err != nil {
		return nil, err
	}
	if p.tagger, err = s.Taggers.TaggerOf(ctx, store.ID); err != nil {
		return nil, fmt.Errorf("reading the store's keys: %w", err)
	}
	now, err := s.read(ctx, store, id, &p.seen)
	if err != nil {
		return nil, err
	}
	p.digest = p.tagger.PersonTag(fmt.Sprintf("decision:%s\n%q\n%q", id, d.ID, d.Body))
	v := p.seen.At(now)
	switch {
	case v.State == Expired:
		p.refusal = ErrExpired
	case !v.Waiting():
		p.refusal = ErrInvalidStep.Saying("This verification does not wait for a decision from outside.")
	default:
		p.requirement = v.Challenge.Requirement
		at, err := s.attempt(shop.store, v, p.requirement, now)
		if err != nil {
			return nil, err
		}
		p.verifier, p.outcome, p.refusal = decided(ctx, shop, at, d)
	}
	if p.refusal != nil && fault.From(p.refusal) == nil {
		return nil, fmt.Errorf("reading a decision: %w", p.refusal)
	}
	return s.settle(ctx, store, id, p)
}

func decided(ctx context.Context, shop *shop, at Attempt, d Delivery) (Verifier, Outcome, error) {
	verifier, err := shop.Instance(at.Requirement)
	if err != nil {
		return nil, Outcome{}, err
	}
	decider, ok := verifier.(Decider)
	if !ok {
		return nil, Outcome{}, ErrInvalidStep
	}
	outcome, err := decider.Decide(ctx, at, d)
	return verifier, outcome, err
}

package verify

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// RequirementOverride stands for the requirement of evidence that is the word of a member of the staff.
const RequirementOverride Requirement = "override"

// Resender is a verifier that can ask its open question once more, without the shopper giving anything again.
type Resender interface {
	// Resend returns what to ask and to send, as Answer would, within the same limits.
	Resend(ctx context.Context, at Attempt) (Outcome, error)
}

// Limited is a verifier that knows the limits of whom its open question is for.
type Limited interface {
	// Limits returns the limits that count for the person of at.Pending.
	Limits(at Attempt) ([]Limit, error)
}

var reasonPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// checkReason refuses a reason that is no code: reasons are kept for ever, and hold nothing personal.
func checkReason(f *fault.Fault, reason string) *fault.Fault {
	if !reasonPattern.MatchString(reason) {
		return f.At("#/reason", "give a code of small letters, digits and _, such as phone_call")
	}
	return f
}

// Override is a proof that a member of the staff takes upon themselves.
type Override struct {
	Group    string
	Subgroup string
	Customer string
	// Class is what the member of the staff saw: authority, document or assertion.
	Class  Class
	Reason string
	// ValidUntil, when set, ends it before the policy does.
	ValidUntil time.Time
}

// overrideClasses are what a member of the staff can have seen.
var overrideClasses = []Class{Authority, Document, Assertion}

// VerifyByHand verifies a customer on the word of a member of the staff. The group must have a policy, which bounds how
// long it holds. Nobody verifies themselves. Faults: invalid, group_unknown, policy_missing, review_own, already_verified,
// conflict when the customer is labelled.
func (s *Service) VerifyByHand(ctx context.Context, store StoreRef, by Reviewer, o Override) (*Result, error) {
	f := checkReason(fault.New(fault.Invalid, "The customer cannot be verified so."), o.Reason)
	if !slices.Contains(overrideClasses, o.Class) {
		f = f.At("#/class", "authority, document or assertion")
	}
	if o.Customer == "" {
		f = f.At("#/customer", "name the customer")
	}
	if err := orNil(f); err != nil {
		return nil, err
	}
	if by.Mailbox != "" && strings.EqualFold(o.Customer, by.Mailbox) {
		return nil, ErrReviewOwn
	}
	shop, err := s.shop(ctx, store)
	if err != nil {
		return nil, err
	}
	if !shop.catalogue.Has(o.Group, o.Subgroup) {
		return nil, fault.New(fault.GroupUnknown, "The store has no such group or subgroup.").At("#/group", "unknown")
	}
	tagger, err := s.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the store's keys: %w", err)
	}
	return s.write(ctx, store.ID, func(ctx context.Context, tx Tx) (*Result, error) {
		return s.override(ctx, tx, store, by, o, tagger)
	})
}

func (s *Service) override(ctx context.Context, tx Tx, store StoreRef, by Reviewer, o Override, tagger Tagger) (*Result, error) {
	policies, err := tx.Policies(ctx)
	if err != nil {
		return nil, err
	}
	policy, ok := choosePolicy(policies, o.Group, o.Subgroup)
	if !ok {
		return nil, fault.New(fault.PolicyMissing, "The store has no policy for this group yet.")
	}
	if !o.ValidUntil.IsZero() && !o.ValidUntil.After(tx.Now()) {
		return nil, fault.New(fault.Invalid, "The customer cannot be verified so.").At("#/valid_until", "must lie in the future")
	}
	if err := s.unlabelled(ctx, tx, o.Customer); err != nil {
		return nil, err
	}
	v := s.byHand(tx, o.Group, o.Subgroup, o.Customer)
	v.Store, v.PolicyID, v.PolicyVersion, v.Met = store.ID, policy.ID, policy.Version, []Requirement{RequirementOverride}
	v = v.note(Note{At: tx.Now(), Requirement: RequirementOverride, Outcome: NoteMet, Why: []string{o.Reason}})
	if err := tx.InsertVerification(ctx, v); err != nil {
		return nil, fmt.Errorf("writing an override: %w", err)
	}
	e := Evidence{
		Classes: []Class{o.Class}, Identifiers: []string{CustomerIdentifier(o.Customer)}, ValidUntil: o.ValidUntil, Subgroup: o.Subgroup,
		Facts: map[string]string{"reason": o.Reason, "decided": "by_hand"},
	}
	if err := s.keep(ctx, tx, v, proposal{requirement: RequirementOverride, tagger: tagger}, e); err != nil {
		return nil, err
	}
	detail := map[string]any{"group": o.Group, "subgroup": o.Subgroup, "class": o.Class, "reason": o.Reason}
	if err := tx.Audit(ctx, Change{by.Actor, "verification.overridden", v.ID, detail}); err != nil {
		return nil, err
	}
	return s.award(ctx, tx, v, RequirementOverride, grounds{tagger: tagger, approved: true, by: by.Actor})
}

// unlabelled refuses a customer who has an attestation with a label.
func (s *Service) unlabelled(ctx context.Context, tx Tx, customer string) error {
	had, err := tx.AttestationsOf(ctx, customer)
	if err != nil {
		return err
	}
	for _, a := range had {
		c, err := tx.FraudCase(ctx, a.ID)
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return err
		}
		if err == nil && c.Label != NoFraud {
			return fault.New(fault.Conflict, "The customer's attestation has a fraud label. Lift it first, if it is wrong.")
		}
	}
	return nil
}

// Resend sends the code of an open question once more, to the same mailbox and within the same limits. Whoever asks sees
// neither. Faults: not_found, invalid_step when nothing was sent or the shopper would have to wait, email_limit.
func (s *Service) Resend(ctx context.Context, store StoreRef, by Actor, verification, reason string) (*Result, error) {
	if err := orNil(checkReason(fault.New(fault.Invalid, "The code cannot be sent again."), reason)); err != nil {
		return nil, err
	}
	for range staleRetries {
		result, err := s.resendOnce(ctx, store, by, verification, reason)
		if !errors.Is(err, errStale) {
			return result, err
		}
	}
	return nil, fault.New(fault.Conflict, "The verification is being answered at this moment. Try again.")
}

func (s *Service) resendOnce(ctx context.Context, store StoreRef, by Actor, verification, reason string) (*Result, error) {
	var p proposal
	shop, err := s.shop(ctx, store)
	if err != nil {
		return nil, err
	}
	if p.tagger, err = s.Taggers.TaggerOf(ctx, store.ID); err != nil {
		return nil, fmt.Errorf("reading the store's keys: %w", err)
	}
	now, err := s.read(ctx, store, verification, &p.seen)
	if err != nil {
		return nil, err
	}
	at, verifier, err := s.pending(shop, p.seen.At(now), now)
	if err != nil {
		return nil, err
	}
	resender, ok := verifier.(Resender)
	if !ok {
		return nil, errNothingSent
	}
	if p.outcome, err = resender.Resend(ctx, at); err != nil {
		return nil, fmt.Errorf("sending again: %w", err)
	}
	if p.outcome.Ask == nil {
		return nil, ErrInvalidStep.Saying("A code was sent a moment ago. Wait, then send it again.")
	}
	p.requirement, p.verifier, p.step = at.Requirement, verifier, p.seen.Last.Step
	p.digest = p.seen.Last.Digest
	return s.write(ctx, store.ID, func(ctx context.Context, tx Tx) (*Result, error) {
		v, err := tx.LockVerification(ctx, verification)
		if err != nil {
			return nil, err
		}
		if v.Revision != p.seen.Revision {
			return nil, errStale
		}
		if err := tx.Audit(ctx, Change{by, "verification.code_resent", v.ID, map[string]any{"reason": reason}}); err != nil {
			return nil, err
		}
		return s.conclude(ctx, tx, v, p)
	})
}

var errNothingSent = ErrInvalidStep.Saying("Nothing that was sent waits for an answer.")

// pending opens the question that waits for an answer.
func (s *Service) pending(shop *shop, v Verification, now time.Time) (Attempt, Verifier, error) {
	if v.State != Challenged || v.Challenge == nil {
		return Attempt{}, nil, errNothingSent
	}
	verifier, err := shop.Instance(v.Challenge.Requirement)
	if err != nil {
		return Attempt{}, nil, err
	}
	at, err := s.attempt(shop.store, v, v.Challenge.Requirement, now)
	return at, verifier, err
}

// ResetLimits empties the sliding windows of the person of a verification: those of whom its open question is for, and
// those of its person tags. The counts of the verification itself begin anew too. A verification that failed stays failed.
// It returns how many windows it emptied. Faults: invalid, not_found.
func (s *Service) ResetLimits(ctx context.Context, store StoreRef, by Actor, verification, reason string) (int, error) {
	if err := orNil(checkReason(fault.New(fault.Invalid, "The limits cannot be reset."), reason)); err != nil {
		return 0, err
	}
	shop, err := s.shop(ctx, store)
	if err != nil {
		return 0, err
	}
	tagger, err := s.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return 0, fmt.Errorf("reading the store's keys: %w", err)
	}
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		v, err := tx.LockVerification(ctx, verification)
		if err != nil {
			return nil, err
		}
		tags, err := s.limitedTags(ctx, tx, shop, v, tagger)
		if err != nil {
			return nil, err
		}
		n, err := tx.EmptyWindows(ctx, tags)
		if err != nil {
			return nil, err
		}
		if !v.State.Final() && len(v.Progress) > 0 {
			v.Progress = nil
			if _, err := s.update(ctx, tx, v.changed(tx.Now())); err != nil {
				return nil, err
			}
		}
		return n, tx.Audit(ctx, Change{by, "limits.reset", v.ID, map[string]any{"reason": reason, "windows": n}})
	})
	n, _ := got.(int)
	return n, err
}

// limitedTags are the tags under which the person of a verification is limited.
func (s *Service) limitedTags(ctx context.Context, tx Tx, shop *shop, v Verification, t Tagger) ([]PersonTag, error) {
	evidence, err := tx.Evidence(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	var tags []PersonTag
	for _, e := range evidence {
		tags = union(tags, e.Tags)
	}
	if v.Bound {
		tags = union(tags, []PersonTag{PersonTag(t.PersonTag(CustomerIdentifier(v.Customer)))})
	}
	at, verifier, err := s.pending(shop, v, tx.Now())
	if err != nil {
		return tags, nil //nolint:nilerr // no question is open
	}
	if l, ok := verifier.(Limited); ok {
		limits, err := l.Limits(at)
		if err != nil {
			return nil, fmt.Errorf("reading the limits of a question: %w", err)
		}
		for _, limit := range limits {
			tags = union(tags, []PersonTag{PersonTag(t.PersonTag(limit.Identifier))})
		}
	}
	return tags, nil
}

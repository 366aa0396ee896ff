package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/once"
)

// staleRetries is how often an answer is decided anew because the verification changed meanwhile.
const staleRetries = 5

// Answer answers a step. A refusal leaves the verification as it was, but for a wrong code, which counts as a try, and
// for already_verified, which rejects it. Faults: invalid_step, verification_expired, not_found, already_verified,
// and those of the verifier (email_not_eligible, code_invalid, …).
func (s *Service) Answer(ctx context.Context, store StoreRef, id string, a Answer) (*Result, error) {
	for range staleRetries {
		result, err := s.answerOnce(ctx, store, id, a)
		if !errors.Is(err, errStale) {
			return result, err
		}
	}
	return nil, fault.New(fault.Conflict, "The verification is being answered elsewhere at this moment. Read it, then answer again.")
}

// proposal is what was decided outside the transaction, for the verification as it was read.
type proposal struct {
	seen        Verification
	requirement Requirement
	verifier    Verifier
	step        Step
	outcome     Outcome
	tagger      Tagger
	// digest recognises the same answer given twice.
	digest string
	// refusal is why the answer is refused, if it is.
	refusal error
}

func (s *Service) answerOnce(ctx context.Context, store StoreRef, id string, a Answer) (*Result, error) {
	p, err := s.propose(ctx, store, id, a)
	if err != nil {
		return nil, err
	}
	return s.settle(ctx, store, id, p)
}

// settle writes what was proposed, or returns errStale when the verification changed meanwhile.
func (s *Service) settle(ctx context.Context, store StoreRef, id string, p proposal) (*Result, error) {
	return s.write(ctx, store.ID, func(ctx context.Context, tx Tx) (*Result, error) {
		v, err := tx.LockVerification(ctx, id)
		if err != nil {
			return nil, err
		}
		if v.Revision != p.seen.Revision {
			return nil, errStale
		}
		if repeated := v.Last.Step == p.step && v.Last.Digest == p.digest; repeated && (p.refusal != nil || v.State == Rejected) {
			return s.again(ctx, tx, v)
		}
		if p.refusal != nil {
			return nil, s.refuse(ctx, tx, v, p.refusal)
		}
		return s.conclude(ctx, tx, v, p)
	})
}

// propose reads the verification and asks the verifier, outside any transaction that holds a lock.
func (s *Service) propose(ctx context.Context, store StoreRef, id string, a Answer) (proposal, error) {
	p := proposal{step: a.Step}
	shop, err := s.shop(ctx, store)
	if err != nil {
		return p, err
	}
	if p.tagger, err = s.Taggers.TaggerOf(ctx, store.ID); err != nil {
		return p, fmt.Errorf("reading the store's keys: %w", err)
	}
	now, err := s.read(ctx, store, id, &p.seen)
	if err != nil {
		return p, err
	}
	p.digest = digest(p.tagger, id, a)
	var requirements []Requirement
	requirements, p.refusal = p.seen.Admit(a.Step, now)
	// The first that does not refuse takes the answer; if all do, the first that noted why.
	var noted *proposal
	for _, r := range requirements {
		if a.Instance != "" && r.Instance() != a.Instance {
			continue
		}
		p.requirement = r
		p.verifier, p.outcome, p.refusal = s.ask(ctx, shop, p.seen, r, a, now)
		switch {
		case p.refusal == nil && p.outcome.Refused == nil:
			return p, nil
		case p.refusal == nil && noted == nil:
			kept := p
			noted = &kept
		case p.refusal != nil && fault.From(p.refusal) == nil:
			return p, fmt.Errorf("answering %s: %w", r.Verifier(), p.refusal)
		}
	}
	if noted != nil {
		return *noted, nil
	}
	if p.verifier == nil && p.refusal == nil {
		p.refusal = ErrInvalidStep
	}
	return p, nil
}

func (s *Service) read(ctx context.Context, store StoreRef, id string, v *Verification) (now time.Time, err error) {
	err = s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) error {
		now = tx.Now()
		*v, err = tx.Verification(ctx, id)
		return err
	})
	return now, err
}

func (s *Service) ask(ctx context.Context, shop *shop, v Verification, r Requirement, a Answer, now time.Time) (Verifier, Outcome, error) {
	verifier, err := shop.Instance(r)
	if err != nil {
		return nil, Outcome{}, err
	}
	answerer, ok := verifier.(Answerer)
	if !ok {
		return nil, Outcome{}, ErrInvalidStep
	}
	at, err := s.attempt(shop.store, v, r, now)
	if err != nil {
		return nil, Outcome{}, err
	}
	outcome, err := answerer.Answer(ctx, at, a)
	return verifier, outcome, err
}

func (s *Service) attempt(store StoreRef, v Verification, r Requirement, now time.Time) (Attempt, error) {
	at := Attempt{
		Store: store, Verification: v.ID, Requirement: r, Group: v.Group, Subgroup: v.Subgroup, Customer: v.Customer, Bound: v.Bound,
		Locale: v.Locale, Country: v.Country, Now: now, Sends: v.Progress[r].Sends, Tries: v.Progress[r].Tries,
	}
	c := v.Challenge
	if c == nil {
		return at, nil
	}
	at.Pending = &Pending{Step: c.Step, ExpiresAt: c.ExpiresAt, ResendAfter: c.ResendAfter}
	if len(c.Sealed) > 0 {
		private, err := s.Sealer.Open(c.Sealed, challengeOf(v.ID, r))
		if err != nil {
			return at, fmt.Errorf("opening a challenge: %w", err)
		}
		at.Pending.Private = private
	}
	return at, nil
}

// challengeOf is the associated data of a verifier's private state: it opens for no other verification.
func challengeOf(verification string, r Requirement) []byte {
	return []byte("challenge|" + verification + "|" + string(r))
}

// digest is a keyed hash of an answer, so that it can be recognised and not be read.
func digest(t Tagger, verification string, a Answer) string {
	var b strings.Builder
	b.WriteString("answer:" + verification + "\n" + string(a.Step))
	if a.Instance != "" {
		b.WriteString("\n" + a.Instance)
	}
	for _, field := range slices.Sorted(maps.Keys(a.Fields)) {
		fmt.Fprintf(&b, "\n%q=%q", field, a.Fields[field])
	}
	return t.PersonTag(b.String())
}

// again gives the answer that this content got before.
func (s *Service) again(ctx context.Context, tx Tx, v Verification) (*Result, error) {
	if v.State != Verified && len(v.Errors) == 1 && v.Errors[0].Code == string(fault.AlreadyVerified) {
		return nil, fault.New(fault.AlreadyVerified, v.Errors[0].Detail)
	}
	return s.result(ctx, tx, v)
}

// refuse returns a refusal. One that is due to the time being over is also written down.
func (s *Service) refuse(ctx context.Context, tx Tx, v Verification, refusal error) error {
	if fault.CodeOf(refusal) != fault.VerificationExpired || v.State == Expired {
		return refusal
	}
	if err := s.expire(ctx, tx, v); err != nil {
		return err
	}
	return once.Commit(refusal)
}

// conclude writes what the outcome of an answer means.
func (s *Service) conclude(ctx context.Context, tx Tx, v Verification, p proposal) (*Result, error) {
	now, out := tx.Now(), p.outcome
	if out.Same {
		return s.result(ctx, tx, v)
	}
	if err := takeLimits(ctx, tx, p.tagger, out.Limits); err != nil {
		return nil, err
	}
	v.Last = Accepted{Step: p.step, Digest: p.digest}
	v = v.noted(p.requirement, out, now)
	switch {
	case out.Ask != nil:
		return s.concludeAsk(ctx, tx, v, p, *out.Ask)
	case out.Wrong != nil:
		v.Last = p.seen.Last
		return nil, s.concludeWrong(ctx, tx, v, p.requirement, out)
	case out.Met != nil:
		return s.concludeMet(ctx, tx, v, p, *out.Met)
	case out.Refused != nil:
		v.Last = p.seen.Last
		if _, err := s.update(ctx, tx, v.changed(now)); err != nil {
			return nil, err
		}
		return nil, once.Commit(out.Refused)
	case out.Review != nil:
		return s.concludeReview(ctx, tx, v, p)
	case out.Reject != nil:
		return s.concludeReject(ctx, tx, v, out.Reject)
	}
	return nil, fmt.Errorf("the verifier %q gave no outcome", p.requirement.Verifier())
}

func (s *Service) concludeAsk(ctx context.Context, tx Tx, v Verification, p proposal, ask Ask) (*Result, error) {
	if err := takeLimits(ctx, tx, p.tagger, ask.Limits); err != nil {
		return nil, err
	}
	sealed, err := s.Sealer.Seal(ask.Private, challengeOf(v.ID, p.requirement))
	if err != nil {
		return nil, fmt.Errorf("sealing a challenge: %w", err)
	}
	next := v.ask(p.requirement, ask, sealed, tx.Now())
	if ask.Mail != nil {
		if next.Challenge.Mail, err = mailCode(ctx, tx, p.tagger, v.ID, ask); err != nil {
			return nil, err
		}
	}
	return s.finish(ctx, tx, next)
}

func (s *Service) concludeWrong(ctx context.Context, tx Tx, v Verification, r Requirement, out Outcome) error {
	next := v.wrong(r, out.Wrong, tx.Now())
	if out.MaxTries > 0 && next.Progress[r].Tries >= out.MaxTries {
		next = next.exhaust(tx.Now())
	}
	if _, err := s.update(ctx, tx, next); err != nil {
		return err
	}
	if next.State == Failed {
		if err := s.decideAgainst(ctx, tx, next); err != nil {
			return err
		}
		return once.Commit(ErrTries)
	}
	return once.Commit(out.Wrong)
}

func (s *Service) concludeReject(ctx context.Context, tx Tx, v Verification, reasons []Reason) (*Result, error) {
	v, err := weigh(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	next := v.reject(reasons, tx.Now())
	if err := s.decideAgainst(ctx, tx, next); err != nil {
		return nil, err
	}
	codes := make([]string, len(reasons))
	for i, r := range reasons {
		codes[i] = r.Code
	}
	err = tx.Emit(ctx, Event{Type: EventRejected, Customer: boundCustomer(v), Data: map[string]any{
		"verification_id": v.ID, "group": v.Group, "subgroup": v.Subgroup, "reasons": codes, "final": next.State == Failed,
	}})
	if err != nil {
		return nil, err
	}
	return s.finish(ctx, tx, next)
}

func (s *Service) finish(ctx context.Context, tx Tx, v Verification) (*Result, error) {
	v, err := s.update(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	return s.result(ctx, tx, v)
}

// keep stores evidence, its identifiers replaced by tags, and the digests of the data it rests on.
func (s *Service) keep(ctx context.Context, tx Tx, v Verification, p proposal, e Evidence) error {
	e = e.tagged(p.tagger)
	e.ID, e.Verification, e.Requirement, e.Verifier = id.New("evd"), v.ID, p.requirement, p.requirement.Verifier()
	e.CreatedAt = tx.Now()
	if err := tx.InsertEvidence(ctx, e); err != nil {
		return fmt.Errorf("keeping evidence: %w", err)
	}
	return nil
}

// takeLimits counts one event in each limit, or refuses when one has no room.
func takeLimits(ctx context.Context, tx Tx, t Tagger, limits []Limit) error {
	limits = slices.SortedFunc(slices.Values(limits), func(a, b Limit) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(t.PersonTag(a.Identifier), t.PersonTag(b.Identifier)))
	})
	now := tx.Now()
	for _, l := range limits {
		tag := PersonTag(t.PersonTag(l.Identifier))
		moments, err := tx.LockWindow(ctx, l.Kind, tag)
		if err != nil {
			return fmt.Errorf("reading the limit %s: %w", l.Kind, err)
		}
		moments = slices.DeleteFunc(moments, func(m time.Time) bool { return !m.After(now.Add(-l.Window)) })
		if len(moments) >= l.Max {
			// A moment can be a little after now: its transaction began later and took the lock earlier.
			return l.Refusal.After(min(l.Window, moments[len(moments)-l.Max].Add(l.Window).Sub(now)))
		}
		moments = append(moments, now)
		slices.SortFunc(moments, time.Time.Compare)
		if err := tx.PutWindow(ctx, l.Kind, tag, moments, now.Add(l.Window)); err != nil {
			return fmt.Errorf("counting in the limit %s: %w", l.Kind, err)
		}
	}
	return nil
}

func boundCustomer(v Verification) string {
	if v.Bound {
		return v.Customer
	}
	return ""
}

package verify

import (
	"context"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// AppealWindow is how long after a refusal a shopper may object to it.
const AppealWindow = 30 * 24 * time.Hour

// RequirementAppeal stands for the requirement in the review of an appeal.
const RequirementAppeal Requirement = "appeal"

// WhyAppeal is the first reason of the review of an appeal; the codes of the refusal follow.
const WhyAppeal = "appeal"

// Appeal is a shopper's objection to a refusal: a human decides.
type Appeal struct {
	At time.Time `json:"at"`
	// Of is the refusal objected to.
	Of []Reason `json:"of"`
	// Requirement is the one whose proof was refused, if it is known.
	Requirement Requirement   `json:"requirement,omitempty"`
	Outcome     ReviewOutcome `json:"outcome,omitempty"`
	DecidedAt   time.Time     `json:"decided_at,omitzero"`
}

// The reasons that turn away a shopper who brought a whole proof.
const (
	// ReasonNotAccepted is all that a blocked person reads.
	ReasonNotAccepted = "not_accepted"
	// ReasonLimited says that a limit of the policy left no room.
	ReasonLimited = "verification_limited"
)

// The refusals of appeals.
var (
	ErrNothingRefused = fault.New(fault.InvalidStep, "Only a verification that was refused can be objected to, within 30 days.")
	ErrAppealed       = fault.New(fault.AppealMade, "This refusal was objected to already.")
)

// Held returns the requirements that were proven when the shopper was turned away for another reason than the proof: the
// person has it elsewhere, is blocked, or a limit is reached. It is empty otherwise, and once the shopper went on.
func (v Verification) Held() []Requirement {
	errs := v.Errors
	switch {
	case v.State == PendingReview && v.Appeal != nil:
		errs = v.Appeal.Of
	case v.State != Rejected && v.State != Failed && v.State != Expired:
		return nil
	}
	for _, e := range errs {
		if slices.Contains([]string{string(fault.AlreadyVerified), ReasonNotAccepted, ReasonLimited}, e.Code) {
			return v.Proven
		}
	}
	return nil
}

// Appeal objects to the refusal of a verification: a human looks at it. The same again while it waits changes nothing.
// Faults: not_found, invalid_step when nothing was refused or it is too long ago, appeal_made when the one appeal was
// decided.
func (s *Service) Appeal(ctx context.Context, store StoreRef, by Actor, id string) (*Result, error) {
	return s.write(ctx, store.ID, func(ctx context.Context, tx Tx) (*Result, error) {
		v, err := tx.LockVerification(ctx, id)
		if err != nil {
			return nil, err
		}
		switch {
		case v.Appeal != nil && v.Appeal.Outcome == "":
			return s.result(ctx, tx, v)
		case v.Appeal != nil:
			return nil, ErrAppealed
		case !v.refusedSince(tx.Now().Add(-AppealWindow)):
			return nil, ErrNothingRefused
		}
		v.Appeal = &Appeal{At: tx.Now(), Of: v.Errors, Requirement: refusedRequirement(v)}
		why := []string{WhyAppeal}
		for _, r := range v.Errors {
			if !slices.Contains(why, r.Code) {
				why = append(why, r.Code)
			}
		}
		v = v.note(Note{At: tx.Now(), Outcome: NoteAppealed, Why: why[1:]})
		if err := tx.Audit(ctx, Change{by, "verification.appealed", v.ID, map[string]any{"reasons": why[1:]}}); err != nil {
			return nil, err
		}
		return s.openReview(ctx, tx, v, Review{Requirement: RequirementAppeal, Why: why, Needed: 1})
	})
}

// refusedSince reports whether the verification stands refused, by a refusal after a moment. That its time is over by now
// takes nothing from it.
func (v Verification) refusedSince(moment time.Time) bool {
	switch {
	case v.State == Rejected || v.State == Failed:
		return v.DecidedAt.After(moment)
	case v.State != Expired || len(v.Errors) == 0:
		return false
	}
	last := slices.IndexFunc(v.Trail, func(n Note) bool { return n.Outcome == NoteRejected && n.At.After(moment) })
	return last >= 0
}

// withdrawn returns the appeal closed, if it is open: it is not needed any more.
func (a *Appeal) withdrawn(now time.Time) *Appeal {
	if a == nil || a.Outcome != "" {
		return a
	}
	closed := *a
	closed.Outcome, closed.DecidedAt = ReviewWithdrawn, now
	return &closed
}

// NoteAppealed is the outcome of the note of an appeal.
const NoteAppealed = "appealed"

// refusedRequirement is the requirement whose proof was refused last.
func refusedRequirement(v Verification) Requirement {
	if len(v.Held()) > 0 {
		return ""
	}
	for _, n := range slices.Backward(v.Trail) {
		if n.Outcome == NoteRejected {
			return n.Requirement
		}
		if n.Outcome == NoteWrong || n.Outcome == NoteRefused {
			return ""
		}
	}
	return ""
}

// ruleAppeal carries out what a reviewer decided about an appeal. v has left the review.
//
// Refused: the verification fails, for good. Approved, it depends on what was refused:
//   - a whole proof that was turned away: it counts. Labels that block the person are lifted, what another customer has of
//     this proof is moved here, and limits give way;
//   - the proof of one requirement: the requirement holds, by the evidence that was refused, or else by the reviewer's word
//     for a customer whom somebody with authority named. What else the path asks for is still asked;
//   - anything else, such as too many wrong codes: the shopper begins anew.
func (s *Service) ruleAppeal(ctx context.Context, tx Tx, v Verification, review Review, d ruled) (*Result, error) {
	appeal := *v.Appeal
	appeal.Outcome, appeal.DecidedAt = review.Outcome, tx.Now()
	held := v.Held()
	v, err := v.rule(tx.Now())
	if err != nil {
		return nil, err
	}
	v.Appeal = &appeal
	if review.Outcome == ReviewRejected {
		v.Rejections = maxRejections
		v = v.note(Note{At: tx.Now(), Requirement: RequirementAppeal, Outcome: NoteRejected, Why: d.ruling.Reasons})
		return s.concludeReject(ctx, tx, v, d.reasons)
	}
	v = v.note(Note{At: tx.Now(), Requirement: RequirementAppeal, Outcome: NoteApproved})
	v.Rejections, v.ExpiresAt = 0, tx.Now().Add(Lifetime)
	g := grounds{approved: true, appeal: true, by: d.by.Actor, tagger: d.tagger}
	if len(held) > 0 {
		v.Met = held
		return s.award(ctx, tx, v, "", g)
	}
	v.Met, v.Progress, v.GivenUp, v.Errors = nil, nil, nil, nil
	met, err := s.overturn(ctx, tx, v, appeal.Requirement, d)
	if err != nil {
		return nil, err
	}
	if met {
		return s.met(ctx, tx, v, appeal.Requirement, g)
	}
	v.DecidedAt = time.Time{}
	return s.finish(ctx, tx, v.changed(tx.Now()))
}

// overturn tells whether a requirement holds now that its refusal was overturned, and keeps the reviewer's word where
// there is no evidence.
func (s *Service) overturn(ctx context.Context, tx Tx, v Verification, r Requirement, d ruled) (bool, error) {
	if r == "" || r == RequirementAppeal || !slices.ContainsFunc(v.Paths, func(p Path) bool { return slices.Contains(p, r) }) {
		return false, nil
	}
	evidence, err := tx.Evidence(ctx, v.ID)
	if err != nil {
		return false, err
	}
	for _, e := range latest(evidence, []Requirement{r}) {
		if agrees(v, e) {
			return true, nil
		}
	}
	if !v.Bound || v.Customer == "" {
		return false, nil
	}
	e := Evidence{Classes: []Class{Document}, Identifiers: []string{CustomerIdentifier(v.Customer)}, Facts: map[string]string{"decided": "appeal"}}
	return true, s.keep(ctx, tx, v, proposal{requirement: r, tagger: d.tagger}, e)
}

// CustomerIdentifier identifies a human by the store's own reference, where nothing else does: in evidence that is the word of
// a member of the staff, and where accounts are limited.
func CustomerIdentifier(customer string) string { return "customer:" + customer }

// liftFor lifts the labels that block a person whose appeal was approved.
func (s *Service) liftFor(ctx context.Context, tx Tx, cases []FraudCase, by Actor) error {
	for _, c := range cases {
		a, err := tx.Attestation(ctx, c.Attestation)
		if err != nil {
			return err
		}
		if c.Label != FraudConfirmed && c.Label != FraudSuspected {
			continue
		}
		if _, err := s.label(ctx, tx, by, a, Labelling{Label: NoFraud, Reason: ReasonAppeal, Reference: c.Reference}); err != nil {
			return err
		}
	}
	return nil
}

package verify

import (
	"maps"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// The refusals of the state machine. They change nothing.
var (
	ErrInvalidStep = fault.New(fault.InvalidStep,
		"This step cannot be answered now. Read the verification and answer the step that it names.")
	ErrExpired = fault.New(fault.VerificationExpired, "The time for this verification is over. Start a new one.")
	ErrTries   = fault.New(fault.TriesExhausted, "Too many wrong answers. Start a new verification.")
)

// Admit decides which requirements an answer to a step may be for, strongest path first. Faults: invalid_step,
// verification_expired.
func (v Verification) Admit(step Step, now time.Time) ([]Requirement, error) {
	v = v.At(now)
	switch {
	case v.State == Expired:
		return nil, ErrExpired
	case v.State.Final(), v.State == PendingReview:
		return nil, ErrInvalidStep
	}
	if c := v.Challenge; c != nil {
		if step == c.Step || step == v.First[c.Requirement] {
			return []Requirement{c.Requirement}, nil
		}
		return nil, ErrInvalidStep
	}
	var fit []Requirement
	for _, r := range v.next() {
		if v.First[r] == step {
			fit = append(fit, r)
		}
	}
	if fit == nil {
		return nil, ErrInvalidStep
	}
	return fit, nil
}

// begin moves a started verification on to collecting, with the shopper's consent.
func (v Verification) begin(c Consent, now time.Time) (Verification, error) {
	if v.State != Started {
		return v, ErrInvalidStep
	}
	if c.Version == "" {
		return v, fault.New(fault.ConsentMissing, "The shopper has to consent before anything is collected.").
			At("#/consent", "send the version of the text that was shown, and accepted: true")
	}
	v.State, v.Consent = Collecting, c
	return v.changed(now), nil
}

// ask records that another step has to be answered for a requirement.
func (v Verification) ask(r Requirement, a Ask, sealed []byte, now time.Time) Verification {
	v.State, v.Errors = Challenged, nil
	v.Challenge = &Challenge{
		Requirement: r, Step: a.Step, ExpiresAt: a.ExpiresAt, ResendAfter: a.ResendAfter, MaxTries: a.MaxTries, Sealed: sealed,
	}
	if a.Mail != nil {
		v = v.count(r, Progress{Sends: 1})
	}
	return v.changed(now)
}

// wrong counts a wrong answer. The verification fails when there were as many as its challenge allows.
func (v Verification) wrong(r Requirement, f *fault.Fault, now time.Time) Verification {
	v = v.count(r, Progress{Tries: 1})
	v.Errors = []Reason{{Code: string(f.Code), Detail: f.Detail}}
	if c := v.Challenge; c != nil && c.MaxTries > 0 && v.Progress[r].Tries >= c.MaxTries {
		return v.exhaust(now)
	}
	return v.changed(now)
}

// exhaust ends a verification that had too many wrong answers.
func (v Verification) exhaust(now time.Time) Verification {
	v.Errors = []Reason{{Code: string(fault.TriesExhausted), Detail: ErrTries.Detail}}
	v.State, v.Challenge, v.DecidedAt = Failed, nil, now
	return v.changed(now)
}

// meet records that a requirement holds. complete is true when a whole path does.
func (v Verification) meet(r Requirement, now time.Time) (next Verification, complete bool) {
	v.Met = append(slices.Clone(v.Met), r)
	v.State, v.Challenge, v.Errors = Collecting, nil, nil
	complete = slices.ContainsFunc(v.OpenPaths(), func(path Path) bool {
		return !slices.ContainsFunc(path, func(r Requirement) bool { return !slices.Contains(v.Met, r) })
	})
	return v.changed(now), complete
}

// review hands the verification to a human.
func (v Verification) review(now time.Time) Verification {
	v.State, v.Challenge, v.Errors = PendingReview, nil, nil
	return v.changed(now)
}

// reject records that the proof says no. The shopper may try again, from the beginning, a limited number of times.
func (v Verification) reject(reasons []Reason, now time.Time) Verification {
	v.State, v.Challenge, v.Met, v.Errors, v.DecidedAt = Rejected, nil, nil, reasons, now
	v.Rejections++
	if v.Rejections >= maxRejections {
		v.State = Failed
	}
	return v.changed(now)
}

// interrupt drops the open question, says why, and lets the shopper choose again among the paths of the policy.
func (v Verification) interrupt(f *fault.Fault, now time.Time) Verification {
	v.State, v.Challenge = Collecting, nil
	v.Errors = []Reason{{Code: string(f.Code), Detail: f.Detail}}
	return v.changed(now)
}

// verified records the result.
func (v Verification) verified(attestation string, now time.Time) Verification {
	v.State, v.Challenge, v.Errors = Verified, nil, nil
	v.Attestation, v.DecidedAt = attestation, now
	return v.changed(now)
}

// giveUp leaves a step, and with it every path that needs its requirement. What was given up is kept for reviewers.
// Giving up what was given up already changes nothing. Faults: invalid_step, verification_expired.
func (v Verification) giveUp(step Step, now time.Time) (Verification, error) {
	requirements, err := v.Admit(step, now)
	if err != nil {
		if already := slices.ContainsFunc(v.GivenUp, func(g GivenUp) bool { return g.Step == step }); already &&
			v.Challenge == nil && fault.CodeOf(err) == fault.InvalidStep && !v.State.Final() {
			return v, nil
		}
		return v, err
	}
	v.GivenUp = slices.Clone(v.GivenUp)
	for _, r := range requirements {
		v.GivenUp = append(v.GivenUp, GivenUp{Step: step, Requirement: r, At: now})
	}
	v.State, v.Challenge, v.Errors = Collecting, nil, nil
	return v.changed(now), nil
}

// expire ends a verification whose time is over.
func (v Verification) expire(now time.Time) Verification {
	v.State, v.Challenge, v.DecidedAt = Expired, nil, now
	return v.changed(now)
}

// cancel ends a verification at the shopper's wish. Cancelling twice is the same as once.
func (v Verification) cancel(now time.Time) (Verification, error) {
	switch {
	case v.State == Cancelled:
		return v, nil
	case v.At(now).State.Final():
		return v, ErrInvalidStep
	}
	v.State, v.Challenge, v.Errors, v.DecidedAt = Cancelled, nil, nil, now
	return v.changed(now), nil
}

// rule records what a reviewer decided. Faults: invalid_step when nothing waits for a decision.
func (v Verification) rule(now time.Time) (Verification, error) {
	if v.State != PendingReview {
		return v, ErrInvalidStep.Saying("This verification does not wait for a review.")
	}
	v.State = Collecting
	return v.changed(now), nil
}

func (v Verification) count(r Requirement, add Progress) Verification {
	v.Progress = maps.Clone(v.Progress)
	if v.Progress == nil {
		v.Progress = map[Requirement]Progress{}
	}
	p := v.Progress[r]
	v.Progress[r] = Progress{Sends: p.Sends + add.Sends, Tries: p.Tries + add.Tries}
	return v
}

// changed marks a change. A verification changes its revision once in a transaction, however many steps it takes.
func (v Verification) changed(now time.Time) Verification {
	v.UpdatedAt = now
	return v
}

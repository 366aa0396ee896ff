package verify

import (
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"time"
)

// State is where a verification stands.
type State string

// The states. Verified, Failed, Expired and Cancelled are final; a rejected one may be tried again.
const (
	Started       State = "started"
	Collecting    State = "collecting"
	Challenged    State = "challenged"
	Uploading     State = "uploading"
	PendingReview State = "pending_review"
	Verified      State = "verified"
	Rejected      State = "rejected"
	Failed        State = "failed"
	Expired       State = "expired"
	Cancelled     State = "cancelled"
)

// Final reports whether nothing can change any more.
func (s State) Final() bool {
	switch s {
	case Verified, Failed, Expired, Cancelled:
		return true
	}
	return false
}

// Lifetime is how long a verification can be answered.
const Lifetime = 7 * 24 * time.Hour

// maxRejections is how often a verification can be rejected before it fails.
const maxRejections = 3

// Consent is what the shopper agreed to. Marketing consent is separate and never required.
type Consent struct {
	Version   string
	Locale    string
	Marketing bool
	At        time.Time
}

// Challenge is a question that waits for an answer.
type Challenge struct {
	Requirement Requirement
	Step        Step
	ExpiresAt   time.Time
	ResendAfter time.Time
	MaxTries    int
	// Mail is the id of the mail that brought the code, if one did.
	Mail string
	// Sealed is the verifier's private state, encrypted with the verification's id as associated data.
	Sealed []byte
}

// Progress counts what happened at one requirement. It outlives a challenge, so that asking again resets nothing.
type Progress struct {
	Sends int `json:"sends,omitempty"`
	Tries int `json:"tries,omitempty"`
}

// GivenUp is a step that the shopper gave up. It is shown to reviewers.
type GivenUp struct {
	Step        Step        `json:"step"`
	Requirement Requirement `json:"requirement"`
	At          time.Time   `json:"at"`
}

// Accepted remembers the last accepted answer, as a keyed hash, so that giving it twice gives the same answer.
type Accepted struct {
	Step   Step
	Digest string
}

// Verification is one attempt by one shopper to prove to be in a group.
type Verification struct {
	ID       string
	Store    string
	Group    string
	Subgroup string
	OfferID  string
	// Customer is the store's reference to the customer; Bound is true when somebody with authority said so.
	Customer string
	Bound    bool
	// SecretHash is the SHA-256 of the client secret.
	SecretHash []byte
	State      State
	// Paths are those of the policy version at the start; First has the first step of each requirement in them.
	Paths         []Path
	First         map[Requirement]Step
	PolicyID      string
	PolicyVersion int
	// Met are the requirements that hold so far, in the order in which they were met.
	Met []Requirement
	// Proven are those that held when the shopper was turned away with a whole proof; see Held.
	Proven []Requirement
	// Appeal is the shopper's objection to a refusal, or nil. There is one at most.
	Appeal    *Appeal
	Challenge *Challenge
	Progress  map[Requirement]Progress
	GivenUp   []GivenUp
	// Rejections counts how often the proof said no.
	Rejections int
	Errors     []Reason
	Last       Accepted
	// Digests are those of the data that the decision rests on.
	Digests map[string]string
	// Signals are counts of what makes a decision doubtful; see the constants.
	Signals map[string]int
	// Trail is what led to where it stands, oldest first, for the store and never for the shopper.
	Trail []Note
	// Network is the tag of the network that it was started from; empty when that is not known.
	Network     PersonTag
	Locale      string
	Country     string
	Consent     Consent
	Attestation string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	ExpiresAt   time.Time
	DecidedAt   time.Time
	// Revision counts the changes; a write that names another one changes nothing.
	Revision int64
}

// SecretMatches reports, in constant time, whether secret is the client secret.
func (v Verification) SecretMatches(secret string) bool {
	sum := sha256.Sum256([]byte(secret))
	return len(v.SecretHash) == len(sum) && subtle.ConstantTimeCompare(sum[:], v.SecretHash) == 1
}

// OpenPaths returns the paths that can still be taken: those without a requirement that was given up. When the
// shopper gave up something in every path the paths that were given up last stay open, to be begun anew.
func (v Verification) OpenPaths() []Path {
	var open []Path
	for _, path := range v.Paths {
		if !slices.ContainsFunc(v.GivenUp, func(g GivenUp) bool { return slices.Contains(path, g.Requirement) }) {
			open = append(open, path)
		}
	}
	if open != nil || len(v.GivenUp) == 0 {
		return open
	}
	last := v.GivenUp[len(v.GivenUp)-1].Requirement
	for _, path := range v.Paths {
		if slices.Contains(path, last) {
			open = append(open, path)
		}
	}
	return open
}

// next returns the requirements that may be met next, strongest path first.
func (v Verification) next() []Requirement {
	var candidates []Requirement
	for _, path := range v.OpenPaths() {
		for _, r := range path {
			if slices.Contains(v.Met, r) {
				continue
			}
			if !slices.Contains(candidates, r) {
				candidates = append(candidates, r)
			}
			break
		}
	}
	return candidates
}

// Answerable returns the requirements that the shopper may meet next, strongest path first; none while somebody else
// decides, and at the end.
func (v Verification) Answerable() []Requirement {
	if v.State.Final() || v.State == PendingReview || v.Waiting() {
		return nil
	}
	return v.next()
}

// NextStep is what the shopper answers next.
func (v Verification) NextStep() Step {
	switch {
	case v.State.Final():
		return StepDone
	case v.State == PendingReview:
		return StepPending
	case v.Challenge != nil:
		return v.Challenge.Step
	}
	candidates := v.next()
	if len(candidates) == 0 {
		return StepDone
	}
	step := v.First[candidates[0]]
	for _, r := range candidates[1:] {
		if v.First[r] != step {
			return StepChoose
		}
	}
	return step
}

// Waiting reports whether a system outside has to decide (Decider).
func (v Verification) Waiting() bool {
	return v.State == Challenged && v.Challenge != nil && v.Challenge.Step == StepPending
}

// Shown is the state as callers see it: who waits for somebody else's decision need not know whose.
func (v Verification) Shown() State {
	if v.Waiting() {
		return PendingReview
	}
	return v.State
}

// At returns the verification as it stands at a moment: one whose time is over reads as expired.
func (v Verification) At(now time.Time) Verification {
	if !v.State.Final() && v.State != PendingReview && !now.Before(v.ExpiresAt) {
		v.State, v.Challenge = Expired, nil
	}
	return v
}

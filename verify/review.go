package verify

import (
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// ReviewLease is how long a reviewer who took a review has it for themselves. Looking at it again begins it anew.
const ReviewLease = 15 * time.Minute

// ReviewOutcome is how a review ended; empty while it is open.
type ReviewOutcome string

// The outcomes of a review. Withdrawn: the shopper cancelled, or was erased, before it was decided.
const (
	ReviewApproved  ReviewOutcome = "approved"
	ReviewRejected  ReviewOutcome = "rejected"
	ReviewWithdrawn ReviewOutcome = "withdrawn"
)

// Review is a question to people: does this proof hold? A verification has at most one that is open.
type Review struct {
	ID           string
	Store        string
	Verification string
	Requirement  Requirement
	Group        string
	Subgroup     string
	// Why says, in codes, why a human has to look.
	Why []string
	// Signals are those of the verification when the review was opened.
	Signals map[string]int
	// Needed is how many people have to agree: 1 or 2.
	Needed int
	// ClaimedBy is who has it in hand until ClaimedUntil; empty when nobody has.
	ClaimedBy    string
	ClaimedUntil time.Time
	Votes        []Vote
	Outcome      ReviewOutcome
	OpenedAt     time.Time
	DecidedAt    time.Time
}

// Vote is what one reviewer said.
type Vote struct {
	By      string    `json:"by"`
	Approve bool      `json:"approve"`
	Reasons []string  `json:"reasons,omitempty"`
	At      time.Time `json:"at"`
}

// Reviewer is a person who reviews.
type Reviewer struct {
	Actor
	// Mailbox is the address they sign in with. It shows whether a proof is their own.
	Mailbox string
}

// Ruling is what a reviewer says about a review.
type Ruling struct {
	Approve bool
	// Reasons are codes of RejectReasons that say why not, when Approve is false.
	Reasons []string
	// Final ends the verification at once, when Approve is false: for what is forged. Otherwise the shopper may try again.
	Final bool
}

// rejectReasons are why a reviewer may refuse a proof, with what the shopper reads.
var rejectReasons = []Reason{
	{"document_unreadable", "We cannot read the document. Take the photo in good light, sharp and whole."},
	{"document_expired", "The document is no longer valid. Use one that is."},
	{"document_not_accepted", "This kind of document does not show that you belong to the group."},
	{"date_missing", "The document does not show that it is from the present period."},
	{"name_mismatch", "The name on the document is not the name that you gave."},
	{"organisation_mismatch", "The institution on the document is not the one that you gave."},
	{"document_altered", "The document cannot be accepted."},
	{"look_alike", "The document cannot be accepted."},
	{"record_mismatch", "The record does not show that you belong to the group."},
	{"other", "The proof does not show that you belong to the group."},
}

// RejectReasons returns the reasons that a reviewer may give, and what the shopper reads, in the order to offer them.
func RejectReasons() []Reason { return slices.Clone(rejectReasons) }

// reasons returns what the shopper reads. Faults: invalid.
func (r Ruling) reasons() ([]Reason, error) {
	if r.Approve {
		return nil, nil
	}
	if len(r.Reasons) == 0 {
		return nil, fault.New(fault.Invalid, "A refusal needs a reason.").At("#/reasons", "give at least one reason")
	}
	var out []Reason
	for i, code := range r.Reasons {
		at := slices.IndexFunc(rejectReasons, func(known Reason) bool { return known.Code == code })
		if at < 0 {
			return nil, fault.New(fault.Invalid, "There is no such reason.").At(pointer("reasons", i), "unknown")
		}
		if !slices.Contains(out, rejectReasons[at]) {
			out = append(out, rejectReasons[at])
		}
	}
	return out, nil
}

// The refusals of reviews.
var (
	ErrReviewClaimed = fault.New(fault.ReviewClaimed, "Somebody else has this review in hand.")
	ErrReviewDecided = fault.New(fault.ReviewDecided, "This review is decided.")
	ErrReviewOwn     = fault.New(fault.ReviewOwn, "Nobody decides about their own proof, or twice about one proof.")
)

// Claim returns the review in the hands of a reviewer, for ReviewLease. Faults: review_claimed, review_decided,
// review_own for who voted already.
func (r Review) Claim(by string, now time.Time) (Review, error) {
	switch {
	case r.Outcome != "":
		return r, ErrReviewDecided
	case r.VotedBy(by):
		return r, ErrReviewOwn
	case r.ClaimedBy != "" && r.ClaimedBy != by && now.Before(r.ClaimedUntil):
		return r, ErrReviewClaimed
	}
	r.ClaimedBy, r.ClaimedUntil = by, now.Add(ReviewLease)
	return r, nil
}

// Release returns the review in nobody's hands. Faults: review_claimed when somebody else has it.
func (r Review) Release(by string, now time.Time) (Review, error) {
	if r.ClaimedBy != "" && r.ClaimedBy != by && now.Before(r.ClaimedUntil) {
		return r, ErrReviewClaimed
	}
	r.ClaimedBy, r.ClaimedUntil = "", time.Time{}
	return r, nil
}

// VotedBy reports whether somebody voted.
func (r Review) VotedBy(by string) bool {
	return slices.ContainsFunc(r.Votes, func(v Vote) bool { return v.By == by })
}

// vote records what a reviewer says. One refusal decides; as many approvals as are needed do. Faults as Claim.
func (r Review) vote(by string, ruling Ruling, now time.Time) (Review, error) {
	r, err := r.Claim(by, now)
	if err != nil {
		return r, err
	}
	r.Votes = append(slices.Clone(r.Votes), Vote{By: by, Approve: ruling.Approve, Reasons: ruling.Reasons, At: now})
	r.ClaimedBy, r.ClaimedUntil = "", time.Time{}
	switch {
	case !ruling.Approve:
		r.Outcome = ReviewRejected
	case len(r.Votes) >= r.Needed:
		r.Outcome = ReviewApproved
	default:
		return r, nil
	}
	r.DecidedAt = now
	return r, nil
}

// withdraw closes a review that is not needed any more.
func (r Review) withdraw(now time.Time) Review {
	r.Outcome, r.DecidedAt = ReviewWithdrawn, now
	r.ClaimedBy, r.ClaimedUntil = "", time.Time{}
	return r
}

// own reports whether a proof is the reviewer's own: of their mailbox, or for a customer who is called like it.
func own(v Verification, evidence []Evidence, by Reviewer, tags []PersonTag) bool {
	if by.Mailbox != "" && strings.EqualFold(v.Customer, by.Mailbox) {
		return true
	}
	for _, e := range evidence {
		if slices.ContainsFunc(e.Tags, func(t PersonTag) bool { return slices.Contains(tags, t) }) {
			return true
		}
	}
	return false
}

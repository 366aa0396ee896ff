package verify

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Step is what the shopper answers next. The client only ever names the step that it answers.
type Step string

// The steps of the built-in verifiers, and those that stand for no question.
const (
	// StepChoose: several paths are open; the first step of any of them may be answered.
	StepChoose    Step = "choose"
	StepEmail     Step = "email"
	StepEmailCode Step = "email_code"
	StepSSO       Step = "sso"
	StepMock      Step = "mock"
	StepRegistry  Step = "registry"
	StepRemote    Step = "remote"
	StepDocument  Step = "document"
	// StepPending: somebody else decides: a reviewer, or, as the step of a challenge, a system outside (Decider).
	StepPending Step = "pending"
	// StepDone: the state is final.
	StepDone Step = "done"
)

// StoreRef names a store and its mode.
type StoreRef struct {
	ID string
	// Test is true for a test store.
	Test bool
}

// Verifier is an opened instance of a verifier in one store. It is safe for concurrent use. What it can do beyond
// naming itself is said by the optional interfaces Answerer and Redirector, one of which it must implement.
type Verifier interface {
	// Name is the part of a requirement before the colon.
	Name() string
	// Classes are the classes of the evidence that it gives.
	Classes() []Class
	// Step is the first step that the shopper answers.
	Step() Step
}

// Answerer is a verifier that accepts answers to steps. Answer runs outside any transaction and may be called again
// for the same answer, so it changes nothing outside: what is to be remembered or sent stands in the outcome.
// An error that is a fault refuses the answer and leaves the verification as it was.
type Answerer interface {
	Answer(ctx context.Context, at Attempt, a Answer) (Outcome, error)
}

// Redirector is a verifier that sends the shopper's browser elsewhere and takes it back. Both methods run outside any
// transaction and may do I/O within the deadline of the context.
type Redirector interface {
	// Depart returns where to send the browser, and what has to be remembered for the way back.
	Depart(ctx context.Context, at Attempt, d Departure) (Redirect, error)
	// Return reads what the browser brought back. private is what Depart asked to remember.
	Return(ctx context.Context, at Attempt, r Return, private []byte) (Outcome, error)
}

// Named is a verifier that has a name to show, for the choice of an institution.
type Named interface {
	DisplayName() string
}

// Decider is a verifier whose decision may come later, from a system outside. Its Answer asks with StepPending, and
// Decide reads what that system sends then. Decide changes nothing outside; an error that is a fault refuses the decision
// and leaves the verification waiting.
type Decider interface {
	Decide(ctx context.Context, at Attempt, d Delivery) (Outcome, error)
}

// Delivery is a decision as it came in.
type Delivery struct {
	// ID, Timestamp and Signature are the headers of Standard Webhooks, as they came.
	ID, Timestamp, Signature string
	Body                     []byte
	// Trusted: a secret key of the store sends it, so that no signature is needed.
	Trusted bool
}

// Asking is a verifier whose first step has the fields that its configuration declares.
type Asking interface {
	Fields() []Field
}

// Field is one thing that the shopper gives to a step.
type Field struct {
	// Name is the key of the answer.
	Name string
	// Label is what shoppers read.
	Label Label
	// Kind is text, email, number or date (2006-01-02).
	Kind     string
	Required bool
	// MaxLength is in characters.
	MaxLength int
}

// Digested is a verifier that decides by versioned data. The digests are kept with every decision.
type Digested interface {
	// Digests maps the name and version of a data pack or list to its digest.
	Digests() map[string]string
}

// Mailing is a verifier that sends mail. Policies with one are refused where no mail can be sent.
type Mailing interface {
	SendsMail() bool
}

// Prober is a verifier that can test its configuration against the outside, when an admin asks for it.
type Prober interface {
	Probe(ctx context.Context) error
}

// Attempt is what a verifier sees of a verification.
type Attempt struct {
	Store        StoreRef
	Verification string
	Requirement  Requirement
	Group        string
	Subgroup     string
	Customer     string
	// Bound is true when somebody with authority named the customer; else a browser did.
	Bound   bool
	Locale  string
	Country string
	// Now is the store's time.
	Now time.Time
	// Sends counts the codes already sent for this requirement, Tries the wrong answers.
	Sends, Tries int
	// Pending is the challenge that this verifier made and that waits for an answer, or nil.
	Pending *Pending
}

// Pending is a challenge as its verifier sees it.
type Pending struct {
	Step        Step
	ExpiresAt   time.Time
	ResendAfter time.Time
	// Private is what the verifier asked to remember. It is encrypted at rest.
	Private []byte
}

// Answer is what the shopper gave to a step, such as {"email": "ada@mit.edu"}.
type Answer struct {
	Step Step
	// Instance says which instance of a verifier is answered, when several have the same step. Empty for any.
	Instance string
	Fields   map[string]string
}

// Outcome is what a verifier makes of an answer: exactly one of its parts is set.
type Outcome struct {
	// Met: the requirement holds.
	Met *Evidence
	// Ask: another step has to be answered.
	Ask *Ask
	// Same: nothing changes, the question that is open stays open.
	Same bool
	// Wrong: a counted try. When the tries reach Tries of the challenge the verification fails.
	Wrong *fault.Fault
	// Reject: the proof says no. The shopper may try again.
	Reject []Reason
	// Review: a human has to decide about the evidence.
	Review *Evidence
	// Refused: the answer is refused, and the refusal is noted for the store; nothing else changes and no try is counted.
	Refused *fault.Fault

	// Why says, in codes and without personal data, what led to the outcome: "domain_abused", "name_near". The shopper
	// never sees it; the store's secret key and the console do.
	Why []string
	// Signals are findings that make a decision doubtful without deciding it, as counts: {"look_alike": 3}.
	Signals map[string]int
	// Reviewers is how many people have to agree, beside Review: 2, or 1 for all else.
	Reviewers int
	// Collected is what a reviewer needs of what the shopper typed, such as a name, beside Review. It is kept encrypted,
	// for a limited time, and shown to reviewers only.
	Collected map[string]string
	// Submit, beside Review, hands in documents that were uploaded.
	Submit *Submission

	// Limits, beside whichever part is set, must all have room. One event is counted in each; without room nothing else
	// of the outcome happens, so that a refusal says the same whatever the outcome would have been.
	Limits []Limit
	// MaxTries is how many wrong answers the verification allows for this requirement when no challenge says it; zero
	// for no limit.
	MaxTries int
}

// Ask is a further question: a code that was mailed, for example.
type Ask struct {
	Step        Step
	ExpiresAt   time.Time
	ResendAfter time.Time
	// MaxTries is how many wrong answers the verification allows for this requirement; zero for no limit.
	MaxTries int
	// Private is remembered for the verifier, encrypted.
	Private []byte
	// Mail, if set, is sent when the question is stored.
	Mail *CodeMail
	// Limits must all have room. One event is counted in each.
	Limits []Limit
}

// Limit allows Max events in any window of length Window for a person, named by a normalised identifier.
type Limit struct {
	// Kind names the limit: "codes_per_hour".
	Kind       string
	Identifier string
	Max        int
	Window     time.Duration
	// Refusal is what the caller is told when there is no room. RetryAfter is filled in.
	Refusal *fault.Fault
}

// CodeMail is a mail with a code. It is encrypted before it is stored.
type CodeMail struct {
	// ID names the mail in reports about it. It is given when the mail is queued.
	ID     string
	To     string
	Locale string
	Code   string
	// ExpiresAt is when the code is of no use any more, by the store's time.
	ExpiresAt time.Time
}

// Departure is what a Redirector needs to send the browser away.
type Departure struct {
	// State comes back unchanged, once.
	State string
	// RedirectURI is the exact address to come back to.
	RedirectURI string
}

// Redirect is where the browser goes.
type Redirect struct {
	URL string
	// Private is remembered, encrypted, for Return.
	Private []byte
}

// Return is what the browser brought back.
type Return struct {
	RedirectURI string
	// Params are the query parameters of the response, each at most once.
	Params map[string]string
}

package verify

import (
	"context"
	"time"
)

// Storage keeps what belongs to verification. Each call sees one store only: no method reaches another one's rows.
type Storage interface {
	// Read runs fn with a consistent view.
	Read(ctx context.Context, store string, fn func(context.Context, Tx) error) error
	// Write runs fn in one transaction, after claiming the idempotency key that ctx carries, if any. When that key has
	// an answer already fn does not run and the result is nil. An error rolls back, unless it is wrapped by
	// once.Commit: then what fn wrote stays, and the error is returned.
	Write(ctx context.Context, store string, fn func(context.Context, Tx) (any, error)) (any, error)
}

// Tx is one transaction in one store. Whatever is not there is a fault with code not_found, unless said otherwise.
// Locks are taken in this order: verification, persons, tags, attestations by id, limits.
type Tx interface {
	// Now is the store's time: the database's, moved by the test clock of a test store. It is the same during a
	// transaction, in UTC, to the microsecond.
	Now() time.Time

	SettingsTx
	VerificationTx
	ReviewTx
	DocumentTx
	AttestationTx
	ConsentTx
	FraudTx
	MailTx
	ReminderTx

	// Audit writes who changed what.
	Audit(ctx context.Context, c Change) error
	// Emit appends an event to the outbox. Data has no personal data.
	Emit(ctx context.Context, e Event) error
	// SendCode queues a mail whose arguments are encrypted.
	SendCode(ctx context.Context, m CodeMail) error
	// SendReminder does so with an offer to verify again.
	SendReminder(ctx context.Context, m ReminderMail) error
}

// SettingsTx is what an admin configures.
type SettingsTx interface {
	// SettingsRevision changes whenever any setting, data pack or group of the store does, or a pack of the gateway. Zero
	// when there is none.
	SettingsRevision(ctx context.Context) (int64, error)

	OwnGroups(ctx context.Context) ([]Group, error)
	PutGroup(ctx context.Context, g Group) error
	DeleteGroup(ctx context.Context, name string) error

	// Policies returns the current versions, sorted by group, subgroup.
	Policies(ctx context.Context) ([]Policy, error)
	Policy(ctx context.Context, id string) (Policy, error)
	// PolicyVersion returns one version, current or not.
	PolicyVersion(ctx context.Context, id string, version int) (Policy, error)
	// PutPolicy writes the policy and keeps its version. A second policy for the same group and subgroup is a fault
	// with code name_taken; a Version that does not follow the stored one is version_conflict.
	PutPolicy(ctx context.Context, p Policy) error
	// DeletePolicy ends a policy; its versions stay.
	DeletePolicy(ctx context.Context, id string) error

	Settings(ctx context.Context) ([]Setting, error)
	// PutSetting writes the configuration of an instance; version_conflict as PutPolicy.
	PutSetting(ctx context.Context, s Setting) error
	DeleteSetting(ctx context.Context, verifier, instance string) error

	PacksTx

	// PutRoster replaces the entries of a roster.
	PutRoster(ctx context.Context, roster string, entries []RosterEntry) error
	// DeleteRoster removes the entries of a roster. It is no fault when there are none.
	DeleteRoster(ctx context.Context, roster string) error
}

// VerificationTx is the verifications, their evidence and their ways to providers and back.
type VerificationTx interface {
	InsertVerification(ctx context.Context, v Verification) error
	Verification(ctx context.Context, id string) (Verification, error)
	// LockVerification reads it and keeps others from changing it until the end of the transaction.
	LockVerification(ctx context.Context, id string) (Verification, error)
	// UpdateVerification writes v when the stored revision is v.Revision-1; else version_conflict.
	UpdateVerification(ctx context.Context, v Verification) error
	// VerificationsOf returns those bound to a customer, newest first.
	VerificationsOf(ctx context.Context, customer string, limit int) ([]Verification, error)
	// DueVerifications returns ids of those not final whose time is over, oldest first.
	DueVerifications(ctx context.Context, limit int) ([]string, error)

	// CountFromNetwork counts the verifications of a group that began in a network since a moment, at most 1,000.
	CountFromNetwork(ctx context.Context, group string, network PersonTag, since time.Time) (int, error)
	// CountOfCustomer counts the verifications that began for a customer since a moment, at most 1,000.
	CountOfCustomer(ctx context.Context, customer string, since time.Time) (int, error)

	InsertEvidence(ctx context.Context, e Evidence) error
	Evidence(ctx context.Context, verification string) ([]Evidence, error)

	InsertSSO(ctx context.Context, s SSO) error
	// LockSSO finds a way by the hash of its state.
	LockSSO(ctx context.Context, stateHash []byte) (SSO, error)
	UpdateSSO(ctx context.Context, s SSO) error
	// DeleteSSO removes the ways of a verification and all that lapsed before a moment.
	DeleteSSO(ctx context.Context, verification string, lapsedBefore time.Time) error
}

// ReviewTx is what people decide, what they need to see for it, and the receipts of decisions.
type ReviewTx interface {
	// InsertReview opens a review. A second open one for a verification is an error.
	InsertReview(ctx context.Context, r Review) error
	Review(ctx context.Context, id string) (Review, error)
	LockReview(ctx context.Context, id string) (Review, error)
	// LockOpenReview finds the open review of a verification.
	LockOpenReview(ctx context.Context, verification string) (Review, error)
	// LockNextReview finds the open review that waits longest, of a group or of all (""): what this reviewer has in hand
	// first, then what nobody has; nothing that they voted on, and none of except. What others lock at this moment is passed
	// over.
	LockNextReview(ctx context.Context, group, reviewer string, except []string) (Review, error)
	UpdateReview(ctx context.Context, r Review) error
	// ReviewPage returns reviews, newest first, before a cursor id ("" for the first page).
	ReviewPage(ctx context.Context, f ReviewFilter, before string, limit int) ([]Review, error)

	// PutCollected keeps what a shopper typed for a requirement, encrypted; what was kept for it before goes.
	PutCollected(ctx context.Context, verification string, r Requirement, sealed []byte) error
	Collected(ctx context.Context, verification string) (map[Requirement][]byte, error)

	InsertReceipt(ctx context.Context, r Receipt) error
	// Receipts returns those of a verification, oldest first.
	Receipts(ctx context.Context, verification string) ([]Receipt, error)
}

// AttestationTx is the results, and what limits them.
type AttestationTx interface {
	// LockTags ensures a row for every tag of a group, locks them in sorted order, and returns the attestations that
	// hold them, each once. A tag without holder adds nothing.
	LockTags(ctx context.Context, group string, tags []PersonTag) ([]Attestation, error)
	// HoldTags makes an attestation the holder of tags that are locked.
	HoldTags(ctx context.Context, group string, tags []PersonTag, attestation string) error
	// HeldBy returns the attestations that hold any of the tags of a group, each once. It locks nothing.
	HeldBy(ctx context.Context, group string, tags []PersonTag) ([]Attestation, error)
	InsertAttestation(ctx context.Context, a Attestation) error
	UpdateAttestation(ctx context.Context, a Attestation) error
	Attestation(ctx context.Context, id string) (Attestation, error)
	LockAttestation(ctx context.Context, id string) (Attestation, error)
	// AttestationsOf returns those bound to a customer, newest first.
	AttestationsOf(ctx context.Context, customer string) ([]Attestation, error)
	// AttestationPage returns all of the store's, newest first, before a cursor id ("" for the first page).
	AttestationPage(ctx context.Context, before string, limit int) ([]Attestation, error)

	// LockWindow ensures and locks the window of a limit and returns its moments, oldest first.
	LockWindow(ctx context.Context, kind string, tag PersonTag) ([]time.Time, error)
	// PutWindow writes them. From the moment until on none of them counts, and the row may be forgotten.
	PutWindow(ctx context.Context, kind string, tag PersonTag, moments []time.Time, until time.Time) error
	// EmptyWindows forgets the windows of tags, of every kind, and returns how many there were.
	EmptyWindows(ctx context.Context, tags []PersonTag) (int, error)
}

// SSO is one way of a browser to a provider and back.
type SSO struct {
	Store        string
	Verification string
	Requirement  Requirement
	// StateHash is the SHA-256 of the state value. It is found once.
	StateHash []byte
	// ReturnURL is where the browser goes in the end.
	ReturnURL string
	// Sealed is the provider's address and the verifier's private state, encrypted.
	Sealed []byte
	// BrowserHash is the SHA-256 of the secret that the browser got when it entered; empty before.
	BrowserHash []byte
	CreatedAt   time.Time
	ExpiresAt   time.Time
	// UsedAt is zero until the way back was taken.
	UsedAt time.Time
}

// Actor is who asks for a change: a person of the console, a secret key, or the program itself.
type Actor struct{ Name, RequestID string }

// Change is an entry of the audit trail.
type Change struct {
	Actor
	// Action is such as "policy.saved", Target the id or name of what changed.
	Action, Target string
	// Detail is rendered as JSON. It has no personal data and no secrets.
	Detail any
}

// Event is something that the store is told about.
type Event struct {
	// Type is one of the event names below.
	Type string
	// Customer orders the events of one customer, and is told as "customer". Empty when none is bound.
	Customer string
	// Data is rendered as JSON.
	Data map[string]any
}

// The events of this package.
const (
	EventVerified         = "verification.verified"
	EventRejected         = "verification.rejected"
	EventExpired          = "verification.expired"
	EventReviewOpened     = "verification.review_opened"
	EventAttestationEnded = "attestation.ended"

	EventAttestationExpiring = "attestation.expiring"
)

// Tagger makes person tags under the key of one store.
type Tagger interface {
	// PersonTag returns the keyed hash of a text under the store's first key, which never changes: for limits, match keys
	// and what else is no person.
	PersonTag(normalised string) string
	// PersonTags returns the tags of a person by a normalised identifier, under every live version of the tag key, newest
	// first.
	PersonTags(normalised string) []string
}

// Taggers gives each store its tagger.
type Taggers interface {
	TaggerOf(ctx context.Context, store string) (Tagger, error)
}

// Sealer encrypts what identifies a person, and verifiers' private state.
type Sealer interface {
	Seal(plaintext, associated []byte) ([]byte, error)
	Open(sealed, associated []byte) ([]byte, error)
}

package privacy

import (
	"context"
	"time"
)

// Storage keeps what belongs to privacy. Each call sees one store only.
type Storage interface {
	// Read runs fn with a consistent view.
	Read(ctx context.Context, store string, fn func(context.Context, Tx) error) error
	// Write runs fn in one transaction, after claiming the idempotency key that ctx carries, if any.
	Write(ctx context.Context, store string, fn func(context.Context, Tx) (any, error)) (any, error)
}

// Tx is one transaction in one store. Whatever is not there is a fault with code not_found.
type Tx interface {
	// Now is the store's time.
	Now() time.Time

	// Known refuses a guest of whom there is no verification. Any customer may be asked about.
	Known(ctx context.Context, s Subject) error

	// Consents returns those of a customer, newest first.
	Consents(ctx context.Context, customer string, limit int) ([]Consent, error)
	InsertConsent(ctx context.Context, c Consent) error
	// ConsentText returns the text of a version as it was at a moment.
	ConsentText(ctx context.Context, version string, at time.Time) (ConsentText, error)

	InsertRequest(ctx context.Context, r Request) error
	UpdateRequest(ctx context.Context, r Request) error
	Request(ctx context.Context, id string) (Request, error)
	LockRequest(ctx context.Context, id string) (Request, error)
	// OpenErasure locks the erasure of a shopper that is not done.
	OpenErasure(ctx context.Context, s Subject) (Request, error)
	RequestBySecret(ctx context.Context, hash []byte) (Request, error)
	// Requests returns them newest first, before a cursor id ("" for the first page).
	Requests(ctx context.Context, f RequestFilter, before string, limit int) ([]Request, error)
	// Unfinished returns the requests that are not done and were last touched before a moment.
	Unfinished(ctx context.Context, before time.Time, limit int) ([]string, error)

	// Erase does a portion of the step that a request is at, from r.After on.
	Erase(ctx context.Context, r Request, limit int) (Portion, error)
	// Left reports whether anything is found by the subject still.
	Left(ctx context.Context, s Subject) (bool, error)

	// Records returns those of a kind after an id, in the order of their ids.
	Records(ctx context.Context, s Subject, kind, after string, limit int) ([]Record, error)
	Holdings(ctx context.Context, s Subject, kind string) (Holdings, error)

	// Standing fills in what the database knows of how a class is kept.
	Standing(ctx context.Context, s *Standing) error
	// Forget removes what of a class is older than a moment, at most limit rows, and returns how many.
	Forget(ctx context.Context, c Class, before time.Time, limit int) (int, error)
	// NoteRun notes that a run removed so much.
	NoteRun(ctx context.Context, c Class, removed int64) error

	// Audit writes who did what to which request. It holds no personal data.
	Audit(ctx context.Context, actor, requestID, action, target string) error
	// Emit appends an event to the outbox.
	Emit(ctx context.Context, event, customer string, data map[string]any) error
	// QueueErasure has a job do a request once the transaction commits.
	QueueErasure(ctx context.Context, request string) error
}

// Signer signs receipts with the keys of the store's tokens.
type Signer interface {
	// SignErasure returns the compact JWS of a payload, of the type ReceiptTyp.
	SignErasure(ctx context.Context, store string, payload []byte) (string, error)
}

// Service does what shoppers ask for.
type Service struct {
	Storage Storage
	Signer  Signer
	// Issuer is the gateway's public address.
	Issuer string
}

// Package once carries a request's idempotency key from the edge to whoever opens the transaction.
//
// The key travels in the context, like a deadline. The transaction that does the work claims it, and stores the
// rendered answer beside the work: both are committed or neither is. A later request with the same key and content
// gets the stored answer, byte for byte; with other content it is refused.
package once

import (
	"context"
	"fmt"
	"sync/atomic"
)

// Scope is what a key is unique in (spec: store, mode, credential, verification for publishable keys, operation).
type Scope struct {
	Store        string
	Mode         string
	Credential   string
	Verification string
	Operation    string
}

// String returns the scope as one opaque text, for use as part of a database key.
func (s Scope) String() string {
	return fmt.Sprintf("%s|%s|%s|%s|%s", s.Store, s.Mode, s.Credential, s.Verification, s.Operation)
}

// Answer is a rendered response.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte
	// Replayed is true when the answer was stored by an earlier request with the same key.
	Replayed bool
}

// Request is one idempotent request.
type Request struct {
	// Store is the store that the key belongs to; empty for the operator's own operations.
	Store string
	// KeyMAC is a keyed hash of scope and Idempotency-Key. The key itself is never stored.
	KeyMAC []byte
	// Fingerprint is a keyed hash of method, path and body.
	Fingerprint []byte
	// Attempt names this attempt. A retry after an unknown commit outcome that finds it on the key knows that the
	// answer stored there is its own.
	Attempt string
	// Seal and Open guard the stored answer with a key that only the holder of the Idempotency-Key can derive.
	Seal func(body []byte) ([]byte, error)
	Open func(sealed []byte) ([]byte, error)
	// Encode renders what the work returned. The second result says whether the answer is to be stored:
	// 2xx and domain refusals (409, 422) are, everything else is not.
	Encode func(result any, err error) (answer Answer, store bool)

	// answer is set by the transaction's goroutine, and read by the request's, which may have gone ahead.
	answer atomic.Pointer[Answer]
}

// Settle notes the answer that the transaction stored or found.
func (r *Request) Settle(a Answer) { r.answer.Store(&a) }

// Answer returns what Settle noted, if anything.
func (r *Request) Answer() (Answer, bool) {
	if r == nil {
		return Answer{}, false
	}
	a := r.answer.Load()
	if a == nil {
		return Answer{}, false
	}
	return *a, true
}

type contextKey struct{}

// With returns a context that carries r.
func With(ctx context.Context, r *Request) context.Context {
	return context.WithValue(ctx, contextKey{}, r)
}

// From returns the request that ctx carries, or nil.
func From(ctx context.Context) *Request {
	r, _ := ctx.Value(contextKey{}).(*Request)
	return r
}

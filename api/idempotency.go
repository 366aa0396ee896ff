package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/once"
)

// IdempotencyHeader carries the key that makes a mutation safe to repeat.
const IdempotencyHeader = "Idempotency-Key"

var (
	errKeyMissing = fault.New(fault.IdempotencyKeyMissing, "Send an Idempotency-Key header: a fresh UUID for each new request, the same one when you repeat it.")
	errKeyInvalid = fault.New(fault.IdempotencyKeyInvalid, "The Idempotency-Key must be one header of 1 to 255 visible ASCII characters, such as a UUID.")
)

// idempotencyKey returns the key of a mutation, or "" for an operation that takes none.
func idempotencyKey(op *Operation, h http.Header) (string, error) {
	if !op.Mutation {
		return "", nil
	}
	values := h.Values(IdempotencyHeader)
	if len(values) == 0 || (len(values) == 1 && values[0] == "") {
		return "", errKeyMissing
	}
	key := values[0]
	if len(values) > 1 || len(key) > 255 {
		return "", errKeyInvalid
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] >= 0x7f {
			return "", errKeyInvalid
		}
	}
	return key, nil
}

// withOnce gives the context what the transaction needs to claim the key and to keep the answer.
func (a *API) withOnce(ctx context.Context, op *Operation, caller Caller, key string, r *http.Request, body []byte) (context.Context, error) {
	scope := once.Scope{Credential: caller.CredentialID, Operation: op.ID}
	keys := a.deps.GatewayKeys
	if caller.Store != nil {
		scope.Store, scope.Mode = caller.Store.ID, string(caller.Store.Mode)
		if caller.Kind != Console {
			keys = caller.Store.Keys()
		}
	}
	if caller.Kind == Client {
		// Not the id in the path, which anybody may name: only who has the secret gets the stored answer again.
		sum := sha256.Sum256([]byte(caller.ClientSecret))
		scope.Verification = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return once.With(ctx, newOnce(keys, scope, key, r, body)), nil
}

func newOnce(keys *crypt.StoreKeys, scope once.Scope, key string, r *http.Request, body []byte) *once.Request {
	path := r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	return &once.Request{
		Store:       scope.Store,
		KeyMAC:      keys.IdempotencyKeyMAC(scope.String(), key),
		Fingerprint: keys.Fingerprint(r.Method, path, body),
		Attempt:     id.New("att"),
		Seal:        func(plain []byte) ([]byte, error) { return keys.SealAnswer(key, plain) },
		Open:        func(sealed []byte) ([]byte, error) { return keys.OpenAnswer(key, sealed) },
	}
}

package api

import (
	"context"
	"net/netip"
	"slices"

	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
)

// Kind says as whom somebody calls.
type Kind string

// The kinds of callers.
const (
	// Anyone calls without a credential.
	Anyone Kind = "none"
	// Publishable is a publishable key.
	Publishable Kind = "publishable"
	// Client is a publishable key with the client secret of one verification.
	Client Kind = "client"
	// Customer is a customer session.
	Customer Kind = "customer"
	// Secret is a secret key.
	Secret Kind = "secret"
	// Console is a person who is signed in to the console.
	Console Kind = "console"
)

// Allow lists the kinds of callers of an operation.
func Allow(kinds ...Kind) []Kind { return kinds }

// Roles of people in a store.
const (
	Owner    = "owner"
	Marketer = "marketer"
	Reviewer = "reviewer"
	Analyst  = "analyst"
	Support  = "support"
)

// Person is who is signed in to the console.
type Person struct {
	ID       string
	Email    string
	Name     string
	Operator bool
	Locale   string
	// Session names the console session, for what ends it. It is not the cookie.
	Session string
}

// Caller is who asks. The zero Caller is anyone.
type Caller struct {
	Kind Kind
	// Store is nil for Anyone, and for console operations outside a store.
	Store *tenant.Store
	// CredentialID is the key's id; the customer of a customer session with "customer:" before it; the person's id.
	CredentialID string
	// ClientSecret of one verification, as presented: whoever loads the verification compares it, in constant time
	// (verify.Verification.SecretMatches). A customer session may come with one too.
	ClientSecret string
	// Verification is the id in the path of an operation on one verification.
	Verification string
	// Network is the address of the caller's browser; zero for a server, which calls with a secret key.
	Network netip.Addr
	// Customer of a customer session.
	Customer string
	Scopes   []string
	// Person and Role of a console session. An operator without a role has the role owner.
	Person Person
	Role   string
}

// StoreRef is the caller's store as package verify names it.
func (c Caller) StoreRef() verify.StoreRef {
	return verify.StoreRef{ID: c.Store.ID, Test: c.Store.Mode == tenant.Test}
}

// Is reports whether the caller is of one of the kinds.
func (c Caller) Is(kinds ...Kind) bool { return slices.Contains(kinds, c.Kind) }

// Actor names the caller in the audit log.
func (c Caller) Actor() string { return c.CredentialID }

type callerKey struct{}

// CallerFrom returns who asks.
func CallerFrom(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// WithCaller returns a context with a caller. Tests of handlers use it.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

type requestKey struct{}

// request is what belongs to one HTTP request and outlives its layers.
type request struct {
	id  string
	api *API
	// caller and code are noted for the access log.
	caller Caller
	code   string
}

func requestFrom(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}

// RequestID names the request that ctx belongs to; empty outside of one.
func RequestID(ctx context.Context) string {
	if r := requestFrom(ctx); r != nil {
		return r.id
	}
	return ""
}

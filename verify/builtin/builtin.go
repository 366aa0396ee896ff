// Package builtin is the explicit list of the verifiers that ship with the gateway.
package builtin

import (
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/document"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/mock"
	"github.com/laurel-gateway/laurel/verify/oidc"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/remote"
)

// Deps is what the kinds are built with.
type Deps struct {
	// Shipped are the domain packs of the email verifier. Its randomness is that of OIDC.
	Shipped  *email.Shipped
	OIDC     oidc.Deps
	Registry registry.Deps
	Remote   remote.Deps
	// Documents finds what shoppers uploaded.
	Documents document.Documents
}

// Registry returns the kinds of verifiers, built with what they need.
func Registry(d Deps) (*verify.Registry, error) {
	return verify.NewRegistry(
		email.New(d.Shipped, d.OIDC.Random),
		oidc.New(d.OIDC),
		registry.New(d.Registry),
		remote.New(d.Remote),
		document.New(d.Documents),
		mock.New(),
	)
}

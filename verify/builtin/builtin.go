// Package builtin is the explicit list of the verifiers that ship with the gateway.
package builtin

import (
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/mock"
	"github.com/laurel-gateway/laurel/verify/oidc"
	"github.com/laurel-gateway/laurel/verify/registry"
)

// Registry returns the kinds of verifiers, built with what they need.
func Registry(shipped *email.Shipped, providers oidc.Deps, registers registry.Deps) (*verify.Registry, error) {
	return verify.NewRegistry(
		email.New(shipped, providers.Random),
		oidc.New(providers),
		registry.New(registers),
		mock.New(),
	)
}

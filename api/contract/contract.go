// Package contract puts all operations together, without a database behind them: what it renders is api/openapi.yaml.
package contract

import (
	"fmt"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/api/admin"
	"github.com/laurel-gateway/laurel/api/checkout"
	"github.com/laurel-gateway/laurel/api/privacy"
	"github.com/laurel-gateway/laurel/api/storefront"
)

// Version of the contract: raised when it changes, and its own. A minor one adds, a major one breaks.
const Version = "1.0.0"

// rooms register the operations of the contract.
var rooms = []func(*api.API){
	func(a *api.API) { storefront.Register(a, storefront.Deps{}) },
	func(a *api.API) { checkout.Register(a, checkout.Deps{}) },
	func(a *api.API) { privacy.Register(a, privacy.Deps{}) },
	func(a *api.API) { admin.Register(a, admin.Deps{}) },
}

// Spec renders the contract. The same program gives the same bytes.
func Spec(version string) (api.Document, error) {
	a, err := api.New(api.Deps{Version: version})
	if err != nil {
		return api.Document{}, fmt.Errorf("building the contract: %w", err)
	}
	for _, register := range rooms {
		register(a)
	}
	d, err := a.Document()
	if err != nil {
		return api.Document{}, fmt.Errorf("building the contract: %w", err)
	}
	return d, nil
}

//go:build !brokenguards

package gateway

import (
	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/database"
)

// guarded is checkout's storage as it is. A program built with the tag brokenguards breaks one guard of it on purpose, so
// that the tests of races are seen to fail (make redgreen).
func guarded(s database.Checkout) checkout.Storage { return s }

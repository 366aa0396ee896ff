// Package storefront has the operations that the pages of a store and its servers use before the checkout: what can be
// proven and won, verifications, customer sessions, and the clock of a test store.
package storefront

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// Verifications runs verifications (verify.Service).
type Verifications interface {
	Storefront(ctx context.Context, store verify.StoreRef) (verify.Storefront, error)
	Start(ctx context.Context, r verify.StartRequest) (*verify.Result, error)
	Get(ctx context.Context, store verify.StoreRef, id string) (*verify.Result, error)
	Answer(ctx context.Context, store verify.StoreRef, id string, a verify.Answer) (*verify.Result, error)
	BeginSSO(ctx context.Context, store verify.StoreRef, id string, start verify.SSOStart) (*verify.Result, error)
	GiveUp(ctx context.Context, store verify.StoreRef, id string, step verify.Step) (*verify.Result, error)
	Confirm(ctx context.Context, store verify.StoreRef, id, customer string) (*verify.Result, error)
}

// Offers knows what a store gives.
type Offers interface {
	// LiveOffers returns the offers that are live at a moment, in the order in which they are shown.
	LiveOffers(ctx context.Context, store string, at time.Time) ([]offers.Offer, error)
}

// Stores changes what belongs to a store itself (tenant.Directory).
type Stores interface {
	CreateCustomerSession(ctx context.Context, store, customer string) (*tenant.CustomerSession, error)
	AdvanceClock(ctx context.Context, store string, by time.Duration, with tenant.With) (*tenant.Clock, error)
	SetClock(ctx context.Context, store string, to time.Time, with tenant.With) (*tenant.Clock, error)
}

// Deps is what the operations need.
type Deps struct {
	Verifications Verifications
	Offers        Offers
	Stores        Stores
	// Now is the real clock.
	Now func() time.Time
}

// Register adds the operations to an API.
func Register(a *api.API, d Deps) {
	getStorefront(a, d)
	startVerification(a, d)
	getVerification(a, d)
	answerEmail(a, d)
	answerEmailCode(a, d)
	beginSSO(a, d)
	answerMock(a, d)
	answerRegistry(a, d)
	giveUpStep(a, d)
	confirmVerification(a, d)
	createCustomerSession(a, d)
	moveTestClock(a, d)
}

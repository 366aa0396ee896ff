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
	Institutions(ctx context.Context, store verify.StoreRef, q verify.InstitutionQuery) (page []verify.Provider, more bool, err error)
	Start(ctx context.Context, r verify.StartRequest) (*verify.Result, error)
	Get(ctx context.Context, store verify.StoreRef, id string) (*verify.Result, error)
	Explain(ctx context.Context, store verify.StoreRef, id string) (*verify.Explanation, error)
	Answer(ctx context.Context, store verify.StoreRef, id string, a verify.Answer) (*verify.Result, error)
	BeginSSO(ctx context.Context, store verify.StoreRef, id string, start verify.SSOStart) (*verify.Result, error)
	Decide(ctx context.Context, store verify.StoreRef, id string, d verify.Delivery) (*verify.Result, error)
	Attestations(ctx context.Context, store verify.StoreRef, customer string) ([]verify.Attestation, error)
	SendReminder(ctx context.Context, store verify.StoreRef, attestation string, m verify.ReminderMail) (*verify.SentMail, error)
	RemoveDocument(ctx context.Context, store verify.StoreRef, verification, document string) (*verify.DocumentFile, error)
	GiveUp(ctx context.Context, store verify.StoreRef, id string, step verify.Step) (*verify.Result, error)
	Cancel(ctx context.Context, store verify.StoreRef, id string) (*verify.Result, error)
	Confirm(ctx context.Context, store verify.StoreRef, id, customer string) (*verify.Result, error)
	Appeal(ctx context.Context, store verify.StoreRef, by verify.Actor, id string) (*verify.Result, error)
	MoveHere(ctx context.Context, store verify.StoreRef, by verify.Actor, id string) (*verify.Result, error)
	Move(ctx context.Context, store verify.StoreRef, by verify.Actor, attestation string, m verify.Moving) (verify.Attestation, error)
	LabelFraud(ctx context.Context, store verify.StoreRef, by verify.Actor, attestation string, l verify.Labelling) (verify.FraudCase, error)
	Fraud(ctx context.Context, store verify.StoreRef, attestation string) (*verify.FraudFile, error)
}

// Offers knows what a store gives.
type Offers interface {
	// LiveOffers returns the offers that are live at a moment, in the order in which they are shown.
	LiveOffers(ctx context.Context, store string, at time.Time) ([]offers.Offer, error)
}

// Stores changes what belongs to a store itself (tenant.Directory).
type Stores interface {
	Store(ctx context.Context, id string) (*tenant.Store, error)
	CreateCustomerSession(ctx context.Context, store, customer string) (*tenant.CustomerSession, error)
	AdvanceClock(ctx context.Context, store string, by time.Duration, with tenant.With) (*tenant.Clock, error)
	SetClock(ctx context.Context, store string, to time.Time, with tenant.With) (*tenant.Clock, error)
}

// Deps is what the operations need.
type Deps struct {
	Verifications Verifications
	// Documents keeps what shoppers upload.
	Documents Documents
	Offers    Offers
	Stores    Stores
	Fraud     api.Frauds
	// Now is the real clock.
	Now func() time.Time
}

// Register adds the operations to an API.
func Register(a *api.API, d Deps) {
	getStorefront(a, d)
	searchInstitutions(a, d)
	startVerification(a, d)
	getVerification(a, d)
	explainVerification(a, d)
	answerEmail(a, d)
	answerEmailCode(a, d)
	beginSSO(a, d)
	answerMock(a, d)
	answerRegistry(a, d)
	answerRemote(a, d)
	uploadDocument(a, d)
	removeDocument(a, d)
	answerDocument(a, d)
	giveUpStep(a, d)
	cancelVerification(a, d)
	decideVerification(a, d)
	deliverDecision(a, d)
	confirmVerification(a, d)
	listAttestations(a, d)
	sendReminder(a, d)
	appealVerification(a, d)
	moveVerification(a, d)
	moveAttestation(a, d)
	labelFraud(a, d)
	getFraud(a, d)
	createCustomerSession(a, d)
	moveTestClock(a, d)
}

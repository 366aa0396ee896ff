// Package privacy has the operations by which shoppers, and stores in their name, see what is kept, agree to marketing and
// take that back, and are forgotten.
package privacy

import (
	"context"
	"net/url"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
)

// Stores makes the sessions that links carry (tenant.Directory).
type Stores interface {
	CreateCustomerSession(ctx context.Context, store, customer string) (*tenant.CustomerSession, error)
	Store(ctx context.Context, id string) (*tenant.Store, error)
}

// Verifications reads a verification (verify.Service).
type Verifications interface {
	Get(ctx context.Context, store verify.StoreRef, id string) (*verify.Result, error)
	OfCustomer(ctx context.Context, store verify.StoreRef, customer string) ([]verify.Verification, error)
	Attestations(ctx context.Context, store verify.StoreRef, customer string) ([]verify.Attestation, error)
}

// Deps is what the operations need.
type Deps struct {
	Privacy       *privacy.Service
	Stores        Stores
	Verifications Verifications
	// PublicURL is the gateway's own address, without a slash at the end.
	PublicURL string
	// Now is the real clock.
	Now func() time.Time
}

// Register adds the operations to an API.
func Register(a *api.API, d Deps) {
	getMyData(a, d)
	exportData(a, d)
	listConsents(a, d)
	setConsent(a, d)
	eraseCustomer(a, d)
	getErasure(a, d)
	createLink(a, d)
	createGuestLink(a, d)
	getConsentText(a, d)
}

const tag = "Privacy"

// CustomerPath names whom it is about.
type CustomerPath struct {
	Customer string `path:"customer" minLength:"1" maxLength:"255" doc:"The store's own reference to the customer; or verification: and the id of a guest's verification." example:"c-1"`
}

var errNobody = fault.New(fault.NotFound, "There is no such customer, or the session speaks for another.")

// subject returns whom a caller may ask about. A customer session speaks for its own customer only. Faults: not_found.
func (p CustomerPath) subject(c api.Caller) (privacy.Subject, error) {
	if c.Kind == api.Customer && c.Customer != p.Customer {
		return privacy.Subject{}, errNobody
	}
	return privacy.SubjectOf(p.Customer), nil
}

// asker says who asks, as requests and the audit trail keep it: of a shopper nothing but that it was the shopper.
func asker(c api.Caller) (by privacy.Asker, actor string) {
	if c.Kind == api.Customer {
		return privacy.Shopper, "shopper"
	}
	return privacy.Store, c.Actor()
}

// link is the address of the page on which a shopper sees what is kept. What it carries stands after the #, so that it is
// sent to no server and stands in no log.
func (d Deps) link(session *tenant.CustomerSession, locale string) string {
	values := url.Values{"session": {session.Token}, "customer": {session.Customer}}
	if locale != "" {
		values.Set("locale", locale)
	}
	return d.PublicURL + "/my-data/#" + values.Encode()
}

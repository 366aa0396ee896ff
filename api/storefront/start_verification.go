package storefront

import (
	"context"
	"net/http"
	"slices"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

type startInput struct {
	Body startVerificationBody
}

type startVerificationBody struct {
	Group    string        `json:"group" minLength:"1" maxLength:"64" doc:"The group to prove, of GET /v1/storefront." example:"student"`
	Subgroup string        `json:"subgroup,omitempty" maxLength:"64" doc:"A part of the group, when the offer is for that alone." example:"university"`
	OfferID  string        `json:"offer_id,omitempty" pattern:"^off_[0-9a-f-]{36}$" doc:"The offer that the shopper came for." example:"off_01920000-0000-7000-8000-000000000002"`
	Customer string        `json:"customer,omitempty" maxLength:"255" doc:"The store's own reference to the customer. From a publishable key it is only a claim, until a secret key or a customer session confirms it." example:"c-1"`
	Locale   string        `json:"locale,omitempty" minLength:"2" maxLength:"20" doc:"The shopper's language; the store's first when left out." example:"en"`
	Country  string        `json:"country,omitempty" pattern:"^[A-Z]{2}$" doc:"Where the shopper is, ISO 3166-1." example:"US"`
	Consent  *consentInput `json:"consent,omitempty" doc:"What the shopper accepted. Nothing begins without."`
}

type consentInput struct {
	Version   string `json:"version" maxLength:"40" doc:"The version of the text that was shown." example:"1"`
	Accepted  bool   `json:"accepted" doc:"Whether the shopper accepted it." example:"true"`
	Marketing bool   `json:"marketing,omitempty" doc:"Whether the shopper also accepted the marketing text. Never required." example:"false"`
}

func startVerification(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "start-verification", Method: http.MethodPost, Path: "/v1/verifications", Tag: "Verifications", Status: http.StatusCreated,
		Summary: "Start a verification",
		Description: "One attempt by one shopper to prove to be in a group. The answer names the next step, and holds the client secret, " +
			"once, with which the page goes on.",
		Allow: api.Allow(api.Publishable, api.Customer, api.Secret), Scope: "verifications:write", Mutation: true,
		Refusals: []fault.Code{fault.ConsentMissing, fault.OfferNotFound, fault.GroupUnknown, fault.PolicyMissing, fault.CustomerMismatch},
	}, func(ctx context.Context, in *startInput) (*api.Reply[verificationView], error) {
		r, err := startRequest(api.CallerFrom(ctx), in.Body)
		if err != nil {
			return nil, err
		}
		return api.Mutate(ctx,
			func(ctx context.Context) (*verify.Result, error) {
				if err := d.offerExists(ctx, api.CallerFrom(ctx), r.OfferID); err != nil {
					return nil, err
				}
				return d.Verifications.Start(ctx, r)
			},
			func(r *verify.Result) (int, verificationView) { return http.StatusCreated, viewOf(r) })
	})
}

var errNoOffer = fault.New(fault.OfferNotFound, "There is no such offer in this store now.").At("#/offer_id", "not one of the offers of GET /v1/storefront")

// offerExists refuses an offer that the store does not give.
func (d Deps) offerExists(ctx context.Context, c api.Caller, id string) error {
	if id == "" {
		return nil
	}
	live, err := d.Offers.LiveOffers(ctx, c.Store.ID, c.Store.Now(d.Now()))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(live, func(o offers.Offer) bool { return o.ID == id }) {
		return errNoOffer
	}
	return nil
}

func startRequest(c api.Caller, b startVerificationBody) (verify.StartRequest, error) {
	r := verify.StartRequest{
		Store: c.StoreRef(), Group: b.Group, Subgroup: b.Subgroup, OfferID: b.OfferID, Customer: b.Customer,
		Confirmed: c.Is(api.Secret, api.Customer), Locale: b.Locale, Country: b.Country,
		Network: c.Network,
	}
	if c.Kind == api.Customer {
		if b.Customer != "" && b.Customer != c.Customer {
			return r, fault.New(fault.CustomerMismatch, "The customer session speaks for another customer.").At("#/customer", "leave it out")
		}
		r.Customer = c.Customer
	}
	if r.Locale == "" && len(c.Store.Settings.Locales) > 0 {
		r.Locale = c.Store.Settings.Locales[0]
	}
	// Consent to a text that is not the current one is no consent. That is refused inside the transaction, so that a
	// repeated request gets its first answer even when the text changed meanwhile.
	if b.Consent != nil && b.Consent.Accepted && b.Consent.Version == c.Store.Settings.Consent.Version {
		r.ConsentVersion, r.Marketing = b.Consent.Version, b.Consent.Marketing
	}
	return r, nil
}

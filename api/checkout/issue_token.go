package checkout

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	core "github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

type issueTokenInput struct {
	Body issueTokenBody
}

type issueTokenBody struct {
	OfferID        string `json:"offer_id" pattern:"^off_[0-9a-f-]{36}$" doc:"The offer to get a token for." example:"off_01920000-0000-7000-8000-000000000002"`
	VerificationID string `json:"verification_id,omitempty" pattern:"^ver_[0-9a-f-]{36}$" doc:"The verification that entitles to it. Needed with a client secret." example:"ver_01920000-0000-7000-8000-000000000001"`
	Customer       string `json:"customer,omitempty" maxLength:"255" doc:"The customer who is entitled to it, for a secret key. A customer session names its own." example:"c-1"`

	Cart *cartBody `json:"cart,omitempty" doc:"Binds the token to this cart: with another one it is refused. Asking with another cart replaces the token."`
}

type offerTokenView struct {
	Token        string         `json:"token" doc:"The offer token: a JWT (typ offer+jwt, signed by the store's algorithm) for one checkout. Post it to the store's server." example:"eyJhbGciOiJFUzI1NiIsImtpZCI6IjEiLCJ0eXAiOiJvZmZlcitqd3QifQ.e30.c2ln"`
	Code         string         `json:"code" doc:"The token's short form, to be typed." example:"ABCD-EFGH-JK"`
	PlatformCode string         `json:"platform_code,omitempty" doc:"Where the offer hands out the storefront platform's own codes: the one that came with this token." example:"SPRING-7Q2X"`
	ExpiresAt    time.Time      `json:"expires_at" doc:"Until when it can be reserved or redeemed." example:"2026-11-21T10:10:00Z"`
	Offer        tokenOfferView `json:"offer" doc:"What it is for."`
}

type tokenOfferView struct {
	ID      string           `json:"id" doc:"The offer's id." example:"off_01920000-0000-7000-8000-000000000002"`
	Name    string           `json:"name" doc:"The offer's name." example:"Students save 20 %"`
	Benefit offerBenefitView `json:"benefit" doc:"What the shopper gets."`
}

type offerBenefitView struct {
	Type        string    `json:"type" enum:"percentage,fixed_amount,fixed_price,free_shipping,gift_line,points_multiplier,bonus_points" doc:"The kind of benefit." example:"percentage"`
	Target      string    `json:"target" enum:"order,lines,shipping" doc:"What it is on." example:"order"`
	BasisPoints int64     `json:"basis_points,omitempty" doc:"Of a percentage: hundredths of a percent. Of a points multiplier: 20000 doubles." example:"2000"`
	Amount      int64     `json:"amount,omitempty" doc:"Minor units: what a fixed amount takes off, what a fixed price leaves to pay." example:"500"`
	Currency    string    `json:"currency,omitempty" doc:"ISO 4217 currency of the amount." example:"USD"`
	Maximum     int64     `json:"maximum,omitempty" doc:"The most that the benefit gives, in minor units." example:"5000"`
	Points      int64     `json:"points,omitempty" doc:"Of bonus points: how many." example:"100"`
	Gift        *giftView `json:"gift,omitempty" doc:"Of a gift line: what costs nothing."`
}

type giftView struct {
	SKU      string `json:"sku" doc:"The article." example:"sku-sticker"`
	Quantity int64  `json:"quantity" doc:"Units of it, at most." example:"1"`
}

func offerBenefitOf(b offers.Benefit) offerBenefitView {
	v := offerBenefitView{Type: string(b.Type), Target: string(b.On()), BasisPoints: b.BasisPoints, Amount: b.Amount, Currency: b.Currency, Maximum: b.Maximum, Points: b.Points}
	if b.Gift != nil {
		v.Gift = &giftView{SKU: b.Gift.SKU, Quantity: b.Gift.Quantity}
	}
	return v
}

func issueToken(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "issue-offer-token", Method: http.MethodPost, Path: "/v1/offer-tokens", Tag: "Offer tokens", Status: http.StatusCreated,
		Summary: "Get an offer token",
		Description: "Gives the token that lets one checkout use one offer once. Asking again while it is live gives the same token, with status 200; with another cart, a new one in its place. " +
			"A page asks with its publishable key and the verification's client secret; a server with its secret key; a signed-in customer with a customer session.",
		Allow: api.Allow(api.Client, api.Customer, api.Secret), Scope: "offer_tokens:write", Mutation: true,
		Refusals: []fault.Code{fault.OfferNotFound, fault.OfferNotLive, fault.OfferNotEligible, fault.CodePoolEmpty, fault.AttestationEnded, fault.NotFound},
	}, func(ctx context.Context, in *issueTokenInput) (*api.Reply[offerTokenView], error) {
		c := api.CallerFrom(ctx)
		r, err := d.tokenRequest(ctx, c, in.Body)
		if err != nil {
			return nil, err
		}
		return api.Mutate(ctx,
			uniformly(c, func(ctx context.Context) (core.Issued, error) { return d.Checkout.IssueToken(ctx, c.Store, r) }),
			func(i core.Issued) (int, offerTokenView) {
				given, err := d.Checkout.Open(c.Store, i)
				if err != nil {
					// Nobody but this store sealed it. The panic takes the transaction with it.
					panic(err)
				}
				status := http.StatusCreated
				if given.Again {
					status = http.StatusOK
				}
				return status, tokenViewOf(given)
			})
	})
}

// tokenRequest settles for whom a caller may ask: a page for the verification whose secret it holds, a customer session
// for its customer, a secret key for anybody in its store.
func (d Deps) tokenRequest(ctx context.Context, c api.Caller, b issueTokenBody) (core.TokenRequest, error) {
	r := core.TokenRequest{OfferID: b.OfferID, VerificationID: b.VerificationID, Customer: b.Customer}
	if b.Cart != nil {
		cart := b.Cart.cart()
		r.Cart = &cart
	}
	switch c.Kind {
	case api.Client:
		return r, d.ownsVerification(ctx, c, &r)
	case api.Customer:
		if b.Customer != "" && b.Customer != c.Customer {
			return r, offers.ErrCustomer.At("#/customer", "leave it out: the session names the customer")
		}
		r.Customer, r.VerificationID = c.Customer, ""
		return r, nil
	}
	if r.Customer == "" && r.VerificationID == "" {
		return r, fault.New(fault.Invalid, "Say for whom the token is.").At("#/customer", "send customer or verification_id")
	}
	return r, nil
}

var errNoVerification = fault.New(fault.NotFound, "There is no such verification.")

func (d Deps) ownsVerification(ctx context.Context, c api.Caller, r *core.TokenRequest) error {
	if r.VerificationID == "" {
		return fault.New(fault.Invalid, "Say which verification entitles to the offer.").At("#/verification_id", "is required with a client secret")
	}
	v, err := d.Verifications.Get(ctx, c.StoreRef(), r.VerificationID)
	if err != nil {
		return err
	}
	if !v.Verification.SecretMatches(c.ClientSecret) {
		return errNoVerification
	}
	r.Customer = ""
	return nil
}

func tokenViewOf(g core.Given) offerTokenView {
	return offerTokenView{Token: g.Token, Code: g.Code, PlatformCode: g.PlatformCode, ExpiresAt: g.ExpiresAt, Offer: tokenOfferView{ID: g.Offer.ID, Name: g.Offer.Name,
		Benefit: offerBenefitOf(g.Offer.Benefit)}}
}

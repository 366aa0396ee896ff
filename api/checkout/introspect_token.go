package checkout

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	core "github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/fault"
)

type introspectInput struct {
	Body introspectBody
}

type introspectBody struct {
	Token string `json:"token,omitempty" maxLength:"8192" doc:"An offer token." example:"eyJhbGciOiJFUzI1NiIsImtpZCI6IjEiLCJ0eXAiOiJvZmZlcitqd3QifQ.e30.c2ln"`
	Code  string `json:"code,omitempty" maxLength:"64" doc:"A short code, as typed." example:"ABCD-EFGH-JK"`

	Shopper *ShopperFields `json:"shopper,omitempty" doc:"What the checkout knows of the shopper's connection. Send it with a code: wrong codes are counted by it."`
}

type introspectionView struct {
	Active    bool   `json:"active" doc:"Whether the token can be used now. When false, nothing else is told." example:"true"`
	OfferID   string `json:"offer_id,omitempty" doc:"The offer that it is for." example:"off_01920000-0000-7000-8000-000000000002"`
	Group     string `json:"group,omitempty" doc:"The group that was proven for it." example:"student"`
	Customer  string `json:"customer,omitempty" doc:"The customer that it is bound to." example:"c-1"`
	State     string `json:"state,omitempty" enum:"live,held,spent,revoked" doc:"Where it is in its life." example:"live"`
	JTI       string `json:"jti,omitempty" doc:"Its unique id." example:"tok_01920000-0000-7000-8000-000000000003"`
	IssuedAt  int64  `json:"iat,omitempty" doc:"When it was issued, in seconds since 1970 (RFC 7519)." example:"1795255200"`
	ExpiresAt int64  `json:"exp,omitempty" doc:"When it expires, in seconds since 1970 (RFC 7519)." example:"1795255800"`
}

func introspectToken(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "introspect-offer-token", Method: http.MethodPost, Path: "/v1/offer-tokens/introspect", Tag: "Offer tokens",
		Summary:     "Ask what a token or code is good for",
		Description: "Like RFC 7662. Changes nothing. It may lag behind a revocation by up to 5 seconds; redeeming never does.",
		Allow:       api.Allow(api.Secret), Scope: "offer_tokens:read",
		RequestExample: introspectBody{Code: "ABCD-EFGH-JK", Shopper: &ShopperFields{IP: "203.0.113.7"}},
	}, func(ctx context.Context, in *introspectInput) (*api.Reply[introspectionView], error) {
		if (in.Body.Token == "") == (in.Body.Code == "") {
			return nil, fault.New(fault.Invalid, "Send a token or a code.").At("#/token", "send either token or code")
		}
		i, err := d.introspect(ctx, in.Body)
		if err != nil {
			return nil, err
		}
		if !i.Active {
			return api.OK(introspectionView{})
		}
		return api.OK(introspectionView{Active: true, OfferID: i.OfferID, Group: i.Group, Customer: i.Customer, State: string(i.State),
			JTI: i.JTI, IssuedAt: i.IssuedAt.Unix(), ExpiresAt: i.ExpiresAt.Unix()})
	})
}

func (d Deps) introspect(ctx context.Context, b introspectBody) (core.Introspection, error) {
	store := api.CallerFrom(ctx).Store
	if b.Code != "" {
		return d.Checkout.IntrospectCode(ctx, store, b.Code, b.Shopper.address())
	}
	return d.Checkout.Introspect(ctx, store, b.Token, "")
}

package checkout

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
)

type receiptInput struct {
	ID string `path:"id" maxLength:"60" doc:"The redemption." example:"rdm_01920000-0000-7000-8000-000000000005"`
}

type receiptView struct {
	Receipt string `json:"receipt" doc:"The receipt: a JWT of the type redemption-receipt+jwt, signed by a key of the JWK set." example:"eyJhbGciOiJFUzI1NiIsImtpZCI6IjEiLCJ0eXAiOiJyZWRlbXB0aW9uLXJlY2VpcHQrand0In0.e30.c2ln"`
}

func getReceipt(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "get-redemption-receipt", Method: http.MethodGet, Path: "/v1/redemptions/{id}/receipt", Tag: "Checkout",
		Summary: "Get a signed receipt",
		Description: "Proof of what was redeemed, for your books or for a dispute: order, totals, offers with their versions, points and state, as they stand now. " +
			"It names nobody: the customer is the pairwise subject that the store's tokens have.",
		Allow: api.Allow(api.Secret), Scope: "checkout:read",
	}, func(ctx context.Context, in *receiptInput) (*api.Reply[receiptView], error) {
		receipt, err := d.Checkout.Receipt(ctx, api.CallerFrom(ctx).Store, in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(receiptView{Receipt: receipt})
	})
}

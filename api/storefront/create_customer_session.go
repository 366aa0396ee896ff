package storefront

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

type customerSessionInput struct {
	Body customerSessionBody
}

type customerSessionBody struct {
	Customer string `json:"customer" minLength:"1" maxLength:"255" doc:"The store's own reference to the customer who is signed in at the store." example:"c-1"`
}

type customerSessionView struct {
	Token     string    `json:"token" doc:"Give it to that customer's browser: it goes into the Authorization header." example:"cs_4f9QpX2…"`
	Customer  string    `json:"customer" doc:"Whom it speaks for." example:"c-1"`
	ExpiresAt time.Time `json:"expires_at" doc:"When it ends: after 15 minutes." example:"2026-01-15T10:45:00Z"`
}

func createCustomerSession(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "create-customer-session", Method: http.MethodPost, Path: "/v1/customer-sessions", Tag: "Store", Status: http.StatusCreated,
		Summary:     "Create a customer session",
		Description: "A token for the browser of one customer: it reads that customer's verifications, offers and points, for 15 minutes.",
		Allow:       api.Allow(api.Secret), Scope: "customer_sessions:write", Mutation: true,
	}, func(ctx context.Context, in *customerSessionInput) (*api.Reply[customerSessionView], error) {
		c := api.CallerFrom(ctx)
		return api.Mutate(ctx,
			func(ctx context.Context) (*tenant.CustomerSession, error) {
				return d.Stores.CreateCustomerSession(ctx, c.Store.ID, in.Body.Customer)
			},
			func(s *tenant.CustomerSession) (int, customerSessionView) {
				return http.StatusCreated, customerSessionView{Token: s.Token, Customer: s.Customer, ExpiresAt: s.ExpiresAt.UTC()}
			})
	})
}

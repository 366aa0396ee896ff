package privacy

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

type myDataLinkView struct {
	URL       string    `json:"url" doc:"Send the shopper's browser there. Whoever has it acts for the shopper until it ends." example:"https://laurel.example/my-data/#session=cs_…"`
	ExpiresAt time.Time `json:"expires_at" doc:"When it ends: after 15 minutes." example:"2026-01-15T10:45:00Z"`
}

func createLink(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "create-my-data-link", Method: http.MethodPost, Path: "/v1/my-data-links", Tag: tag, Status: http.StatusCreated,
		Summary:     "Make a link to a customer's own data",
		Description: "The page shows what is kept in plain words, with export, consents, objection and erasure. Make the link when the customer, who is signed in at the store, asks for it.",
		Allow:       api.Allow(api.Secret), Scope: "customer_sessions:write", Mutation: true,
	}, func(ctx context.Context, in *struct {
		Body struct {
			Customer string `json:"customer" minLength:"1" maxLength:"255" doc:"The store's own reference to the customer who is signed in at the store." example:"c-1"`
			Locale   string `json:"locale,omitempty" minLength:"2" maxLength:"20" doc:"The language of the page; the browser's when left out." example:"en"`
		}
	}) (*api.Reply[myDataLinkView], error) {
		return d.makeLink(ctx, in.Body.Customer, in.Body.Locale)
	})
}

func createGuestLink(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "create-guest-data-link", Method: http.MethodPost, Path: "/v1/verifications/{id}/my-data-link", Tag: tag, Status: http.StatusCreated,
		Summary:     "Make a link to the data of one verification",
		Description: "For a shopper who has the client secret of a verification and no account: the page shows that verification and what came of it, and nothing else of a customer.",
		Allow:       api.Allow(api.Client), Mutation: true,
	}, func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"60" doc:"The verification." example:"ver_01920000-0000-7000-8000-000000000001"`
	}) (*api.Reply[myDataLinkView], error) {
		c := api.CallerFrom(ctx)
		r, err := d.Verifications.Get(ctx, c.StoreRef(), in.ID)
		if fault.CodeOf(err) == fault.NotFound || err == nil && !r.Verification.SecretMatches(c.ClientSecret) {
			return nil, errNoVerification
		}
		if err != nil {
			return nil, err
		}
		return d.makeLink(ctx, privacy.Subject{Verification: in.ID}.Reference(), r.Verification.Locale)
	})
}

// errNoVerification is one answer for what is not there and for a wrong client secret.
var errNoVerification = fault.New(fault.NotFound, "There is no such verification, or the client secret is not its own.")

func (d Deps) makeLink(ctx context.Context, customer, locale string) (*api.Reply[myDataLinkView], error) {
	store := api.CallerFrom(ctx).Store.ID
	return api.Mutate(ctx,
		func(ctx context.Context) (*tenant.CustomerSession, error) {
			return d.Stores.CreateCustomerSession(ctx, store, customer)
		},
		func(s *tenant.CustomerSession) (int, myDataLinkView) {
			return http.StatusCreated, myDataLinkView{d.link(s, locale), s.ExpiresAt.UTC()}
		})
}

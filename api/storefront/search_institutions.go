package storefront

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type institutionsInput struct {
	Group    string `query:"group" maxLength:"64" doc:"Only those at which this group can be proven; all when left out." example:"student"`
	Subgroup string `query:"subgroup" maxLength:"64" doc:"Only those of the policy for this part of the group." example:"university"`
	Text     string `query:"q" maxLength:"100" doc:"What the shopper typed. Each word must begin a word of the name; case, accents and punctuation do not matter. All when left out." example:"uni mun"`
	Limit    int    `query:"limit" minimum:"1" maximum:"50" default:"20" doc:"How many to return at most." example:"20"`
	Cursor   string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before; nothing for the first page."`
}

type institutionsView struct {
	Data       []storefrontProvider `json:"data" doc:"The page: names that begin with the text first, then by name."`
	NextCursor *string              `json:"next_cursor" doc:"Ask for the next page with it; null on the last one."`
}

func searchInstitutions(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "search-institutions", Method: http.MethodGet, Path: "/v1/storefront/institutions", Tag: "Storefront",
		Summary: "Search where a shopper can sign in",
		Description: "The sign-in providers that the store's policies name, by what the shopper types. Send the id of the chosen one to the " +
			"sso step. Only names are told; who signed in where is not.",
		Allow: api.Allow(api.Publishable, api.Secret), Scope: "storefront:read", Refusals: []fault.Code{fault.GroupUnknown},
	}, func(ctx context.Context, in *institutionsInput) (*api.Reply[institutionsView], error) {
		found, more, err := d.Verifications.Institutions(ctx, api.CallerFrom(ctx).StoreRef(), verify.InstitutionQuery{
			Group: in.Group, Subgroup: in.Subgroup, Text: in.Text, After: in.Cursor, Limit: in.Limit,
		})
		if err != nil {
			return nil, err
		}
		view := institutionsView{Data: []storefrontProvider{}}
		for _, p := range found {
			view.Data = append(view.Data, storefrontProvider(p))
		}
		if more {
			view.NextCursor = &found[len(found)-1].ID
		}
		return api.OK(view)
	})
}

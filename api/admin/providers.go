package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// verifierOIDC is the kind of verifier whose instances are the providers.
const verifierOIDC = "oidc"

// AdminProviderRule says what a provider's claims show.
type AdminProviderRule struct {
	When     string `json:"when" minLength:"1" maxLength:"2000" doc:"CEL expression over the claims." example:"'student' in affiliation"`
	Group    string `json:"group" maxLength:"64" doc:"The group that it shows." example:"student"`
	Subgroup string `json:"subgroup,omitempty" maxLength:"64" doc:"The part of the group." example:"university"`
}

// AdminProviderClaim gives a claim a name in rules.
type AdminProviderClaim struct {
	Name  string `json:"name" maxLength:"64" doc:"Name in rules." example:"affiliation"`
	Claim string `json:"claim,omitempty" maxLength:"200" doc:"What the provider calls it; empty for the same." example:"eduperson_affiliation"`
	Type  string `json:"type" enum:"string,strings,bool,int" doc:"Type of the claim." example:"strings"`
}

// AdminProviderFields is what of a provider an admin sets and sees.
type AdminProviderFields struct {
	Name              string               `json:"name" minLength:"1" maxLength:"200" doc:"What shoppers read." example:"Demo University"`
	Issuer            string               `json:"issuer" minLength:"1" maxLength:"500" doc:"The exact issuer identifier." example:"https://login.demo.example"`
	ClientID          string               `json:"client_id" minLength:"1" maxLength:"500" doc:"The store's client at the provider." example:"laurel"`
	Preset            string               `json:"preset,omitempty" enum:"refeds,idme" doc:"What is known of a family of providers: refeds for eduGAIN and its like, idme for ID.me; left out for plain claims." example:"refeds"`
	AffiliationScopes []string             `json:"affiliation_scopes,omitempty" maxItems:"5000" doc:"With refeds: the domains that this issuer may assert affiliations of, exactly. Without any, none is believed." example:"[\"uni.example\"]"`
	TokenAuth         string               `json:"token_auth,omitempty" enum:"client_secret_basic,client_secret_post,none" doc:"How the client authenticates." example:"client_secret_basic"`
	Scopes            []string             `json:"scopes,omitempty" maxItems:"50" doc:"Asked for besides openid."`
	Algorithms        []string             `json:"algorithms,omitempty" maxItems:"20" doc:"Allowed signature algorithms of ID tokens."`
	UserInfo          bool                 `json:"userinfo,omitempty" doc:"Also reads the userinfo endpoint." example:"false"`
	Claims            []AdminProviderClaim `json:"claims,omitempty" maxItems:"50" doc:"Claims that rules can read, besides iss, sub, email and email_verified."`
	Rules             []AdminProviderRule  `json:"rules" maxItems:"50" doc:"Asked in order: the first that holds for the group that is asked for decides. May be empty with a preset, which has rules of its own."`
}

type adminProvider struct {
	ID      string `json:"id" doc:"Name in requirements: oidc:{id}." example:"demo-university"`
	Version int    `json:"version" doc:"Counts the changes: send it with the next one." example:"1"`
	// HasSecret tells of the secret without showing it.
	HasSecret bool `json:"has_secret" doc:"Whether a client secret is stored; it is never shown." example:"true"`
	AdminProviderFields
}

func providerOf(s verify.Setting) (adminProvider, error) {
	p := adminProvider{ID: s.Instance, Version: s.Version, HasSecret: len(s.Secret) > 0}
	if err := json.Unmarshal(s.Config, &p.AdminProviderFields); err != nil {
		return p, fmt.Errorf("decode the configuration of provider %s: %w", s.Instance, err)
	}
	p.Scopes, p.Rules = some(p.Scopes), some(p.Rules)
	return p, nil
}

type providerInput struct {
	StorePath
	Body struct {
		ID           string `json:"id" pattern:"^[a-z0-9][a-z0-9-]{0,62}$" doc:"Name in requirements." example:"demo-university"`
		ClientSecret string `json:"client_secret,omitempty" maxLength:"1000" doc:"The client's secret." example:"s3cr3t"`
		AdminProviderFields
	}
}

type providerChange struct {
	ItemPath
	Body struct {
		Version      int    `json:"version" minimum:"1" doc:"The version that the change was made from." example:"1"`
		ClientSecret string `json:"client_secret,omitempty" maxLength:"1000" doc:"Replaces the stored secret; left out, that one stays." example:"s3cr3t"`
		AdminProviderFields
	}
}

func (o *admin) registerProviders() {
	const path = "/v1/admin/stores/{store_id}/providers"
	add(o, api.Operation{
		ID: "admin-list-providers", Method: http.MethodGet, Path: path, Summary: "List OpenID providers",
		Description: "The store's sign-in providers, by id. Secrets are never shown.",
	}, o.listProviders)
	add(o, api.Operation{
		ID: "admin-create-provider", Method: http.MethodPost, Path: path, Status: http.StatusCreated, Mutation: true,
		Summary: "Add an OpenID provider", Description: "Adds a provider; policies name it as oidc:{id}. The rules are compiled; nothing is fetched.",
		Refusals: []fault.Code{fault.VersionConflict}, RequestExample: providerExample("id", "demo-university"),
	}, func(ctx context.Context, in *providerInput) (*api.Reply[adminProvider], error) {
		return o.saveProvider(ctx, in.Body.ID, in.Body.AdminProviderFields, in.Body.ClientSecret, 0, http.StatusCreated)
	})
	add(o, api.Operation{
		ID: "admin-get-provider", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read an OpenID provider", Description: "Its configuration without the secret.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminProvider], error) {
		settings, err := o.providers(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range settings {
			if s.Instance == in.ID {
				p, err := providerOf(s)
				if err != nil {
					return nil, err
				}
				return api.OK(p)
			}
		}
		return nil, fault.New(fault.NotFound, "There is no such provider in this store.")
	})
	add(o, api.Operation{
		ID: "admin-update-provider", Method: http.MethodPut, Path: path + "/{id}", Mutation: true, Summary: "Change an OpenID provider",
		Description: "Replaces the configuration.", Refusals: []fault.Code{fault.VersionConflict, fault.PolicyUnsound},
		RequestExample: providerExample("version", 1),
	}, func(ctx context.Context, in *providerChange) (*api.Reply[adminProvider], error) {
		return o.saveProvider(ctx, in.ID, in.Body.AdminProviderFields, in.Body.ClientSecret, in.Body.Version, http.StatusOK)
	})
	add(o, api.Operation{
		ID: "admin-delete-provider", Method: http.MethodDelete, Path: path + "/{id}", Status: http.StatusNoContent, Mutation: true,
		Summary: "Delete an OpenID provider", Description: "Refused while a policy names it.", Refusals: []fault.Code{fault.Conflict},
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[api.Nothing], error) {
		return api.Mutate(ctx, finish(func(ctx context.Context) error {
			return o.Verify.DeleteSetting(ctx, ref(ctx), by(ctx), verifierOIDC, in.ID)
		}), done)
	})
}

func (o *admin) providers(ctx context.Context) ([]verify.Setting, error) {
	all, err := o.Verify.Settings(ctx, ref(ctx))
	var out []verify.Setting
	for _, s := range all {
		if s.Verifier == verifierOIDC {
			out = append(out, s)
		}
	}
	return out, err
}

func (o *admin) listProviders(ctx context.Context, in *ListPath) (*api.Reply[listed[adminProvider]], error) {
	settings, err := o.providers(ctx)
	if err != nil {
		return nil, err
	}
	shown := make([]adminProvider, len(settings))
	for i, s := range settings {
		if shown[i], err = providerOf(s); err != nil {
			return nil, err
		}
	}
	return replied(sliced(in.Paging, shown, func(p adminProvider) adminProvider { return p }, func(p adminProvider) string { return p.ID }))
}

func (o *admin) saveProvider(ctx context.Context, id string, f AdminProviderFields, secret string, version, status int) (*api.Reply[adminProvider], error) {
	config, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("encode the configuration of a provider: %w", err)
	}
	return api.Mutate(ctx, func(ctx context.Context) (verify.Setting, error) {
		return o.Verify.SaveSetting(ctx, ref(ctx), by(ctx), verify.SettingInput{Verifier: verifierOIDC, Instance: id, Config: config, Secret: secret, Version: version})
	}, func(s verify.Setting) (int, adminProvider) {
		return status, adminProvider{ID: id, Version: s.Version, HasSecret: len(s.Secret) > 0, AdminProviderFields: f}
	})
}

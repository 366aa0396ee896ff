package privacy

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/privacy"
)

type marketingConsentView struct {
	Granted      bool           `json:"granted" doc:"Whether the customer agreed." example:"true"`
	Version      string         `json:"version" doc:"The version of the text that was shown: GET /v1/consent-texts/{version}." example:"1"`
	Locale       string         `json:"locale" doc:"In which language." example:"en"`
	Source       privacy.Source `json:"source" enum:"verification,shopper,store,erasure" doc:"How it came about: in a verification, by the shopper, or told by the store." example:"verification"`
	Verification *string        `json:"verification_id" doc:"In which verification; null when in none." example:"ver_01920000-0000-7000-8000-000000000001"`
	At           time.Time      `json:"at" doc:"When." example:"2026-01-15T10:30:00Z"`
}

func consentOf(c privacy.Consent) marketingConsentView {
	v := marketingConsentView{Granted: c.Granted, Version: c.Version, Locale: c.Locale, Source: c.Source, At: c.At}
	if c.Verification != "" {
		v.Verification = &c.Verification
	}
	return v
}

type consentsView struct {
	Marketing bool                   `json:"marketing" doc:"Whether the customer agrees to marketing now. It is never required." example:"true"`
	History   []marketingConsentView `json:"history" doc:"What was said, newest first, at most 100."`
}

func listConsents(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "list-consents", Method: http.MethodGet, Path: "/v1/customers/{customer}/consents", Tag: tag, Summary: "Read a customer's marketing consent",
		Description: "What holds, and how it came about. Consent to the checking itself stands with each verification.",
		Allow:       api.Allow(api.Customer, api.Secret), Scope: "consents:read",
	}, func(ctx context.Context, in *CustomerPath) (*api.Reply[consentsView], error) {
		c := api.CallerFrom(ctx)
		if _, err := in.subject(c); err != nil {
			return nil, err
		}
		history, err := d.Privacy.Consents(ctx, c.Store.ID, in.Customer)
		if err != nil {
			return nil, err
		}
		out := consentsView{History: []marketingConsentView{}, Marketing: len(history) > 0 && history[0].Granted}
		for _, h := range history {
			out.History = append(out.History, consentOf(h))
		}
		return api.OK(out)
	})
}

type setConsentBody struct {
	Granted bool   `json:"granted" doc:"true: the customer agrees; false: takes it back." example:"false"`
	Version string `json:"version,omitempty" maxLength:"40" doc:"The version of the text that was shown; the present one when left out." example:"1"`
	Locale  string `json:"locale,omitempty" maxLength:"20" doc:"In which language it was shown; the store's first when left out." example:"en"`
}

func setConsent(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "set-consent", Method: http.MethodPut, Path: "/v1/customers/{customer}/consents/marketing", Tag: tag, Summary: "Set a customer's marketing consent",
		Description: "Records that a customer agreed to marketing, or took it back. What holds already is not recorded again. A change sends `consent.changed`.",
		Allow:       api.Allow(api.Customer, api.Secret), Scope: "consents:write", Mutation: true, Refusals: []fault.Code{fault.Invalid},
	}, func(ctx context.Context, in *struct {
		CustomerPath
		Body setConsentBody
	}) (*api.Reply[marketingConsentView], error) {
		c := api.CallerFrom(ctx)
		if _, err := in.subject(c); err != nil {
			return nil, err
		}
		consent := privacy.Consent{Customer: in.Customer, Granted: in.Body.Granted, Version: in.Body.Version, Locale: in.Body.Locale, Source: privacy.ByStore}
		if c.Kind == api.Customer {
			consent.Source = privacy.ByShopper
		}
		if consent.Version == "" {
			consent.Version = c.Store.Settings.Consent.Version
		}
		if consent.Locale == "" && len(c.Store.Settings.Locales) > 0 {
			consent.Locale = c.Store.Settings.Locales[0]
		}
		return api.Mutate(ctx,
			func(ctx context.Context) (privacy.Consent, error) {
				return d.Privacy.SetMarketing(ctx, c.Store.ID, consent)
			},
			func(held privacy.Consent) (int, marketingConsentView) { return http.StatusOK, consentOf(held) })
	})
}

type consentTextView struct {
	Version    string            `json:"version" doc:"Its version." example:"1"`
	Since      time.Time         `json:"since" doc:"From when on it was shown." example:"2026-01-01T00:00:00Z"`
	Text       map[string]string `json:"text" doc:"The text that was accepted, by language."`
	Marketing  map[string]string `json:"marketing_text" doc:"The text that asked for marketing consent, by language; may be empty."`
	PrivacyURL string            `json:"privacy_url" doc:"The page about privacy that it named; may be empty." example:"https://shop.example/privacy"`
}

func getConsentText(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "get-consent-text", Method: http.MethodGet, Path: "/v1/consent-texts/{version}", Tag: tag, Summary: "Read a text of consent again",
		Description: "What shoppers saw who accepted a version. Every text that was ever shown is kept; at chooses among texts that had the same version.",
		Allow:       api.Allow(api.Publishable, api.Customer, api.Secret), Scope: "consents:read",
	}, func(ctx context.Context, in *struct {
		Version string    `path:"version" minLength:"1" maxLength:"40" doc:"The version." example:"1"`
		At      time.Time `query:"at" doc:"When it was shown; now when left out." example:"2027-01-15T10:30:00Z"`
	}) (*api.Reply[consentTextView], error) {
		t, err := d.Privacy.TextShown(ctx, api.CallerFrom(ctx).Store.ID, in.Version, in.At)
		if err != nil {
			return nil, err
		}
		return api.OK(consentTextView{t.Version, t.Since, shown(t.Text), shown(t.MarketingText), t.PrivacyURL})
	})
}

func shown(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

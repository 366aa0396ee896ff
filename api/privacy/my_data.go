package privacy

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/verify"
)

type myDataView struct {
	Customer      string                `json:"customer" doc:"Whom it is about." example:"c-1"`
	Guest         bool                  `json:"guest" doc:"True for a guest, who is known by one verification." example:"false"`
	Store         myStoreView           `json:"store" doc:"The store."`
	Kept          []myKeptView          `json:"kept" doc:"How much of each kind is kept; kinds without anything are left out."`
	Attestations  []myAttestationView   `json:"attestations" doc:"What was proven, newest first."`
	Verifications []myVerificationView  `json:"verifications" doc:"The attempts to prove it, newest first, at most 100."`
	Marketing     *marketingConsentView `json:"marketing" doc:"What was said last about marketing; null when nothing was."`
	Erasure       *ErasureProgress      `json:"erasure" doc:"The erasure that is under way; null when there is none."`
}

type myStoreView struct {
	Name       string            `json:"name" doc:"Its name." example:"Corner Books"`
	Locales    []string          `json:"locales" doc:"The languages in which it speaks to shoppers." example:"[\"en\",\"de\"]"`
	PrivacyURL string            `json:"privacy_url" doc:"Its own page about privacy; may be empty." example:"https://shop.example/privacy"`
	Marketing  map[string]string `json:"marketing_text" doc:"The text that asks for marketing consent, by language; empty when the store asks for none."`
	Version    string            `json:"consent_version" doc:"The version of its texts of consent." example:"1"`
}

type myKeptView struct {
	Kind  string     `json:"kind" doc:"What it is." example:"verification"`
	Count int64      `json:"count" doc:"How many." example:"2"`
	Since *time.Time `json:"since" doc:"When the oldest was made; null when that is not known." example:"2026-01-15T10:30:00Z"`
}

type myAttestationView struct {
	ID         string     `json:"id" doc:"Its id." example:"att_01920000-0000-7000-8000-000000000003"`
	Group      string     `json:"group" doc:"The group that was proven." example:"student"`
	Subgroup   string     `json:"subgroup" doc:"The part of it; may be empty." example:"university"`
	ValidUntil time.Time  `json:"valid_until" doc:"Until when it holds." example:"2027-01-15T10:30:00Z"`
	EndedAt    *time.Time `json:"ended_at" doc:"When it was ended before its time; null when it was not."`
}

type myVerificationView struct {
	ID        string           `json:"id" doc:"Its id." example:"ver_01920000-0000-7000-8000-000000000001"`
	Group     string           `json:"group" doc:"What was to be proven." example:"student"`
	State     verify.State     `json:"state" doc:"Where it stands." example:"verified"`
	CreatedAt time.Time        `json:"created_at" doc:"When it began." example:"2026-01-15T10:30:00Z"`
	Reasons   []string         `json:"reasons" doc:"Why it was refused, in codes; empty when it was not." example:"[]"`
	Consent   givenConsentView `json:"consent" doc:"What was agreed to."`
	Appeal    *myAppealView    `json:"appeal" doc:"The objection to the refusal; null when there is none."`
	Objection bool             `json:"may_object" doc:"Whether the refusal can be objected to: POST /v1/verifications/{id}/appeal." example:"false"`
}

type givenConsentView struct {
	Version string    `json:"version" doc:"The version of the text that was shown: GET /v1/consent-texts/{version}." example:"1"`
	Locale  string    `json:"locale" doc:"In which language." example:"en"`
	At      time.Time `json:"at" doc:"When." example:"2026-01-15T10:30:00Z"`
}

type myAppealView struct {
	At        time.Time  `json:"at" doc:"When the shopper objected." example:"2026-01-16T10:30:00Z"`
	Outcome   string     `json:"outcome" doc:"approved, rejected or withdrawn; empty while a person has to decide." example:""`
	DecidedAt *time.Time `json:"decided_at" doc:"When it was decided; null before."`
}

func getMyData(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "get-my-data", Method: http.MethodGet, Path: "/v1/customers/{customer}/my-data", Tag: tag, Summary: "See what is kept about a shopper",
		Description: "How much of what is kept, what was proven and until when, what was agreed to, and what was objected to. Everything itself is in the export.",
		Allow:       api.Allow(api.Customer, api.Secret), Scope: "privacy:read",
	}, func(ctx context.Context, in *CustomerPath) (*api.Reply[myDataView], error) {
		c := api.CallerFrom(ctx)
		subject, err := in.subject(c)
		if err != nil {
			return nil, err
		}
		view, err := d.myData(ctx, c, in.Customer, subject)
		if err != nil {
			return nil, err
		}
		return api.OK(view)
	})
}

func (d Deps) myData(ctx context.Context, c api.Caller, customer string, subject privacy.Subject) (myDataView, error) {
	consent := c.Store.Settings.Consent
	view := myDataView{Customer: customer, Guest: subject.Verification != "", Kept: []myKeptView{}, Attestations: []myAttestationView{},
		Verifications: []myVerificationView{}, Store: myStoreView{Name: c.Store.Name, Locales: c.Store.Settings.Locales, PrivacyURL: consent.PrivacyURL,
			Marketing: map[string]string{}, Version: consent.Version}}
	if consent.MarketingText != nil {
		view.Store.Marketing = consent.MarketingText
	}
	holdings, err := d.Privacy.Holdings(ctx, c.Store.ID, subject)
	if err != nil {
		return view, err
	}
	for _, h := range holdings {
		view.Kept = append(view.Kept, myKeptView{h.Kind, h.Count, maybe(h.Since)})
	}
	if err := d.proofs(ctx, c, subject, &view); err != nil || subject.Customer == "" {
		return view, err
	}
	last, err := d.Privacy.Consents(ctx, c.Store.ID, customer)
	if err != nil {
		return view, err
	}
	if len(last) > 0 {
		shown := consentOf(last[0])
		view.Marketing = &shown
	}
	open, err := d.Privacy.ListRequests(ctx, c.Store.ID, privacy.RequestFilter{Kind: privacy.Erasure, Customer: customer}, "", 1)
	if err == nil && len(open) > 0 {
		view.Erasure = &ErasureProgress{ID: open[0].ID, State: open[0].State, AskedAt: open[0].CreatedAt}
	}
	return view, err
}

// proofs fills in what was proven, and tried.
func (d Deps) proofs(ctx context.Context, c api.Caller, subject privacy.Subject, view *myDataView) error {
	var verifications []verify.Verification
	var attestations []verify.Attestation
	if subject.Verification != "" {
		r, err := d.Verifications.Get(ctx, c.StoreRef(), subject.Verification)
		if err != nil {
			return err
		}
		verifications = []verify.Verification{r.Verification}
		if r.Attestation != nil {
			attestations = []verify.Attestation{*r.Attestation}
		}
	} else {
		var err error
		if verifications, err = d.Verifications.OfCustomer(ctx, c.StoreRef(), subject.Customer); err != nil {
			return err
		}
		if attestations, err = d.Verifications.Attestations(ctx, c.StoreRef(), subject.Customer); err != nil {
			return err
		}
	}
	now := c.Store.Now(d.Now())
	for _, v := range verifications {
		view.Verifications = append(view.Verifications, verificationOf(v, now))
	}
	for _, a := range attestations {
		view.Attestations = append(view.Attestations, myAttestationView{a.ID, a.Group, a.Subgroup, a.ValidUntil.UTC(), maybe(a.EndedAt)})
	}
	return nil
}

func verificationOf(v verify.Verification, now time.Time) myVerificationView {
	out := myVerificationView{ID: v.ID, Group: v.Group, State: v.Shown(), CreatedAt: v.CreatedAt, Reasons: []string{},
		Consent: givenConsentView{v.Consent.Version, v.Consent.Locale, v.Consent.At}}
	for _, e := range v.Errors {
		out.Reasons = append(out.Reasons, e.Code)
	}
	refused := v.State == verify.Rejected || v.State == verify.Failed
	out.Objection = refused && v.Appeal == nil && now.Before(v.DecidedAt.Add(verify.AppealWindow))
	if a := v.Appeal; a != nil {
		out.Appeal = &myAppealView{a.At, string(a.Outcome), maybe(a.DecidedAt)}
	}
	return out
}

func maybe(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

type keptRecordView struct {
	Kind string          `json:"kind" doc:"What it is." example:"verification"`
	ID   string          `json:"id" doc:"Its id." example:"ver_01920000-0000-7000-8000-000000000001"`
	At   *time.Time      `json:"at" doc:"When it was made; null when that is not known." example:"2026-01-15T10:30:00Z"`
	Data json.RawMessage `json:"data" doc:"Everything that is kept of it, but secrets and hashes." example:"{\"state\":\"verified\"}"`
}

// RecordPage is a part of an export.
type RecordPage struct {
	Data       []keptRecordView `json:"data" doc:"The next part of what is kept, kind by kind."`
	NextCursor *string          `json:"next_cursor" doc:"Where the next part begins; null on the last one." example:"order.o-1"`
}

func exportData(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "export-data", Method: http.MethodGet, Path: "/v1/customers/{customer}/data", Tag: tag, Summary: "Export everything that is kept about a shopper",
		Description: "Part by part: verifications, what the shopper typed, evidence, documents' particulars, reviews' outcomes, attestations, fraud labels, consents, tokens, " +
			"reservations, redemptions, orders, refunds, points, requests. Ask on with the cursor until it is null. The first part is noted in the store's list of privacy requests.",
		Allow: api.Allow(api.Customer, api.Secret), Scope: "privacy:read", Refusals: []fault.Code{fault.Invalid},
	}, func(ctx context.Context, in *struct {
		CustomerPath
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"100" doc:"How many records at most." example:"100"`
		Cursor string `query:"cursor" maxLength:"400" doc:"next_cursor of the part before." example:"order.o-1"`
	}) (*api.Reply[RecordPage], error) {
		c := api.CallerFrom(ctx)
		subject, err := in.subject(c)
		if err != nil {
			return nil, err
		}
		by, actor := asker(c)
		records, next, err := d.Privacy.Export(ctx, c.Store.ID, subject, by, actor, api.RequestID(ctx), in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		return api.OK(Page(records, next))
	})
}

// Page is a part of an export as callers see it.
func Page(records []privacy.Record, next string) RecordPage {
	page := RecordPage{Data: []keptRecordView{}}
	for _, r := range records {
		page.Data = append(page.Data, keptRecordView{r.Kind, r.ID, maybe(r.At), r.Data})
	}
	if next != "" {
		page.NextCursor = &next
	}
	return page
}

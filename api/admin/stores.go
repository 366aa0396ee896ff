package admin

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

type adminConsent struct {
	Version       string            `json:"version" doc:"Raise it when the text changes." example:"1"`
	Text          map[string]string `json:"text" doc:"What the shopper accepts, by locale."`
	MarketingText map[string]string `json:"marketing_text,omitempty" doc:"What may be agreed to besides, by locale; empty asks nothing."`
	PrivacyURL    string            `json:"privacy_url,omitempty" doc:"Address of the privacy notice." example:"https://shop.example/privacy"`
}

type adminStoreMail struct {
	SenderName string `json:"sender_name,omitempty" maxLength:"100" doc:"Name beside the sender's address; the operator's when empty." example:"Books & more"`
	ReplyTo    string `json:"reply_to,omitempty" maxLength:"254" doc:"Address to which shoppers answer." example:"help@shop.example"`
	SupportURL string `json:"support_url,omitempty" maxLength:"500" doc:"A page with help, named in each mail." example:"https://shop.example/help"`
}

type adminStore struct {
	ID       string            `json:"id" doc:"The store's id." example:"sto_01920000-0000-7000-8000-000000000001"`
	Version  int64             `json:"version" doc:"Counts the changes: send it with the next one." example:"3"`
	Name     string            `json:"name" doc:"Name." example:"Books & more"`
	Mode     string            `json:"mode" enum:"test,live" doc:"For trying out or for real; fixed at birth." example:"test"`
	Currency string            `json:"currency" doc:"ISO 4217 code in which figures are added up." example:"USD"`
	Timezone string            `json:"timezone" doc:"IANA name: where the store's days begin." example:"Europe/Berlin"`
	Origins  []string          `json:"origins" doc:"Origins whose pages may use the publishable keys."`
	Locales  []string          `json:"locales" doc:"Languages in which the store speaks; the first is its default."`
	Theme    map[string]string `json:"theme" doc:"The widget's CSS custom properties, without the leading --laurel-."`
	Consent  adminConsent      `json:"consent" doc:"What shoppers accept."`

	Mail           adminStoreMail `json:"mail" doc:"How mails to shoppers are signed."`
	TokenAlgorithm string         `json:"token_algorithm" enum:"ES256,EdDSA,Ed25519,RS256" doc:"What offer tokens, status lists and receipts are signed by." example:"ES256"`

	Fraud adminFraudRule `json:"fraud" doc:"What a confirmed fraud leads to, beside what always happens."`

	CreatedAt time.Time `json:"created_at" doc:"Birth of the store."`
	UpdatedAt time.Time `json:"updated_at" doc:"Last change."`
}

type adminFraudRule struct {
	ReversePoints bool `json:"reverse_points" doc:"Points of what was redeemed on the proof are taken back; a member may go into debt." example:"false"`
}

func storeOf(s *tenant.Store) adminStore {
	c := s.Settings.Consent
	return adminStore{ID: s.ID, Version: s.Version, Name: s.Name, Mode: string(s.Mode), Currency: s.Currency, Timezone: s.Timezone,
		Origins: some(s.Origins), Locales: some(s.Settings.Locales), Theme: texts(s.Settings.Theme),
		Consent:        adminConsent{Version: c.Version, Text: texts(c.Text), MarketingText: texts(c.MarketingText), PrivacyURL: c.PrivacyURL},
		TokenAlgorithm: s.TokenAlgorithm(), Mail: adminStoreMail(s.Settings.Mail),
		CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt}
}

type createStoreInput struct {
	Body struct {
		Name     string `json:"name" minLength:"1" maxLength:"200" doc:"Name." example:"Books & more"`
		Mode     string `json:"mode" enum:"test,live" doc:"For trying out or for real; it never changes." example:"test"`
		Currency string `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217 code." example:"USD"`
		Timezone string `json:"timezone" minLength:"1" maxLength:"60" doc:"IANA name." example:"Europe/Berlin"`
	}
}

type updateStoreInput struct {
	StorePath
	Body struct {
		Version  int64             `json:"version" minimum:"1" doc:"The version that the change was made from." example:"3"`
		Name     string            `json:"name,omitempty" minLength:"1" maxLength:"200" doc:"Name." example:"Books & more"`
		Currency string            `json:"currency,omitempty" pattern:"^[A-Z]{3}$" doc:"ISO 4217 code." example:"USD"`
		Timezone string            `json:"timezone,omitempty" minLength:"1" maxLength:"60" doc:"IANA name." example:"Europe/Berlin"`
		Origins  *[]string         `json:"origins,omitempty" maxItems:"100" doc:"Replaces the allowed origins."`
		Locales  *[]string         `json:"locales,omitempty" maxItems:"50" doc:"Replaces the languages."`
		Theme    map[string]string `json:"theme,omitempty" doc:"Replaces the widget's CSS custom properties."`
		Consent  *adminConsent     `json:"consent,omitempty" doc:"Replaces the consent."`

		Mail           *adminStoreMail `json:"mail,omitempty" doc:"Replaces how mails to shoppers are signed."`
		TokenAlgorithm string          `json:"token_algorithm,omitempty" enum:"ES256,EdDSA,Ed25519,RS256" doc:"What is signed from now on is signed by this algorithm. What was signed before stays good." example:"ES256"`
		Fraud          *adminFraudRule `json:"fraud,omitempty" doc:"What a confirmed fraud leads to, from now on."`
	}
}

func (o *admin) registerStores() {
	add(o, api.Operation{
		ID: "admin-list-stores", Method: http.MethodGet, Path: "/v1/admin/stores", Summary: "List stores",
		Description: "The stores that the person works in, by name; all of them for an operator.",
	}, o.listStores)
	add(o, api.Operation{
		ID: "admin-create-store", Method: http.MethodPost, Path: "/v1/admin/stores", Status: http.StatusCreated, Mutation: true,
		Summary: "Create a store", Description: "Makes a store, of which the operator who asks becomes an owner.",
	}, o.createStore)
	add(o, api.Operation{
		ID: "admin-get-store", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}", Summary: "Read a store",
		Description: "The store and its settings.",
	}, func(ctx context.Context, _ *StorePath) (*api.Reply[adminStore], error) {
		return api.OK(storeOf(api.CallerFrom(ctx).Store))
	})
	add(o, api.Operation{
		ID: "admin-update-store", Method: http.MethodPatch, Path: "/v1/admin/stores/{store_id}", Mutation: true,
		Summary: "Change a store", Description: "Changes what is sent and leaves the rest.", Refusals: []fault.Code{fault.VersionConflict},
	}, o.updateStore)
}

func (o *admin) listStores(ctx context.Context, in *struct {
	Paging
	Cookie string `cookie:"laurel_session" hidden:"true"`
}) (*api.Reply[listed[adminStore]], error) {
	who, err := o.Console.Who(ctx, in.Cookie)
	if err != nil {
		return nil, err
	}
	page, err := sliced(in.Paging, who.Stores, func(r console.StoreRole) string { return r.Store }, func(r console.StoreRole) string { return r.Store })
	if err != nil {
		return nil, err
	}
	out := listed[adminStore]{Data: []adminStore{}, NextCursor: page.NextCursor}
	for _, id := range page.Data {
		s, err := o.Tenants.Store(ctx, id)
		if err != nil {
			return nil, err
		}
		out.Data = append(out.Data, storeOf(s))
	}
	return api.OK(out)
}

// audited writes the audit entry of a change of a store or key. before and after are asked inside the transaction.
func audited(o console.Origin, store, action string, before, after func() any) tenant.With {
	return func(ctx context.Context, tx tenant.Tx, target string) error {
		in := store
		if in == "" {
			in = target
		}
		e, err := o.Entry(in, action, target, before(), after())
		if err != nil {
			return err
		}
		return tx.Audit(ctx, tenant.AuditEntry{Store: e.Store, Actor: e.Actor, Action: e.Action, Target: e.Target,
			Changes: e.Changes, RequestID: e.RequestID})
	}
}

func nothing() any { return nil }

// storeView is what the audit says of a store.
type storeView struct {
	Name     string          `json:"name"`
	Currency string          `json:"currency"`
	Timezone string          `json:"timezone"`
	Origins  []string        `json:"origins"`
	Settings tenant.Settings `json:"settings"`
}

func viewOfStore(s tenant.Store) storeView {
	return storeView{s.Name, s.Currency, s.Timezone, some(s.Origins), s.Settings}
}

func (o *admin) createStore(ctx context.Context, in *createStoreInput) (*api.Reply[adminStore], error) {
	b := in.Body
	caller := api.CallerFrom(ctx)
	born := map[string]any{"name": b.Name, "mode": b.Mode, "currency": b.Currency, "timezone": b.Timezone}
	note := audited(origin(ctx), "", "store.created", nothing, func() any { return born })
	with := func(ctx context.Context, tx tenant.Tx, store string) error {
		if err := tx.GrantRole(ctx, store, caller.Person.ID, string(console.Owner)); err != nil {
			return err
		}
		return note(ctx, tx, store)
	}
	return api.Mutate(ctx, func(ctx context.Context) (*tenant.Store, error) {
		return o.Tenants.Create(ctx, tenant.NewStore{Name: b.Name, Mode: tenant.Mode(b.Mode), Currency: b.Currency, Timezone: b.Timezone}, with)
	}, func(s *tenant.Store) (int, adminStore) { return http.StatusCreated, storeOf(s) })
}

func (o *admin) updateStore(ctx context.Context, in *updateStoreInput) (*api.Reply[adminStore], error) {
	if alg := in.Body.TokenAlgorithm; alg != "" {
		// Before the store is switched: from then on it must be able to sign.
		if err := o.UseAlgorithm(ctx, alg); err != nil {
			return nil, err
		}
	}
	var before, after storeView
	change := func(s *tenant.Store) {
		before = viewOfStore(*s)
		in.apply(s)
		after = viewOfStore(*s)
	}
	note := audited(origin(ctx), "", "store.updated", func() any { return before }, func() any { return after })
	return api.Mutate(ctx, func(ctx context.Context) (*tenant.Store, error) {
		return o.Tenants.Update(ctx, storeID(ctx), in.Body.Version, change, note)
	}, func(s *tenant.Store) (int, adminStore) { return http.StatusOK, storeOf(s) })
}

func (in *updateStoreInput) apply(s *tenant.Store) {
	b := in.Body
	set := func(to *string, value string) {
		if value != "" {
			*to = value
		}
	}
	set(&s.Name, b.Name)
	set(&s.Currency, b.Currency)
	set(&s.Timezone, b.Timezone)
	set(&s.Settings.TokenAlgorithm, b.TokenAlgorithm)
	if b.Origins != nil {
		s.Origins = slices.Clone(*b.Origins)
	}
	if b.Locales != nil {
		s.Settings.Locales = slices.Clone(*b.Locales)
	}
	if b.Theme != nil {
		s.Settings.Theme = maps.Clone(b.Theme)
	}
	if b.Fraud != nil {
		s.Settings.Fraud = tenant.Fraud(*b.Fraud)
	}
	if b.Mail != nil {
		s.Settings.Mail = tenant.MailSettings(*b.Mail)
	}
	if c := b.Consent; c != nil {
		s.Settings.Consent = tenant.Consent{Version: c.Version, Text: c.Text, MarketingText: c.MarketingText, PrivacyURL: c.PrivacyURL}
	}
}

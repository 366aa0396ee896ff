package storefront

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

type storefrontInput struct {
	Locale string `query:"locale" maxLength:"20" doc:"The language for texts that come in one only; the store's first when left out." example:"de"`
}

type storefrontView struct {
	Store     storefrontStore      `json:"store" doc:"The store."`
	Consent   storefrontConsent    `json:"consent" doc:"What the shopper is asked to accept."`
	Groups    []storefrontGroup    `json:"groups" doc:"What can be proven."`
	Providers []storefrontProvider `json:"providers" doc:"Where a shopper can sign in to prove it, 50 at most: search in GET /v1/storefront/institutions for more."`
	// ProvidersTotal tells a page whether there is more to search.
	ProvidersTotal int               `json:"providers_total" doc:"How many providers there are." example:"1"`
	Forms          []storefrontForm  `json:"forms" doc:"What the steps remote and document ask for, by verifier."`
	Offers         []storefrontOffer `json:"offers" doc:"What can be won."`
}

type storefrontStore struct {
	ID      string            `json:"id" doc:"The store's id." example:"sto_01920000-0000-7000-8000-000000000001"`
	Name    string            `json:"name" doc:"The store's name." example:"Northside Supply"`
	Mode    string            `json:"mode" enum:"test,live" doc:"Whether the store is for trying out." example:"test"`
	Locales []string          `json:"locales" doc:"The languages of the store; the first is its default." example:"[\"en\",\"de\"]"`
	Theme   map[string]string `json:"theme" doc:"The widget's look: values of its CSS custom properties, by name without --laurel-." example:"{\"accent\":\"#0a7\"}"`
}

type storefrontConsent struct {
	Version       string            `json:"version" doc:"Send it with the start of a verification." example:"1"`
	Text          map[string]string `json:"text" doc:"What is asked, by language." example:"{\"en\":\"We check once that you are a student.\"}"`
	MarketingText map[string]string `json:"marketing_text" doc:"What is asked beside, and never required, by language; empty when nothing is." example:"{\"en\":\"Send me news.\"}"`
	PrivacyURL    string            `json:"privacy_url" doc:"The store's privacy policy; empty when it named none." example:"https://shop.example/privacy"`
}

type storefrontGroup struct {
	Group     string               `json:"group" doc:"The group's name." example:"student"`
	Label     map[string]string    `json:"label" doc:"What shoppers read, by language." example:"{\"en\":\"Students\",\"de\":\"Studierende\"}"`
	Subgroups []storefrontSubgroup `json:"subgroups" doc:"Parts of the group that can be asked for."`
}

type storefrontSubgroup struct {
	Subgroup string            `json:"subgroup" doc:"The subgroup's name." example:"university"`
	Label    map[string]string `json:"label" doc:"What shoppers read, by language." example:"{\"en\":\"University\"}"`
}

type storefrontProvider struct {
	ID   string `json:"id" doc:"Send it to the sso step." example:"demo-university"`
	Name string `json:"name" doc:"What shoppers read." example:"Demo University"`
}

type storefrontForm struct {
	ID          string             `json:"id" doc:"Send it to the remote step as verifier." example:"staff-directory"`
	Requirement verify.Requirement `json:"requirement" doc:"Its name in paths." example:"remote:staff-directory"`
	Name        string             `json:"name" doc:"What shoppers read." example:"Staff directory"`
	Fields      []storefrontField  `json:"fields" doc:"What the shopper gives, in this order."`
	Upload      *storefrontUpload  `json:"upload,omitempty" doc:"What can be uploaded, for a step with documents."`
}

type storefrontUpload struct {
	MaxFiles      int                 `json:"max_files" doc:"How many documents are handed in at most." example:"3"`
	MaxBytes      int                 `json:"max_bytes" doc:"Length of one file at most." example:"10485760"`
	MaxPages      int                 `json:"max_pages" doc:"Pages of a PDF at most." example:"5"`
	MediaTypes    []string            `json:"media_types" doc:"What is read." example:"[\"image/jpeg\",\"image/png\",\"image/webp\",\"application/pdf\"]"`
	Accepted      []map[string]string `json:"accepted" doc:"Kinds of documents that show the group, as shoppers read them, by language." example:"[{\"en\":\"Student card\"}]"`
	Organisations []string            `json:"organisations" doc:"The only institutions that can be named; empty for any." example:"[\"Example University\"]"`
}

func uploadView(u *verify.UploadRules) *storefrontUpload {
	if u == nil {
		return nil
	}
	view := &storefrontUpload{MaxFiles: u.MaxFiles, MaxBytes: u.MaxBytes, MaxPages: u.MaxPages, MediaTypes: u.MediaTypes,
		Accepted: []map[string]string{}, Organisations: append([]string{}, u.Organisations...)}
	for _, label := range u.Accepted {
		view.Accepted = append(view.Accepted, label)
	}
	return view
}

type storefrontField struct {
	Name      string            `json:"name" doc:"Its name in the answer." example:"employee_number"`
	Label     map[string]string `json:"label" doc:"What shoppers read, by language." example:"{\"en\":\"Employee number\"}"`
	Type      string            `json:"type" enum:"text,email,number,date" doc:"What it takes: text, a mail address, digits, or a date (2006-01-02)." example:"text"`
	Required  bool              `json:"required" doc:"Whether it must be given." example:"true"`
	MaxLength int               `json:"max_length" doc:"In characters." example:"40"`
}

type storefrontOffer struct {
	ID          string            `json:"id" doc:"The offer's id." example:"off_01920000-0000-7000-8000-000000000002"`
	Name        string            `json:"name" doc:"The offer's name, in the language asked for when it has one." example:"20 % for students"`
	Description string            `json:"description" doc:"What shoppers read; empty when there is no text." example:"On everything, all year."`
	Group       string            `json:"group" doc:"Who it is for; empty for everybody." example:"student"`
	Subgroup    *string           `json:"subgroup" doc:"The part of the group that it is for, if any." example:"university"`
	Benefit     storefrontBenefit `json:"benefit" doc:"What it gives."`
	EndsAt      *time.Time        `json:"ends_at" doc:"Until when, if it ends." example:"2026-12-31T23:00:00Z"`
}

type storefrontBenefit struct {
	Type        offers.BenefitType `json:"type" enum:"percentage,fixed_amount,fixed_price,free_shipping,gift_line,points_multiplier,bonus_points" doc:"The kind of benefit. More may come: a page shows one that it does not know by the offer's name." example:"percentage"`
	Target      offers.Target      `json:"target" enum:"order,lines,shipping" doc:"What it is on." example:"order"`
	BasisPoints int64              `json:"basis_points,omitempty" doc:"Hundredths of a percent. With percentage: 2000 is 20 %; with points_multiplier: 20000 is twice." example:"2000"`
	Amount      int64              `json:"amount,omitempty" doc:"Minor units: what fixed_amount takes off, what fixed_price leaves to pay." example:"500"`
	Currency    string             `json:"currency,omitempty" doc:"ISO 4217 currency of the amount." example:"USD"`
	Categories  []string           `json:"categories,omitempty" doc:"With target lines: those in one of these." example:"[\"books\"]"`
	SKUs        []string           `json:"skus,omitempty" doc:"With target lines: those of one of these articles, too." example:"[\"sku-1\"]"`
	Maximum     int64              `json:"maximum,omitempty" doc:"The discount is never more than this, in minor units; no bound when left out." example:"10000"`
	Points      int64              `json:"points,omitempty" doc:"The points given on top. With bonus_points." example:"100"`
	Gift        *storefrontGift    `json:"gift,omitempty" doc:"What costs nothing. With gift_line."`
}

type storefrontGift struct {
	SKU      string `json:"sku" doc:"The article." example:"sku-sticker"`
	Quantity int64  `json:"quantity" doc:"Units of it, at most." example:"1"`
}

// maxProviders bounds the providers that stand in the answer itself.
const maxProviders = 50

func getStorefront(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "get-storefront", Method: http.MethodGet, Path: "/v1/storefront", Tag: "Storefront",
		Summary:     "What a store offers, and what can be proven",
		Description: "Everything a page needs to begin: the store's languages and look, the consent text, the groups, sign-in providers and live offers.",
		Allow:       api.Allow(api.Publishable, api.Secret), Scope: "storefront:read",
	}, func(ctx context.Context, in *storefrontInput) (*api.Reply[storefrontView], error) {
		c := api.CallerFrom(ctx)
		front, err := d.Verifications.Storefront(ctx, c.StoreRef())
		if err != nil {
			return nil, err
		}
		live, err := d.Offers.LiveOffers(ctx, c.Store.ID, c.Store.Now(d.Now()))
		if err != nil {
			return nil, err
		}
		set := c.Store.Settings
		view := storefrontView{
			Store: storefrontStore{ID: c.Store.ID, Name: c.Store.Name, Mode: string(c.Store.Mode), Locales: orEmpty(set.Locales), Theme: orNone(set.Theme)},
			Consent: storefrontConsent{Version: set.Consent.Version, Text: orNone(set.Consent.Text),
				MarketingText: orNone(set.Consent.MarketingText), PrivacyURL: set.Consent.PrivacyURL},
			Groups: groupViews(front.Groups), Providers: []storefrontProvider{}, Offers: []storefrontOffer{},
		}
		view.Forms = formViews(front.Forms)
		view.ProvidersTotal = len(front.Providers)
		for _, p := range front.Providers[:min(len(front.Providers), maxProviders)] {
			view.Providers = append(view.Providers, storefrontProvider(p))
		}
		locale := in.Locale
		if locale == "" && len(set.Locales) > 0 {
			locale = set.Locales[0]
		}
		for _, o := range live {
			view.Offers = append(view.Offers, storefrontOffer{ID: o.ID, Name: o.NameIn(locale), Group: o.Group, Subgroup: optional(o.Subgroup),
				Description: verify.Label(o.Description).In(locale), Benefit: benefitView(o.Benefit), EndsAt: o.EndsAt})
		}
		return api.OK(view)
	})
}

func benefitView(b offers.Benefit) storefrontBenefit {
	v := storefrontBenefit{Type: b.Type, Target: b.On(), BasisPoints: b.BasisPoints, Amount: b.Amount, Currency: b.Currency,
		Categories: b.Categories, SKUs: b.SKUs, Maximum: b.Maximum, Points: b.Points}
	if b.Gift != nil {
		v.Gift = &storefrontGift{SKU: b.Gift.SKU, Quantity: b.Gift.Quantity}
	}
	return v
}

func formViews(forms []verify.Form) []storefrontForm {
	out := make([]storefrontForm, len(forms))
	for i, f := range forms {
		out[i] = storefrontForm{ID: f.Requirement.Instance(), Requirement: f.Requirement, Name: f.Name, Fields: []storefrontField{}, Upload: uploadView(f.Upload)}
		for _, field := range f.Fields {
			out[i].Fields = append(out[i].Fields, storefrontField{Name: field.Name, Label: orNone(field.Label), Type: field.Kind,
				Required: field.Required, MaxLength: field.MaxLength})
		}
	}
	return out
}

func groupViews(groups []verify.Group) []storefrontGroup {
	out := make([]storefrontGroup, len(groups))
	for i, g := range groups {
		out[i] = storefrontGroup{Group: g.Name, Label: orNone(g.Label), Subgroups: []storefrontSubgroup{}}
		for _, s := range g.Subgroups {
			out[i].Subgroups = append(out[i].Subgroups, storefrontSubgroup{Subgroup: s.Name, Label: orNone(s.Label)})
		}
	}
	return out
}

func orNone(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func orEmpty(l []string) []string {
	if l == nil {
		return []string{}
	}
	return l
}

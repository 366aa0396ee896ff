package checkout

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/api"
	core "github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

type eligibleInput struct {
	Customer string `query:"customer" maxLength:"255" doc:"Whose offers, for a secret key. A customer session names its own." example:"c-1"`
	Locale   string `query:"locale" maxLength:"20" doc:"The language of names and descriptions; the store's first when left out." example:"de"`
}

type eligibleList struct {
	Data       []eligibleView `json:"data" doc:"The offers, the first to apply first."`
	NextCursor *string        `json:"next_cursor" doc:"Always null: all are listed."`
}

type eligibleView struct {
	ID          string          `json:"id" doc:"The offer's id: ask for its token with it." example:"off_01920000-0000-7000-8000-000000000002"`
	Name        string          `json:"name" doc:"The offer's name." example:"Students save 20 %"`
	Description string          `json:"description,omitempty" doc:"What the offer says of itself." example:"On everything, once a month."`
	Group       string          `json:"group,omitempty" doc:"Whom it is for." example:"student"`
	Subgroup    string          `json:"subgroup,omitempty" doc:"The part of the group." example:"university"`
	Tier        string          `json:"tier,omitempty" doc:"The least tier of the program." example:"silver"`
	Benefit     eligibleBenefit `json:"benefit" doc:"What it gives."`
	EndsAt      *time.Time      `json:"ends_at" doc:"Until when; null for no end." example:"2026-12-31T23:00:00Z"`
	UsesLeft    *int64          `json:"uses_left" doc:"How often the customer may use it still; null when that is not limited for one customer." example:"1"`
	Eligible    bool            `json:"eligible" doc:"Whether the customer can have it now. Whether it applies to a cart, the evaluation tells." example:"true"`
	Reason      string          `json:"reason,omitempty" enum:"offer_not_live,not_verified,tier_not_met,limit_reached,budget_exhausted" doc:"Why not." example:"not_verified"`
}

type eligibleBenefit struct {
	Type        string `json:"type" doc:"The kind of benefit, as in the offer." example:"percentage"`
	Target      string `json:"target,omitempty" doc:"What it is on: order, lines or shipping." example:"order"`
	BasisPoints int64  `json:"basis_points,omitempty" doc:"Hundredths of a percent, or of the points." example:"2000"`
	Amount      int64  `json:"amount,omitempty" doc:"Minor units of currency." example:"500"`
	Currency    string `json:"currency,omitempty" doc:"ISO 4217." example:"USD"`
	Maximum     int64  `json:"maximum,omitempty" doc:"The most that it gives, in minor units of the cart's currency." example:"5000"`
	Points      int64  `json:"points,omitempty" doc:"Points on top." example:"100"`
}

func listEligible(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "list-eligible-offers", Method: http.MethodGet, Path: "/v1/offers/eligible", Tag: "Offer tokens",
		Summary: "List a customer's offers",
		Description: "What a customer can have now: for \"your offers\" on an account page. A customer session sees the offers that it can get; a secret key also the " +
			"others, each with the reason. Changes nothing. Limits, dates, group and tier are looked at; what depends on a cart, a rule among it, is not.",
		Allow: api.Allow(api.Customer, api.Secret), Scope: "offers:read",
	}, func(ctx context.Context, in *eligibleInput) (*api.Reply[eligibleList], error) {
		c := api.CallerFrom(ctx)
		customer, err := whose(c, in.Customer)
		if err != nil {
			return nil, err
		}
		list, err := d.Checkout.Eligible(ctx, c.Store, customer, c.Kind == api.Secret)
		if err != nil {
			return nil, err
		}
		locales := append([]string{in.Locale}, c.Store.Settings.Locales...)
		out := eligibleList{Data: make([]eligibleView, len(list))}
		for i, e := range list {
			out.Data[i] = eligibleOf(e, locales)
		}
		return api.OK(out)
	})
}

// whose settles for whom a caller may ask.
func whose(c api.Caller, customer string) (string, error) {
	switch {
	case c.Kind == api.Customer && customer != "" && customer != c.Customer:
		return "", offers.ErrCustomer.At("#query/customer", "leave it out: the session names the customer")
	case c.Kind == api.Customer:
		return c.Customer, nil
	case customer == "":
		return "", fault.New(fault.Invalid, "Say whose offers are meant.").At("#query/customer", "is required with a secret key")
	}
	return customer, nil
}

func eligibleOf(e core.Eligible, locales []string) eligibleView {
	o, b := e.Offer, e.Offer.Benefit
	v := eligibleView{ID: o.ID, Name: inLocale(o.Names, locales), Description: inLocale(o.Description, locales), Group: o.Group, Subgroup: o.Subgroup, Tier: o.Tier,
		Benefit: eligibleBenefit{Type: string(b.Type), Target: string(b.Target), BasisPoints: b.BasisPoints, Amount: b.Amount, Currency: b.Currency, Maximum: b.Maximum,
			Points: b.Points},
		EndsAt: o.EndsAt, Eligible: e.Reason == "", Reason: e.Reason}
	if v.Name == "" {
		v.Name = o.Name
	}
	if e.Limited {
		v.UsesLeft = &e.Left
	}
	return v
}

// inLocale is the text in the first of the languages that there is one in; a language stands for its regions.
func inLocale(texts map[string]string, locales []string) string {
	for _, l := range locales {
		if t := texts[l]; t != "" {
			return t
		}
		language, _, _ := strings.Cut(l, "-")
		if t := texts[language]; t != "" {
			return t
		}
	}
	return ""
}

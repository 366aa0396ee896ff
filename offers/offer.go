package offers

import (
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// State is where an offer is in its life.
type State string

// The states of an offer. Only a live offer gives tokens and discounts.
const (
	Draft  State = "draft"
	Live   State = "live"
	Paused State = "paused"
	Ended  State = "ended"
)

// BenefitType is what an offer gives.
type BenefitType string

// The benefits.
const (
	Percentage   BenefitType = "percentage"
	FixedAmount  BenefitType = "fixed_amount"
	FreeShipping BenefitType = "free_shipping"
)

// Benefit is what the shopper gets.
type Benefit struct {
	Type BenefitType `json:"type"`
	// BasisPoints is the percentage in hundredths of a percent, 1 to 10,000. Percentage only.
	BasisPoints int64 `json:"basis_points,omitempty"`
	// Amount is in minor units of Currency. FixedAmount only.
	Amount   int64  `json:"amount,omitempty"`
	Currency string `json:"currency,omitempty"`
	// Categories restricts the discount to lines in one of them; empty means the whole order.
	Categories []string `json:"categories,omitempty"`
	// Maximum bounds the discount, in minor units of the cart's currency. Zero means no bound.
	Maximum int64 `json:"maximum,omitempty"`
}

// Limits bound the uses of an offer. Zero means no limit.
type Limits struct {
	Total       int64 `json:"total,omitempty"`
	PerPerson   int64 `json:"per_person,omitempty"`
	PerCustomer int64 `json:"per_customer,omitempty"`
}

// Offer is what a store gives, to whom, when, how often. A version of an offer never changes.
type Offer struct {
	Store       string            `json:"-"`
	ID          string            `json:"-"`
	Version     int64             `json:"-"`
	State       State             `json:"state"`
	Name        string            `json:"name"`
	Description map[string]string `json:"description,omitempty"`
	// Group and Subgroup say who must be verified; an empty Group means everybody.
	Group    string  `json:"group,omitempty"`
	Subgroup string  `json:"subgroup,omitempty"`
	Benefit  Benefit `json:"benefit"`
	// MinimumOrder is the least subtotal of the order, in minor units of the cart's currency.
	MinimumOrder int64      `json:"minimum_order,omitempty"`
	StartsAt     *time.Time `json:"starts_at,omitempty"`
	EndsAt       *time.Time `json:"ends_at,omitempty"`
	Limits       Limits     `json:"limits"`
	// TokenSeconds is how long an offer token lives, at most 86,400.
	TokenSeconds int64 `json:"token_seconds"`
	// Priority orders offers on one order: higher first, each on what the ones before it left.
	Priority int64 `json:"priority,omitempty"`
	// Exclusive offers stand alone on an order.
	Exclusive bool `json:"exclusive,omitempty"`
}

// DefaultTokenSeconds and MaxTokenSeconds bound the life of an offer token.
const (
	DefaultTokenSeconds = 600
	MaxTokenSeconds     = 86_400
)

// Check refuses an offer that cannot work, naming every part that is wrong.
func (o Offer) Check() error {
	f := fault.New(fault.Invalid, "The offer cannot be saved. See errors for the parts to change.")
	bad := f
	note := func(wrong bool, pointer, detail string) {
		if wrong {
			bad = bad.At(pointer, detail)
		}
	}
	note(o.Name == "" || len(o.Name) > 200, "#/name", "must be 1 to 200 bytes")
	note(!slices.Contains([]State{Draft, Live, Paused, Ended}, o.State), "#/state", "must be draft, live, paused or ended")
	note(o.Subgroup != "" && o.Group == "", "#/subgroup", "needs a group")
	b := o.Benefit
	switch b.Type {
	case Percentage:
		note(b.BasisPoints < 1 || b.BasisPoints > 10_000, "#/benefit/basis_points", "must be 1 to 10000 (100 %)")
		note(b.Amount != 0, "#/benefit/amount", "belongs to fixed_amount only")
	case FixedAmount:
		note(b.Amount < 1 || b.Amount > MaxTotal, "#/benefit/amount", "must be at least 1 minor unit")
		note(CheckCurrency(b.Currency) != nil, "#/benefit/currency", "must be an ISO 4217 code in capital letters")
		note(b.BasisPoints != 0, "#/benefit/basis_points", "belongs to percentage only")
	case FreeShipping:
		note(b.BasisPoints != 0, "#/benefit/basis_points", "belongs to percentage only")
		note(b.Amount != 0, "#/benefit/amount", "belongs to fixed_amount only")
		note(len(b.Categories) != 0, "#/benefit/categories", "shipping is not split by category")
	default:
		note(true, "#/benefit/type", "must be percentage, fixed_amount or free_shipping")
	}
	note(b.Maximum < 0 || b.Maximum > MaxTotal, "#/benefit/maximum", "must be at least 0")
	note(o.MinimumOrder < 0 || o.MinimumOrder > MaxTotal, "#/minimum_order", "must be at least 0")
	note(o.Limits.Total < 0, "#/limits/total", "must be at least 0; 0 means no limit")
	note(o.Limits.PerPerson < 0, "#/limits/per_person", "must be at least 0; 0 means no limit")
	note(o.Limits.PerCustomer < 0, "#/limits/per_customer", "must be at least 0; 0 means no limit")
	note(o.TokenSeconds < 60 || o.TokenSeconds > MaxTokenSeconds, "#/token_seconds", "must be 60 to 86400 seconds")
	note(o.StartsAt != nil && o.EndsAt != nil && !o.StartsAt.Before(*o.EndsAt), "#/ends_at", "must be after starts_at")
	if bad != f {
		return bad
	}
	return nil
}

// ErrOfferNotLive says that an offer gives nothing now.
var ErrOfferNotLive = fault.New(fault.OfferNotLive, "This offer is not live now: it is a draft, paused, ended, or outside its dates.")

// Available refuses an offer that is not live at now.
func (o Offer) Available(now time.Time) error {
	if o.State != Live || o.StartsAt != nil && now.Before(*o.StartsAt) || o.EndsAt != nil && !now.Before(*o.EndsAt) {
		return ErrOfferNotLive
	}
	return nil
}

// Suits tells whether someone verified for group and subgroup may have the offer.
func (o Offer) Suits(group, subgroup string) bool {
	return o.Group == "" || o.Group == group && (o.Subgroup == "" || o.Subgroup == subgroup)
}

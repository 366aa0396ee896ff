package offers

import (
	"strings"
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
	Percentage       BenefitType = "percentage"
	FixedAmount      BenefitType = "fixed_amount"
	FixedPrice       BenefitType = "fixed_price"
	FreeShipping     BenefitType = "free_shipping"
	GiftLine         BenefitType = "gift_line"
	PointsMultiplier BenefitType = "points_multiplier"
	BonusPoints      BenefitType = "bonus_points"
)

// Target is what a benefit is on.
type Target string

// The targets. An empty target is the whole order, or the chosen lines when some are chosen.
const (
	OnOrder    Target = "order"
	OnLines    Target = "lines"
	OnShipping Target = "shipping"
)

// How a discount is spread: one sum across what it is on, or one for each unit.
const (
	Across = "across"
	Each   = "each"
)

// Benefit is what the shopper gets.
type Benefit struct {
	Type BenefitType `json:"type"`
	// Target says what the benefit is on.
	Target Target `json:"target,omitempty"`
	// Categories and SKUs choose lines: those in one of the categories, and those of one of the SKUs.
	Categories []string `json:"categories,omitempty"`
	SKUs       []string `json:"skus,omitempty"`
	// Method is Across (the default) or Each.
	Method string `json:"method,omitempty"`
	// BasisPoints are hundredths of a percent. A percentage has 1 to 10,000; a points multiplier 10,001 (1.0001 times)
	// to 1,000,000 (100 times).
	BasisPoints int64 `json:"basis_points,omitempty"`
	// Amount is in minor units of Currency: what is taken off (fixed amount), or what is left to pay (fixed price).
	Amount   int64  `json:"amount,omitempty"`
	Currency string `json:"currency,omitempty"`
	// Maximum bounds the discount, in minor units of the cart's currency. Zero means no bound.
	Maximum int64 `json:"maximum,omitempty"`
	// Points are given on top. Bonus points only.
	Points int64 `json:"points,omitempty"`
	// Gift is what is given. Gift lines only.
	Gift *Gift `json:"gift,omitempty"`
}

// Gift is a number of units of a product that cost nothing.
type Gift struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
}

// Limits bound the uses of an offer. Zero means no limit.
type Limits struct {
	Total       int64 `json:"total,omitempty"`
	PerPerson   int64 `json:"per_person,omitempty"`
	PerCustomer int64 `json:"per_customer,omitempty"`
	// PerOrder is how often the offer may be used on one order, by as many tokens. Zero means once.
	PerOrder int64 `json:"per_order,omitempty"`
	// Periods bound the uses in a stretch of time.
	Periods []PeriodLimit `json:"periods,omitempty"`
	// Budget bounds the sum of the discounts.
	Budget *Budget `json:"budget,omitempty"`
}

// PeriodLimit bounds the uses in a stretch of time: of Days that slide with the clock, or of a calendar unit in the
// offer's time zone.
type PeriodLimit struct {
	By   CounterScope `json:"by"`
	Uses int64        `json:"uses"`
	// Days is the length of a sliding stretch, 1 to 3,660.
	Days int64 `json:"days,omitempty"`
	// Calendar is day, week (from Monday, ISO 8601), month, quarter or year.
	Calendar string `json:"calendar,omitempty"`
}

// Budget is the most that all discounts of an offer may come to. Orders in another currency do not get the offer.
type Budget struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	// Restore gives back to the budget what refunds take back.
	Restore bool `json:"restore,omitempty"`
}

// Campaign makes an offer come back every year around a day of the calendar.
type Campaign struct {
	// Event is a name of Events, such as teacher_appreciation_week.
	Event string `json:"event"`
	// DaysBefore and DaysAfter make the campaign longer than the event, each 0 to 60.
	DaysBefore int `json:"days_before,omitempty"`
	DaysAfter  int `json:"days_after,omitempty"`
}

// Offer is what a store gives, to whom, when, how often. A version of an offer never changes.
type Offer struct {
	Store   string `json:"-"`
	ID      string `json:"-"`
	Version int64  `json:"-"`
	State   State  `json:"state"`
	Name    string `json:"name"`
	// Names and Description are by locale (BCP 47). Name is for all others.
	Names       map[string]string `json:"names,omitempty"`
	Description map[string]string `json:"description,omitempty"`
	// Group and Subgroup say who must be verified; an empty Group means everybody.
	Group    string `json:"group,omitempty"`
	Subgroup string `json:"subgroup,omitempty"`
	// Tier is the least tier of the program that a member must have.
	Tier    string  `json:"tier,omitempty"`
	Benefit Benefit `json:"benefit"`
	// MinimumOrder is the least subtotal of the order, in minor units of the cart's currency.
	MinimumOrder int64      `json:"minimum_order,omitempty"`
	StartsAt     *time.Time `json:"starts_at,omitempty"`
	EndsAt       *time.Time `json:"ends_at,omitempty"`
	// TimeZone is an IANA name: where the campaign's days and the limits' calendar periods begin.
	TimeZone string    `json:"time_zone,omitempty"`
	Campaign *Campaign `json:"campaign,omitempty"`
	Limits   Limits    `json:"limits"`
	// TokenSeconds is how long an offer token lives, at most 86,400.
	TokenSeconds int64 `json:"token_seconds"`
	// Priority orders offers on one order: higher first, each on what the ones before it left.
	Priority int64 `json:"priority,omitempty"`
	// Exclusive offers stand alone on an order.
	Exclusive bool `json:"exclusive,omitempty"`
	// Category is a name that offers share of which one order gets only one.
	Category string `json:"category,omitempty"`
	// Rule is a condition in CEL (package rule). Empty means none.
	Rule string `json:"rule,omitempty"`
	// CodePool hands out the storefront platform's own codes, one with each token.
	CodePool bool `json:"code_pool,omitempty"`

	// ready is what Prepare and In made of the text.
	ready *ready
}

// DefaultTokenSeconds and MaxTokenSeconds bound the life of an offer token.
const (
	DefaultTokenSeconds = 600
	MaxTokenSeconds     = 86_400
)

// ErrOfferNotLive says that an offer gives nothing now.
var ErrOfferNotLive = fault.New(fault.OfferNotLive, "This offer is not live now: it is a draft, paused, ended, or outside its dates. Show the price without it.")

// Available refuses an offer that is not live at now: by its state, its dates, or the days of its campaign.
func (o *Offer) Available(now time.Time) error {
	if o.State != Live || !o.inWindow(now) || o.Campaign != nil && !o.Campaign.On(now, o.Zone()) {
		return ErrOfferNotLive
	}
	return nil
}

func (o *Offer) inWindow(now time.Time) bool {
	return (o.StartsAt == nil || !now.Before(*o.StartsAt)) && (o.EndsAt == nil || now.Before(*o.EndsAt))
}

// NameIn is the offer's name in a language: that of the locale, of its language alone, or the one for all others.
func (o *Offer) NameIn(locale string) string {
	for locale != "" {
		if name, ok := o.Names[locale]; ok {
			return name
		}
		cut := strings.LastIndexByte(locale, '-')
		locale = locale[:max(cut, 0)]
	}
	return o.Name
}

// Suits tells whether someone verified for group and subgroup may have the offer.
func (o Offer) Suits(group, subgroup string) bool {
	return o.Group == "" || o.Group == group && (o.Subgroup == "" || o.Subgroup == subgroup)
}

package offers

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"golang.org/x/text/language"
)

// Bounds of an offer.
const (
	// MaxRule is the longest rule, in bytes.
	MaxRule = 4096
	// MaxBasisPoints is the largest points multiplier: 100 times.
	MaxBasisPoints = 1_000_000
	// MaxUses bounds every limit that counts uses.
	MaxUses = 1_000_000_000_000
	// MaxBonus bounds the points that one offer gives.
	MaxBonus = 1_000_000_000

	maxChosen      = 100
	maxChosenBytes = 100
	maxLocales     = 50
	maxPeriods     = 10
	maxCampaignDay = 60
)

// checking gathers what is wrong with an offer.
type checking struct{ bad *fault.Fault }

func (c *checking) note(wrong bool, pointer, detail string) {
	if wrong {
		c.bad = c.bad.At(pointer, detail)
	}
}

// Check refuses an offer that cannot work, naming every part that is wrong by a JSON pointer. It does not compile the
// rule: Prepare does. Faults: invalid.
func (o Offer) Check() error {
	f := fault.New(fault.Invalid, "The offer cannot be saved. See errors for the parts to change.")
	c := &checking{bad: f}
	c.note(o.Name == "" || len(o.Name) > 200, "#/name", "must be 1 to 200 bytes")
	c.note(!slices.Contains([]State{Draft, Live, Paused, Ended}, o.State), "#/state", "must be draft, live, paused or ended")
	c.texts("#/names", o.Names, 1, 200)
	c.texts("#/description", o.Description, 0, 2000)
	c.note(o.Subgroup != "" && o.Group == "", "#/subgroup", "needs a group")
	c.note(len(o.Tier) > 64, "#/tier", "must be at most 64 bytes")
	c.benefit(o.Benefit)
	c.note(o.MinimumOrder < 0 || o.MinimumOrder > MaxTotal, "#/minimum_order", "must be at least 0")
	c.when(o)
	c.limits(o.Limits, o.Benefit)
	c.note(o.TokenSeconds < 60 || o.TokenSeconds > MaxTokenSeconds, "#/token_seconds", "must be 60 to 86400 seconds")
	c.note(len(o.Category) > 64, "#/category", "must be at most 64 bytes")
	c.note(len(o.Rule) > MaxRule, "#/rule", "must be at most 4096 bytes")
	if c.bad != f {
		return c.bad
	}
	return nil
}

// escapePointer writes a key into a JSON pointer (RFC 6901, section 3).
var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

// texts checks texts by locale.
func (c *checking) texts(pointer string, texts map[string]string, shortest, longest int) {
	c.note(len(texts) > maxLocales, pointer, fmt.Sprintf("must be at most %d languages", maxLocales))
	for _, locale := range slices.Sorted(maps.Keys(texts)) {
		at := pointer + "/" + url.PathEscape(escapePointer.Replace(locale))
		_, err := language.Parse(locale)
		c.note(err != nil, at, "is not a language tag (BCP 47) such as en or pt-BR")
		text := texts[locale]
		c.note(len(text) < shortest || len(text) > longest, at, fmt.Sprintf("must be %d to %d bytes", shortest, longest))
	}
}

func (c *checking) when(o Offer) {
	c.note(o.StartsAt != nil && o.EndsAt != nil && !o.StartsAt.Before(*o.EndsAt), "#/ends_at", "must be after starts_at")
	if o.TimeZone != "" {
		_, err := loadZone(o.TimeZone)
		c.note(err != nil, "#/time_zone", "is not a time zone of the IANA database, such as Europe/Berlin")
	}
	if o.Campaign == nil {
		return
	}
	_, known := EventNamed(o.Campaign.Event)
	c.note(!known, "#/campaign/event", "is not an event that Laurel knows")
	c.note(o.Campaign.DaysBefore < 0 || o.Campaign.DaysBefore > maxCampaignDay, "#/campaign/days_before", "must be 0 to 60")
	c.note(o.Campaign.DaysAfter < 0 || o.Campaign.DaysAfter > maxCampaignDay, "#/campaign/days_after", "must be 0 to 60")
}

func (c *checking) limits(l Limits, b Benefit) {
	for _, count := range []struct {
		pointer string
		value   int64
	}{{"#/limits/total", l.Total}, {"#/limits/per_person", l.PerPerson}, {"#/limits/per_customer", l.PerCustomer}} {
		c.note(count.value < 0 || count.value > MaxUses, count.pointer, "must be at least 0; 0 means no limit")
	}
	c.note(l.PerOrder < 0 || l.PerOrder > 100, "#/limits/per_order", "must be 0 to 100; 0 means once")
	c.note(len(l.Periods) > maxPeriods, "#/limits/periods", fmt.Sprintf("must be at most %d", maxPeriods))
	for i, p := range l.Periods {
		at := fmt.Sprintf("#/limits/periods/%d", i)
		c.note(p.By != ScopeTotal && p.By != ScopePerson && p.By != ScopeCustomer, at+"/by", "must be total, person or customer")
		c.note(p.Uses < 1 || p.Uses > MaxUses, at+"/uses", "must be at least 1")
		c.note((p.Days == 0) == (p.Calendar == ""), at, "needs exactly one of days and calendar")
		c.note(p.Days < 0 || p.Days > 3660, at+"/days", "must be 1 to 3660")
		c.note(p.Calendar != "" && !slices.Contains([]string{"day", "week", "month", "quarter", "year"}, p.Calendar),
			at+"/calendar", "must be day, week, month, quarter or year")
		c.note(slices.ContainsFunc(l.Periods[:i], func(q PeriodLimit) bool { return q.By == p.By && q.Days == p.Days && q.Calendar == p.Calendar }),
			at, "limits the same stretch of time as an earlier one")
	}
	if l.Budget == nil {
		return
	}
	c.note(l.Budget.Amount < 1 || l.Budget.Amount > MaxTotal, "#/limits/budget/amount", "must be at least 1 minor unit")
	c.note(CheckCurrency(l.Budget.Currency) != nil, "#/limits/budget/currency", "must be an ISO 4217 code in capital letters")
	c.note(b.Currency != "" && b.Currency != l.Budget.Currency, "#/limits/budget/currency", "must be the benefit's currency")
	c.note(b.EarnsPoints(), "#/limits/budget", "belongs to benefits that take money off; limit points by uses")
}

// benefit checks one benefit: that its parts are there and good, and that it has no part of another one.
func (c *checking) benefit(b Benefit) {
	has, known := parts[b.Type]
	if !known {
		c.note(true, "#/benefit/type", "must be percentage, fixed_amount, fixed_price, free_shipping, gift_line, points_multiplier or bonus_points")
		return
	}
	switch b.Type {
	case Percentage:
		c.note(b.BasisPoints < 1 || b.BasisPoints > 10_000, "#/benefit/basis_points", "must be 1 to 10000 (100 %)")
	case PointsMultiplier:
		c.note(b.BasisPoints < 10_001 || b.BasisPoints > MaxBasisPoints, "#/benefit/basis_points", "must be 10001 (1.0001 times) to 1000000 (100 times)")
	case FixedAmount:
		c.note(b.Amount < 1 || b.Amount > MaxTotal, "#/benefit/amount", "must be at least 1 minor unit")
	case FixedPrice:
		c.note(b.Amount < 0 || b.Amount > MaxTotal, "#/benefit/amount", "must be at least 0")
	case BonusPoints:
		c.note(b.Points < 1 || b.Points > MaxBonus, "#/benefit/points", fmt.Sprintf("must be 1 to %d", MaxBonus))
	case GiftLine:
		c.gift(b.Gift)
	}
	c.note(has.currency && CheckCurrency(b.Currency) != nil, "#/benefit/currency", "must be an ISO 4217 code in capital letters")
	c.note(!has.basisPoints && b.BasisPoints != 0, "#/benefit/basis_points", "belongs to percentage and points_multiplier only")
	c.note(!has.currency && b.Amount != 0, "#/benefit/amount", "belongs to fixed_amount and fixed_price only")
	c.note(!has.currency && b.Currency != "", "#/benefit/currency", "belongs to fixed_amount and fixed_price only")
	c.note(b.Type != BonusPoints && b.Points != 0, "#/benefit/points", "belongs to bonus_points only")
	c.note(b.Type != GiftLine && b.Gift != nil, "#/benefit/gift", "belongs to gift_line only")
	c.note(b.Maximum < 0 || b.Maximum > MaxTotal, "#/benefit/maximum", "must be at least 0")
	c.note(!has.maximum && b.Maximum != 0, "#/benefit/maximum", "bounds a discount; this benefit has another measure")
	c.target(b, has)
}

// part says which parts a benefit has: basis points, an amount with its currency, a maximum, a method, and whether it can
// be on lines or on shipping.
type part struct{ basisPoints, currency, maximum, method, lines, shipping bool }

var parts = map[BenefitType]part{
	Percentage:       {basisPoints: true, maximum: true, method: true, lines: true, shipping: true},
	FixedAmount:      {currency: true, maximum: true, method: true, lines: true, shipping: true},
	FixedPrice:       {currency: true, maximum: true, method: true, lines: true, shipping: true},
	FreeShipping:     {maximum: true, shipping: true},
	GiftLine:         {},
	PointsMultiplier: {basisPoints: true, lines: true},
	BonusPoints:      {lines: true},
}

func (c *checking) gift(g *Gift) {
	if g == nil {
		c.note(true, "#/benefit/gift", "is required by gift_line")
		return
	}
	c.note(g.SKU == "" || len(g.SKU) > maxChosenBytes, "#/benefit/gift/sku", "must be 1 to 100 bytes")
	c.note(g.Quantity < 1 || g.Quantity > MaxQuantity, "#/benefit/gift/quantity", fmt.Sprintf("must be 1 to %d", MaxQuantity))
}

// target checks what a benefit is on, and the choice of lines.
func (c *checking) target(b Benefit, has part) {
	chooses := len(b.Categories)+len(b.SKUs) > 0
	switch b.Target {
	case "":
	case OnOrder:
		c.note(!has.lines, "#/benefit/target", "is not what this benefit can be on")
		c.note(chooses, "#/benefit/target", "must be lines when lines are chosen by category or SKU")
	case OnLines:
		c.note(!has.lines, "#/benefit/target", "is not what this benefit can be on")
		c.note(has.lines && !chooses, "#/benefit/categories", "or skus must choose lines when the target is lines")
	case OnShipping:
		c.note(!has.shipping, "#/benefit/target", "is not what this benefit can be on")
	default:
		c.note(true, "#/benefit/target", "must be order, lines or shipping")
	}
	whole := !has.lines || b.Target == OnShipping
	c.note(whole && len(b.Categories) > 0, "#/benefit/categories", "choose lines, and this benefit is not on lines")
	c.note(whole && len(b.SKUs) > 0, "#/benefit/skus", "choose lines, and this benefit is not on lines")
	c.chosen("#/benefit/categories", b.Categories)
	c.chosen("#/benefit/skus", b.SKUs)
	c.note(b.Method != "" && b.Method != Across && b.Method != Each, "#/benefit/method", "must be across or each")
	c.note(!has.method && b.Method != "", "#/benefit/method", "belongs to benefits that are spread over lines")
	c.note(has.method && b.Target == OnShipping && b.Method == Each, "#/benefit/method", "must be across: shipping is one sum")
}

func (c *checking) chosen(pointer string, names []string) {
	c.note(len(names) > maxChosen, pointer, fmt.Sprintf("must be at most %d", maxChosen))
	for i, n := range names {
		c.note(n == "" || len(n) > maxChosenBytes, fmt.Sprintf("%s/%d", pointer, i), "must be 1 to 100 bytes")
	}
}

// loadZone opens a time zone by its IANA name. "Local" is the machine's, and means nothing to a store.
func loadZone(name string) (*time.Location, error) {
	if name == "Local" {
		return nil, fmt.Errorf("time zone %q belongs to a machine", name)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone: %w", err)
	}
	return z, nil
}

package offers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/offers/rule"
)

// Why an offer was not applied. These are part of the contract.
const (
	ReasonNotLive    = "offer_not_live"
	ReasonExclusive  = "exclusive_offer"
	ReasonDuplicate  = "offer_already_applied"
	ReasonCategory   = "category_taken"
	ReasonMinimum    = "minimum_not_met"
	ReasonCurrency   = "currency_mismatch"
	ReasonCustomer   = "customer_needed"
	ReasonTier       = "tier_not_met"
	ReasonRule       = "rule_not_met"
	ReasonNoLines    = "no_matching_lines"
	ReasonNoShipping = "no_shipping"
	ReasonNothing    = "nothing_left_to_discount"
)

// Reasons lists every reason, in the order in which they are judged.
var Reasons = []string{
	ReasonNotLive, ReasonExclusive, ReasonDuplicate, ReasonCategory, ReasonMinimum, ReasonCurrency, ReasonCustomer, ReasonTier, ReasonRule,
	ReasonNoLines, ReasonNoShipping, ReasonNothing,
}

// condition is one thing that must hold before an offer applies.
type condition struct {
	name   string
	reason string
	// asked tells whether the offer has the condition at all.
	asked func(*Offer) bool
	holds func(*pricing, *Candidate) bool
	// saw and wants put into words what was compared. They are only called for a trace.
	saw   func(*pricing, *Candidate) string
	wants func(*pricing, *Offer) string
	// observe, if set, tells more of it in a trace.
	observe func(*pricing, *Candidate) []rule.Observation
}

// conditions in the order of judging: what the cart cannot change first, the costly rule last.
var conditions = []condition{
	{
		name: "state", reason: ReasonNotLive, asked: func(*Offer) bool { return true },
		holds: func(_ *pricing, c *Candidate) bool { return c.Offer.State == Live },
		saw:   func(_ *pricing, c *Candidate) string { return string(c.Offer.State) },
		wants: func(*pricing, *Offer) string { return string(Live) },
	},
	{
		name: "dates", reason: ReasonNotLive, asked: func(o *Offer) bool { return o.StartsAt != nil || o.EndsAt != nil },
		holds: func(p *pricing, c *Candidate) bool { return c.Offer.inWindow(p.now) },
		saw:   func(p *pricing, _ *Candidate) string { return p.now.UTC().Format(time.RFC3339) },
		wants: func(_ *pricing, o *Offer) string { return dates(o) },
	},
	{
		name: "campaign", reason: ReasonNotLive, asked: func(o *Offer) bool { return o.Campaign != nil },
		holds: func(p *pricing, c *Candidate) bool { return c.Offer.Campaign.On(p.now, c.Offer.Zone()) },
		saw: func(p *pricing, c *Candidate) string {
			return p.now.In(c.Offer.Zone()).Format(time.DateOnly) + " in " + c.Offer.Zone().String()
		},
		wants: func(p *pricing, o *Offer) string { return o.Campaign.words(p.now.In(o.Zone()).Year()) },
	},
	{
		name: "exclusive", reason: ReasonExclusive, asked: func(*Offer) bool { return true },
		holds: func(p *pricing, c *Candidate) bool {
			return !slices.ContainsFunc(p.taken, func(o *Offer) bool { return o.ID != c.Offer.ID && (o.Exclusive || c.Offer.Exclusive) })
		},
		saw:   func(p *pricing, c *Candidate) string { return p.others(c.Offer) },
		wants: func(_ *pricing, o *Offer) string { return wantsAlone(o) },
	},
	{
		name: "per_order", reason: ReasonDuplicate, asked: func(*Offer) bool { return true },
		holds: func(p *pricing, c *Candidate) bool { return p.uses(c.Offer) < max(1, c.Offer.Limits.PerOrder) },
		saw:   func(p *pricing, c *Candidate) string { return strconv.FormatInt(p.uses(c.Offer), 10) },
		wants: func(_ *pricing, o *Offer) string { return fmt.Sprintf("less than %d", max(1, o.Limits.PerOrder)) },
	},
	{
		name: "category", reason: ReasonCategory, asked: func(o *Offer) bool { return o.Category != "" },
		holds: func(p *pricing, c *Candidate) bool {
			return !slices.ContainsFunc(p.taken, func(o *Offer) bool { return o.ID != c.Offer.ID && o.Category == c.Offer.Category })
		},
		saw:   func(p *pricing, c *Candidate) string { return p.others(c.Offer) },
		wants: func(_ *pricing, o *Offer) string { return "no other offer of category " + o.Category },
	},
	{
		name: "minimum_order", reason: ReasonMinimum, asked: func(o *Offer) bool { return o.MinimumOrder > 0 },
		holds: func(p *pricing, c *Candidate) bool { return p.subtotal >= c.Offer.MinimumOrder },
		saw:   func(p *pricing, _ *Candidate) string { return strconv.FormatInt(p.subtotal, 10) },
		wants: func(_ *pricing, o *Offer) string { return fmt.Sprintf("at least %d", o.MinimumOrder) },
	},
	{
		name: "currency", reason: ReasonCurrency, asked: func(o *Offer) bool { return o.currency() != "" },
		holds: func(p *pricing, c *Candidate) bool { return p.cart.Currency == c.Offer.currency() },
		saw:   func(p *pricing, _ *Candidate) string { return p.cart.Currency },
		wants: func(_ *pricing, o *Offer) string { return o.currency() },
	},
	{
		name: "customer", reason: ReasonCustomer, asked: func(o *Offer) bool { return o.Benefit.EarnsPoints() },
		holds: func(_ *pricing, c *Candidate) bool { return c.shopper().Customer != "" },
		saw: func(_ *pricing, c *Candidate) string {
			return either(c.shopper().Customer != "", "a customer", "a guest")
		},
		wants: func(*pricing, *Offer) string { return "a customer" },
	},
	{
		name: "tier", reason: ReasonTier, asked: func(o *Offer) bool { return o.Tier != "" },
		holds: func(_ *pricing, c *Candidate) bool { return c.Offer.SuitsMember(c.shopper().Member) },
		saw: func(_ *pricing, c *Candidate) string {
			tier := c.shopper().Member.Tier()
			return either(tier != "", tier, "no tier")
		},
		wants: func(_ *pricing, o *Offer) string { return o.Tier + " or higher" },
	},
	{
		name: "rule", reason: ReasonRule, asked: func(o *Offer) bool { return o.Rule != "" },
		holds:   func(p *pricing, c *Candidate) bool { holds, err := p.ruleHolds(c); return holds && err == nil },
		saw:     (*pricing).ruleSaw,
		wants:   func(_ *pricing, o *Offer) string { return o.Rule },
		observe: (*pricing).observe,
	},
}

// judge returns the reason of the first condition that does not hold, or none. For a trace it looks at all of them.
func (p *pricing) judge(c *Candidate, t *Trace) string {
	reason := ""
	for i := range conditions {
		cond := &conditions[i]
		if !cond.asked(c.Offer) {
			continue
		}
		holds := cond.holds(p, c)
		if !holds && reason == "" {
			reason = cond.reason
		}
		if t == nil && reason != "" {
			return reason
		}
		t.tell(p, c, cond, holds)
	}
	if t != nil {
		t.Reason = reason
	}
	return reason
}

// uses counts how often the offer applied so far.
func (p *pricing) uses(o *Offer) int64 {
	var n int64
	for _, t := range p.taken {
		if t.ID == o.ID {
			n++
		}
	}
	return n
}

// others names the other offers that applied so far.
func (p *pricing) others(o *Offer) string {
	var ids []string
	for _, t := range p.taken {
		if t.ID != o.ID && !slices.Contains(ids, t.ID) {
			ids = append(ids, t.ID)
		}
	}
	return either(len(ids) > 0, strings.Join(ids, ", "), "no other offer")
}

// currency is the only one that the offer can be used in; empty for any.
func (o *Offer) currency() string {
	if o.Benefit.Currency == "" && o.Limits.Budget != nil {
		return o.Limits.Budget.Currency
	}
	return o.Benefit.Currency
}

// EarnsPoints tells whether the benefit gives points instead of money.
func (b *Benefit) EarnsPoints() bool { return b.Type == PointsMultiplier || b.Type == BonusPoints }

func dates(o *Offer) string {
	var words []string
	if o.StartsAt != nil {
		words = append(words, "from "+o.StartsAt.UTC().Format(time.RFC3339))
	}
	if o.EndsAt != nil {
		words = append(words, "before "+o.EndsAt.UTC().Format(time.RFC3339))
	}
	return strings.Join(words, ", ")
}

// words tells the campaign's days of a year.
func (c *Campaign) words(year int) string {
	first, last, ok := c.Window(year)
	if !ok {
		return c.Event
	}
	return fmt.Sprintf("%s: %s to %s", c.Event, first.Format(time.DateOnly), last.Format(time.DateOnly))
}

func wantsAlone(o *Offer) string {
	return either(o.Exclusive, "no other offer", "no other offer that is exclusive")
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

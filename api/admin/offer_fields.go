package admin

import (
	"time"

	"github.com/laurel-gateway/laurel/offers"
)

// AdminBenefit is what the shopper gets.
type AdminBenefit struct {
	Type        string     `json:"type" enum:"percentage,fixed_amount,fixed_price,free_shipping,gift_line,points_multiplier,bonus_points" doc:"Kind of benefit." example:"percentage"`
	Target      string     `json:"target,omitempty" enum:"order,lines,shipping" doc:"What it is on. Left out: the chosen lines when some are chosen, shipping for free_shipping, else the order." example:"order"`
	Categories  []string   `json:"categories,omitempty" maxItems:"100" doc:"Chooses lines in one of these."`
	SKUs        []string   `json:"skus,omitempty" maxItems:"100" doc:"Chooses lines of one of these, beside those of categories."`
	Method      string     `json:"method,omitempty" enum:"across,each" doc:"across: one sum, shared among the lines; each: unit by unit. Left out: each for a fixed_price of chosen lines, else across." example:"across"`
	BasisPoints int64      `json:"basis_points,omitempty" minimum:"0" maximum:"1000000" doc:"Hundredths of a percent: 2000 is 20 %. percentage: 1 to 10000; points_multiplier: 10001 to 1000000 (20000 doubles)." example:"2000"`
	Amount      int64      `json:"amount,omitempty" minimum:"0" doc:"Minor units of currency: what fixed_amount takes off, what fixed_price leaves to pay." example:"500"`
	Currency    string     `json:"currency,omitempty" maxLength:"3" doc:"ISO 4217 code of amount; orders in another currency do not get the offer." example:"USD"`
	Maximum     int64      `json:"maximum,omitempty" minimum:"0" doc:"Bounds the discount, in minor units of the cart's currency; 0 for no bound." example:"0"`
	Points      int64      `json:"points,omitempty" minimum:"0" doc:"What bonus_points gives on top." example:"100"`
	Gift        *AdminGift `json:"gift,omitempty" doc:"What gift_line gives."`
}

// AdminGift is a number of units of an article that cost nothing.
type AdminGift struct {
	SKU      string `json:"sku" minLength:"1" maxLength:"100" doc:"The article." example:"sku-sticker"`
	Quantity int64  `json:"quantity" minimum:"1" maximum:"1000000" doc:"Units of it, at most." example:"1"`
}

// AdminLimits bound the uses of an offer.
type AdminLimits struct {
	Total       int64         `json:"total,omitempty" minimum:"0" doc:"Uses in all; 0 for no limit." example:"1000"`
	PerPerson   int64         `json:"per_person,omitempty" minimum:"0" doc:"Uses by one verified person; 0 for no limit." example:"1"`
	PerCustomer int64         `json:"per_customer,omitempty" minimum:"0" doc:"Uses by one customer; 0 for no limit." example:"1"`
	PerOrder    int64         `json:"per_order,omitempty" minimum:"0" maximum:"100" doc:"Uses on one order, each with a token of its own; 0 for one." example:"1"`
	Periods     []AdminPeriod `json:"periods,omitempty" maxItems:"10" doc:"Uses in a stretch of time."`
	Budget      *AdminBudget  `json:"budget,omitempty" doc:"The most that all discounts come to."`
}

// AdminPeriod bounds the uses in a stretch of time.
type AdminPeriod struct {
	By       string `json:"by" enum:"total,person,customer" doc:"Whose uses are counted." example:"customer"`
	Uses     int64  `json:"uses" minimum:"1" doc:"How many there may be." example:"1"`
	Days     int64  `json:"days,omitempty" minimum:"0" maximum:"3660" doc:"A stretch that slides with the clock. Send this or calendar." example:"30"`
	Calendar string `json:"calendar,omitempty" enum:"day,week,month,quarter,year" doc:"A stretch of the calendar in the offer's time zone; weeks begin on Monday. Send this or days."`
}

// AdminBudget is the most that all discounts of an offer come to.
type AdminBudget struct {
	Amount   int64  `json:"amount" minimum:"1" doc:"Minor units of currency." example:"1000000"`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217 code; orders in another currency do not get the offer." example:"USD"`
	Restore  bool   `json:"restore,omitempty" doc:"Gives back to the budget what refunds take back." example:"true"`
}

// AdminCampaign makes an offer come back every year.
type AdminCampaign struct {
	Event      string `json:"event" enum:"teacher_appreciation_week,teacher_appreciation_day,world_teachers_day,international_students_day,grandparents_day,older_persons_day,veterans_day,memorial_day,armed_forces_day,military_spouse_day,nurses_week,international_nurses_day,doctors_day,police_week,international_firefighters_day,first_responders_day,mothers_day,fathers_day,independence_day,labor_day,thanksgiving,black_friday,cyber_monday,new_year" doc:"The occasion; its days are those of the calendar of each year." example:"teacher_appreciation_week"`
	DaysBefore int    `json:"days_before,omitempty" minimum:"0" maximum:"60" doc:"Days that the campaign begins before the event." example:"3"`
	DaysAfter  int    `json:"days_after,omitempty" minimum:"0" maximum:"60" doc:"Days that it goes on after it." example:"0"`
}

// AdminOfferFields is what of an offer an admin sets.
type AdminOfferFields struct {
	State        string            `json:"state,omitempty" enum:"draft,live,paused,ended" doc:"Where the offer is in its life; draft when left out of a new one, unchanged when left out of a change." example:"live"`
	Name         string            `json:"name" minLength:"1" maxLength:"200" doc:"Name." example:"Student discount"`
	Names        map[string]string `json:"names,omitempty" doc:"Names for shoppers by locale (BCP 47); name is for all others."`
	Description  map[string]string `json:"description,omitempty" doc:"What shoppers read, by locale (BCP 47)."`
	Group        string            `json:"group,omitempty" maxLength:"64" doc:"Who must be verified; empty for everybody." example:"student"`
	Subgroup     string            `json:"subgroup,omitempty" maxLength:"64" doc:"A part of the group." example:"university"`
	Tier         string            `json:"tier,omitempty" maxLength:"64" doc:"The least tier of the program that a member must have; empty for none." example:"gold"`
	Benefit      AdminBenefit      `json:"benefit" doc:"What the shopper gets."`
	MinimumOrder int64             `json:"minimum_order,omitempty" minimum:"0" doc:"Least subtotal, in minor units of the cart's currency." example:"0"`
	StartsAt     *time.Time        `json:"starts_at,omitempty" doc:"From when; null for at once."`
	EndsAt       *time.Time        `json:"ends_at,omitempty" doc:"Until when; null for no end."`
	TimeZone     string            `json:"time_zone,omitempty" maxLength:"64" doc:"Where the days of campaigns and calendar limits begin (IANA); empty for the store's." example:"America/New_York"`
	Campaign     *AdminCampaign    `json:"campaign,omitempty" doc:"Days of each year on which the offer is live."`
	Limits       AdminLimits       `json:"limits" doc:"How often. A limit counts the uses since it was set."`
	TokenSeconds int64             `json:"token_seconds" minimum:"60" maximum:"86400" doc:"How long an offer token lives." example:"600"`
	Priority     int64             `json:"priority,omitempty" doc:"Higher applies first." example:"0"`
	Exclusive    bool              `json:"exclusive,omitempty" doc:"Stands alone on an order." example:"false"`
	Category     string            `json:"category,omitempty" maxLength:"64" doc:"One order gets only one offer of a category; empty for none." example:"welcome"`
	Rule         string            `json:"rule,omitempty" maxLength:"4096" doc:"A condition in CEL on cart, customer, attestation, member and now; empty for none." example:"cart.subtotal >= 5000"`
	CodePool     bool              `json:"code_pool,omitempty" doc:"Hands out one of the platform's own codes with each token." example:"false"`
}

func (f AdminOfferFields) offer() offers.Offer {
	o := offers.Offer{State: offers.State(f.State), Name: f.Name, Names: f.Names, Description: f.Description, Group: f.Group, Subgroup: f.Subgroup, Tier: f.Tier,
		Benefit: f.Benefit.benefit(), MinimumOrder: f.MinimumOrder, StartsAt: f.StartsAt, EndsAt: f.EndsAt, TimeZone: f.TimeZone,
		Limits: f.Limits.limits(), TokenSeconds: f.TokenSeconds, Priority: f.Priority, Exclusive: f.Exclusive, Category: f.Category,
		Rule: f.Rule, CodePool: f.CodePool}
	if f.Campaign != nil {
		o.Campaign = &offers.Campaign{Event: f.Campaign.Event, DaysBefore: f.Campaign.DaysBefore, DaysAfter: f.Campaign.DaysAfter}
	}
	return o
}

func (b AdminBenefit) benefit() offers.Benefit {
	out := offers.Benefit{Type: offers.BenefitType(b.Type), Target: offers.Target(b.Target), Categories: b.Categories, SKUs: b.SKUs, Method: b.Method,
		BasisPoints: b.BasisPoints, Amount: b.Amount, Currency: b.Currency, Maximum: b.Maximum, Points: b.Points}
	if b.Gift != nil {
		out.Gift = &offers.Gift{SKU: b.Gift.SKU, Quantity: b.Gift.Quantity}
	}
	return out
}

func (l AdminLimits) limits() offers.Limits {
	out := offers.Limits{Total: l.Total, PerPerson: l.PerPerson, PerCustomer: l.PerCustomer, PerOrder: l.PerOrder}
	for _, p := range l.Periods {
		out.Periods = append(out.Periods, offers.PeriodLimit{By: offers.CounterScope(p.By), Uses: p.Uses, Days: p.Days, Calendar: p.Calendar})
	}
	if l.Budget != nil {
		out.Budget = &offers.Budget{Amount: l.Budget.Amount, Currency: l.Budget.Currency, Restore: l.Budget.Restore}
	}
	return out
}

func offerFields(o offers.Offer) AdminOfferFields {
	f := AdminOfferFields{State: string(o.State), Name: o.Name, Names: o.Names, Description: o.Description, Group: o.Group, Subgroup: o.Subgroup, Tier: o.Tier,
		Benefit: benefitFields(o.Benefit), MinimumOrder: o.MinimumOrder, StartsAt: o.StartsAt, EndsAt: o.EndsAt, TimeZone: o.TimeZone,
		Limits: limitFields(o.Limits), TokenSeconds: o.TokenSeconds, Priority: o.Priority, Exclusive: o.Exclusive, Category: o.Category,
		Rule: o.Rule, CodePool: o.CodePool}
	if o.Campaign != nil {
		f.Campaign = &AdminCampaign{Event: o.Campaign.Event, DaysBefore: o.Campaign.DaysBefore, DaysAfter: o.Campaign.DaysAfter}
	}
	return f
}

func benefitFields(b offers.Benefit) AdminBenefit {
	out := AdminBenefit{Type: string(b.Type), Target: string(b.Target), Categories: b.Categories, SKUs: b.SKUs, Method: b.Method,
		BasisPoints: b.BasisPoints, Amount: b.Amount, Currency: b.Currency, Maximum: b.Maximum, Points: b.Points}
	if b.Gift != nil {
		out.Gift = &AdminGift{SKU: b.Gift.SKU, Quantity: b.Gift.Quantity}
	}
	return out
}

func limitFields(l offers.Limits) AdminLimits {
	out := AdminLimits{Total: l.Total, PerPerson: l.PerPerson, PerCustomer: l.PerCustomer, PerOrder: l.PerOrder}
	for _, p := range l.Periods {
		out.Periods = append(out.Periods, AdminPeriod{By: string(p.By), Uses: p.Uses, Days: p.Days, Calendar: p.Calendar})
	}
	if l.Budget != nil {
		out.Budget = &AdminBudget{Amount: l.Budget.Amount, Currency: l.Budget.Currency, Restore: l.Budget.Restore}
	}
	return out
}

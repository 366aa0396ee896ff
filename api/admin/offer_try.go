package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
	language "github.com/laurel-gateway/laurel/offers/rule"
)

type adminTryLine struct {
	LineID     string   `json:"line_id" minLength:"1" maxLength:"100" doc:"The line, unique in the cart." example:"l1"`
	SKU        string   `json:"sku,omitempty" maxLength:"100" doc:"The article." example:"sku-1"`
	Quantity   int64    `json:"quantity" minimum:"1" maximum:"1000000" doc:"Units." example:"1"`
	UnitAmount int64    `json:"unit_amount" minimum:"0" maximum:"900000000000000" doc:"Price of one unit, in minor units." example:"5000"`
	Categories []string `json:"categories,omitempty" maxItems:"20" doc:"What the article is." example:"[\"books\"]"`
}

type adminTryCart struct {
	Currency       string         `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217 code of every amount." example:"USD"`
	TaxMode        string         `json:"tax_mode,omitempty" enum:"exclusive,inclusive" default:"exclusive" doc:"Whether the amounts hold the tax." example:"exclusive"`
	Lines          []adminTryLine `json:"lines" minItems:"1" maxItems:"500" doc:"What would be bought."`
	ShippingAmount int64          `json:"shipping_amount,omitempty" minimum:"0" maximum:"900000000000000" doc:"Shipping, in minor units." example:"500"`
}

func (c adminTryCart) cart() offers.Cart {
	out := offers.Cart{Currency: c.Currency, TaxMode: c.TaxMode, ShippingAmount: c.ShippingAmount, Lines: make([]offers.Line, len(c.Lines))}
	for i, l := range c.Lines {
		out.Lines[i] = offers.Line{LineID: l.LineID, SKU: l.SKU, Quantity: l.Quantity, UnitAmount: l.UnitAmount, Categories: l.Categories}
	}
	return out
}

type adminTryProof struct {
	Group      string     `json:"group" minLength:"1" maxLength:"64" doc:"The group proven." example:"student"`
	Subgroup   string     `json:"subgroup,omitempty" maxLength:"64" doc:"The part of the group." example:"university"`
	ValidUntil *time.Time `json:"valid_until,omitempty" doc:"When the proof ends; in a year when left out."`
	VerifiedAt *time.Time `json:"verified_at,omitempty" doc:"When it was given; now when left out."`
}

func (p *adminTryProof) proof(now time.Time) *offers.Proof {
	if p == nil {
		return nil
	}
	out := &offers.Proof{Group: p.Group, Subgroup: p.Subgroup, ValidUntil: now.AddDate(1, 0, 0), VerifiedAt: now}
	if p.ValidUntil != nil {
		out.ValidUntil = *p.ValidUntil
	}
	if p.VerifiedAt != nil {
		out.VerifiedAt = *p.VerifiedAt
	}
	return out
}

type adminTryMember struct {
	Tier   string `json:"tier,omitempty" maxLength:"64" doc:"A tier of the program." example:"gold"`
	Points int64  `json:"points,omitempty" minimum:"0" maximum:"1000000000000" doc:"Points that can be spent." example:"1200"`
}

type offerTrial struct {
	StorePath
	Body struct {
		Offer       *AdminOfferFields `json:"offer,omitempty" doc:"An offer that need not be saved. Send this or offer_id."`
		OfferID     string            `json:"offer_id,omitempty" maxLength:"60" doc:"A saved offer." example:"off_01920000-0000-7000-8000-000000000001"`
		Version     int64             `json:"version,omitempty" minimum:"1" doc:"Which of its versions; the current one when left out." example:"3"`
		Cart        adminTryCart      `json:"cart" doc:"What would be bought."`
		Customer    string            `json:"customer,omitempty" maxLength:"255" doc:"The store's own reference to a customer; left out, a guest." example:"c-1"`
		Attestation *adminTryProof    `json:"attestation,omitempty" doc:"What the shopper would have proven."`
		Member      *adminTryMember   `json:"member,omitempty" doc:"What the shopper would be in the program."`
		Now         *time.Time        `json:"now,omitempty" doc:"When it would be; the store's time when left out."`
	}
}

type adminTryGift struct {
	SKU      string `json:"sku" doc:"The article." example:"sku-gift"`
	Quantity int64  `json:"quantity" doc:"Units that cost nothing." example:"1"`
	Missing  int64  `json:"missing" doc:"Units of them that are not in the cart yet." example:"1"`
}

type adminTried struct {
	Applies     bool                `json:"applies" doc:"Whether the offer would apply." example:"true"`
	Reason      string              `json:"reason,omitempty" doc:"Why not." example:"rule_not_met"`
	Amount      int64               `json:"amount" doc:"What it would take off, in minor units." example:"1000"`
	Allocations []adminAllocation   `json:"allocations" doc:"Each line's share."`
	Gifts       []adminTryGift      `json:"gifts" doc:"What would cost nothing."`
	Points      int64               `json:"points" doc:"Points that the purchase would earn." example:"40"`
	Totals      adminTotals         `json:"totals" doc:"The sums."`
	Trace       []api.ConditionView `json:"trace" doc:"Every condition, in the order of judging. The first that does not hold decides."`
}

func triedOf(t checkout.Tried) adminTried {
	out := adminTried{Applies: t.Trace.Applied, Reason: t.Trace.Reason, Amount: t.Trace.Amount, Allocations: []adminAllocation{}, Gifts: []adminTryGift{},
		Points: t.Points, Totals: adminTotals(t.Totals), Trace: api.ConditionsOf(t.Trace.Findings)}
	for _, a := range t.Applied {
		for _, share := range a.Allocations {
			out.Allocations = append(out.Allocations, adminAllocation(share))
		}
		for _, g := range a.Gifts {
			out.Gifts = append(out.Gifts, adminTryGift(g))
		}
	}
	return out
}

func (o *admin) registerOfferTrials() {
	const path = "/v1/admin/stores/{store_id}/offers"
	add(o, api.Operation{
		ID: "admin-try-offer", Method: http.MethodPost, Path: path + "/try", Summary: "Try an offer", RequestExample: trialExample(),
		Description: "Tells what an offer would do for a cart and a shopper, neither of which need exist, as if the offer were live. Writes nothing. Uses are not counted: an offer that is used up still tells what it gives.",
	}, o.tryOffer)
	add(o, api.Operation{
		ID: "admin-check-rule", Method: http.MethodPost, Path: path + "/check-rule", Summary: "Check a rule",
		Description: "Compiles a rule, for an editor as one types, and tells what rules can name. Writes nothing.",
	}, checkRule)
}

func (o *admin) tryOffer(ctx context.Context, in *offerTrial) (*api.Reply[adminTried], error) {
	store := api.CallerFrom(ctx).Store
	offer, err := o.offerToTry(ctx, in)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(store.Timezone)
	if err != nil {
		return nil, fmt.Errorf("time zone of store %s: %w", store.ID, err)
	}
	var program *loyalty.Program
	switch p, err := o.Console.Program(ctx, store.ID); {
	case err == nil:
		program = &p.Program
	case !errors.Is(err, console.ErrProgramMissing):
		return nil, err
	}
	b := in.Body
	now := store.Now(o.Now())
	if b.Now != nil {
		now = *b.Now
	}
	trial := checkout.Trial{Offer: offer, Cart: b.Cart.cart(), Customer: b.Customer, Proof: b.Attestation.proof(now), Now: now}
	if b.Member != nil {
		trial.Tier, trial.Points = b.Member.Tier, b.Member.Points
	}
	tried, err := checkout.Try(trial, zone, program)
	if err != nil {
		return nil, err
	}
	return api.OK(triedOf(tried))
}

// offerToTry is the offer of the body, or the saved one that it names.
func (o *admin) offerToTry(ctx context.Context, in *offerTrial) (offers.Offer, error) {
	b := in.Body
	if (b.Offer == nil) == (b.OfferID == "") {
		return offers.Offer{}, fault.New(fault.Invalid, "Send either an offer or the id of one.").At("#/offer", "or offer_id, and not both")
	}
	if b.Offer == nil {
		r, err := o.Console.OfferVersion(ctx, storeID(ctx), b.OfferID, b.Version)
		return r.Offer, err
	}
	offer := b.Offer.offer()
	if offer.State == "" {
		offer.State = offers.Draft
	}
	return offer, below("#/offer", console.Sound(offer))
}

// below moves what a fault points at into a part of the body.
func below(part string, err error) error {
	f := fault.From(err)
	if f == nil {
		return err
	}
	moved := *f
	moved.Fields = make([]fault.Field, len(f.Fields))
	for i, field := range f.Fields {
		field.Pointer = part + strings.TrimPrefix(field.Pointer, "#")
		moved.Fields[i] = field
	}
	return &moved
}

type ruleInput struct {
	StorePath
	Body struct {
		Rule string `json:"rule" maxLength:"20000" doc:"The rule, in CEL." example:"cart.subtotal >= 5000"`
	}
}

type adminRuleError struct {
	Line   int    `json:"line" doc:"Line, from 1." example:"1"`
	Column int    `json:"column" doc:"Character of the line, from 1." example:"5"`
	Detail string `json:"detail" doc:"What is wrong there." example:"line 1, column 5: undefined field 'subtotl'"`
}

type adminRuleVariable struct {
	Name string `json:"name" doc:"As a rule writes it. Line. stands for a line of the cart, inside of exists, filter and the like." example:"cart.subtotal"`
	Type string `json:"type" doc:"Its type." example:"int"`
	Doc  string `json:"doc" doc:"What it is." example:"the lines before discounts, in minor units"`
}

type adminRuleCheck struct {
	OK        bool                `json:"ok" doc:"Whether an offer can be saved with the rule." example:"true"`
	Errors    []adminRuleError    `json:"errors" doc:"What is wrong, and where."`
	Variables []adminRuleVariable `json:"variables" doc:"What rules can name."`
}

func checkRule(_ context.Context, in *ruleInput) (*api.Reply[adminRuleCheck], error) {
	out := adminRuleCheck{Errors: []adminRuleError{}}
	_, err := language.Compile(in.Body.Rule)
	if f := fault.From(err); f != nil {
		for _, field := range f.Fields {
			out.Errors = append(out.Errors, adminRuleError{Line: field.Line, Column: field.Column, Detail: field.Detail})
		}
	} else if err != nil {
		return nil, err
	}
	out.OK = err == nil
	for _, v := range language.Variables() {
		out.Variables = append(out.Variables, adminRuleVariable(v))
	}
	return api.OK(out)
}

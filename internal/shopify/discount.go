package shopify

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/minor"
	"github.com/laurel-gateway/laurel/offers"
)

// errInexpressible says that Shopify has no discount that does what the offer does.
func errInexpressible(why string) error {
	return fault.New(fault.IntegrationUnsupported, "Shopify cannot do what this offer does: "+why+". Evaluate and redeem it by the API instead, or change the offer.")
}

// discountInput is DiscountCodeBasicInput and DiscountCodeFreeShippingInput of the Admin API.
type discountInput struct {
	Title                  string         `json:"title"`
	Code                   string         `json:"code"`
	StartsAt               string         `json:"startsAt"`
	EndsAt                 string         `json:"endsAt"`
	UsageLimit             int            `json:"usageLimit"`
	AppliesOncePerCustomer bool           `json:"appliesOncePerCustomer"`
	Context                contextInput   `json:"context"`
	CombinesWith           combinesInput  `json:"combinesWith"`
	CustomerGets           *getsInput     `json:"customerGets,omitempty"`
	Destination            *everyoneInput `json:"destination,omitempty"`
	MinimumRequirement     *minimumInput  `json:"minimumRequirement,omitempty"`
}

type contextInput struct {
	All string `json:"all"`
}

type combinesInput struct {
	Order    bool `json:"orderDiscounts"`
	Product  bool `json:"productDiscounts"`
	Shipping bool `json:"shippingDiscounts"`
}

type everyoneInput struct {
	All bool `json:"all"`
}

type getsInput struct {
	Value valueInput    `json:"value"`
	Items everyoneInput `json:"items"`
}

type valueInput struct {
	Percentage     json.Number  `json:"percentage,omitempty"`
	DiscountAmount *amountInput `json:"discountAmount,omitempty"`
}

type amountInput struct {
	Amount            string `json:"amount"`
	AppliesOnEachItem bool   `json:"appliesOnEachItem"`
}

type minimumInput struct {
	Subtotal struct {
		AtLeast string `json:"greaterThanOrEqualToSubtotal"`
	} `json:"subtotal"`
}

// discount writes an offer as Shopify takes it. Fault: integration_unsupported, naming what Shopify cannot do.
func discount(o offers.Offer, code, shopCurrency string, from, until time.Time) (discountInput, error) {
	in := discountInput{Title: "Laurel " + code, Code: code, StartsAt: from.UTC().Format(time.RFC3339), EndsAt: until.UTC().Format(time.RFC3339),
		UsageLimit: 1, AppliesOncePerCustomer: true, Context: contextInput{All: "ALL"}}
	shipping := o.Benefit.Type == offers.FreeShipping
	if !o.Exclusive {
		// A code on shipping never combines with another one on shipping.
		in.CombinesWith = combinesInput{Order: true, Product: true, Shipping: !shipping}
	}
	if err := expressible(o); err != nil {
		return in, err
	}
	if o.MinimumOrder > 0 {
		in.MinimumRequirement = &minimumInput{}
		in.MinimumRequirement.Subtotal.AtLeast = minor.Format(o.MinimumOrder, shopCurrency)
	}
	b := o.Benefit
	switch b.Type {
	case offers.Percentage:
		in.CustomerGets = &getsInput{Value: valueInput{Percentage: fraction(b.BasisPoints)}, Items: everyoneInput{true}}
	case offers.FixedAmount:
		if b.Currency != shopCurrency {
			return in, errInexpressible(fmt.Sprintf("the amount is in %s, the shop's currency is %s", b.Currency, shopCurrency))
		}
		in.CustomerGets = &getsInput{Value: valueInput{DiscountAmount: &amountInput{Amount: minor.Format(b.Amount, b.Currency)}}, Items: everyoneInput{true}}
	case offers.FreeShipping:
		in.Destination = &everyoneInput{true}
	}
	return in, nil
}

// expressible refuses what a code of Shopify's cannot hold. What is left applies to the whole order, or to its shipping.
func expressible(o offers.Offer) error {
	b := o.Benefit
	switch {
	case b.Type != offers.Percentage && b.Type != offers.FixedAmount && b.Type != offers.FreeShipping:
		return errInexpressible("it has no discount of the kind " + string(b.Type))
	case len(b.Categories) > 0 || len(b.SKUs) > 0 || b.Target == offers.OnLines:
		return errInexpressible("the offer is on chosen lines, and the shop does not know their categories")
	case b.Target == offers.OnShipping && b.Type != offers.FreeShipping:
		return errInexpressible("a code takes off all of the shipping or nothing")
	case b.Maximum > 0:
		return errInexpressible("a code has no maximum discount")
	case b.Method == offers.Each && b.Type == offers.FixedAmount:
		return errInexpressible("an amount for each unit needs chosen products")
	case o.Rule != "":
		return errInexpressible("a code cannot hold the offer's rule")
	}
	return nil
}

// fraction writes basis points as the decimal that Shopify takes: 2000 is 0.2. No float is ever made.
func fraction(basisPoints int64) json.Number {
	text := strings.TrimRight(fmt.Sprintf("%d.%04d", basisPoints/10_000, basisPoints%10_000), "0")
	return json.Number(strings.TrimSuffix(text, "."))
}

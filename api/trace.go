package api

import "github.com/laurel-gateway/laurel/offers"

// TraceView is how one offer was judged.
type TraceView struct {
	OfferID      string          `json:"offer_id,omitempty" doc:"The offer, when the token or code belongs to one." example:"off_01920000-0000-7000-8000-000000000002"`
	OfferVersion int64           `json:"offer_version,omitempty" doc:"The version that was judged." example:"3"`
	Applied      bool            `json:"applied" doc:"Whether it applied." example:"true"`
	Reason       string          `json:"reason,omitempty" doc:"Why not." example:"minimum_not_met"`
	Conditions   []ConditionView `json:"conditions" doc:"Every condition, in the order of judging: what the token rests on and what limits leave, then the offer's own. The first that does not hold decides."`
}

// ConditionView is one condition of an offer, and how it came out.
type ConditionView struct {
	Condition string         `json:"condition" doc:"What was looked at." example:"minimum_order"`
	Saw       string         `json:"saw" doc:"What was there. Amounts are minor units." example:"5000"`
	Wants     string         `json:"wants" doc:"What the offer wants." example:"at least 4000"`
	Holds     bool           `json:"holds" doc:"Whether that is enough." example:"true"`
	Rule      []RulePartView `json:"rule,omitempty" doc:"The parts of a rule, between its outermost &&."`
}

// RulePartView is a part of a rule.
type RulePartView struct {
	Condition string         `json:"condition" doc:"The part." example:"cart.subtotal >= 5000"`
	Saw       []RuleSeenView `json:"saw" doc:"What it was decided on."`
	Holds     bool           `json:"holds" doc:"How it came out." example:"true"`
	Reason    string         `json:"reason,omitempty" doc:"Why it could not be decided; then it does not hold."`
}

// RuleSeenView is a value that a part of a rule was decided on.
type RuleSeenView struct {
	Name  string `json:"name" doc:"What the part names." example:"cart.subtotal"`
	Value string `json:"value" doc:"Its value." example:"5000"`
}

// TracesOf renders the traces of a purchase.
func TracesOf(traces []offers.Trace) []TraceView {
	out := make([]TraceView, len(traces))
	for i, t := range traces {
		out[i] = TraceView{OfferID: t.OfferID, OfferVersion: t.OfferVersion, Applied: t.Applied, Reason: t.Reason, Conditions: ConditionsOf(t.Findings)}
	}
	return out
}

// ConditionsOf renders the conditions of one offer.
func ConditionsOf(findings []offers.Finding) []ConditionView {
	out := make([]ConditionView, len(findings))
	for i, f := range findings {
		out[i] = conditionOf(f)
	}
	return out
}

func conditionOf(f offers.Finding) ConditionView {
	out := ConditionView{Condition: f.Condition, Saw: f.Saw, Wants: f.Wants, Holds: f.Holds}
	for _, part := range f.Rule {
		seen := make([]RuleSeenView, len(part.Saw))
		for i, s := range part.Saw {
			seen[i] = RuleSeenView(s)
		}
		out.Rule = append(out.Rule, RulePartView{Condition: part.Condition, Saw: seen, Holds: part.Holds, Reason: part.Reason})
	}
	return out
}

package checkout

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
)

// Versions reads offers as they were. Versions never change.
type Versions interface {
	// OfferVersions returns those of the versions that exist, prepared, in the store's time zone.
	OfferVersions(ctx context.Context, store string, refs []offers.OfferRef) (map[offers.OfferRef]*offers.Offer, error)
	// Redemption returns a redemption, or nil.
	Redemption(ctx context.Context, store, id string) (*offers.Redemption, error)
}

// TracedRedemption is a redemption, and why its offers applied.
type TracedRedemption struct {
	offers.Redemption
	// Trace is in the order in which the offers were judged.
	Trace []offers.Trace
}

// Redemption returns a redemption with the trace of its offers, worked out again from what was pinned with it: the cart,
// the versions of the offers, the shopper and the time. Faults: not_found.
func (s *Service) Redemption(ctx context.Context, store *tenant.Store, id string) (TracedRedemption, error) {
	r, err := s.Reader.Redemption(ctx, store.ID, id)
	if err != nil {
		return TracedRedemption{}, err
	}
	if r == nil {
		return TracedRedemption{}, ErrRedemptionMissing
	}
	trace, err := Retrace(ctx, s.Reader, *r)
	return TracedRedemption{Redemption: *r, Trace: trace}, err
}

// Retrace tells why the offers of a redemption applied, from what was pinned with it.
func Retrace(ctx context.Context, from Versions, r offers.Redemption) ([]offers.Trace, error) {
	refs := make([]offers.OfferRef, len(r.Pinned.Applied))
	for i, a := range r.Pinned.Applied {
		refs[i] = offers.OfferRef{ID: a.OfferID, Version: a.OfferVersion}
	}
	versions, err := from.OfferVersions(ctx, r.Store, refs)
	if err != nil {
		return nil, err
	}
	return r.Pinned.Retrace(versions, r.CreatedAt), nil
}

// refusedFindings says of the refusals that come before an offer's own conditions what was looked at, and what is wanted.
var refusedFindings = map[string]offers.Finding{
	string(fault.TokenInvalid):       {Condition: "token", Wants: "a token of this store"},
	string(fault.TokenExpired):       {Condition: "token", Wants: "a token that has not expired"},
	string(fault.TokenSpent):         {Condition: "token", Wants: "a token that was not used"},
	string(fault.TokenRevoked):       {Condition: "token", Wants: "a token whose proof holds"},
	string(fault.CodeUnknown):        {Condition: "code", Wants: "a code that can be used"},
	string(fault.CustomerMismatch):   {Condition: "customer", Wants: "the customer that the token is for"},
	string(fault.LimitReached):       {Condition: "limits", Wants: "room for one more use"},
	string(fault.OfferNotLive):       {Condition: "state", Wants: string(offers.Live)},
	string(fault.OfferNotApplicable): {Condition: "customer", Wants: "a customer, to count by"},
}

// explain tells of every offer that was asked for how it was judged: those of candidates by their conditions, and those
// that were refused before by what refused them.
func (p Purchase) explain(candidates []offers.Candidate, refused []offers.Rejected, now time.Time) []offers.Trace {
	_, out := offers.Explain(p.Cart, candidates, now)
	for _, r := range refused {
		f, ok := refusedFindings[r.Reason]
		if !ok {
			f = offers.Finding{Condition: "token", Wants: "a token for this purchase"}
		}
		f.Saw = r.Reason
		out = append(out, offers.Trace{OfferID: r.OfferID, Reason: r.Reason, Findings: []offers.Finding{f}})
	}
	return out
}

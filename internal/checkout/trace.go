package checkout

import (
	"context"
	"strings"
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

// explain tells of every offer that was asked for how it was judged: first what its token rests on and what its limits
// leave, then the offer's own conditions. Of a token or code that is not known, only that is told.
func (p Purchase) explain(s *Shop, candidates []offers.Candidate, refused []refusedOffer) []offers.Trace {
	_, out := offers.Explain(p.Cart, candidates, s.Now)
	for i := range out {
		if t := s.Book.Tokens[out[i].JTI]; t != nil {
			out[i].Findings = append(p.findings(s, t, out[i].Amount), out[i].Findings...)
		}
	}
	for _, r := range refused {
		trace := offers.Trace{Reason: string(r.reason)}
		switch {
		case r.token != nil:
			trace.OfferID, trace.OfferVersion, trace.JTI = r.token.OfferID, r.token.OfferVersion, r.token.JTI
			trace.Findings = p.findings(s, r.token, r.amount)
		case r.reason == fault.CodeUnknown:
			trace.Findings = []offers.Finding{{Condition: "code", Saw: trace.Reason, Wants: "a code that can be used"}}
		default:
			trace.Findings = []offers.Finding{{Condition: "token", Saw: trace.Reason, Wants: "a token of this store"}}
		}
		out = append(out, trace)
	}
	return out
}

// findings tells what refusal looks at, one by one.
func (p Purchase) findings(s *Shop, t *offers.Token, amount int64) []offers.Finding {
	usable := t.State == offers.TokenLive || t.State == offers.TokenHeld
	out := []offers.Finding{
		{Condition: "token", Saw: string(t.State), Wants: "live or held", Holds: usable},
		{Condition: "token_expiry", Saw: t.ExpiresAt.Format(time.RFC3339), Wants: "after " + s.Now.Format(time.RFC3339), Holds: s.Now.Before(t.ExpiresAt)},
	}
	if t.Customer != "" {
		out = append(out, offers.Finding{Condition: "customer", Saw: p.Customer, Wants: t.Customer, Holds: p.Customer == t.Customer})
	}
	if t.Cart != "" {
		out = append(out, offers.Finding{Condition: "cart", Saw: p.Cart.Digest(), Wants: t.Cart, Holds: p.suitsCart(t) == nil})
	}
	if a := s.Attestations[t.AttestationID]; a != nil {
		saw := strings.TrimSuffix(a.Group+"/"+a.Subgroup, "/") + " until " + a.ValidUntil.Format(time.RFC3339)
		if a.Ended {
			saw += ", ended early"
		}
		out = append(out, offers.Finding{Condition: "proof", Saw: saw, Wants: "a proof that holds, of this customer", Holds: suits(a, p.Customer, s) == nil})
	}
	if o := s.Book.Offers[t.OfferID]; o != nil {
		out = append(out, s.Book.LimitFindings(*o, t.PersonTags, p.Customer, t, amount)...)
	}
	return out
}

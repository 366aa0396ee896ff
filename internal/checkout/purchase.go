package checkout

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// Purchase is what a shopper is about to buy or bought, with the offers they ask for.
type Purchase struct {
	Customer string
	Cart     offers.Cart
	// Tokens are the ids of verified offer tokens; Codes are MACs of short codes.
	Tokens []string
	Codes  []string
	// Price, when set, is the price of an earlier evaluation, to be kept.
	Price *offers.Pinned
	// Trace asks an evaluation to tell every condition.
	Trace bool
	// Refused says why a token does not verify any more. An order that it was redeemed for gets its first answer all the
	// same; everything else is refused.
	Refused error
	// PlacedAt, when set, is when a storefront's own checkout accepted the tokens: their expiry is judged then.
	PlacedAt time.Time
}

func (p Purchase) want(k *Keys) {
	k.Tokens.Add(p.Tokens...)
	k.CodeMACs.Add(p.Codes...)
	k.Program = true
	if p.Price != nil {
		for _, a := range p.Price.Applied {
			k.Offers.Add(a.OfferID)
		}
	}
}

// jtis resolves codes to tokens.
func (p Purchase) jtis(codes map[string]string) ([]string, error) {
	out := slices.Clone(p.Tokens)
	for i, c := range p.Codes {
		jti, ok := codes[c]
		if !ok {
			return nil, codeUnknown(i)
		}
		out = append(out, jti)
	}
	// Each once, in the order given: that is the order in which offers of one priority apply.
	seen := Set[string]{}
	return slices.DeleteFunc(out, func(jti string) bool {
		_, again := seen[jti]
		seen.Add(jti)
		return again
	}), nil
}

// plan locks the tokens, what they rest on, and the counters of the offers' limits.
func (p Purchase) plan(f *Facts, k *Keys) error {
	jtis, err := p.jtis(f.CodeTokens)
	if err != nil {
		return err
	}
	for _, jti := range jtis {
		t := f.Tokens[jti]
		if t == nil {
			return offers.ErrTokenInvalid
		}
		o := f.Offers[t.OfferID]
		if o == nil {
			return offers.ErrOfferNotLive
		}
		counters, err := offers.CountersOf(*o, t.PersonTags, p.Customer, f.Now, f.Store.Zone)
		if err != nil {
			return p.unplanned(f, t, err)
		}
		k.Tokens.Add(jti)
		k.Counters.Add(counters...)
		p.wantMember(k, o)
		if t.AttestationID != "" {
			k.Attestations.Add(t.AttestationID)
		}
	}
	return nil
}

// price pins what the purchase costs and earns now, or what an earlier evaluation promised.
func (p Purchase) price(s *Shop) (offers.Pinned, error) {
	jtis, err := p.jtis(s.CodeTokens)
	if err != nil {
		return offers.Pinned{}, err
	}
	asking := p.asking(s)
	candidates := make([]offers.Candidate, 0, len(jtis))
	for _, jti := range jtis {
		t := s.Book.Tokens[jti]
		if err := t.Usable(p.Customer, p.acceptedAt(s.Now)); err != nil {
			return offers.Pinned{}, p.unified(s.CodeTokens, jti, err)
		}
		if a := s.Attestations[t.AttestationID]; a != nil {
			if err := suits(a, p.Customer, s); err != nil {
				return offers.Pinned{}, p.unified(s.CodeTokens, jti, err)
			}
		}
		if err := p.suitsCart(t); err != nil {
			return offers.Pinned{}, p.unified(s.CodeTokens, jti, err)
		}
		candidates = append(candidates, asking.candidate(t, s.Book.Offers[t.OfferID]))
	}
	if p.Price != nil {
		return *p.Price, nil
	}
	price := offers.Evaluate(p.Cart, candidates, s.Now)
	if len(price.Rejected) > 0 {
		return offers.Pinned{}, notApplicable(price.Rejected[0])
	}
	pinned := Pin(p.Customer, p.Cart, price, s.Program)
	pinned.Judged = offers.Judge(price.Applied, candidates, s.Now)
	return pinned, nil
}

// suitsCart refuses a token that was made for another cart.
func (p Purchase) suitsCart(t *offers.Token) error {
	if t.Cart != "" && t.Cart != p.Cart.Digest() {
		return offers.ErrCart
	}
	return nil
}

// suits refuses a proof that has ended, or that belongs to another customer.
func suits(a *Attestation, customer string, s *Shop) error {
	if !a.Active(s.Now) {
		return offers.ErrTokenRevoked
	}
	if a.Bound && a.Customer != customer {
		return offers.ErrCustomer
	}
	return nil
}

func notApplicable(r offers.Rejected) error {
	return fault.New(fault.OfferNotApplicable, fmt.Sprintf("Offer %s does not apply to this cart: %s. Nothing was changed; leave it out, or change the cart.", r.OfferID, r.Reason))
}

// Pin fixes a price and the points it earns: those of the whole, and what the offers add to them, shared among the lines.
// A purchase without a customer earns nothing.
func Pin(customer string, cart offers.Cart, price offers.Price, program *loyalty.Program) offers.Pinned {
	p := offers.Pinned{Customer: customer, Cart: cart, Applied: price.Applied, Totals: price.Totals}
	if customer == "" || program == nil {
		return p
	}
	var paid int64
	for _, n := range offers.NetLines(cart, price.Applied) {
		paid += n
	}
	p.LinePoints = offers.PointsFor(cart, price.Applied, program.Points(cart.Currency, paid))
	for _, n := range p.LinePoints {
		p.Points += n
	}
	p.RuleVersion = program.Version
	return p
}

// fingerprint tells the same purchase from another one under the same order_id.
func (p Purchase) fingerprint() []byte {
	content := struct {
		Customer string
		Cart     offers.Cart
		Tokens   []string
		Codes    []string
	}{p.Customer, p.Cart, p.Tokens, p.Codes}
	b, err := json.Marshal(content)
	if err != nil {
		// The content is plain text and numbers, which always marshal.
		panic(err)
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// Size is about how many bytes the purchase holds.
func (p Purchase) Size() int { return 256 + 160*len(p.Cart.Lines) }

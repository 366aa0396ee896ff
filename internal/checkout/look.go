package checkout

import (
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

// planForLook loads what an evaluation looks at. What a purchase would refuse, an evaluation only reports.
func (p Purchase) planForLook(f *Facts, k *Keys) error {
	for _, t := range p.known(f.Tokens, f.CodeTokens) {
		k.Tokens.Add(t.JTI)
		if t.AttestationID != "" {
			k.Attestations.Add(t.AttestationID)
		}
		if o := f.Offers[t.OfferID]; o != nil {
			p.wantMember(k, o)
			if counters, err := offers.CountersOf(*o, t.PersonTags, p.Customer, f.Now, f.Store.Zone); err == nil {
				k.Counters.Add(counters...)
			}
		}
	}
	return nil
}

// known returns the tokens that exist among those presented.
func (p Purchase) known(tokens map[string]*offers.Token, codes map[string]string) []*offers.Token {
	jtis := slices.Clone(p.Tokens)
	for _, c := range p.Codes {
		jtis = append(jtis, codes[c])
	}
	var out []*offers.Token
	for _, jti := range jtis {
		if t := tokens[jti]; t != nil && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// look prices the purchase as it would be held now, and tells of every offer that would be refused why.
func (p Purchase) look(s *Shop) (Evaluation, []string) {
	var refused []refusedOffer
	for _, c := range p.Codes {
		if _, ok := s.CodeTokens[c]; !ok {
			refused = append(refused, refusedOffer{reason: fault.CodeUnknown})
		}
	}
	asking := p.asking(s)
	var candidates []offers.Candidate
	for _, t := range p.known(s.Book.Tokens, s.CodeTokens) {
		o := s.Book.Offers[t.OfferID]
		if err := p.refusal(s, t, o); err != nil {
			r := refusedOffer{token: t, reason: fault.CodeOf(p.unified(s.CodeTokens, t.JTI, err))}
			if r.reason == fault.CodeUnknown {
				// Codes that cannot be used come first and are told apart by number alone.
				r.token = nil
				refused = slices.Insert(refused, 0, r)
			} else {
				refused = append(refused, r)
			}
			continue
		}
		candidates = append(candidates, asking.candidate(t, o))
	}
	for _, jti := range p.Tokens {
		if s.Book.Tokens[jti] == nil {
			refused = append(refused, refusedOffer{reason: fault.TokenInvalid})
		}
	}
	price := offers.Evaluate(p.Cart, candidates, s.Now)
	// What a limit or a budget does not cover is left out, and the rest is priced again.
	for {
		i, err := s.Book.Overdrawn(p.Customer, price.Applied)
		if i < 0 {
			break
		}
		over := price.Applied[i]
		refused = append(refused, refusedOffer{token: s.Book.Tokens[over.JTI], reason: fault.CodeOf(err), amount: over.Amount})
		candidates = slices.DeleteFunc(candidates, func(c offers.Candidate) bool { return c.JTI == over.JTI && c.Offer.ID == over.OfferID })
		price = offers.Evaluate(p.Cart, candidates, s.Now)
	}
	var rejected []offers.Rejected
	for _, r := range refused {
		rejected = append(rejected, r.rejected())
	}
	e := Evaluation{ExpiresAt: s.Now.Add(evaluationLife), Pinned: Pin(p.Customer, p.Cart, price, s.Program), Rejected: append(rejected, price.Rejected...)}
	e.Pinned.Judged = offers.Judge(price.Applied, candidates, s.Now)
	if p.Trace {
		e.Trace = p.explain(s, candidates, refused)
	}
	var jtis []string
	for _, a := range price.Applied {
		jtis = append(jtis, a.JTI)
	}
	return e, jtis
}

// refusedOffer is an offer that was refused before its own conditions were asked.
type refusedOffer struct {
	// token is nil when nothing may be told of it, or nothing is known.
	token  *offers.Token
	reason fault.Code
	// amount is what the offer would have given, where a budget did not cover it.
	amount int64
}

func (r refusedOffer) rejected() offers.Rejected {
	out := offers.Rejected{Reason: string(r.reason)}
	if r.token != nil {
		out.OfferID = r.token.OfferID
	}
	return out
}

// refusal tells why a token could not be held now.
func (p Purchase) refusal(s *Shop, t *offers.Token, o *offers.Offer) error {
	if err := t.Usable(p.Customer, s.Now); err != nil {
		return err
	}
	if err := p.suitsCart(t); err != nil {
		return err
	}
	if a := s.Attestations[t.AttestationID]; a != nil {
		if err := suits(a, p.Customer, s); err != nil {
			return err
		}
	}
	if o == nil {
		return offers.ErrOfferNotLive
	}
	return s.Book.Room(*o, t.PersonTags, p.Customer, t)
}

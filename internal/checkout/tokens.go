package checkout

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/offers/token"
	"github.com/laurel-gateway/laurel/offers/tokencache"
)

// TokenRequest asks for a token for an offer: for a verification, or for a customer who is entitled to it.
type TokenRequest struct {
	OfferID        string
	VerificationID string
	Customer       string
	// Cart, when set, is the one cart that the token is to be good for.
	Cart *offers.Cart
}

// Given is a token and its short code.
type Given struct {
	Token     string
	Code      string
	ExpiresAt time.Time
	Offer     offers.Offer
	// PlatformCode is the code of the storefront's platform that was given with the token; "" without one.
	PlatformCode string
	// Again is true when the token was given before.
	Again bool
}

// sealedToken is what the database and the cache keep of a token's text.
type sealedToken struct {
	Token string `json:"t"`
	Code  string `json:"c"`
}

const tokenPurpose = "offer-token"

// IssueToken gives a token for an offer, or the one that is live already. Faults: invalid for a cart that cannot be
// priced, offer_not_found, offer_not_live, offer_not_eligible, attestation_ended.
func (s *Service) IssueToken(ctx context.Context, store *tenant.Store, r TokenRequest) (Issued, error) {
	if issued, ok := s.repeat(ctx, store, r); ok {
		return issued, nil
	}
	draft, err := s.draft(ctx, store, r)
	if err != nil {
		return refuse[Issued](ctx, s, store.ID, err)
	}
	issued, err := carryOut[Issued](ctx, s, store.ID, draft)
	if err == nil {
		s.keep(ctx, store, r, issued)
	}
	return issued, err
}

// Open gives the text of an issued token, with the offer as it was when the token was asked for.
func (s *Service) Open(store *tenant.Store, i Issued) (Given, error) {
	b, err := store.Keys().Open(tokenPurpose, string(i.Token.Sealed), []byte(i.Token.JTI))
	if err != nil {
		return Given{}, fmt.Errorf("open issued token: %w", err)
	}
	var t sealedToken
	if err := json.Unmarshal(b, &t); err != nil {
		return Given{}, fmt.Errorf("open issued token: %w", err)
	}
	platform, err := platformCode(store, i.Token)
	return Given{Token: t.Token, Code: t.Code, PlatformCode: platform, ExpiresAt: i.Token.ExpiresAt, Offer: i.Offer, Again: i.Again}, err
}

// Offer returns the current version of an offer.
func (s *Service) Offer(ctx context.Context, store *tenant.Store, offerID string) (offers.Offer, error) {
	var o offers.Offer
	err := s.Reader.Look(ctx, store.ID, func(k *Keys) { k.Offers.Add(offerID) }, nil, func(shop *Shop) error {
		found := shop.Book.Offers[offerID]
		if found == nil {
			return ErrOfferMissing
		}
		o = *found
		return nil
	})
	return o, err
}

// draft makes the token that is given if none is live: signed and sealed before any lock is taken.
func (s *Service) draft(ctx context.Context, store *tenant.Store, r TokenRequest) (IssueToken, error) {
	cart := ""
	if r.Cart != nil {
		if err := r.Cart.Check(); err != nil {
			return IssueToken{}, err
		}
		cart = r.Cart.Digest()
	}
	offer, proofs, err := s.Reader.Entitlement(ctx, store.ID, r.OfferID, r.VerificationID, r.Customer)
	if err != nil {
		return IssueToken{}, err
	}
	now := store.Now(time.Now()).UTC().Truncate(time.Microsecond)
	proof, err := entitlement(offer, proofs, r, now)
	if err != nil {
		return IssueToken{}, err
	}
	t := offers.Token{Store: store.ID, JTI: id.New("tok"), OfferID: offer.ID, OfferVersion: offer.Version, IssuedAt: now, State: offers.TokenLive, Cart: cart}
	t.Customer, t.Subject = r.Customer, "customer:"+r.Customer
	if proof != nil {
		t.AttestationID, t.Group, t.PersonTags, t.Subject = proof.ID, proof.Group, proof.Tags, "attestation:"+proof.ID
		t.Customer = ""
		if proof.Bound {
			t.Customer = proof.Customer
		}
	}
	c := IssueToken{Draft: t, Customer: cmp.Or(t.Customer, r.Customer), Tiered: offer.Tier != "", Verifies: s.Tokens.Verifies}
	return c, s.sign(ctx, store, *offer, proof, &c.Draft)
}

// entitlement finds the proof that entitles to an offer. An offer for everybody needs a customer and no proof.
func entitlement(offer *offers.Offer, proofs []Attestation, r TokenRequest, now time.Time) (*Attestation, error) {
	if err := offer.Available(now); err != nil {
		return nil, err
	}
	if offer.Group == "" && r.VerificationID == "" {
		return nil, nil
	}
	i := slices.IndexFunc(proofs, func(a Attestation) bool { return a.Active(now) && offer.Suits(a.Group, a.Subgroup) })
	if i < 0 {
		return nil, ErrNotEntitled
	}
	return &proofs[i], nil
}

// status is where verifiers learn that a proof was ended. A proof of an earlier version gets its place now.
func (s *Service) status(ctx context.Context, store *tenant.Store, proof *Attestation) (*token.Status, error) {
	if proof.StatusList == "" {
		var err error
		if proof.StatusList, proof.StatusIndex, err = s.Reader.PlaceStatus(ctx, store.ID, proof.ID); err != nil {
			return nil, err
		}
	}
	return &token.Status{Index: proof.StatusIndex, URI: s.statusURI(proof.StatusList)}, nil
}

// sign completes a draft: its end, text, short code and what the database keeps of them.
func (s *Service) sign(ctx context.Context, store *tenant.Store, offer offers.Offer, proof *Attestation, t *offers.Token) error {
	claims := token.Claims{
		Issuer: s.Issuer, Store: store.ID, Subject: store.Keys().Subject(t.Subject), ID: t.JTI, IssuedAt: t.IssuedAt, NotBefore: t.IssuedAt,
		Offer: offer.ID, OfferVersion: offer.Version, Group: t.Group, Cart: t.Cart,
	}
	var err error
	if proof != nil {
		claims.VerifiedUntil = proof.ValidUntil
		if claims.Status, err = s.status(ctx, store, proof); err != nil {
			return err
		}
	}
	claims.ExpiresAt, err = token.Lifetime(t.IssuedAt, time.Duration(offer.TokenSeconds)*time.Second, claims.VerifiedUntil)
	if err != nil {
		return err
	}
	t.ExpiresAt = claims.ExpiresAt
	var text sealedToken
	if text.Token, err = s.Tokens.Sign(ctx, token.Alg(store.TokenAlgorithm()), claims); err != nil {
		return fmt.Errorf("sign offer token: %w", err)
	}
	t.KID = token.KeyOf(text.Token)
	code, err := token.NewCode(s.Random)
	if err != nil {
		return fmt.Errorf("make offer code: %w", err)
	}
	text.Code = code.String()
	t.CodeMAC = store.Keys().CodeMAC(string(code))
	b, err := json.Marshal(text)
	if err != nil {
		return fmt.Errorf("encode offer token: %w", err)
	}
	sealed, err := store.Keys().Seal(tokenPurpose, b, []byte(t.JTI))
	t.Sealed = []byte(sealed)
	return err
}

// Introspection is what a checkout may know of a token (RFC 7662). When it is not active nothing else is told.
type Introspection struct {
	Active    bool
	OfferID   string
	Group     string
	Customer  string
	State     offers.TokenState
	IssuedAt  time.Time
	ExpiresAt time.Time
	JTI       string
}

// introspectionLag is how far an introspection may lag behind a revocation.
const introspectionLag = 5 * time.Second

// Introspect tells whether a token or code can still be used. The cache answers for what is known to be dead, and for a
// few seconds for what was read; everything else is read from the database.
func (s *Service) Introspect(ctx context.Context, store *tenant.Store, raw, typed string) (Introspection, error) {
	now := store.Now(time.Now())
	p, err := s.presented(ctx, store, raw, typed, now)
	if err != nil || len(p.Tokens)+len(p.Codes) == 0 {
		return Introspection{}, err
	}
	if in, known, err := s.cached(ctx, store, p, now); known || err != nil {
		return in, err
	}
	var in Introspection
	err = s.Reader.Look(ctx, store.ID, p.want, p.planForLook, func(shop *Shop) error {
		if known := p.known(shop.Book.Tokens, shop.CodeTokens); len(known) == 1 {
			in = introspect(shop, known[0])
		}
		return nil
	})
	if err == nil {
		s.remember(ctx, store, in)
	}
	return in, err
}

// presented verifies one token or code. What cannot be one gives an empty purchase: it is not active, whatever it is.
func (s *Service) presented(ctx context.Context, store *tenant.Store, raw, typed string, now time.Time) (Purchase, error) {
	var p Purchase
	if raw != "" {
		claims, err := s.Tokens.Verify(ctx, raw, token.Expect{Issuer: s.Issuer, Store: store.ID, Now: now, Leeway: time.Minute})
		switch fault.CodeOf(err) {
		case fault.TokenInvalid, fault.TokenExpired:
			return p, nil
		}
		if err != nil {
			return p, err
		}
		p.Tokens = []string{claims.ID}
		return p, nil
	}
	p.Codes = []string{codeMAC(store, typed)}
	return p, nil
}

func introspect(shop *Shop, t *offers.Token) Introspection {
	a := shop.Attestations[t.AttestationID]
	dead := t.State == offers.TokenSpent || t.State == offers.TokenRevoked || !shop.Now.Before(t.ExpiresAt) || a != nil && !a.Active(shop.Now)
	if dead {
		return Introspection{JTI: t.JTI, State: t.State, ExpiresAt: t.ExpiresAt}
	}
	in := Introspection{Active: true, OfferID: t.OfferID, Group: t.Group, Customer: t.Customer, State: t.State,
		IssuedAt: t.IssuedAt, ExpiresAt: t.ExpiresAt, JTI: t.JTI}
	if r := shop.Book.Reservations[t.Holder]; t.State == offers.TokenHeld && (r == nil || r.State != offers.Held || r.Lapsed(shop.Now)) {
		in.State = offers.TokenLive
	}
	return in
}

// cached answers from the cache: a token that is known to be dead, or one that was read a moment ago.
func (s *Service) cached(ctx context.Context, store *tenant.Store, p Purchase, now time.Time) (Introspection, bool, error) {
	if len(p.Tokens) == 0 {
		return Introspection{}, false, nil
	}
	dead, err := s.Cache.Dead(ctx, store.ID, p.Tokens)
	if err != nil || len(dead) > 0 {
		return Introspection{}, len(dead) > 0, err
	}
	e, ok, err := s.Cache.GetIssued(ctx, seenKey(store.ID, p.Tokens[0]))
	if err != nil || !ok || !now.Before(e.ExpiresAt) {
		return Introspection{}, false, err
	}
	b, err := store.Keys().Open(tokenPurpose, string(e.Sealed), []byte(e.ID))
	if err != nil {
		return Introspection{}, false, nil //nolint:nilerr // another key version: read it from the database
	}
	var in Introspection
	if err := json.Unmarshal(b, &in); err != nil {
		return Introspection{}, false, nil //nolint:nilerr // another version of this program: read it from the database
	}
	return in, true, nil
}

func seenKey(store, jti string) string { return "seen|" + store + "|" + jti }

func (s *Service) remember(ctx context.Context, store *tenant.Store, in Introspection) {
	var err error
	switch {
	case in.Active:
		var b []byte
		var sealed string
		if b, err = json.Marshal(in); err == nil {
			if sealed, err = store.Keys().Seal(tokenPurpose, b, []byte(in.JTI)); err == nil {
				err = s.Cache.PutIssued(ctx, seenKey(store.ID, in.JTI), tokencache.Entry{ID: in.JTI, Sealed: []byte(sealed), ExpiresAt: in.ExpiresAt}, introspectionLag)
			}
		}
	case in.State == offers.TokenSpent:
		err = s.Cache.MarkDead(ctx, store.ID, in.JTI, tokencache.Spent, token.MaxLifetime)
	case in.State == offers.TokenRevoked:
		err = s.Cache.MarkDead(ctx, store.ID, in.JTI, tokencache.Revoked, token.MaxLifetime)
	}
	if err != nil {
		s.Logger.WarnContext(ctx, "token cache was not told", "error", err)
	}
}

package checkout

import (
	"context"
	"encoding/json"
	"time"

	"github.com/laurel-gateway/laurel/internal/commit"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/offers/token"
	"github.com/laurel-gateway/laurel/offers/tokencache"
)

// Repeat gives a live token again: it claims the idempotency key of a request and keeps the answer with it in one
// statement, if the token is still good at that moment. It takes no locks.
//
// Why it must write at all: the same key gets the same answer for as long as keys are kept, and another request under
// the same key is refused. Only a row can promise that; a cache may be flushed between the two requests.
//
// Why it need not do more: everything that could make the answer wrong is asked of the database by the statement that
// claims the key: whether the token is live or held, whether its proof has ended, whether the offer is live in the
// version that the answer shows. So a cached token is never given when the database knows better, not even for the
// five seconds that introspection is allowed. Whatever else can be the case (the key was claimed before, by this
// request or by another; the token was spent; the offer was changed) makes the statement write nothing, and the request
// goes the ordinary way as if there were no cache.
type Repeat struct {
	Request *once.Request
	// Answer is what is kept with the key.
	Answer once.Answer

	JTI          string
	OfferID      string
	OfferVersion int64
	// Customer, when set, is who the proof must still be bound to.
	Customer string
	// Group and Subgroup are what the offer asks of the proof.
	Group    string
	Subgroup string
	// Now is the store's time.
	Now time.Time
}

// Size makes a batch's bytes countable.
func (r Repeat) Size() int { return 256 + len(r.Answer.Body) }

// RepeatStorage carries out a batch of repeats in one statement and tells which of them were done. Two of one batch may
// have the same key: one at most is done.
type RepeatStorage interface {
	Repeat(ctx context.Context, batch []Repeat) ([]bool, error)
}

// Repeats returns the runner for a committer.
func Repeats(storage RepeatStorage) commit.Runner[Repeat, bool] {
	return func(ctx context.Context, batch []Repeat) ([]commit.Result[bool], error) {
		done, err := storage.Repeat(ctx, batch)
		if err != nil {
			return nil, err
		}
		results := make([]commit.Result[bool], len(batch))
		for i, ok := range done {
			results[i].Value = ok
		}
		return results, nil
	}
}

// kept is what the cache holds of a live token. Sealed is sealed already.
type kept struct {
	KID          string       `json:"k"`
	Sealed       string       `json:"s"`
	OfferVersion int64        `json:"v"`
	PoolCode     string       `json:"p,omitempty"`
	Offer        offers.Offer `json:"o"`
}

const keptPurpose = "live-token"

// keptKey names who may get a token again by asking the same. Texts of callers are quoted, so that no two requests share
// a key.
func keptKey(store *tenant.Store, r TokenRequest) string {
	cart := ""
	if r.Cart != nil {
		cart = r.Cart.Digest()
	}
	b, err := json.Marshal([]string{store.ID, r.OfferID, r.VerificationID, r.Customer, cart})
	if err != nil {
		return "" // texts always marshal
	}
	return "live|" + string(b)
}

// repeat gives a token again that the cache knows, if the database agrees. False means: go the ordinary way.
func (s *Service) repeat(ctx context.Context, store *tenant.Store, r TokenRequest) (Issued, bool) {
	req := once.From(ctx)
	if s.Config.Repeat == nil || req == nil || r.Cart != nil && r.Cart.Check() != nil {
		return Issued{}, false
	}
	issued, ok := s.recall(ctx, store, r)
	if !ok {
		return Issued{}, false
	}
	answer, keep := req.Encode(issued, nil)
	if !keep {
		return Issued{}, false
	}
	repeat := Repeat{Request: req, Answer: answer, JTI: issued.Token.JTI, OfferID: issued.Offer.ID, OfferVersion: issued.Offer.Version,
		Group: issued.Offer.Group, Subgroup: issued.Offer.Subgroup, Now: store.Now(time.Now())}
	if r.VerificationID == "" {
		repeat.Customer = r.Customer
	}
	// An error leaves the outcome open, and the ordinary way finds out: the attempt's own claim gives its own answer.
	if done, err := s.Config.Repeat(ctx, repeat); err != nil || !done {
		return Issued{}, false
	}
	req.Settle(answer)
	return issued, true
}

// recall finds a token that was given for the same request.
func (s *Service) recall(ctx context.Context, store *tenant.Store, r TokenRequest) (Issued, bool) {
	e, ok, err := s.Cache.GetIssued(ctx, keptKey(store, r))
	now := store.Now(time.Now())
	if err != nil || !ok || !now.Before(e.ExpiresAt) {
		return Issued{}, false
	}
	b, err := store.Keys().Open(keptPurpose, string(e.Sealed), []byte(e.ID))
	if err != nil {
		return Issued{}, false
	}
	var k kept
	if err := json.Unmarshal(b, &k); err != nil {
		return Issued{}, false
	}
	// What the contract does not show of an offer is not in its text.
	k.Offer.Store, k.Offer.ID, k.Offer.Version = store.ID, r.OfferID, k.OfferVersion
	if k.Offer.Available(now) != nil || !s.Tokens.Verifies(k.KID) {
		return Issued{}, false
	}
	t := offers.Token{Store: store.ID, JTI: e.ID, OfferID: r.OfferID, KID: k.KID, Sealed: []byte(k.Sealed), PoolCode: []byte(k.PoolCode), ExpiresAt: e.ExpiresAt}
	return Issued{Token: t, Offer: k.Offer, Again: true}, true
}

// keep notes a token that was asked for again: who has asked twice asks more often. A token of an offer for a tier or
// in a campaign is not noted: whether the tier still holds, and the day is right, is asked each time.
func (s *Service) keep(ctx context.Context, store *tenant.Store, r TokenRequest, i Issued) {
	if s.Config.Repeat == nil || !i.Again || i.Offer.Tier != "" || i.Offer.Campaign != nil {
		return
	}
	ttl := i.Token.ExpiresAt.Sub(store.Now(time.Now()))
	b, err := json.Marshal(kept{KID: i.Token.KID, Sealed: string(i.Token.Sealed), PoolCode: string(i.Token.PoolCode), OfferVersion: i.Offer.Version, Offer: i.Offer})
	if err == nil {
		var sealed string
		if sealed, err = store.Keys().Seal(keptPurpose, b, []byte(i.Token.JTI)); err == nil && len(sealed) <= tokencache.MaxSealed {
			e := tokencache.Entry{ID: i.Token.JTI, Sealed: []byte(sealed), ExpiresAt: i.Token.ExpiresAt}
			err = s.Cache.PutIssued(context.WithoutCancel(ctx), keptKey(store, r), e, min(ttl, token.MaxLifetime))
		}
	}
	if err != nil {
		s.Logger.WarnContext(ctx, "token cache was not told", "error", err)
	}
}

package checkout

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/offers/token"
	"github.com/laurel-gateway/laurel/offers/tokencache"
)

// Reader reads what is beside the commands. Nothing it returns is locked.
type Reader interface {
	OfferLister
	// Look reads facts, lets plan say what else to load, and shows the shop as a command would find it, without locks.
	// Rows that a command would make are missing.
	Look(ctx context.Context, store string, want func(*Keys), plan func(*Facts, *Keys) error, see func(*Shop) error) error
	// Entitlement returns the current version of an offer and, where the offer or the request needs a proof, the
	// attestations of a verification, or those bound to a customer. Faults: offer_not_found.
	Entitlement(ctx context.Context, store, offerID, verification, customer string) (*offers.Offer, []Attestation, error)
	// PlaceStatus gives an attestation that has none a place in a status list, and returns the one it has.
	PlaceStatus(ctx context.Context, store, attestation string) (list string, index int64, err error)
	// StatusList reads which attestations of a list have been ended. found is false when there is no such list.
	StatusList(ctx context.Context, list string) (store string, bits []byte, readAt time.Time, found bool, err error)
	// Proofs returns the attestations of a verification, or those bound to a customer.
	Proofs(ctx context.Context, store, verification, customer string) ([]Attestation, error)
	// Member returns a member with all open lots, or nil.
	Member(ctx context.Context, store, customer string) (*Shop, *loyalty.Member, error)
	// Entries returns a member's entries, newest first, before a sequence number (0: from the newest).
	Entries(ctx context.Context, store, customer string, before int64, limit int) ([]loyalty.Entry, error)
	// Redemptions returns redemptions, newest first, before an id ("": from the newest), of an order if one is named.
	Redemptions(ctx context.Context, store, orderID, before string, limit int) ([]offers.Redemption, error)
	Versions
}

// Tokens signs and verifies offer tokens.
type Tokens interface {
	Sign(ctx context.Context, alg token.Alg, c token.Claims) (string, error)
	// SignDocument signs a status list or a receipt.
	SignDocument(ctx context.Context, alg token.Alg, typ string, payload []byte) (string, error)
	// Verifies tells whether the signatures of a key are good now.
	Verifies(kid string) bool
	Verify(ctx context.Context, raw string, expect token.Expect) (token.Claims, error)
}

// Config is what a Service needs.
type Config struct {
	// Do carries out a command: the committer's Do.
	Do func(context.Context, Attempt) (Answered, error)
	// Repeat gives a live token again without a command: the Do of a committer that runs Repeats. Nil for never.
	Repeat func(context.Context, Repeat) (bool, error)
	Reader Reader
	Tokens Tokens
	Cache  tokencache.Cache
	// Issuer is the gateway's public URL, the iss of its tokens.
	Issuer string
	Random io.Reader
	// Guesses bounds how often codes are guessed. Nil bounds nothing.
	Guesses Guesses
	Logger  *slog.Logger
}

// Service is checkout for callers: it verifies what they present, and has commands carried out.
type Service struct{ Config }

// NewService returns a service.
func NewService(c Config) *Service { return &Service{c} }

// Request is a purchase as a caller presents it.
type Request struct {
	Customer string
	Cart     offers.Cart
	Tokens   []string
	Codes    []string
	// EvaluationID, when set, stands for all of the above: what an evaluation priced.
	EvaluationID string
	// Shopper is the shopper's own address, as the checkout saw it. The zero Addr is unknown.
	Shopper netip.Addr
	// Trace asks an evaluation to tell every condition.
	Trace bool
}

// MaxPresented bounds the tokens and codes of one request.
const MaxPresented = 20

// purchase verifies what a caller presents. Signatures are checked here, outside of every transaction; whether a token
// is spent, revoked or too old is decided under its lock.
func (s *Service) purchase(ctx context.Context, store *tenant.Store, r Request, now time.Time) (Purchase, error) {
	if r.EvaluationID != "" {
		return s.openEvaluation(store, r.EvaluationID, now)
	}
	if err := r.Cart.Check(); err != nil {
		return Purchase{}, err
	}
	p := Purchase{Customer: r.Customer, Cart: r.Cart, Trace: r.Trace}
	for i, raw := range r.Tokens {
		claims, err := s.Tokens.Verify(ctx, raw, token.Expect{Issuer: s.Issuer, Store: store.ID, Now: store.Now(now), Leeway: time.Minute})
		if err != nil && fault.CodeOf(err) != fault.TokenExpired {
			if fault.CodeOf(err) != fault.TokenInvalid {
				return Purchase{}, err
			}
			p.Refused = at(err, fmt.Sprintf("#/offer_tokens/%d", i), "is not a token of this store")
			claims.ID = token.IDOf(raw)
		}
		p.Tokens = append(p.Tokens, claims.ID)
	}
	for _, typed := range r.Codes {
		p.Codes = append(p.Codes, codeMAC(store, typed))
	}
	return p, nil
}

func at(err error, pointer, detail string) error {
	if f := fault.From(err); f != nil {
		return f.At(pointer, detail)
	}
	return err
}

// carryOut has a command carried out under the request's idempotency key and returns what it decided. When the key was
// answered before it returns once.ErrReplayed, and the request holds the answer.
func carryOut[T any](ctx context.Context, s *Service, store string, c Command) (T, error) {
	var zero T
	a, err := s.Do(ctx, Attempt{Store: store, Request: once.From(ctx), Command: c})
	if err != nil {
		return zero, err
	}
	if a.Value == nil {
		return zero, once.ErrReplayed
	}
	v, ok := a.Value.(T)
	if !ok {
		return zero, fmt.Errorf("command decided %T, want %T", a.Value, zero)
	}
	return v, nil
}

// refusal passes a refusal that was found before the transaction through it, so that a repeated request gets its first
// answer, and this one is kept as the answer of its key.
type refusal struct{ err error }

func (refusal) want(*Keys)                  {}
func (c refusal) plan(*Facts, *Keys) error  { return c.err }
func (c refusal) decide(*Shop) (any, error) { return nil, c.err }

// refuse answers a request that was refused before its command could be made.
func refuse[T any](ctx context.Context, s *Service, store string, err error) (T, error) {
	var zero T
	if fault.From(err) == nil || once.From(ctx) == nil {
		return zero, err
	}
	return carryOut[T](ctx, s, store, refusal{err})
}

// Reserve holds price, tokens and capacity for one attempt to pay. ttl of zero means DefaultHold.
func (s *Service) Reserve(ctx context.Context, store *tenant.Store, r Request, orderRef string, ttl time.Duration) (offers.Reservation, error) {
	p, err := s.purchase(ctx, store, r, time.Now())
	if err == nil {
		err = p.Refused
	}
	if err != nil {
		return refuse[offers.Reservation](ctx, s, store.ID, err)
	}
	if ttl == 0 {
		ttl = DefaultHold
	}
	return guarded(ctx, s, store, r.Shopper, p, func() (offers.Reservation, error) {
		return carryOut[offers.Reservation](ctx, s, store.ID, Reserve{Purchase: p, OrderRef: orderRef, TTL: ttl})
	}, refusedCode)
}

// RedeemReservation uses a reservation for an order.
func (s *Service) RedeemReservation(ctx context.Context, store *tenant.Store, id, orderID string, totals *offers.Totals) (offers.Redemption, error) {
	r, err := carryOut[offers.Redemption](ctx, s, store.ID, RedeemReservation{ReservationID: id, OrderID: orderID, Totals: totals})
	s.noteSpent(ctx, store, r, err)
	return r, err
}

// Release ends a reservation.
func (s *Service) Release(ctx context.Context, store *tenant.Store, id string) (offers.Reservation, error) {
	return carryOut[offers.Reservation](ctx, s, store.ID, Release{ReservationID: id})
}

// Redeem holds and redeems in one step. Without an order_ref, the order_id names the attempt.
func (s *Service) Redeem(ctx context.Context, store *tenant.Store, r Request, orderID, orderRef string) (offers.Redemption, error) {
	p, err := s.purchase(ctx, store, r, time.Now())
	if err != nil {
		return refuse[offers.Redemption](ctx, s, store.ID, err)
	}
	if orderRef == "" {
		orderRef = orderID
	}
	red, err := guarded(ctx, s, store, r.Shopper, p, func() (offers.Redemption, error) {
		return carryOut[offers.Redemption](ctx, s, store.ID, Redeem{Purchase: p, OrderID: orderID, OrderRef: orderRef})
	}, refusedCode)
	s.noteSpent(ctx, store, red, err)
	return red, err
}

// noteSpent tells the cache about tokens that are gone for good. The cache only answers early: what it does not hear of,
// the database knows.
func (s *Service) noteSpent(ctx context.Context, store *tenant.Store, r offers.Redemption, err error) {
	if err != nil {
		return
	}
	for _, u := range r.Pinned.Uses {
		if u.JTI == "" {
			continue
		}
		if err := s.Cache.MarkDead(context.WithoutCancel(ctx), store.ID, u.JTI, tokencache.Spent, token.MaxLifetime); err != nil {
			s.Logger.WarnContext(ctx, "token cache was not told of a spent token", "error", err)
		}
	}
}

// RefundRedemption refunds lines of a redemption.
func (s *Service) RefundRedemption(ctx context.Context, store *tenant.Store, id, ref string, lines []offers.RefundLine, restore offers.RestoreUse) (Refund, error) {
	return carryOut[Refund](ctx, s, store.ID, RefundOrder{RedemptionID: id, RefundRef: ref, Lines: lines, Restore: restore})
}

// RefundOrder refunds lines of an order.
func (s *Service) RefundOrder(ctx context.Context, store *tenant.Store, orderID, ref string, lines []offers.RefundLine) (Refund, error) {
	return carryOut[Refund](ctx, s, store.ID, RefundOrder{OrderID: orderID, RefundRef: ref, Lines: lines, Restore: offers.RestoreNever})
}

// RecordOrder tells of an order without an offer.
func (s *Service) RecordOrder(ctx context.Context, store *tenant.Store, o RecordOrder) (Order, error) {
	if err := o.Cart.Check(); err != nil {
		return refuse[Order](ctx, s, store.ID, err)
	}
	return carryOut[Order](ctx, s, store.ID, o)
}

// AdjustPoints gives or takes points by hand.
func (s *Service) AdjustPoints(ctx context.Context, store string, a AdjustPoints) (loyalty.Member, error) {
	return carryOut[loyalty.Member](ctx, s, store, a)
}

// Evaluation is a price that can be reserved for a while.
type Evaluation struct {
	ID        string
	ExpiresAt time.Time
	Pinned    offers.Pinned
	Rejected  []offers.Rejected
	// Trace tells how every offer was judged; nil when nobody asked.
	Trace []offers.Trace
}

// evaluationLife is how long an evaluation's price is kept.
const evaluationLife = 15 * time.Minute

// sealedEvaluation is what an evaluation_id holds.
type sealedEvaluation struct {
	Pinned    offers.Pinned `json:"p"`
	Tokens    []string      `json:"t,omitempty"`
	ExpiresAt time.Time     `json:"e"`
}

const evaluationPurpose = "evaluation"

// Faults of evaluations.
var (
	ErrEvaluationInvalid = fault.New(fault.EvaluationInvalid, "This is not an evaluation of this store. Evaluate again, and send its evaluation_id whole.").At("#/evaluation_id", "was not made by this store")
	ErrEvaluationExpired = fault.New(fault.EvaluationExpired, "The evaluation is too old. Evaluate again.").At("#/evaluation_id", "has expired")
)

// Evaluate prices a cart. It writes nothing: the evaluation id is a sealed value that holds everything.
func (s *Service) Evaluate(ctx context.Context, store *tenant.Store, r Request) (Evaluation, error) {
	p, err := s.purchase(ctx, store, r, time.Now())
	if err == nil {
		err = p.Refused
	}
	if err != nil {
		return Evaluation{}, err
	}
	return guarded(ctx, s, store, r.Shopper, p, func() (Evaluation, error) { return s.evaluate(ctx, store, p) }, unknownCodes)
}

func (s *Service) evaluate(ctx context.Context, store *tenant.Store, p Purchase) (Evaluation, error) {
	var e Evaluation
	err := s.Reader.Look(ctx, store.ID, p.want, p.planForLook, func(shop *Shop) error {
		var jtis []string
		e, jtis = p.look(shop)
		sealed := sealedEvaluation{Pinned: e.Pinned, Tokens: jtis, ExpiresAt: e.ExpiresAt}
		b, err := json.Marshal(sealed)
		if err != nil {
			return fmt.Errorf("encode evaluation: %w", err)
		}
		text, err := store.Keys().Seal(evaluationPurpose, b, []byte(store.ID))
		e.ID = "evl_" + text
		return err
	})
	return e, err
}

func (s *Service) openEvaluation(store *tenant.Store, id string, now time.Time) (Purchase, error) {
	if len(id) < 4 || id[:4] != "evl_" {
		return Purchase{}, ErrEvaluationInvalid
	}
	b, err := store.Keys().Open(evaluationPurpose, id[4:], []byte(store.ID))
	if err != nil {
		return Purchase{}, ErrEvaluationInvalid
	}
	var e sealedEvaluation
	if err := json.Unmarshal(b, &e); err != nil {
		return Purchase{}, ErrEvaluationInvalid
	}
	if !store.Now(now).Before(e.ExpiresAt) {
		return Purchase{}, ErrEvaluationExpired
	}
	return Purchase{Customer: e.Pinned.Customer, Cart: e.Pinned.Cart, Tokens: e.Tokens, Price: &e.Pinned}, nil
}

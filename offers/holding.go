package offers

import (
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Book is what is loaded of one store, under lock, to decide on its reservations and redemptions. Its methods change it
// only when they succeed, and note what they changed.
type Book struct {
	Store string
	Now   time.Time
	// Zone is the store's: where the days of an offer without a zone of its own begin.
	Zone         *time.Location
	NewID        func(prefix string) string
	Offers       map[string]*Offer // current versions
	Tokens       map[string]*Token
	Attempts     map[string]*Attempt
	Reservations map[string]*Reservation
	Redemptions  map[string]*Redemption
	Counters     map[CounterKey]*Counter
	Changed      Changes
}

// HoldKey names one reservation's hold on one counter.
type HoldKey struct {
	CounterKey
	Reservation string
}

// Changes is what has to be written: rows by key, and holds that were added (with their end) or ended.
type Changes struct {
	Tokens       map[string]bool
	Attempts     map[string]bool
	Reservations map[string]bool
	Redemptions  map[string]bool
	Counters     map[CounterKey]bool
	// Made are the ids of the reservations and redemptions that are new.
	Made       map[string]bool
	HoldsAdded map[HoldKey]Hold
	HoldsEnded map[HoldKey]bool
}

// NewBook returns an empty book.
func NewBook(store string, now time.Time, zone *time.Location, newID func(string) string) *Book {
	return &Book{
		Store: store, Now: now, Zone: zone, NewID: newID,
		Offers: map[string]*Offer{}, Tokens: map[string]*Token{}, Attempts: map[string]*Attempt{},
		Reservations: map[string]*Reservation{}, Redemptions: map[string]*Redemption{}, Counters: map[CounterKey]*Counter{},
		Changed: Changes{
			Tokens: map[string]bool{}, Attempts: map[string]bool{}, Reservations: map[string]bool{}, Redemptions: map[string]bool{},
			Counters: map[CounterKey]bool{}, Made: map[string]bool{}, HoldsAdded: map[HoldKey]Hold{}, HoldsEnded: map[HoldKey]bool{},
		},
	}
}

// Sweep gives back what lapsed holds took from the loaded counters. It comes before every decision.
func (b *Book) Sweep() {
	for k, c := range b.Counters {
		for _, rsv := range c.sweep(b.Now) {
			b.Changed.HoldsEnded[HoldKey{k, rsv}] = true
			b.touchCounter(k)
		}
	}
}

func (b *Book) touchCounter(k CounterKey) { b.Changed.Counters[k] = true }

// HoldRequest asks for a reservation.
type HoldRequest struct {
	OrderRef string
	Customer string
	TTL      time.Duration
	// Pinned is the price asked for. Its Applied name the offers and tokens; Uses are filled in here.
	Pinned Pinned
}

// Faults of holding and redeeming.
var (
	ErrAttemptTaken        = fault.New(fault.OrderConflict, "This order_ref was redeemed already. A new attempt to pay needs a new order_ref, unless the order was refunded in full and its use restored.")
	ErrOrderTaken          = fault.New(fault.OrderConflict, "This order_id is taken by another order or by other content. An order_id belongs to one order for ever.")
	ErrReservationExpired  = fault.New(fault.ReservationExpired, "The reservation lapsed and its place was taken. Reserve again; for a payment that came late, honour the price without the offer's use or give the money back.")
	ErrReservationReleased = fault.New(fault.ReservationReleased, "The reservation was released. Reserve again.")
	ErrReservationRedeemed = fault.New(fault.ReservationRedeemed, "The reservation was redeemed for an order. Refund that order's redemption to undo it; reserve again for another order.")
	ErrTotalsChanged       = fault.New(fault.TotalsChanged, "The totals sent are not the ones that were reserved. Nothing was changed. Reserve again with the cart as it is now.")
)

// Reserve holds price, tokens and capacity for one attempt to pay. The same order_ref with the same content gets its own
// hold again; with other content the new hold takes the old one's place; a token that another attempt holds moves here.
func (b *Book) Reserve(req HoldRequest) (*Reservation, error) {
	attempt := b.Attempts[req.OrderRef]
	current := b.Reservations[attempt.ReservationID]
	if current != nil {
		switch {
		case current.State == Redeemed && !b.restored(current):
			return nil, ErrAttemptTaken
		case current.State == Held && !current.Lapsed(b.Now) && sameContent(current.Pinned, req.Pinned):
			return current, nil
		}
	}
	givesWay, err := b.checkTokens(req, current)
	if err != nil {
		return nil, err
	}
	uses, err := b.uses(req, givesWay)
	if err != nil {
		return nil, err
	}
	for _, r := range givesWay {
		b.end(r, Released)
	}
	r := &Reservation{Store: b.Store, ID: b.NewID("rsv"), OrderRef: req.OrderRef, State: Held, Pinned: req.Pinned,
		CreatedAt: b.Now, ExpiresAt: b.Now.Add(req.TTL)}
	r.Pinned.Uses = uses
	for _, u := range uses {
		if t := b.Tokens[u.JTI]; t != nil {
			t.State, t.Holder = TokenHeld, r.ID
			b.Changed.Tokens[t.JTI] = true
		}
	}
	b.take(claimsOf(uses), r)
	b.Reservations[r.ID] = r
	attempt.ReservationID = r.ID
	b.Changed.Reservations[r.ID], b.Changed.Made[r.ID], b.Changed.Attempts[req.OrderRef] = true, true, true
	return r, nil
}

// restored tells whether the redemption of a reservation was refunded in full with its uses given back, so that its
// order_ref is free for a new attempt.
func (b *Book) restored(r *Reservation) bool {
	red := b.Redemptions[r.RedemptionID]
	return red != nil && red.State == StateRefunded && red.Refunded.Restored
}

func sameContent(a, b Pinned) bool {
	return a.Customer == b.Customer && a.Totals == b.Totals &&
		slices.EqualFunc(a.Applied, b.Applied, func(x, y Applied) bool {
			return x.OfferID == y.OfferID && x.OfferVersion == y.OfferVersion && x.JTI == y.JTI && x.Amount == y.Amount
		}) &&
		a.Cart.Currency == b.Cart.Currency && a.Cart.TaxMode == b.Cart.TaxMode && a.Cart.ShippingAmount == b.Cart.ShippingAmount &&
		slices.EqualFunc(a.Cart.Lines, b.Cart.Lines, func(x, y Line) bool {
			return x.LineID == y.LineID && x.SKU == y.SKU && x.Quantity == y.Quantity && x.UnitAmount == y.UnitAmount && slices.Equal(x.Categories, y.Categories)
		})
}

// checkTokens refuses tokens that cannot be held, and returns the reservations that give way to the new one: the
// attempt's own earlier hold, and holds of other attempts on the same tokens.
func (b *Book) checkTokens(req HoldRequest, current *Reservation) ([]*Reservation, error) {
	var givesWay []*Reservation
	if current != nil && current.State == Held {
		givesWay = append(givesWay, current)
	}
	for _, a := range req.Pinned.Applied {
		if a.JTI == "" {
			continue
		}
		t := b.Tokens[a.JTI]
		if t == nil || t.OfferID != a.OfferID {
			return nil, ErrTokenInvalid
		}
		if err := t.Usable(req.Customer, b.Now); err != nil {
			return nil, err
		}
		if holder := b.Reservations[t.Holder]; t.State == TokenHeld && holder != nil && holder.State == Held && !slices.Contains(givesWay, holder) {
			givesWay = append(givesWay, holder)
		}
	}
	return givesWay, nil
}

// uses reckons what each applied offer counts against, and refuses when an offer is not live or a limit has no room,
// counting what gives way as free.
func (b *Book) uses(req HoldRequest, givesWay []*Reservation) ([]Use, error) {
	uses := make([]Use, 0, len(req.Pinned.Applied))
	for _, a := range req.Pinned.Applied {
		o := b.Offers[a.OfferID]
		if o == nil {
			return nil, ErrOfferNotLive
		}
		if err := o.Available(b.Now); err != nil {
			return nil, err
		}
		u := Use{OfferID: a.OfferID, OfferVersion: a.OfferVersion, JTI: a.JTI, Amount: a.Amount}
		if t := b.Tokens[a.JTI]; t != nil {
			u.Attestation, u.Group, u.PersonTags = t.AttestationID, t.Group, t.PersonTags
		}
		var err error
		if u.Counters, err = CountersOf(*o, u.PersonTags, req.Customer, b.Now, b.Zone); err != nil {
			return nil, err
		}
		u.RestoresBudget = o.Limits.Budget != nil && o.Limits.Budget.Restore
		uses = append(uses, u)
	}
	return uses, b.fits(claimsOf(uses), b.held(givesWay))
}

// end takes a held reservation out of force: its capacity and tokens are free again. One that has lapsed has expired,
// whatever ends it.
func (b *Book) end(r *Reservation, state ReservationState) {
	for _, u := range r.Pinned.Uses {
		if t := b.Tokens[u.JTI]; t != nil && t.State == TokenHeld && t.Holder == r.ID {
			t.State, t.Holder = TokenLive, ""
			b.Changed.Tokens[t.JTI] = true
		}
	}
	if r.Lapsed(b.Now) {
		state = Expired // and swept already
	} else {
		b.release(r)
	}
	r.State = state
	b.Changed.Reservations[r.ID] = true
}

// Release ends a reservation. Releasing one that has ended already changes nothing.
func (b *Book) Release(r *Reservation) error {
	switch r.State {
	case Redeemed:
		return ErrReservationRedeemed
	case Held:
		b.end(r, Released)
	}
	return nil
}

// Redeem uses a reservation for an order. While it lives it never fails on limits, expiry or pauses; once it has lapsed,
// it succeeds if there is room.
func (b *Book) Redeem(r *Reservation, orderID string) (*Redemption, error) {
	switch {
	case r.State == Redeemed:
		red := b.Redemptions[r.RedemptionID]
		if red == nil || red.OrderID != orderID {
			return nil, ErrReservationRedeemed
		}
		return red, nil
	case r.State == Released:
		return nil, ErrReservationReleased
	case r.State == Expired || r.Lapsed(b.Now):
		if err := b.reviveLapsed(r); err != nil {
			return nil, err
		}
	}
	lapsed := r.State == Expired || r.Lapsed(b.Now)
	red := &Redemption{Store: b.Store, ID: b.NewID("rdm"), OrderID: orderID, OrderRef: r.OrderRef, ReservationID: r.ID,
		State: StateRedeemed, Pinned: r.Pinned, CreatedAt: b.Now, UpdatedAt: b.Now}
	for _, u := range r.Pinned.Uses {
		if t := b.Tokens[u.JTI]; t != nil {
			t.State, t.Holder = TokenSpent, red.ID
			if t.Customer == "" {
				t.Customer = r.Pinned.Customer
			}
			b.Changed.Tokens[t.JTI] = true
		}
	}
	if !lapsed {
		b.release(r)
	}
	b.use(r)
	r.State, r.RedemptionID = Redeemed, red.ID
	b.Redemptions[red.ID] = red
	b.Changed.Reservations[r.ID], b.Changed.Redemptions[red.ID], b.Changed.Made[red.ID] = true, true, true
	return red, nil
}

// reviveLapsed refuses a lapsed reservation whose token or capacity has gone to somebody else.
func (b *Book) reviveLapsed(r *Reservation) error {
	for _, u := range r.Pinned.Uses {
		if t := b.Tokens[u.JTI]; t != nil && (t.State == TokenSpent || t.State == TokenRevoked || t.State == TokenHeld && t.Holder != r.ID) {
			return ErrReservationExpired
		}
	}
	if b.fits(claimsOf(r.Pinned.Uses), nil) != nil {
		return ErrReservationExpired
	}
	return nil
}

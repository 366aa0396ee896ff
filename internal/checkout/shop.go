package checkout

import (
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// StoreFacts is what commands know of a store.
type StoreFacts struct {
	ID   string
	Mode string
	Zone *time.Location
	// Offset moves a test store's clock.
	Offset time.Duration
	// Listened tells whether the store has webhook endpoints. Events that nobody listens to are kept and not relayed.
	Listened bool
}

// Facts are what was read of a store without locks. Of the rows among them only what never changes may be relied on.
type Facts struct {
	Store        StoreFacts
	Now          time.Time
	Offers       map[string]*offers.Offer // current versions
	Program      *loyalty.Program         // nil when the store has none
	Tokens       map[string]*offers.Token
	CodeTokens   map[string]string // jti by code MAC
	Reservations map[string]*offers.Reservation
	Redemptions  map[string]*offers.Redemption
	Orders       map[string]*Order
}

// Attestation is what checkout needs of a proof.
type Attestation struct {
	ID         string
	Customer   string
	Bound      bool
	Group      string
	Subgroup   string
	Tags       []string
	VerifiedAt time.Time
	ValidUntil time.Time
	Ended      bool
	// Fraud tells that it ended because of a confirmed fraud: then no hold outlives it.
	Fraud bool
	// StatusList and StatusIndex are the attestation's place in a status list; no list means that it has none yet.
	StatusList  string
	StatusIndex int64
}

// Active tells whether the attestation holds at now.
func (a *Attestation) Active(now time.Time) bool { return !a.Ended && now.Before(a.ValidUntil) }

// OrderKind says what an order_id belongs to.
type OrderKind string

// The kinds of orders. A free order_id belongs to nothing yet.
const (
	OrderFree       OrderKind = ""
	OrderPlain      OrderKind = "order"
	OrderRedemption OrderKind = "redemption"
)

// Order is an order_id: a natural key that belongs to one redemption or to one order without offers, for ever.
type Order struct {
	Store       string
	OrderID     string
	ID          string
	Kind        OrderKind
	Fingerprint []byte
	Customer    string
	Currency    string
	Total       int64
	Points      int64
	// Pinned and Refunded belong to plain orders; a redemption has its own.
	Pinned     offers.Pinned
	Refunded   offers.Refunded
	PlacedAt   time.Time
	RecordedAt time.Time
}

// Refund is one refund of an order.
type Refund struct {
	Key         RefundKey
	ID          string
	Fingerprint []byte
	Reversal    offers.Reversal
	CreatedAt   time.Time
}

// Slot points to the token given last for an offer and subject.
type Slot struct {
	SlotKey
	JTI string
}

// Event is a row of the outbox. Data holds no personal data.
type Event struct {
	ID       string
	Store    string
	Type     string
	Ordering string
	Data     map[string]any
	At       time.Time
}

// Shop is what is loaded of one store, under lock, and what deciding changed in it.
type Shop struct {
	Store StoreFacts
	// Now is the store's time: that of the batch, moved by a test store's clock.
	Now          time.Time
	NewID        func(prefix string) string
	Program      *loyalty.Program
	Book         *offers.Book
	Orders       map[string]*Order
	Members      map[string]*loyalty.Member
	Slots        map[SlotKey]*Slot
	Attestations map[string]*Attestation
	Refunds      map[RefundKey]*Refund
	// Adjusted are the adjustments asked for that were made before.
	Adjusted   map[AdjustmentKey]bool
	CodeTokens map[string]string
	// Pools are by offer.
	Pools map[string]*CodePool
	// Missing are the keys of the rows that do not exist yet. They were given rows without owner; the row of a changed one
	// is made when it is saved.
	Missing *Keys
	Changed Changes
}

// Changes is what a batch has to write for a store, beside what its book notes.
type Changes struct {
	Tokens       []*offers.Token // new
	Slots        map[SlotKey]bool
	Orders       map[string]bool
	Members      map[string]bool
	Attestations map[string]bool
	Lots         map[string]MemberLot
	Days         map[MemberDay]int64
	Entries      []loyalty.Entry
	Refunds      []*Refund
	Events       []Event
	Audits       []Audit
	GivenCodes   []GivenCode
	LowPools     []string
}

// MemberLot is a lot with its owner.
type MemberLot struct {
	MemberID string
	loyalty.Lot
}

// MemberDay names a day of a member.
type MemberDay struct{ MemberID, Day string }

// NewShop returns an empty shop.
func NewShop(store StoreFacts, now time.Time, newID func(string) string) *Shop {
	return &Shop{
		Store: store, Now: now, NewID: newID, Book: offers.NewBook(store.ID, now, store.Zone, newID),
		Orders: map[string]*Order{}, Members: map[string]*loyalty.Member{}, Slots: map[SlotKey]*Slot{},
		Attestations: map[string]*Attestation{}, Refunds: map[RefundKey]*Refund{}, Adjusted: map[AdjustmentKey]bool{}, CodeTokens: map[string]string{}, Pools: map[string]*CodePool{},
		Missing: NewKeys(),
		Changed: Changes{Slots: map[SlotKey]bool{}, Orders: map[string]bool{}, Members: map[string]bool{},
			Attestations: map[string]bool{}, Lots: map[string]MemberLot{}, Days: map[MemberDay]int64{}},
	}
}

// emit notes an event. Events of one customer keep their order; without one, ordering is the subject itself.
func (s *Shop) emit(kind, ordering string, data map[string]any) {
	s.Changed.Events = append(s.Changed.Events, Event{ID: s.NewID("evt"), Store: s.Store.ID, Type: kind, Ordering: ordering, Data: data, At: s.Now})
}

// ErrProgramMissing says that a store has no loyalty program.
var ErrProgramMissing = fault.New(fault.ProgramMissing, "This store has no loyalty program yet. Set one up in the console.")

// credit applies a loyalty command to a member and notes what it changed.
func (s *Shop) credit(customer string, cmd loyalty.Command) error {
	if s.Program == nil {
		return ErrProgramMissing
	}
	m := s.Members[customer]
	before := m.TierID
	rules := loyalty.Rules{Program: *s.Program, Zone: s.Store.Zone, NewID: s.NewID}
	out, err := loyalty.Apply(*m, rules, cmd, s.Now)
	if err != nil {
		return err
	}
	*m = out.Member
	s.Changed.Members[customer] = true
	s.Changed.Entries = append(s.Changed.Entries, out.Entries...)
	for _, l := range out.Lots {
		s.Changed.Lots[l.ID] = MemberLot{m.ID, l}
	}
	for day, points := range out.Days {
		s.Changed.Days[MemberDay{m.ID, day}] = points
	}
	s.emit("member.points_changed", customer, map[string]any{
		"customer": customer, "available": m.Available, "pending": m.Pending, "debt": m.Debt,
	})
	if m.TierID != before && before != "" {
		s.emit("member.tier_changed", customer, map[string]any{"customer": customer, "from": before, "to": m.TierID})
	}
	return nil
}

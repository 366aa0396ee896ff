package checkout

import "github.com/laurel-gateway/laurel/offers"

// Set is a set of keys.
type Set[K comparable] map[K]struct{}

// Add puts keys into the set.
func (s Set[K]) Add(keys ...K) {
	for _, k := range keys {
		s[k] = struct{}{}
	}
}

// SlotKey names the place of one live token: an offer and whom it is for.
type SlotKey struct{ OfferID, Subject string }

// RefundKey names a refund of an order.
type RefundKey struct{ OrderID, Ref string }

// AdjustmentKey names an adjustment of a member.
type AdjustmentKey struct{ Customer, Reference string }

// Keys are what the commands of one store need: first to know (facts, read without locks), then to lock.
type Keys struct {
	// Read as facts. Those that exist are locked too.
	Tokens       Set[string]
	CodeMACs     Set[string]
	Reservations Set[string]
	Redemptions  Set[string]
	Offers       Set[string]
	// KnownOrders are orders that are not made free for the asking.
	KnownOrders Set[string]
	// Program asks for the store's program.
	Program bool

	// Locked when they exist. What does not is made when the batch is saved, if a command gave it content.
	Attempts Set[string]
	Orders   Set[string]
	Slots    Set[SlotKey]
	Counters Set[offers.CounterKey]
	Members  Set[string]

	// Pool asks for codes of offers' pools, for those tokens that turn out to be fresh once the tokens are loaded.
	Pool []PoolKey

	// Locked when they exist.
	Attestations Set[string]
	Refunds      Set[RefundKey]
	Adjustments  Set[AdjustmentKey]

	// AllLots are the members whose open lots are all needed, because points may be taken.
	AllLots Set[string]
}

// NewKeys returns empty keys.
func NewKeys() *Keys {
	return &Keys{
		Tokens: Set[string]{}, CodeMACs: Set[string]{}, Reservations: Set[string]{}, Redemptions: Set[string]{}, Offers: Set[string]{}, KnownOrders: Set[string]{},
		Attempts: Set[string]{}, Orders: Set[string]{}, Slots: Set[SlotKey]{}, Counters: Set[offers.CounterKey]{}, Members: Set[string]{},
		Attestations: Set[string]{}, Refunds: Set[RefundKey]{}, Adjustments: Set[AdjustmentKey]{}, AllLots: Set[string]{},
	}
}

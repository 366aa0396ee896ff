//go:build brokenguards

package gateway

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/offers"
)

// A guard that BREAK_GUARD names is broken. Each is a mistake that an engine has shipped.
const (
	breakLimit   = "limit"   // rows are read without locks, so uses get lost
	breakToken   = "token"   // every process counts for itself
	breakPerson  = "person"  // a person's row is taken for missing
	breakBudget  = "budget"  // what was spent before is not seen
	breakRelease = "release" // a release leaves its hold behind
	breakOrder   = "order"   // an order is not known again
)

// guarded breaks the guard that BREAK_GUARD names; without a name it breaks none.
func guarded(s database.Checkout) checkout.Storage {
	switch name := os.Getenv("BREAK_GUARD"); name {
	case "":
		return s
	case breakLimit, breakToken, breakPerson, breakBudget, breakRelease, breakOrder:
		return &broken{Storage: s, guard: name, own: map[string]offers.Counter{}}
	default:
		panic(fmt.Sprintf("BREAK_GUARD=%s: there is no such guard", name))
	}
}

// broken is a storage with a guard missing.
type broken struct {
	checkout.Storage
	guard string

	mu sync.Mutex
	// own are the counters as this process left them, by store and key.
	own map[string]offers.Counter
}

// Batch implements checkout.Storage.
func (b *broken) Batch(ctx context.Context, fn func(context.Context, checkout.Tx) error) error {
	return b.Storage.Batch(ctx, func(ctx context.Context, tx checkout.Tx) error { return fn(ctx, brokenTx{tx, b}) })
}

type brokenTx struct {
	checkout.Tx
	*broken
}

// Load implements checkout.Tx.
func (tx brokenTx) Load(ctx context.Context, keys map[string]*checkout.Keys, facts map[string]*checkout.Facts) (map[string]*checkout.Shop, error) {
	load := tx.Tx.Load
	issues := false
	for _, k := range keys {
		issues = issues || len(k.Slots) > 0
	}
	if tx.guard == breakLimit && !issues {
		load = tx.Tx.(database.LockFree).LoadWithoutLocks
	}
	shops, err := load(ctx, keys, facts)
	for store, s := range shops {
		tx.spoil(store, s)
	}
	return shops, err
}

func (tx brokenTx) spoil(store string, s *checkout.Shop) {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	for k, c := range s.Book.Counters {
		own, known := tx.own[store+fmt.Sprint(k)]
		switch {
		case tx.guard == breakToken && !known, tx.guard == breakPerson && k.Scope == offers.ScopePerson, tx.guard == breakBudget && k.Scope == offers.ScopeBudget:
			c.Used, c.Held = 0, 0
		case tx.guard == breakToken:
			c.Used, c.Held = own.Used, own.Held
		}
	}
	if tx.guard == breakOrder {
		for _, o := range s.Orders {
			o.Kind, o.ID = checkout.OrderFree, ""
		}
	}
}

// Save implements checkout.Tx.
func (tx brokenTx) Save(ctx context.Context, shops map[string]*checkout.Shop, answers []*once.Request) error {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	for store, s := range shops {
		for k, c := range s.Book.Counters {
			tx.own[store+fmt.Sprint(k)] = *c
		}
		for h := range s.Book.Changed.HoldsEnded {
			if r := s.Book.Reservations[h.Reservation]; tx.guard == breakRelease && r != nil && r.State == offers.Released {
				delete(s.Book.Changed.HoldsEnded, h)
			}
		}
	}
	return tx.Tx.Save(ctx, shops, answers)
}

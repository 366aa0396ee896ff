package checkout

import (
	"fmt"

	"github.com/laurel-gateway/laurel/internal/codes"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
)

// PoolCode is a free code of the storefront platform, locked for this batch.
type PoolCode struct {
	ID     string
	Sealed []byte
}

// CodePool is what a batch may take of an offer's pool.
type CodePool struct {
	// Codes are as many free codes as the batch may need, or all that there are.
	Codes []PoolCode
	// Free is how many were free, counted no further than it takes to know that the pool does not run low.
	Free int64
	// Threshold is how few are told of, once: Watched says that nobody was told yet, and that the pool is locked.
	Threshold int64
	Watched   bool
}

// GivenCode is a code of a pool that was given with a token.
type GivenCode struct{ ID, JTI string }

// ErrPoolEmpty says that no code of the platform is left.
var ErrPoolEmpty = fault.New(fault.CodePoolEmpty, "No code of this offer's pool is left. Import more in the console.")

// live returns the token that is given again, if there is one.
func (c IssueToken) live(s *Shop) *offers.Token {
	old := s.outstanding(c.slot())
	if old == nil || old.AttestationID != c.Draft.AttestationID || old.Cart != c.Draft.Cart || c.Verifies != nil && !c.Verifies(old.KID) {
		return nil
	}
	return old
}

// outstanding is the token of a slot that could still be used.
func (s *Shop) outstanding(k SlotKey) *offers.Token {
	slot := s.Slots[k]
	if slot == nil {
		return nil
	}
	t := s.Book.Tokens[slot.JTI]
	if t == nil || !s.Now.Before(t.ExpiresAt) || t.State != offers.TokenLive && t.State != offers.TokenHeld {
		return nil
	}
	return t
}

// PoolKey asks for one code of an offer's pool if a fresh token is given.
type PoolKey struct {
	OfferID string
	Fresh   func(*Shop) bool
}

// wantPool asks for a code of the offer's pool, if it has one and a fresh token is given.
func (c IssueToken) wantPool(o *offers.Offer, k *Keys) {
	if o.CodePool {
		k.Pool = append(k.Pool, PoolKey{o.ID, func(s *Shop) bool { return c.live(s) == nil }})
	}
}

// takePoolCode gives a fresh token its code of the platform.
func (s *Shop) takePoolCode(o *offers.Offer, t *offers.Token) error {
	if !o.CodePool {
		return nil
	}
	pool := s.Pools[o.ID]
	if pool == nil || len(pool.Codes) == 0 {
		return ErrPoolEmpty
	}
	code := pool.Codes[0]
	pool.Codes = pool.Codes[1:]
	pool.Free--
	t.PoolCode = code.Sealed
	s.Changed.GivenCodes = append(s.Changed.GivenCodes, GivenCode{code.ID, t.JTI})
	if pool.Watched && pool.Free < pool.Threshold {
		pool.Watched = false
		s.Changed.LowPools = append(s.Changed.LowPools, o.ID)
		s.emit("code_pool.low", o.ID, map[string]any{"offer_id": o.ID, "free": pool.Free, "threshold": pool.Threshold})
	}
	return nil
}

// platformCode is the platform's own code that was given with a token, "" without one.
func platformCode(store *tenant.Store, t offers.Token) (string, error) {
	if len(t.PoolCode) == 0 {
		return "", nil
	}
	b, err := store.Keys().Open(codes.PoolPurpose, string(t.PoolCode), []byte(store.ID))
	if err != nil {
		return "", fmt.Errorf("open a code of a pool: %w", err)
	}
	return string(b), nil
}

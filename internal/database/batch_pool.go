package database

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"github.com/laurel-gateway/laurel/internal/checkout"
)

// pools takes, for every fresh token that needs one, a free code out of its offer's pool. What other batches hold is
// skipped; only when too few are left does a batch wait for them, to know whether they were really given.
func (l loader) pools(ctx context.Context) error {
	if !l.lock {
		return nil
	}
	for _, store := range slices.Sorted(maps.Keys(l.keys)) {
		shop, need := l.shops[store], map[string]int64{}
		for _, k := range l.keys[store].Pool {
			if k.Fresh(shop) {
				need[k.OfferID]++
			}
		}
		for _, offer := range slices.Sorted(maps.Keys(need)) {
			pool, err := l.tx.takeCodes(ctx, store, offer, need[offer])
			if err != nil {
				return err
			}
			shop.Pools[offer] = pool
		}
	}
	return nil
}

// lowMargin is how far above its threshold a pool is counted under its lock: more than all batches that did not see a
// reason to lock it can take meanwhile.
const lowMargin = 1000

// countFree counts free codes, but not beyond enough of them.
func (tx *Tx) countFree(ctx context.Context, store, offer string, enough int64) (n int64, err error) {
	const q = "SELECT COUNT(*) FROM (SELECT 1 FROM pool_codes WHERE " + freeCodes + " LIMIT ?) f"
	err = tx.rows(ctx, "pool_codes", q, []any{store, offer, enough}, func(r *sql.Rows) error { return r.Scan(&n) })
	return n, err
}

// takeCodes locks up to n free codes, and before them the pool itself when they may be the ones after which it is low.
func (tx *Tx) takeCodes(ctx context.Context, store, offer string, n int64) (*checkout.CodePool, error) {
	p, err := tx.pool(ctx, store, offer, "")
	if err != nil {
		return nil, err
	}
	out := &checkout.CodePool{Threshold: p.Threshold}
	if !p.Low {
		enough := p.Threshold + n + lowMargin
		if out.Free, err = tx.countFree(ctx, store, offer, enough); err != nil {
			return nil, err
		}
		if out.Free < enough {
			if p, err = tx.pool(ctx, store, offer, tx.forUpdate()); err != nil {
				return nil, err
			}
			if out.Free, err = tx.countFree(ctx, store, offer, enough); err != nil {
				return nil, err
			}
			out.Watched = !p.Low
		}
	}
	if err := tx.freeCodes(ctx, out, store, offer, n, true); err != nil || int64(len(out.Codes)) == n {
		return out, err
	}
	return out, tx.freeCodes(ctx, out, store, offer, n, false)
}

func (tx *Tx) freeCodes(ctx context.Context, into *checkout.CodePool, store, offer string, n int64, skip bool) error {
	q := "SELECT id, sealed FROM pool_codes WHERE " + freeCodes + " ORDER BY id LIMIT ?"
	if lock := tx.forUpdate(); lock != "" {
		q += lock
		if skip {
			q += " SKIP LOCKED"
		}
	}
	into.Codes = nil
	return tx.rows(ctx, "pool_codes", q, []any{store, offer, n}, func(r *sql.Rows) error {
		var c checkout.PoolCode
		err := r.Scan(&c.ID, &c.Sealed)
		into.Codes = append(into.Codes, c)
		return err
	})
}

var (
	givenCode = newTable("pool_codes", 2, "store_id text, id text, jti text, given_at timestamptz")
	lowPool   = newTable("code_pools", 2, "store_id text, offer_id text, low boolean")
)

// collectPools gathers what was given of the pools.
func (w *writes) collectPools(s *checkout.Shop) {
	for _, c := range s.Changed.GivenCodes {
		w.givenCodes = append(w.givenCodes, []any{s.Store.ID, c.ID, c.JTI, s.Now})
	}
	for _, offer := range s.Changed.LowPools {
		w.lowPools = append(w.lowPools, []any{s.Store.ID, offer, true})
	}
}

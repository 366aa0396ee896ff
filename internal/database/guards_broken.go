//go:build brokenguards

package database

import (
	"context"

	"github.com/laurel-gateway/laurel/internal/checkout"
)

// LockFree is a transaction that can leave its locks out. Only a program whose tests must fail has it.
type LockFree interface {
	LoadWithoutLocks(context.Context, map[string]*checkout.Keys, map[string]*checkout.Facts) (map[string]*checkout.Shop, error)
}

// LoadWithoutLocks is Load, without the locks.
func (tx batchTx) LoadWithoutLocks(ctx context.Context, keys map[string]*checkout.Keys, facts map[string]*checkout.Facts) (map[string]*checkout.Shop, error) {
	l := tx.loader(keys, facts, false)
	if err := l.load(ctx); err != nil {
		return nil, err
	}
	l.complete()
	return l.shops, l.settled()
}

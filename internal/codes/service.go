package codes

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

// Storage keeps pools and batches.
type Storage interface {
	// ReadCodes runs fn with a consistent view.
	ReadCodes(ctx context.Context, fn func(context.Context, Tx) error) error
	// WriteCodes runs fn in one transaction, after claiming the idempotency key that ctx carries, if any:
	// once.ErrReplayed when it was answered before.
	WriteCodes(ctx context.Context, fn func(context.Context, Tx) (any, error)) (any, error)
	// RunCodes is WriteCodes without claiming anything.
	RunCodes(ctx context.Context, fn func(context.Context, Tx) error) error
}

// Tx is one transaction. Whatever is not there is told by a bool.
type Tx interface {
	// Now is the database's time; StoreNow moves it by a test store's clock.
	Now() time.Time
	StoreNow(ctx context.Context, store string) (time.Time, error)
	// CurrentOffer returns the current version of an offer.
	CurrentOffer(ctx context.Context, store, id string) (offers.Offer, bool, error)
	Audit(ctx context.Context, e console.Entry) error
	PoolTx
	BatchTx
}

// Service is what admins do with codes in numbers.
type Service struct {
	storage Storage
	random  io.Reader
}

// NewService returns a service that draws codes from random.
func NewService(storage Storage, random io.Reader) *Service { return &Service{storage, random} }

// ErrOfferMissing says that there is no such offer in this store.
var ErrOfferMissing = fault.New(fault.NotFound, "There is no such offer in this store.")

func offerOf(ctx context.Context, tx Tx, store, id string) (offers.Offer, error) {
	o, ok, err := tx.CurrentOffer(ctx, store, id)
	if err == nil && !ok {
		err = ErrOfferMissing
	}
	return o, err
}

// write runs fn in one transaction and returns what it returned, which is also what an idempotent answer is made of.
func write[T any](ctx context.Context, s Storage, fn func(context.Context, Tx) (*T, error)) (*T, error) {
	got, err := s.WriteCodes(ctx, func(ctx context.Context, tx Tx) (any, error) {
		result, err := fn(ctx, tx)
		if err != nil {
			return nil, err
		}
		return result, nil
	})
	result, _ := got.(*T)
	return result, err
}

func read[T any](ctx context.Context, s Storage, fn func(context.Context, Tx) (T, error)) (T, error) {
	var result T
	err := s.ReadCodes(ctx, func(ctx context.Context, tx Tx) (err error) {
		result, err = fn(ctx, tx)
		return err
	})
	return result, err
}

func audit(ctx context.Context, tx Tx, o console.Origin, store, action, target string, after any) error {
	e, err := o.Entry(store, action, target, nil, after)
	if err != nil {
		return err
	}
	if err := tx.Audit(ctx, e); err != nil {
		return fmt.Errorf("write the audit entry: %w", err)
	}
	return nil
}

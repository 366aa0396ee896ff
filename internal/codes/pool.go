package codes

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// PoolPurpose is what codes of a pool are sealed for, with the store's id as associated data.
const PoolPurpose = "pool-code"

// DefaultThreshold is how few free codes a pool tells of, when nobody said otherwise.
const DefaultThreshold = 100

// Pool is the storefront platform's own codes for an offer: each is given once, with a fresh token.
type Pool struct {
	Store   string
	OfferID string
	// Threshold is how few free codes code_pool.low tells of.
	Threshold int64
	// Imported counts the codes that were imported and not thrown away.
	Imported int64
	// Low tells that code_pool.low was sent since the last import.
	Low        bool
	ImportedAt time.Time
}

// PoolCount is how a pool stands.
type PoolCount struct {
	Pool
	Free  int64
	Given int64
}

// PoolCode is one code as it is kept.
type PoolCode struct {
	ID     string
	MAC    []byte
	Sealed []byte
}

// PoolTx keeps pools.
type PoolTx interface {
	// LockPool returns the pool of an offer, made if there is none, and keeps others from changing it.
	LockPool(ctx context.Context, store, offer string) (Pool, error)
	PutPool(ctx context.Context, p Pool) error
	// Pool returns the pool of an offer, an empty one if there is none.
	Pool(ctx context.Context, store, offer string) (Pool, error)
	FreePoolCodes(ctx context.Context, store, offer string) (int64, error)
	// KnownPoolCodes returns how many of the MACs the store has, in any pool.
	KnownPoolCodes(ctx context.Context, store string, macs [][]byte) (int64, error)
	// AddPoolCodes adds those that the store does not have, and returns how many those were.
	AddPoolCodes(ctx context.Context, store, offer string, codes []PoolCode) (int64, error)
	// DropPoolCodes throws the free codes of a pool away and returns how many those were.
	DropPoolCodes(ctx context.Context, store, offer string) (int64, error)
}

// Imported tells how an import went, or, of a dry run, how it would.
type Imported struct {
	DryRun bool
	// Imported are new; Repeated stood in the file before; Known are in a pool of the store already.
	Imported int64
	Repeated int64
	Known    int64
	// Bad counts the lines that hold no code, and Errors lists the first of them.
	Bad    int64
	Errors []LineError
	Count  PoolCount
}

// LineError is a line of a file that holds no code.
type LineError struct {
	Line   int
	Detail string
}

// atOnce is how many codes are sealed and written at once, which bounds the memory that they take.
const atOnce = 1000

// ImportPool adds the codes of a CSV file to the pool of an offer. threshold below zero leaves it as it is. A dry run
// changes nothing and counts all the same. Faults: not_found, invalid for a file without codes.
func (s *Service) ImportPool(ctx context.Context, o console.Origin, store *tenant.Store, offer string, file []byte, threshold int64, dryRun bool) (*Imported, error) {
	parsed, err := parsePool(file)
	if err != nil {
		return nil, err
	}
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*Imported, error) {
		if _, err := offerOf(ctx, tx, store.ID, offer); err != nil {
			return nil, err
		}
		out := &Imported{DryRun: dryRun, Repeated: parsed.repeated, Bad: parsed.bad, Errors: parsed.errors}
		if dryRun {
			return out, dry(ctx, tx, store, offer, parsed.codes, out)
		}
		pool, err := tx.LockPool(ctx, store.ID, offer)
		if err != nil {
			return nil, err
		}
		for chunk := range slices.Chunk(parsed.codes, atOnce) {
			sealed, err := seal(store, chunk)
			if err != nil {
				return nil, err
			}
			n, err := tx.AddPoolCodes(ctx, store.ID, offer, sealed)
			if err != nil {
				return nil, err
			}
			out.Imported += n
			out.Known += int64(len(chunk)) - n
		}
		pool.Imported += out.Imported
		pool.ImportedAt = tx.Now()
		if threshold >= 0 {
			pool.Threshold = threshold
		}
		if out.Count, err = count(ctx, tx, pool); err != nil {
			return nil, err
		}
		out.Count.Low = out.Count.Free < pool.Threshold
		if err := tx.PutPool(ctx, out.Count.Pool); err != nil {
			return nil, err
		}
		return out, audit(ctx, tx, o, store.ID, "code_pool.imported", offer, map[string]int64{"imported": out.Imported, "threshold": pool.Threshold})
	})
}

// dry counts what an import would do.
func dry(ctx context.Context, tx Tx, store *tenant.Store, offer string, codes []string, out *Imported) error {
	for chunk := range slices.Chunk(codes, atOnce) {
		macs := make([][]byte, len(chunk))
		for i, c := range chunk {
			var err error
			if macs[i], err = poolMAC(store, c); err != nil {
				return err
			}
		}
		known, err := tx.KnownPoolCodes(ctx, store.ID, macs)
		if err != nil {
			return err
		}
		out.Known += known
		out.Imported += int64(len(chunk)) - known
	}
	pool, err := tx.Pool(ctx, store.ID, offer)
	if err != nil {
		return err
	}
	out.Count, err = count(ctx, tx, pool)
	return err
}

// poolMAC is what keeps a code from being given twice. It is not the one of short codes: a platform may have the same.
func poolMAC(store *tenant.Store, code string) ([]byte, error) {
	mac, err := store.Keys().MAC(PoolPurpose, []byte(code))
	if err != nil {
		return nil, fmt.Errorf("hash a code: %w", err)
	}
	return mac, nil
}

func seal(store *tenant.Store, codes []string) ([]PoolCode, error) {
	out := make([]PoolCode, len(codes))
	for i, c := range codes {
		mac, err := poolMAC(store, c)
		if err != nil {
			return nil, err
		}
		sealed, err := store.Keys().Seal(PoolPurpose, []byte(c), []byte(store.ID))
		if err != nil {
			return nil, fmt.Errorf("seal a code: %w", err)
		}
		out[i] = PoolCode{ID: id.New("pcd"), MAC: mac, Sealed: []byte(sealed)}
	}
	return out, nil
}

func count(ctx context.Context, tx Tx, p Pool) (PoolCount, error) {
	free, err := tx.FreePoolCodes(ctx, p.Store, p.OfferID)
	return PoolCount{Pool: p, Free: free, Given: p.Imported - free}, err
}

// PoolOf tells how the pool of an offer stands; it never tells the codes. Faults: not_found.
func (s *Service) PoolOf(ctx context.Context, store, offer string) (PoolCount, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) (PoolCount, error) {
		if _, err := offerOf(ctx, tx, store, offer); err != nil {
			return PoolCount{}, err
		}
		p, err := tx.Pool(ctx, store, offer)
		if err != nil {
			return PoolCount{}, err
		}
		return count(ctx, tx, p)
	})
}

// DropPool throws the free codes of an offer's pool away. Those that were given stay with their tokens. Faults: not_found.
func (s *Service) DropPool(ctx context.Context, o console.Origin, store, offer string) (*PoolCount, error) {
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*PoolCount, error) {
		if _, err := offerOf(ctx, tx, store, offer); err != nil {
			return nil, err
		}
		pool, err := tx.LockPool(ctx, store, offer)
		if err != nil {
			return nil, err
		}
		dropped, err := tx.DropPoolCodes(ctx, store, offer)
		if err != nil {
			return nil, err
		}
		pool.Imported -= dropped
		if err := tx.PutPool(ctx, pool); err != nil {
			return nil, err
		}
		c, err := count(ctx, tx, pool)
		if err != nil {
			return nil, err
		}
		return &c, audit(ctx, tx, o, store, "code_pool.emptied", offer, map[string]int64{"dropped": dropped})
	})
}

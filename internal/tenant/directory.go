package tenant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/maypok86/otter/v2"
)

// CacheTTL is how old an answer about a store, a key, a session or an origin may be: a revoked key works that much
// longer at most, on replicas that did not revoke it themselves.
const CacheTTL = 5 * time.Second

// loadTimeout bounds a look-up that several requests wait for. It does not run on any one's context: a client that
// goes away must not fail the others.
const loadTimeout = 5 * time.Second

// Faults of the directory.
var (
	ErrStoreNotFound   = fault.New(fault.NotFound, "There is no such store.")
	ErrKeyNotFound     = fault.New(fault.NotFound, "The store has no such key.")
	ErrUnauthenticated = fault.New(fault.Unauthenticated, "This key or session is not valid. It may have been revoked or have expired.")
	ErrStale           = fault.New(fault.VersionConflict, "The store was changed meanwhile. Read it again and repeat the change.")
)

// Sealer guards the stores' secrets at rest (crypt.Master).
type Sealer interface {
	Seal(plaintext, associatedData []byte) ([]byte, error)
	Open(sealed, associatedData []byte) ([]byte, error)
}

// Config is what a Directory is built with.
type Config struct {
	Storage Storage
	Master  Sealer
	// Now is the real clock, for the end of customer sessions that the cache knows.
	Now func() time.Time
	// CacheSize bounds each cache in entries; 10,000 when zero.
	CacheSize int
}

// Directory finds stores by id, key and session, and changes them. It is safe for concurrent use.
type Directory struct {
	storage Storage
	master  Sealer
	now     func() time.Time

	stores  *otter.Cache[string, *Store]
	grants  *otter.Cache[string, grant]
	origins *otter.Cache[string, bool]
	// misses remembers what was not there, apart from what was, so that guesses cannot push out good keys.
	misses *otter.Cache[string, struct{}]
}

// grant is a credential without its store, which is cached by itself.
type grant struct {
	Credential
	store string
}

// NewDirectory returns a directory.
func NewDirectory(c Config) (*Directory, error) {
	if c.CacheSize == 0 {
		c.CacheSize = 10_000
	}
	d := &Directory{storage: c.Storage, master: c.Master, now: c.Now}
	return d, errors.Join(open(&d.stores, c.CacheSize), open(&d.grants, c.CacheSize),
		open(&d.origins, c.CacheSize), open(&d.misses, c.CacheSize))
}

func open[V any](into **otter.Cache[string, V], size int) (err error) {
	*into, err = otter.New(&otter.Options[string, V]{
		MaximumSize: size, ExpiryCalculator: otter.ExpiryWriting[string, V](CacheTTL),
	})
	if err != nil {
		return fmt.Errorf("making a cache: %w", err)
	}
	return nil
}

// find answers from a cache, else by load, once for all who ask at the same time. miss is what it answers when load
// returns otter.ErrNotFound.
func find[V any](ctx context.Context, d *Directory, c *otter.Cache[string, V], key, kind string, miss error,
	load func(ctx context.Context) (V, error)) (V, error) {
	var none V
	if _, known := d.misses.GetIfPresent(kind + key); known {
		return none, miss
	}
	got, err := c.Get(ctx, key, otter.LoaderFunc[string, V](func(ctx context.Context, _ string) (V, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
		defer cancel()
		return load(ctx)
	}))
	if errors.Is(err, otter.ErrNotFound) {
		d.misses.Set(kind+key, struct{}{})
		return none, miss
	}
	return got, err
}

// Store returns a store. Faults: not_found.
func (d *Directory) Store(ctx context.Context, id string) (*Store, error) {
	return find(ctx, d, d.stores, id, "store:", ErrStoreNotFound, func(ctx context.Context) (*Store, error) {
		var found *Store
		err := d.storage.ReadTenants(ctx, func(ctx context.Context, r Reader) error {
			record, ok, err := r.Store(ctx, id)
			if err != nil {
				return fmt.Errorf("reading a store: %w", err)
			}
			if !ok {
				return otter.ErrNotFound
			}
			found, err = d.opened(record)
			return err
		})
		return found, err
	})
}

// Stores returns all stores, oldest first, past the cache.
func (d *Directory) Stores(ctx context.Context) ([]*Store, error) {
	var found []*Store
	err := d.storage.ReadTenants(ctx, func(ctx context.Context, r Reader) error {
		records, err := r.Stores(ctx)
		if err != nil {
			return fmt.Errorf("reading the stores: %w", err)
		}
		found = make([]*Store, 0, len(records))
		for _, record := range records {
			s, err := d.opened(record)
			if err != nil {
				return err
			}
			found = append(found, s)
		}
		return nil
	})
	return found, err
}

// ByKey returns whose key this is. Faults: unauthenticated.
func (d *Directory) ByKey(ctx context.Context, plain string) (Credential, error) {
	if kind, ok := KindOf(plain); !ok || kind == Session || len(plain) > 100 {
		return Credential{}, ErrUnauthenticated
	}
	hash := crypt.HashSecret(plain)
	return d.current(ctx, string(hash), "key:", func(ctx context.Context) (grant, error) {
		var g grant
		err := d.storage.ReadTenants(ctx, func(ctx context.Context, r Reader) error {
			key, ok, err := r.KeyByHash(ctx, hash)
			if err != nil {
				return fmt.Errorf("reading a key: %w", err)
			}
			if !ok || !key.RevokedAt.IsZero() {
				return otter.ErrNotFound
			}
			g = grant{Credential{KeyID: key.ID, Kind: key.Kind, Scopes: key.Scopes}, key.Store}
			return nil
		})
		return g, err
	})
}

// BySession returns which customer a session speaks for. Faults: unauthenticated.
func (d *Directory) BySession(ctx context.Context, plain string) (Credential, error) {
	if kind, ok := KindOf(plain); !ok || kind != Session || len(plain) > 100 {
		return Credential{}, ErrUnauthenticated
	}
	hash := crypt.HashSecret(plain)
	c, err := d.current(ctx, string(hash), "session:", func(ctx context.Context) (grant, error) {
		var g grant
		err := d.storage.ReadTenants(ctx, func(ctx context.Context, r Reader) error {
			s, ok, err := r.SessionByHash(ctx, hash)
			if err != nil {
				return fmt.Errorf("reading a customer session: %w", err)
			}
			if !ok || !r.Now().Before(s.ExpiresAt) {
				return otter.ErrNotFound
			}
			g = grant{Credential{Kind: Session, Customer: s.Customer, ExpiresAt: s.ExpiresAt}, s.Store}
			return nil
		})
		return g, err
	})
	if err == nil && !d.now().Before(c.ExpiresAt) {
		return Credential{}, ErrUnauthenticated
	}
	return c, err
}

// current finds a credential and gives it its store as it is now.
func (d *Directory) current(ctx context.Context, hash, kind string, load func(context.Context) (grant, error)) (Credential, error) {
	g, err := find(ctx, d, d.grants, hash, kind, ErrUnauthenticated, load)
	if err != nil {
		return Credential{}, err
	}
	g.Store, err = d.Store(ctx, g.store)
	return g.Credential, err
}

// OriginKnown reports whether any store allows an origin. A preflight request carries no key, so this is all that can
// be asked of it; the request itself is held to the key's own store.
func (d *Directory) OriginKnown(ctx context.Context, origin string) (bool, error) {
	if len(origin) > 300 {
		return false, nil
	}
	known, err := find(ctx, d, d.origins, origin, "origin:", nil, func(ctx context.Context) (known bool, err error) {
		err = d.storage.ReadTenants(ctx, func(ctx context.Context, r Reader) (err error) {
			if known, err = r.OriginKnown(ctx, origin); err != nil {
				return fmt.Errorf("looking for an origin: %w", err)
			}
			if !known {
				return otter.ErrNotFound
			}
			return nil
		})
		return known, err
	})
	return known, err
}

func (d *Directory) opened(r Record) (*Store, error) { return OpenStore(r, d.master) }

// OpenStore gives a stored record its keys.
func OpenStore(r Record, master Sealer) (*Store, error) {
	secret, err := master.Open(r.SealedSecret, []byte(r.ID))
	if err != nil {
		return nil, fmt.Errorf("opening the secret of store %s: %w", r.ID, err)
	}
	s := r.Store
	if s.keys, err = crypt.Derive(secret); err != nil {
		return nil, fmt.Errorf("deriving the keys of store %s: %w", r.ID, err)
	}
	if len(r.TagKeys) > 0 {
		live, err := r.live(master)
		if err != nil {
			return nil, err
		}
		if err := s.keys.UseTagKeys(live); err != nil {
			return nil, fmt.Errorf("opening the tag keys of store %s: %w", r.ID, err)
		}
	}
	return &s, nil
}

// forget drops what the caches of this process know of a store.
func (d *Directory) forget(store string) {
	d.stores.Invalidate(store)
	d.misses.Invalidate("store:" + store)
}

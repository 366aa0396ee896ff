package tenant

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// NewStore is what a store is born with.
type NewStore struct {
	Name     string
	Mode     Mode
	Currency string
	Timezone string
	Origins  []string
	// Settings may be left out: DefaultSettings.
	Settings *Settings
}

// Create makes a store with a secret of its own. Faults: invalid.
func (d *Directory) Create(ctx context.Context, n NewStore, with With) (*Store, error) {
	settings := DefaultSettings(n.Name)
	if n.Settings != nil {
		settings = *n.Settings
	}
	s := Store{ID: id.New("sto"), Name: n.Name, Mode: n.Mode, Currency: n.Currency, Timezone: n.Timezone,
		Origins: n.Origins, Settings: settings, Version: 1}
	secret := make([]byte, crypt.StoreSecretSize)
	rand.Read(secret)
	sealed, err := d.master.Seal(secret, []byte(s.ID))
	if err != nil {
		return nil, fmt.Errorf("sealing the secret of a store: %w", err)
	}
	return write(ctx, d, func(ctx context.Context, tx Tx) (*Store, error) {
		if err := s.Check(); err != nil {
			return nil, err
		}
		s.CreatedAt, s.UpdatedAt = tx.Now(), tx.Now()
		record := Record{Store: s, SealedSecret: sealed}
		if err := tx.InsertStore(ctx, record); err != nil {
			return nil, fmt.Errorf("creating a store: %w", err)
		}
		if err := with.run(ctx, tx, s.ID); err != nil {
			return nil, err
		}
		return d.opened(record)
	})
}

// Update changes a store that is still at a version. Id, mode, clock, version and times are not for change to set.
// Faults: not_found, version_conflict, invalid.
func (d *Directory) Update(ctx context.Context, store string, version int64, change func(*Store), with With) (*Store, error) {
	changed, err := write(ctx, d, func(ctx context.Context, tx Tx) (*Store, error) {
		record, ok, err := tx.LockStore(ctx, store)
		if err != nil {
			return nil, fmt.Errorf("locking a store: %w", err)
		}
		if !ok {
			return nil, ErrStoreNotFound
		}
		if record.Version != version {
			return nil, ErrStale
		}
		was := record.Store
		change(&record.Store)
		record.ID, record.Mode, record.ClockOffset, record.CreatedAt = was.ID, was.Mode, was.ClockOffset, was.CreatedAt
		record.Version, record.UpdatedAt = version+1, tx.Now()
		if err := record.Check(); err != nil {
			return nil, err
		}
		if err := tx.UpdateStore(ctx, record.Store); err != nil {
			return nil, fmt.Errorf("changing a store: %w", err)
		}
		if err := with.run(ctx, tx, store); err != nil {
			return nil, err
		}
		return d.opened(record)
	})
	d.forget(store)
	d.origins.InvalidateAll()
	if changed != nil {
		for _, origin := range changed.Origins {
			d.misses.Invalidate("origin:" + origin)
		}
	}
	return changed, err
}

// maxClockOffset keeps a test clock within what dates can say.
const maxClockOffset = 100 * 365 * 24 * time.Hour

// Clock is where a test clock stands.
type Clock struct {
	Now    time.Time
	Offset time.Duration
}

// AdvanceClock moves the clock of a test store forward. Faults: test_store_only, invalid, not_found.
func (d *Directory) AdvanceClock(ctx context.Context, store string, by time.Duration, with With) (*Clock, error) {
	return d.moveClock(ctx, store, with, "#/advance", func(time.Time, time.Duration) time.Duration { return by })
}

// SetClock moves the clock of a test store forward to a moment. Faults as AdvanceClock.
func (d *Directory) SetClock(ctx context.Context, store string, to time.Time, with With) (*Clock, error) {
	return d.moveClock(ctx, store, with, "#/now", func(real time.Time, offset time.Duration) time.Duration {
		return to.Sub(real.Add(offset))
	})
}

func (d *Directory) moveClock(ctx context.Context, store string, with With, pointer string,
	by func(real time.Time, offset time.Duration) time.Duration) (*Clock, error) {
	clock, err := write(ctx, d, func(ctx context.Context, tx Tx) (*Clock, error) {
		record, ok, err := tx.LockStore(ctx, store)
		if err != nil {
			return nil, fmt.Errorf("locking a store: %w", err)
		}
		switch {
		case !ok:
			return nil, ErrStoreNotFound
		case record.Mode != Test:
			return nil, fault.New(fault.TestStoreOnly, "Only a test store has a clock that can be moved.")
		}
		step := by(tx.Now(), record.ClockOffset)
		if step < 0 || step > maxClockOffset || record.ClockOffset+step > maxClockOffset {
			return nil, fault.New(fault.Invalid, "The clock cannot be moved there.").
				At(pointer, "move it forward, by 100 years in all at most")
		}
		record.ClockOffset += step.Truncate(time.Microsecond)
		record.Version++
		record.UpdatedAt = tx.Now()
		if err := tx.UpdateStore(ctx, record.Store); err != nil {
			return nil, fmt.Errorf("moving a store's clock: %w", err)
		}
		if err := with.run(ctx, tx, store); err != nil {
			return nil, err
		}
		return &Clock{Now: record.Now(tx.Now()), Offset: record.ClockOffset}, nil
	})
	d.forget(store)
	return clock, err
}

// NewKey asks for a key.
type NewKey struct {
	Store string
	Kind  Kind
	Name  string
	// Scopes bound a secret key; none means everything that a secret key may do.
	Scopes []string
}

// CreateKey makes a key. Its whole text is in Plain, for a secret key this once. Faults: not_found, invalid.
func (d *Directory) CreateKey(ctx context.Context, n NewKey, with With) (*Key, error) {
	return write(ctx, d, func(ctx context.Context, tx Tx) (*Key, error) {
		record, ok, err := tx.Store(ctx, n.Store)
		if err != nil {
			return nil, fmt.Errorf("reading a store: %w", err)
		}
		if !ok {
			return nil, ErrStoreNotFound
		}
		if n.Kind != Publishable && n.Kind != Secret {
			return nil, fault.New(fault.Invalid, "There is no such kind of key.").At("#/kind", "use publishable or secret")
		}
		plain, hash := crypt.Secret(prefix(n.Kind, record.Mode))
		key := Key{ID: id.New("key"), Store: n.Store, Kind: n.Kind, Name: n.Name, Hint: plain[len(plain)-4:],
			Plain: plain, Scopes: n.Scopes, CreatedAt: tx.Now()}
		kept := key
		if n.Kind == Secret {
			kept.Plain = ""
		}
		if err := tx.InsertKey(ctx, KeyRecord{Key: kept, Hash: hash}); err != nil {
			return nil, fmt.Errorf("creating a key: %w", err)
		}
		return &key, with.run(ctx, tx, key.ID)
	})
}

// RevokeKey ends a key, here at once and everywhere within CacheTTL. Faults: not_found.
func (d *Directory) RevokeKey(ctx context.Context, store, key string, with With) (*Key, error) {
	found, err := write(ctx, d, func(ctx context.Context, tx Tx) (*Key, error) {
		ok, err := tx.RevokeKey(ctx, store, key, tx.Now())
		if err != nil {
			return nil, fmt.Errorf("revoking a key: %w", err)
		}
		if !ok {
			return nil, ErrKeyNotFound
		}
		if err := with.run(ctx, tx, key); err != nil {
			return nil, err
		}
		return keyOf(ctx, tx, store, key)
	})
	d.grants.InvalidateAll()
	return found, err
}

func keyOf(ctx context.Context, r Reader, store, key string) (*Key, error) {
	all, err := r.Keys(ctx, store)
	if err != nil {
		return nil, fmt.Errorf("reading the keys of a store: %w", err)
	}
	for _, k := range all {
		if k.ID == key {
			return &k.Key, nil
		}
	}
	return nil, ErrKeyNotFound
}

// ListKeys returns the keys of a store, oldest first, revoked ones too.
func (d *Directory) ListKeys(ctx context.Context, store string) ([]Key, error) {
	keys := []Key{}
	err := d.storage.ReadTenants(ctx, func(ctx context.Context, r Reader) error {
		records, err := r.Keys(ctx, store)
		if err != nil {
			return fmt.Errorf("reading the keys of a store: %w", err)
		}
		keys = keys[:0]
		for _, k := range records {
			keys = append(keys, k.Key)
		}
		return nil
	})
	return keys, err
}

// CreateCustomerSession makes a token that speaks for one customer for SessionTTL. Faults: not_found.
func (d *Directory) CreateCustomerSession(ctx context.Context, store, customer string) (*CustomerSession, error) {
	return write(ctx, d, func(ctx context.Context, tx Tx) (*CustomerSession, error) {
		if _, ok, err := tx.Store(ctx, store); err != nil {
			return nil, fmt.Errorf("reading a store: %w", err)
		} else if !ok {
			return nil, ErrStoreNotFound
		}
		plain, hash := crypt.Secret(sessionPrefix)
		// A session lives by the real clock: it guards a browser, not a process of the store.
		until := tx.Now().Add(SessionTTL)
		err := tx.InsertSession(ctx, SessionRecord{Store: store, Customer: customer, Hash: hash, CreatedAt: tx.Now(), ExpiresAt: until})
		if err != nil {
			return nil, fmt.Errorf("creating a customer session: %w", err)
		}
		return &CustomerSession{Token: plain, Customer: customer, ExpiresAt: until}, nil
	})
}

// DropSessions removes the customer sessions that have ended. A job calls it now and then.
func (d *Directory) DropSessions(ctx context.Context) error {
	_, err := d.storage.WriteTenants(ctx, func(ctx context.Context, tx Tx) (any, error) {
		if err := tx.DropSessions(ctx, tx.Now()); err != nil {
			return nil, fmt.Errorf("removing ended customer sessions: %w", err)
		}
		return nil, nil
	})
	return err
}

// write runs fn in one transaction and returns what it returned, which is also what an idempotent answer is made of.
func write[T any](ctx context.Context, d *Directory, fn func(context.Context, Tx) (*T, error)) (*T, error) {
	got, err := d.storage.WriteTenants(ctx, func(ctx context.Context, tx Tx) (any, error) {
		result, err := fn(ctx, tx)
		if err != nil {
			return nil, err
		}
		return result, nil
	})
	result, _ := got.(*T)
	return result, err
}

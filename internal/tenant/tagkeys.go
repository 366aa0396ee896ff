package tenant

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// TagKeyRecord is a version of a store's tag key, as it is kept. The first version is made of the store's secret: its row
// exists only once it is retired, and has nothing sealed.
type TagKeyRecord struct {
	Version int
	// Sealed is the version's secret, sealed by the master key with TagKeyAssociated.
	Sealed    []byte
	CreatedAt time.Time
	// RetiredAt is zero while the version is live.
	RetiredAt time.Time
}

// TagKeyAssociated is the associated data of a sealed version of a tag key.
func TagKeyAssociated(store string, version int) []byte {
	return fmt.Appendf(nil, "tag-key|%s|%d", store, version)
}

// TagNeeds counts what is known under a version of a tag key alone.
type TagNeeds struct {
	// Attestations hold, or ended so lately that the person stays with the customer.
	Attestations int64
	// Frauds are labels that reach people.
	Frauds int64
	// Windows are sliding windows in which something counts that happened before the newest version.
	Windows int64
	// Uses are counters of offers' uses by a person. They may be known under a newer version too.
	Uses int64
}

// None reports whether nothing needs the version.
func (n TagNeeds) None() bool { return n == TagNeeds{} }

// live returns the live versions of the tag key of a store.
func (r Record) live(master Sealer) ([]crypt.TagKey, error) {
	live := []crypt.TagKey{{Version: 1}}
	for _, k := range r.TagKeys {
		switch {
		case k.Version == 1 && !k.RetiredAt.IsZero():
			live = live[1:]
		case k.Version == 1 || !k.RetiredAt.IsZero():
		default:
			secret, err := master.Open(k.Sealed, TagKeyAssociated(r.ID, k.Version))
			if err != nil {
				return nil, fmt.Errorf("opening version %d of the tag key of store %s: %w", k.Version, r.ID, err)
			}
			live = append(live, crypt.TagKey{Version: k.Version, Secret: secret})
		}
	}
	return live, nil
}

func (r Record) newestTagKey() TagKeyRecord {
	newest := TagKeyRecord{Version: 1}
	for _, k := range r.TagKeys {
		if k.Version > newest.Version {
			newest = k
		}
	}
	return newest
}

// RotateTagKey adds a version of the tag key and returns its number. From now on (elsewhere: within CacheTTL) person tags
// are written under it too, and people are found by any live version. Faults: not_found.
func (d *Directory) RotateTagKey(ctx context.Context, store, actor string) (int, error) {
	secret := make([]byte, crypt.StoreSecretSize)
	rand.Read(secret)
	version, err := write(ctx, d, func(ctx context.Context, tx Tx) (*int, error) {
		record, ok, err := tx.LockStore(ctx, store)
		if err != nil {
			return nil, fmt.Errorf("locking a store: %w", err)
		}
		if !ok {
			return nil, ErrStoreNotFound
		}
		next := record.newestTagKey().Version + 1
		sealed, err := d.master.Seal(secret, TagKeyAssociated(store, next))
		if err != nil {
			return nil, fmt.Errorf("sealing a tag key: %w", err)
		}
		if err := tx.InsertTagKey(ctx, store, TagKeyRecord{Version: next, Sealed: sealed, CreatedAt: tx.Now()}); err != nil {
			return nil, fmt.Errorf("adding a tag key: %w", err)
		}
		return &next, auditTagKey(ctx, tx, store, actor, "tag_key.rotated", next)
	})
	d.forget(store)
	if err != nil {
		return 0, err
	}
	return *version, nil
}

func auditTagKey(ctx context.Context, tx Tx, store, actor, action string, version int) error {
	changes, err := json.Marshal(map[string]int{"version": version})
	if err != nil {
		return fmt.Errorf("encoding an audit entry: %w", err)
	}
	return tx.Audit(ctx, AuditEntry{Store: store, Actor: actor, Action: action, Target: store, Changes: changes})
}

// ErrTagKeyNeeded says that a version of a tag key cannot be retired yet.
var ErrTagKeyNeeded = fault.New(fault.Conflict, "People are known under this version of the tag key alone.")

// RetireTagKey takes a version of the tag key out of use: nobody is found by it any more. Unless forget is set it is
// refused, with what needs it, while somebody is known under it alone. The newest version cannot be retired. Retiring
// twice changes nothing. Faults: not_found, invalid, conflict.
func (d *Directory) RetireTagKey(ctx context.Context, store, actor string, version int, forget bool) (TagNeeds, error) {
	var needs TagNeeds
	_, err := write(ctx, d, func(ctx context.Context, tx Tx) (*Store, error) {
		record, ok, err := tx.LockStore(ctx, store)
		if err != nil {
			return nil, fmt.Errorf("locking a store: %w", err)
		}
		if !ok {
			return nil, ErrStoreNotFound
		}
		newest := record.newestTagKey()
		if version < 1 || version >= newest.Version {
			return nil, fault.New(fault.Invalid, "Only a version older than the newest can be retired.")
		}
		if needs, err = tx.TagNeeds(ctx, store, version, newest, tx.Now().Add(record.ClockOffset)); err != nil {
			return nil, fmt.Errorf("looking for what needs a tag key: %w", err)
		}
		if !needs.None() && !forget {
			return nil, ErrTagKeyNeeded
		}
		if err := tx.RetireTagKey(ctx, store, version, tx.Now()); err != nil {
			return nil, fmt.Errorf("retiring a tag key: %w", err)
		}
		return &record.Store, auditTagKey(ctx, tx, store, actor, "tag_key.retired", version)
	})
	d.forget(store)
	return needs, err
}

package crypt

import (
	"errors"
	"fmt"
	"time"

	"github.com/tink-crypto/tink-go/v2/keyset"
)

// PruneAfter is how long ago the last rotation must be before old keys can go: by then every process that shares the file
// seals with the newest.
const PruneAfter = 10 * time.Minute

// ErrRotatedLately says that the last rotation is too young.
var ErrRotatedLately = fmt.Errorf("the keyset was rotated less than %s ago: some process may still seal with the key before", PruneAfter)

// Keys is how many keys the keyset has.
func (m *Master) Keys() int { return m.current.Load().handle.Len() }

// Prune takes every key but the primary one out of the keyset file, at once or not at all, and returns how many. What they
// sealed cannot be opened any more: the caller has made sure that there is nothing. Faults: ErrRotatedLately.
func (m *Master) Prune(now time.Time) (removed int, err error) {
	if m.path == "" {
		return 0, errors.New("the master keyset was not read from a file")
	}
	m.rotate.Lock()
	defer m.rotate.Unlock()
	unlock, err := lockFile(m.path)
	if err != nil {
		return 0, fmt.Errorf("lock the keyset file: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	keys, err := readKeyset(m.path)
	if err != nil {
		return 0, err
	}
	if now.Sub(keys.stamp.modified) < PruneAfter {
		return 0, ErrRotatedLately
	}
	raw, removed, err := withPrimaryOnly(keys.handle)
	if err != nil || removed == 0 {
		return 0, err
	}
	if err := replaceFile(m.path, raw); err != nil {
		return 0, fmt.Errorf("write the pruned keyset: %w", err)
	}
	return removed, m.load()
}

func withPrimaryOnly(handle *keyset.Handle) (raw []byte, removed int, err error) {
	info := handle.KeysetInfo()
	manager := keyset.NewManagerFromHandle(handle)
	for _, key := range info.GetKeyInfo() {
		if key.GetKeyId() == info.GetPrimaryKeyId() {
			continue
		}
		if err := manager.Delete(key.GetKeyId()); err != nil {
			return nil, 0, fmt.Errorf("delete an old master key: %w", err)
		}
		removed++
	}
	pruned, err := manager.Handle()
	if err != nil {
		return nil, 0, fmt.Errorf("finish the pruned keyset: %w", err)
	}
	raw, err = marshalKeyset(pruned)
	return raw, removed, err
}

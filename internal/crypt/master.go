package crypt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Master seals values at rest with envelope keys (AES256-GCM) from a Tink keyset in JSON. New values are sealed with
// the primary key; values of the older keys stay readable. Safe for concurrent use.
type Master struct {
	path    string
	rotate  sync.Mutex
	current atomic.Pointer[masterKeys]
}

type masterKeys struct {
	handle *keyset.Handle
	aead   tink.AEAD
	// stamp tells a changed file from the one that was read.
	stamp stamp
}

// OpenMaster reads the keyset file at path. It refuses a file that others than its owner and group can read or that
// its group can write; fs.ErrNotExist when there is none.
func OpenMaster(path string) (*Master, error) {
	m := &Master{path: path}
	keys, err := readKeyset(path)
	if err != nil {
		return nil, err
	}
	m.current.Store(keys)
	return m, nil
}

// CreateMaster writes a new keyset with one key to path (mode 0600, at once or not at all) and opens it. It never
// replaces a file: fs.ErrExist.
func CreateMaster(path string) (*Master, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make a master key: %w", err)
	}
	raw, err := marshalKeyset(handle)
	if err != nil {
		return nil, err
	}
	if err := createFile(path, raw); err != nil {
		return nil, fmt.Errorf("create the keyset file: %w", err)
	}
	return OpenMaster(path)
}

// LoadOrCreateMaster opens the keyset file at path, and creates it when there is none. Two processes that start at
// once end with the same keyset.
func LoadOrCreateMaster(path string) (*Master, error) {
	m, err := OpenMaster(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	m, err = CreateMaster(path)
	if errors.Is(err, fs.ErrExist) {
		return OpenMaster(path)
	}
	return m, err
}

// MasterFromKeyset opens a keyset that was handed over as bytes (a mounted secret, an environment variable). Such a
// master cannot Rotate: RotatedKeyset gives the bytes to put in the secret's place.
func MasterFromKeyset(raw []byte) (*Master, error) {
	keys, err := parseKeyset(raw)
	if err != nil {
		return nil, err
	}
	m := &Master{}
	m.current.Store(keys)
	return m, nil
}

// NewKeyset returns a fresh keyset with one key, in the JSON form that OpenMaster and MasterFromKeyset read.
func NewKeyset() ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make a master key: %w", err)
	}
	return marshalKeyset(handle)
}

// Seal encrypts plaintext. associatedData (usually the row's id) is not stored in it and must be the same at Open, so
// that a sealed value cannot be moved to another row.
func (m *Master) Seal(plaintext, associatedData []byte) ([]byte, error) {
	sealed, err := m.current.Load().aead.Encrypt(plaintext, associatedData)
	if err != nil {
		return nil, fmt.Errorf("seal with the master key: %w", err)
	}
	return sealed, nil
}

// Open decrypts what Seal returned; ErrSealed when it does not open. When the value may come from a key that another
// process has added to the keyset file, the file is read again first.
func (m *Master) Open(sealed, associatedData []byte) ([]byte, error) {
	plain, err := m.current.Load().aead.Decrypt(sealed, associatedData)
	if err == nil {
		return plain, nil
	}
	changed, reloadErr := m.Reload()
	if reloadErr != nil {
		return nil, errors.Join(ErrSealed, reloadErr)
	}
	if changed {
		if plain, err = m.current.Load().aead.Decrypt(sealed, associatedData); err == nil {
			return plain, nil
		}
	}
	return nil, ErrSealed
}

// Outdated reports whether sealed was made with another key than the primary one: a value to seal anew before the old
// key is taken out of the keyset.
func (m *Master) Outdated(sealed []byte) bool {
	// Tink's prefix: one byte of version, then the id of the key, big endian.
	if len(sealed) < 5 {
		return true
	}
	return binary.BigEndian.Uint32(sealed[1:5]) != m.current.Load().handle.KeysetInfo().GetPrimaryKeyId()
}

// Rotate adds a new primary key to the keyset file, at once or not at all. Old values stay readable. Other processes
// on the same file learn of the key when they meet a value of it.
func (m *Master) Rotate() (err error) {
	if m.path == "" {
		return errors.New("the master keyset was not read from a file: put RotatedKeyset in its place")
	}
	m.rotate.Lock()
	defer m.rotate.Unlock()
	unlock, err := lockFile(m.path)
	if err != nil {
		return fmt.Errorf("lock the keyset file: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	// Another process may have rotated since: adding to what we remember would lose its key.
	keys, err := readKeyset(m.path)
	if err != nil {
		return err
	}
	raw, err := withNewPrimary(keys.handle)
	if err != nil {
		return err
	}
	if err := replaceFile(m.path, raw); err != nil {
		return fmt.Errorf("write the rotated keyset: %w", err)
	}
	return m.load()
}

// RotatedKeyset returns the current keyset with a new primary key added, without using it.
func (m *Master) RotatedKeyset() ([]byte, error) {
	return withNewPrimary(m.current.Load().handle)
}

// Reload reads the keyset file again if it has changed, and reports whether it had.
func (m *Master) Reload() (bool, error) {
	if m.path == "" {
		return false, nil
	}
	now, err := stampOf(m.path)
	if err != nil {
		return false, fmt.Errorf("look at the keyset file: %w", err)
	}
	if now == m.current.Load().stamp {
		return false, nil
	}
	m.rotate.Lock()
	defer m.rotate.Unlock()
	return true, m.load()
}

func (m *Master) load() error {
	keys, err := readKeyset(m.path)
	if err != nil {
		return err
	}
	m.current.Store(keys)
	return nil
}

func readKeyset(path string) (*masterKeys, error) {
	seen, err := stampOf(path)
	if err != nil {
		return nil, fmt.Errorf("look at the keyset file: %w", err)
	}
	if bad := seen.mode.Perm() & 0o037; bad != 0 {
		return nil, fmt.Errorf("the keyset file %s has mode %04o: others can read or change it; set it to 0600",
			path, seen.mode.Perm())
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the keyset file: %w", err)
	}
	keys, err := parseKeyset(raw)
	if err != nil {
		return nil, err
	}
	keys.stamp = seen
	return keys, nil
}

// ErrKeyset says that a keyset cannot be used. The library's own reason is withheld: it may quote the keyset.
var ErrKeyset = errors.New("not a usable keyset: want a Tink keyset in JSON with AEAD keys")

func parseKeyset(raw []byte) (*masterKeys, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, ErrKeyset
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, ErrKeyset
	}
	return &masterKeys{handle: handle, aead: primitive}, nil
}

func marshalKeyset(handle *keyset.Handle) ([]byte, error) {
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&buf)); err != nil {
		return nil, fmt.Errorf("write a keyset: %w", err)
	}
	return buf.Bytes(), nil
}

func withNewPrimary(handle *keyset.Handle) ([]byte, error) {
	manager := keyset.NewManagerFromHandle(handle)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("add a master key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("make the new master key primary: %w", err)
	}
	rotated, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("finish the rotated keyset: %w", err)
	}
	return marshalKeyset(rotated)
}

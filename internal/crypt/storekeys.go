package crypt

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash"
	"sync"
)

// StoreSecretSize is the length in bytes of the one secret of a store.
const StoreSecretSize = 32

// The purposes of the derived keys. A text here never changes: every stored tag and hash depends on it.
const (
	purposePersonTag      = "person-tag"
	purposeSubject        = "subject"
	purposeCode           = "offer-code"
	purposeFingerprint    = "idempotency-fingerprint"
	purposeIdempotencyKey = "idempotency-key"
	purposeAnswer         = "idempotency-answer"
	purposeMAC            = "mac/"
	purposeSeal           = "seal/"
)

var text = base64.RawURLEncoding.Strict()

// StoreKeys makes tags, keyed hashes and sealed values for one store. Every purpose has a key of its own, derived from
// the store's secret by HKDF-SHA256 (RFC 5869), so that a value made for one purpose says nothing about another and
// no store can read or link what belongs to another. Safe for concurrent use; keep one for each store.
type StoreKeys struct {
	secret []byte
	tags   *macKey
	subj   *macKey
	codes  *macKey
	prints *macKey
	idem   *macKey
	answer *macKey
	// people are the live versions of the tag key, newest first; nil for the first alone.
	people []tagVersion

	// Both grow with the number of purposes in the program, never with requests.
	macs  sync.Map // purpose -> *macKey
	seals sync.Map // purpose -> *xaes
}

// Derive returns the keys of the store that owns secret. It fails when secret is not StoreSecretSize bytes long.
func Derive(secret []byte) (*StoreKeys, error) {
	if len(secret) != StoreSecretSize {
		return nil, fmt.Errorf("a store secret of %d bytes, want %d", len(secret), StoreSecretSize)
	}
	k := &StoreKeys{secret: append([]byte(nil), secret...)}
	for _, d := range []struct {
		purpose string
		into    **macKey
	}{
		{purposePersonTag, &k.tags}, {purposeSubject, &k.subj}, {purposeCode, &k.codes},
		{purposeFingerprint, &k.prints}, {purposeIdempotencyKey, &k.idem}, {purposeAnswer, &k.answer},
	} {
		key, err := k.key(d.purpose)
		if err != nil {
			return nil, err
		}
		*d.into = newMACKey(key)
	}
	return k, nil
}

func (k *StoreKeys) key(purpose string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, k.secret, nil, "laurel store v1 "+purpose, keySize)
	if err != nil {
		return nil, fmt.Errorf("derive the key for %s: %w", purpose, err)
	}
	return key, nil
}

// PersonTag returns the tag of what identifies a human (a normalised mail address, issuer and subject, a registry
// number …): "t1_" and 43 characters of base64url, HMAC-SHA256. The caller normalises and puts a kind before it
// ("email:…"), so that two kinds never share a tag.
func (k *StoreKeys) PersonTag(normalised string) string {
	return "t1_" + text.EncodeToString(k.tags.sum([]byte(normalised)))
}

// Subject returns the pairwise subject of a customer or person tag in this store's tokens: "s1_" and 22 characters
// (128 bits). Another store gives the same human another subject.
func (k *StoreKeys) Subject(customerOrTag string) string {
	return "s1_" + text.EncodeToString(k.subj.sum([]byte(customerOrTag))[:16])
}

// CodeMAC returns the 32 bytes by which the row of a short code is found. code must be normalised.
func (k *StoreKeys) CodeMAC(code string) []byte { return k.codes.sum([]byte(code)) }

// Fingerprint returns the 32 bytes that tell whether a request with a known idempotency key is the same request.
func (k *StoreKeys) Fingerprint(method, path string, body []byte) []byte {
	return k.prints.sum([]byte(method), []byte(path), body)
}

// IdempotencyKeyMAC returns the 32 bytes under which a client's Idempotency-Key is stored. The key itself never is.
func (k *StoreKeys) IdempotencyKeyMAC(scope, key string) []byte {
	return k.idem.sum([]byte(scope), []byte(key))
}

// MAC returns the 32-byte keyed hash of data for a purpose of the caller. purpose is a constant of the program.
func (k *StoreKeys) MAC(purpose string, data ...[]byte) ([]byte, error) {
	m, err := cached(&k.macs, purpose, func() (*macKey, error) {
		key, err := k.key(purposeMAC + purpose)
		return newMACKey(key), err
	})
	if err != nil {
		return nil, err
	}
	return m.sum(data...), nil
}

// SealAnswer seals a stored answer under the store's secret and the client's own Idempotency-Key: without the key,
// which is not stored, neither the database nor the gateway can read it.
func (k *StoreKeys) SealAnswer(key string, plaintext []byte) ([]byte, error) {
	x, err := newXAES(k.answer.sum([]byte(key)))
	if err != nil {
		return nil, err
	}
	return x.seal(plaintext, nil)
}

// OpenAnswer opens what SealAnswer sealed with the same key; ErrSealed otherwise.
func (k *StoreKeys) OpenAnswer(key string, sealed []byte) ([]byte, error) {
	x, err := newXAES(k.answer.sum([]byte(key)))
	if err != nil {
		return nil, err
	}
	return x.open(sealed, nil)
}

// Seal returns plaintext as a self-contained text (base64url, no padding) that only this store's keys open, for the
// same purpose and the same associated data. purpose is a constant of the program.
func (k *StoreKeys) Seal(purpose string, plaintext, associatedData []byte) (string, error) {
	x, err := k.sealer(purpose)
	if err != nil {
		return "", err
	}
	sealed, err := x.seal(plaintext, associatedData)
	if err != nil {
		return "", err
	}
	return text.EncodeToString(sealed), nil
}

// Open returns what Seal was given. ErrSealed: another store, another purpose, other associated data, or a changed text.
func (k *StoreKeys) Open(purpose, sealed string, associatedData []byte) ([]byte, error) {
	x, err := k.sealer(purpose)
	if err != nil {
		return nil, err
	}
	raw, err := text.DecodeString(sealed)
	if err != nil {
		return nil, ErrSealed
	}
	return x.open(raw, associatedData)
}

func (k *StoreKeys) sealer(purpose string) (*xaes, error) {
	return cached(&k.seals, purpose, func() (*xaes, error) {
		key, err := k.key(purposeSeal + purpose)
		if err != nil {
			return nil, err
		}
		return newXAES(key)
	})
}

func cached[T any](m *sync.Map, purpose string, derive func() (*T, error)) (*T, error) {
	if v, ok := m.Load(purpose); ok {
		return v.(*T), nil
	}
	v, err := derive()
	if err != nil {
		return nil, err
	}
	kept, _ := m.LoadOrStore(purpose, v)
	return kept.(*T), nil
}

// macKey is an HMAC-SHA256 key. Its states are pooled: a reset state costs half of a new one.
type macKey struct{ pool sync.Pool }

func newMACKey(key []byte) *macKey {
	return &macKey{pool: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

// sum hashes the parts, each after its length, so that no two lists of parts give the same input.
func (m *macKey) sum(parts ...[]byte) []byte {
	h := m.pool.Get().(hash.Hash)
	defer m.pool.Put(h)
	h.Reset()
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return h.Sum(make([]byte, 0, sha256.Size))
}

package token

import (
	"crypto/sha256"
	"sync"
)

// memoSize is how many tokens a memo holds at least once it is full, and half of what it holds at most.
const memoSize = 4096

// memo remembers the claims of tokens whose signatures a ring found good, by the SHA-256 of their whole text: a cart is
// priced again with the same tokens whenever it changes, and an ES256 verification is the dearest part of that. It
// outlives a change of keys, since a kid is the thumbprint of its key; whether that key still verifies, and all that depends
// on time, issuer and audience, is asked every time. Bounded: the older half goes when the younger is full.
type memo struct {
	mu         sync.Mutex
	young, old map[[sha256.Size]byte]Claims
}

func (m *memo) get(key [sha256.Size]byte) (Claims, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.young[key]
	if !ok {
		if c, ok = m.old[key]; ok {
			m.add(key, c)
		}
	}
	return c, ok
}

func (m *memo) put(key [sha256.Size]byte, c Claims) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(key, c)
}

func (m *memo) add(key [sha256.Size]byte, c Claims) {
	if len(m.young) >= memoSize || m.young == nil {
		m.old, m.young = m.young, make(map[[sha256.Size]byte]Claims)
	}
	m.young[key] = c
}

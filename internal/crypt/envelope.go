package crypt

import (
	"crypto/rand"
	"fmt"
)

// SealEnvelope encrypts a file under a fresh key of its own and returns that key, sealed by the master key, beside it.
// Whoever destroys the sealed key destroys the file, wherever copies of it are. associatedData must be the same at
// OpenEnvelope, so that neither can be put in another's place.
func (m *Master) SealEnvelope(plaintext, associatedData []byte) (key, sealed []byte, err error) {
	own := make([]byte, keySize)
	if _, err := rand.Read(own); err != nil {
		return nil, nil, fmt.Errorf("make a key for a file: %w", err)
	}
	x, err := newXAES(own)
	if err != nil {
		return nil, nil, err
	}
	if sealed, err = x.seal(plaintext, associatedData); err != nil {
		return nil, nil, err
	}
	if key, err = m.Seal(own, associatedData); err != nil {
		return nil, nil, err
	}
	return key, sealed, nil
}

// OpenEnvelope decrypts what SealEnvelope returned; ErrSealed when it does not open.
func (m *Master) OpenEnvelope(key, sealed, associatedData []byte) ([]byte, error) {
	own, err := m.Open(key, associatedData)
	if err != nil {
		return nil, err
	}
	x, err := newXAES(own)
	if err != nil {
		return nil, ErrSealed
	}
	return x.open(sealed, associatedData)
}

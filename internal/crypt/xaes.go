package crypt

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

const (
	keySize    = 32
	xNonceSize = 24
	tagSize    = 16
)

// ErrSealed says that a sealed value does not open: it was made with another key, for another purpose, or changed.
var ErrSealed = errors.New("sealed value does not open")

// xaes is XAES-256-GCM (https://c2sp.org/XAES-256-GCM): AES-256-GCM whose 192-bit nonces can be drawn at random for
// as many values as a store will ever seal. With plain GCM the 96-bit nonces of one key run out of safety after 2^32
// values, which a busy store reaches in weeks. Safe for concurrent use.
type xaes struct {
	block cipher.Block
	k1    [aes.BlockSize]byte
}

func newXAES(key []byte) (*xaes, error) {
	if len(key) != keySize {
		return nil, fmt.Errorf("a key of %d bytes, want %d", len(key), keySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	x := &xaes{block: block}
	block.Encrypt(x.k1[:], x.k1[:])
	var msb byte
	for i := len(x.k1) - 1; i >= 0; i-- {
		msb, x.k1[i] = x.k1[i]>>7, x.k1[i]<<1|msb
	}
	x.k1[len(x.k1)-1] ^= msb * 0b10000111
	return x, nil
}

// derive returns the AES-GCM of the first half of a nonce.
func (x *xaes) derive(nonce []byte) (cipher.AEAD, error) {
	var key [keySize]byte
	for i := range 2 {
		m := key[i*aes.BlockSize : (i+1)*aes.BlockSize]
		m[1], m[2] = byte(i+1), 'X'
		copy(m[4:], nonce[:12])
		for j := range m {
			m[j] ^= x.k1[j]
		}
		x.block.Encrypt(m, m)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("make a derived cipher: %w", err)
	}
	return cipher.NewGCM(block)
}

// seal returns nonce and ciphertext in one slice.
func (x *xaes) seal(plaintext, ad []byte) ([]byte, error) {
	out := make([]byte, xNonceSize, xNonceSize+len(plaintext)+tagSize)
	if _, err := rand.Read(out); err != nil {
		return nil, fmt.Errorf("read a nonce: %w", err)
	}
	return x.sealWith(out, plaintext, ad)
}

func (x *xaes) sealWith(nonce, plaintext, ad []byte) ([]byte, error) {
	gcm, err := x.derive(nonce)
	if err != nil {
		return nil, err
	}
	return gcm.Seal(nonce, nonce[12:xNonceSize], plaintext, ad), nil
}

// open returns what seal was given, or ErrSealed.
func (x *xaes) open(sealed, ad []byte) ([]byte, error) {
	if len(sealed) < xNonceSize+tagSize {
		return nil, ErrSealed
	}
	gcm, err := x.derive(sealed)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, sealed[12:xNonceSize], sealed[xNonceSize:], ad)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

package verifyfake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/laurel-gateway/laurel/verify"
)

// Secrets implements verify.Sealer and verify.Taggers without secrets: what it seals can be read by anybody, but opens
// only with the same associated data.
type Secrets struct{}

// Seal implements verify.Sealer.
func (Secrets) Seal(plaintext, associated []byte) ([]byte, error) {
	return bytes.Join([][]byte{mac("seal", associated), plaintext}, nil), nil
}

// Open implements verify.Sealer.
func (Secrets) Open(sealed, associated []byte) ([]byte, error) {
	plain, ok := bytes.CutPrefix(sealed, mac("seal", associated))
	if !ok {
		return nil, errors.New("sealed for something else")
	}
	return bytes.Clone(plain), nil
}

// TaggerOf implements verify.Taggers.
func (Secrets) TaggerOf(_ context.Context, store string) (verify.Tagger, error) {
	return tagger(store), nil
}

type tagger string

// PersonTag implements verify.Tagger.
func (t tagger) PersonTag(normalised string) string {
	return hex.EncodeToString(mac(string(t), []byte(normalised)))
}

// PersonTags implements verify.Tagger with one version.
func (t tagger) PersonTags(normalised string) []string { return []string{t.PersonTag(normalised)} }

func mac(key string, data []byte) []byte {
	h := hmac.New(sha256.New, []byte(key))
	h.Write(data)
	return h.Sum(nil)
}

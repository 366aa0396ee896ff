package crypt_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/laurel-gateway/laurel/internal/crypt"
)

func TestEnvelope(t *testing.T) {
	raw, err := crypt.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	master, err := crypt.MasterFromKeyset(raw)
	if err != nil {
		t.Fatal(err)
	}
	file, own := bytes.Repeat([]byte("page "), 100_000), []byte("document|sto_1|doc_1")
	key, sealed, err := master.SealEnvelope(file, own)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("page page")) {
		t.Error("the file can be read")
	}
	if got, err := master.OpenEnvelope(key, sealed, own); err != nil || !bytes.Equal(got, file) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	otherKey, otherSealed, err := master.SealEnvelope(file, own)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)/2] ^= 1
	for name, c := range map[string]struct{ key, sealed, associated []byte }{
		"another's place": {key, sealed, []byte("document|sto_1|doc_2")}, "another's key": {otherKey, sealed, own},
		"another's file": {key, otherSealed, own}, "a changed bit": {key, changed, own}, "cut off": {key, sealed[:20], own},
		"no key": {nil, sealed, own},
	} {
		if _, err := master.OpenEnvelope(c.key, c.sealed, c.associated); !errors.Is(err, crypt.ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

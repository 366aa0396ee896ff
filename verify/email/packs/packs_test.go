package packs

import (
	"bytes"
	"compress/gzip"
	"errors"
	"slices"
	"testing"
)

func TestThePacksAreWhatTheManifestSays(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range all {
		if p.Package == "" || p.Version == "" || !slices.IsSorted(p.Domains) || len(slices.Compact(slices.Clone(p.Domains))) != p.Count {
			t.Errorf("%s: %d domains of %s %s", name, p.Count, p.Package, p.Version)
		}
	}
}

func TestAChangedPackIsRefused(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte("evil.example\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if _, err := unpack(b.Bytes(), p); !errors.Is(err, errDigest) {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}

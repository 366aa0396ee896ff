package crypt

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func storeKeys(t testing.TB, fill byte) *StoreKeys {
	t.Helper()
	k, err := Derive(bytes.Repeat([]byte{fill}, StoreSecretSize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestXAESVectors are the two of https://c2sp.org/XAES-256-GCM.
func TestXAESVectors(t *testing.T) {
	for _, v := range []struct {
		key      byte
		ad, want string
	}{
		{1, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"},
		{3, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"},
	} {
		x, err := newXAES(bytes.Repeat([]byte{v.key}, keySize))
		if err != nil {
			t.Fatal(err)
		}
		nonce := []byte("ABCDEFGHIJKLMNOPQRSTUVWX")
		got, err := x.sealWith(nonce, []byte("XAES-256-GCM"), []byte(v.ad))
		if err != nil || hex.EncodeToString(got[xNonceSize:]) != v.want {
			t.Errorf("key %d: %x, %v, want %s", v.key, got[xNonceSize:], err, v.want)
		}
	}
}

// TestStoredValuesStay: rows hold these. When this test fails, the change would orphan every stored tag and hash.
func TestStoredValuesStay(t *testing.T) {
	k := storeKeys(t, 7)
	mac, err := k.MAC("test", []byte("a"), []byte("b"))
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]struct{ got, want string }{
		"tag":         {k.PersonTag("email:ada@mit.edu"), goldenTag},
		"subject":     {k.Subject("c-1"), goldenSubject},
		"code":        {hex.EncodeToString(k.CodeMAC("ABCDEFGHJK")), goldenCode},
		"fingerprint": {hex.EncodeToString(k.Fingerprint("POST", "/v1/orders", []byte("{}"))), goldenFingerprint},
		"key":         {hex.EncodeToString(k.IdempotencyKeyMAC("scope", "key")), goldenKey},
		"mac":         {hex.EncodeToString(mac), goldenMAC},
	} {
		if v.got != v.want {
			t.Errorf("%s is %s, was %s", name, v.got, v.want)
		}
	}
}

func TestPurposesAndStoresAreApart(t *testing.T) {
	seen := map[string]string{}
	add := func(name, value string) {
		if other, taken := seen[value]; taken {
			t.Errorf("%s and %s are the same", name, other)
		}
		seen[value] = name
	}
	for _, fill := range []byte{1, 2} {
		k := storeKeys(t, fill)
		mac, err := k.MAC("x", []byte("v"))
		if err != nil {
			t.Fatal(err)
		}
		other, err := k.MAC("y", []byte("v"))
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprint("store ", fill)
		add(name+" tag", k.PersonTag("v")[3:])
		add(name+" subject", k.Subject("v")[3:])
		add(name+" code", string(k.CodeMAC("v")))
		add(name+" fingerprint", string(k.Fingerprint("v", "", nil)))
		add(name+" key", string(k.IdempotencyKeyMAC("v", "")))
		add(name+" mac x", string(mac))
		add(name+" mac y", string(other))
	}
}

// TestPartsDoNotRunTogether: moving a byte from one part to the next gives another hash.
func TestPartsDoNotRunTogether(t *testing.T) {
	k := storeKeys(t, 1)
	rapid.Check(t, func(p *rapid.T) {
		a := [3]string{rapid.String().Draw(p, "method"), rapid.String().Draw(p, "path"), rapid.String().Draw(p, "body")}
		b := [3]string{rapid.String().Draw(p, "method 2"), rapid.String().Draw(p, "path 2"), rapid.String().Draw(p, "body 2")}
		if rapid.Bool().Draw(p, "same text") {
			joined := strings.Join(a[:], "")
			i := rapid.IntRange(0, len(joined)).Draw(p, "first cut")
			j := rapid.IntRange(i, len(joined)).Draw(p, "second cut")
			b = [3]string{joined[:i], joined[i:j], joined[j:]}
		}
		same := bytes.Equal(k.Fingerprint(a[0], a[1], []byte(a[2])), k.Fingerprint(b[0], b[1], []byte(b[2])))
		if same != (a == b) {
			p.Fatalf("%q and %q: the same fingerprint is %v", a, b, same)
		}
	})
}

func TestSeal(t *testing.T) {
	k, other := storeKeys(t, 1), storeKeys(t, 2)
	rapid.Check(t, func(p *rapid.T) {
		plain, ad := rapid.SliceOf(rapid.Byte()).Draw(p, "plain"), rapid.SliceOf(rapid.Byte()).Draw(p, "ad")
		sealed, err := k.Seal("evaluation", plain, ad)
		if err != nil {
			p.Fatal(err)
		}
		if got, err := k.Open("evaluation", sealed, ad); err != nil || !bytes.Equal(got, plain) {
			p.Fatalf("%x, %v", got, err)
		}
		again, err := k.Seal("evaluation", plain, ad)
		if err != nil || again == sealed {
			p.Fatalf("sealed twice alike (%v)", err)
		}
		broken := []byte(sealed)
		i := rapid.IntRange(0, len(broken)-1).Draw(p, "position")
		broken[i] = "A0"[rapid.IntRange(0, 1).Draw(p, "to")]
		for name, open := range map[string]func() ([]byte, error){
			"another store":   func() ([]byte, error) { return other.Open("evaluation", sealed, ad) },
			"another purpose": func() ([]byte, error) { return k.Open("nonce", sealed, ad) },
			"another ad":      func() ([]byte, error) { return k.Open("evaluation", sealed, append([]byte{1}, ad...)) },
			"cut":             func() ([]byte, error) { return k.Open("evaluation", sealed[:len(sealed)-1], ad) },
			"longer":          func() ([]byte, error) { return k.Open("evaluation", sealed+"A", ad) },
			"padded":          func() ([]byte, error) { return k.Open("evaluation", sealed+"=", ad) },
			"changed": func() ([]byte, error) {
				if string(broken) == sealed {
					return nil, ErrSealed
				}
				return k.Open("evaluation", string(broken), ad)
			},
		} {
			if got, err := open(); !errors.Is(err, ErrSealed) || got != nil {
				p.Fatalf("%s: %x, %v", name, got, err)
			}
		}
	})
	for _, sealed := range []string{"", "A", "AAAA", "!", strings.Repeat("A", 53), strings.Repeat("A", 100)} {
		if _, err := k.Open("evaluation", sealed, nil); !errors.Is(err, ErrSealed) {
			t.Errorf("%q: %v", sealed, err)
		}
	}
}

func TestSealAnswer(t *testing.T) {
	k, other := storeKeys(t, 1), storeKeys(t, 2)
	sealed, err := k.SealAnswer("key-1", []byte(`{"token":"secret"}`))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("secret")) || bytes.Contains(sealed, []byte("key-1")) {
		t.Error("the answer or its key can be read")
	}
	if got, err := k.OpenAnswer("key-1", sealed); err != nil || string(got) != `{"token":"secret"}` {
		t.Errorf("%s, %v", got, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another key":   func() ([]byte, error) { return k.OpenAnswer("key-2", sealed) },
		"another store": func() ([]byte, error) { return other.OpenAnswer("key-1", sealed) },
		"cut":           func() ([]byte, error) { return k.OpenAnswer("key-1", sealed[:len(sealed)-1]) },
		"nothing":       func() ([]byte, error) { return k.OpenAnswer("key-1", nil) },
	} {
		if _, err := open(); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v, want ErrSealed", name, err)
		}
	}
}

func TestDeriveRefusesOtherSizes(t *testing.T) {
	for _, n := range []int{0, 16, 31, 33} {
		if _, err := Derive(make([]byte, n)); err == nil {
			t.Errorf("%d bytes are taken", n)
		}
	}
}

func TestDeriveKeepsItsOwnCopy(t *testing.T) {
	secret := bytes.Repeat([]byte{1}, StoreSecretSize)
	k, err := Derive(secret)
	if err != nil {
		t.Fatal(err)
	}
	clear(secret)
	got, err := k.MAC("later", []byte("v"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := storeKeys(t, 1).MAC("later", []byte("v"))
	if err != nil || !bytes.Equal(got, want) {
		t.Error("the keys changed with the caller's slice")
	}
}

func TestStoreKeysConcurrently(t *testing.T) {
	k := storeKeys(t, 1)
	tag := k.PersonTag("v")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 50 {
				purpose := fmt.Sprint("p", j%5)
				sealed, err := k.Seal(purpose, []byte{byte(i)}, nil)
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := k.Open(purpose, sealed, nil); err != nil || got[0] != byte(i) {
					t.Error(got, err)
				}
				if k.PersonTag("v") != tag {
					t.Error("the tag changes")
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkPersonTag(b *testing.B) {
	k := storeKeys(b, 1)
	b.ReportAllocs()
	for b.Loop() {
		k.PersonTag("email:ada@mit.edu")
	}
}

func BenchmarkFingerprint(b *testing.B) {
	k, body := storeKeys(b, 1), make([]byte, 1000)
	b.ReportAllocs()
	for b.Loop() {
		k.Fingerprint("POST", "/v1/redemptions", body)
	}
}

func BenchmarkSealAnswer(b *testing.B) {
	k, body := storeKeys(b, 1), make([]byte, 1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.SealAnswer("0198a2b4-0000-7000-8000-000000000000", body); err != nil {
			b.Fatal(err)
		}
	}
}

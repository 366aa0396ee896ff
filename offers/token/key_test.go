package token

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestKeysSurviveStorage(t *testing.T) {
	for _, alg := range []Alg{ES256, EdDSA, Ed25519, RS256} {
		t.Run(string(alg), func(t *testing.T) {
			made, err := Generate(alg, now)
			if err != nil {
				t.Fatal(err)
			}
			if !made.ActiveFrom.Equal(now) || !made.CreatedAt.Equal(now) || made.Revoked {
				t.Errorf("a new key %+v", made)
			}
			der, err := made.MarshalPrivate()
			if err != nil {
				t.Fatal(err)
			}
			read, err := ParsePrivate(alg, der)
			if err != nil {
				t.Fatal(err)
			}
			if read.KID != made.KID || read.Alg != alg || !reflect.DeepEqual(read.Public, made.Public) {
				t.Errorf("read %s, made %s", read.KID, made.KID)
			}
			raw := sign(t, ringOf(t, made), alg, sample())
			if _, err := ringOf(t, read).Verify(raw, now, expect); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestParsePrivateRefuses(t *testing.T) {
	marshal := func(key any, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	es := marshal(keyOf(t, ES256).Private, nil)
	for name, test := range map[string]struct {
		alg Alg
		der []byte
	}{
		"nothing": {ES256, nil}, "rubbish": {ES256, []byte("rubbish")}, "cut": {ES256, es[:len(es)-1]},
		"ES256 as EdDSA": {EdDSA, es}, "ES256 as RS256": {RS256, es}, "ES256 as none": {"none", es},
		"EdDSA as ES256": {ES256, marshal(keyOf(t, EdDSA).Private, nil)},
		"another curve":  {ES256, marshal(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))},
	} {
		if _, err := ParsePrivate(test.alg, test.der); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	if _, err := (Key{}).MarshalPrivate(); err == nil {
		t.Error("a key without a private part is marshalled")
	}
	if _, err := Generate("HS256", now); err == nil {
		t.Error("generated a key of HS256")
	}
}

func TestNewRingRefuses(t *testing.T) {
	es, ed := keyOf(t, ES256), keyOf(t, EdDSA)
	unnamed, confused, short, blank := es, es, es, es
	unnamed.KID = ""
	confused.Alg = RS256
	short.Alg, short.Private = RS256, nil
	modulus, _ := rsaPublic(t)
	modulus.N.Rsh(modulus.N, 1025)
	short.Public = modulus
	blank.Private, blank.Public = nil, nil
	same := ed
	same.KID = es.KID
	for name, keys := range map[string][]Key{
		"no kid": {unnamed}, "another algorithm": {confused}, "short RSA": {short}, "no key": {blank},
		"one kid twice": {es, same}, "the same key twice": {es, es},
	} {
		if _, err := NewRing(keys); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if r := ringOf(t); len(r.Keys()) != 0 || len(r.JWKS(now).Keys) != 0 {
		t.Error("an empty ring is not empty")
	}
}

// TestLife walks a key through its life: published, signing, retired, gone.
func TestLife(t *testing.T) {
	k := fixed(t, ES256, "life")
	k.ActiveFrom, k.RetiredAt, k.NotAfter = now.Add(time.Hour), now.Add(2*time.Hour), now.Add(3*time.Hour)
	r := ringOf(t, k)
	always := k
	always.ActiveFrom, always.RetiredAt, always.NotAfter = time.Time{}, time.Time{}, time.Time{}
	raw := sign(t, ringOf(t, always), ES256, sample())
	for _, step := range []struct {
		at            time.Duration
		signs, public bool
	}{
		{0, false, true}, {time.Hour, true, true}, {2*time.Hour - 1, true, true}, {2 * time.Hour, false, true},
		{3*time.Hour - 1, false, true}, {3 * time.Hour, false, false},
	} {
		at := now.Add(step.at)
		if _, ok := r.Signing(ES256, at); ok != step.signs {
			t.Errorf("after %v it signs: %v", step.at, ok)
		}
		if got := len(r.JWKS(at).Keys) == 1; got != step.public {
			t.Errorf("after %v it is published: %v", step.at, got)
		}
		if _, err := r.Verify(raw, at, expect); (err == nil) != step.public {
			t.Errorf("after %v: %v", step.at, err)
		}
	}
	always.Revoked = true
	revoked := ringOf(t, always)
	if _, err := revoked.Verify(raw, now, expect); fault.CodeOf(err) != fault.TokenInvalid {
		t.Errorf("a revoked key verifies: %v", err)
	}
	if _, err := revoked.Sign(ES256, sample(), now); !errors.Is(err, ErrNoSigningKey) {
		t.Errorf("a revoked key signs: %v", err)
	}
	if len(revoked.JWKS(now).Keys) != 0 {
		t.Error("a revoked key is published")
	}
}

// TestRotateLosesNoToken: whatever was signed before and after a rotation verifies until it expires.
func TestRotateLosesNoToken(t *testing.T) {
	for name, lead := range map[string]time.Duration{"at once": 0, "with a lead": 10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			old, other := fixed(t, ES256, "old"), fixed(t, EdDSA, "other")
			s, err := Rotate([]Key{old, other}, ES256, now, lead)
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Retired) != 1 || s.Retired[0].KID != old.KID {
				t.Fatalf("retired %+v, want the old key alone", s.Retired)
			}
			before, after := ringOf(t, old, other), ringOf(t, s.Retired[0], other, s.Next)
			last := s.Next.ActiveFrom.Add(-time.Nanosecond)
			c := sample()
			c.IssuedAt, c.NotBefore, c.VerifiedUntil = last.Truncate(time.Second), time.Time{}, time.Time{}
			c.ExpiresAt = c.IssuedAt.Add(MaxLifetime)
			raw, err := before.Sign(ES256, c, last)
			if err != nil {
				t.Fatal(err)
			}
			e := expect
			e.Now = c.ExpiresAt.Add(e.Leeway - time.Nanosecond)
			if _, err := after.Verify(raw, e.Now, e); err != nil {
				t.Errorf("the longest token of the old key: %v", err)
			}
			if k, _ := after.Signing(ES256, last); lead > 0 && k.KID != old.KID {
				t.Error("the new key signs before its time")
			}
			if k, _ := after.Signing(ES256, s.Next.ActiveFrom); k.KID != s.Next.KID {
				t.Error("the new key does not sign")
			}
			if k, _ := after.Signing(EdDSA, now); k.KID != other.KID {
				t.Error("a key of another algorithm has gone")
			}
			if len(after.JWKS(now).Keys) != 3 || len(after.JWKS(now.Add(48*time.Hour)).Keys) != 2 {
				t.Error("the old key is not published for as long as its tokens live")
			}
			again, err := Rotate(after.Keys(), ES256, s.Next.ActiveFrom, 0)
			if err != nil || len(again.Retired) != 1 || again.Retired[0].KID != s.Next.KID {
				t.Errorf("a second rotation retires %+v (%v)", again.Retired, err)
			}
		})
	}
	if _, err := Rotate(nil, "none", now, 0); err == nil {
		t.Error("rotated to no algorithm")
	}
}

func rsaPublic(t *testing.T) (*rsa.PublicKey, []byte) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "rsa_public.der"))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParsePKIXPublicKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.(*rsa.PublicKey), raw
}

func TestGoldenJWKS(t *testing.T) {
	public, _ := rsaPublic(t)
	kid, err := thumbprint(public)
	if err != nil {
		t.Fatal(err)
	}
	rs := Key{KID: kid, Alg: RS256, Public: public, ActiveFrom: now.Add(-time.Minute)}
	later := fixed(t, ES256, "later")
	later.ActiveFrom = now.Add(time.Hour)
	gone := fixed(t, ES256, "gone")
	gone.Revoked = true
	keys := []Key{later, rs, keyOf(t, Ed25519), gone, keyOf(t, EdDSA), keyOf(t, ES256)}
	got, err := json.MarshalIndent(ringOf(t, keys...).JWKS(now), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{`"d"`, `"p"`, `"q"`, `"k"`} {
		if strings.Contains(string(got), private) {
			t.Errorf("the set holds the private member %s", private)
		}
	}
	golden := filepath.Join("testdata", "jwks.golden.json")
	if *update {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got)+"\n" != string(want) {
		t.Errorf("the set is\n%s\nwant\n%s", got, want)
	}
	for i := range keys {
		keys[0], keys[i] = keys[i], keys[0]
		again, err := json.MarshalIndent(ringOf(t, keys...).JWKS(now), "", "  ")
		if err != nil || string(again) != string(got) {
			t.Errorf("the order of the keys changes the set (%v)", err)
		}
	}
}

// TestNamesOfOneSignatureRotateApart: stores that chose EdDSA and stores that chose Ed25519 each keep a key that signs.
func TestNamesOfOneSignatureRotateApart(t *testing.T) {
	keys := []Key{fixed(t, EdDSA, "a"), fixed(t, Ed25519, "b")}
	s, err := Rotate(keys, Ed25519, now, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Retired) != 1 || s.Retired[0].KID != keys[1].KID {
		t.Fatalf("retired %+v, want the key of Ed25519 alone", s.Retired)
	}
	after := []Key{keys[0], s.Retired[0], s.Next}
	for _, alg := range []Alg{EdDSA, Ed25519} {
		if !Signs(after, alg, now) {
			t.Errorf("nothing signs with %s", alg)
		}
	}
	if Signs(after, ES256, now) {
		t.Error("ES256 signs without a key")
	}
}

// TestFirst: a key for an algorithm by which none signs, good for clocks that are a little behind.
func TestFirst(t *testing.T) {
	waiting := fixed(t, EdDSA, "waiting")
	waiting.ActiveFrom = now.Add(time.Hour)
	s, err := First([]Key{waiting}, EdDSA, now)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Retired) != 1 || !Signs([]Key{s.Next, s.Retired[0]}, EdDSA, now.Add(-30*time.Second)) {
		t.Errorf("%+v", s)
	}
	if k, ok := ringOf(t, s.Next, s.Retired[0]).Signing(EdDSA, now.Add(2*time.Hour)); !ok || k.KID != s.Next.KID {
		t.Error("the key that was waiting signs too")
	}
}

package token

import (
	"reflect"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// FuzzVerify: nothing but the text that we signed is accepted, and everything is refused in the same words.
func FuzzVerify(f *testing.F) {
	es, ed := keyOf(f, ES256), keyOf(f, EdDSA)
	r := ringOf(f, es, ed)
	for _, alg := range []Alg{ES256, EdDSA} {
		raw := sign(f, r, alg, sample())
		f.Add(raw)
		f.Add(raw[:len(raw)-1])
		f.Add(strings.ToUpper(raw))
		f.Add(strings.Replace(raw, ".", "..", 1))
	}
	f.Add(forge(f, es, headerOf("none", es.KID, ""), "{}"))
	f.Add(forge(f, ed, headerOf(Ed25519, ed.KID, `,"crit":["exp"]`), `{"exp":"1"}`))
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := r.Verify(raw, now, expect)
		if err == nil {
			// Only a token of the seeds, or one signed with the fixed keys, can get here: it must be whole.
			if c.Issuer != expect.Issuer || c.Store != expect.Store || c.check() != nil || strings.Count(raw, ".") != 2 {
				t.Fatalf("accepted %q as %+v", raw, c)
			}
			return
		}
		if code := fault.CodeOf(err); code != fault.TokenInvalid && code != fault.TokenExpired {
			t.Fatalf("%v is no fault of a token", err)
		}
	})
}

// FuzzClaims: behind the signature the parser takes what it wrote and never panics, and its two ways agree.
func FuzzClaims(f *testing.F) {
	f.Add([]byte(`{"iss":"i","aud":"a","sub":"s","jti":"j","iat":1,"nbf":1,"exp":2,"offer":"o","status":{"status_list":{"idx":0,"uri":"u"}}}`))
	f.Add([]byte(`{"exp":1,"exp":2}`))
	f.Add([]byte(`{"status":{"status_list":[{}]}}`))
	for _, c := range []Claims{sample(), {}} {
		own, err := c.marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(own)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		c, err := parseAny(payload)
		if own, ok := parseOwn(payload); ok && (err != nil || !reflect.DeepEqual(own, c)) {
			t.Fatalf("%s is read the fast way as %+v, and else as %+v (%v)", payload, own, c, err)
		}
		if err != nil || c.check() != nil {
			return
		}
		again, err := c.marshal()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseClaims(again); err != nil {
			t.Fatalf("%s was read, and not as it was written: %s: %v", payload, again, err)
		}
	})
}

// FuzzParseCode: what is accepted has one normal form, which is accepted again.
func FuzzParseCode(f *testing.F) {
	f.Add("ABCD-EFGH-JK")
	f.Add("abcd efgh jk")
	f.Add("\u2013\x00\xff")
	f.Fuzz(func(t *testing.T, typed string) {
		c, err := ParseCode(typed)
		if err != nil {
			if c != "" || err.Error() != ErrCodeUnknown.Error() {
				t.Fatalf("%q: %q, %v", typed, c, err)
			}
			return
		}
		if again, err := ParseCode(c.String()); err != nil || again != c || !codeForm.MatchString(c.String()) {
			t.Fatalf("%q was read as %q, and that as %q (%v)", typed, c, again, err)
		}
	})
}

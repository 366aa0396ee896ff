package token

import (
	"crypto/rand"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
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
			oracle(t, raw, c, es, ed)
			return
		}
		if code := fault.CodeOf(err); code != fault.TokenInvalid && code != fault.TokenExpired {
			t.Fatalf("%v is no fault of a token", err)
		}
	})
}

// oracle has another library agree with what was accepted: signature, algorithm, type and the claims that decide.
func oracle(t *testing.T, raw string, c Claims, keys ...Key) {
	t.Helper()
	parsed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256, jose.EdDSA})
	if err != nil {
		t.Fatalf("go-jose does not read what was accepted: %v", err)
	}
	header := parsed.Signatures[0].Protected
	i := slices.IndexFunc(keys, func(k Key) bool { return k.KID == header.KeyID && string(k.Alg) == header.Algorithm })
	if i < 0 {
		t.Fatalf("accepted with the header %+v", header)
	}
	payload, err := parsed.Verify(keys[i].Public)
	if err != nil {
		t.Fatalf("go-jose does not verify what was accepted: %v", err)
	}
	var other struct {
		Iss, Aud, Jti, Offer string
		Exp                  int64
	}
	if err := json.Unmarshal(payload, &other); err != nil {
		t.Fatal(err)
	}
	if other.Iss != c.Issuer || other.Aud != c.Store || other.Jti != c.ID || other.Offer != c.Offer || other.Exp != c.ExpiresAt.Unix() {
		t.Fatalf("%s was read as %+v", payload, c)
	}
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

// FuzzParseCode: what is accepted has one normal form, which is accepted again; and a plain reckoning of the rules, on
// the text as it was typed, accepts and refuses the same.
func FuzzParseCode(f *testing.F) {
	f.Add("ABCD-EFGH-JK")
	f.Add("abcd efgh jk")
	f.Add("\u2013\x00\xff")
	for range 3 {
		c, err := NewCode(rand.Reader)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(c.String())
		f.Add(" " + strings.ToLower(string(c)) + "\u2014")
	}
	f.Fuzz(func(t *testing.T, typed string) {
		c, err := ParseCode(typed)
		if want, ok := reckoned(typed); ok != (err == nil) || ok && want != string(c) {
			t.Fatalf("%q was read as %q (%v), want %q, %v", typed, c, err, want, ok)
		}
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

// reckoned reads a code by the rules as they are documented: at most 64 bytes, separators anywhere, ten characters of the
// alphabet, the sum of position times value a multiple of 29.
func reckoned(typed string) (string, bool) {
	if len(typed) > 64 {
		return "", false
	}
	bare := strings.ToUpper(regexp.MustCompile(`[\p{Pd}\s\v\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]`).ReplaceAllString(typed, ""))
	sum := 0
	for i := range len(bare) {
		value := strings.IndexByte(alphabet, bare[i])
		if value < 0 || typed != strings.ToValidUTF8(typed, "") {
			return "", false
		}
		sum += (i + 1) * value
	}
	return bare, len(bare) == 10 && sum%29 == 0 && regexp.MustCompile(`^[\x00-\x7f]*$`).MatchString(regexp.MustCompile(`[\p{Pd}\p{Z}\x{85}]`).ReplaceAllString(typed, ""))
}

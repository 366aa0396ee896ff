package token

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// forge signs any header and payload with a key, as somebody does who has the key or another one.
func forge(t testing.TB, key Key, header, payload string) string {
	t.Helper()
	input := segment.EncodeToString([]byte(header)) + "." + segment.EncodeToString([]byte(payload))
	signature, err := key.Alg.method().Sign(input, key.Private)
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + segment.EncodeToString(signature)
}

func headerOf(alg Alg, kid string, more string) string {
	return `{"alg":"` + string(alg) + `","kid":"` + kid + `","typ":"offer+jwt"` + more + `}`
}

func payloadOf(t testing.TB, c Claims) string {
	t.Helper()
	raw, err := c.marshal()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// with returns the sample payload with one member put in the place of another, written as it is.
func with(t testing.TB, name, value string) string {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(payloadOf(t, sample())), &members); err != nil {
		t.Fatal(err)
	}
	delete(members, name)
	rest, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	if value == "" {
		return string(rest)
	}
	return `{"` + name + `":` + value + `,` + string(rest[1:])
}

func refused(t *testing.T, r *Ring, name, raw string) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Helper()
		c, err := r.Verify(raw, now, expect)
		if err == nil {
			t.Fatalf("accepted as %+v", c)
		}
		f := fault.From(err)
		if f == nil || f.Code != fault.TokenInvalid {
			t.Fatalf("%v, want token_invalid", err)
		}
		if c != (Claims{}) {
			t.Errorf("claims of a refused token: %+v", c)
		}
		if f.Detail != "This is not a valid offer token of this store. Leave it out, and show the price without it." {
			t.Errorf("the sentence %q tells the reason", f.Detail)
		}
		if len(raw) > 40 && strings.Contains(err.Error(), raw[:40]) {
			t.Error("the error quotes the token")
		}
	})
}

func TestForgedHeaders(t *testing.T) {
	es, ed, ed2, rs := keyOf(t, ES256), keyOf(t, EdDSA), keyOf(t, Ed25519), keyOf(t, RS256)
	r := ringOf(t, es, ed, ed2, rs)
	good := payloadOf(t, sample())
	if _, err := r.Verify(forge(t, es, headerOf(ES256, es.KID, ""), good), now, expect); err != nil {
		t.Fatalf("the forger's own tools do not work: %v", err)
	}

	unsigned := func(header string) string {
		return segment.EncodeToString([]byte(header)) + "." + segment.EncodeToString([]byte(good)) + "."
	}
	for _, none := range []string{"none", "None", "NONE", "nOnE", ""} {
		refused(t, r, "alg "+none, unsigned(headerOf(Alg(none), es.KID, "")))
		signature := strings.SplitN(sign(t, r, ES256, sample()), ".", 3)[2]
		refused(t, r, "alg "+none+" with a signature", unsigned(headerOf(Alg(none), es.KID, ""))+signature)
	}
	refused(t, r, "no signature", unsigned(headerOf(ES256, es.KID, "")))

	for _, key := range []Key{es, ed, rs} {
		for _, other := range []Key{es, ed, rs} {
			if key.KID == other.KID {
				continue
			}
			name := string(key.Alg) + " as " + string(other.Alg)
			refused(t, r, "kid of another key: "+name, forge(t, key, headerOf(key.Alg, other.KID, ""), good))
			refused(t, r, "kid and alg of another key: "+name, forge(t, key, headerOf(other.Alg, other.KID, ""), good))
			refused(t, r, "alg of another key: "+name, forge(t, key, headerOf(other.Alg, key.KID, ""), good))
		}
	}
	for _, alg := range []Alg{"es256", "ES384", "ES512", "ES256K", "PS256", "RS384", "HS256", "Ed448", "eddsa", "ed25519", " ES256"} {
		refused(t, r, "alg "+string(alg), forge(t, es, headerOf(alg, es.KID, ""), good))
		refused(t, r, "EdDSA key, alg "+string(alg), forge(t, ed, headerOf(alg, ed.KID, ""), good))
	}

	stranger := fixed(t, ES256, "a stranger")
	refused(t, r, "unknown kid", forge(t, stranger, headerOf(ES256, stranger.KID, ""), good))
	refused(t, r, "our kid, a stranger's key", forge(t, stranger, headerOf(ES256, es.KID, ""), good))
	jwk := `{"kty":"EC","crv":"P-256","kid":"` + stranger.KID + `"}`
	for name, more := range map[string]string{
		"jwk": `,"jwk":` + jwk, "jku": `,"jku":"https://evil.example/jwks.json"`, "x5u": `,"x5u":"https://evil.example/c.pem"`,
		"x5c": `,"x5c":["MIIB"]`, "x5t": `,"x5t":"AA"`, "x5t#S256": `,"x5t#S256":"AA"`,
		"crit": `,"crit":["exp"]`, "empty crit": `,"crit":[]`, "crit with b64": `,"crit":["b64"],"b64":false`,
		"b64": `,"b64":false`, "cty": `,"cty":"JWT"`, "zip": `,"zip":"DEF"`, "enc": `,"enc":"A256GCM"`, "epk": `,"epk":{}`,
		"second alg": `,"alg":"ES256"`, "second kid": `,"kid":"` + es.KID + `"`, "second typ": `,"typ":"offer+jwt"`,
		"ALG": `,"ALG":"none"`, "unknown": `,"x":1`, "escaped second alg": `,"\u0061lg":"none"`,
	} {
		refused(t, r, name+" signed by us", forge(t, es, headerOf(ES256, es.KID, more), good))
		refused(t, r, name+" signed by a stranger", forge(t, stranger, headerOf(ES256, stranger.KID, more), good))
	}
	for name, header := range map[string]string{
		"no alg":         `{"kid":"` + es.KID + `","typ":"offer+jwt"}`,
		"no kid":         `{"alg":"ES256","typ":"offer+jwt"}`,
		"empty kid":      headerOf(ES256, "", ""),
		"null kid":       `{"alg":"ES256","kid":null,"typ":"offer+jwt"}`,
		"kid as array":   `{"alg":"ES256","kid":["` + es.KID + `"],"typ":"offer+jwt"}`,
		"kid as path":    headerOf(ES256, "../../"+es.KID, ""),
		"kid as query":   headerOf(ES256, "' OR 1=1 --", ""),
		"alg as array":   `{"alg":["ES256"],"kid":"` + es.KID + `","typ":"offer+jwt"}`,
		"alg as number":  `{"alg":256,"kid":"` + es.KID + `","typ":"offer+jwt"}`,
		"no typ":         `{"alg":"ES256","kid":"` + es.KID + `"}`,
		"typ JWT":        `{"alg":"ES256","kid":"` + es.KID + `","typ":"JWT"}`,
		"typ at+jwt":     `{"alg":"ES256","kid":"` + es.KID + `","typ":"at+jwt"}`,
		"typ text":       `{"alg":"ES256","kid":"` + es.KID + `","typ":"text/offer+jwt"}`,
		"array":          `["ES256"]`,
		"null":           `null`,
		"not JSON":       `alg=ES256`,
		"two objects":    headerOf(ES256, es.KID, "") + headerOf(ES256, es.KID, ""),
		"trailing comma": headerOf(ES256, es.KID, ","),
		"broken UTF-8":   headerOf(ES256, es.KID+"\xff", ""),
		"empty":          ``,
	} {
		refused(t, r, name, forge(t, es, header, good))
	}
}

// TestHMACWithThePublicKey is the classic confusion: everybody has the public key, in some encoding.
func TestHMACWithThePublicKey(t *testing.T) {
	for _, key := range allKeys(t) {
		r := ringOf(t, key)
		der, err := x509.MarshalPKIXPublicKey(key.Public)
		if err != nil {
			t.Fatal(err)
		}
		jwks, err := json.Marshal(r.JWKS(now))
		if err != nil {
			t.Fatal(err)
		}
		secrets := map[string][]byte{
			"DER": der, "PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "JWKS": jwks, "empty": {},
			"kid": []byte(key.KID),
		}
		for name, secret := range secrets {
			for _, alg := range []Alg{"HS256", key.Alg} {
				input := segment.EncodeToString([]byte(headerOf(alg, key.KID, ""))) + "." +
					segment.EncodeToString([]byte(payloadOf(t, sample())))
				mac := hmac.New(sha256.New, secret)
				mac.Write([]byte(input))
				refused(t, r, string(key.Alg)+" "+name+" "+string(alg), input+"."+segment.EncodeToString(mac.Sum(nil)))
			}
		}
	}
}

func TestBrokenEncodings(t *testing.T) {
	for _, alg := range []Alg{ES256, EdDSA} {
		key := keyOf(t, alg)
		r := ringOf(t, key)
		raw := sign(t, r, alg, sample())
		parts := strings.Split(raw, ".")
		for i := range raw {
			if _, err := r.Verify(raw[:i], now, expect); fault.CodeOf(err) != fault.TokenInvalid {
				t.Fatalf("cut at %d: %v", i, err)
			}
		}
		for i, part := range parts {
			swap := func(s string) string {
				changed := append([]string(nil), parts...)
				changed[i] = s
				return strings.Join(changed, ".")
			}
			decoded, err := segment.DecodeString(part)
			if err != nil {
				t.Fatal(err)
			}
			name := string(alg) + [...]string{" header ", " payload ", " signature "}[i]
			refused(t, r, name+"padded", swap(part+strings.Repeat("=", (4-len(part)%4)%4+4)))
			refused(t, r, name+"padding", swap(part+"="))
			refused(t, r, name+"line break", swap(part[:4]+"\n"+part[4:]))
			refused(t, r, name+"carriage return", swap(part+"\r\n"))
			refused(t, r, name+"space", swap(part+" "))
			refused(t, r, name+"leading space", swap(" "+part))
			refused(t, r, name+"hex", swap(strings.ToUpper(part)))
			refused(t, r, name+"one more", swap(part+"A"))
			refused(t, r, name+"twice", swap(part+part))
			refused(t, r, name+"empty", swap(""))
			refused(t, r, name+"NUL", swap(part+"\x00"))
			// The standard alphabet decodes to the same bytes wherever - and _ do not occur.
			if standard := base64.RawStdEncoding.EncodeToString(decoded); standard != part {
				refused(t, r, name+"standard alphabet", swap(standard))
			}
			if spare := len(part) * 6 % 8; spare > 0 {
				refused(t, r, name+"trailing bits", swap(part[:len(part)-1]+string(next(part[len(part)-1]))))
			}
		}
		for name, text := range map[string]string{
			"empty": "", "dots": "..", "one segment": parts[0], "two segments": parts[0] + "." + parts[1],
			"four segments": raw + ".", "five segments (JWE)": raw + ".AA.AA", "Bearer": "Bearer " + raw, "space after": raw + " ",
			"line break after": raw + "\n", "JSON serialisation": `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
			"too long": raw + strings.Repeat("A", MaxSize), "huge": strings.Repeat("A.", 1<<20),
		} {
			refused(t, r, string(alg)+" "+name, text)
		}
	}
}

// next returns the character whose six bits differ in the last one only: bits that no byte of the segment holds.
func next(c byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, c)^1]
}

// TestReencodedSignatures: a signature in another form, or by the right key in another algorithm, is none.
func TestReencodedSignatures(t *testing.T) {
	es := keyOf(t, ES256)
	r := ringOf(t, es)
	raw := sign(t, r, ES256, sample())
	input := raw[:strings.LastIndexByte(raw, '.')]
	digest := sha256.Sum256([]byte(input))
	asn1, err := es.Private.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	zero := make([]byte, 64)
	one := make([]byte, 64)
	one[31], one[63] = 1, 1
	full := make([]byte, 64)
	for i := range full {
		full[i] = 0xff
	}
	genuine, err := segment.DecodeString(raw[len(input)+1:])
	if err != nil {
		t.Fatal(err)
	}
	for name, signature := range map[string][]byte{
		"ASN.1": asn1, "zero (CVE-2022-21449)": zero, "one": one, "beyond the order": full, "empty": {},
		"r alone": genuine[:32], "leading zero": append([]byte{0}, genuine...), "s and r": append(genuine[32:64:64], genuine[:32]...),
	} {
		refused(t, r, name, input+"."+segment.EncodeToString(signature))
	}
	for i := range genuine {
		broken := append([]byte(nil), genuine...)
		broken[i] ^= 1
		if _, err := r.Verify(input+"."+segment.EncodeToString(broken), now, expect); err == nil {
			t.Fatalf("accepted with byte %d of the signature changed", i)
		}
	}
}

func TestForgedClaims(t *testing.T) {
	key := keyOf(t, ES256)
	r := ringOf(t, key)
	header := headerOf(ES256, key.KID, "")
	good := payloadOf(t, sample())
	cases := map[string]string{
		"foreign aud": with(t, "aud", `"sto_2"`), "aud list": with(t, "aud", `["sto_1","sto_2"]`), "no aud": with(t, "aud", ""),
		"aud with space": with(t, "aud", `"sto_1 "`), "aud in capitals": with(t, "aud", `"STO_1"`), "null aud": with(t, "aud", `null`),
		"foreign iss": with(t, "iss", `"https://evil.example"`), "iss with slash": with(t, "iss", `"https://laurel.example/"`),
		"no iss": with(t, "iss", ""), "no sub": with(t, "sub", ""), "no jti": with(t, "jti", ""), "empty jti": with(t, "jti", `""`),
		"jti as number": with(t, "jti", `1`), "no offer": with(t, "offer", ""), "no iat": with(t, "iat", ""),
		"no exp": with(t, "exp", ""), "exp as text": with(t, "exp", `"1904281689"`), "exp null": with(t, "exp", `null`),
		"exp zero": with(t, "exp", `0`), "exp negative": with(t, "exp", `-1`), "exp as fraction": with(t, "exp", `1904281689.5`),
		"exp as power": with(t, "exp", `1e300`), "exp true": with(t, "exp", `true`), "exp list": with(t, "exp", `[1904281689]`),
		"exp beyond int64": with(t, "exp", `99999999999999999999`), "exp beyond the year 9999": with(t, "exp", `253402300800`),
		"exp in milliseconds": with(t, "exp", `1904281689000`), "exp after a day": with(t, "exp", unix(now.Add(25*time.Hour))),
		"exp before iat": with(t, "exp", unix(now.Add(-time.Second))), "exp after verified_until": with(t, "verified_until", unix(now.Add(time.Minute))),
		"nbf in the future": with(t, "nbf", unix(now.Add(time.Minute))), "nbf as text": with(t, "nbf", `"1"`),
		"iat in the future":      with(t, "iat", unix(now.Add(time.Minute))),
		"offer_version negative": with(t, "offer_version", `-1`), "offer_version as fraction": with(t, "offer_version", `1.5`),
		"status with a hole": with(t, "status", `{"status_list":{"idx":-1,"uri":"u"}}`), "status twice": with(t, "status", `{"status_list":{"idx":1,"uri":"u"},"status_list":{"idx":2,"uri":"u"}}`),
		"idx twice": with(t, "status", `{"status_list":{"idx":1,"idx":2,"uri":"u"}}`), "status as text": with(t, "status", `"u"`),
		"second exp": good[:len(good)-1] + `,"exp":` + unix(now.Add(time.Hour)) + `}`, "same exp again": good[:len(good)-1] + `,"exp":` + unix(now.Add(10*time.Minute)) + `}`,
		"escaped second exp": good[:len(good)-1] + `,"\u0065xp":1}`, "second aud": good[:len(good)-1] + `,"aud":"sto_1"}`,
		"second unknown": good[:len(good)-1] + `,"x":1,"x":2}`,
		"not JSON":       "sub=1", "array": `[` + good + `]`, "null": `null`, "empty": ``, "text": `"x"`, "two objects": good + good, "cut": good[:len(good)-1],
		"broken UTF-8": with(t, "group", "\"\xff\""), "byte order mark": "\ufeff" + good,
		"EXP instead of exp": strings.Replace(good, `"exp"`, `"EXP"`, 1),
	}
	for name, payload := range cases {
		refused(t, r, name, forge(t, key, header, payload))
	}
}

func unix(at time.Time) string {
	raw, err := json.Marshal(at.Unix())
	if err != nil {
		panic(err)
	}
	return string(raw)
}

package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"testing"
)

var b64 = base64.RawURLEncoding

// parts are what an offer token is made of.
type parts struct {
	header, payload, signature string
}

func split(t *testing.T, token string) parts {
	t.Helper()
	p := strings.Split(token, ".")
	if len(p) != 3 {
		t.Fatalf("%d parts in a token", len(p))
	}
	return parts{p[0], p[1], p[2]}
}

func (p parts) String() string { return p.header + "." + p.payload + "." + p.signature }

// edited is a segment with members replaced; nil takes one away.
func edited(t *testing.T, segment string, members fields) string {
	t.Helper()
	raw, err := b64.DecodeString(segment)
	if err != nil {
		t.Fatal(err)
	}
	var f fields
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	for name, v := range members {
		if f[name] = v; v == nil {
			delete(f, name)
		}
	}
	if raw, err = json.Marshal(f); err != nil {
		t.Fatal(err)
	}
	return b64.EncodeToString(raw)
}

// signed is a token with a header and payload, signed by a stranger's key (RFC 7518, section 3.4).
func signed(t *testing.T, key *ecdsa.PrivateKey, header, payload string) string {
	t.Helper()
	digest := sha256.Sum256([]byte(header + "." + payload))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, 64)
	r.FillBytes(raw[:32])
	s.FillBytes(raw[32:])
	return parts{header, payload, b64.EncodeToString(raw)}.String()
}

// keyedBy is a token signed with HMAC, keyed by something public.
func keyedBy(secret []byte, header, payload string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(header + "." + payload))
	return parts{header, payload, b64.EncodeToString(mac.Sum(nil))}.String()
}

// publicKey is the first key of the gateway's JWK set, as JSON and as an uncompressed point.
func publicKey(t *testing.T, base string) (jwk, point []byte) {
	t.Helper()
	var set struct{ Keys []json.RawMessage }
	a := newCaller(base).must(t, http.StatusOK, get("/.well-known/jwks.json"))
	if err := json.Unmarshal(a.body, &set); err != nil || len(set.Keys) == 0 {
		t.Fatalf("JWK set: %v", a)
	}
	var k struct{ X, Y string }
	if err := json.Unmarshal(set.Keys[0], &k); err != nil {
		t.Fatal(err)
	}
	x, errX := b64.DecodeString(k.X)
	y, errY := b64.DecodeString(k.Y)
	if errX != nil || errY != nil {
		t.Fatal(errX, errY)
	}
	return set.Keys[0], append(append([]byte{4}, x...), y...)
}

// forgeries are tokens that nobody issued, made of one that was.
func forgeries(t *testing.T, h *house, good string) map[string]string {
	t.Helper()
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := split(t, good)
	jwk, point := publicKey(t, h.url)
	own, err := json.Marshal(fields{"kty": "EC", "crv": "P-256", "x": b64.EncodeToString(stranger.X.FillBytes(make([]byte, 32))), "y": b64.EncodeToString(stranger.Y.FillBytes(make([]byte, 32)))})
	if err != nil {
		t.Fatal(err)
	}
	signature, err := b64.DecodeString(p.signature)
	if err != nil {
		t.Fatal(err)
	}
	negated := new(big.Int).Sub(elliptic.P256().Params().N, new(big.Int).SetBytes(signature[32:]))
	header := func(members fields) string { return edited(t, p.header, members) }
	hs := header(fields{"alg": "HS256"})
	return map[string]string{
		"signed by a stranger":            signed(t, stranger, p.header, p.payload),
		"kid of nobody":                   signed(t, stranger, header(fields{"kid": "nobody"}), p.payload),
		"no kid":                          signed(t, stranger, header(fields{"kid": nil}), p.payload),
		"key in the header":               signed(t, stranger, header(fields{"jwk": json.RawMessage(own)}), p.payload),
		"address of keys in the header":   signed(t, stranger, header(fields{"jku": "https://attacker.example/keys"}), p.payload),
		"critical extension":              parts{header(fields{"crit": []string{"exp"}}), p.payload, p.signature}.String(),
		"none":                            parts{header(fields{"alg": "none"}), p.payload, ""}.String(),
		"nOnE with the signature":         parts{header(fields{"alg": "nOnE"}), p.payload, p.signature}.String(),
		"no signature":                    parts{p.header, p.payload, ""}.String(),
		"HMAC with the public point":      keyedBy(point, hs, p.payload),
		"HMAC with the public JWK":        keyedBy(jwk, hs, p.payload),
		"other algorithm":                 parts{header(fields{"alg": "ES384"}), p.payload, p.signature}.String(),
		"another type":                    parts{header(fields{"typ": "JWT"}), p.payload, p.signature}.String(),
		"a longer life":                   parts{p.header, edited(t, p.payload, fields{"exp": 4102444800}), p.signature}.String(),
		"another id":                      parts{p.header, edited(t, p.payload, fields{"jti": "tok_01920000-0000-7000-8000-000000000003"}), p.signature}.String(),
		"another offer":                   parts{p.header, edited(t, p.payload, fields{"offer": "off_01920000-0000-7000-8000-000000000003"}), p.signature}.String(),
		"cut in the signature":            good[:len(good)-4],
		"cut in the payload":              good[:len(p.header)+10],
		"one part more":                   good + "." + p.signature,
		"padded":                          good + "==",
		"spaces around":                   " " + good + "\n",
		"the other half of the signature": parts{p.header, p.payload, b64.EncodeToString(append(append([]byte{}, signature[32:]...), signature[:32]...))}.String(),
		"the other s of the signature":    parts{p.header, p.payload, b64.EncodeToString(append(append([]byte{}, signature[:32]...), negated.FillBytes(make([]byte, 32))...))}.String(),
		"words":                           "not a token",
		"dots":                            "..",
		"nested":                          signed(t, stranger, p.header, b64.EncodeToString([]byte(`"`+good+`"`))),
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	h := open(t, onSQLite(t))
	s, other := furnish(t, h.Gateway, "Forged"), furnish(t, h.Gateway, "Foreign")
	good := token(t, s.server(h.url), s.everyone, "c-1")
	bad := forgeries(t, h, good)
	bad["of another store"] = token(t, other.server(h.url), other.everyone, "c-1")
	// A signature has two forms (s and n-s); the gateway may take both, but it is one token by its jti.
	malleable := bad["the other s of the signature"]
	delete(bad, "the other s of the signature")
	before := s.everything(t, h)
	for name, forged := range bad {
		t.Run(name, func(t *testing.T) { refuseToken(t, s.server(h.url), forged, "token_invalid") })
	}
	if after := s.everything(t, h); after != before {
		t.Errorf("forged tokens changed rows:\n%s", difference(before, after))
	}
	c := s.server(h.url)
	c.must(t, http.StatusCreated, redemption(good, "c-1", "o-1"))
	if a := c.ask(t, redemption(malleable, "c-1", "o-2")); a.status < 400 {
		t.Errorf("a token was spent twice under two signatures: %v", a)
	}
	var names []string
	for name := range bad {
		names = append(names, name)
	}
	if len(names) < 25 {
		t.Errorf("only %d forgeries were tried: %v", len(names), names)
	}
}

// refuseToken shows a token everywhere that takes one.
func refuseToken(t *testing.T, c caller, forged, code string) {
	t.Helper()
	purchase := fields{"offer_tokens": []string{forged}, "customer": "c-1", "cart": cart()}
	with := func(name, value string) fields {
		f := fields{name: value}
		for k, v := range purchase {
			f[k] = v
		}
		return f
	}
	for _, r := range []request{post("/v1/evaluations", purchase), post("/v1/reservations", with("order_ref", "forged")), post("/v1/redemptions", with("order_id", "forged"))} {
		a := c.ask(t, r)
		if a.status != http.StatusUnprocessableEntity || a.code() != code {
			t.Errorf("%s: %v, want %s", r.path, a, code)
		}
		if len(forged) > 30 && strings.Contains(string(a.body), forged[:30]) {
			t.Errorf("%s repeats the token", r.path)
		}
	}
	inactive(t, c, fields{"token": forged})
}

// inactive asks what a token or code is good for, and expects nothing else to be told than that it is not.
func inactive(t *testing.T, c caller, by fields) {
	t.Helper()
	a := c.must(t, http.StatusOK, post("/v1/offer-tokens/introspect", by))
	if strings.TrimSpace(string(a.body)) != `{"active":false}` {
		t.Errorf("introspection: %v", a)
	}
}

func TestAnExpiredTokenIsRefused(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "Expired")
		c := s.server(h.url)
		given := c.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": "c-1"}))
		c.must(t, http.StatusOK, post("/v1/test-clock", fields{"advance": "61m"}))
		for _, want := range []struct {
			by     fields
			status int
			code   string
		}{
			{fields{"offer_tokens": []string{given.text("token")}}, http.StatusConflict, "token_expired"},
			// By code nobody learns why.
			{fields{"codes": []string{given.text("code")}}, http.StatusUnprocessableEntity, "code_unknown"},
		} {
			by := want.by
			by["customer"], by["cart"] = "c-1", cart()
			priced := c.must(t, http.StatusOK, post("/v1/evaluations", by)).object()
			if applied, ok := priced["applied"].([]any); !ok || len(applied) != 0 || !strings.Contains(toJSON(t, priced["rejected"]), want.code) {
				t.Errorf("evaluated: %v", priced)
			}
			by["order_id"] = "o-1"
			if a := c.ask(t, post("/v1/redemptions", by)); a.status != want.status || a.code() != want.code {
				t.Errorf("redeemed: %v", a)
			}
			delete(by, "order_id")
			by["order_ref"] = "a-1"
			if a := c.ask(t, post("/v1/reservations", by)); a.status != want.status || a.code() != want.code {
				t.Errorf("reserved: %v", a)
			}
		}
		inactive(t, c, fields{"token": given.text("token")})
		inactive(t, c, fields{"code": given.text("code")})
		if fresh := token(t, c, s.everyone, "c-1"); fresh == given.text("token") {
			t.Error("the expired token was given again")
		}
	})
}

func TestCodesOfNobodyAreRefused(t *testing.T) {
	h := open(t, onSQLite(t))
	s, other := furnish(t, h.Gateway, "Codes"), furnish(t, h.Gateway, "Foreign")
	foreign := other.server(h.url).must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": other.everyone, "customer": "c-1"})).text("code")
	c := s.server(h.url)
	for _, code := range []string{foreign, "ABCD-EFGH-JK", "x", "ABCD", strings.Repeat("A", 50), "ÄÖÜ?-EFGH-JK"} {
		purchase := fields{"codes": []string{code}, "customer": "c-1", "cart": cart(), "order_id": "o-1"}
		if a := c.ask(t, post("/v1/redemptions", purchase)); a.status != http.StatusUnprocessableEntity || a.code() != "code_unknown" {
			t.Errorf("code %q: %v", code, a)
		}
		inactive(t, c, fields{"code": code})
	}
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

package token

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
	"pgregory.net/rapid"

	"github.com/laurel-gateway/laurel/internal/fault"
)

func TestSignAndVerify(t *testing.T) {
	r := ringOf(t, allKeys(t)...)
	plain := Claims{
		Issuer: expect.Issuer, Store: expect.Store, Subject: "s1_abc", ID: "tok_1", Offer: "off_1",
		IssuedAt: now, NotBefore: now, ExpiresAt: now.Add(time.Minute),
	}
	for _, alg := range []Alg{ES256, EdDSA, Ed25519, RS256} {
		for name, c := range map[string]Claims{"everything": sample(), "the least": plain} {
			t.Run(string(alg)+" "+name, func(t *testing.T) {
				got, err := r.Verify(sign(t, r, alg, c), now, expect)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, c) {
					t.Errorf("%+v, want %+v", got, c)
				}
			})
		}
	}
}

// TestOwnTokensAreReadTheFastWay, whichever of their optional claims they have.
func TestOwnTokensAreReadTheFastWay(t *testing.T) {
	least := sample()
	least.Group, least.Cart, least.Status, least.VerifiedUntil = "", "", nil, time.Time{}
	odd := sample()
	odd.Group = "<a&b>\u2028\"é"
	for _, c := range []Claims{sample(), least, odd} {
		payload, err := c.marshal()
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := parseOwn(payload); !ok || !reflect.DeepEqual(got, c) {
			t.Errorf("%s: %+v, %v", payload, got, ok)
		}
		if got, err := parseAny(payload); err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("%s: %+v, %v", payload, got, err)
		}
	}
}

func TestSignKeepsAnyText(t *testing.T) {
	r := ringOf(t, keyOf(t, EdDSA))
	rapid.Check(t, func(p *rapid.T) {
		c := sample()
		c.Group = rapid.StringN(0, 40, 80).Draw(p, "group")
		c.ID = "tok_" + rapid.StringN(0, 40, 80).Draw(p, "jti")
		c.OfferVersion = rapid.Int64Min(0).Draw(p, "version")
		raw, err := r.Sign(EdDSA, c, now)
		if err != nil {
			p.Fatal(err)
		}
		got, err := r.Verify(raw, now, expect)
		if err != nil || !reflect.DeepEqual(got, c) {
			p.Fatalf("%+v, %v, want %+v", got, err, c)
		}
	})
}

// TestPeersAccept: libraries that we did not write read what we emit.
func TestPeersAccept(t *testing.T) {
	r := ringOf(t, allKeys(t)...)
	set := r.JWKS(now)
	for _, alg := range []Alg{ES256, EdDSA, RS256} {
		raw := sign(t, r, alg, sample())
		parsed, err := jwt.Parse(raw, func(tok *jwt.Token) (any, error) {
			return set.Key(tok.Header["kid"].(string))[0].Key, nil
		}, jwt.WithValidMethods([]string{string(alg)}), jwt.WithStrictDecoding(), jwt.WithExpirationRequired(),
			jwt.WithAudience("sto_1"), jwt.WithIssuer(expect.Issuer), jwt.WithTimeFunc(func() time.Time { return now }))
		if err != nil || parsed.Header["typ"] != Typ {
			t.Errorf("golang-jwt, %s: %v", alg, err)
		}
		signed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := signed.Verify(set); err != nil {
			t.Errorf("go-jose, %s: %v", alg, err)
		}
	}
}

// TestBothNamesOfEd25519: a verifier must take either name, whichever the key carries.
func TestBothNamesOfEd25519(t *testing.T) {
	for _, own := range []Alg{EdDSA, Ed25519} {
		key := keyOf(t, own)
		r := ringOf(t, key)
		for _, said := range []Alg{EdDSA, Ed25519} {
			raw := forge(t, key, headerOf(said, key.KID, ""), payloadOf(t, sample()))
			if _, err := r.Verify(raw, now, expect); err != nil {
				t.Errorf("a key of %s, a header of %s: %v", own, said, err)
			}
		}
		raw := sign(t, r, own, sample())
		header, err := segment.DecodeString(raw[:strings.IndexByte(raw, '.')])
		if err != nil || string(header) != headerOf(own, key.KID, "") {
			t.Errorf("the header %s (%v)", header, err)
		}
	}
	if got := Ed25519.method().Alg(); got != "Ed25519" {
		t.Errorf("the method is called %s", got)
	}
}

func TestTypeIsRead(t *testing.T) {
	key := keyOf(t, ES256)
	r := ringOf(t, key)
	for _, typ := range []string{"offer+jwt", "OFFER+JWT", "application/offer+jwt", "Application/Offer+Jwt"} {
		header := `{"typ":"` + typ + `","kid":"` + key.KID + `","alg":"ES256"}`
		if _, err := r.Verify(forge(t, key, header, payloadOf(t, sample())), now, expect); err != nil {
			t.Errorf("%s: %v", typ, err)
		}
	}
}

func TestUnknownClaimsAreIgnored(t *testing.T) {
	key := keyOf(t, ES256)
	raw := forge(t, key, headerOf(ES256, key.KID, ""), with(t, "new", `{"x":[1,{"y":null}]}`))
	if got, err := ringOf(t, key).Verify(raw, now, expect); err != nil || got.ID != "tok_1" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTimes(t *testing.T) {
	r := ringOf(t, keyOf(t, ES256))
	raw := sign(t, r, ES256, sample())
	leeway := expect.Leeway
	for name, test := range map[string]struct {
		after time.Duration
		want  fault.Code
	}{
		"at once":            {0, ""},
		"early in leeway":    {-leeway, ""},
		"too early":          {-leeway - time.Second, fault.TokenInvalid},
		"last moment":        {10*time.Minute + leeway - time.Nanosecond, ""},
		"expired":            {10*time.Minute + leeway, fault.TokenExpired},
		"expired by a year":  {365 * 24 * time.Hour, fault.TokenExpired},
		"before expiry":      {10*time.Minute - time.Second, ""},
		"expired in leeway ": {10*time.Minute + leeway/2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := expect
			e.Now = now.Add(test.after)
			got, err := r.Verify(raw, now, e)
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if fault.CodeOf(err) != test.want {
				t.Fatalf("%v, want %s", err, test.want)
			}
			if known := got.ID == "tok_1"; known != (test.want == fault.TokenExpired) {
				t.Errorf("claims %+v with %s", got, test.want)
			}
		})
	}
	// An expired token of another store is foreign, not expired.
	e := expect
	e.Now, e.Store = now.Add(time.Hour), "sto_2"
	if _, err := r.Verify(raw, now, e); fault.CodeOf(err) != fault.TokenInvalid {
		t.Errorf("%v, want token_invalid", err)
	}
}

func TestVerifyNeedsExpectations(t *testing.T) {
	r := ringOf(t, keyOf(t, ES256))
	raw := sign(t, r, ES256, sample())
	for _, e := range []Expect{{Store: "sto_1", Now: now}, {Issuer: expect.Issuer, Now: now}} {
		if _, err := r.Verify(raw, now, e); fault.CodeOf(err) != fault.TokenInvalid {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	r := ringOf(t, keyOf(t, ES256))
	for name, change := range map[string]func(*Claims){
		"no issuer": func(c *Claims) { c.Issuer = "" }, "no store": func(c *Claims) { c.Store = "" },
		"no subject": func(c *Claims) { c.Subject = "" }, "no id": func(c *Claims) { c.ID = "" },
		"no offer": func(c *Claims) { c.Offer = "" }, "no iat": func(c *Claims) { c.IssuedAt = time.Time{} },
		"no exp": func(c *Claims) { c.ExpiresAt = time.Time{} }, "exp is iat": func(c *Claims) { c.ExpiresAt = c.IssuedAt },
		"over a day":       func(c *Claims) { c.ExpiresAt = c.IssuedAt.Add(MaxLifetime + time.Second) },
		"after the proof":  func(c *Claims) { c.VerifiedUntil = c.ExpiresAt.Add(-time.Second) },
		"never valid":      func(c *Claims) { c.NotBefore = c.ExpiresAt },
		"negative version": func(c *Claims) { c.OfferVersion = -1 },
		"status nowhere":   func(c *Claims) { c.Status = &Status{} },
		"too long":         func(c *Claims) { c.Group = strings.Repeat("x", MaxSize) },
	} {
		t.Run(name, func(t *testing.T) {
			c := sample()
			change(&c)
			raw, err := r.Sign(ES256, c, now)
			if err == nil || raw != "" {
				t.Fatal("signed")
			}
			if fault.From(err) != nil {
				t.Errorf("%v is shown to the caller", err)
			}
		})
	}
	for _, alg := range []Alg{EdDSA, RS256, "none", ""} {
		if _, err := r.Sign(alg, sample(), now); !errors.Is(err, ErrNoSigningKey) {
			t.Errorf("%q: %v, want ErrNoSigningKey", alg, err)
		}
	}
}

func TestLifetime(t *testing.T) {
	at := now.Add(300 * time.Millisecond)
	for name, test := range map[string]struct {
		ttl   time.Duration
		until time.Time
		want  time.Duration
		code  fault.Code
	}{
		"default":              {0, time.Time{}, 10 * time.Minute, ""},
		"negative":             {-time.Hour, time.Time{}, 10 * time.Minute, ""},
		"own":                  {time.Hour, time.Time{}, time.Hour, ""},
		"a day":                {24 * time.Hour, time.Time{}, 24 * time.Hour, ""},
		"more than a day":      {25 * time.Hour, time.Time{}, 24 * time.Hour, ""},
		"fractions":            {1500 * time.Millisecond, time.Time{}, time.Second, ""},
		"under a second":       {time.Millisecond, time.Time{}, time.Second, ""},
		"proof ends later":     {time.Hour, now.Add(2 * time.Hour), time.Hour, ""},
		"proof ends before":    {time.Hour, now.Add(90*time.Second + 900*time.Millisecond), 90 * time.Second, ""},
		"proof has ended":      {time.Hour, now.Add(-time.Second), 0, fault.AttestationEnded},
		"proof ends now":       {time.Hour, at, 0, fault.AttestationEnded},
		"less than a second":   {time.Hour, now.Add(900 * time.Millisecond), 0, fault.AttestationEnded},
		"one second is enough": {time.Hour, now.Add(time.Second), time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Lifetime(at, test.ttl, test.until)
			if test.code != "" {
				if fault.CodeOf(err) != test.code {
					t.Fatalf("%v, %v, want %s", got, err, test.code)
				}
				return
			}
			if err != nil || !got.Equal(now.Add(test.want)) {
				t.Errorf("%v, %v, want %v", got.Sub(now), err, test.want)
			}
		})
	}
}

// TestLifetimeIsSignable: whatever it returns can be signed.
func TestLifetimeIsSignable(t *testing.T) {
	r := ringOf(t, keyOf(t, EdDSA))
	rapid.Check(t, func(p *rapid.T) {
		at := now.Add(time.Duration(rapid.Int64Range(0, int64(2*time.Second)).Draw(p, "fraction")))
		c := sample()
		c.IssuedAt, c.NotBefore = at, time.Time{}
		c.VerifiedUntil = now.Add(time.Duration(rapid.Int64Range(0, int64(48*time.Hour)).Draw(p, "until")))
		expires, err := Lifetime(at, time.Duration(rapid.Int64Range(-5, int64(48*time.Hour)).Draw(p, "ttl")), c.VerifiedUntil)
		if err != nil {
			return
		}
		c.ExpiresAt = expires
		if expires.After(c.VerifiedUntil) {
			p.Fatalf("%v is after the proof's end %v", expires, c.VerifiedUntil)
		}
		if _, err := r.Sign(EdDSA, c, now); err != nil {
			p.Fatal(err)
		}
	})
}

package redteam

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

func tokenAttacks() []attack {
	return []attack{
		{"sold-token", "an offer token, used by another customer than it was made for", sold},
		{"token-twice", "one offer token for many orders, one after the other and all at once", twice},
		{"forged-token", "offer tokens without a signature, with another one, with other content", forged},
		{"offer-code-guessing", "offer codes, typed until one is right", codeGuessing},
		{"unproven-token", "offer tokens for customers who proved nothing", unproven},
	}
}

func sold(ctx context.Context, p *play) error {
	token, _, o, err := p.token(ctx)
	if errors.Is(err, errNoMock) {
		return p.skip("%v", err)
	}
	if err != nil {
		return err
	}
	for _, buyer := range []string{p.customer(), ""} {
		q := p.redeem(buyer, p.customer(), o, token)
		if buyer == "" {
			delete(q.Body, "customer")
		}
		a, err := q.Ask(ctx)
		if err != nil {
			return err
		}
		p.refused("the token of somebody else", a, "customer_mismatch")
	}
	return nil
}

func twice(ctx context.Context, p *play) error {
	token, customer, o, err := p.token(ctx)
	if errors.Is(err, errNoMock) {
		return p.skip("%v", err)
	}
	if err != nil {
		return err
	}
	const atOnce = 12
	orders := make([]outside.Question, atOnce)
	for i := range orders {
		orders[i] = p.redeem(customer, p.customer(), o, token)
	}
	answers, err := outside.Together(ctx, orders)
	if err != nil {
		return err
	}
	used := 0
	for _, a := range answers {
		if a.OK() {
			used++
		}
	}
	p.holds(fmt.Sprintf("one token paid for %d of %d orders sent at once", used, atOnce), used <= 1)
	a, err := p.redeem(customer, p.customer(), o, token).Ask(ctx)
	if err != nil {
		return err
	}
	if used == 0 {
		return p.skip("the offer could not be used even once: %v", a)
	}
	p.refused("a spent token", a, "token_spent")
	return nil
}

func forged(ctx context.Context, p *play) error {
	token, customer, o, err := p.token(ctx)
	if errors.Is(err, errNoMock) {
		return p.skip("%v", err)
	}
	if err != nil {
		return err
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return p.skip("the offer token is no compact JWS")
	}
	keys, err := p.anyone().Get("/.well-known/jwks.json").Must(ctx)
	if err != nil {
		return err
	}
	header, claims := decoded(parts[0]), decoded(parts[1])
	changed := func(o outside.Object, name string, value any) outside.Object {
		out := outside.Object{}
		for k, v := range o {
			out[k] = v
		}
		out[name] = value
		return out
	}
	confused := encoded(changed(header, "alg", "HS256")) + "." + parts[1]
	for what, raw := range map[string]string{
		"alg none":                        encoded(changed(header, "alg", "none")) + "." + parts[1] + ".",
		"alg None with the signature":     encoded(changed(header, "alg", "None")) + "." + parts[1] + "." + parts[2],
		"HMAC with the public key set":    confused + "." + mac(confused, keys.Raw),
		"an empty key":                    confused + "." + mac(confused, nil),
		"other claims":                    parts[0] + "." + encoded(changed(claims, "jti", "tok_redteam")) + "." + parts[2],
		"a later end":                     parts[0] + "." + encoded(changed(claims, "exp", 4_102_444_800)) + "." + parts[2],
		"another customer":                parts[0] + "." + encoded(changed(claims, "sub", "somebody")) + "." + parts[2],
		"a key id that is a path":         encoded(changed(header, "kid", "../../../dev/null")) + "." + parts[1] + "." + parts[2],
		"a key id that is SQL":            encoded(changed(header, "kid", "x' UNION SELECT 1 --")) + "." + parts[1] + "." + parts[2],
		"a key in its header":             encoded(changed(header, "jwk", first(keys))) + "." + parts[1] + "." + parts[2],
		"the address of a key set":        encoded(changed(header, "jku", p.URL+"/redteam.json")) + "." + parts[1] + "." + parts[2],
		"a critical extension":            encoded(changed(header, "crit", []string{"redteam"})) + "." + parts[1] + "." + parts[2],
		"another type":                    encoded(changed(header, "typ", "JWT")) + "." + parts[1] + "." + parts[2],
		"a signature cut short":           token[:len(token)-4],
		"no signature":                    parts[0] + "." + parts[1] + ".",
		"padding":                         token + "=",
		"a line break":                    parts[0] + ".\n" + parts[1] + "." + parts[2],
		"a fourth part":                   token + "." + parts[2],
		"the empty text between two dots": "..",
	} {
		a, err := p.redeem(customer, p.customer(), o, raw).Ask(ctx)
		if err != nil {
			return err
		}
		p.refused("a token with "+what, a, "token_invalid", "invalid")
	}
	return nil
}

func decoded(part string) outside.Object {
	out := outside.Object{}
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil || json.Unmarshal(raw, &out) != nil {
		return outside.Object{}
	}
	return out
}

func encoded(o outside.Object) string {
	raw, err := json.Marshal(o)
	if err != nil {
		// Whatever was decoded from JSON can be written as JSON.
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func mac(text string, key []byte) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

func first(keys outside.Answer) any {
	all := list(keys.Fields, "keys")
	if len(all) == 0 {
		return outside.Object{}
	}
	return all[0]
}

func codeGuessing(ctx context.Context, p *play) error {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var bodies []string
	for range 40 {
		random := p.NewID()
		code := []byte("RT")
		for i := range 8 {
			code = append(code, alphabet[int(random[i%len(random)])%len(alphabet)])
		}
		a, err := p.secret().Post("/v1/offer-tokens/introspect", outside.Object{"code": string(code), "shopper": outside.Object{"ip": "203.0.113.66"}}).Try(ctx)
		if err != nil {
			return err
		}
		active, _ := a.Fields["active"].(bool)
		p.holds("a guessed code is active", !active)
		if a.OK() {
			bodies = append(bodies, string(a.Raw))
		}
	}
	for _, b := range bodies {
		p.holds("wrong codes are answered differently", b == bodies[0])
	}
	return nil
}

func unproven(ctx context.Context, p *play) error {
	for _, o := range p.offers {
		if o.group == "" {
			continue
		}
		a, err := p.secret().Post("/v1/offer-tokens", outside.Object{"offer_id": o.id, "customer": p.customer()}).Ask(ctx)
		if err != nil {
			return err
		}
		p.refused("a token for a customer who proved nothing", a, "offer_not_eligible")
	}
	if p.tries == 0 {
		return p.skip("no offer is for a group")
	}
	return nil
}

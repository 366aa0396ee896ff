package redteam

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

func signInAttacks() []attack {
	return []attack{{"sign-in-replay", "the way back from a sign-in: invented, swapped, repeated, in another browser", signIn}}
}

func signIn(ctx context.Context, p *play) error {
	g, ok := p.with("oidc")
	if !ok {
		return p.skip("no group has a path of a sign-in")
	}
	var ids, states []string
	for range 2 {
		id, state, err := p.departure(ctx, g)
		if err != nil {
			return err
		}
		if state == "" {
			return p.skip("the store's origin is not known: --origin")
		}
		ids, states = append(ids, id), append(states, state)
	}
	still := *p.Client
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	browser := outside.As(&still, p.URL, p.NewID)
	for _, query := range []url.Values{
		{"state": {"invented"}, "code": {"invented"}},
		{"state": {states[0]}, "code": {"invented"}},
		{"state": {states[0], states[1]}, "code": {"invented"}},
		{"state": {states[1]}, "code": {"invented"}, "iss": {"https://redteam.example"}},
		{"state": {states[0]}, "error": {"access_denied"}},
		{"state": {states[0]}, "id_token": {"e30.e30."}},
		{"code": {"invented"}},
		{},
	} {
		a, err := browser.Get("/sso/callback?" + query.Encode()).Ask(ctx)
		if err != nil {
			return err
		}
		p.refused("a way back that nobody took: "+strings.Join(keys(query), ", "), a)
	}
	for _, id := range ids {
		if err := p.unproven(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// departure begins a sign-in and returns the state that its address names; nothing when the store lets nobody begin one.
func (p *play) departure(ctx context.Context, g group) (id, state string, err error) {
	id, _, err = p.begin(ctx, g.name)
	if err != nil {
		return "", "", err
	}
	for _, path := range g.paths {
		kind, provider, _ := strings.Cut(path[0], ":")
		if kind != "oidc" {
			continue
		}
		a, err := p.step(id, "sso", outside.Object{"provider": provider, "return_url": p.Origin + "/"}).Ask(ctx)
		if err != nil || !a.OK() {
			return id, "", err
		}
		to, err := url.Parse(a.Text("redirect_url"))
		if err != nil {
			return id, "", fmt.Errorf("read the address of a sign-in: %w", err)
		}
		return id, to.Query().Get("state"), nil
	}
	return id, "", nil
}

func keys(v url.Values) []string {
	var out []string
	for k := range v {
		out = append(out, k)
	}
	return out
}

func registryAttacks() []attack {
	return []attack{{"register-guessing", "numbers and names of a register, guessed, and what the refusals tell", register}}
}

func register(ctx context.Context, p *play) error {
	g, ok := p.with("registry")
	if !ok {
		return p.skip("no group has a path that begins with a register")
	}
	id, _, err := p.begin(ctx, g.name)
	if err != nil {
		return err
	}
	var told []string
	for _, fields := range []outside.Object{
		{"number": "1234567893", "first_name": "Red", "last_name": "Team"}, {"number": "1245319599", "first_name": "Red", "last_name": "Team"},
		{"number": "1679576722", "first_name": "A", "last_name": "B"}, {"number": "1003000126", "first_name": "Ardalan", "last_name": "Nobody"},
		{"number": "1234567893", "first_name": "%", "last_name": "' OR '1'='1"}, {"number": "1234567893", "first_name": "*", "last_name": "*"},
	} {
		a, err := p.step(id, "registry", fields).Try(ctx)
		if err != nil {
			return err
		}
		p.refused("a guessed number and name", a, "not_eligible", "invalid", "tries_exhausted", "rate_limited", "invalid_step")
		if a.Is("not_eligible") {
			told = append(told, strconv.Itoa(a.Status)+a.Text("detail"))
		}
	}
	for _, t := range told {
		p.holds("the refusals of a register tell which part was wrong", t == told[0])
	}
	return p.unproven(ctx, id)
}

func deliveryAttacks() []attack {
	return []attack{{"forged-delivery", "decisions, bounces and orders that nobody signed, or signed with another secret", deliveries}}
}

func deliveries(ctx context.Context, p *play) error {
	g, ok := p.with("mock")
	if !ok {
		return p.skip("no group has a path of the mock verifier")
	}
	id, customer, err := p.begin(ctx, g.name)
	if err != nil {
		return err
	}
	if _, err := p.step(id, "mock", outside.Object{"first_name": "REVIEW"}).Must(ctx); err != nil {
		return err
	}
	decision := outside.Object{"decision": "verified", "verification_id": id, "request_id": "msg_redteam", "identifiers": []string{customer}}
	for _, at := range []time.Time{p.Now(), p.Now().Add(-24 * time.Hour), p.Now().Add(24 * time.Hour)} {
		forged := p.anyone().With("Webhook-Id", "msg_redteam").With("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10)).
			With("Webhook-Signature", "v1,"+mac("msg_redteam", []byte("whsec_redteam")))
		for _, path := range []string{
			"/v1/stores/" + url.PathEscape(p.storeID) + "/verifications/" + url.PathEscape(id) + "/decision",
			"/v1/integrations/shopify/" + url.PathEscape(p.storeID) + "/webhooks", "/v1/integrations/mail/standard",
		} {
			a, err := forged.Post(path, decision).Try(ctx)
			if err != nil {
				return err
			}
			p.refused("a forged delivery to "+path, a)
		}
	}
	return p.unproven(ctx, id)
}

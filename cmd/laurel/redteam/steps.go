package redteam

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
	"github.com/laurel-gateway/laurel/verify/mock"
)

func stepAttacks() []attack {
	return []attack{
		{"step-out-of-order", "answers to steps that are not asked, and after the end", outOfOrder},
		{"foreign-verification", "verifications of others, read and answered", foreign},
		{"changed-in-flight", "another group, or another body, slipped into a verification under way", inFlight},
		{"prefetch", "links and steps, opened as mail scanners do", prefetch},
		{"downgrade", "giving up a strong proof for one that the policy does not list", downgrade},
		{"claimed-customer", "a page that says whose verification it is", claimed},
	}
}

func outOfOrder(ctx context.Context, p *play) error {
	g, ok := p.with("mock")
	if !ok {
		return p.skip("no group has a path of the mock verifier")
	}
	id, _, err := p.begin(ctx, g.name)
	if err != nil {
		return err
	}
	for _, q := range []outside.Question{
		p.step(id, "email_code", outside.Object{"code": mock.Code}),
		p.secret().Post("/v1/verifications/"+id+"/steps/pending", outside.Object{}),
		p.secret().Post("/v1/verifications/"+id+"/steps/done", outside.Object{}),
		p.secret().Post("/v1/verifications/"+id+"/steps/verified", outside.Object{"state": "verified"}),
	} {
		a, err := q.Ask(ctx)
		if err != nil {
			return err
		}
		p.refused("a step that is not asked", a, "invalid_step", "not_found", "method_not_allowed", "invalid")
	}
	if err := p.unproven(ctx, id); err != nil {
		return err
	}
	if _, err := p.step(id, "mock", outside.Object{"first_name": "REVIEW"}).Must(ctx); err != nil {
		return err
	}
	a, err := p.step(id, "mock", outside.Object{"first_name": "VERIFIED"}).Ask(ctx)
	if err != nil {
		return err
	}
	p.refused("another answer while a person decides", a, "invalid_step")
	return p.unproven(ctx, id)
}

// unproven counts a try that got through when a verification is verified.
func (p *play) unproven(ctx context.Context, id string) error {
	now, err := p.read(ctx, id)
	if err != nil {
		return err
	}
	p.holds("the verification is verified", now.Text("state") != "verified")
	return nil
}

func foreign(ctx context.Context, p *play) error {
	made := "ver_01920000-0000-7000-8000-000000000000"
	for _, q := range []outside.Question{p.secret().Get("/v1/verifications/" + made), p.step(made, "mock", outside.Object{"first_name": "VERIFIED"})} {
		a, err := q.Ask(ctx)
		if err != nil {
			return err
		}
		p.refused("a verification that is not there", a, "not_found")
	}
	if p.Publishable == "" || len(p.groups) == 0 {
		return nil
	}
	id, _, err := p.begin(ctx, p.groups[0].name)
	if err != nil {
		return err
	}
	missing, err := p.page().With("Laurel-Client-Secret", p.NewID()).Get("/v1/verifications/" + made).Ask(ctx)
	if err != nil {
		return err
	}
	for _, page := range []outside.Caller{p.page(), p.page().With("Laurel-Client-Secret", p.NewID()), p.page().With("Laurel-Client-Secret", "")} {
		a, err := page.Get("/v1/verifications/" + id).Ask(ctx)
		if err != nil {
			return err
		}
		p.refused("a verification, without its client secret", a, "not_found", "unauthenticated", "forbidden")
		if a.Is("not_found") {
			p.holds("whether a verification exists can be told", a.Text("detail") == missing.Text("detail") && a.Status == missing.Status)
		}
	}
	return nil
}

func inFlight(ctx context.Context, p *play) error {
	g, ok := p.with("mock")
	if !ok {
		return p.skip("no group has a path of the mock verifier")
	}
	id, _, err := p.begin(ctx, g.name)
	if err != nil {
		return err
	}
	step := "/v1/verifications/" + id + "/steps/mock"
	raw := func(body string) outside.Question {
		q := p.secret().Post(step, nil)
		q.Raw = []byte(body)
		return q
	}
	for _, q := range []outside.Question{
		p.step(id, "mock", outside.Object{"first_name": "VERIFIED", "group": "military"}),
		p.step(id, "mock", outside.Object{"first_name": "VERIFIED", "state": "verified"}),
		raw(`{"first_name":"REJECTED","first_name":"VERIFIED"}`),
		raw(`{"first_name":["VERIFIED"]}`),
		raw(`[{"first_name":"VERIFIED"}]`),
		raw(`{"first_name":"VERIFIED"}{"first_name":"VERIFIED"}`),
		raw("{\"first_name\":\"VERIFIED\u0000\"}"),
		raw(strings.Repeat("[", 5000)),
	} {
		a, err := q.Ask(ctx)
		if err != nil {
			return err
		}
		p.refused("a body that says more than one thing", a)
	}
	if err := p.unproven(ctx, id); err != nil {
		return err
	}
	once := p.start(g.name, p.customer())
	if _, err := once.Must(ctx); err != nil {
		return err
	}
	once.Body["group"] = "senior"
	a, err := once.Ask(ctx)
	if err != nil {
		return err
	}
	p.refused("another group under the same key", a, "idempotency_key_reused")
	return nil
}

func prefetch(ctx context.Context, p *play) error {
	g, ok := p.with("mock")
	if !ok {
		return p.skip("no group has a path of the mock verifier")
	}
	id, _, err := p.begin(ctx, g.name)
	if err != nil {
		return err
	}
	if _, err := p.step(id, "mock", outside.Object{"first_name": "EMAILCODE"}).Must(ctx); err != nil {
		return err
	}
	for _, path := range []string{"email_code?code=" + mock.Code, "mock?first_name=VERIFIED", "email_code/" + mock.Code} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
			q := p.secret().Get("/v1/verifications/" + id + "/steps/" + path)
			q.Method = method
			if _, err := q.Ask(ctx); err != nil {
				return err
			}
		}
	}
	now, err := p.read(ctx, id)
	if err != nil {
		return err
	}
	p.holds("opening a link answered a step", now.Text("state") == "challenged")
	return nil
}

func downgrade(ctx context.Context, p *play) error {
	for _, g := range p.groups {
		id, _, err := p.begin(ctx, g.name)
		if err != nil {
			return err
		}
		for _, step := range []string{"sso", "email", "document", "registry", "remote", "mock"} {
			q := p.secret().Post("/v1/verifications/"+id+"/steps/"+step, nil)
			q.Method = http.MethodDelete
			if _, err := q.Ask(ctx); err != nil {
				return err
			}
		}
		now, err := p.read(ctx, id)
		if err != nil {
			return err
		}
		p.holds("giving everything up verified "+g.name, now.Text("state") != "verified")
		listed := map[string]bool{}
		for _, path := range g.paths {
			listed[strings.Join(path, "+")] = true
		}
		for _, path := range paths(now) {
			p.holds(fmt.Sprintf("giving up opened the path %v to %s", path, g.name), listed[strings.Join(path, "+")])
		}
	}
	if p.tries == 0 {
		return p.skip("the store proves no group")
	}
	return nil
}

func claimed(ctx context.Context, p *play) error {
	g, ok := p.with("mock")
	if !ok || p.Publishable == "" {
		return p.skip("needs a publishable key, an origin and a group with a path of the mock verifier")
	}
	victim := p.customer()
	started, err := p.page().Post("/v1/verifications", outside.Object{"group": g.name, "customer": victim,
		"consent": outside.Object{"version": p.consent, "accepted": true}}).Must(ctx)
	if err != nil {
		return err
	}
	shopper := p.page().With("Laurel-Client-Secret", started.Text("client_secret"))
	if _, err := shopper.Post("/v1/verifications/"+url.PathEscape(started.Text("id"))+"/steps/mock", outside.Object{"first_name": "VERIFIED"}).Must(ctx); err != nil {
		return err
	}
	for _, o := range p.offers {
		if o.group != g.name {
			continue
		}
		a, err := p.secret().Post("/v1/offer-tokens", outside.Object{"offer_id": o.id, "customer": victim}).Ask(ctx)
		if err != nil {
			return err
		}
		p.refused("an attestation that only a page claims for a customer", a, "offer_not_eligible")
	}
	a, err := p.page().Post("/v1/verifications/"+url.PathEscape(started.Text("id"))+"/confirm", outside.Object{"customer": victim}).Ask(ctx)
	if err != nil {
		return err
	}
	p.refused("a page that confirms a customer", a, "forbidden", "unauthenticated", "not_found")
	return nil
}

package redteam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

// team is what the attackers know of the store.
type team struct {
	Options
	// name is in every customer and mailbox, so that runs in one store do not meet.
	name    string
	counter int
	storeID string
	consent string
	groups  []group
	offers  []offer
}

// group is a group of the store that can be proven.
type group struct {
	name  string
	paths [][]string
}

type offer struct{ id, group, currency string }

// scout looks at what the store can be attacked by.
func scout(ctx context.Context, o Options) (*team, error) {
	t := &team{Options: o, name: strings.ToLower(o.NewID())}
	if len(t.name) > 10 {
		t.name = t.name[:10]
	}
	front, err := t.secret().Get("/v1/storefront").Must(ctx)
	if err != nil {
		return nil, err
	}
	if front.Text("store", "mode") != "test" {
		return nil, ErrLive
	}
	t.storeID, t.consent = front.Text("store", "id"), front.Text("consent", "version")
	for _, raw := range list(front.Fields, "offers") {
		t.offers = append(t.offers, offer{id: text(raw, "id"), group: text(raw, "group"), currency: text(raw, "benefit", "currency")})
	}
	for _, raw := range list(front.Fields, "groups") {
		name := text(raw, "group")
		started, err := t.start(name, t.customer()).Ask(ctx)
		if err != nil {
			return nil, err
		}
		if !started.OK() {
			continue // a group without a policy proves nothing
		}
		t.groups = append(t.groups, group{name, paths(started)})
	}
	return t, nil
}

func (t *team) secret() outside.Caller {
	return outside.As(t.Client, t.URL, t.NewID).With("Authorization", "Bearer "+t.Key)
}

func (t *team) page() outside.Caller {
	return outside.As(t.Client, t.URL, t.NewID).With("Authorization", "Bearer "+t.Publishable).With("Origin", t.Origin)
}

func (t *team) anyone() outside.Caller { return outside.As(t.Client, t.URL, t.NewID) }

// customer returns a customer that nobody was before.
func (t *team) customer() string {
	t.counter++
	return fmt.Sprintf("redteam-%s-%d", t.name, t.counter)
}

func (t *team) start(group, customer string) outside.Question {
	return t.secret().Post("/v1/verifications", outside.Object{"group": group, "customer": customer,
		"consent": outside.Object{"version": t.consent, "accepted": true}})
}

// begin starts a verification and returns its id.
func (t *team) begin(ctx context.Context, group string) (id, customer string, err error) {
	customer = t.customer()
	started, err := t.start(group, customer).Must(ctx)
	return started.Text("id"), customer, err
}

func (t *team) step(id, step string, fields outside.Object) outside.Question {
	return t.secret().Post("/v1/verifications/"+url.PathEscape(id)+"/steps/"+step, fields)
}

func (t *team) read(ctx context.Context, id string) (outside.Answer, error) {
	return t.secret().Get("/v1/verifications/" + url.PathEscape(id)).Must(ctx)
}

// with returns a group that has a path which begins with a requirement: "mock", or "email" for any of its instances.
func (t *team) with(verifier string) (group, bool) {
	at := slices.IndexFunc(t.groups, func(g group) bool { return g.begins(verifier) })
	if at < 0 {
		return group{}, false
	}
	return t.groups[at], true
}

func (g group) begins(verifier string) bool {
	return slices.ContainsFunc(g.paths, func(path []string) bool { return len(path) > 0 && kindOf(path[0]) == verifier })
}

func kindOf(requirement string) string {
	kind, _, _ := strings.Cut(requirement, ":")
	return kind
}

// schools returns a group whose mailboxes are those of schools: the requirement email without an instance.
func (t *team) schools() (group, bool) {
	at := slices.IndexFunc(t.groups, func(g group) bool {
		return slices.ContainsFunc(g.paths, func(path []string) bool { return len(path) > 0 && path[0] == "email" })
	})
	if at < 0 {
		return group{}, false
	}
	return t.groups[at], true
}

// proven returns a new customer who is verified by the mock verifier, and the offer of their group.
func (t *team) proven(ctx context.Context) (customer string, o offer, err error) {
	for _, o := range t.offers {
		at := slices.IndexFunc(t.groups, func(g group) bool { return g.name == o.group && g.begins("mock") })
		if at < 0 {
			continue
		}
		id, customer, err := t.begin(ctx, o.group)
		if err != nil {
			return "", o, err
		}
		_, err = t.step(id, "mock", outside.Object{"first_name": "VERIFIED"}).Must(ctx)
		return customer, o, err
	}
	return "", offer{}, errNoMock
}

var errNoMock = errors.New("no group with an offer has a path of the mock verifier")

// token returns an offer token of a customer who is verified.
func (t *team) token(ctx context.Context) (token, customer string, o offer, err error) {
	customer, o, err = t.proven(ctx)
	if err != nil {
		return "", "", o, err
	}
	given, err := t.secret().Post("/v1/offer-tokens", outside.Object{"offer_id": o.id, "customer": customer}).Must(ctx)
	return given.Text("token"), customer, o, err
}

// redeem uses tokens for an order.
func (t *team) redeem(customer, order string, o offer, tokens ...string) outside.Question {
	currency := o.currency
	if currency == "" {
		currency = "USD"
	}
	return t.secret().Post("/v1/redemptions", outside.Object{"offer_tokens": tokens, "customer": customer, "order_id": order,
		"cart": outside.Object{"currency": currency, "lines": []outside.Object{{"line_id": "l1", "sku": "redteam", "quantity": 1, "unit_amount": 10_000}}}})
}

// mails tells whether mails can be sent and read.
func (t *team) mails() bool { return t.Inbox != "" }

// errNoMail says that a mail did not arrive.
var errNoMail = errors.New("no mail with a code arrived in the inbox")

// mail is a mail with a code in the inbox; the zero mail is none.
type mail struct {
	Code   string    `json:"code"`
	SentAt time.Time `json:"sent_at"`
}

// code waits for a newer mail to an address than one that was there before, and returns its code.
func (t *team) code(ctx context.Context, address string, before mail) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		newest, err := t.newest(ctx, address)
		if err != nil || newest.SentAt.After(before.SentAt) {
			return newest.Code, err
		}
		select {
		case <-ctx.Done():
			return "", errNoMail
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// newest returns the newest mail with a code to an address.
func (t *team) newest(ctx context.Context, address string) (m mail, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.Inbox+"?to="+url.QueryEscape(address), nil)
	if err != nil {
		return m, fmt.Errorf("ask the inbox: %w", err)
	}
	res, err := t.Client.Do(req)
	if err != nil {
		return m, fmt.Errorf("ask the inbox: %w", err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	var mails []mail
	if err := json.NewDecoder(res.Body).Decode(&mails); err != nil {
		return m, fmt.Errorf("read the inbox: %w", err)
	}
	for _, each := range mails {
		if each.Code != "" && each.SentAt.After(m.SentAt) {
			m = each
		}
	}
	return m, nil
}

// mailbox proves a mailbox for a new customer and returns the last answer.
func (t *team) mailbox(ctx context.Context, group, address, delivered string) (outside.Answer, error) {
	id, _, err := t.begin(ctx, group)
	if err != nil {
		return outside.Answer{}, err
	}
	before, err := t.newest(ctx, delivered)
	if err != nil {
		return outside.Answer{}, err
	}
	asked, err := t.step(id, "email", outside.Object{"email": address}).Try(ctx)
	if err != nil || !asked.OK() {
		return asked, err
	}
	code, err := t.code(ctx, delivered, before)
	if err != nil {
		return asked, err
	}
	return t.step(id, "email_code", outside.Object{"code": code}).Ask(ctx)
}

func paths(a outside.Answer) [][]string {
	var out [][]string
	for _, raw := range list(a.Fields, "paths") {
		var path []string
		requirements, _ := raw.([]any)
		for _, r := range requirements {
			s, _ := r.(string)
			path = append(path, s)
		}
		out = append(out, path)
	}
	return out
}

func list(o outside.Object, name string) []any {
	found, _ := o[name].([]any)
	return found
}

func text(v any, path ...string) string {
	o, _ := v.(outside.Object)
	return outside.Answer{Fields: o}.Text(path...)
}

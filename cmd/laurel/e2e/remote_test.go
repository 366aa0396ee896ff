package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// directory is a store's own verifier: numbers that begin with E are known, those with P are looked at by people.
type directory struct {
	url string

	mu     sync.Mutex
	signer *standardwebhooks.Webhook
	asked  []fields
}

func startDirectory(t *testing.T) *directory {
	t.Helper()
	d := &directory{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = d.signer.Verify(body, r.Header)
		}
		if err != nil {
			t.Errorf("a question: %v", err)
			return
		}
		var q fields
		if err := json.Unmarshal(body, &q); err != nil {
			t.Error(err)
		}
		d.asked = append(d.asked, q)
		given, _ := q["fields"].(fields)
		number, _ := given["employee_number"].(string)
		say := fields{"decision": "wrong"}
		switch {
		case strings.HasPrefix(number, "E"):
			say = fields{"decision": "verified", "identifiers": []string{number}, "organisation": "Northside"}
		case strings.HasPrefix(number, "P"):
			say = fields{"decision": "pending"}
		case strings.HasPrefix(number, "X"):
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answer := []byte(toJSON(t, say))
		for name, value := range d.signed(t, r.Header.Get("Webhook-Id"), time.Now(), answer) {
			w.Header().Set(name, value)
		}
		if _, err := w.Write(answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

func (d *directory) know(t *testing.T, secret string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	var err error
	if d.signer, err = standardwebhooks.NewWebhook(secret); err != nil {
		t.Fatal(err)
	}
}

// signed are the headers of a message (Standard Webhooks).
func (d *directory) signed(t *testing.T, id string, at time.Time, body []byte) map[string]string {
	t.Helper()
	signature, err := d.signer.Sign(id, at, body)
	if err != nil {
		t.Error(err)
	}
	return map[string]string{"Webhook-Id": id, "Webhook-Timestamp": strconv.FormatInt(at.Unix(), 10), "Webhook-Signature": signature}
}

func (d *directory) last() fields {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asked[len(d.asked)-1]
}

// deliver posts a decision about a question, changed.
func (d *directory) deliver(t *testing.T, base string, q, change fields, at time.Time, header ...string) answer {
	t.Helper()
	body := fields{"decision": "verified", "verification_id": q["verification_id"], "request_id": q["request_id"], "identifiers": []string{"P-1"}}
	for k, v := range change {
		body[k] = v
	}
	address, _ := q["decision_url"].(string)
	if len(header) > 0 {
		address = header[0]
	}
	_, path, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://"), "/")
	c := newCaller(base)
	sent := []byte(toJSON(t, body))
	for name, value := range d.signed(t, "dec_1", at, sent) {
		c = c.with(name, value)
	}
	return c.ask(t, request{method: http.MethodPost, path: "/" + path, body: sent})
}

// The store's own verifier, from the console's form to an offer token: at once, and later.
func TestAStoresOwnVerifier(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p.with("LAUREL_OUTGOING_ALLOW_PRIVATE=true"))
		e, other := settle(t, h, "staffed"), settle(t, h, "neighbour")
		d := startDirectory(t)
		desk, base := atConsole(h.url, e.ownerCookie), "/v1/admin/stores/"+e.id
		form := fields{"id": "staff", "name": "Staff directory", "url": d.url, "classes": []string{"authority"}, "retries": 1,
			"fields": []fields{{"name": "employee_number", "label": fields{"en": "Employee number"}, "type": "text", "required": true, "max_length": 20}}}
		d.know(t, desk.must(t, http.StatusCreated, post(base+"/remote-verifiers", form)).text("secret"))
		desk.must(t, http.StatusCreated, post(base+"/policies", fields{"group": "employee", "paths": [][]string{{"remote:staff"}}, "validity_days": 90}))
		staff := e.offer(t, h.Gateway, offers.Offer{Name: "Staff", Group: "employee", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 3000}})
		page := e.page(h.url)
		if shown := page.must(t, http.StatusOK, get("/v1/storefront")); !strings.Contains(string(shown.body), `"requirement":"remote:staff"`) || strings.Contains(string(shown.body), d.url) {
			t.Fatalf("the form: %s", shown)
		}
		begin := func() (string, caller) {
			a := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "employee", "consent": fields{"version": "1", "accepted": true}}))
			return "/v1/verifications/" + a.text("id"), page.with("Laurel-Client-Secret", a.text("client_secret"))
		}
		number := func(n string) fields { return fields{"verifier": "staff", "fields": fields{"employee_number": n}} }
		toToken := func(at string, shopper caller) {
			t.Helper()
			id := strings.TrimPrefix(at, "/v1/verifications/")
			given := shopper.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": staff, "verification_id": id})).text("token")
			if a := e.server(h.url).must(t, http.StatusOK, post("/v1/offer-tokens/introspect", fields{"token": given})); a.object()["active"] != true || a.text("group") != "employee" {
				t.Errorf("the token: %s", a)
			}
		}

		at, shopper := begin()
		for bad, want := range map[string]string{"": "invalid", strings.Repeat("E", 21): "invalid", "Z-1": "not_eligible", "X-1": "provider_unavailable"} {
			if a := shopper.ask(t, post(at+"/steps/remote", number(bad))); a.code() != want {
				t.Errorf("%q: %s, want %s", bad, a, want)
			}
		}
		if a := shopper.ask(t, post(at+"/steps/remote", fields{"verifier": "nobody", "fields": fields{"employee_number": "E-1"}})); a.code() != "invalid_step" {
			t.Errorf("a verifier that is none: %s", a)
		}
		if a := shopper.must(t, http.StatusOK, post(at+"/steps/remote", number("E-1"))); a.text("state") != "verified" {
			t.Fatalf("at once: %s", a)
		}
		toToken(at, shopper)

		// Later: the decision comes to the address that the question named.
		at, shopper = begin()
		if a := shopper.must(t, http.StatusOK, post(at+"/steps/remote", number("P-1"))); a.text("state") != "pending_review" || a.text("step") != "pending" {
			t.Fatalf("pending: %s", a)
		}
		q, now := d.last(), time.Now()
		stranger := startDirectory(t)
		stranger.know(t, "whsec_"+strings.Repeat("A", 43)+"=")
		elsewhere, _ := begin()
		decisionAt := func(store, verification string) string {
			return "https://x/v1/stores/" + store + "/verifications/" + verification + "/decision"
		}
		id := strings.TrimPrefix(at, "/v1/verifications/")
		for name, a := range map[string]answer{
			"forged":                     stranger.deliver(t, h.url, q, nil, now),
			"delayed":                    d.deliver(t, h.url, q, nil, now.Add(-6*time.Minute)),
			"from the future":            d.deliver(t, h.url, q, nil, now.Add(6*time.Minute)),
			"for another question":       d.deliver(t, h.url, q, fields{"request_id": "msg_x"}, now),
			"without a question":         d.deliver(t, h.url, q, fields{"request_id": ""}, now),
			"naming another":             d.deliver(t, h.url, q, fields{"verification_id": strings.TrimPrefix(elsewhere, "/v1/verifications/")}, now),
			"replayed at another":        d.deliver(t, h.url, q, nil, now, decisionAt(e.id, strings.TrimPrefix(elsewhere, "/v1/verifications/"))),
			"replayed in another store":  d.deliver(t, h.url, q, nil, now, decisionAt(other.id, id)),
			"in a store that is none":    d.deliver(t, h.url, q, nil, now, decisionAt("sto_none", id)),
			"about a verification of no": d.deliver(t, h.url, q, nil, now, decisionAt(e.id, "ver_none")),
		} {
			if a.status != http.StatusConflict || a.code() != "decision_refused" {
				t.Errorf("%s: %s", name, a)
			}
		}
		if a := d.deliver(t, h.url, q, fields{"identifiers": []string{}}, now); a.status != http.StatusUnprocessableEntity {
			t.Errorf("verified without a person: %s", a)
		}
		if a := shopper.must(t, http.StatusOK, get(at)); a.text("state") != "pending_review" {
			t.Fatalf("the attacks changed it: %s", a)
		}
		for range 2 { // the same delivery again gives the same answer
			if a := d.deliver(t, h.url, q, nil, now); a.status != http.StatusOK || a.text("state") != "verified" {
				t.Fatalf("delivered: %s", a)
			}
		}
		if a := d.deliver(t, h.url, q, fields{"decision": "rejected"}, now); a.code() != "decision_refused" {
			t.Errorf("after it was decided: %s", a)
		}
		toToken(at, shopper)

		// The same person again is told so; a secret key may decide, too.
		at, shopper = begin()
		shopper.must(t, http.StatusOK, post(at+"/steps/remote", number("P-2")))
		shopper.ask(t, post(at+"/decision", fields{"decision": "verified", "identifiers": []string{"P-2"}})).refusedAs(t, http.StatusForbidden)
		other.server(h.url).ask(t, post(at+"/decision", fields{"decision": "verified", "identifiers": []string{"P-2"}})).refusedAs(t, http.StatusNotFound)
		if a := e.server(h.url).must(t, http.StatusOK, post(at+"/decision", fields{"decision": "verified", "identifiers": []string{"P-2"}})); a.text("state") != "verified" {
			t.Fatalf("by the secret key: %s", a)
		}
		if _, err := h.Verify.SaveSetting(t.Context(), verify.StoreRef{ID: e.id, Test: true}, verify.Actor{Name: "test"}, verify.SettingInput{
			Verifier: "remote", Instance: "staff", Version: 1, Config: []byte(toJSON(t, with(form, "classes", []string{"knowledge"})))}); err == nil {
			t.Error("the policy became unsound")
		}
	})
}

// with is an object with one field changed, and without its id.
func with(o fields, name string, value any) fields {
	out := fields{}
	for k, v := range o {
		if k != "id" {
			out[k] = v
		}
	}
	out[name] = value
	return out
}

func (a answer) refusedAs(t *testing.T, status int) {
	t.Helper()
	if a.status != status {
		t.Errorf("%s, want %d", a, status)
	}
}

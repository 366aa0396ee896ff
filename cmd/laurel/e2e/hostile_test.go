package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// target is an operation that hostile input is sent to, with a body that would be taken.
type target struct {
	name   string
	caller caller
	method string
	path   string
	body   func() fields
	// amount is the path of a member that holds a number, and text of one that holds a text.
	amount, text []string
	// reads are operations that need no Idempotency-Key.
	reads bool
}

// targets are mutations and reads of every kind of caller. Each body is good, so that only what is wrong is refused.
func targets(h *house, e estate) []target {
	server, page, desk := e.server(h.url), e.page(h.url), atConsole(h.url, e.ownerCookie)
	line := []string{"cart", "lines", "unit_amount"}
	store := "/v1/admin/stores/" + e.id
	purchase := func(more fields) func() fields {
		return func() fields {
			f := fields{"customer": "hostile", "cart": cart()}
			for k, v := range more {
				f[k] = v
			}
			return f
		}
	}
	return []target{
		{"redeem", server, "POST", "/v1/redemptions", purchase(fields{"order_id": "h-1"}), line, []string{"order_id"}, false},
		{"reserve", server, "POST", "/v1/reservations", purchase(fields{"order_ref": "h-2", "ttl_seconds": 900}), []string{"ttl_seconds"}, []string{"order_ref"}, false},
		{"evaluate", server, "POST", "/v1/evaluations", purchase(nil), line, []string{"customer"}, true},
		{"record an order", server, "POST", "/v1/orders", purchase(fields{"order_id": "h-3"}), line, []string{"order_id"}, false},
		{"refund", server, "POST", "/v1/redemptions/" + e.redemption + "/refunds", func() fields {
			return fields{"refund_ref": "h-4", "lines": []fields{{"line_id": "l1", "quantity": 1}}}
		}, []string{"lines", "quantity"}, []string{"refund_ref"}, false},
		{"start a verification", page, "POST", "/v1/verifications", func() fields {
			return fields{"group": "student", "customer": "hostile", "consent": fields{"version": "1", "accepted": true}}
		}, nil, []string{"customer"}, false},
		{"get a token", server, "POST", "/v1/offer-tokens", func() fields { return fields{"offer_id": e.everyone, "customer": "hostile"} }, nil, []string{"customer"}, false},
		{"customer session", server, "POST", "/v1/customer-sessions", func() fields { return fields{"customer": "hostile"} }, nil, []string{"customer"}, false},
		{"create an offer", desk, "POST", store + "/offers", func() fields {
			return fields{"name": "Hostile", "state": "draft", "benefit": fields{"type": "percentage", "basis_points": 100}, "limits": fields{}, "token_seconds": 600}
		}, []string{"token_seconds"}, []string{"name"}, false},
		{"adjust points", desk, "POST", store + "/members/" + e.customer + "/adjustments", func() fields {
			return fields{"points": 5, "reason": "goodwill", "reference": "h-5"}
		}, []string{"points"}, []string{"reason"}, false},
	}
}

// put returns the body with one member replaced, in the first item of every list on the way.
func put(body fields, path []string, value any) fields {
	next := body
	for _, name := range path[:len(path)-1] {
		switch v := next[name].(type) {
		case []fields:
			next = v[0]
		case fields:
			next = v
		}
	}
	next[path[len(path)-1]] = value
	return body
}

// hostility is one way in which a request is wrong.
type hostility struct {
	name   string
	status []int
	code   string
	header map[string]string
	// raw makes the body; nil when this does not go with a target.
	raw func(t *testing.T, x target) []byte
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// withNumber and withText replace a member by something that is written as it is.
func withNumber(literal string) func(*testing.T, target) []byte {
	return func(t *testing.T, x target) []byte {
		if x.amount == nil {
			return nil
		}
		return encode(t, put(x.body(), x.amount, json.RawMessage(literal)))
	}
}

func withText(literal string) func(*testing.T, target) []byte {
	return func(t *testing.T, x target) []byte {
		const mark = "@@MARK@@"
		return bytes.Replace(encode(t, put(x.body(), x.text, mark)), []byte(mark), []byte(literal), 1)
	}
}

func whole(body string) func(*testing.T, target) []byte {
	return func(*testing.T, target) []byte { return []byte(body) }
}

func changed(change func(good string) string) func(*testing.T, target) []byte {
	return func(t *testing.T, x target) []byte { return []byte(change(string(encode(t, x.body())))) }
}

func hostilities() []hostility {
	invalid, malformed := []int{422}, []int{400}
	good := changed(func(s string) string { return s })
	return []hostility{
		{name: "no body", status: malformed, code: "bad_request", raw: whole("")},
		{name: "words", status: malformed, code: "malformed_json", raw: whole("hello")},
		{name: "cut", status: malformed, code: "malformed_json", raw: changed(func(s string) string { return s[:len(s)-1] })},
		{name: "two values", status: malformed, code: "malformed_json", raw: changed(func(s string) string { return s + s })},
		{name: "a list", status: invalid, code: "invalid", raw: changed(func(s string) string { return "[" + s + "]" })},
		{name: "null", status: invalid, code: "invalid", raw: whole("null")},
		{name: "an empty object", status: invalid, code: "invalid", raw: whole("{}")},
		{name: "an unknown field", status: invalid, code: "invalid", raw: changed(func(s string) string { return `{"surprise":1,` + s[1:] })},
		{name: "a duplicate name", status: malformed, code: "malformed_json", raw: changed(func(s string) string { return `{"customer":"x","customer":"y",` + s[1:] })},
		{name: "deep nesting", status: malformed, code: "malformed_json", raw: whole(strings.Repeat(`{"cart":`, 5000) + "1" + strings.Repeat("}", 5000))},
		{name: "deep lists", status: malformed, code: "malformed_json", raw: whole(strings.Repeat("[", 100_000))},
		{name: "U+0000 raw", status: malformed, code: "malformed_json", raw: withText("a\x00b")},
		{name: "U+0000 escaped", status: malformed, code: "malformed_json", raw: withText(`a\u0000b`)},
		{name: "broken UTF-8", status: malformed, code: "malformed_json", raw: withText("a\xff\xfeb")},
		{name: "half a surrogate", status: malformed, code: "malformed_json", raw: withText(`a\ud800b`)},
		{name: "a long text", status: invalid, code: "invalid", raw: withText(strings.Repeat("x", 5000))},
		{name: "an empty text", status: invalid, raw: func(t *testing.T, x target) []byte {
			if x.name == "evaluate" || x.name == "start a verification" || x.name == "get a token" {
				return nil // the customer may be left out there
			}
			return withText("")(t, x)
		}},
		{name: "a list for a text", status: invalid, code: "invalid", raw: func(t *testing.T, x target) []byte { return encode(t, put(x.body(), x.text, []int{1})) }},
		{name: "a number for a text", status: invalid, code: "invalid", raw: func(t *testing.T, x target) []byte { return encode(t, put(x.body(), x.text, 7)) }},
		{name: "a text for a number", status: invalid, code: "invalid", raw: withNumber(`"5"`)},
		{name: "a fraction", status: invalid, code: "invalid", raw: withNumber("1.5")},
		{name: "a negative number", status: invalid, raw: func(t *testing.T, x target) []byte {
			if x.name == "adjust points" {
				return nil // points may be taken
			}
			return withNumber("-1")(t, x)
		}},
		{name: "2^63", status: invalid, code: "invalid", raw: withNumber("9223372036854775808")},
		{name: "a huge number", status: invalid, raw: withNumber("9223372036854775807")},
		{name: "1e400", status: invalid, code: "invalid", raw: withNumber("1e400")},
		{name: "an unknown currency", status: invalid, code: "invalid", raw: withCurrency("XQZ")},
		{name: "a small currency", status: invalid, code: "invalid", raw: withCurrency("usd")},
		{name: "sums that overflow", status: invalid, raw: func(t *testing.T, x target) []byte {
			if _, ok := x.body()["cart"]; !ok {
				return nil
			}
			lines := []fields{}
			for _, id := range []string{"a", "b"} {
				lines = append(lines, fields{"line_id": id, "quantity": 1_000_000, "unit_amount": 900_000_000_000_000})
			}
			return encode(t, put(x.body(), []string{"cart", "lines"}, lines))
		}},
		{name: "10 MB", status: []int{413}, code: "body_too_large", raw: func(t *testing.T, x target) []byte {
			return withText(strings.Repeat("x", 10<<20))(t, x)
		}},
		{name: "a form", status: []int{415}, code: "unsupported_media_type", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, raw: good},
		{name: "no content type", status: []int{415}, code: "unsupported_media_type", header: map[string]string{"Content-Type": ""}, raw: good},
		{name: "another charset", status: []int{415}, code: "unsupported_media_type", header: map[string]string{"Content-Type": "application/json; charset=latin1"}, raw: good},
		{name: "compressed", status: []int{415}, code: "unsupported_media_type", header: map[string]string{"Content-Encoding": "gzip"}, raw: good},
		{name: "no idempotency key", status: malformed, code: "idempotency_key_missing", header: map[string]string{"Idempotency-Key": ""}, raw: good},
		{name: "a long idempotency key", status: malformed, code: "idempotency_key_invalid", header: map[string]string{"Idempotency-Key": strings.Repeat("k", 256)}, raw: good},
		{name: "spaces in the idempotency key", status: malformed, code: "idempotency_key_invalid", header: map[string]string{"Idempotency-Key": "a b"}, raw: good},
	}
}

func withCurrency(code string) func(*testing.T, target) []byte {
	return func(t *testing.T, x target) []byte {
		if _, ok := x.body()["cart"]; !ok {
			return nil
		}
		return encode(t, put(x.body(), []string{"cart", "currency"}, code))
	}
}

func TestHostileInputIsRefusedAndStoresNothing(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		e := settle(t, h, "hostile")
		quiet(t, h, e)
		before := e.everything(t, h)
		for _, x := range targets(h, e) {
			for _, bad := range hostilities() {
				if x.reads && strings.HasPrefix(bad.code, "idempotency") {
					continue
				}
				if body := bad.raw(t, x); body != nil {
					t.Run(x.name+"/"+bad.name, func(t *testing.T) { attack(t, x, bad, body) })
				}
			}
			if after := e.everything(t, h); after != before {
				t.Errorf("%s: hostile input was stored:\n%s", x.name, difference(before, after))
				before = after
			}
		}
		// The bodies were good but for what was wrong with each.
		for _, x := range targets(h, e) {
			if a := x.caller.ask(t, x.request(uuid.NewString(), encode(t, x.body()))); a.status >= 300 {
				t.Errorf("%s with its good body: %v", x.name, a)
			}
		}
	})
}

func (x target) request(key string, body []byte) request {
	if x.reads {
		key = ""
	}
	return request{method: x.method, path: x.path, body: body, key: key}
}

// attack sends one hostile request and expects a problem that says what to do and repeats nothing.
func attack(t *testing.T, x target, bad hostility, body []byte) {
	t.Helper()
	c, key := x.caller, uuid.NewString()
	for name, value := range bad.header {
		if name == "Idempotency-Key" {
			key = value
			continue
		}
		c = c.with(name, value)
	}
	got := c.ask(t, x.request(key, body))
	var p struct {
		Type, Title, Code, Detail string
		Status                    int
		RequestID                 string `json:"request_id"`
		Errors                    []struct{ Pointer, Detail string }
	}
	if err := json.Unmarshal(got.body, &p); err != nil || got.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("no problem document: %v, %s", got, got.header.Get("Content-Type"))
	}
	right := false
	for _, status := range bad.status {
		right = right || got.status == status
	}
	if !right || p.Status != got.status || bad.code != "" && p.Code != bad.code {
		t.Errorf("%v, want %v %s", got, bad.status, bad.code)
	}
	if p.Type == "" || p.Title == "" || p.Code == "" || len(p.Detail) < 20 || p.RequestID == "" {
		t.Errorf("the problem does not say what to do: %v", got)
	}
	if got.status == http.StatusUnprocessableEntity && len(p.Errors) == 0 && p.Code == "invalid" {
		t.Errorf("the problem does not say where: %v", got)
	}
	if len(got.body) > 4000 || strings.Contains(string(got.body), "xxxxxxxxxx") {
		t.Errorf("the problem repeats what was sent: %.200s", got.body)
	}
}

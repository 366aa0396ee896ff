package bench

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

// traffic writes the requests of a store's server. Everything that has to be new (idempotency keys, order ids) is.
type traffic struct {
	store store
	// run tells the keys of this run from any others, next from each other.
	run  string
	next atomic.Int64
}

func newTraffic(s store) *traffic { return &traffic{store: s, run: strings.ToLower(rand.Text())} }

// post begins a request. A mutation gets a fresh idempotency key.
func (t *traffic) post(r *load.Request, mutation bool, path ...string) int64 {
	n := t.next.Add(1)
	r.Method = "POST"
	for _, p := range path {
		r.Path = append(r.Path, p...)
	}
	r.Header = append(append(append(r.Header, "Authorization: Bearer "...), t.store.secretKey...), "\r\n"...)
	if mutation {
		r.Header = append(t.name(append(r.Header, "Idempotency-Key: "...), n), "\r\n"...)
	}
	return n
}

func (t *traffic) name(to []byte, n int64) []byte {
	return strconv.AppendInt(append(append(to, t.run...), '-'), n, 10)
}

func customer(to []byte, n int64) []byte { return strconv.AppendInt(append(to, "c-"...), n, 10) }

// oneLine is a cart that earns 10 points.
const oneLine = `"cart":{"currency":"USD","lines":[{"line_id":"l1","sku":"sku-1","quantity":1,"unit_amount":1000}]}`

// tenLines is a cart of ten lines.
var tenLines = func() string {
	var b strings.Builder
	b.WriteString(`"cart":{"currency":"USD","shipping_amount":500,"lines":[`)
	for i := range 10 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"line_id":"l%d","sku":"sku-%d","quantity":%d,"unit_amount":%d,"categories":["books"]}`, i, i, i%3+1, 1000+37*i)
	}
	b.WriteString("]}")
	return b.String()
}()

// credit tells of an order, which credits points.
func (t *traffic) credit(r *load.Request, shopper int64) {
	n := t.post(r, true, "/v1/orders")
	r.Body = t.name(append(r.Body, `{"order_id":"`...), n)
	r.Body = customer(append(r.Body, `","customer":"`...), shopper)
	r.Body = append(append(r.Body, `",`...), oneLine+"}"...)
}

// issue asks for a token.
func (t *traffic) issue(r *load.Request, offer string, shopper int64) {
	t.post(r, true, "/v1/offer-tokens")
	r.Body = append(append(r.Body, `{"offer_id":"`...), offer...)
	r.Body = customer(append(r.Body, `","customer":"`...), shopper)
	r.Body = append(r.Body, `"}`...)
}

// introspect asks what a token is good for.
func (t *traffic) introspect(r *load.Request, token string) {
	t.post(r, false, "/v1/offer-tokens/introspect")
	r.Body = append(append(append(r.Body, `{"token":"`...), token...), `"}`...)
}

func purchase(to []byte, shopper int64, cart string, tokens ...string) []byte {
	to = append(to, `"offer_tokens":[`...)
	for i, token := range tokens {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(append(append(to, '"'), token...), '"')
	}
	to = customer(append(to, `],"customer":"`...), shopper)
	return append(append(to, `",`...), cart...)
}

// evaluate prices ten lines.
func (t *traffic) evaluate(r *load.Request, shopper int64, tokens ...string) {
	t.post(r, false, "/v1/evaluations")
	r.Body = append(purchase(append(r.Body, '{'), shopper, tenLines, tokens...), '}')
}

// hold reserves.
func (t *traffic) hold(r *load.Request, token ticket) {
	n := t.post(r, true, "/v1/reservations")
	r.Body = purchase(append(r.Body, '{'), token.shopper, oneLine, token.text)
	r.Body = t.name(append(r.Body, `,"ttl_seconds":86400,"order_ref":"`...), n)
	r.Body = append(r.Body, `"}`...)
}

// redeemHold uses a reservation.
func (t *traffic) redeemHold(r *load.Request, held ticket) {
	n := t.post(r, true, "/v1/reservations/", held.text, "/redeem")
	r.Body = append(t.name(append(r.Body, `{"order_id":"`...), n), `"}`...)
}

// redeem uses a token in one step.
func (t *traffic) redeem(r *load.Request, token ticket) {
	n := t.post(r, true, "/v1/redemptions")
	r.Body = purchase(append(r.Body, '{'), token.shopper, oneLine, token.text)
	r.Body = append(t.name(append(r.Body, `,"order_id":"`...), n), `"}`...)
}

// get asks for a path without a credential.
func get(path string) func(*load.Request) bool {
	return func(r *load.Request) bool {
		r.Path = append(r.Path, path...)
		return true
	}
}

// field reads a field of a JSON answer whose value is a plain word: an id or a token.
func field(body []byte, name string) (string, error) {
	_, rest, found := bytes.Cut(body, []byte(`"`+name+`":"`))
	value, _, ended := bytes.Cut(rest, []byte{'"'})
	if !found || !ended {
		return "", fmt.Errorf("the answer has no %s", name)
	}
	return string(value), nil
}

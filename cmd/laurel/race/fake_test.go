package race

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

// lies are what a deployment does wrong.
type lies struct {
	// beyond is how many uses more than the limit it gives.
	beyond int
	// forgets tells of redemptions that it does not keep.
	forgets bool
	// repeats redeems an order again each time.
	repeats bool
	// strangers takes every account for another person.
	strangers bool
	// breaks answers orders beyond the limit with 500.
	breaks bool
}

// fake is a deployment of a prepared store, honest but for its lies.
type fake struct {
	lies
	mu      sync.Mutex
	used    int
	busy    int
	persons map[string]bool
	// orders are the redemptions of each order; tokens say whose they are.
	orders map[string][]string
	people map[string]string
	offers map[string]string
	next   int
}

const fakeLimit = 5

func serveFake(t *testing.T, l lies) (*fake, string) {
	t.Helper()
	f := &fake{lies: l, persons: map[string]bool{}, orders: map[string][]string{}, people: map[string]string{}, offers: map[string]string{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, server.URL
}

// ServeHTTP implements http.Handler.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var body outside.Object
	if r.Method == http.MethodPost {
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.Header.Get("Idempotency-Key") == "" {
			f.answer(w, 400, outside.Object{"code": "invalid"})
			return
		}
	}
	f.next++
	switch path := r.URL.Path; {
	case f.busy > 0:
		f.busy--
		f.answer(w, http.StatusServiceUnavailable, outside.Object{"code": "unavailable"})
	case path == "/v1/verifications":
		// The fake's verifications are named after the person and the group.
		f.answer(w, 201, outside.Object{"id": fmt.Sprintf("%s.%s", body["customer"], body["group"]), "client_secret": "s"})
	case strings.HasSuffix(path, "/steps/mock"):
		f.answer(w, 200, outside.Object{"state": "verified"})
	case path == "/v1/offer-tokens":
		f.issue(w, body)
	case path == "/v1/redemptions" && r.Method == http.MethodGet:
		list := []outside.Object{}
		for _, id := range f.orders[r.URL.Query().Get("order_id")] {
			list = append(list, outside.Object{"redemption_id": id})
		}
		f.answer(w, 200, outside.Object{"data": list})
	case path == "/v1/redemptions":
		f.redeem(w, body)
	default:
		f.answer(w, 404, outside.Object{"code": "not_found"})
	}
}

func (f *fake) issue(w http.ResponseWriter, body outside.Object) {
	token := fmt.Sprintf("token-%d", f.next)
	f.offers[token], _ = body["offer_id"].(string)
	if id, ok := body["verification_id"].(string); ok {
		f.people[token], _, _ = strings.Cut(id, ".")
	}
	f.answer(w, 201, outside.Object{"token": token})
}

func (f *fake) redeem(w http.ResponseWriter, body outside.Object) {
	list, _ := body["offer_tokens"].([]any)
	token, _ := list[0].(string)
	order, _ := body["order_id"].(string)
	if known := f.orders[order]; len(known) > 0 && !f.repeats {
		f.answer(w, 201, outside.Object{"redemption_id": known[0]})
		return
	}
	person := f.people[token]
	if f.strangers {
		person += fmt.Sprint(body["customer"])
	}
	switch {
	case f.offers[token] == "limited" && f.used >= fakeLimit+f.beyond && f.breaks:
		f.answer(w, 500, outside.Object{"code": "internal"})
		return
	case f.offers[token] == "limited" && f.used >= fakeLimit+f.beyond, f.offers[token] == "person" && f.persons[person]:
		f.answer(w, 409, outside.Object{"code": "limit_reached"})
		return
	case f.offers[token] == "limited":
		f.used++
	}
	f.persons[person] = true
	id := fmt.Sprintf("rdm-%d", f.next)
	if !f.forgets {
		f.orders[order] = append(f.orders[order], id)
	}
	f.answer(w, 201, outside.Object{"redemption_id": id})
}

func (f *fake) answer(w http.ResponseWriter, status int, body outside.Object) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that went away is its own affair.
	_ = json.NewEncoder(w).Encode(body)
}

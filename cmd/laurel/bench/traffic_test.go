package bench

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

func TestRequestsAreWhole(t *testing.T) {
	traffic := newTraffic(store{secretKey: "sk_1"})
	held := ticket{7, "rsv_1"}
	for name, c := range map[string]struct {
		write    func(r *load.Request)
		path     string
		mutation bool
		has      []string
	}{
		"credit":     {func(r *load.Request) { traffic.credit(r, 7) }, "/v1/orders", true, []string{"order_id", "customer", "cart"}},
		"issue":      {func(r *load.Request) { traffic.issue(r, "off_1", 7) }, "/v1/offer-tokens", true, []string{"offer_id", "customer"}},
		"introspect": {func(r *load.Request) { traffic.introspect(r, "t") }, "/v1/offer-tokens/introspect", false, []string{"token"}},
		"evaluate":   {func(r *load.Request) { traffic.evaluate(r, 7, "a", "b") }, "/v1/evaluations", false, []string{"offer_tokens", "customer", "cart"}},
		"hold":       {func(r *load.Request) { traffic.hold(r, held) }, "/v1/reservations", true, []string{"offer_tokens", "customer", "cart", "order_ref", "ttl_seconds"}},
		"redeem":     {func(r *load.Request) { traffic.redeemHold(r, held) }, "/v1/reservations/rsv_1/redeem", true, []string{"order_id"}},
		"one step":   {func(r *load.Request) { traffic.redeem(r, held) }, "/v1/redemptions", true, []string{"offer_tokens", "customer", "cart", "order_id"}},
	} {
		var r load.Request
		c.write(&r)
		var body map[string]any
		if err := json.Unmarshal(r.Body, &body); err != nil {
			t.Errorf("%s: %v: %s", name, err, r.Body)
		}
		if len(body) != len(c.has) {
			t.Errorf("%s: %v", name, body)
		}
		for _, field := range c.has {
			if _, ok := body[field]; !ok {
				t.Errorf("%s: no %s", name, field)
			}
		}
		header := string(r.Header)
		if string(r.Path) != c.path || r.Method != "POST" || !strings.HasPrefix(header, "Authorization: Bearer sk_1\r\n") || !strings.HasSuffix(header, "\r\n") {
			t.Errorf("%s: %s %s %q", name, r.Method, r.Path, header)
		}
		if strings.Contains(header, "Idempotency-Key: ") != c.mutation {
			t.Errorf("%s: %q", name, header)
		}
	}
}

func TestKeysAreFresh(t *testing.T) {
	traffic := newTraffic(store{})
	seen := map[string]bool{}
	for range 1000 {
		var r load.Request
		traffic.credit(&r, 1)
		if seen[string(r.Header)] || seen[string(r.Body)] {
			t.Fatalf("used twice: %q %s", r.Header, r.Body)
		}
		seen[string(r.Header)], seen[string(r.Body)] = true, true
	}
}

func TestField(t *testing.T) {
	if got, err := field([]byte(`{"code":"x","token":"eyJ.e30.c2ln","n":1}`), "token"); got != "eyJ.e30.c2ln" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for _, bad := range []string{``, `{"code":"x"}`, `{"token":"cut`} {
		if _, err := field([]byte(bad), "token"); err == nil {
			t.Errorf("%q has a token", bad)
		}
	}
}

func TestASupplyNeverHasTwoLiveTokensOfOneSlot(t *testing.T) {
	const slots = 10
	s := &supply{traffic: newTraffic(store{}), most: slots, slot: func(n int64) (string, int64) { return "off_1", n % slots }}
	live := map[int64]bool{}
	// Three rounds of issuing all there is room for and spending a few.
	for round, spend := range []int{3, slots, 0} {
		var r load.Request
		for s.nextIssue(&r) {
			if live[r.Ref] {
				t.Fatalf("round %d: a second token for shopper %d", round, r.Ref)
			}
			live[r.Ref] = true
			if err := s.issuedToken(r.Ref, []byte(`{"token":"t"}`)); err != nil {
				t.Fatal(err)
			}
			r = load.Request{}
		}
		if len(live) != slots {
			t.Fatalf("round %d: %d tokens", round, len(live))
		}
		for range spend {
			token, ok := s.tokens.pop()
			if !ok {
				t.Fatalf("round %d: no token", round)
			}
			delete(live, token.shopper)
		}
	}
}

func TestResidentMemory(t *testing.T) {
	if got, ok := parseResident("Name:\tlaurel\nVmRSS:\t   59000 kB\nThreads: 9\n"); got != 59000<<10 || !ok {
		t.Errorf("%d, %v", got, ok)
	}
	if _, ok := parseResident("Name:\tlaurel\n"); ok {
		t.Error("memory of nothing")
	}
}

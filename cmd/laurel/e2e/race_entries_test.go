package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// entry is a way to spend an offer. It looks at the token at once, where it looks before spending, and returns how to
// spend it for an order: the deciding request and its answer.
type entry func(c caller, given answer, customer string) (spend func(t *testing.T, order string) (request, answer))

// entries are all ways to spend an offer.
var entries = map[string]entry{
	"one step with a token":             oneStep("offer_tokens", "token"),
	"one step with a code":              oneStep("codes", "code"),
	"hold with a token":                 holding("offer_tokens", "token"),
	"hold with a code":                  holding("codes", "code"),
	"hold with an evaluation":           evaluating("offer_tokens", "token"),
	"hold with an evaluation of a code": evaluating("codes", "code"),
}

func oneStep(by, name string) entry {
	return func(c caller, given answer, customer string) func(*testing.T, string) (request, answer) {
		return func(t *testing.T, order string) (request, answer) {
			q := post("/v1/redemptions", fields{by: []string{given.text(name)}, "customer": customer, "cart": cart(), "order_id": order})
			return q, c.ask(t, q)
		}
	}
}

// thenRedeem makes a hold and redeems it.
func thenRedeem(t *testing.T, c caller, hold fields, order string) (request, answer) {
	hold["order_ref"] = uuid.NewString()
	q := post("/v1/reservations", hold)
	held := c.ask(t, q)
	if held.status != http.StatusCreated {
		return q, held
	}
	q = redeemHold(held.text("reservation_id"), order)
	return q, c.ask(t, q)
}

func holding(by, name string) entry {
	return func(c caller, given answer, customer string) func(*testing.T, string) (request, answer) {
		return func(t *testing.T, order string) (request, answer) {
			return thenRedeem(t, c, fields{by: []string{given.text(name)}, "customer": customer, "cart": cart()}, order)
		}
	}
}

func evaluating(by, name string) entry {
	return func(c caller, given answer, customer string) func(*testing.T, string) (request, answer) {
		q := post("/v1/evaluations", fields{by: []string{given.text(name)}, "customer": customer, "cart": cart()})
		q.key = ""
		return func(t *testing.T, order string) (request, answer) {
			priced := c.must(t, http.StatusOK, q)
			if reason := rejection(priced); reason != "" {
				return q, answer{status: http.StatusConflict, body: []byte(`{"code":"` + reason + `"}`)}
			}
			return thenRedeem(t, c, fields{"evaluation_id": priced.text("evaluation_id")}, order)
		}
	}
}

// rejection is why an evaluation does not apply an offer.
func rejection(priced answer) string {
	list, _ := priced.object()["rejected"].([]any)
	if len(list) == 0 {
		return ""
	}
	first, _ := list[0].(fields)
	reason, _ := first["reason"].(string)
	return reason
}

// everyEntry: every entry point passes the same suite. (woocommerce 66241, 67549)
func everyEntry(t *testing.T, a *arena) {
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		t.Run(name, func(t *testing.T) {
			s := &entrySuite{track: a.open(t, name), enter: entries[name], byCode: strings.Contains(name, "code")}
			s.offer = s.limited(t, offers.Limits{Total: 1000, PerCustomer: 5})
			s.rightAndAgain(t)
			s.wrongCustomer(t)
			s.spent(t)
			s.revoked(t)
			s.limitReached(t)
			s.orderTaken(t)
			s.expired(t)
			s.booksAgree(t)
		})
	}
}

// entrySuite asks one entry point everything. Every question goes to another process than the one before.
type entrySuite struct {
	*track
	enter entry
	offer string
	asked int
	// byCode says that codes are presented: whatever is wrong with one, the answer is the same.
	byCode bool
}

func (s *entrySuite) next() caller {
	s.asked++
	return s.callers[s.asked%replicaCount]
}

func (s *entrySuite) given(t *testing.T, customer string) answer {
	t.Helper()
	return s.next().must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": s.offer, "customer": customer}))
}

// refused spends a token and expects a refusal.
func (s *entrySuite) refused(t *testing.T, given answer, customer, code string) {
	t.Helper()
	if s.byCode && strings.HasPrefix(code, "token_") || s.byCode && code == "customer_mismatch" {
		code = "code_unknown"
	}
	before := s.usesOf(t, s.offer)
	if _, got := s.enter(s.next(), given, customer)(t, uuid.NewString()); got.status < 400 || got.status >= 500 || got.code() != code {
		t.Errorf("%v, want %s", got, code)
	}
	if after := s.usesOf(t, s.offer); after != before {
		t.Errorf("%s: %d uses more", code, after-before)
	}
}

func (s *entrySuite) rightAndAgain(t *testing.T) {
	t.Helper()
	c := s.next()
	q, got := s.enter(c, s.given(t, "right"), "right")(t, "right")
	totals, _ := got.object()["totals"].(fields)
	if got.status >= 300 || totals["discount"] != 500.0 || totals["total"] != 4500.0 || got.text("order_id") != "right" {
		t.Fatalf("the right answer: %v", got)
	}
	again(t, c, q, got)
	again(t, s.next(), q, got)
	q.key = uuid.NewString()
	if other := s.next().ask(t, q); other.text("redemption_id") != got.text("redemption_id") {
		t.Errorf("the same order with a new key: %v", other)
	}
	if n := s.usesOf(t, s.offer); n != 1 {
		t.Errorf("%d uses of one order", n)
	}
}

func (s *entrySuite) wrongCustomer(t *testing.T) {
	t.Helper()
	given := s.given(t, "owner")
	s.refused(t, given, "thief", "customer_mismatch")
	if _, got := s.enter(s.next(), given, "owner")(t, "owner"); got.status >= 300 {
		t.Errorf("the owner, after the thief: %v", got)
	}
}

func (s *entrySuite) spent(t *testing.T) {
	t.Helper()
	given := s.given(t, "spender")
	if _, got := s.enter(s.next(), given, "spender")(t, "spent-1"); got.status >= 300 {
		t.Fatalf("spend: %v", got)
	}
	s.refused(t, given, "spender", "token_spent")
}

func (s *entrySuite) revoked(t *testing.T) {
	t.Helper()
	page := s.page(s.bases()[0])
	started := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "customer": "fraud", "consent": fields{"version": "1", "accepted": true}}))
	shopper, path := page.with("Laurel-Client-Secret", started.text("client_secret")), "/v1/verifications/"+started.text("id")
	proof := shopper.must(t, http.StatusOK, post(path+"/steps/mock", fields{"first_name": "VERIFIED"})).text("attestation", "id")
	given := shopper.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": s.offer, "verification_id": started.text("id")}))
	if _, err := s.desk.Verify.EndAttestation(t.Context(), verify.StoreRef{ID: s.id, Test: true}, verify.Actor{Name: "test"}, proof, "fraud"); err != nil {
		t.Fatal(err)
	}
	s.refused(t, given, "fraud", "token_revoked")
}

func (s *entrySuite) limitReached(t *testing.T) {
	t.Helper()
	for i := range 5 {
		if _, got := s.enter(s.next(), s.given(t, "often"), "often")(t, fmt.Sprintf("often-%d", i)); got.status >= 300 {
			t.Fatalf("use %d: %v", i, got)
		}
	}
	s.refused(t, s.given(t, "often"), "often", "limit_reached")
}

func (s *entrySuite) orderTaken(t *testing.T) {
	t.Helper()
	if _, got := s.enter(s.next(), s.given(t, "second"), "second")(t, "right"); got.outcome() != "409 order_conflict" {
		t.Errorf("an order_id that is taken: %v", got)
	}
}

func (s *entrySuite) expired(t *testing.T) {
	t.Helper()
	given := s.given(t, "late")
	s.next().must(t, http.StatusOK, post("/v1/test-clock", fields{"advance": "61m"}))
	s.refused(t, given, "late", "token_expired")
}

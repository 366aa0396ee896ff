package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/testredis"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// replicaCount is how many processes share one database in the tests of races.
const replicaCount = 3

// races are the races and faults that every checkout must survive, by their numbers in docs/races.md.
var races = []struct {
	name string
	run  func(*testing.T, *arena)
}{
	{"01 a limit raced by many orders", manyOrders},
	{"02 a limit raced by different codes", manyCodes},
	{"03 the first use of a person raced from two accounts", firstUse},
	{"04 two budgets spent in opposite order", opposedBudgets},
	{"05 redeem and release interleaved", redeemAndRelease},
	{"06 the same order again, before and after a crash", sameOrder},
	{"07 cancelled and opened again", cancelledAndReopened},
	{"08 the cap fills after the evaluation", capFills},
	{"09 declined and tried again", declined},
	{"10 every entry point", everyEntry},
	{"11 the same person with a new account", newAccount},
	{"12 refunds in every order", everyRefund},
	{"13 guessing codes", guessing},
}

func TestRaces(t *testing.T) {
	for name, open := range map[string]func(testing.TB) place{"sqlite": onSQLite, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			a := openArena(t, open(t).with("LAUREL_REDIS_URL="+testredis.Start(t).URL()).with(guessSettings()...))
			for _, r := range races {
				t.Run(r.name, func(t *testing.T) { r.run(t, a) })
			}
		})
	}
}

// arena is one place that several processes serve.
type arena struct {
	place
	t testing.TB
	// desk makes stores and offers; it serves nothing.
	desk *gateway.Gateway
	mu   sync.Mutex
	up   []*process
}

// openArena starts the processes. They end with the test.
func openArena(t *testing.T, p place) *arena {
	t.Helper()
	a := &arena{place: p, t: t, desk: assemble(t, p, nil), up: make([]*process, replicaCount)}
	t.Cleanup(func() {
		if err := a.desk.Close(); err != nil {
			t.Errorf("close the gateway: %v", err)
		}
	})
	for i := range a.up {
		a.up[i] = serve(t, p)
	}
	return a
}

// bases are the addresses of the processes.
func (a *arena) bases() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []string
	for _, p := range a.up {
		out = append(out, p.url)
	}
	return out
}

// kill ends one process with SIGKILL.
func (a *arena) kill(i int) {
	a.mu.Lock()
	p := a.up[i]
	a.mu.Unlock()
	p.kill()
}

// revive starts a process in the place of a killed one, at the same address. It ends with the arena.
func (a *arena) revive(i int) {
	a.t.Helper()
	p := serveOn(a.t, a.place, strings.TrimPrefix(a.bases()[i], "http://"))
	a.mu.Lock()
	defer a.mu.Unlock()
	a.up[i] = p
}

// track is a shop in the arena.
type track struct {
	shop
	*arena
	callers []caller
}

// open makes a shop for one race.
func (a *arena) open(t *testing.T, name string) *track {
	t.Helper()
	s := furnish(t, a.desk, name)
	policy := verify.Policy{Group: "teacher", Paths: []verify.Path{{"mock"}}, Validity: verify.Validity{Days: 365}}
	if _, err := a.desk.Verify.SavePolicy(t.Context(), verify.StoreRef{ID: s.id, Test: true}, verify.Actor{Name: "test"}, policy); err != nil {
		t.Fatal(err)
	}
	return &track{shop: s, arena: a, callers: callersAt(s, a.bases())}
}

// five is five dollars off, whatever else is on the order.
var five = offers.Benefit{Type: offers.FixedAmount, Amount: 500, Currency: "USD"}

// limited makes an offer of five dollars with limits.
func (r *track) limited(t *testing.T, l offers.Limits) string {
	t.Helper()
	return r.offer(t, r.desk, offers.Offer{Name: "Limited", Benefit: five, Limits: l})
}

// issue asks for one token for each of n customers c-1 … c-n, on all processes.
func (r *track) issue(t *testing.T, offer string, n int) []answer {
	t.Helper()
	requests := make([]request, n)
	for i := range requests {
		requests[i] = post("/v1/offer-tokens", fields{"offer_id": offer, "customer": customer(i)})
	}
	given := r.all(t, requests)
	for _, a := range given {
		if a.status != http.StatusCreated {
			t.Fatalf("issue a token: %v", a)
		}
	}
	return given
}

// all sends requests at once, turn by turn to the processes, and returns the answers in order.
func (r *track) all(t *testing.T, requests []request) []answer {
	t.Helper()
	ctx := wait(t)
	answers, failures := make([]answer, len(requests)), make([]error, len(requests))
	gate := make(chan struct{})
	var group sync.WaitGroup
	for i, q := range requests {
		group.Go(func() {
			<-gate
			answers[i], failures[i] = r.insist(ctx, i, q)
		})
	}
	close(gate)
	group.Wait()
	if err := errors.Join(failures...); err != nil {
		t.Fatal(err)
	}
	return answers
}

// insist sends a request with its key until it is answered, each time to the next process.
func (r *track) insist(ctx context.Context, first int, q request) (answer, error) {
	return insist(ctx, r.callers, first, q)
}

// counted are the answers by status and code.
func counted(answers []answer) outcomes {
	out := outcomes{}
	for _, a := range answers {
		out[a.outcome()]++
	}
	return out
}

func (a answer) outcome() string {
	if a.status < 300 {
		return fmt.Sprint(a.status)
	}
	return fmt.Sprintf("%d %s", a.status, a.code())
}

// reserved asks for a hold, with a token.
func reserved(token, customer, ref string) request {
	return post("/v1/reservations", fields{"offer_tokens": []string{token}, "customer": customer, "cart": cart(), "order_ref": ref})
}

func redeemHold(reservation, order string) request {
	return post("/v1/reservations/"+reservation+"/redeem", fields{"order_id": order})
}

func release(reservation string) request {
	return post("/v1/reservations/"+reservation+"/release", nil)
}

// booksAgree fails the test unless every counter of the shop is what the rows say: uses that were not given back, and
// holds that live. The program's own check of the ledger finds no fault.
func (r *track) booksAgree(t *testing.T) {
	t.Helper()
	db := r.place.open(t)
	in := " WHERE store_id = " + quoted(r.id)
	uses := read(t, db, "SELECT offer_id, person_tags, customer, amount, restored FROM redemption_uses"+in)
	holds := read(t, db, "SELECT * FROM offer_holds"+in)
	for _, c := range read(t, db, "SELECT * FROM offer_counters"+in) {
		if used := claimed(t, uses, c); used != integer(c["used"]) {
			t.Errorf("counter %v: used %v, the rows say %d", c["scope"], c["used"], used)
		}
		held := int64(0)
		for _, h := range holds {
			if text(h["offer_id"]) == text(c["offer_id"]) && text(h["scope"]) == text(c["scope"]) && text(h["subject"]) == text(c["subject"]) {
				held += integer(h["weight"])
			}
		}
		if held != integer(c["held"]) {
			t.Errorf("counter %v: held %v, the rows say %d", c["scope"], c["held"], held)
		}
	}
	r.place.balanced(t, db, r.id)
}

// claimed is how much of a counter the uses take that were not given back.
func claimed(t *testing.T, uses []map[string]any, counter map[string]any) (sum int64) {
	t.Helper()
	subject := text(counter["subject"])
	for _, u := range uses {
		if text(u["offer_id"]) != text(counter["offer_id"]) || fmt.Sprint(u["restored"]) == "true" || fmt.Sprint(u["restored"]) == "1" {
			continue
		}
		switch offers.CounterScope(text(counter["scope"])) {
		case offers.ScopeTotal:
			sum++
		case offers.ScopeBudget:
			sum += integer(u["amount"])
		case offers.ScopeCustomer:
			if text(u["customer"]) == subject {
				sum++
			}
		case offers.ScopePerson:
			var tags []string
			if err := json.Unmarshal([]byte(text(u["person_tags"])), &tags); err != nil {
				t.Fatal(err)
			}
			if slices.Contains(tags, subject) || subject == "customer:"+text(u["customer"]) {
				sum++
			}
		}
	}
	return sum
}

func text(v any) string {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return fmt.Sprint(v)
}

func integer(v any) int64 {
	n, _ := v.(int64)
	return n
}

// usesOf is how many uses of an offer stand.
func (r *track) usesOf(t *testing.T, offer string) int64 {
	t.Helper()
	return number(t, r.place.open(t), "SELECT COUNT(*) FROM redemption_uses WHERE NOT restored AND store_id = "+quoted(r.id)+" AND offer_id = "+quoted(offer))
}

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/offers"
)

// stage is a whole gateway that fuzzed bodies are sent to, without a network and without work in the background: what
// changes in its database, a request has changed.
type stage struct {
	*gateway.Gateway
	shop
	server, desk http.Header
	cookie       string
	// marks are the texts that stand in a body for what differs from stage to stage: @TOKEN, @CODE_TOKEN, @OFFER_TOKEN.
	// Each process of a fuzz run has a stage of its own, and hands bodies to the others.
	marks map[string]string
	// offered are the offers by the mark of their token.
	offered map[string]string
	// good are bodies that are taken.
	good  []string
	asked int
}

// fuzzCustomer owns the tokens of the stage.
const fuzzCustomer = "c-1"

// onStage makes a stage with one offer of each kind of benefit, and a token for each.
func onStage(f *testing.F) *stage {
	f.Helper()
	// A machine that stalls must not look like a gateway that is overloaded or guessed at.
	p := onSQLite(f).with("LAUREL_COMMIT_MAX_AGE=1m", "LAUREL_LIMITS_KEY_PER_SECOND=1000000", "LAUREL_LIMITS_KEY_BURST=1000000",
		"LAUREL_LIMITS_ADDRESS_PER_MINUTE=1000000", "LAUREL_CODES_GUESSES_PER_HOUR=100000", "LAUREL_CODES_ALERT_AFTER=1000000")
	s := &stage{Gateway: assemble(f, p, nil), server: http.Header{}, desk: http.Header{}, marks: map[string]string{}}
	f.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := errors.Join(s.Committer.Stop(ctx), s.Close()); err != nil {
			f.Errorf("close the gateway: %v", err)
		}
	})
	s.shop = furnish(f, s.Gateway, "fuzzed")
	s.server.Set("Authorization", "Bearer "+s.secret)
	s.offered = fuzzedOffers(f, s)
	for mark, offer := range s.offered {
		s.marks["@OFFER_"+mark[1:]] = offer
		s.renew(f, mark)
	}
	s.signIn(f)
	s.countWrites(f)
	return s
}

// fuzzedOffers are the offers by the mark of their tokens. No mark is the beginning of another.
func fuzzedOffers(t testing.TB, s *stage) map[string]string {
	t.Helper()
	return map[string]string{
		"@TOKEN":   s.everyone,
		"@FIXED":   s.offer(t, s.Gateway, offers.Offer{Name: "Fixed", Benefit: offers.Benefit{Type: offers.FixedAmount, Amount: 700, Currency: "USD"}, Limits: offers.Limits{Total: 1 << 30, Budget: &offers.Budget{Amount: 1 << 40, Currency: "USD"}}}),
		"@PRICE":   s.offer(t, s.Gateway, offers.Offer{Name: "Price", Benefit: offers.Benefit{Type: offers.FixedPrice, Amount: 333, Currency: "USD", Categories: []string{"books"}}}),
		"@SHIP":    s.offer(t, s.Gateway, offers.Offer{Name: "Shipping", Benefit: offers.Benefit{Type: offers.FreeShipping}}),
		"@GIFT":    s.offer(t, s.Gateway, offers.Offer{Name: "Gift", Benefit: offers.Benefit{Type: offers.GiftLine, Gift: &offers.Gift{SKU: "sku-1", Quantity: 2}}}),
		"@BONUS":   s.offer(t, s.Gateway, offers.Offer{Name: "Bonus", Benefit: offers.Benefit{Type: offers.BonusPoints, Points: 100}}),
		"@RULE":    s.offer(t, s.Gateway, offers.Offer{Name: "Rule", Rule: `cart.lines.exists(l, l.quantity > 2) && cart.subtotal >= 1000`, Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 3333, Target: offers.OnLines, SKUs: []string{"sku-1"}, Method: "each"}}),
		"@LIMITED": s.offer(t, s.Gateway, offers.Offer{Name: "Limited", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 500}, Limits: offers.Limits{Total: 3}}),
	}
}

// renew gets the token of a mark anew, and its code: the same ones while they are live.
func (s *stage) renew(t testing.TB, mark string) {
	t.Helper()
	a := s.send(t, s.server, "POST", "/v1/offer-tokens", asJSON(t, fields{"offer_id": s.offered[mark], "customer": fuzzCustomer}))
	if a.status != http.StatusCreated && a.status != http.StatusOK {
		t.Fatalf("a token of %s: %v", mark, a)
	}
	s.marks[mark], s.marks["@CODE_"+mark[1:]] = a.text("token"), a.text("code")
}

// renewUsed gets new tokens in place of those that a body named.
func (s *stage) renewUsed(t testing.TB, body []byte) {
	t.Helper()
	for mark := range s.offered {
		if bytes.Contains(body, []byte(mark)) || bytes.Contains(body, []byte("@CODE_"+mark[1:])) {
			s.renew(t, mark)
		}
	}
}

func (s *stage) signIn(t testing.TB) {
	t.Helper()
	const email = "owner@fuzzed.example"
	if _, err := s.Console.Invite(t.Context(), tester, s.id, console.Invitation{Email: email, Name: "Owner", Role: console.Owner, Password: consolePassword}); err != nil {
		t.Fatal(err)
	}
	a := s.send(t, http.Header{}, "POST", "/v1/admin/session", asJSON(t, fields{"email": email, "password": consolePassword}))
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "laurel_session" {
			s.cookie = c.Value
		}
	}
	if a.status != http.StatusOK || s.cookie == "" {
		t.Fatalf("sign in: %v", a)
	}
	s.desk.Set("Cookie", "laurel_session="+s.cookie)
}

// countWrites has the database count every row that is written, but for what a refusal may leave: its answer, kept for
// the idempotency key, the guess at a code, and when a person was last seen at the console.
func (s *stage) countWrites(t testing.TB) {
	t.Helper()
	db := s.DB.SQL()
	run := func(statement string) {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	names := tables(t, place{}, db)
	run("CREATE TABLE fuzz_writes (n INTEGER NOT NULL)")
	run("INSERT INTO fuzz_writes VALUES (0)")
	for _, name := range names {
		if name == "idempotency_keys" || name == "code_guesses" || name == "console_sessions" {
			continue
		}
		for _, what := range []string{"INSERT", "UPDATE", "DELETE"} {
			run(fmt.Sprintf("CREATE TRIGGER fuzz_%s_%s AFTER %s ON %s BEGIN UPDATE fuzz_writes SET n = n + 1; END", name, what, what, name))
		}
	}
}

func (s *stage) writes(t testing.TB) int64 {
	t.Helper()
	return number(t, s.DB.SQL(), "SELECT n FROM fuzz_writes")
}

// filled is a body with what its marks stand for. @N is another number for each request.
func (s *stage) filled(body []byte) []byte {
	if !bytes.Contains(body, []byte("@")) {
		return body
	}
	body = bytes.ReplaceAll(body, []byte("@N"), fmt.Append(nil, s.asked))
	for mark, value := range s.marks {
		body = bytes.ReplaceAll(body, []byte(mark), []byte(value))
	}
	return body
}

// send asks as somebody, with an Idempotency-Key that was not used before.
func (s *stage) send(t testing.TB, as http.Header, method, path string, body []byte) answer {
	t.Helper()
	s.asked++
	return s.sendAgain(t, as, method, path, body)
}

// sendAgain asks with the last Idempotency-Key.
func (s *stage) sendAgain(t testing.TB, as http.Header, method, path string, body []byte) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(context.WithoutCancel(t.Context()), method, path, bytes.NewReader(body))
	for name, values := range as {
		r.Header[name] = values
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Idempotency-Key", fmt.Sprintf("fuzzed-%d", s.asked))
	w := httptest.NewRecorder()
	s.API.ServeHTTP(w, r)
	return answer{status: w.Code, header: w.Header(), body: w.Body.Bytes()}
}

// fuzz sends a body, holds the answer against what is true of every answer, and returns the body as it was sent.
func (s *stage) fuzz(t *testing.T, as http.Header, path string, body []byte) (answer, []byte) {
	t.Helper()
	before := s.writes(t)
	sent := s.filled(body)
	a := s.send(t, as, "POST", path, sent)
	if strings.Contains(string(a.body), s.secret) || strings.Contains(string(a.body), s.cookie) {
		t.Errorf("the answer tells a secret: %v", a)
	}
	if a.status >= 300 {
		s.refusal(t, a)
		if after := s.writes(t); after != before {
			t.Errorf("%d rows were written for %v", after-before, a)
		}
	}
	return a, sent
}

// repeats fails the test unless the same request again gets the same answer and writes nothing.
func (s *stage) repeats(t *testing.T, as http.Header, path string, sent []byte, first answer) {
	t.Helper()
	before := s.writes(t)
	if again := s.sendAgain(t, as, "POST", path, sent); again.status != first.status || !bytes.Equal(again.body, first.body) {
		t.Errorf("the same request again is answered %v, first %v", again, first)
	}
	if after := s.writes(t); after != before {
		t.Errorf("the same request again wrote %d rows", after-before)
	}
}

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/testredis"
	"github.com/laurel-gateway/laurel/offers"
)

// badCodes are codes that cannot be used, each for another reason; the shop is that of the caller.
func badCodes(t *testing.T, h *house, s, other shop) map[string]string {
	t.Helper()
	c := s.server(h.url)
	code := func(c caller, offer, customer string) string {
		t.Helper()
		return c.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": offer, "customer": customer})).text("code")
	}
	spent, expired := code(c, s.everyone, "spender"), code(c, s.everyone, "late")
	c.must(t, http.StatusCreated, post("/v1/redemptions", fields{"codes": []string{spent}, "customer": "spender", "cart": cart(), "order_id": "spent-order"}))
	started := s.page(h.url).must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}}))
	shopper := s.page(h.url).with("Laurel-Client-Secret", started.text("client_secret"))
	attestation := shopper.must(t, http.StatusOK, post("/v1/verifications/"+started.text("id")+"/steps/mock", fields{"first_name": "VERIFIED"})).text("attestation", "id")
	revoked := shopper.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": s.students, "verification_id": started.text("id")})).text("code")
	out := map[string]string{
		"malformed": "ABCD", "mistyped": flipped(spent), "never given": "2222-2222-22", "of another store": code(other.server(h.url), other.everyone, "c-1"),
		"spent": spent, "somebody else's": code(c, s.everyone, "somebody else"),
	}
	h.exec(t, "UPDATE offer_tokens SET state = 'revoked' WHERE attestation_id = "+quoted(attestation))
	h.exec(t, "UPDATE offer_tokens SET expires_at = '2020-01-01 00:00:00' WHERE customer = 'late'")
	out["revoked"], out["expired"] = revoked, expired
	return out
}

// exec changes rows behind the gateway's back.
func (h *house) exec(t testing.TB, query string) {
	t.Helper()
	if _, err := h.DB.SQL().ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

// flipped is a code with its first two characters swapped, or another first one.
func flipped(code string) string {
	if code[0] != code[1] {
		return string(code[1]) + string(code[0]) + code[2:]
	}
	return map[bool]string{true: "3", false: "2"}[code[0] == '2'] + code[1:]
}

var varying = regexp.MustCompile(`"(request_id|evaluation_id|expires_at)":"[^"]*"`)

// told is what an answer tells: status, headers that a refusal may differ in, and bytes without what is new each time.
func told(a answer) string {
	return fmt.Sprintf("%d %s %s %s", a.status, a.header.Get("Content-Type"), a.header.Get("Retry-After"), varying.ReplaceAll(a.body, []byte(`"$1":…`)))
}

// presentations are the ways to present a code.
func presentations(shopper fields) map[string]func(code string) request {
	with := func(path string, body fields) func(string) request {
		return func(code string) request {
			b := fields{"codes": []string{code}, "customer": "guesser", "cart": cart(), "shopper": shopper}
			for name, v := range body {
				b[name] = v
			}
			return post(path, b)
		}
	}
	return map[string]func(string) request{
		"evaluate": func(code string) request {
			r := with("/v1/evaluations", nil)(code)
			r.key = ""
			return r
		},
		"reserve": with("/v1/reservations", fields{"order_ref": "guess"}), "redeem": with("/v1/redemptions", fields{"order_id": "guess"}),
		"introspect": func(code string) request {
			return request{method: http.MethodPost, path: "/v1/offer-tokens/introspect", body: fields{"code": code, "shopper": shopper}}
		},
	}
}

func TestABadCodeIsABadCode(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p.with("LAUREL_CODES_GUESSES_PER_HOUR=1000"))
		s := furnish(t, h.Gateway, "Guessed")
		// A limit that asks for the customer must not tell that a code is one.
		s.everyone = s.offer(t, h.Gateway, offers.Offer{Name: "Once", Limits: offers.Limits{PerCustomer: 1}, Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}})
		bad := badCodes(t, h, s, furnish(t, h.Gateway, "Other"))
		c := s.server(h.url)
		for _, guest := range []bool{false, true} {
			for entry, ask := range presentations(fields{"ip": "203.0.113.7"}) {
				first := ""
				for kind, code := range bad {
					if entry == "introspect" && kind == "somebody else's" {
						continue // whose a code is, introspection is asked for
					}
					r := ask(code)
					if body, ok := r.body.(fields); ok && guest {
						delete(body, "customer")
					}
					got := c.ask(t, r)
					if got.status >= 500 || entry != "evaluate" && entry != "introspect" && got.code() != "code_unknown" {
						t.Errorf("%s, %s: %v", entry, kind, got)
					}
					if first == "" {
						first = told(got)
					}
					if told(got) != first {
						t.Errorf("%s tells a code that is %s:\n%s\n%s", entry, kind, told(got), first)
					}
				}
			}
		}
	})
}

func TestGuessingIsLimitedAndTold(t *testing.T) {
	for name, settings := range map[string]func(testing.TB) string{
		"in process": func(testing.TB) string { return "LAUREL_REDIS_URL=" },
		"redis":      func(t testing.TB) string { return "LAUREL_REDIS_URL=" + testredis.Start(t).URL() },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, p place) {
				h := open(t, p.with(settings(t), "LAUREL_CODES_GUESSES_PER_HOUR=5", "LAUREL_CODES_ALERT_AFTER=8", "LAUREL_CODES_ALERT_WINDOW=24h"))
				s := furnish(t, h.Gateway, "Limited")
				c := s.server(h.url)
				good := c.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": s.everyone, "customer": "c-1"})).text("code")
				introspect := func(code, ip string) answer {
					return c.ask(t, request{method: http.MethodPost, path: "/v1/offer-tokens/introspect", body: fields{"code": code, "shopper": fields{"ip": ip}}})
				}
				guess := func(ip string) answer { return introspect("2222-2222-22", ip) }
				// A good code costs nothing, however often it is typed.
				for range 20 {
					if got := introspect(good, "2001:db8::1"); got.status != http.StatusOK || got.object()["active"] != true {
						t.Fatalf("a good code: %v", got)
					}
				}
				for i := range 5 {
					// The addresses of one /64 are one shopper's.
					if got := guess(fmt.Sprintf("2001:db8::%x", i+1)); got.status != http.StatusOK {
						t.Fatalf("guess %d: %v", i, got)
					}
				}
				limited := map[string]bool{}
				for entry, ask := range presentations(fields{"ip": "2001:db8::99"}) {
					for _, code := range []string{good, "2222-2222-22", "nonsense"} {
						got := c.ask(t, ask(code))
						if got.status != http.StatusTooManyRequests || got.code() != "rate_limited" || got.header.Get("Retry-After") == "" {
							t.Errorf("%s of a limited address: %v", entry, got)
						}
						limited[told(got)] = true
					}
				}
				if len(limited) != 1 {
					t.Errorf("refusals of a limited address differ: %v", limited)
				}
				if got := introspect(good, "2001:db8:0:1::1"); got.object()["active"] != true {
					t.Errorf("another address is limited too: %v", got)
				}
				// By customer, from ever other addresses.
				for i := range 6 {
					got := c.ask(t, post("/v1/reservations", fields{"codes": []string{"2222-2222-22"}, "customer": "guesser", "cart": cart(), "order_ref": "x", "shopper": fields{"ip": fmt.Sprintf("198.51.100.%d", i)}}))
					if want := map[bool]string{true: "rate_limited", false: "code_unknown"}[i == 5]; got.code() != want {
						t.Errorf("guess %d of a customer: %v, want %s", i, got, want)
					}
				}
				told := func() int64 {
					return number(t, h.DB.SQL(), "SELECT COUNT(*) FROM outbox WHERE type = 'codes.guessing'")
				}
				if told() != 1 {
					t.Errorf("%d events of guessing, want 1", told())
				}
				for i := range 5 {
					guess(fmt.Sprintf("192.0.2.%d", i))
				}
				if told() != 1 {
					t.Errorf("%d events of guessing in one window, want 1", told())
				}
				var payload string
				if err := h.DB.SQL().QueryRowContext(t.Context(), "SELECT payload FROM outbox WHERE type = 'codes.guessing'").Scan(&payload); err != nil {
					t.Fatal(err)
				}
				var event fields
				if err := json.Unmarshal([]byte(payload), &event); err != nil || event["count"] != 8.0 || event["window_seconds"] != 86400.0 || len(event) != 4 {
					t.Errorf("the event says %s, %v", payload, err)
				}
			})
		})
	}
}

// Asking at once is not a way around the limit.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	h := open(t, onSQLite(t).with("LAUREL_CODES_GUESSES_PER_HOUR=5"))
	s := furnish(t, h.Gateway, "At once")
	var requests []request
	for i := range 60 {
		requests = append(requests, post("/v1/reservations", fields{"codes": []string{"2222-2222-22"}, "cart": cart(), "order_ref": fmt.Sprint(i), "shopper": fields{"ip": "203.0.113.9"}}))
	}
	got := together(t, []caller{s.server(h.url)}, requests)
	if got["422 code_unknown"] > 5 || got["422 code_unknown"]+got["429 rate_limited"] != 60 {
		t.Errorf("%v, want five at most to be looked at", got)
	}
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	h := open(t, onSQLite(t))
	c := furnish(t, h.Gateway, "Addresses").server(h.url)
	for _, ip := range []string{"", "localhost", "203.0.113", "203.0.113.7/32"} {
		r := presentations(fields{"ip": ip})["evaluate"]("2222-2222-22")
		if got := c.ask(t, r); got.status != http.StatusUnprocessableEntity || got.code() != "invalid" {
			t.Errorf("%q: %v", ip, got)
		}
	}
}

func TestABatchOfCodes(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		e := settle(t, h, "batch")
		desk, c := atConsole(h.url, e.ownerCookie), e.server(h.url)
		store := "/v1/admin/stores/" + e.id
		offer := e.offer(t, h.Gateway, offers.Offer{Name: "Cards", Limits: offers.Limits{PerPerson: 1}, Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}})
		path := store + "/offers/" + offer + "/code-batches"
		made := desk.must(t, http.StatusCreated, post(path, fields{"count": 2500, "expires_at": "2029-01-01T00:00:00Z", "note": "Postcards"}))
		file := store + "/code-batches/" + made.text("id") + "/codes"
		csv := desk.must(t, http.StatusOK, get(file))
		codes := strings.Fields(string(csv.body))
		if len(codes) != 2501 || codes[0] != "code" || !strings.HasPrefix(csv.header.Get("Content-Type"), "text/csv") || csv.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d lines, %s", len(codes), csv.header)
		}
		codes = codes[1:]
		sorted := slices.Clone(codes)
		slices.Sort(sorted)
		if len(slices.Compact(sorted)) != 2500 {
			t.Error("codes repeat")
		}
		if again := desk.must(t, http.StatusOK, get(file)); !bytes.Equal(again.body, csv.body) {
			t.Error("another download has other codes")
		}
		use := func(code, customer, order string) answer {
			return c.ask(t, post("/v1/redemptions", fields{"codes": []string{code}, "customer": customer, "cart": cart(), "order_id": order}))
		}
		if got := use(codes[0], "c-1", "b-1"); got.status != http.StatusCreated {
			t.Fatalf("the first use: %v", got)
		}
		if got := use(codes[0], "c-2", "b-2"); got.code() != "code_unknown" {
			t.Errorf("a used code: %v", got)
		}
		if got := use(codes[1], "c-1", "b-3"); got.code() != "limit_reached" {
			t.Errorf("the same customer's second: %v", got)
		}
		held := c.must(t, http.StatusCreated, post("/v1/reservations", fields{"codes": []string{codes[2]}, "customer": "c-3", "cart": cart(), "order_ref": "b-held"}))
		listed := desk.must(t, http.StatusOK, get(path)).object()["data"].([]any)
		if b := listed[0].(fields); len(listed) != 1 || b["used"] != 1.0 || b["left"] != 2499.0 || b["note"] != "Postcards" {
			t.Errorf("listed: %v", listed)
		}
		if got := desk.must(t, http.StatusOK, post(store+"/code-batches/"+made.text("id")+"/revoke", fields{})); got.object()["left"] != 0.0 {
			t.Errorf("revoked: %v", got)
		}
		if got := use(codes[3], "c-4", "b-4"); got.code() != "code_unknown" {
			t.Errorf("after revoking: %v", got)
		}
		if got := use(codes[2], "c-3", "b-5"); got.code() != "code_unknown" {
			t.Errorf("a held code for another order, after revoking: %v", got)
		}
		c.must(t, http.StatusOK, post("/v1/reservations/"+held.text("reservation_id")+"/redeem", fields{"order_id": "b-6"}))
		if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM audit WHERE action LIKE 'code_batch.%' AND target = "+quoted(made.text("id"))); n != 4 {
			t.Errorf("%d audit entries, want 4", n)
		}
		if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM outbox WHERE payload LIKE '%"+codes[0]+"%'"); n != 0 {
			t.Error("an event tells a code")
		}
	})
}

func TestOffersForMe(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		e := settle(t, h, "mine")
		c := e.server(h.url)
		b := offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}
		once := e.offer(t, h.Gateway, offers.Offer{Name: "Once", Names: map[string]string{"de": "Einmal"}, Limits: offers.Limits{PerPerson: 1}, Benefit: b, Priority: 9})
		thrice := e.offer(t, h.Gateway, offers.Offer{Name: "Thrice", Limits: offers.Limits{PerCustomer: 3}, Benefit: b})
		silver := e.offer(t, h.Gateway, offers.Offer{Name: "Silver", Tier: "silver", Benefit: b})
		teachers := e.offer(t, h.Gateway, offers.Offer{Name: "Others", Group: "teacher", Benefit: b})
		for i, offer := range []string{once, thrice} {
			c.must(t, http.StatusCreated, redemption(token(t, c, offer, e.customer), e.customer, fmt.Sprintf("mine-%d", i)))
		}
		reasons := func(a answer) map[string]any {
			out := map[string]any{}
			for _, v := range a.object()["data"].([]any) {
				o := v.(fields)
				out[o["id"].(string)] = o["reason"]
				if o["eligible"] != (o["reason"] == nil) {
					t.Errorf("%v", o)
				}
			}
			return out
		}
		got := reasons(c.must(t, http.StatusOK, get("/v1/offers/eligible?customer="+e.customer)))
		for offer, want := range map[string]any{e.everyone: nil, e.students: nil, once: "limit_reached", thrice: nil, silver: "tier_not_met", teachers: "not_verified"} {
			if have, ok := got[offer]; !ok || have != want {
				t.Errorf("%s: %v, want %v", offer, have, want)
			}
		}
		stranger := reasons(c.must(t, http.StatusOK, get("/v1/offers/eligible?customer=nobody")))
		if stranger[e.students] != "not_verified" || stranger[once] != nil {
			t.Errorf("a stranger: %v", stranger)
		}
		page := newCaller(h.url).bearer(e.session).with("Origin", shopOrigin)
		mine := page.must(t, http.StatusOK, get("/v1/offers/eligible?locale=de-AT"))
		if seen := reasons(mine); len(seen) != 3 || seen[e.students] != nil {
			t.Errorf("a session sees %v", seen)
		}
		for _, v := range mine.object()["data"].([]any) {
			if o := v.(fields); o["id"] == thrice && o["uses_left"] != 2.0 || o["id"] == e.everyone && o["uses_left"] != nil {
				t.Errorf("uses left: %v", o)
			}
		}
		first := c.must(t, http.StatusOK, get("/v1/offers/eligible?customer=nobody&locale=de-AT")).object()["data"].([]any)[0].(fields)
		if first["id"] != once || first["name"] != "Einmal" {
			t.Errorf("the first is %v", first)
		}
		if got := page.ask(t, get("/v1/offers/eligible?customer=nobody")); got.code() != "customer_mismatch" {
			t.Errorf("another's offers: %v", got)
		}
		if got := c.ask(t, get("/v1/offers/eligible")); got.code() != "invalid" {
			t.Errorf("nobody's offers: %v", got)
		}
	})
}

func TestACodeIsDrawn(t *testing.T) {
	h := open(t, onSQLite(t))
	e := settle(t, h, "drawn")
	for name, c := range map[string]caller{"secret key": e.server(h.url), "session": newCaller(h.url).bearer(e.session).with("Origin", shopOrigin),
		"client": e.page(h.url).with("Laurel-Client-Secret", e.verificationSecret)} {
		for format, begins := range map[string]string{"svg": "<svg ", "png": "\x89PNG"} {
			got := c.ask(t, request{method: http.MethodPost, path: "/v1/offer-tokens/qr", body: fields{"code": strings.ToLower(e.code), "format": format}})
			if got.status != http.StatusOK || !bytes.HasPrefix(got.body, []byte(begins)) || got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s, %s: %v", name, format, got)
			}
		}
	}
	if got := e.server(h.url).ask(t, request{method: http.MethodPost, path: "/v1/offer-tokens/qr", body: fields{"code": "nonsense"}}); got.code() != "code_unknown" {
		t.Errorf("nonsense: %v", got)
	}
}

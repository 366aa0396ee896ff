package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/webhook"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// The person of these tests. Whatever of her is found in a database after she was erased is a fault.
const (
	adaCustomer = `c&ada"lovelace-1815`
	adaMailbox  = "Ada.Lovelace+shop@mit.edu"
	adaFirst    = "Adalgisa"
	adaLast     = "Quattrocchi"
	adaNumber   = "EMP-778812"
	adaBirth    = "1988-12-10"
	adaHospital = "Santa Quiteria Hospital"
)

// ofAda are the spellings in which something of her could stand somewhere.
func ofAda() []string {
	return []string{adaCustomer, "lovelace-1815", url.QueryEscape(adaCustomer), html.EscapeString(adaCustomer), adaMailbox, "ada.lovelace@mit.edu", "adalovelace@mit.edu",
		"lovelace+shop", adaFirst, adaLast, "adalgisaquattrocchi", adaNumber, "emp778812", adaBirth, adaHospital}
}

// wholeDatabase finds values in every column of every table, those of the job queue and of the migrations included.
func wholeDatabase(t testing.TB, p place, db *sql.DB, values []string) (finds []string) {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if p.postgres != "" {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	looked := 0
	for _, table := range read(t, db, query) {
		name := fmt.Sprint(table["0"])
		for _, row := range read(t, db, "SELECT * FROM "+name) {
			for column, v := range row {
				text := fmt.Sprint(v)
				if b, ok := v.([]byte); ok {
					text = string(b)
				}
				looked++
				text = strings.ToLower(text)
				for _, value := range values {
					value = strings.ToLower(value)
					for _, spelled := range []string{value, strings.Trim(string(jsonOf(t, value)), `"`), base64.StdEncoding.EncodeToString([]byte(value))} {
						if strings.Contains(text, spelled) || strings.Contains(text, strings.ToLower(spelled)) {
							finds = append(finds, fmt.Sprintf("%s.%s holds %q: %.200s", name, column, value, text))
						}
					}
				}
			}
		}
	}
	if looked < 1000 {
		t.Fatalf("only %d columns were looked at", looked)
	}
	return finds
}

func jsonOf(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// life is a shop in which a person proves herself in every way.
type life struct {
	shop
	h      *house
	server *mailServer
	// desk reviews; mails and photos count what was sent.
	desk          caller
	mails, photos int
}

func beginLife(t *testing.T, p place) *life {
	t.Helper()
	h, server := postOffice(t, p)
	l := &life{shop: furnish(t, h.Gateway, "Corner Books"), h: h, server: server}
	ref, by := verify.StoreRef{ID: l.id, Test: true}, verify.Actor{Name: "test"}
	roster := verify.RosterInput{Name: "staff", Title: "Staff", Group: "employee", Text: "number,first_name,last_name\n" + adaNumber + "," + adaFirst + "," + adaLast + "\n"}
	if _, err := h.Verify.SaveRoster(t.Context(), ref, by, roster); err != nil {
		t.Fatal(err)
	}
	papers(t, h, l.shop)
	l.desk = colleague(t, h, l.id, "reviewer@corner.example", console.Reviewer)
	for _, policy := range []verify.Policy{
		{Group: "teacher", Paths: []verify.Path{{"email"}}, Validity: verify.Validity{Days: 365}},
		{Group: "employee", Paths: []verify.Path{{"registry:staff", "mock"}}, Validity: verify.Validity{Days: 365}},
	} {
		if _, err := h.Verify.SavePolicy(t.Context(), ref, by, policy); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Console.CreateEndpoint(t.Context(), tester, webhook.Endpoint{Store: l.id, URL: "https://hooks.corner.example/laurel",
		Events: []string{"redemption.created", "member.points_changed", "consent.changed", "offer_token.issued"}}); err != nil {
		t.Fatal(err)
	}
	return l
}

// start begins a verification for a customer, with marketing agreed to.
func (l *life) start(t testing.TB, group, customer string) (string, caller) {
	t.Helper()
	a := l.shop.server(l.h.url).must(t, http.StatusCreated, post("/v1/verifications", fields{"group": group, "customer": customer, "locale": "de", "country": "DE",
		"consent": fields{"version": "1", "accepted": true, "marketing": true}}))
	return "/v1/verifications/" + a.text("id"), l.page(l.h.url).with("Laurel-Client-Secret", a.text("client_secret"))
}

// prove proves to be Ada in one way, under any customer.
func (l *life) prove(t testing.TB, group, customer string) answer {
	t.Helper()
	at, shopper := l.start(t, group, customer)
	switch group {
	case "teacher":
		shopper.must(t, http.StatusOK, post(at+"/steps/email", fields{"email": adaMailbox}))
		l.mails++
		return shopper.ask(t, post(at+"/steps/email_code", fields{"code": l.server.mailed(t.(*testing.T), l.mails-1).code(t.(*testing.T))}))
	case "healthcare":
		l.photos += 2
		document := sending(shopper).must(t, http.StatusCreated, upload(at, photo(t, l.photos+1))).text("id")
		shopper.must(t, http.StatusOK, post(at+"/steps/document", fields{"documents": []string{document}, "first_name": adaFirst, "last_name": adaLast,
			"birth_date": adaBirth, "organisation": adaHospital}))
		base := "/v1/admin/stores/" + l.id
		review := l.desk.must(t, http.StatusOK, post(base+"/review-queue/next", fields{})).text("id")
		return l.desk.ask(t, post(base+"/reviews/"+review+"/decision", fields{"approve": true}))
	case "employee":
		shopper.must(t, http.StatusOK, post(at+"/steps/registry", fields{"number": adaNumber, "first_name": adaFirst, "last_name": adaLast}))
	}
	return shopper.ask(t, post(at+"/steps/mock", fields{"first_name": "VERIFIED"}))
}

// live lets Ada prove, buy, agree, and leave things under way. It returns a reservation that is held and an order.
func (l *life) live(t testing.TB) (reservation, live, redemptionID string) {
	t.Helper()
	c := l.shop.server(l.h.url)
	for _, group := range []string{"student", "teacher", "healthcare", "employee"} {
		if a := l.prove(t, group, adaCustomer); a.text("state") != "verified" {
			t.Fatalf("%s: %v", group, a)
		}
	}
	limited := l.offer(t, l.h.Gateway, offers.Offer{Name: "Once", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 500}, Limits: offers.Limits{PerCustomer: 3}})
	redemptionID = c.must(t, http.StatusCreated, redemption(token(t, c, limited, adaCustomer), adaCustomer, "order-1")).text("redemption_id")
	held := token(t, c, limited, adaCustomer)
	reservation = c.must(t, http.StatusCreated, post("/v1/reservations", fields{"offer_tokens": []string{held}, "customer": adaCustomer, "cart": cart(), "order_ref": "attempt-1"})).text("reservation_id")
	gone := c.must(t, http.StatusCreated, post("/v1/reservations", fields{"offer_tokens": []string{token(t, c, l.everyone, adaCustomer)}, "customer": adaCustomer, "cart": cart(), "order_ref": "attempt-2"}))
	c.must(t, http.StatusOK, post("/v1/reservations/"+gone.text("reservation_id")+"/release", fields{}))
	live = token(t, c, l.students, adaCustomer)
	c.must(t, http.StatusCreated, post("/v1/orders", fields{"order_id": "order-2", "customer": adaCustomer, "cart": cart()}))
	// What is under way: a proof that waits for people, with what she typed, and one that waits for a code.
	at, shopper := l.start(t, "employee", adaCustomer)
	if a := shopper.must(t, http.StatusOK, post(at+"/steps/registry", fields{"number": adaNumber, "first_name": "Adalgise", "last_name": adaLast})); a.text("state") != "pending_review" {
		t.Fatalf("a near miss: %v", a)
	}
	at, shopper = l.start(t, "teacher", adaCustomer)
	shopper.must(t, http.StatusOK, post(at+"/steps/email", fields{"email": adaMailbox}))
	l.server.mailed(t.(*testing.T), l.mails)
	l.mails++
	return reservation, live, redemptionID
}

func ofCustomer(customer, rest string) string {
	return "/v1/customers/" + url.PathEscape(customer) + rest
}

// erase asks by a session of the customer and waits for the receipt.
func (l *life) erase(t testing.TB, customer string) answer {
	t.Helper()
	session := l.shop.server(l.h.url).must(t, http.StatusCreated, post("/v1/customer-sessions", fields{"customer": customer})).text("token")
	asked := newCaller(l.h.url).bearer(session).must(t, http.StatusAccepted, post(ofCustomer(customer, "/erasures"), fields{"confirm": true}))
	var done answer
	eventually(t, "the erasure is done", func() bool {
		done = newCaller(l.h.url).must(t, http.StatusOK, get("/v1/erasures/"+asked.text("receipt_token")))
		return done.text("state") == "done"
	})
	return done
}

// A shopper is forgotten: nothing of her is left in any column, the books balance, what is under way goes on or ends, her
// limits hold, and a signed receipt says what was done.
func TestAShopperIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		l := beginLife(t, p)
		c, db := l.shop.server(l.h.url), l.h.DB.SQL()
		neighbour := adaCustomer + "-2"
		c.must(t, http.StatusCreated, redemption(token(t, c, l.everyone, neighbour), neighbour, "order-9"))
		reservation, live, redemptionID := l.live(t)
		eventually(t, "webhooks are under way", func() bool {
			return number(t, db, "SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'waiting'") > 3
		})
		if finds := wholeDatabase(t, p, db, ofAda()); len(finds) < 10 {
			t.Fatalf("before, only this is found: %q", finds)
		}
		done := l.erase(t, adaCustomer)
		l.checkReceipt(t, done)
		others := []string{}
		for _, found := range wholeDatabase(t, p, db, ofAda()) {
			if !strings.Contains(found, "lovelace-1815-2") {
				others = append(others, found)
			}
		}
		if len(others) > 0 {
			t.Fatalf("left of her:\n%s", strings.Join(others, "\n"))
		}
		// The neighbour, whose reference begins like hers, is untouched.
		if a := c.must(t, http.StatusOK, get("/v1/members/"+url.PathEscape(neighbour))); !strings.Contains(string(a.body), `"available":45`) {
			t.Errorf("the neighbour: %v", a)
		}
		// What was live is revoked; what is held is paid for; what was bought can be given back.
		if a := c.must(t, http.StatusOK, post("/v1/offer-tokens/introspect", fields{"token": live})); a.object()["active"] != false {
			t.Errorf("her live token: %v", a)
		}
		c.must(t, http.StatusOK, post("/v1/reservations/"+reservation+"/redeem", fields{"order_id": "order-3"}))
		c.must(t, http.StatusCreated, post("/v1/redemptions/"+redemptionID+"/refunds", fields{"refund_ref": "r-1", "lines": []fields{{"line_id": "l1", "quantity": 1}}}))
		c.must(t, http.StatusCreated, post("/v1/orders/order-2/refunds", fields{"refund_ref": "r-2", "lines": []fields{{"line_id": "l1", "quantity": 1}}}))
		l.books(t)
		if n := number(t, db, "SELECT COUNT(*) FROM members WHERE store_id = "+quoted(l.id)); n != 2 {
			t.Errorf("%d members, want hers under a pseudonym and the neighbour", n)
		}
		if n := number(t, db, "SELECT COUNT(*) FROM reviews WHERE outcome = 'withdrawn'"); n != 1 {
			t.Errorf("%d reviews withdrawn", n)
		}
		// The limit holds, under whatever name she comes.
		for _, group := range []string{"student", "teacher", "healthcare", "employee"} {
			again := []string{adaCustomer, "c-somebody-else"}
			if group == "student" {
				again = again[:1] // The mock knows its people by their customer.
			}
			for _, customer := range again {
				if a := l.prove(t, group, customer); a.code() != "already_verified" {
					t.Errorf("%s as %s: %v", group, customer, a)
				}
			}
		}
		// Again, of what came meanwhile.
		l.erase(t, adaCustomer)
		for _, found := range wholeDatabase(t, p, db, ofAda()) {
			if !strings.Contains(found, "lovelace-1815-2") && !strings.Contains(found, "c-somebody-else") {
				t.Errorf("left after the second time: %s", found)
			}
		}
		l.books(t)
	})
}

// books fails the test unless the ledger verifies.
func (l *life) books(t testing.TB) {
	t.Helper()
	_, err := database.NewCheckout(l.h.DB).VerifyLedger(context.WithoutCancel(t.Context()), l.id, func(f database.LedgerFault) { t.Errorf("ledger: %+v", f) })
	if err != nil {
		t.Fatal(err)
	}
}

// checkReceipt checks the signature with the published keys, and that it says what was removed and nothing of whom.
func (l *life) checkReceipt(t testing.TB, done answer) {
	t.Helper()
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(newCaller(l.h.url).must(t, http.StatusOK, get("/.well-known/jwks.json")).body, &set); err != nil {
		t.Fatal(err)
	}
	signed, err := jose.ParseSignedCompact(done.text("receipt"), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatalf("%v: %v", done, err)
	}
	if typ := signed.Signatures[0].Protected.ExtraHeaders[jose.HeaderType]; typ != "erasure-receipt+jwt" {
		t.Errorf("the type is %v", typ)
	}
	payload, err := signed.Verify(set)
	if err != nil {
		t.Fatal(err)
	}
	var receipt struct {
		Aud     string           `json:"aud"`
		Sub     string           `json:"sub"`
		Removed map[string]int64 `json:"removed"`
		Kept    []string         `json:"kept"`
	}
	if err := json.Unmarshal(payload, &receipt); err != nil {
		t.Fatal(err)
	}
	if receipt.Aud != l.id || receipt.Sub != done.text("id") || len(receipt.Kept) == 0 {
		t.Errorf("the receipt: %s", payload)
	}
	for class, least := range map[string]int64{"verifications": 6, "attestations": 4, "documents": 1, "redemptions": 1, "orders": 2, "members": 1, "collected": 1, "reviews": 1,
		"offer_tokens": 3, "reservations": 1, "webhook_deliveries": 1, "events": 3, "consents": 1, "customer_sessions": 1, "limits": 1} {
		if receipt.Removed[class] < least {
			t.Errorf("%d of %s were removed, want %d or more: %v", receipt.Removed[class], class, least, receipt.Removed)
		}
	}
	for _, value := range ofAda() {
		if bytes.Contains(bytes.ToLower(payload), []byte(strings.ToLower(value))) {
			t.Errorf("the receipt holds %q", value)
		}
	}
}

// A shopper sees and takes along everything that is kept, in parts that hold no secrets, and agrees to marketing and takes
// it back, which nothing requires.
func TestAShopperSeesWhatIsKept(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		l := beginLife(t, p)
		c := l.shop.server(l.h.url)
		// Marketing is never required: everything below works the same after it was taken back.
		c.must(t, http.StatusOK, replace(ofCustomer(adaCustomer, "/consents/marketing"), fields{"granted": false}))
		l.live(t)
		link := c.must(t, http.StatusCreated, post("/v1/my-data-links", fields{"customer": adaCustomer, "locale": "de"})).text("url")
		_, fragment, _ := strings.Cut(link, "#")
		values, err := url.ParseQuery(fragment)
		if err != nil || values.Get("customer") != adaCustomer || values.Get("locale") != "de" {
			t.Fatalf("the link %q: %v", link, err)
		}
		own := newCaller(l.h.url).bearer(values.Get("session"))
		seen := own.must(t, http.StatusOK, get(ofCustomer(adaCustomer, "/my-data")))
		if n := len(seen.object()["attestations"].([]any)); n != 4 {
			t.Errorf("%d attestations: %v", n, seen)
		}
		if a := own.ask(t, get(ofCustomer("c-somebody-else", "/my-data"))); a.status != http.StatusNotFound {
			t.Errorf("another customer's: %v", a)
		}
		kinds, cursor, whole := map[string]int{}, "", ""
		for {
			part := own.must(t, http.StatusOK, get(ofCustomer(adaCustomer, "/data?limit=3&cursor="+url.QueryEscape(cursor))))
			whole += string(part.body)
			for _, r := range part.object()["data"].([]any) {
				kinds[r.(fields)["kind"].(string)]++
			}
			next, more := part.object()["next_cursor"].(string)
			if !more {
				break
			}
			cursor = next
		}
		for kind, want := range map[string]int{"verification": 6, "attestation": 4, "collected": 2, "consent": 2, "redemption": 1, "order": 2, "member": 1, "review": 2, "document": 1} {
			if kinds[kind] != want {
				t.Errorf("%d of %s, want %d", kinds[kind], kind, want)
			}
		}
		if kinds["evidence"] < 4 || kinds["ledger_entry"] < 2 || kinds["offer_token"] < 3 {
			t.Errorf("the export has %v", kinds)
		}
		if !strings.Contains(whole, "Adalgise") {
			t.Error("what she typed is not in the export")
		}
		for _, secret := range []string{"t1_", "sealed", "secret_hash", "person_tags", "code_mac", "fingerprint"} {
			if strings.Contains(whole, `"`+secret) {
				t.Errorf("the export holds %q", secret)
			}
		}
		// The last verification agreed; she takes it back, and the same again changes nothing.
		agreed := own.must(t, http.StatusOK, get(ofCustomer(adaCustomer, "/consents")))
		if agreed.object()["marketing"] != true {
			t.Errorf("agreed: %v", agreed)
		}
		for range 2 {
			own.must(t, http.StatusOK, replace(ofCustomer(adaCustomer, "/consents/marketing"), fields{"granted": false}))
		}
		agreed = own.must(t, http.StatusOK, get(ofCustomer(adaCustomer, "/consents")))
		if agreed.object()["marketing"] != false || len(agreed.object()["history"].([]any)) != 3 {
			t.Errorf("taken back: %v", agreed)
		}
		if n := number(t, l.h.DB.SQL(), "SELECT COUNT(*) FROM outbox WHERE type = 'consent.changed'"); n != 3 {
			t.Errorf("%d events tell of 3 changes", n)
		}
		text := own.must(t, http.StatusOK, get("/v1/consent-texts/1"))
		if !strings.Contains(text.text("text", "en"), "Corner Books") {
			t.Errorf("the text that was shown: %v", text)
		}
		if a := c.ask(t, post("/v1/offer-tokens", fields{"offer_id": l.students, "customer": adaCustomer})); a.status != http.StatusOK {
			t.Errorf("a token without marketing consent: %v", a)
		}
	})
}

func replace(path string, body fields) request {
	r := post(path, body)
	r.method = http.MethodPut
	return r
}

package e2e

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/oidc"
)

// estate is a shop with one of everything that has an id.
type estate struct {
	shop
	// verification is verified, open is not.
	verification, verificationSecret string
	open, openSecret                 string
	attestation                      string
	token, code                      string
	spentToken                       string
	statusList                       string
	evaluation                       string
	reservation                      string
	redemption                       string
	order                            string
	customer                         string
	session                          string
	policy, list, provider           string
	webhook, delivery                string
	batch                            string
	owner, ownerCookie               string
	apiKey                           string
	// paper is a document that waits for its review.
	paper, review  string
	privacyRequest string
}

const (
	consolePassword = "correct horse battery staple"
	listName        = "districts"
	rosterName      = "district-staff"
	providerName    = "some-university"
	remoteName      = "staff-directory"
)

// settle makes an estate. name goes into everything that people choose, so that two estates share no name.
func settle(t testing.TB, h *house, name string) estate {
	t.Helper()
	e := estate{shop: furnish(t, h.Gateway, name), customer: name + "-customer", order: name + "-order", list: listName, provider: providerName}
	c, page := e.server(h.url), e.page(h.url)
	start := func() (string, caller) {
		a := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}}))
		return a.text("id"), page.with("Laurel-Client-Secret", a.text("client_secret"))
	}
	var shopper, unfinished caller
	e.verification, shopper = start()
	e.open, unfinished = start()
	e.verificationSecret, e.openSecret = shopper.header.Get("Laurel-Client-Secret"), unfinished.header.Get("Laurel-Client-Secret")
	e.attestation = shopper.must(t, http.StatusOK, post("/v1/verifications/"+e.verification+"/steps/mock", fields{"first_name": "VERIFIED"})).text("attestation", "id")
	c.must(t, http.StatusOK, post("/v1/verifications/"+e.verification+"/confirm", fields{"customer": e.customer}))
	given := c.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": e.students, "customer": e.customer}))
	e.token, e.code = given.text("token"), given.text("code")
	e.statusList = statusListOf(t, e.token)
	e.evaluation = c.must(t, http.StatusOK, post("/v1/evaluations", fields{"offer_tokens": []string{e.token}, "customer": e.customer, "cart": cart()})).text("evaluation_id")
	e.spentToken = token(t, c, e.everyone, e.customer)
	e.redemption = c.must(t, http.StatusCreated, redemption(e.spentToken, e.customer, e.order)).text("redemption_id")
	held := token(t, c, e.everyone, e.customer)
	e.reservation = c.must(t, http.StatusCreated, post("/v1/reservations",
		fields{"offer_tokens": []string{held}, "customer": e.customer, "cart": cart(), "order_ref": name + "-attempt"})).text("reservation_id")
	c.must(t, http.StatusCreated, post("/v1/orders", fields{"order_id": name + "-plain", "customer": e.customer, "cart": cart()}))
	e.session = c.must(t, http.StatusCreated, post("/v1/customer-sessions", fields{"customer": e.customer})).text("token")
	e.consoleParts(t, h, name)
	return e
}

// consoleParts are what only the console makes.
func (e *estate) consoleParts(t testing.TB, h *house, name string) {
	t.Helper()
	ref, by := verify.StoreRef{ID: e.id, Test: true}, verify.Actor{Name: "test"}
	if _, err := h.Verify.SavePack(t.Context(), ref, by, verify.PackInput{Name: listName, Purpose: verify.Eligible, Data: []byte(name + ".example\n")}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Verify.SaveRoster(t.Context(), ref, by, verify.RosterInput{Name: rosterName, Title: name, Group: "teacher", Text: "number,first_name,last_name\n" + name + "1,Ada,Lovelace\n"}); err != nil {
		t.Fatal(err)
	}
	cfg, err := json.Marshal(oidc.Config{Name: name, Issuer: "https://login." + name + ".example", ClientID: "laurel",
		Claims: []oidc.Claim{{Name: "affiliation", Claim: "affiliation", Type: "strings"}}, Rules: []oidc.Rule{{When: `"student" in affiliation`, Group: "student"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Verify.SaveSetting(t.Context(), ref, by, verify.SettingInput{Verifier: "oidc", Instance: providerName, Config: cfg, Secret: "secret of " + name}); err != nil {
		t.Fatal(err)
	}
	theirs := `{"name":"` + name + `","url":"https://hr.` + name + `.example/laurel","fields":[{"name":"number","label":{"en":"Number"},"type":"text","required":true}]}`
	if _, err := h.Verify.SaveSetting(t.Context(), ref, by, verify.SettingInput{Verifier: "remote", Instance: remoteName, Config: []byte(theirs),
		Secret: "whsec_" + strings.Repeat("A", 43) + "="}); err != nil {
		t.Fatal(err)
	}
	email := "owner@" + name + ".example"
	invited, err := h.Console.Invite(t.Context(), tester, e.id, console.Invitation{Email: email, Name: name, Role: console.Owner, Password: consolePassword})
	if err != nil {
		t.Fatal(err)
	}
	e.owner = invited.Person.ID
	e.ownerCookie = signIn(t, h.url, email, consolePassword)
	desk, base := atConsole(h.url, e.ownerCookie), "/v1/admin/stores/"+e.id
	e.policy = first(t, desk, base+"/policies")
	papers(t, h, e.shop)
	_, _, e.paper = paper(t, h, e.shop, name+"-nurse", "Ada", photo(t, len(name)))
	e.review = first(t, desk, base+"/reviews?state=open")
	e.apiKey = first(t, desk, base+"/keys")
	e.server(h.url).must(t, http.StatusOK, get("/v1/customers/"+e.customer+"/data"))
	e.privacyRequest = first(t, desk, base+"/privacy/requests")
	e.batch = desk.must(t, http.StatusCreated, post(base+"/offers/"+e.everyone+"/code-batches", fields{"count": 3, "expires_at": "2029-01-01T00:00:00Z"})).text("id")
	made := desk.must(t, http.StatusCreated, post(base+"/webhooks", fields{"url": "https://hooks." + name + ".example/laurel", "events": []string{"member.points_changed"}}))
	e.webhook = made.text("webhook", "id")
	// An event makes a delivery.
	e.server(h.url).must(t, http.StatusCreated, post("/v1/orders", fields{"order_id": name + "-event", "customer": e.customer, "cart": cart()}))
	eventually(t, "an event is on its way", func() bool {
		rows := read(t, h.DB.SQL(), "SELECT id FROM webhook_deliveries WHERE store_id = "+quoted(e.id))
		if len(rows) > 0 {
			e.delivery, _ = rows[0]["id"].(string)
		}
		return e.delivery != ""
	})
}

// signIn returns the cookie of a console session.
func signIn(t testing.TB, base, email, password string) string {
	t.Helper()
	a := newCaller(base).must(t, http.StatusOK, request{method: http.MethodPost, path: "/v1/admin/session", body: fields{"email": email, "password": password}})
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "laurel_session" {
			return c.Value
		}
	}
	t.Fatalf("signed in without a cookie: %v", a.header)
	return ""
}

// atConsole is somebody who is signed in.
func atConsole(base, cookie string) caller {
	return newCaller(base).with("Cookie", "laurel_session="+cookie)
}

// first is the id of the first item of a list.
func first(t testing.TB, c caller, path string) string {
	t.Helper()
	list, _ := c.must(t, http.StatusOK, get(path)).object()["data"].([]any)
	if len(list) == 0 {
		t.Fatalf("%s is empty", path)
	}
	item, _ := list[0].(fields)
	id, _ := item["id"].(string)
	return id
}

// secrets are the texts of an estate that nobody else may ever read. Names that both stores may choose are not among
// them.
func (e estate) secrets() []string {
	return []string{e.id, e.verification, e.verificationSecret, e.open, e.openSecret, e.attestation, e.token, e.code, e.spentToken, e.evaluation,
		e.reservation, e.redemption, e.session, e.policy, e.webhook, e.delivery, e.owner, e.ownerCookie, e.apiKey, e.privacyRequest, e.paper, e.review, e.batch, e.everyone, e.students, e.secret}
}

// complete fails the test when a part is missing: an empty id would make every refusal a matter of course.
func (e estate) complete(t testing.TB) {
	t.Helper()
	if slices.Contains(e.secrets(), "") {
		t.Fatalf("an estate lacks a part: %q", strings.Join(e.secrets(), " "))
	}
}

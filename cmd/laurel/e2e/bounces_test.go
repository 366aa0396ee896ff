package e2e

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/verify"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const postmarkPassword = "a password of postmark's own"

var reportSecret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("reports about mails are signed!!"))

// postOffice is a house that mails, and takes reports about its mails.
func postOffice(t *testing.T, p place) (*house, *mailServer) {
	t.Helper()
	server := startMail(t)
	h := open(t, p.with("LAUREL_SMTP_HOST=127.0.0.1", "LAUREL_SMTP_PORT="+server.port(), "LAUREL_SMTP_TLS=none", "LAUREL_SMTP_FROM=Laurel <codes@laurel.example>",
		"LAUREL_SMTP_REPORTS_SECRET="+reportSecret, "LAUREL_SMTP_REPORTS_POSTMARK_PASSWORD="+postmarkPassword))
	return h, server
}

// mailed waits for the mail that follows n others and returns it.
func (s *mailServer) mailed(t *testing.T, n int) delivered {
	t.Helper()
	eventually(t, "a mail arrives", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.mails) > n
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mails[n]
}

// signedReport is a report in our own form.
func signedReport(t *testing.T, secret string, report fields) (caller, request) {
	t.Helper()
	body, err := json.Marshal(fields{"reports": []fields{report}})
	if err != nil {
		t.Fatal(err)
	}
	hook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	signature, err := hook.Sign("msg_1", now, body)
	if err != nil {
		t.Fatal(err)
	}
	c := newCaller("").with("Webhook-Id", "msg_1").with("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10)).with("Webhook-Signature", signature)
	return c, request{method: http.MethodPost, path: "/v1/integrations/mail/standard", body: body}
}

func taken(t *testing.T, a answer, want float64) {
	t.Helper()
	if a.status != http.StatusOK || a.object()["taken"] != want {
		t.Errorf("%v, want %v taken", a, want)
	}
}

// shopperOf starts a verification by mail and returns its shopper and the path of its steps.
func (s shop) shopperOf(t *testing.T, h *house) (shopper caller, path string) {
	t.Helper()
	page := s.page(h.url)
	started := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "teacher", "locale": "de-AT", "consent": fields{"version": "1", "accepted": true}}))
	return page.with("Laurel-Client-Secret", started.text("client_secret")), "/v1/verifications/" + started.text("id")
}

// From a mail that comes back to a shopper who corrects the address, over a real mail server and a real report.
func TestAMailThatComesBackLetsTheShopperCorrectTheAddress(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h, server := postOffice(t, p)
		e := settle(t, h, "office")
		desk, base := atConsole(h.url, e.ownerCookie), "/v1/admin/stores/"+e.id
		desk.must(t, http.StatusCreated, post(base+"/policies", fields{"group": "teacher", "paths": [][]string{{"email"}}, "validity_days": 365}))
		settings := post(base, fields{"version": desk.must(t, http.StatusOK, get(base)).object()["version"],
			"mail": fields{"sender_name": "Office supplies", "reply_to": "help@office.example", "support_url": "https://office.example/help"}})
		settings.method = http.MethodPatch
		desk.must(t, http.StatusOK, settings)

		shopper, path := e.shopperOf(t, h)
		shopper.must(t, http.StatusOK, post(path+"/steps/email", fields{"email": "adda@mit.edu"}))
		wrong := server.mailed(t, 0)
		for _, want := range []string{"From: \"Office supplies\" <codes@laurel.example>", "Reply-To: <help@office.example>", "Content-Language: de", "https://office.example/help"} {
			if !strings.Contains(wrong.data, want) {
				t.Errorf("the mail lacks %s:\n%s", want, wrong.data)
			}
		}
		report := fields{"type": "bounce", "permanent": true, "message_id": "<" + wrong.messageID(t) + ">"}
		// Who does not have the secret changes nothing.
		c, r := signedReport(t, "whsec_"+base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 32))), report)
		if a := c.at(h.url).ask(t, r); a.status != http.StatusUnauthorized {
			t.Errorf("a foreign secret: %v", a)
		}
		if a := newCaller(h.url).ask(t, request{method: http.MethodPost, path: "/v1/integrations/mail/mailgun", body: fields{}}); a.status != http.StatusNotFound {
			t.Errorf("a source that is not configured: %v", a)
		}
		if a := shopper.must(t, http.StatusOK, get(path)); a.text("step") != "email_code" {
			t.Fatalf("%v", a)
		}
		c, r = signedReport(t, reportSecret, report)
		taken(t, c.at(h.url).ask(t, r), 1)
		taken(t, c.at(h.url).ask(t, r), 0)
		a := shopper.must(t, http.StatusOK, get(path))
		if a.text("step") != "email" || !strings.Contains(string(a.body), `"code":"mail_undeliverable"`) {
			t.Errorf("after the report: %v", a)
		}
		if a := shopper.ask(t, post(path+"/steps/email", fields{"email": "Adda@MIT.edu"})); a.status != http.StatusUnprocessableEntity || a.code() != "mail_undeliverable" {
			t.Errorf("the same address again: %v", a)
		}
		shopper.must(t, http.StatusOK, post(path+"/steps/email", fields{"email": "ada@mit.edu"}))
		right := server.mailed(t, 1)
		if a := shopper.must(t, http.StatusOK, post(path+"/steps/email_code", fields{"code": right.code(t)})); a.text("state") != "verified" {
			t.Errorf("%v", a)
		}
		e.liftsWhatIsBlocked(t, h, desk, base, server)
	})
}

// liftsWhatIsBlocked complains about a mail by another source, and has support lift what follows from it.
func (e estate) liftsWhatIsBlocked(t *testing.T, h *house, desk caller, base string, server *mailServer) {
	t.Helper()
	shopper, path := e.shopperOf(t, h)
	shopper.must(t, http.StatusOK, post(path+"/steps/email", fields{"email": "grace@mit.edu"}))
	server.mailed(t, 2)
	complaint := request{method: http.MethodPost, path: "/v1/integrations/mail/postmark", body: fields{"RecordType": "SpamComplaint", "Email": "Grace@mit.edu", "MessageID": "x"}}
	basic := func(password string) caller {
		return newCaller(h.url).with("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("laurel:"+password)))
	}
	if a := basic("another").ask(t, complaint); a.status != http.StatusUnauthorized {
		t.Errorf("a wrong password: %v", a)
	}
	taken(t, basic(postmarkPassword).ask(t, complaint), 1)
	if a := shopper.ask(t, post(path+"/steps/email", fields{"email": "grace@mit.edu"})); a.code() != "mail_undeliverable" {
		t.Errorf("after a complaint: %v", a)
	}
	list, _ := desk.must(t, http.StatusOK, get(base+"/mail-suppressions")).object()["data"].([]any)
	if len(list) != 2 {
		t.Fatalf("%d addresses are suppressed: %v", len(list), list)
	}
	if strings.Contains(toJSON(t, list), "@") {
		t.Errorf("the list names addresses: %v", list)
	}
	desk.must(t, http.StatusOK, post(base+"/mail-suppressions/lift", fields{"email": "grace@mit.edu"}))
	desk.must(t, http.StatusNotFound, post(base+"/mail-suppressions/lift", fields{"email": "grace@mit.edu"}))
	desk.must(t, http.StatusOK, post(base+"/mail-suppressions/lift", fields{"id": list[1].(fields)["id"]}))
	desk.must(t, http.StatusUnprocessableEntity, post(base+"/mail-suppressions/lift", fields{}))
	shopper.must(t, http.StatusOK, post(path+"/steps/email", fields{"email": "grace@mit.edu"}))
	if audit := desk.must(t, http.StatusOK, get(base+"/audit")); strings.Count(string(audit.body), "mail_suppression.lifted") != 2 || strings.Contains(string(audit.body), "grace") {
		t.Errorf("the audit: %v", audit)
	}
	for _, table := range []string{"sent_mails", "mail_suppressions", "verifications", "outbox"} {
		for _, row := range read(t, h.DB.SQL(), "SELECT * FROM "+table) {
			if text := toJSON(t, row); strings.Contains(text, "mit.edu") && strings.Contains(text, "@") {
				t.Errorf("%s keeps an address: %s", table, text)
			}
		}
	}
}

// A mail server that knows at once that there is no such mailbox is as good as a report.
func TestAMailboxThatTheServerRefusesIsToldAtOnce(t *testing.T) {
	h, server := postOffice(t, onSQLite(t))
	server.refuse("nobody@mit.edu")
	e := settle(t, h, "refused")
	desk, base := atConsole(h.url, e.ownerCookie), "/v1/admin/stores/"+e.id
	desk.must(t, http.StatusCreated, post(base+"/policies", fields{"group": "teacher", "paths": [][]string{{"email"}}, "validity_days": 365}))
	shopper, path := e.shopperOf(t, h)
	shopper.must(t, http.StatusOK, post(path+"/steps/email", fields{"email": "nobody@mit.edu"}))
	eventually(t, "the shopper is told", func() bool {
		a := shopper.must(t, http.StatusOK, get(path))
		return a.text("step") == "email" && strings.Contains(string(a.body), "mail_undeliverable")
	})
	if list, _ := desk.must(t, http.StatusOK, get(base+"/mail-suppressions")).object()["data"].([]any); len(list) != 1 {
		t.Errorf("suppressed: %v", list)
	}
}

// An operator tries the mail server before any shopper does.
func TestAnOperatorTriesTheMailServer(t *testing.T) {
	server := startMail(t)
	server.refuse("nobody@shop.example")
	environ := onSQLite(t).with("LAUREL_SMTP_HOST=127.0.0.1", "LAUREL_SMTP_PORT="+server.port(), "LAUREL_SMTP_TLS=none", "LAUREL_SMTP_FROM=codes@laurel.example").environ()
	tried := laurel(t, environ, "", "config", "check", "--send-test-mail", "operator@shop.example")
	if m := server.mailed(t, 0); tried.code != 0 || m.to != "operator@shop.example" || !strings.Contains(m.data, "Laurel can send mail") {
		t.Errorf("code %d, %s%s: %+v", tried.code, tried.output, tried.errors, m)
	}
	if tried := laurel(t, environ, "", "config", "check", "--send-test-mail", "nobody@shop.example"); tried.code == 0 || !strings.Contains(tried.errors, "no such mailbox") {
		t.Errorf("a mailbox that does not exist: code %d, %s", tried.code, tried.errors)
	}
	if tried := laurel(t, onSQLite(t).environ(), "", "config", "check", "--send-test-mail", "operator@shop.example"); tried.code == 0 || !strings.Contains(tried.errors, "smtp.host") {
		t.Errorf("no mail server: code %d, %s", tried.code, tried.errors)
	}
}

// From the reminder to the renewed attestation: told, mailed in the shopper's language, verified again, held longer.
func TestAnAttestationIsRenewedWhenItsStoreIsTold(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h, server := postOffice(t, p)
		e := settle(t, h, "renewal")
		c, ref := e.server(h.url), verify.StoreRef{ID: e.id, Test: true}
		const who = "renewing-customer"
		prove := func() (caller, answer) {
			session := c.must(t, http.StatusCreated, post("/v1/customer-sessions", fields{"customer": who})).text("token")
			own := newCaller(h.url).bearer(session).with("Origin", shopOrigin)
			started := own.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}}))
			return own, own.must(t, http.StatusOK, post("/v1/verifications/"+started.text("id")+"/steps/mock", fields{"first_name": "VERIFIED"}))
		}
		own, proven := prove()
		attestation := proven.text("attestation", "id")
		limited := post("/v1/admin/stores/"+e.id+"/offers", fields{"name": "Once", "group": "student", "state": "live", "benefit": fields{"type": "percentage", "basis_points": 500},
			"limits": fields{"per_person": 1, "per_customer": 1}, "token_seconds": 600})
		once := atConsole(h.url, e.ownerCookie).must(t, http.StatusCreated, limited).text("id")
		c.must(t, http.StatusCreated, redemption(token(t, c, once, who), who, "renewal-once"))

		before := held(t, own)
		if before["id"] != attestation || before["renewable_from"].(string) >= before["valid_until"].(string) {
			t.Fatalf("%v", before)
		}
		tags := read(t, h.DB.SQL(), "SELECT tags FROM attestations WHERE id = "+quoted(attestation))
		c.must(t, http.StatusOK, post("/v1/test-clock", fields{"advance": "8064h"})) // 336 days
		// What the job does every minute.
		if _, err := h.Verify.RemindDue(t.Context(), ref, 100); err != nil {
			t.Fatal(err)
		}
		told := read(t, h.DB.SQL(), "SELECT payload FROM outbox WHERE type = 'attestation.expiring' AND store_id = "+quoted(e.id))
		if len(told) != 2 || !strings.Contains(toJSON(t, told), attestation) || !strings.Contains(toJSON(t, told), who) {
			t.Fatalf("the store was told %v", told)
		}
		reminder := "/v1/attestations/" + attestation + "/reminders"
		if a := c.ask(t, post(reminder, fields{"email": "ada@mit.edu", "url": "https://elsewhere.example/"})); a.code() != "return_url_not_allowed" {
			t.Errorf("a link to elsewhere: %v", a)
		}
		c.must(t, http.StatusCreated, post(reminder, fields{"email": "ada@mit.edu", "url": shopOrigin + "/students", "locale": "fr"}))
		mailed := server.mailed(t, 0)
		if mailed.to != "ada@mit.edu" || !strings.Contains(mailed.data, "Content-Language: fr") || !strings.Contains(mailed.data, shopOrigin+"/students") {
			t.Errorf("the reminder: %+v", mailed)
		}
		if a := c.ask(t, post(reminder, fields{"email": "ada@mit.edu", "url": shopOrigin + "/students"})); a.code() != "email_limit" {
			t.Errorf("a second reminder: %v", a)
		}

		own, done := prove()
		after := held(t, own)
		if done.text("attestation", "id") != attestation || after["id"] != attestation || after["valid_until"].(string) <= before["valid_until"].(string) ||
			after["renewable_from"].(string) <= before["renewable_from"].(string) {
			t.Errorf("renewed as %v, was %v", after, before)
		}
		if now := read(t, h.DB.SQL(), "SELECT tags FROM attestations WHERE id = "+quoted(attestation)); toJSON(t, now) != toJSON(t, tags) {
			t.Errorf("the person has other tags: %v, were %v", now, tags)
		}
		// Proving it again gives nothing twice.
		if a := c.ask(t, post("/v1/offer-tokens", fields{"offer_id": once, "customer": who})); a.status < 400 {
			if r := c.ask(t, redemption(a.text("token"), who, "renewal-twice")); r.code() != "limit_reached" {
				t.Errorf("the limit is gone: %v, %v", a, r)
			}
		}
		if a := own.ask(t, get("/v1/attestations?customer=somebody-else")); a.status != http.StatusForbidden {
			t.Errorf("another customer's: %v", a)
		}
		if a := c.must(t, http.StatusOK, get("/v1/attestations?customer="+who)); !strings.Contains(string(a.body), attestation) {
			t.Errorf("with the secret key: %v", a)
		}
		c.must(t, http.StatusUnprocessableEntity, get("/v1/attestations"))
	})
}

// held is the one attestation of a customer session.
func held(t *testing.T, own caller) fields {
	t.Helper()
	list, _ := own.must(t, http.StatusOK, get("/v1/attestations")).object()["data"].([]any)
	if len(list) != 1 {
		t.Fatalf("%d attestations: %v", len(list), list)
	}
	return list[0].(fields)
}

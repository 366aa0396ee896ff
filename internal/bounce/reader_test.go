package bounce

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// source signs the reports of one source as it does.
type source struct {
	secrets Secrets
	// sign returns header and body of a report, signed at a moment under a secret or, if spoil is true, under another.
	sign func(t *testing.T, body string, at time.Time, spoil bool) (http.Header, []byte)
}

func sources(t *testing.T) map[Source]source {
	t.Helper()
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("s", 32)))
	other := "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("o", 32)))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return map[Source]source{
		Standard: {Secrets{Standard: secret}, func(t *testing.T, body string, at time.Time, spoil bool) (http.Header, []byte) {
			t.Helper()
			hook, err := standardwebhooks.NewWebhook(map[bool]string{true: other, false: secret}[spoil])
			if err != nil {
				t.Fatal(err)
			}
			signature, err := hook.Sign("msg_1", at, []byte(body))
			if err != nil {
				t.Fatal(err)
			}
			return http.Header{"Webhook-Id": {"msg_1"}, "Webhook-Timestamp": {strconv.FormatInt(at.Unix(), 10)}, "Webhook-Signature": {signature}}, []byte(body)
		}},
		Postmark: {Secrets{Postmark: "postmark-password"}, func(_ *testing.T, body string, _ time.Time, spoil bool) (http.Header, []byte) {
			r := http.Request{Header: http.Header{}}
			r.SetBasicAuth("laurel", map[bool]string{true: "another-password", false: "postmark-password"}[spoil])
			return r.Header, []byte(body)
		}},
		Mailgun: {Secrets{Mailgun: "mailgun-key"}, func(_ *testing.T, body string, at time.Time, spoil bool) (http.Header, []byte) {
			mac := hmac.New(sha256.New, []byte(map[bool]string{true: "another-key", false: "mailgun-key"}[spoil]))
			stamp := strconv.FormatInt(at.Unix(), 10)
			_, _ = mac.Write([]byte(stamp + "token"))
			return nil, fmt.Appendf(nil, `{"signature":{"timestamp":"%s","token":"token","signature":"%s"},"event-data":%s}`, stamp, hex.EncodeToString(mac.Sum(nil)), body)
		}},
		SendGrid: {Secrets{SendGrid: base64.StdEncoding.EncodeToString(der)}, func(t *testing.T, body string, at time.Time, spoil bool) (http.Header, []byte) {
			t.Helper()
			stamp := strconv.FormatInt(at.Unix(), 10)
			signed := stamp + body
			if spoil {
				signed += " "
			}
			sum := sha256.Sum256([]byte(signed))
			signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			return http.Header{"X-Twilio-Email-Event-Webhook-Timestamp": {stamp}, "X-Twilio-Email-Event-Webhook-Signature": {base64.StdEncoding.EncodeToString(signature)}}, []byte(body)
		}},
	}
}

func TestReportsAreRead(t *testing.T) {
	bounced, complained := []Report{{Address: "ada@example.edu"}}, []Report{{Address: "ada@example.edu", Complaint: true}}
	both := []Report{{"mai_1.sto_1@shop.example", "ada@example.edu", false}}
	angry := []Report{{"mai_1.sto_1@shop.example", "ada@example.edu", true}}
	const postmark = `{"RecordType":"%s","Type":"%s","TypeCode":1,"MessageID":"00000000-0000-0000-0000-000000000000","Email":"ada@example.edu","Details":"x"}`
	const mailgun = `{"event":"%s","severity":"%s","reason":"%s","recipient":"ada@example.edu","message":{"headers":{"message-id":"mai_1.sto_1@shop.example"}},"log-level":"error"}`
	const sendgrid = `[{"event":"%s","type":"%s","reason":"%s","email":"ada@example.edu","smtp-id":"<mai_1.sto_1@shop.example>","sg_event_id":"x","timestamp":1}]`
	known := sources(t)
	for _, test := range []struct {
		source Source
		body   string
		want   []Report
	}{
		{Standard, `{"reports":[{"type":"bounce","permanent":true,"address":"ada@example.edu"}]}`, bounced},
		{Standard, `{"reports":[{"type":"bounce","permanent":false,"address":"ada@example.edu"}]}`, nil},
		{Standard, `{"reports":[{"type":"complaint","message_id":" <mai_1.sto_1@shop.example> ","address":"ada@example.edu"}]}`, angry},
		{Standard, `{"reports":[]}`, nil},
		{Postmark, fmt.Sprintf(postmark, "Bounce", "HardBounce"), bounced},
		{Postmark, fmt.Sprintf(postmark, "Bounce", "BadEmailAddress"), bounced},
		{Postmark, fmt.Sprintf(postmark, "Bounce", "SoftBounce"), nil},
		{Postmark, fmt.Sprintf(postmark, "Bounce", "Blocked"), nil},
		{Postmark, fmt.Sprintf(postmark, "Bounce", "SpamComplaint"), complained},
		{Postmark, fmt.Sprintf(postmark, "SpamComplaint", ""), complained},
		{Postmark, fmt.Sprintf(postmark, "Delivery", ""), nil},
		{Mailgun, fmt.Sprintf(mailgun, "failed", "permanent", "bounce"), both},
		{Mailgun, fmt.Sprintf(mailgun, "failed", "permanent", "suppress-bounce"), both},
		{Mailgun, fmt.Sprintf(mailgun, "failed", "permanent", "espblock"), nil},
		{Mailgun, fmt.Sprintf(mailgun, "failed", "temporary", "bounce"), nil},
		{Mailgun, fmt.Sprintf(mailgun, "failed", "permanent", "suppress-complaint"), angry},
		{Mailgun, fmt.Sprintf(mailgun, "complained", "", ""), angry},
		{Mailgun, fmt.Sprintf(mailgun, "delivered", "", ""), nil},
		{SendGrid, fmt.Sprintf(sendgrid, "bounce", "bounce", "550"), both},
		{SendGrid, fmt.Sprintf(sendgrid, "bounce", "blocked", "550"), nil},
		{SendGrid, fmt.Sprintf(sendgrid, "dropped", "", "Bounced Address"), both},
		{SendGrid, fmt.Sprintf(sendgrid, "dropped", "", "Spam Reporting Address"), angry},
		{SendGrid, fmt.Sprintf(sendgrid, "spamreport", "", ""), angry},
		{SendGrid, fmt.Sprintf(sendgrid, "delivered", "", ""), nil},
	} {
		s := known[test.source]
		header, body := s.sign(t, test.body, noon, false)
		got, err := Reader{Secrets: s.secrets, Now: func() time.Time { return noon }}.Read(test.source, header, body)
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s %s: %+v, %v", test.source, test.body, got, err)
		}
	}
}

var examples = map[Source]string{
	Standard: `{"reports":[{"type":"bounce","permanent":true,"address":"ada@example.edu"}]}`,
	Postmark: `{"RecordType":"Bounce","Type":"HardBounce","Email":"ada@example.edu"}`,
	Mailgun:  `{"event":"failed","severity":"permanent","reason":"bounce","recipient":"ada@example.edu"}`,
	SendGrid: `[{"event":"bounce","type":"bounce","email":"ada@example.edu"}]`,
}

func TestOnlyTheSourceItselfIsBelieved(t *testing.T) {
	for name, s := range sources(t) {
		r := Reader{Secrets: s.secrets, Now: func() time.Time { return noon }}
		ask := func(what string, header http.Header, body []byte, want fault.Code) {
			t.Helper()
			if got, err := r.Read(name, header, body); fault.CodeOf(err) != want || len(got) > 0 || strings.Contains(fmt.Sprint(err), "ada") {
				t.Errorf("%s, %s: %v, %v; want %s", name, what, got, err, want)
			}
		}
		header, body := s.sign(t, examples[name], noon, true)
		ask("another secret", header, body, fault.Unauthenticated)
		if name != Mailgun {
			ask("no proof", nil, body, fault.Unauthenticated)
		}
		if name != Postmark {
			header, body = s.sign(t, examples[name], noon.Add(-25*time.Hour), false)
			ask("an old one", header, body, fault.Unauthenticated)
			header, body = s.sign(t, examples[name], noon.Add(time.Hour), false)
			ask("one of tomorrow", header, body, fault.Unauthenticated)
		}
		if name == Standard || name == SendGrid {
			header, body = s.sign(t, examples[name], noon, false)
			ask("a changed body", header, append(body, ' '), fault.Unauthenticated)
		}
		for other := range examples {
			if other != name {
				header, body = s.sign(t, examples[name], noon, false)
				if _, err := r.Read(other, header, body); fault.CodeOf(err) != fault.NotFound {
					t.Errorf("%s without a secret: %v", other, err)
				}
			}
		}
	}
	if _, err := (Reader{}).Read("ses", nil, nil); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("an unknown source: %v", err)
	}
}

func TestWhatIsNotUnderstoodIsRefusedAsAWhole(t *testing.T) {
	known := sources(t)
	for _, test := range []struct {
		source Source
		body   string
	}{
		{Standard, `{"reports":[{"type":"bounce","permanent":true,"address":"ada@example.edu","more":1}]}`},
		{Standard, `{"reports":[{"type":"bounced","permanent":true,"address":"ada@example.edu"}]}`},
		{Standard, `{"reports":[{"type":"complaint"}]}`},
		{Standard, `{"reports":[{"type":"bounce","permanent":"yes","address":"ada@example.edu"}]}`},
		{Standard, `{"reports":[` + strings.Repeat(`{"type":"complaint","address":"a"},`, maxReports) + `{"type":"complaint","address":"a"}]}`},
		{Standard, `{} {}`},
		{Standard, `[`},
		{Postmark, `{}`},
		{Postmark, `{"RecordType":"Bounce","Type":"HardBounce"}`},
		{Postmark, `{"RecordType":1}`},
		{Mailgun, `{}`},
		{Mailgun, `{"event":"complained"}`},
		{SendGrid, `{}`},
		{SendGrid, `[{}]`},
		{SendGrid, `[{"event":"bounce"}]`},
	} {
		s := known[test.source]
		header, body := s.sign(t, test.body, noon, false)
		got, err := Reader{Secrets: s.secrets, Now: func() time.Time { return noon }}.Read(test.source, header, body)
		if fault.CodeOf(err) != fault.Invalid || len(got) > 0 || strings.Contains(err.Error(), "ada") {
			t.Errorf("%s %.80s: %v, %v", test.source, test.body, got, err)
		}
	}
}

package remote_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/remote"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// FuzzDecide: whatever is delivered as a decision, it is refused by a fault that repeats nothing of it, or it is a decision
// about this question, whose persons belong to this verifier; and unsigned it is nothing.
func FuzzDecide(f *testing.F) {
	const question = "msg_1"
	for _, seed := range []string{
		`{"decision":"verified","verification_id":"ver_1","request_id":"msg_1","identifiers":["E-1"]}`, `{"decision":"review","identifiers":["E-1"]}`,
		`{"decision":"rejected","reasons":["left_company","<b>"]}`, `{"decision":"verified","identifiers":[" "],"valid_until":"2001-01-01T00:00:00Z"}`,
		`{"decision":"pending"}`, `{"decision":"wrong"}`, `{"decision":7}`, `[]`, `{}{}`, "", "null", `{"decision":"verified","identifiers":["\u0000"]}`,
	} {
		f.Add([]byte(seed))
	}
	c, err := remote.New(deps(http.DefaultClient)).Decode("staff", []byte(`{"name":"Staff","url":"https://hr.example/","classes":["authority"],
		"fields":[{"name":"number","label":{"en":"Number"},"type":"text","required":true}],"reasons":{"left_company":"You have left."}}`))
	if err != nil {
		f.Fatal(err)
	}
	opened, err := c.Open(verify.Opening{Instance: "staff", Secret: secret})
	if err != nil {
		f.Fatal(err)
	}
	v := opened.(*remote.Verifier)
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		f.Fatal(err)
	}
	private, err := json.Marshal(map[string]string{"request_id": question})
	if err != nil {
		f.Fatal(err)
	}
	at := attempt
	at.Pending = &verify.Pending{Step: verify.StepPending, Private: private}
	f.Fuzz(func(t *testing.T, body []byte) {
		h := signed(t, signer, "dec_1", time.Now(), body)
		for _, d := range []verify.Delivery{
			{Trusted: true, Body: body}, {ID: "dec_1", Timestamp: h["Webhook-Timestamp"], Signature: h["Webhook-Signature"], Body: body},
			{ID: "dec_1", Timestamp: h["Webhook-Timestamp"], Signature: "v1,AAAA", Body: body},
		} {
			out, err := v.Decide(t.Context(), at, d)
			if err != nil {
				if code := fault.CodeOf(err); code != fault.Invalid && code != fault.DecisionRefused || out.Met != nil {
					t.Fatalf("%q: %v", body, err)
				}
				continue
			}
			if d.Signature == "v1,AAAA" {
				t.Fatalf("%q was believed without a signature", body)
			}
			decided(t, body, d.Trusted, question, out)
		}
	})
}

// decided compares an outcome with what a plain reading of the body says.
func decided(t *testing.T, body []byte, trusted bool, question string, out verify.Outcome) {
	t.Helper()
	var said struct {
		Decision     string   `json:"decision"`
		RequestID    string   `json:"request_id"`
		Verification string   `json:"verification_id"`
		Identifiers  []string `json:"identifiers"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatalf("%q was understood: %v", body, err)
	}
	if (said.RequestID != question || said.Verification != attempt.Verification) && (!trusted || said.RequestID != "" && said.RequestID != question) {
		t.Fatalf("%q is about another question", body)
	}
	if (out.Met != nil) != (said.Decision == "verified") || (out.Review != nil) != (said.Decision == "review") || (out.Reject != nil) != (said.Decision == "rejected") {
		t.Fatalf("%q became %+v", body, out)
	}
	for _, e := range []*verify.Evidence{out.Met, out.Review} {
		if e == nil {
			continue
		}
		for _, identifier := range e.Identifiers {
			if name, ok := strings.CutPrefix(identifier, "remote:staff\n"); !ok || strings.TrimSpace(name) == "" {
				t.Fatalf("%q identifies %q", body, identifier)
			}
		}
		if len(e.Identifiers) == 0 || e.Group != attempt.Group {
			t.Fatalf("%q became %+v", body, e)
		}
	}
	for _, r := range out.Reject {
		if r.Code != "left_company" && r.Code != string(fault.NotEligible) {
			t.Fatalf("%q tells the shopper %+v", body, r)
		}
	}
}

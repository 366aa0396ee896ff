package remote_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// asked asks the other side, which says pending, and returns the verification as it waits, and the question's id.
func (o *otherSide) asked(t *testing.T, number string) (at verify.Attempt, id string) {
	t.Helper()
	o.says(map[string]any{"decision": "pending", "identifiers": nil})
	out, err := give(t, o.open(nil), attempt, number)
	if err != nil || out.Ask == nil {
		t.Fatalf("%+v, %v", out, err)
	}
	at = attempt
	at.Pending = &verify.Pending{Step: out.Ask.Step, Private: out.Ask.Private}
	ids := o.questions()
	return at, ids[len(ids)-1]
}

// delivery is a decision about a question, changed, signed by somebody at a moment.
func delivery(t *testing.T, signer *standardwebhooks.Webhook, id string, changes map[string]any, moment time.Time) verify.Delivery {
	t.Helper()
	body := map[string]any{"decision": "verified", "verification_id": "ver_1", "request_id": id, "identifiers": []string{"E-1"}}
	maps.Copy(body, changes)
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	h := signed(t, signer, "dec_1", moment, raw)
	return verify.Delivery{ID: h["Webhook-Id"], Timestamp: h["Webhook-Timestamp"], Signature: h["Webhook-Signature"], Body: raw}
}

func TestDecisionsThatAreDelivered(t *testing.T) {
	o := newOtherSide(t)
	stranger, err := standardwebhooks.NewWebhookRaw([]byte("a key of somebody else, 32 bytes"))
	if err != nil {
		t.Fatal(err)
	}
	at, id := o.asked(t, "E-1")
	_, another := o.asked(t, "E-2")
	v, now := o.open(nil), time.Now()
	elsewhere := at
	elsewhere.Verification = "ver_2"
	still := at
	still.Pending = nil
	for name, c := range map[string]struct {
		at   verify.Attempt
		d    verify.Delivery
		code fault.Code
	}{
		"good":                      {at, delivery(t, o.signer, id, nil, now), ""},
		"a little late":             {at, delivery(t, o.signer, id, nil, now.Add(-4*time.Minute)), ""},
		"forged":                    {at, delivery(t, stranger, id, nil, now), fault.DecisionRefused},
		"unsigned":                  {at, verify.Delivery{Body: delivery(t, o.signer, id, nil, now).Body}, fault.DecisionRefused},
		"delayed":                   {at, delivery(t, o.signer, id, nil, now.Add(-6*time.Minute)), fault.DecisionRefused},
		"from the future":           {at, delivery(t, o.signer, id, nil, now.Add(6*time.Minute)), fault.DecisionRefused},
		"for another question":      {at, delivery(t, o.signer, another, nil, now), fault.DecisionRefused},
		"for no question":           {at, delivery(t, o.signer, "", nil, now), fault.DecisionRefused},
		"for another verification":  {at, delivery(t, o.signer, id, map[string]any{"verification_id": "ver_2"}, now), fault.DecisionRefused},
		"replayed at another":       {elsewhere, delivery(t, o.signer, id, nil, now), fault.DecisionRefused},
		"when nothing waits":        {still, delivery(t, o.signer, id, nil, now), fault.DecisionRefused},
		"still pending":             {at, delivery(t, o.signer, id, map[string]any{"decision": "pending"}, now), fault.Invalid},
		"a try":                     {at, delivery(t, o.signer, id, map[string]any{"decision": "wrong"}, now), fault.Invalid},
		"without a person":          {at, delivery(t, o.signer, id, map[string]any{"identifiers": nil}, now), fault.Invalid},
		"with an unknown field":     {at, delivery(t, o.signer, id, map[string]any{"admin": true}, now), fault.Invalid},
		"with too many identifiers": {at, delivery(t, o.signer, id, map[string]any{"identifiers": strings.Split("a b c d e f", " ")}, now), fault.Invalid},
	} {
		out, err := v.Decide(t.Context(), c.at, c.d)
		if c.code == "" && (err != nil || out.Met == nil) || c.code != "" && (fault.CodeOf(err) != c.code || out.Met != nil) {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
		if err != nil && strings.Contains(err.Error(), "E-1") {
			t.Errorf("%s: the error tells too much: %v", name, err)
		}
	}
	spoiled := delivery(t, o.signer, id, nil, now)
	spoiled.Body = []byte(strings.Replace(string(spoiled.Body), "E-1", "E-9", 1))
	if _, err := v.Decide(t.Context(), at, spoiled); fault.CodeOf(err) != fault.DecisionRefused {
		t.Errorf("a body that was changed: %v", err)
	}
	// The answer to a question, delivered as a decision, names no verification.
	direct := delivery(t, o.signer, id, map[string]any{"verification_id": ""}, now)
	if _, err := v.Decide(t.Context(), at, direct); fault.CodeOf(err) != fault.DecisionRefused {
		t.Errorf("an answer played as a decision: %v", err)
	}
}

// A secret key needs no signature, and may name nothing; what it names must be right.
func TestTrustedDecisions(t *testing.T) {
	o := newOtherSide(t)
	at, _ := o.asked(t, "E-1")
	v := o.open(nil)
	for body, code := range map[string]fault.Code{
		`{"decision":"verified","identifiers":["E-1"]}`:                           "",
		`{"decision":"verified","identifiers":["E-1"],"verification_id":"ver_2"}`: fault.DecisionRefused,
		`{"decision":"verified","identifiers":["E-1"],"request_id":"msg_x"}`:      fault.DecisionRefused,
		`{"decision":"verified"}`:                                                 fault.Invalid,
		`{}`:                                                                      fault.Invalid,
	} {
		out, err := v.Decide(t.Context(), at, verify.Delivery{Trusted: true, Body: []byte(body)})
		if code == "" && (err != nil || out.Met == nil) || code != "" && fault.CodeOf(err) != code {
			t.Errorf("%s: %+v, %v", body, out, err)
		}
	}
}

func TestWaitingForTheSameAnswerAsksNobodyAgain(t *testing.T) {
	o := newOtherSide(t)
	at, _ := o.asked(t, "E-1")
	before := len(o.questions())
	if out, err := give(t, o.open(nil), at, "E-1"); err != nil || !out.Same || len(o.questions()) != before {
		t.Errorf("%+v, %v", out, err)
	}
	if out, err := give(t, o.open(nil), at, "E-2"); err != nil || out.Ask == nil || len(o.questions()) != before+1 {
		t.Errorf("another answer: %+v, %v", out, err)
	}
}

package remote_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/remote"
	"github.com/laurel-gateway/laurel/verify/verifytest"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func TestConformance(t *testing.T) {
	o, silent := newOtherSide(t), newOtherSide(t)
	silent.spoil = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	verifytest.Run(t, verifytest.Case{
		Silent: silent.config(nil),
		Kind:   remote.New(deps(o.Client())), Instance: "staff", Config: o.config(nil), Opening: verify.Opening{Instance: "staff", Secret: secret},
		Bad: []string{
			"", "{}", o.config(map[string]any{"url": "http://hr.example/"}), o.config(map[string]any{"url": "https://u:p@hr.example/"}),
			o.config(map[string]any{"name": " "}), o.config(map[string]any{"fields": []any{}}), o.config(map[string]any{"classes": []string{"document"}}),
			o.config(map[string]any{"timeout_seconds": 60}), o.config(map[string]any{"retries": -1}), o.config(map[string]any{"reasons": map[string]string{"A": "b"}}),
			o.config(map[string]any{"fields": []map[string]any{{"name": "a", "label": map[string]string{"en": "A"}, "type": "text"}}}),
			o.config(map[string]any{"fields": []map[string]any{{"name": "A b", "label": map[string]string{"en": "A"}, "type": "text", "required": true}}}),
		},
		BadAnswers:  []map[string]string{{"number": ""}, {"number": "E-1001E-1001"}, {"number": "E-1", "mail": "nobody"}, {"number": "E-1", "since": "yesterday"}, {"number": "E-1", "floor": "three"}},
		GoodAnswers: []map[string]string{{"number": " E-1001 "}, {"number": "E-1001", "mail": "ada@hr.example", "since": "2020-02-29", "floor": "3"}},
	})
}

func TestAWeakSecretDoesNotOpen(t *testing.T) {
	o := newOtherSide(t)
	for _, weak := range []string{"", "whsec_", "hush", "whsec_" + base64.StdEncoding.EncodeToString([]byte("too short"))} {
		c, err := remote.New(deps(o.Client())).Decode("staff", []byte(o.config(nil)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Open(verify.Opening{Instance: "staff", Secret: weak}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q: %v", weak, err)
		}
	}
}

func TestTheQuestion(t *testing.T) {
	o := newOtherSide(t)
	v := o.open(nil)
	at := attempt
	if _, err := give(t, v, at, "E-1001"); err != nil {
		t.Fatal(err)
	}
	if o.last["customer"] != nil || o.last["verification_id"] != "ver_1" || o.last["livemode"] != true || o.last["group"] != "employee" ||
		o.last["decision_url"] != "https://laurel.example/sto_1/ver_1" || o.last["request_id"] != o.seen[0] {
		t.Errorf("question %v", o.last)
	}
	if strings.Contains(o.seen[0], "1001") {
		t.Error("the id tells what the shopper gave")
	}
	at.Bound = true
	if _, err := give(t, v, at, "E-1001"); err != nil || o.last["customer"] != "c-1" {
		t.Errorf("customer %v, %v", o.last["customer"], err)
	}
	at.Verification = "ver_2"
	if _, err := give(t, v, at, "E-1001"); err != nil {
		t.Fatal(err)
	}
	if ids := o.questions(); ids[0] != ids[1] || ids[1] == ids[2] {
		t.Errorf("ids %v: the same answer must have the same id, another verification another", ids)
	}
}

func TestDecisions(t *testing.T) {
	soon := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	for name, c := range map[string]struct {
		says map[string]any
		ok   func(verify.Outcome) bool
	}{
		"verified": {map[string]any{"subgroup": "retired", "organisation": "District 9", "valid_until": soon}, func(o verify.Outcome) bool {
			return o.Met != nil && o.Met.Subgroup == "retired" && o.Met.Organisation == "District 9" && o.Met.ValidUntil.Equal(soon) &&
				o.Met.Identifiers[0] == "remote:staff\nE-1001" && o.Met.Classes[0] == verify.Assertion && o.Met.Group == "employee"
		}},
		"review":  {map[string]any{"decision": "review"}, func(o verify.Outcome) bool { return o.Review != nil }},
		"pending": {map[string]any{"decision": "pending"}, func(o verify.Outcome) bool { return o.Ask != nil && o.Ask.Step == verify.StepPending }},
		"wrong": {map[string]any{"decision": "wrong"}, func(o verify.Outcome) bool {
			return o.Wrong != nil && o.Wrong.Code == fault.NotEligible && o.MaxTries == 5
		}},
		"rejected":              {map[string]any{"decision": "rejected", "reasons": []string{"left_company"}}, func(o verify.Outcome) bool { return len(o.Reject) == 1 && o.Reject[0].Code == "left_company" }},
		"rejected, own text":    {map[string]any{"decision": "rejected", "reasons": []string{"<b>"}}, func(o verify.Outcome) bool { return o.Reject[0].Code == "not_eligible" }},
		"limits stand beside":   {nil, func(o verify.Outcome) bool { return len(o.Limits) == 2 && o.Limits[0].Max == 5 }},
		"limits of a wrong one": {map[string]any{"decision": "wrong"}, func(o verify.Outcome) bool { return len(o.Limits) == 2 }},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOtherSide(t)
			o.says(c.says)
			out, err := give(t, o.open(nil), attempt, "E-1001")
			if err != nil || !c.ok(out) {
				t.Fatalf("%+v, %v", out, err)
			}
		})
	}
}

// Away, slow, huge, redirected, unsigned, or not understood: never a no, never a yes, and never with what was said in the
// error.
func TestABadAnswerIsNoDecision(t *testing.T) {
	stranger, err := standardwebhooks.NewWebhookRaw([]byte("a key of somebody else, 32 bytes"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		prepare func(o *otherSide)
		asked   int
	}{
		"unsigned": {func(o *otherSide) {
			o.spoil = func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte(`{"decision":"verified","identifiers":["x"]}`))
			}
		}, 1},
		"signed by a stranger":        {func(o *otherSide) { o.spoil = func(w http.ResponseWriter, r *http.Request) { o.reply(w, r, stranger) } }, 1},
		"signed for another question": {func(o *otherSide) { o.id = "msg_other" }, 1},
		"signed long ago":             {func(o *otherSide) { o.at = time.Now().Add(-6 * time.Minute) }, 1},
		"signed in the future":        {func(o *otherSide) { o.at = time.Now().Add(6 * time.Minute) }, 1},
		"the question itself": {func(o *otherSide) {
			o.answer = map[string]any{"type": "verification.check", "request_id": "x"}
		}, 1},
		"unknown decision":          {func(o *otherSide) { o.says(map[string]any{"decision": "yes"}) }, 1},
		"unknown field":             {func(o *otherSide) { o.says(map[string]any{"approved": true}) }, 1},
		"verified without a person": {func(o *otherSide) { o.says(map[string]any{"identifiers": []string{}}) }, 1},
		"verified for an empty one": {func(o *otherSide) { o.says(map[string]any{"identifiers": []string{" "}}) }, 1},
		"valid until yesterday":     {func(o *otherSide) { o.says(map[string]any{"valid_until": time.Now().Add(-time.Hour)}) }, 1},
		"a subgroup that is none":   {func(o *otherSide) { o.says(map[string]any{"subgroup": "A B"}) }, 1},
		"claims of the wrong type":  {func(o *otherSide) { o.says(map[string]any{"identifiers": "E-1001"}) }, 1},
		"huge":                      {func(o *otherSide) { o.says(map[string]any{"organisation": strings.Repeat("x", 70<<10)}) }, 1},
		"redirecting": {func(o *otherSide) {
			o.spoil = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
			}
		}, 1},
		"calling it our mistake": {func(o *otherSide) {
			o.spoil = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) }
		}, 1},
		"failing for the moment": {func(o *otherSide) {
			o.spoil = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
		}, 2},
		"closing the connection": {func(o *otherSide) { o.spoil = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) } }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOtherSide(t)
			c.prepare(o)
			out, err := give(t, o.open(map[string]any{"retries": 1}), attempt, "E-1001")
			if fault.CodeOf(err) != fault.ProviderUnavailable || out.Met != nil || fault.From(err).RetryAfter == 0 {
				t.Fatalf("%+v, %v", out, err)
			}
			if text := err.Error(); strings.Contains(text, "1001") || strings.Contains(text, o.URL) || strings.Contains(text, secret) {
				t.Errorf("the error tells too much: %s", text)
			}
			if ids := o.questions(); len(ids) != c.asked || ids[0] != ids[len(ids)-1] {
				t.Errorf("asked %v, want %d times with one id", ids, c.asked)
			}
		})
	}
}

func TestItIsAskedAgainAfterAFailureThatPasses(t *testing.T) {
	o := newOtherSide(t)
	failures := 2
	o.spoil = func(w http.ResponseWriter, r *http.Request) {
		if failures--; failures >= 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		o.reply(w, r, o.signer)
	}
	out, err := give(t, o.open(map[string]any{"retries": 2}), attempt, "E-1001")
	if err != nil || out.Met == nil || len(o.questions()) != 3 {
		t.Fatalf("%+v, %v after %v", out, err, o.questions())
	}
}

func TestASlowAnswerIsCutOff(t *testing.T) {
	o := newOtherSide(t)
	o.spoil = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	began := time.Now()
	_, err := give(t, o.open(map[string]any{"timeout_seconds": 1}), attempt, "E-1001")
	if fault.CodeOf(err) != fault.ProviderUnavailable || time.Since(began) > 5*time.Second {
		t.Fatalf("%v after %s", err, time.Since(began))
	}
}

// Five failures in a row, and it is left alone for a while.
func TestADeadOneIsLeftAlone(t *testing.T) {
	o := newOtherSide(t)
	o.spoil = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	v := o.open(nil)
	for range 8 {
		if _, err := give(t, v, attempt, "E-1001"); fault.CodeOf(err) != fault.ProviderUnavailable {
			t.Fatal(err)
		}
	}
	if n := len(o.questions()); n != 5 {
		t.Errorf("asked %d times", n)
	}
}

func TestPrivateAddressesAreRefused(t *testing.T) {
	o := newOtherSide(t)
	guarded := remote.New(deps(egress.Client(egress.Options{})))
	for _, address := range []string{o.URL, strings.Replace(o.URL, "http://", "https://", 1), "https://169.254.169.254/latest", "https://[::1]/"} {
		v := open(t, guarded, config(t, address, nil))
		if _, err := give(t, v, attempt, "E-1001"); fault.CodeOf(err) != fault.ProviderUnavailable {
			t.Errorf("%s: %v", address, err)
		}
	}
	if len(o.questions()) != 0 {
		t.Error("a private address was asked")
	}
	v := open(t, remote.New(deps(egress.Client(egress.Options{AllowPrivate: true}))), o.config(nil))
	if out, err := give(t, v, attempt, "E-1001"); err != nil || out.Met == nil {
		t.Errorf("the operator allows it: %+v, %v", out, err)
	}
}

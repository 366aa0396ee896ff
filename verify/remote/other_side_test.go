package remote_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/remote"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

var secret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("a secret of thirty-two bytes len"))

// otherSide is a verifier of the store's, which a test can spoil.
type otherSide struct {
	*httptest.Server
	t      *testing.T
	signer *standardwebhooks.Webhook

	mu sync.Mutex
	// answer is what it says; id and at are what it signs for, when they are set.
	answer any
	id     string
	at     time.Time
	// spoil takes the answer over when it is set.
	spoil func(w http.ResponseWriter, r *http.Request)
	// seen are the ids of the questions, last the last question.
	seen []string
	last map[string]any
}

func newOtherSide(t *testing.T) *otherSide {
	t.Helper()
	o := &otherSide{t: t, answer: verified()}
	var err error
	if o.signer, err = standardwebhooks.NewWebhook(secret); err != nil {
		t.Fatal(err)
	}
	o.Server = httptest.NewServer(http.HandlerFunc(o.serve))
	t.Cleanup(o.Close)
	return o
}

func verified() map[string]any {
	return map[string]any{"decision": "verified", "identifiers": []string{"E-1001"}}
}

func (o *otherSide) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the gateway gave up
	}
	if err := o.signer.Verify(body, r.Header); err != nil {
		o.t.Errorf("the question is not signed: %v", err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen = append(o.seen, r.Header.Get("Webhook-Id"))
	o.last = map[string]any{}
	if err := json.Unmarshal(body, &o.last); err != nil {
		o.t.Error(err)
	}
	if o.spoil != nil {
		o.spoil(w, r)
		return
	}
	o.reply(w, r, o.signer)
}

func (o *otherSide) reply(w http.ResponseWriter, r *http.Request, signer *standardwebhooks.Webhook) {
	answer, err := json.Marshal(o.answer)
	if err != nil {
		o.t.Error(err)
	}
	id, at := r.Header.Get("Webhook-Id"), o.at
	if o.id != "" {
		id = o.id
	}
	if at.IsZero() {
		at = time.Now()
	}
	for name, value := range signed(o.t, signer, id, at, answer) {
		w.Header().Set(name, value)
	}
	if _, err := w.Write(answer); err != nil {
		o.t.Error(err)
	}
}

func signed(t *testing.T, signer *standardwebhooks.Webhook, id string, at time.Time, body []byte) map[string]string {
	t.Helper()
	signature, err := signer.Sign(id, at, body)
	if err != nil {
		t.Error(err)
	}
	return map[string]string{"Webhook-Id": id, "Webhook-Timestamp": strconv.FormatInt(at.Unix(), 10), "Webhook-Signature": signature}
}

func (o *otherSide) questions() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string{}, o.seen...)
}

func (o *otherSide) says(changes map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	answer := verified()
	maps.Copy(answer, changes)
	o.answer = answer
}

// config is a configuration that asks the other side, with changes.
func (o *otherSide) config(changes map[string]any) string { return config(o.t, o.URL, changes) }

func config(t *testing.T, address string, changes map[string]any) string {
	t.Helper()
	c := map[string]any{
		"name": "Staff directory", "url": address,
		"fields": []map[string]any{
			{"name": "number", "label": map[string]string{"en": "Employee number"}, "type": "text", "required": true, "max_length": 10, "limited": true},
			{"name": "mail", "label": map[string]string{"en": "Work mail"}, "type": "email"},
			{"name": "since", "label": map[string]string{"en": "Since"}, "type": "date"},
			{"name": "floor", "label": map[string]string{"en": "Floor"}, "type": "number"},
		},
		"reasons": map[string]string{"left_company": "The directory says that you have left."},
	}
	maps.Copy(c, changes)
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func deps(client *http.Client) remote.Deps {
	return remote.Deps{Client: client, Now: time.Now, DecisionURL: func(store, verification string) string {
		return "https://laurel.example/" + store + "/" + verification
	}}
}

func (o *otherSide) open(changes map[string]any) *remote.Verifier {
	o.t.Helper()
	return open(o.t, remote.New(deps(o.Client())), o.config(changes))
}

func open(t *testing.T, k *remote.Kind, raw string) *remote.Verifier {
	t.Helper()
	c, err := k.Decode("staff", []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	v, err := c.Open(verify.Opening{Store: verify.StoreRef{ID: "sto_1"}, Instance: "staff", Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*remote.Verifier)
}

var attempt = verify.Attempt{
	Store: verify.StoreRef{ID: "sto_1"}, Verification: "ver_1", Requirement: "remote:staff", Group: "employee", Customer: "c-1", Locale: "en", Now: time.Now(),
}

func give(t *testing.T, v *remote.Verifier, at verify.Attempt, number string) (verify.Outcome, error) {
	t.Helper()
	return v.Answer(t.Context(), at, verify.Answer{Step: verify.StepRemote, Fields: map[string]string{"number": number}})
}

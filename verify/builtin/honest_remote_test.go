package builtin_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/verify"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// directory is a verifier of the store's own, over HTTP.
type directory struct {
	*httptest.Server
	secret string
	signer *standardwebhooks.Webhook
	// asked is the question that was asked last.
	asked struct {
		RequestID    string            `json:"request_id"`
		Verification string            `json:"verification_id"`
		Fields       map[string]string `json:"fields"`
	}
}

func newDirectory(t *testing.T) *directory {
	t.Helper()
	d := &directory{secret: "whsec_" + base64.StdEncoding.EncodeToString([]byte("a secret of thirty-two bytes len"))}
	var err error
	d.signer, err = standardwebhooks.NewWebhook(d.secret)
	must(t, err)
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || d.signer.Verify(body, r.Header) != nil || json.Unmarshal(body, &d.asked) != nil {
			t.Errorf("a question that is not signed, or not understood: %v", err)
		}
		decision := object{"decision": "verified", "identifiers": []string{d.asked.Fields["number"]}, "organisation": "Bezirk Süd-Ost №9"}
		switch d.asked.Fields["number"][:1] {
		case "P":
			decision = object{"decision": "pending"}
		case "R":
			decision["decision"] = "review"
		}
		answer, err := json.Marshal(decision)
		if err != nil {
			t.Error(err)
		}
		for name, value := range d.signed(t, r.Header.Get("Webhook-Id"), answer) {
			w.Header().Set(name, value)
		}
		if _, err := w.Write(answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(d.Close)
	return d
}

func (d *directory) signed(t *testing.T, id string, body []byte) map[string]string {
	t.Helper()
	now := time.Now()
	signature, err := d.signer.Sign(id, now, body)
	if err != nil {
		t.Error(err)
	}
	return map[string]string{"Webhook-Id": id, "Webhook-Timestamp": strconv.FormatInt(now.Unix(), 10), "Webhook-Signature": signature}
}

func byRemote(t *testing.T, s *shopper) (*verify.Result, error) {
	id := s.begin(t, "employee")
	number := fmt.Sprintf("%s-%d", []string{"E", "E", "P", "R"}[s.n%4], s.n)
	written := number
	if s.oneIn(3) {
		written = " " + number + " "
	}
	r, err := s.answer(t, id, verify.StepRemote, map[string]string{"number": written, "name": s.first + " " + s.last})
	if err != nil || !strings.HasPrefix(number, "P") {
		return r, err
	}
	// It decides later, twice over, as services do that are not sure of having been heard.
	body, err := json.Marshal(object{"decision": "verified", "verification_id": id, "request_id": s.directory.asked.RequestID, "identifiers": []string{number}})
	must(t, err)
	h := s.directory.signed(t, "dec_"+number, body)
	for range 2 {
		if r, err = s.Decide(t.Context(), s.store, id, verify.Delivery{ID: h["Webhook-Id"], Timestamp: h["Webhook-Timestamp"], Signature: h["Webhook-Signature"], Body: body}); err != nil {
			return r, err
		}
	}
	return r, nil
}

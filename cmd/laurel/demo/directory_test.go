package demo

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// ask puts a question to the directory, signed with a secret, and returns its answer.
func ask(t *testing.T, directory http.Handler, secret, question string) *httptest.ResponseRecorder {
	t.Helper()
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now()
	signature, err := signer.Sign("msg_1", at, []byte(question))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, directoryPath, bytes.NewReader([]byte(question)))
	r.Header.Set("Webhook-Id", "msg_1")
	r.Header.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
	r.Header.Set("Webhook-Signature", signature)
	w := httptest.NewRecorder()
	directory.ServeHTTP(w, r)
	return w
}

func TestTheDirectoryAnswersSignedQuestions(t *testing.T) {
	t.Parallel()
	secret := newSecret()
	directory, err := newDirectory(secret, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ question, decision string }{
		{`{"fields":{"employee_number":"4001","last_name":"Okafor"}}`, "verified"},
		{`{"fields":{"employee_number":"4001","last_name":"Somebody"}}`, "wrong"},
		{`{"fields":{"employee_number":"9999","last_name":""}}`, "wrong"},
	} {
		w := ask(t, directory, secret, c.question)
		var answer struct {
			Decision    string
			Identifiers []string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Decision != c.decision || (len(answer.Identifiers) == 1) != (c.decision == "verified") {
			t.Errorf("%s: %d %s, %v", c.question, w.Code, w.Body, err)
		}
		signer, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			t.Fatal(err)
		}
		if err := signer.Verify(w.Body.Bytes(), w.Header()); err != nil {
			t.Errorf("%s: the answer is not signed: %v", c.question, err)
		}
	}
	if w := ask(t, directory, newSecret(), `{"fields":{}}`); w.Code != http.StatusUnauthorized {
		t.Errorf("a question that is signed by somebody else: %d", w.Code)
	}
	if w := ask(t, directory, secret, `not a question`); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no question: %d", w.Code)
	}
}

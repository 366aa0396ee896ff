package demo

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/remote"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const (
	directoryPath = "/demo/directory"
	directory     = "staff-directory"
	// maxQuestion bounds what the gateway asks, in bytes.
	maxQuestion = 64 << 10
)

// staff are the people of the demo's shop, by their number.
var staff = map[string]string{
	"4001": "Okafor", "4002": "Lindqvist", "4003": "Marchetti", "4004": "Castellanos",
}

// directoryConfig is the verifier of the shop's own that asks the directory below.
func directoryConfig(public string) remote.Config {
	return remote.Config{
		Name: "Staff directory", URL: public + directoryPath,
		Fields: []remote.Field{
			{Name: "employee_number", Type: "number", Required: true, MaxLength: 10, Label: verify.Label{"en": "Employee number", "de": "Personalnummer"}},
			{Name: "last_name", Type: "text", Required: true, MaxLength: 100, Label: verify.Label{"en": "Last name", "de": "Nachname"}},
		},
		Classes: []verify.Class{verify.Assertion},
	}
}

// newDirectory is a verifier of a store's own, as a store would write it: it checks who asks, looks somebody up, and signs
// what it says (docs/verifiers/remote.md).
func newDirectory(secret string, now func() time.Time) (http.Handler, error) {
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQuestion))
		if err != nil || r.Method != http.MethodPost || signer.Verify(asked, r.Header) != nil {
			http.Error(w, "signed questions only", http.StatusUnauthorized)
			return
		}
		answer, err := lookUp(asked)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		at := now()
		id := r.Header.Get("Webhook-Id")
		signature, err := signer.Sign(id, at, answer)
		if err != nil {
			http.Error(w, "the answer cannot be signed", http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Webhook-Id", id)
		h.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
		h.Set("Webhook-Signature", signature)
		// The gateway has gone when this fails, and asks again.
		_, _ = w.Write(answer)
	}), nil
}

// lookUp decides about one question.
func lookUp(asked []byte) ([]byte, error) {
	var question struct {
		Fields struct {
			Number   string `json:"employee_number"`
			LastName string `json:"last_name"`
		} `json:"fields"`
	}
	if err := json.Unmarshal(asked, &question); err != nil {
		return nil, errors.New("the question is not understood")
	}
	number := question.Fields.Number
	if name, known := staff[number]; !known || name != question.Fields.LastName {
		return json.Marshal(map[string]any{"decision": "wrong"})
	}
	return json.Marshal(map[string]any{"decision": "verified", "identifiers": []string{"employee:" + number}, "organisation": "Northside Supply"})
}

package client_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/laurel-gateway/laurel/api/client"
)

func TestClientSpeaksTheContract(t *testing.T) {
	var asked *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		if _, err := w.Write([]byte(`{"token":"cs_1","customer":"c-1","expires_at":"2026-01-15T10:30:00Z"}`)); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	c, err := client.NewClientWithResponses(server.URL, client.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer sk_test_1")
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.CreateCustomerSessionWithResponse(t.Context(), &client.CreateCustomerSessionParams{IdempotencyKey: "one"},
		client.CustomerSessionBody{Customer: "c-1"})
	if err != nil {
		t.Fatal(err)
	}
	if res.JSON201 == nil || res.JSON201.Token != "cs_1" {
		t.Errorf("answer %d: %s", res.StatusCode(), res.Body)
	}
	if asked.Method != http.MethodPost || asked.URL.Path != "/v1/customer-sessions" || asked.Header.Get("Idempotency-Key") != "one" || asked.Header.Get("Authorization") != "Bearer sk_test_1" {
		t.Errorf("asked %s %s with %v", asked.Method, asked.URL, asked.Header)
	}
}

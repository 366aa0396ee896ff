package storefront

import (
	"net/http"
	"strings"
	"testing"
)

func TestCreateCustomerSession(t *testing.T) {
	s := newStage(t)
	first := s.askOnce(as{key: s.sk}, "one", http.MethodPost, "/v1/customer-sessions", `{"customer":"c-1"}`)
	first.want(t, http.StatusCreated, "")
	again := s.askOnce(as{key: s.sk}, "one", http.MethodPost, "/v1/customer-sessions", `{"customer":"c-1"}`)
	if !strings.HasPrefix(first.Token, "cs_") || first.Body.String() != again.Body.String() {
		t.Errorf("first %s\nagain %s", first.Body, again.Body)
	}
	s.ask(as{key: s.pk}, http.MethodPost, "/v1/customer-sessions", `{"customer":"c-1"}`).want(t, http.StatusForbidden, "forbidden")
	s.ask(as{key: s.sk}, http.MethodPost, "/v1/customer-sessions", `{"customer":""}`).want(t, http.StatusUnprocessableEntity, "invalid")
}

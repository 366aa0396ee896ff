package storefront

import (
	"net/http"
	"testing"
)

func TestAnswerEmailCode(t *testing.T) {
	s := newStage(t)
	v, client := s.started()
	asked := s.ask(client, http.MethodPost, v.at("steps/mock"), `{"first_name":"EMAILCODE"}`)
	asked.want(t, http.StatusOK, "")
	if asked.Step != "email_code" || asked.ResendAfter == nil {
		t.Fatalf("%s", asked.Body)
	}
	wrong := s.askOnce(client, "one", http.MethodPost, v.at("steps/email_code"), `{"code":"000000"}`)
	wrong.want(t, http.StatusUnprocessableEntity, "code_invalid")
	// The same request again is not another try.
	again := s.askOnce(client, "one", http.MethodPost, v.at("steps/email_code"), `{"code":"000000"}`)
	if again.Body.String() != wrong.Body.String() {
		t.Errorf("first %s\nagain %s", wrong.Body, again.Body)
	}
	done := s.ask(client, http.MethodPost, v.at("steps/email_code"), `{"code":"123456"}`)
	done.want(t, http.StatusOK, "")
	if done.State != "verified" || done.Step != "done" || done.Attestation == nil || done.Attestation.Group != "student" {
		t.Errorf("%s", done.Body)
	}
}

func TestTooManyCodes(t *testing.T) {
	s := newStage(t)
	v, client := s.started()
	s.ask(client, http.MethodPost, v.at("steps/mock"), `{"first_name":"EMAILCODE"}`).want(t, http.StatusOK, "")
	for range 4 {
		s.ask(client, http.MethodPost, v.at("steps/email_code"), `{"code":"000000"}`).want(t, http.StatusUnprocessableEntity, "code_invalid")
	}
	s.ask(client, http.MethodPost, v.at("steps/email_code"), `{"code":"000000"}`).want(t, http.StatusConflict, "tries_exhausted")
	s.ask(client, http.MethodPost, v.at("steps/email_code"), `{"code":"123456"}`).want(t, http.StatusConflict, "invalid_step")
}

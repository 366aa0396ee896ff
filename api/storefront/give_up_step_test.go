package storefront

import (
	"net/http"
	"testing"
)

func TestGiveUpStep(t *testing.T) {
	s := newStage(t)
	v, client := s.started()
	s.ask(client, http.MethodPost, v.at("steps/mock"), `{"first_name":"EMAILCODE"}`).want(t, http.StatusOK, "")
	s.ask(client, http.MethodDelete, v.at("steps/sso"), "").want(t, http.StatusConflict, "invalid_step")
	a := s.ask(client, http.MethodDelete, v.at("steps/email_code"), "")
	a.want(t, http.StatusOK, "")
	if a.Step != "mock" || len(a.GivenUp) != 1 || a.GivenUp[0] != "email_code" {
		t.Errorf("%s", a.Body)
	}
}

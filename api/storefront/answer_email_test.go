package storefront

import (
	"net/http"
	"testing"
)

func TestAnswerEmail(t *testing.T) {
	s := newStage(t)
	v, client := s.started()
	s.ask(client, http.MethodPost, v.at("steps/email"), `{"email":"ada@mit.edu"}`).want(t, http.StatusConflict, "invalid_step")
	s.ask(client, http.MethodPost, v.at("steps/email"), `{"mail":"ada@mit.edu"}`).want(t, http.StatusUnprocessableEntity, "invalid")
	s.ask(as{s.pk, "wrong"}, http.MethodPost, v.at("steps/email"), `{"email":"ada@mit.edu"}`).want(t, http.StatusNotFound, "not_found")
}

package storefront

import (
	"net/http"
	"testing"
)

func TestCancelVerification(t *testing.T) {
	s := newStage(t)
	v, client := s.started()
	s.ask(client, http.MethodPost, v.at("steps/mock"), `{"first_name":"REVIEW"}`).want(t, http.StatusOK, "")
	for range 2 {
		a := s.ask(client, http.MethodPost, v.at("cancel"), "")
		a.want(t, http.StatusOK, "")
		if a.State != "cancelled" || a.Step != "done" || len(a.Next) > 0 {
			t.Errorf("%s", a.Body)
		}
	}
	s.ask(client, http.MethodPost, v.at("steps/mock"), `{"first_name":"VERIFIED"}`).want(t, http.StatusConflict, "invalid_step")
}

func TestWhatIsOverIsNotCancelled(t *testing.T) {
	s := newStage(t)
	v, client := s.started()
	s.ask(client, http.MethodPost, v.at("steps/mock"), `{"first_name":"VERIFIED"}`).want(t, http.StatusOK, "")
	s.ask(client, http.MethodPost, v.at("cancel"), "").want(t, http.StatusConflict, "invalid_step")
}

package storefront

import (
	"net/http"
	"testing"

	"github.com/laurel-gateway/laurel/verify"
)

// Scanners and browsers open addresses before anybody wants to: that answers no step, whatever is in the address.
func TestOpeningALinkAnswersNothing(t *testing.T) {
	s := newStage(t)
	v, client := s.started()
	s.ask(client, http.MethodPost, v.at("steps/mock"), `{"first_name":"EMAILCODE"}`).want(t, http.StatusOK, "")
	for _, step := range []string{"email", "email_code?code=123456", "sso", "mock?first_name=VERIFIED", "registry", "remote", "document", "confirm?customer=c-1"} {
		path := v.at("steps/" + step)
		if step[0] == 'c' {
			path = v.at(step)
		}
		if a := s.ask(client, http.MethodGet, path, ""); a.ResponseRecorder.Code != http.StatusMethodNotAllowed && a.ResponseRecorder.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d %s", path, a.ResponseRecorder.Code, a.Body)
		}
	}
	if now := s.ask(client, http.MethodGet, "/v1/verifications/"+v.ID, ""); now.State != verify.Challenged {
		t.Errorf("it was answered: %s", now.Body)
	}
}

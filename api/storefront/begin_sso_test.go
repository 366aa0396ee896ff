package storefront

import (
	"net/http"
	"strings"
	"testing"
)

func TestBeginSSO(t *testing.T) {
	s := newStage(t)
	v, client := s.started()
	s.ask(client, http.MethodPost, v.at("steps/mock"), `{"first_name":"SSO"}`).want(t, http.StatusOK, "")
	for name, tc := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"own origin":          {`{"provider":"mock","return_url":"https://shop.example/student?x=1"}`, 200, ""},
		"the gateway's pages": {`{"provider":"mock","return_url":"https://laurel.example/demo"}`, 200, ""},
		"foreign origin":      {`{"provider":"mock","return_url":"https://evil.example/"}`, 422, "return_url_not_allowed"},
		"another store's":     {`{"provider":"mock","return_url":"https://other.example/"}`, 422, "return_url_not_allowed"},
		"script":              {`{"provider":"mock","return_url":"javascript:alert(1)"}`, 422, "return_url_not_allowed"},
		"unknown provider":    {`{"provider":"evil","return_url":"https://shop.example/"}`, 422, "provider_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.ask(client, http.MethodPost, v.at("steps/sso"), tc.body)
			a.want(t, tc.status, tc.code)
			if tc.status == 200 && !strings.HasPrefix(a.RedirectURL, "https://laurel.example/sso/start?state=") {
				t.Errorf("redirect to %q", a.RedirectURL)
			}
		})
	}
}

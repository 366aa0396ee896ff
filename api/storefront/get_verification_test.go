package storefront

import (
	"net/http"
	"testing"
)

func TestGetVerification(t *testing.T) {
	s := newStage(t)
	v, client := s.started()
	for name, tc := range map[string]struct {
		who    as
		id     string
		status int
		code   string
	}{
		"its client":                   {client, v.ID, 200, ""},
		"the store":                    {as{key: s.sk}, v.ID, 200, ""},
		"wrong secret":                 {as{s.pk, "wrong"}, v.ID, 404, "not_found"},
		"no secret":                    {as{key: s.pk}, v.ID, 401, "unauthenticated"},
		"secret, other store's key":    {as{s.otherPK, v.ClientSecret}, v.ID, 404, "not_found"},
		"other store":                  {as{key: s.otherSK}, v.ID, 404, "not_found"},
		"no such id":                   {as{key: s.sk}, "ver_none", 404, "not_found"},
		"customer who is only claimed": {s.session("c-1"), v.ID, 404, "not_found"},
		"another customer":             {s.session("c-2"), v.ID, 404, "not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.ask(tc.who, http.MethodGet, "/v1/verifications/"+tc.id, "")
			a.want(t, tc.status, tc.code)
			if tc.status == 200 && a.ClientSecret != "" {
				t.Error("the client secret is shown again")
			}
		})
	}
}

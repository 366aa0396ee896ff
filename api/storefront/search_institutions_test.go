package storefront

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/laurel-gateway/laurel/verify"
)

func TestSearchInstitutions(t *testing.T) {
	s := newStage(t)
	ref, by := verify.StoreRef{ID: s.store.ID, Test: true}, verify.Actor{Name: "test"}
	var paths []verify.Path
	for id, name := range map[string]string{"tum": "Technische Universität München", "lmu": "Ludwig-Maximilians-Universität", "mit": "Massachusetts Institute of Technology"} {
		config := `{"name":"` + name + `","issuer":"https://` + id + `.example","client_id":"laurel","token_auth":"none","preset":"refeds"}`
		_, err := s.verifies.SaveSetting(t.Context(), ref, by, verify.SettingInput{Verifier: "oidc", Instance: id, Config: []byte(config)})
		check(t, err)
		paths = append(paths, verify.Path{verify.Requirement("oidc:" + id)})
	}
	_, err := s.verifies.SavePolicy(t.Context(), ref, by, verify.Policy{Group: "teacher", Paths: paths, Validity: verify.Validity{Days: 30}})
	check(t, err)
	list := func(query string) institutionsView {
		t.Helper()
		a := s.ask(as{key: s.pk}, http.MethodGet, "/v1/storefront/institutions?"+query, "")
		a.want(t, http.StatusOK, "")
		var view institutionsView
		check(t, json.Unmarshal(a.Body.Bytes(), &view))
		return view
	}
	if v := list("group=teacher&q=uni+m%C3%BCn"); len(v.Data) != 1 || v.Data[0].ID != "tum" || v.NextCursor != nil {
		t.Errorf("%+v", v)
	}
	first := list("limit=2")
	if len(first.Data) != 2 || first.NextCursor == nil {
		t.Fatalf("%+v", first)
	}
	if rest := list("limit=2&cursor=" + *first.NextCursor); len(rest.Data) != 1 || rest.NextCursor != nil || rest.Data[0].ID != "tum" {
		t.Errorf("%+v", rest)
	}
	if v := list("group=student"); v.Data == nil || len(v.Data) != 0 {
		t.Errorf("of another group: %+v", v)
	}
	s.ask(as{key: s.pk}, http.MethodGet, "/v1/storefront/institutions?group=wizard", "").want(t, http.StatusUnprocessableEntity, "group_unknown")
	s.ask(as{key: s.pk}, http.MethodGet, "/v1/storefront/institutions?cursor=x", "").want(t, http.StatusUnprocessableEntity, "invalid")
	s.ask(as{key: s.pk}, http.MethodGet, "/v1/storefront/institutions?limit=51", "").want(t, http.StatusUnprocessableEntity, "invalid")
	if other := s.ask(as{key: s.otherPK}, http.MethodGet, "/v1/storefront/institutions", ""); other.Body.String() != `{"data":[],"next_cursor":null}`+"\n" {
		t.Errorf("another store sees %s", other.Body)
	}
}

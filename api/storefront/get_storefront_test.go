package storefront

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestGetStorefront(t *testing.T) {
	s := newStage(t)
	a := s.ask(as{key: s.pk}, http.MethodGet, "/v1/storefront?locale=de", "")
	a.want(t, http.StatusOK, "")
	var view storefrontView
	check(t, json.Unmarshal(a.Body.Bytes(), &view))
	if view.Store.ID != s.store.ID || view.Store.Mode != "test" || view.Consent.Version != "1" || view.Consent.Text["de"] == "" {
		t.Errorf("%s", a.Body)
	}
	if len(view.Groups) != 1 || view.Groups[0].Group != "student" || len(view.Groups[0].Subgroups) == 0 {
		t.Errorf("groups %+v", view.Groups)
	}
	if len(view.Offers) != 2 || view.Offers[0].Description != "Zwanzig weniger" || *view.Offers[0].Subgroup != "university" || view.Offers[1].Description != "" {
		t.Errorf("offers %+v", view.Offers)
	}
	if strings.Contains(a.Body.String(), ":null,\"text\"") || strings.Contains(a.Body.String(), `"providers":null`) {
		t.Errorf("a list is null: %s", a.Body)
	}
	other := s.ask(as{key: s.otherPK}, http.MethodGet, "/v1/storefront", "")
	if strings.Contains(other.Body.String(), s.store.ID) {
		t.Error("another store's key sees this store")
	}
	s.ask(s.session("c-1"), http.MethodGet, "/v1/storefront", "").want(t, http.StatusForbidden, "forbidden")
}

package storefront

import (
	"net/http"
	"testing"
)

func TestConfirmVerification(t *testing.T) {
	s := newStage(t)
	guest := `{"group":"student","consent":{"version":"1","accepted":true}}`
	unclaimed := func() answer { return s.ask(as{key: s.pk}, http.MethodPost, "/v1/verifications", guest) }

	t.Run("by the store", func(t *testing.T) {
		v := unclaimed()
		s.ask(as{key: s.sk}, http.MethodPost, v.at("confirm"), `{}`).want(t, http.StatusUnprocessableEntity, "invalid")
		s.ask(as{key: s.sk}, http.MethodPost, v.at("confirm"), `{"customer":"c-1"}`).want(t, http.StatusOK, "")
		s.ask(s.session("c-1"), http.MethodGet, "/v1/verifications/"+v.ID, "").want(t, http.StatusOK, "")
		s.ask(as{key: s.sk}, http.MethodPost, v.at("confirm"), `{"customer":"c-2"}`).want(t, http.StatusConflict, "customer_mismatch")
	})
	t.Run("by a customer session", func(t *testing.T) {
		v := unclaimed()
		who := s.session("c-3")
		s.ask(who, http.MethodPost, v.at("confirm"), `{}`).want(t, http.StatusNotFound, "not_found")
		who.secret = v.ClientSecret
		s.ask(who, http.MethodPost, v.at("confirm"), `{"customer":"c-4"}`).want(t, http.StatusConflict, "customer_mismatch")
		a := s.ask(who, http.MethodPost, v.at("confirm"), `{}`)
		a.want(t, http.StatusOK, "")
		if *a.verificationView.Customer != "c-3" {
			t.Errorf("%s", a.Body)
		}
	})
	t.Run("by others", func(t *testing.T) {
		v := unclaimed()
		s.ask(as{s.pk, v.ClientSecret}, http.MethodPost, v.at("confirm"), `{"customer":"c-1"}`).want(t, http.StatusForbidden, "forbidden")
		s.ask(as{key: s.otherSK}, http.MethodPost, v.at("confirm"), `{"customer":"c-1"}`).want(t, http.StatusNotFound, "not_found")
	})
}

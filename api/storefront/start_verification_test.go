package storefront

import (
	"net/http"
	"testing"
)

func TestStartVerification(t *testing.T) {
	s := newStage(t)
	for name, tc := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"accepted":           {startBody, 201, ""},
		"without consent":    {`{"group":"student"}`, 422, "consent_missing"},
		"not accepted":       {`{"group":"student","consent":{"version":"1","accepted":false}}`, 422, "consent_missing"},
		"another text":       {`{"group":"student","consent":{"version":"0","accepted":true}}`, 422, "consent_missing"},
		"unknown group":      {`{"group":"pirate","consent":{"version":"1","accepted":true}}`, 422, "group_unknown"},
		"group without path": {`{"group":"teacher","consent":{"version":"1","accepted":true}}`, 409, "policy_missing"},
		"unknown field":      {`{"group":"student","consent":{"version":"1","accepted":true,"extra":1}}`, 422, "invalid"},
		"offer of no shape":  {`{"group":"student","offer_id":"1","consent":{"version":"1","accepted":true}}`, 422, "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			s.ask(as{key: s.pk}, http.MethodPost, "/v1/verifications", tc.body).want(t, tc.status, tc.code)
		})
	}
	first := s.askOnce(as{key: s.pk}, "one", http.MethodPost, "/v1/verifications", startBody)
	again := s.askOnce(as{key: s.pk}, "one", http.MethodPost, "/v1/verifications", startBody)
	if first.Body.String() != again.Body.String() || again.Header().Get("Idempotency-Replayed") != "true" || first.ClientSecret == "" {
		t.Errorf("first %s\nagain %s", first.Body, again.Body)
	}
	if first.State != "started" && first.State != "collecting" || first.Step != "mock" || len(first.Paths) != 1 || *first.verificationView.Customer != "c-1" || first.Locale != "en" {
		t.Errorf("%s", first.Body)
	}
}

func TestCustomerSessionStartsForItself(t *testing.T) {
	s := newStage(t)
	who := s.session("c-7")
	a := s.ask(who, http.MethodPost, "/v1/verifications", `{"group":"student","consent":{"version":"1","accepted":true}}`)
	a.want(t, http.StatusCreated, "")
	if *a.verificationView.Customer != "c-7" {
		t.Errorf("%s", a.Body)
	}
	s.ask(who, http.MethodGet, "/v1/verifications/"+a.ID, "").want(t, http.StatusOK, "")
	s.ask(who, http.MethodPost, "/v1/verifications", startBody).want(t, http.StatusConflict, "customer_mismatch")
}

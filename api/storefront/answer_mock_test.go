package storefront

import (
	"net/http"
	"testing"
)

func TestAnswerMock(t *testing.T) {
	s := newStage(t)
	for name, tc := range map[string]struct {
		first       string
		status      int
		code, state string
	}{
		"verified": {"VERIFIED", 200, "", "verified"},
		"rejected": {"REJECTED", 200, "", "rejected"},
		"review":   {"REVIEW", 200, "", "pending_review"},
		"error":    {"ERROR", 503, "provider_unavailable", ""},
		"other":    {"ADA", 422, "invalid", ""},
	} {
		t.Run(name, func(t *testing.T) {
			// The mock verifier knows people by their customer: each needs one of its own.
			v := s.ask(as{key: s.pk}, http.MethodPost, "/v1/verifications", `{"group":"student","consent":{"version":"1","accepted":true}}`)
			a := s.ask(as{s.pk, v.ClientSecret}, http.MethodPost, v.at("steps/mock"), `{"first_name":"`+tc.first+`"}`)
			a.want(t, tc.status, tc.code)
			if string(a.State) != tc.state {
				t.Errorf("state %s: %s", a.State, a.Body)
			}
			if tc.state == "rejected" && (len(a.verificationView.Errors) != 1 || a.verificationView.Errors[0].Code != "not_eligible") {
				t.Errorf("errors %s", a.Body)
			}
			if tc.status == 503 && a.Header().Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		})
	}
}

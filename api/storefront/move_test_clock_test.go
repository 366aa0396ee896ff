package storefront

import (
	"net/http"
	"testing"
	"time"
)

func TestMoveTestClock(t *testing.T) {
	s := newStage(t)
	v, client := s.started()
	for name, tc := range map[string]struct {
		key, body string
		status    int
		code      string
	}{
		"neither":    {s.sk, `{}`, 422, "invalid"},
		"both":       {s.sk, `{"advance":"1h","now":"2090-01-01T00:00:00Z"}`, 422, "invalid"},
		"no length":  {s.sk, `{"advance":"soon"}`, 422, "invalid"},
		"backwards":  {s.sk, `{"advance":"-1h"}`, 422, "invalid"},
		"the past":   {s.sk, `{"now":"2001-01-01T00:00:00Z"}`, 422, "invalid"},
		"live store": {s.liveSK, `{"advance":"1h"}`, 403, "test_store_only"},
		"public key": {s.pk, `{"advance":"1h"}`, 403, "forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			s.ask(as{key: tc.key}, http.MethodPost, "/v1/test-clock", tc.body).want(t, tc.status, tc.code)
		})
	}
	moved := s.askOnce(as{key: s.sk}, "one", http.MethodPost, "/v1/test-clock", `{"advance":"720h"}`)
	moved.want(t, http.StatusOK, "")
	if ahead := time.Until(moved.Now); ahead < 719*time.Hour || ahead > 721*time.Hour {
		t.Errorf("moved to %s", moved.Now)
	}
	again := s.askOnce(as{key: s.sk}, "one", http.MethodPost, "/v1/test-clock", `{"advance":"720h"}`)
	if again.Body.String() != moved.Body.String() {
		t.Error("the clock moved twice")
	}
	if read := s.ask(client, http.MethodGet, "/v1/verifications/"+v.ID, ""); read.State != "expired" {
		t.Errorf("after 30 days the verification is %s", read.State)
	}
}

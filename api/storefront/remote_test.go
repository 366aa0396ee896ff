package storefront

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/verify"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// later is a remote verifier that decides about everything later.
type later struct {
	signer  *standardwebhooks.Webhook
	request struct {
		RequestID    string `json:"request_id"`
		Verification string `json:"verification_id"`
		DecisionURL  string `json:"decision_url"`
	}
}

// staffed gives the store a policy for employees that asks such a one.
func (s *stage) staffed() *later {
	s.t.Helper()
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
	signer, err := standardwebhooks.NewWebhook(secret)
	check(s.t, err)
	l := &later{signer: signer}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(raw, &l.request)
		}
		if err != nil {
			s.t.Error(err)
		}
		body := []byte(`{"decision":"pending"}`)
		for name, value := range l.headers(s.t, r.Header.Get("Webhook-Id"), body) {
			w.Header().Set(name, value)
		}
		if _, err := w.Write(body); err != nil {
			s.t.Error(err)
		}
	}))
	s.t.Cleanup(server.Close)
	ref, by := verify.StoreRef{ID: s.store.ID, Test: true}, verify.Actor{Name: "test"}
	_, err = s.verifies.SaveSetting(s.t.Context(), ref, by, verify.SettingInput{Verifier: "remote", Instance: "staff", Secret: secret, Config: []byte(`{"name":"Staff","url":"` +
		server.URL + `","fields":[{"name":"number","label":{"en":"Number"},"type":"text","required":true}]}`)})
	check(s.t, err)
	_, err = s.verifies.SavePolicy(s.t.Context(), ref, by, verify.Policy{Group: "employee", Paths: []verify.Path{{"remote:staff"}}, Validity: verify.Validity{Days: 30}})
	check(s.t, err)
	return l
}

func (l *later) headers(t *testing.T, id string, body []byte) map[string]string {
	t.Helper()
	signature, err := l.signer.Sign(id, time.Now(), body)
	check(t, err)
	return map[string]string{"Webhook-Id": id, "Webhook-Timestamp": strconv.FormatInt(time.Now().Unix(), 10), "Webhook-Signature": signature}
}

// waiting starts a verification and answers the remote step.
func (s *stage) waiting() (answer, as) {
	s.t.Helper()
	a := s.ask(as{key: s.pk}, http.MethodPost, "/v1/verifications", `{"group":"employee","consent":{"version":"1","accepted":true}}`)
	a.want(s.t, http.StatusCreated, "")
	client := as{s.pk, a.ClientSecret}
	got := s.ask(client, http.MethodPost, a.at("steps/remote"), `{"fields":{"number":"E-1"}}`)
	got.want(s.t, http.StatusOK, "")
	if got.State != verify.PendingReview || got.Step != verify.StepPending {
		s.t.Fatalf("%s", got.Body)
	}
	return a, client
}

// deliver posts a signed decision.
func (s *stage) deliver(l *later, path, body string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for name, value := range l.headers(s.t, id.New("dec"), []byte(body)) {
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	s.api.ServeHTTP(rec, r)
	return rec
}

func TestARemoteVerifierDecidesLater(t *testing.T) {
	s := newStage(t)
	l := s.staffed()
	v, client := s.waiting()
	path := DecisionPath(s.store.ID, v.ID)
	if l.request.Verification != v.ID || l.request.DecisionURL != "https://laurel.example"+path {
		t.Fatalf("%+v", l.request)
	}
	body := `{"decision":"verified","verification_id":"` + v.ID + `","request_id":"` + l.request.RequestID + `","identifiers":["E-1"]}`
	for name, rec := range map[string]*httptest.ResponseRecorder{
		"of no store":        s.deliver(l, DecisionPath("sto_none", v.ID), body),
		"of no verification": s.deliver(l, DecisionPath(s.store.ID, "ver_none"), body),
		"unsigned": func() *httptest.ResponseRecorder {
			other, err := standardwebhooks.NewWebhookRaw([]byte(strings.Repeat("x", 32)))
			check(t, err)
			return s.deliver(&later{signer: other}, path, body)
		}(),
	} {
		if rec.Code != http.StatusConflict || !strings.Contains(rec.Body.String(), `"decision_refused"`) {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
	if rec := s.deliver(l, path, strings.Replace(body, "identifiers", "persons", 1)); rec.Code != http.StatusUnprocessableEntity {
		t.Errorf("an unknown field: %d %s", rec.Code, rec.Body)
	}
	if rec := s.deliver(l, path, body); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), `"state":"verified"`) {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	s.ask(client, http.MethodGet, "/v1/verifications/"+v.ID, "").want(t, http.StatusOK, "")
}

func TestASecretKeyDecides(t *testing.T) {
	s := newStage(t)
	s.staffed()
	v, client := s.waiting()
	const yes = `{"decision":"verified","identifiers":["E-1"]}`
	s.ask(client, http.MethodPost, v.at("decision"), yes).want(t, http.StatusForbidden, "forbidden")
	s.ask(as{key: s.otherSK}, http.MethodPost, v.at("decision"), yes).want(t, http.StatusNotFound, "not_found")
	s.ask(as{key: s.sk}, http.MethodPost, v.at("decision"), `{"decision":"verified","request_id":"msg_x","identifiers":["E-1"]}`).want(t, http.StatusConflict, "decision_refused")
	s.ask(as{key: s.sk}, http.MethodPost, v.at("decision"), `{"decision":"maybe"}`).want(t, http.StatusUnprocessableEntity, "invalid")
	got := s.askOnce(as{key: s.sk}, "one", http.MethodPost, v.at("decision"), yes)
	got.want(t, http.StatusOK, "")
	if got.State != verify.Verified {
		t.Fatalf("%s", got.Body)
	}
	again := s.askOnce(as{key: s.sk}, "one", http.MethodPost, v.at("decision"), yes)
	if again.want(t, http.StatusOK, ""); again.Header().Get("Idempotency-Replayed") != "true" {
		t.Error("the second answer is not the first")
	}
	s.ask(as{key: s.sk}, http.MethodPost, v.at("decision"), yes).want(t, http.StatusOK, "")
	s.ask(as{key: s.sk}, http.MethodPost, v.at("decision"), `{"decision":"rejected"}`).want(t, http.StatusConflict, "invalid_step")
}

func TestTheFormStandsInTheStorefront(t *testing.T) {
	s := newStage(t)
	s.staffed()
	a := s.ask(as{key: s.pk}, http.MethodGet, "/v1/storefront", "")
	var view storefrontView
	check(t, json.Unmarshal(a.Body.Bytes(), &view))
	if len(view.Forms) != 1 || view.Forms[0].ID != "staff" || view.Forms[0].Fields[0].Name != "number" || !view.Forms[0].Fields[0].Required || len(view.Providers) != 0 {
		t.Errorf("%+v", view.Forms)
	}
	if strings.Contains(a.Body.String(), "127.0.0.1") {
		t.Error("the address of the verifier is shown")
	}
}

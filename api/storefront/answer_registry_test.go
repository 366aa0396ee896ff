package storefront

import (
	"net/http"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/verify"
)

func TestAnswerRegistry(t *testing.T) {
	s := newStage(t)
	s.staff()
	const path = "steps/registry"
	begin := func() (answer, as) {
		v := s.ask(as{key: s.pk}, http.MethodPost, "/v1/verifications", `{"group":"teacher","consent":{"version":"1","accepted":true}}`)
		v.want(t, http.StatusCreated, "")
		return v, as{s.pk, v.ClientSecret}
	}
	v, client := begin()
	if v.Step != verify.StepRegistry {
		t.Fatalf("the first step is %s", v.Step)
	}
	s.ask(client, http.MethodPost, v.at(path), `{"number":"T-100","first_name":"Ada"}`).want(t, http.StatusUnprocessableEntity, "invalid")
	s.ask(client, http.MethodPost, v.at(path), `{"number":"!","first_name":"Ada","last_name":"Lovelace"}`).want(t, http.StatusUnprocessableEntity, "invalid")
	s.ask(client, http.MethodPost, v.at(path), `{"number":"T-100","first_name":"Ada","last_name":"Lovelace","npi":"1"}`).want(t, http.StatusUnprocessableEntity, "invalid")
	s.ask(as{s.pk, "wrong"}, http.MethodPost, v.at(path), `{"number":"T-100","first_name":"Ada","last_name":"Lovelace"}`).want(t, http.StatusNotFound, "not_found")

	// A number of nobody and a name of somebody else get the same answer, to the byte.
	nobody := s.ask(client, http.MethodPost, v.at(path), `{"number":"T-999","first_name":"Ada","last_name":"Lovelace"}`)
	nobody.want(t, http.StatusConflict, "not_eligible")
	other := s.ask(client, http.MethodPost, v.at(path), `{"number":"T-100","first_name":"Eve","last_name":"Guess"}`)
	other.want(t, http.StatusConflict, "not_eligible")
	if a, b := withoutRequest(nobody), withoutRequest(other); a != b {
		t.Errorf("a number of nobody is told\n%s\na name of another\n%s", a, b)
	}
	near, nearClient := begin()
	a := s.ask(nearClient, http.MethodPost, near.at(path), `{"number":"T-100","first_name":"Adda","last_name":"Lovelace"}`)
	a.want(t, http.StatusOK, "")
	if a.State != verify.PendingReview {
		t.Errorf("a near name: %s", a.State)
	}
	a = s.ask(client, http.MethodPost, v.at(path), `{"number":"t 100","first_name":"ADA","last_name":"lovelace","state":""}`)
	a.want(t, http.StatusOK, "")
	if a.State != verify.Verified || a.Attestation == nil || *a.Attestation.Subgroup != "k12" {
		t.Errorf("verified: %s", a.Body)
	}
	for _, hidden := range []string{"Ada", "Lovelace", "T-100", "t 100", "T100"} {
		if strings.Contains(a.Body.String(), hidden) {
			t.Errorf("the answer holds %q", hidden)
		}
	}
	s.ask(client, http.MethodPost, v.at(path), `{"number":"T-100","first_name":"Eve","last_name":"Guess"}`).want(t, http.StatusConflict, "invalid_step")
}

// withoutRequest is a problem without the id of its request.
func withoutRequest(a answer) string {
	body := a.Body.String()
	if id := a.Header().Get("X-Request-Id"); id != "" {
		body = strings.ReplaceAll(body, id, "…")
	}
	return body
}

// staff gives the store a roster, and a policy that rests on it.
func (s *stage) staff() {
	s.t.Helper()
	ref, by := verify.StoreRef{ID: s.store.ID, Test: true}, verify.Actor{Name: "test"}
	_, err := s.verifies.SaveRoster(s.t.Context(), ref, by, verify.RosterInput{Name: "staff", Title: "Staff", Group: "teacher", Subgroup: "k12", Confidential: true,
		Text: "number,first_name,last_name\nT-100,Ada,Lovelace\n"})
	check(s.t, err)
	_, err = s.verifies.SavePolicy(s.t.Context(), ref, by, verify.Policy{Group: "teacher", Paths: []verify.Path{{"registry:staff"}}, Validity: verify.Validity{Days: 30}})
	check(s.t, err)
}

package admin_test

import (
	"testing"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/verify"
)

// inReview brings a verification of a customer before the reviewers, and returns it with its review.
func (g *gateway) inReview(customer string) (verification, review string) {
	g.t.Helper()
	store := verify.StoreRef{ID: g.store, Test: true}
	started, err := g.verify.Start(g.t.Context(), verify.StartRequest{Store: store, Group: "student", Subgroup: "university", Customer: customer, Confirmed: true,
		Locale: "en", ConsentVersion: "1"})
	must(g.t, err)
	verification = started.Verification.ID
	_, err = g.verify.Answer(g.t.Context(), store, verification, verify.Answer{Step: verify.StepMock, Fields: map[string]string{"first_name": "REVIEW"}})
	must(g.t, err)
	for _, r := range g.list("{store}/reviews?state=open") {
		if row := r.(map[string]any); row["verification_id"] == verification {
			return verification, row["id"].(string)
		}
	}
	g.t.Fatal("nobody is asked to review")
	return "", ""
}

func TestAReviewIsTakenReadAndDecided(t *testing.T) {
	g := newGateway(t)
	g.ok(g.operator, "POST", "{store}/policies", `{`+policy+`}`)
	ver, rev := g.inReview("c-1")
	at := "{store}/reviews/" + rev
	if q := g.ok(g.operator, "GET", "{store}/review-queue", ""); q["waiting"] != 1.0 || q["mine"] != 0.0 || q["oldest_at"] == nil || q["groups"].([]any)[0].(map[string]any)["group"] != "student" {
		t.Errorf("%v", q)
	}
	taken := g.ok(g.operator, "POST", "{store}/review-queue/next", `{"group":"student"}`)
	if taken["id"] != rev || taken["mine"] != true || taken["claimed_until"] == nil || taken["why"].([]any)[0] != "mock" || taken["collected"] != nil {
		t.Errorf("%v", taken)
	}
	if q := g.ok(g.operator, "GET", "{store}/review-queue", ""); q["mine"] != 1.0 || q["taken"] != 0.0 {
		t.Errorf("%v", q)
	}
	file := g.ok(g.operator, "GET", at, "")
	collected := file["collected"].([]any)[0].(map[string]any)
	if collected["requirement"] != "mock" || collected["fields"].(map[string]any)["first_name"] != "REVIEW" || file["customer"] != "c-1" || file["own"] != false || len(file["evidence"].([]any)) != 1 {
		t.Errorf("%v", file)
	}
	if p := g.refused(g.operator, "POST", at+"/decision", `{"approve":false}`, 422, "invalid"); len(p) != 1 || p[0] != "#/reasons" {
		t.Errorf("%v", p)
	}
	if p := g.refused(g.operator, "POST", at+"/decision", `{"approve":false,"reasons":["other","tired"]}`, 422, "invalid"); len(p) != 1 || p[0] != "#/reasons/1" {
		t.Errorf("%v", p)
	}
	if r := g.ok(g.operator, "POST", at+"/decision", `{"approve":true}`); r["decided"] != true || r["state"] != "verified" || r["verification_id"] != ver {
		t.Errorf("%v", r)
	}
	g.refused(g.operator, "POST", at+"/decision", `{"approve":true}`, 409, "review_decided")
	decided := g.list("{store}/reviews?state=decided")[0].(map[string]any)
	if votes := decided["votes"].([]any); decided["state"] != "approved" || decided["decided_at"] == nil || len(votes) != 1 || decided["voted"] != true {
		t.Errorf("%v", decided)
	}
	g.refused(g.operator, "POST", "{store}/review-queue/next", `{}`, 404, "not_found")
	for action, want := range map[string]int{"review.claimed": 1, "review.viewed": 1, "review.decided": 1} {
		if got := g.list("{store}/audit?action=" + action); len(got) != want || got[0].(map[string]any)["target"] != rev {
			t.Errorf("%s: %v", action, got)
		}
	}
	explained := g.ok(g.operator, "GET", "{store}/verifications/"+ver+"/decisions", "")
	if d := explained["decisions"].([]any)[0].(map[string]any); d["decided"] != "verified" || d["replayed"] != "same" || d["receipt"] == "" {
		t.Errorf("%v", explained)
	}
}

// The one who made the proof does not decide about it: not by name of the customer, whatever the case of its letters.
func TestNobodyReviewsTheirOwnProof(t *testing.T) {
	g := newGateway(t)
	g.ok(g.operator, "POST", "{store}/policies", `{`+policy+`}`)
	_, rev := g.inReview("Reviewer@Shop.Example")
	cookie := g.person(console.Reviewer)
	if file := g.ok(cookie, "GET", "{store}/reviews/"+rev, ""); file["own"] != true {
		t.Errorf("%v", file)
	}
	g.refused(cookie, "POST", "{store}/reviews/"+rev+"/claim", "", 403, "review_own")
	g.refused(cookie, "POST", "{store}/reviews/"+rev+"/decision", `{"approve":true}`, 403, "review_own")
	g.refused(cookie, "POST", "{store}/review-queue/next", `{}`, 404, "not_found")
	if r := g.ok(g.operator, "POST", "{store}/review-queue/next", `{}`); r["id"] != rev {
		t.Errorf("%v", r)
	}
}

func TestTheReasonsToRefuseAreListed(t *testing.T) {
	g := newGateway(t)
	reasons := g.list("{store}/review-reasons")
	if len(reasons) != len(verify.RejectReasons()) || reasons[0].(map[string]any)["code"] != "document_unreadable" {
		t.Errorf("%v", reasons)
	}
}

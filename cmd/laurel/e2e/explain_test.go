package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/laurel-gateway/laurel/verify"
)

// TestDecisionsAreExplained: a server reads why, replays the decision and checks its receipt with the public keys; so
// does an operator on the command line. A shopper gets none of it.
func TestDecisionsAreExplained(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s, other := furnish(t, h.Gateway, "Explained"), furnish(t, h.Gateway, "Other")
		page, c := s.page(h.url), s.server(h.url)
		started := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}}))
		shopper := page.with("Laurel-Client-Secret", started.text("client_secret"))
		path := "/v1/verifications/" + started.text("id")
		shopper.must(t, http.StatusOK, post(path+"/steps/mock", fields{"first_name": "REJECTED"}))
		shopper.must(t, http.StatusOK, post(path+"/steps/mock", fields{"first_name": "VERIFIED"}))

		told := c.must(t, http.StatusOK, get(path+"/decisions"))
		decisions, _ := told.object()["decisions"].([]any)
		if len(decisions) != 2 || told.text("state") != "verified" {
			t.Fatalf("%v", told)
		}
		for i, want := range []string{"rejected", "verified"} {
			d, _ := decisions[i].(fields)
			if d["decided"] != want || d["signature"] != "good" || d["replayed"] != "same" {
				t.Errorf("decision %d: %v", i, d)
			}
			receiptIsOurs(t, h.url, d["receipt"].(string), s.id, started.text("id"))
		}
		if got := shopper.ask(t, get(path+"/decisions")); got.status != http.StatusForbidden && got.status != http.StatusUnauthorized {
			t.Errorf("a shopper reads the decisions: %v", got)
		}
		if got := other.server(h.url).ask(t, get(path+"/decisions")); got.code() != "not_found" {
			t.Errorf("another store reads the decisions: %v", got)
		}

		explain := func(args ...string) finished {
			return laurel(t, p.environ(), "", append([]string{"verify", "explain", started.text("id")}, args...)...)
		}
		if got := explain(); got.code != 0 || !strings.Contains(got.output, "replayed  same") || !strings.Contains(got.output, "signature good") {
			t.Errorf("%+v", got)
		}
		var read struct{ Decisions []struct{ Replayed string } }
		if got := explain("--format", "json"); got.code != 0 || json.Unmarshal([]byte(got.output), &read) != nil || len(read.Decisions) != 2 {
			t.Errorf("%+v", got)
		}
		db := p.open(t)
		bound := c.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "customer": "c-77", "consent": fields{"version": "1", "accepted": true}}))
		c.must(t, http.StatusOK, post("/v1/verifications/"+bound.text("id")+"/steps/mock", fields{"first_name": "VERIFIED"}))
		if n := number(t, db, `SELECT count(*) FROM outbox WHERE type = 'verification.verified' AND payload LIKE '%"customer":"c-77"%'`); n != 1 {
			t.Errorf("%d events tell whose verification it was", n)
		}
		// Somebody with the database makes more of the evidence than it was.
		if _, err := db.Exec(`UPDATE evidence SET classes = '["authority"]' WHERE verification_id = ` + quoted(started.text("id"))); err != nil {
			t.Fatal(err)
		}
		if got := explain(); got.code != 1 || !strings.Contains(got.output, "replayed  other") {
			t.Errorf("evidence that was changed: %+v", got)
		}
		if got := laurel(t, p.environ(), "", "verify", "explain", "ver_nothing"); got.code != 1 || !strings.Contains(got.errors, "no store has") {
			t.Errorf("an unknown verification: %+v", got)
		}
	})
}

// receiptIsOurs checks a receipt as anybody can who has the public keys.
func receiptIsOurs(t *testing.T, base, receipt, store, verification string) {
	t.Helper()
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal(newCaller(base).must(t, http.StatusOK, get("/.well-known/jwks.json")).body, &keys); err != nil {
		t.Fatal(err)
	}
	parsed, err := jose.ParseSignedCompact(receipt, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := parsed.Verify(keys.Key(parsed.Signatures[0].Header.KeyID)[0].Key)
	if err != nil {
		t.Fatal(err)
	}
	var d verify.Decision
	if err := json.Unmarshal(payload, &d); err != nil {
		t.Fatal(err)
	}
	if d.Audience != store || d.Subject != verification || d.Issuer == "" || parsed.Signatures[0].Header.ExtraHeaders[jose.HeaderType] != verify.ReceiptTyp {
		t.Errorf("the receipt says %+v", d)
	}
}

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/datapack"
)

// change is a request with another method.
func change(method, path string, body any) request {
	r := post(path, body)
	r.method = method
	return r
}

// attested proves a mailbox for a customer, whose mail is the one that follows n others.
func (e estate) attested(t *testing.T, h *house, server *mailServer, n int, customer, address string) {
	t.Helper()
	a := e.server(h.url).must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "teacher", "customer": customer, "consent": fields{"version": "1", "accepted": true}}))
	shopper, at := e.page(h.url).with("Laurel-Client-Secret", a.text("client_secret")), "/v1/verifications/"+a.text("id")
	shopper.must(t, http.StatusOK, post(at+"/steps/email", fields{"email": address}))
	if a := shopper.must(t, http.StatusOK, post(at+"/steps/email_code", fields{"code": server.mailed(t, n).code(t)})); a.text("state") != "verified" {
		t.Fatalf("%v", a)
	}
}

// A list of mail domains is imported, looked at, changed with its effect on those who rest on it, and rolled back.
func TestADataPackEndsWhatRestedOnIt(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h, server := postOffice(t, p)
		e := settle(t, h, "districts")
		desk, base := atConsole(h.url, e.ownerCookie), "/v1/admin/stores/"+e.id
		packs := base + "/data-packs"
		// Listed twice over: by hand, and as people send it.
		made := desk.must(t, http.StatusCreated, post(packs, fields{"name": "colleges", "purpose": "eligible", "domains": []string{"North.example"}, "text": "# more\n@south.example\tSouth College\n"}))
		if made.text("digest") == "" || made.object()["version"] != 1.0 || made.object()["count"] != 2.0 {
			t.Fatalf("made: %v", made)
		}
		desk.must(t, http.StatusCreated, post(base+"/policies", fields{"group": "teacher", "paths": [][]string{{"email:colleges"}}, "validity_days": 365}))
		staff := e.offer(t, h.Gateway, offers.Offer{Name: "Staff", Group: "teacher", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 2000}})
		e.attested(t, h, server, 0, "c-north", "ada@staff.north.example")
		e.attested(t, h, server, 1, "c-south", "bob@south.example")
		checkout := e.server(h.url)
		north, south := token(t, checkout, staff, "c-north"), token(t, checkout, staff, "c-south")

		next := fields{"version": 1, "purpose": "eligible", "text": "south.example\neast.example\n", "source": "districts-2027.txt"}
		preview := fields{"name": "colleges", "version": 1, "purpose": "eligible", "text": next["text"]}
		dry := desk.must(t, http.StatusOK, post(packs+"/preview", preview))
		if dry.object()["attestations_affected"] != 1.0 || !strings.Contains(string(dry.body), `"domain":"staff.north.example"`) || !strings.Contains(string(dry.body), `"domains_in":1`) {
			t.Fatalf("the effect: %v", dry)
		}
		path := packs + "/colleges"
		if a := desk.ask(t, change(http.MethodPut, path, next)); a.status != http.StatusConflict {
			t.Fatalf("without a choice: %v", a)
		}
		live(t, checkout, north, true)
		next["affected"], next["expect_digest"] = "end", "sha256:other"
		if a := desk.ask(t, change(http.MethodPut, path, next)); a.status != http.StatusConflict {
			t.Fatalf("with another digest: %v", a)
		}
		delete(next, "expect_digest")
		desk.must(t, http.StatusOK, change(http.MethodPut, path, next))
		live(t, checkout, north, false)
		live(t, checkout, south, true)
		ref := verify.StoreRef{ID: e.id, Test: true}
		if held, err := h.Verify.Attestations(t.Context(), ref, "c-north"); err != nil || held[0].EndReason != verify.ReasonDomainWithdrawn {
			t.Fatalf("attestations %+v, %v", held, err)
		}
		e.rollsBack(t, desk, path)
		e.attested(t, h, server, 2, "c-north", "ada@staff.north.example")
	})
}

// rollsBack brings the first version back, and looks at the history.
func (e estate) rollsBack(t *testing.T, desk caller, path string) {
	t.Helper()
	back := desk.must(t, http.StatusOK, post(path+"/roll-back", fields{"to": 1, "version": 2, "affected": "keep"}))
	if back.object()["attestations_affected"] != 0.0 {
		t.Errorf("rolled back: %v", back)
	}
	history := desk.must(t, http.StatusOK, get(path+"/versions"))
	for _, want := range []string{`"rolled_back_to":1`, `"source":"districts-2027.txt"`, `"affected":"end"`, `"attestations_affected":1`, `"by":"` + e.owner} {
		if !strings.Contains(string(history.body), want) {
			t.Errorf("the history lacks %s: %v", want, history)
		}
	}
	if a := desk.must(t, http.StatusOK, get(path+"/versions/3?from=2")); !strings.Contains(string(a.body), `"domain":"north.example"`) {
		t.Errorf("compared: %v", a)
	}
	if a := desk.must(t, http.StatusOK, get(path+"/domains?q=college")); !strings.Contains(string(a.body), `"organisation":"South College"`) || strings.Contains(string(a.body), "north") {
		t.Errorf("domains: %v", a)
	}
	desk.must(t, http.StatusOK, change(http.MethodPut, path+"/pin", fields{"version": 3}))
	if a := desk.must(t, http.StatusOK, get(path)); a.object()["pinned"] != true || a.object()["in_force"] != 3.0 {
		t.Errorf("pinned: %v", a)
	}
	if audit := desk.must(t, http.StatusOK, get(strings.TrimSuffix(path, "/data-packs/colleges")+"/audit?limit=100")); strings.Count(string(audit.body), "data_pack.saved") < 3 || !strings.Contains(string(audit.body), "data_pack.pinned") {
		t.Errorf("the audit trail: %v", audit)
	}
}

// live waits until introspection knows whether a token is live: it may lag a little behind.
func live(t *testing.T, c caller, token string, want bool) {
	t.Helper()
	eventually(t, fmt.Sprintf("the token is live: %v", want), func() bool {
		return c.must(t, http.StatusOK, post("/v1/offer-tokens/introspect", fields{"token": token})).object()["active"] == want
	})
}

// An operator imports a newer list of schools, which stands in place of the shipped one in every store that is not pinned.
func TestAnOperatorImportsSchools(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h, server := postOffice(t, p)
		e := settle(t, h, "campus")
		desk, base := atConsole(h.url, e.ownerCookie), "/v1/admin/stores/"+e.id
		desk.must(t, http.StatusCreated, post(base+"/policies", fields{"group": "teacher", "paths": [][]string{{"email"}}, "validity_days": 365}))
		staff := e.offer(t, h.Gateway, offers.Offer{Name: "Staff", Group: "teacher", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 2000}})
		e.attested(t, h, server, 0, "c-mit", "ada@csail.mit.edu")
		given := token(t, e.server(h.url), staff, "c-mit")

		operator, err := gateway.OpenLibrarian(t.Context(), h.Config, h.DB)
		if err != nil {
			t.Fatal(err)
		}
		// The school is still listed, and its addresses are sold.
		in := verify.PackInput{Name: "academic", Affected: verify.EndAffected, Content: datapack.New([]datapack.Entry{
			{Purpose: verify.Eligible, Domain: "mit.edu"}, {Purpose: verify.Eligible, Domain: "cam.ac.uk"}, {Purpose: verify.Abused, Domain: "mit.edu"}})}
		dry, err := operator.Save(t.Context(), verify.Actor{Name: "test"}, in, true)
		if err != nil || dry.Attestations != 1 || dry.Domains[0].Domain != "csail.mit.edu" {
			t.Fatalf("dry run %+v, %v", dry, err)
		}
		live(t, e.server(h.url), given, true)
		if _, err := operator.Save(t.Context(), verify.Actor{Name: "test"}, in, false); err != nil {
			t.Fatal(err)
		}
		if n, err := operator.Settle(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d ended, %v", n, err)
		}
		live(t, e.server(h.url), given, false)
		if a := desk.must(t, http.StatusOK, get(base+"/data-packs")); !strings.Contains(string(a.body), `"scope":"gateway"`) {
			t.Errorf("data packs of the store: %v", a)
		}
		page := e.page(h.url)
		begun := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "teacher", "consent": fields{"version": "1", "accepted": true}}))
		refused := page.with("Laurel-Client-Secret", begun.text("client_secret")).ask(t, post("/v1/verifications/"+begun.text("id")+"/steps/email", fields{"email": "eve@mit.edu"}))
		if refused.code() != "email_not_eligible" {
			t.Errorf("an abused domain: %v", refused)
		}
	})
}

// The commands of operators, on a database of their own.
func TestDataPacksOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	environ := []string{"LAUREL_DATA_DIR=" + filepath.Join(dir, "data")}
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	says := func(code int, want string, args ...string) {
		t.Helper()
		got := laurel(t, environ, "", append([]string{"data"}, args...)...)
		if got.code != code || !strings.Contains(got.output+got.errors, want) {
			t.Errorf("laurel data %v: %d, want %d and %q:\n%s%s", args, got.code, code, want, got.output, got.errors)
		}
	}
	list := write("hospitals.txt", "a.example\nb.example\n")
	write("swot/lib/domains/edu/mit.txt", "Massachusetts Institute of Technology\n")
	write("swot/lib/domains/abused.txt", "sold.edu\n")
	write("swot/lib/domains/stoplist.txt", "parents.mit.edu\n")

	says(0, "nothing was changed", "import", list, "--name", "hospitals", "--dry-run")
	says(0, "hospitals version 1: 2 domains in, 0 out, 0 attestations affected", "import", list, "--name", "hospitals")
	says(0, "nothing is changed", "import", list, "--name", "hospitals")
	write("hospitals.txt", "b.example\nc.example\n")
	says(1, "its digest is sha256:", "import", list, "--name", "hospitals", "--digest", "sha256:other")
	says(0, "hospitals version 2: 1 domains in, 1 out", "import", list, "--name", "hospitals")
	says(0, "hospitals version 3: 1 domains in, 1 out", "rollback", "hospitals", "--to", "1")
	says(0, "rolled back to version 1", "history", "hospitals")
	says(0, "academic version 1: 3 domains in", "import", filepath.Join(dir, "swot"), "--name", "academic")
	says(0, "1 eligible, 1 abused, 1 stopped", "list")
	says(0, "academic removed: 0 domains in, 3 out", "remove", "academic")
	says(1, "no such data pack", "history", "academic")
	says(1, "text/1", "import", write("bad.txt", "gmail.com\n"), "--name", "bad")
	says(1, "there is no store", "list", "--store", "sto_nobody")
}

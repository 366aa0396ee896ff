package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The master key is changed while the gateway serves: what the old key sealed is sealed anew, the old key goes, and
// everything that was sealed still works, in the running gateway and in a new one.
func TestTheMasterKeyIsChanged(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		e := settle(t, h, "sealed")
		run := func(code int, args ...string) string {
			t.Helper()
			done := laurel(t, p.environ(), "", append([]string{"keys", "master"}, args...)...)
			if done.code != code {
				t.Fatalf("%v: code %d, want %d\n%s%s", args, done.code, code, done.output, done.errors)
			}
			return done.output + done.errors
		}
		file := filepath.Join(p.dataDir, "master.key")
		first, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		run(0, "rotate")
		if said := run(1, "prune"); !strings.Contains(said, "old keys are still needed") || !strings.Contains(said, "stores.secret: 1 values") {
			t.Errorf("prune before everything is sealed anew: %s", said)
		}
		if said := run(0, "reseal"); !strings.Contains(said, "stores.secret: 1 values, 1 sealed anew") {
			t.Errorf("reseal: %s", said)
		}
		if said := run(0, "reseal"); !strings.Contains(said, "stores.secret: 1 values, 0 sealed anew") {
			t.Errorf("reseal again: %s", said)
		}
		if said := run(1, "prune"); !strings.Contains(said, "less than 10m0s ago") {
			t.Errorf("prune at once: %s", said)
		}
		long := time.Now().Add(-time.Hour)
		if err := os.Chtimes(file, long, long); err != nil {
			t.Fatal(err)
		}
		if said := run(0, "prune"); !strings.Contains(said, "1 old keys are gone") {
			t.Errorf("prune: %s", said)
		}
		second, err := os.ReadFile(file)
		if err != nil || len(second) >= len(first)*2 || string(second) == string(first) {
			t.Fatalf("the file has %d bytes, had %d: %v", len(second), len(first), err)
		}
		for name, base := range map[string]string{"the running gateway": h.url, "a new gateway": open(t, p).url} {
			c := e.server(base)
			if a := c.must(t, http.StatusOK, post("/v1/offer-tokens/introspect", fields{"token": e.token})); a.object()["active"] != true {
				t.Errorf("%s: the token: %v", name, a)
			}
			if a := c.must(t, http.StatusOK, post("/v1/offer-tokens", fields{"offer_id": e.students, "customer": e.customer})); a.text("token") != e.token {
				t.Errorf("%s: the same token again: %v", name, a)
			}
			customer := strings.ReplaceAll(name, " ", "-")
			c.must(t, http.StatusCreated, redemption(token(t, c, e.everyone, customer), customer, "order of "+name))
			atConsole(base, e.ownerCookie).must(t, http.StatusOK, get("/v1/admin/stores/"+e.id+"/providers"))
		}
	})
}

package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/mail"
	"github.com/laurel-gateway/laurel/verify"
)

// TestTheRedTeamAgainstTheDemo runs `laurel redteam` against the tour, as whoever judges Laurel does first.
func TestTheRedTeamAgainstTheDemo(t *testing.T) {
	address := freeAddress(t)
	running := start(t, nil, address, "demo", "--listen", address, "--data", t.TempDir())
	script := newCaller(running.url).must(t, http.StatusOK, get("/demo/config.json"))
	got := laurel(t, []string{"LAUREL_REDTEAM_KEY=" + script.text("secret_key")}, "", "redteam", "--url", running.url,
		"--publishable-key", script.text("publishable_key"), "--origin", running.url, "--inbox", running.url+"/demo/inbox.json", "--mail-domain", "mit.edu")
	if got.code != 0 || !strings.Contains(got.output, "Of 50 honest shoppers 0 were refused") {
		t.Fatalf("exit status %d\n%s%s", got.code, got.output, got.errors)
	}
	if left := regexp.MustCompile(`(?m)^\S+ +not played .*$`).FindAllString(got.output, -1); len(left) > 0 {
		t.Errorf("the demo is not attacked in every way: %v\n%s", left, got.output)
	}
}

// TestTheRedTeamAgainstAStore runs it against a store without anything but mail and the mock verifier, on both databases.
func TestTheRedTeamAgainstAStore(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		inbox := mail.NewInbox(time.Now)
		h := openWith(t, p, inbox)
		s := furnish(t, h.Gateway, "Attacked")
		ref, by := verify.StoreRef{ID: s.id, Test: true}, verify.Actor{Name: "test"}
		policies, err := h.Verify.Policies(t.Context(), ref)
		if err != nil || len(policies) != 1 {
			t.Fatalf("policies %v, %v", policies, err)
		}
		policies[0].Paths = []verify.Path{{"email"}, {"mock"}}
		if _, err := h.Verify.SavePolicy(t.Context(), ref, by, policies[0]); err != nil {
			t.Fatal(err)
		}
		mails := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := json.NewEncoder(w).Encode(inbox.List(r.URL.Query().Get("to"))); err != nil {
				t.Error(err)
			}
		}))
		defer mails.Close()
		args := []string{"redteam", "--url", h.url, "--key", s.secret, "--inbox", mails.URL, "--mail-domain", "mit.edu", "--shoppers", "12"}
		if got := laurel(t, nil, "", args...); got.code != 0 || !strings.Contains(got.output, "Of 12 honest shoppers 0 were refused") {
			t.Errorf("exit status %d\n%s%s", got.code, got.output, got.errors)
		}
		for name, args := range map[string][]string{
			"a live key": {"--url", h.url, "--key", "sk_live_x"}, "an unknown key": {"--url", h.url, "--key", "sk_test_x"},
			"half a mailbox": {"--url", h.url, "--key", s.secret, "--mail-domain", "mit.edu"},
		} {
			if got := laurel(t, nil, "", append([]string{"redteam"}, args...)...); got.code != 2 {
				t.Errorf("%s: exit status %d\n%s%s", name, got.code, got.output, got.errors)
			}
		}
	})
}

package e2e

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// heard is what the example receiver says of one message.
type heard struct {
	Address string
	ID      string
	Refused *string
	Event   struct {
		Type     string
		Livemode bool
		Data     fields
	}
}

// receiver is the example of docs/examples/webhook-node, running: it verifies with the public npm package
// standardwebhooks, which none of the gateway's code knows.
type receiver struct {
	url     string
	secrets string

	mu   sync.Mutex
	said []heard
}

func startReceiver(t *testing.T) *receiver {
	t.Helper()
	library, err := filepath.Abs(root + "/web/node_modules/standardwebhooks/dist/index.js")
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{secrets: filepath.Join(t.TempDir(), "secrets")}
	r.know(t)
	cmd := exec.Command("node", root+"/docs/examples/webhook-node/main.mjs", "--secrets", r.secrets, "--library", "file://"+library)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the receiver: %v", err)
	}
	read := make(chan struct{})
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Errorf("stop the receiver: %v", err)
		}
		<-read
		// It was killed: that is its error.
		_ = cmd.Wait()
	})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var h heard
			secrecy.say("what the receiver of "+t.Name()+" heard", lines.Text())
			if err := json.Unmarshal(lines.Bytes(), &h); err != nil {
				t.Errorf("the receiver wrote %q", lines.Text())
			}
			r.mu.Lock()
			r.said = append(r.said, h)
			r.mu.Unlock()
		}
	}()
	eventually(t, "the receiver listens", func() bool { return len(r.all()) > 0 })
	r.url = r.all()[0].Address
	return r
}

// know gives the receiver the secrets that it believes.
func (r *receiver) know(t *testing.T, secrets ...string) {
	t.Helper()
	if err := os.WriteFile(r.secrets, []byte(strings.Join(secrets, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (r *receiver) all() []heard {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]heard(nil), r.said...)
}

// count is how many messages of a type were believed, and how many were refused.
func (r *receiver) count(kind string) (believed, refused int) {
	for _, h := range r.all() {
		if h.Event.Type == kind {
			believed++
		}
		if h.Refused != nil {
			refused++
		}
	}
	return believed, refused
}

// From a redemption over HTTP to a receiver that somebody else's library guards.
func TestAWebhookIsBelievedByThePublicLibrary(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p.with("LAUREL_OUTGOING_ALLOW_PRIVATE=true"))
		e := settle(t, h, "hooked")
		desk, base := atConsole(h.url, e.ownerCookie), "/v1/admin/stores/"+e.id
		r := startReceiver(t)
		made := desk.must(t, http.StatusCreated, post(base+"/webhooks", fields{"url": r.url, "events": []string{"redemption.created"}}))
		hook, first := base+"/webhooks/"+made.text("webhook", "id"), made.text("secret")
		believed := func(kind string, n int) func() bool {
			return func() bool { got, _ := r.count(kind); return got == n }
		}

		// A receiver that knows another secret believes nothing; the message comes again, and is believed then.
		r.know(t, "whsec_"+strings.Repeat("A", 43)+"=")
		test := desk.must(t, http.StatusCreated, post(hook+"/test", fields{})).text("id")
		eventually(t, "a stranger's message is refused", func() bool { _, refused := r.count(""); return refused == 1 })
		r.know(t, first)
		eventually(t, "the test message", believed("webhook.test", 1))
		var read answer
		eventually(t, "the tries are shown", func() bool {
			read = desk.must(t, http.StatusOK, get(base+"/webhook-deliveries/"+test))
			return read.text("state") == "delivered"
		})
		tries, _ := read.object()["tries"].([]any)
		if len(tries) != 2 || tries[1].(fields)["status"] != float64(http.StatusUnauthorized) || tries[0].(fields)["status"] != float64(http.StatusOK) {
			t.Errorf("the tries: %v", tries)
		}

		redeem := func(who string) {
			given := token(t, e.server(h.url), e.everyone, who)
			e.server(h.url).must(t, http.StatusCreated, redemption(given, who, "o-"+who))
		}
		redeem("before")
		eventually(t, "the first redemption", believed("redemption.created", 1))
		// The secret is changed: both sign, so receivers with either believe.
		second := desk.must(t, http.StatusOK, post(hook+"/rotate-secret", fields{"overlap_hours": 1})).text("secret")
		redeem("during")
		eventually(t, "signed by the old secret", believed("redemption.created", 2))
		r.know(t, second)
		redeem("after")
		eventually(t, "signed by the new secret", believed("redemption.created", 3))
		// Sent again, a message keeps its id: the receiver has handled it and does nothing twice.
		since := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
		again := desk.must(t, http.StatusOK, post(hook+"/replay", fields{"what": "all", "since": since})).object()["replayed"]
		if n, _ := again.(float64); n < 4 {
			t.Errorf("%v were sent again", again)
		}
		eventually(t, "everything arrived again", func() bool {
			waiting := desk.must(t, http.StatusOK, get(hook+"/deliveries?state=waiting")).object()["data"].([]any)
			return len(waiting) == 0
		})
		ids := map[string]int{}
		for _, m := range r.all() {
			if ids[m.ID]++; m.ID != "" && ids[m.ID] > 1 {
				t.Errorf("%s was handled twice", m.ID)
			}
		}
		for _, m := range r.all() {
			if m.Event.Type == "redemption.created" && (m.Event.Livemode || m.Event.Data["order_id"] == nil) {
				t.Errorf("%+v", m)
			}
		}
	})
}

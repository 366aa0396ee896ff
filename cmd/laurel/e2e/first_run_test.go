package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// consoleOrigin is the console's own page at the default public URL.
const consoleOrigin = "http://localhost:8080"

// operator makes an operator on the command line and signs in over HTTP.
func operator(t *testing.T, p place, base string) caller {
	t.Helper()
	return atConsole(base, signIn(t, base, operatorEmail, consolePassword)).with("Origin", consoleOrigin)
}

const operatorEmail = "operator@laurel.example"

func createOperator(t *testing.T, p place) {
	t.Helper()
	made := laurel(t, p.environ(), consolePassword+"\n", "admin", "create", "--email", operatorEmail, "--password-stdin")
	if made.code != 0 || !strings.Contains(made.output, operatorEmail) || strings.Contains(made.output+made.errors, consolePassword) {
		t.Fatalf("admin create: %+v", made)
	}
}

// foundShop goes the way of a first run: store, origins, keys, policy, offer, program, each over the admin API. paths
// are those of the policy for students.
func foundShop(t *testing.T, desk caller, paths ...[]string) shop {
	t.Helper()
	made := desk.must(t, http.StatusCreated, post("/v1/admin/stores", fields{"name": "Founded", "mode": "test", "currency": "USD", "timezone": "Europe/Berlin"}))
	s := shop{id: made.text("id")}
	base := "/v1/admin/stores/" + s.id
	origins := post(base, fields{"version": made.object()["version"], "origins": []string{shopOrigin}})
	origins.method = http.MethodPatch
	desk.must(t, http.StatusOK, origins)
	for kind, plain := range map[string]*string{"publishable": &s.publishable, "secret": &s.secret} {
		key := desk.must(t, http.StatusCreated, post(base+"/keys", fields{"kind": kind, "name": "First"}))
		*plain = keyIn(key.object())
		if !strings.HasPrefix(*plain, map[string]string{"publishable": "pk_test_", "secret": "sk_test_"}[kind]) {
			t.Fatalf("a %s key: %v", kind, key)
		}
	}
	desk.must(t, http.StatusCreated, post(base+"/policies", fields{"group": "student", "paths": paths, "validity_days": 365}))
	s.students = desk.must(t, http.StatusCreated, post(base+"/offers", fields{"name": "Students", "group": "student", "state": "live",
		"benefit": fields{"type": "percentage", "basis_points": 2000}, "limits": fields{}, "token_seconds": 600})).text("id")
	program := post(base+"/program", fields{"version": 0, "name": "Points", "earn": []fields{{"currency": "USD", "per_amount": 100, "points": 1}},
		"window": fields{"type": "rolling", "days": 365}, "tiers": []fields{{"id": "bronze", "name": "Bronze", "threshold": 0}, {"id": "silver", "name": "Silver", "threshold": 500}}})
	program.method = http.MethodPut
	desk.must(t, http.StatusOK, program)
	return s
}

// keyIn finds the one text of an answer that is a key.
func keyIn(v any) string {
	switch v := v.(type) {
	case string:
		if strings.HasPrefix(v, "pk_") || strings.HasPrefix(v, "sk_") {
			return v
		}
	case fields:
		for _, each := range v {
			if key := keyIn(each); len(key) > 20 {
				return key
			}
		}
	}
	return ""
}

func TestFirstRunWithoutADemo(t *testing.T) {
	p := place{dataDir: t.TempDir()}
	createOperator(t, p)
	running := serve(t, p)
	desk := operator(t, p, running.url)
	s := foundShop(t, desk, []string{"mock"})

	page := s.page(running.url)
	shown := page.must(t, http.StatusOK, get("/v1/storefront"))
	if shown.text("store", "name") != "Founded" || !strings.Contains(string(shown.body), s.students) {
		t.Errorf("storefront: %v", shown)
	}
	started := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "offer_id": s.students, "consent": fields{"version": "1", "accepted": true}}))
	shopper := page.with("Laurel-Client-Secret", started.text("client_secret"))
	path := "/v1/verifications/" + started.text("id")
	if a := shopper.must(t, http.StatusOK, post(path+"/steps/mock", fields{"first_name": "VERIFIED"})); a.text("state") != "verified" {
		t.Fatalf("%v", a)
	}
	given := shopper.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": s.students, "verification_id": started.text("id")}))
	c := s.server(running.url)
	order := redemption(given.text("token"), "c-1", "o-1")
	redeemed := c.must(t, http.StatusCreated, order)
	totals, _ := redeemed.object()["totals"].(fields)
	if totals["total"] != 4000.0 || redeemed.object()["points"] != 40.0 {
		t.Errorf("%v", redeemed)
	}
	if code := running.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}

	// The next start finds everything: people, keys, sessions, answers, points.
	running = serve(t, p)
	again(t, s.server(running.url), order, redeemed)
	desk = desk.at(running.url)
	if a := desk.must(t, http.StatusOK, get("/v1/admin/session")); a.text("person", "email") != operatorEmail {
		t.Errorf("%v", a)
	}
	operator(t, p, running.url)
	if a := s.server(running.url).must(t, http.StatusOK, get("/v1/members/c-1")); a.object()["balance"].(fields)["available"] != 40.0 {
		t.Errorf("%v", a)
	}
	wasted := s.server(running.url).ask(t, redemption(given.text("token"), "c-1", "o-2"))
	if wasted.code() != "token_spent" {
		t.Errorf("%v", wasted)
	}
	audit := desk.must(t, http.StatusOK, get("/v1/admin/stores/"+s.id+"/audit"))
	for _, action := range []string{"store.created", "offer.created", "policy.", "key.created", "program."} {
		if !strings.Contains(string(audit.body), action) {
			t.Errorf("the audit does not tell of %s: %v", action, audit)
		}
	}
}

func TestCodesLeaveByMail(t *testing.T) {
	server := startMail(t)
	p := onPostgres(t).with("LAUREL_SMTP_HOST=127.0.0.1", "LAUREL_SMTP_PORT="+server.port(), "LAUREL_SMTP_TLS=none", "LAUREL_SMTP_FROM=Laurel <codes@laurel.example>")
	createOperator(t, p)
	running := serve(t, p)
	s := foundShop(t, operator(t, p, running.url), []string{"email"})
	page := s.page(running.url)
	started := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "locale": "de", "consent": fields{"version": "1", "accepted": true}}))
	shopper, steps := page.with("Laurel-Client-Secret", started.text("client_secret")), "/v1/verifications/"+started.text("id")+"/steps/"
	if a := shopper.ask(t, post(steps+"email", fields{"email": "ada@gmail.com"})); a.code() != "email_not_eligible" {
		t.Errorf("a private mailbox: %v", a)
	}
	if a := shopper.must(t, http.StatusOK, post(steps+"email", fields{"email": "ada@mit.edu"})); a.text("step") != "email_code" {
		t.Fatalf("%v", a)
	}
	var got delivered
	eventually(t, "the mail arrives", func() bool {
		var ok bool
		got, ok = server.last()
		return ok
	})
	if got.to != "ada@mit.edu" || got.from != "codes@laurel.example" {
		t.Errorf("a mail from %s to %s", got.from, got.to)
	}
	wrong := shopper.must(t, http.StatusUnprocessableEntity, post(steps+"email_code", fields{"code": other(got.code(t))}))
	if wrong.code() != "code_invalid" {
		t.Errorf("%v", wrong)
	}
	if a := shopper.must(t, http.StatusOK, post(steps+"email_code", fields{"code": got.code(t)})); a.text("state") != "verified" {
		t.Errorf("%v", a)
	}
	if strings.Contains(running.output.String(), "ada@mit.edu") || strings.Contains(running.output.String(), got.code(t)) {
		t.Error("the log tells who was sent which code")
	}
}

// other is a code that is not the one.
func other(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestTheDemoIsForThisMachineOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:8080", ":8080", "[::]:8080", "192.0.2.1:8080", "example.com:8080"} {
		if ended := laurel(t, nil, "", "demo", "--listen", address, "--data", t.TempDir()); ended.code == 0 || !strings.Contains(ended.errors, "this machine only") {
			t.Errorf("demo on %s: %+v", address, ended)
		}
	}
}

// demoConfig is what scripts read of the demo.
type demoConfig struct {
	PublishableKey string `json:"publishable_key"`
	SecretKey      string `json:"secret_key"`
	StoreID        string `json:"store_id"`
	Offers         []struct{ ID, Group, Name string }
	Admin          struct{ Email, Password string }
	OtherStore     struct {
		PublishableKey string `json:"publishable_key"`
		SecretKey      string `json:"secret_key"`
		StoreID        string `json:"store_id"`
	} `json:"other_store"`
}

func readDemo(t *testing.T, c caller) (cfg demoConfig, raw string) {
	t.Helper()
	a := c.must(t, http.StatusOK, get("/demo/config.json"))
	if err := json.Unmarshal(a.body, &cfg); err != nil {
		t.Fatal(err)
	}
	return cfg, string(a.body)
}

func TestTheDemoKeepsEverything(t *testing.T) {
	dir, address := t.TempDir(), freeAddress(t)
	run := func() *process { return start(t, nil, address, "demo", "--listen", address, "--data", dir) }
	running := run()
	anyone := newCaller(running.url)
	cfg, first := readDemo(t, anyone)
	groups := map[string]string{}
	for _, o := range cfg.Offers {
		groups[o.Group] = o.ID
		if o.Name == "" {
			t.Errorf("an offer without a name: %+v", o)
		}
	}
	if len(cfg.Offers) != 5 || groups["student"] == "" || groups["teacher"] == "" || groups["military"] == "" || groups["healthcare"] == "" || groups["employee"] == "" {
		t.Errorf("offers: %+v", cfg.Offers)
	}
	if cfg.StoreID == cfg.OtherStore.StoreID || cfg.OtherStore.SecretKey == "" || cfg.OtherStore.PublishableKey == "" {
		t.Errorf("the other store: %+v", cfg.OtherStore)
	}
	for _, path := range []string{"/demo", "/demo/inbox", "/admin", "/docs", "/openapi.json", "/widget.js"} {
		anyone.must(t, http.StatusOK, get(path))
	}
	if !strings.Contains(running.output.String(), cfg.Admin.Password) || !strings.Contains(running.output.String(), "/demo/inbox") {
		t.Errorf("the welcome does not say where things are:\n%s", running.output)
	}

	s := shop{secret: cfg.SecretKey, publishable: cfg.PublishableKey, students: groups["student"]}
	page := newCaller(running.url).bearer(s.publishable)
	started := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}}))
	shopper, steps := page.with("Laurel-Client-Secret", started.text("client_secret")), "/v1/verifications/"+started.text("id")+"/steps/"
	shopper.must(t, http.StatusOK, post(steps+"email", fields{"email": "Ada@mit.edu"}))
	shopper.must(t, http.StatusOK, post(steps+"email_code", fields{"code": codeInInbox(t, anyone, "ada@mit.edu")}))
	given := shopper.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": s.students, "verification_id": started.text("id")}))
	order := redemption(given.text("token"), "c-1", "o-1")
	redeemed := s.server(running.url).must(t, http.StatusCreated, order)
	if code := running.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}

	running = run()
	if _, second := readDemo(t, newCaller(running.url)); second != first {
		t.Errorf("the second start says\n%s, the first\n%s", second, first)
	}
	again(t, s.server(running.url), order, redeemed)
	if a := s.server(running.url).must(t, http.StatusOK, get("/v1/members/c-1")); a.object()["balance"].(fields)["available"] != 40.0 {
		t.Errorf("%v", a)
	}
	signIn(t, running.url, cfg.Admin.Email, cfg.Admin.Password)
}

// codeInInbox waits for a mail in the demo's inbox and returns its code.
func codeInInbox(t *testing.T, c caller, to string) string {
	t.Helper()
	var mails []struct {
		To, Subject, Text, Code string
		SentAt                  string `json:"sent_at"`
	}
	eventually(t, "a mail is in the inbox", func() bool {
		a := c.must(t, http.StatusOK, get("/demo/inbox.json?to="+to))
		return json.Unmarshal(a.body, &mails) == nil && len(mails) > 0
	})
	m := mails[0]
	if !strings.EqualFold(m.To, to) || m.Subject == "" || !strings.Contains(m.Text, m.Code) || len(m.Code) != 6 || m.SentAt == "" {
		t.Errorf("a mail: %+v", m)
	}
	return m.Code
}

package admin_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/api/admin"
	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/codes"
	"github.com/laurel-gateway/laurel/internal/commit"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/internal/shopify"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/document"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/mock"
	"github.com/laurel-gateway/laurel/verify/oidc"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/remote"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

const (
	operatorEmail = "operator@laurel.example"
	password      = "correct horse battery"
)

// erasures are asked for and never done.
type erasures struct{}

func (erasures) QueueErasure(context.Context, *sql.Tx, string, string) error { return nil }

// gateway is the console's operations on a database of the test's own, with one test store.
type gateway struct {
	t       *testing.T
	api     *api.API
	console *console.Service
	verify  *verify.Service
	store   string
	// operator is the operator's cookie.
	operator string
}

// taggers gives each store its own keys.
type taggers struct{ tenants *tenant.Directory }

func (t taggers) TaggerOf(ctx context.Context, store string) (verify.Tagger, error) {
	s, err := t.tenants.Store(ctx, store)
	if err != nil {
		return nil, err
	}
	return s.Keys(), nil
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	db := testdb.Open(t, testdb.SQLiteURL(t))
	raw, err := crypt.NewKeyset()
	must(t, err)
	master, err := crypt.MasterFromKeyset(raw)
	must(t, err)
	tenants, err := tenant.NewDirectory(tenant.Config{Storage: db, Master: master, Now: time.Now})
	must(t, err)
	shipped, err := email.LoadShipped()
	must(t, err)
	kept := database.NewVerifyStorage(db, nil)
	kinds, err := verify.NewRegistry(mock.New(), document.New(document.Shelf{Storage: kept, Taggers: taggers{tenants}}), oidc.New(oidc.Deps{Client: http.DefaultClient, Random: rand.Reader, Now: time.Now}),
		remote.New(remote.Deps{Client: http.DefaultClient, Now: time.Now}),
		registry.New(registry.Deps{Client: http.DefaultClient, Imported: kept, Rosters: kept, Taggers: taggers{tenants}, Now: time.Now}))
	must(t, err)
	proofs := verify.NewService(verify.Options{Storage: kept, Registry: kinds, Rosters: registry.ListReader{}, Receipts: verifyfake.Secrets{}, Taggers: taggers{tenants}, Sealer: master, Random: rand.Reader,
		Domains: shipped.ListReader()})
	storage := database.NewConsole(db)
	people, err := console.NewService(console.Config{Storage: storage, Figures: storage, Groups: proofs, Targets: egress.Options{}, Sealer: master,
		Passwords: argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}})
	must(t, err)
	keys, err := crypt.Derive(bytes.Repeat([]byte{7}, crypt.StoreSecretSize))
	must(t, err)
	a, err := api.New(api.Deps{PublicURL: "https://laurel.example", Tenants: tenants, Console: admin.NewSessions(people), GatewayKeys: keys,
		JWKS: func(context.Context) ([]byte, error) { return []byte(`{"keys":[]}`), nil }})
	must(t, err)
	committer := commit.New(commit.Config{Transient: database.IsTransient, Unavailable: database.IsUnavailable}, checkout.Batch(database.NewCheckout(db)))
	books := admin.Books{Checkout: checkout.NewService(checkout.Config{Do: committer.Do})}
	admin.Register(a, admin.Deps{Console: people, Tenants: tenants, Verify: proofs, Privacy: &privacy.Service{Storage: database.NewPrivacyStorage(db, erasures{}, master)}, Documents: document.NewDesk(document.DeskConfig{Service: proofs}), Lists: storage, Codes: codes.NewService(database.NewCodes(db), rand.Reader),
		Shopify: shopify.NewService(shopify.Config{Storage: database.NewShopify(db), Client: http.DefaultClient, Now: time.Now}),
		Members: database.NewCheckout(db), Ledger: books, UseAlgorithm: func(context.Context, string) error { return nil },
		SecureCookie: true, Now: time.Now})
	g := &gateway{t: t, api: a, console: people, verify: proofs}
	_, err = people.CreateOperator(t.Context(), operatorEmail, "Olga", password)
	must(t, err)
	g.operator = g.signIn(operatorEmail, password)
	g.store = g.ok(g.operator, "POST", "/v1/admin/stores", `{"name":"Books","mode":"test","currency":"USD","timezone":"Europe/Berlin"}`)["id"].(string)
	return g
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ask sends a request with a cookie and a fresh idempotency key. header is "Name: value" lines; they win.
func (g *gateway) ask(cookie, method, path, body string, header ...string) *httptest.ResponseRecorder {
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, strings.ReplaceAll(path, "{store}", "/v1/admin/stores/"+g.store), r)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if cookie != "" {
		req.AddCookie(&http.Cookie{Name: api.ConsoleCookie, Value: cookie})
	}
	req.Header.Set("Idempotency-Key", id.New("key"))
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	g.api.ServeHTTP(rec, req)
	return rec
}

// ok sends a request that must succeed, and returns the answer's object.
func (g *gateway) ok(cookie, method, path, body string) map[string]any {
	g.t.Helper()
	rec := g.ask(cookie, method, path, body)
	if rec.Code/100 != 2 {
		g.t.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	var out map[string]any
	if rec.Body.Len() > 0 {
		must(g.t, json.Unmarshal(rec.Body.Bytes(), &out))
	}
	return out
}

// refused sends a request that must be refused with a code, and returns the pointers at what is wrong.
func (g *gateway) refused(cookie, method, path, body string, status int, code string, header ...string) (pointers []string) {
	g.t.Helper()
	rec := g.ask(cookie, method, path, body, header...)
	var p struct {
		Code   string
		Errors []struct{ Pointer string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != status || p.Code != code {
		g.t.Errorf("%s %s: %d %s, want %d %s", method, path, rec.Code, rec.Body, status, code)
	}
	for _, e := range p.Errors {
		pointers = append(pointers, e.Pointer)
	}
	return pointers
}

func (g *gateway) signIn(email, password string) string {
	g.t.Helper()
	rec := g.ask("", "POST", "/v1/admin/session", `{"email":"`+email+`","password":"`+password+`"}`)
	if rec.Code != http.StatusOK {
		g.t.Fatalf("sign in: %d %s", rec.Code, rec.Body)
	}
	return rec.Result().Cookies()[0].Value
}

// person adds somebody to the store and returns the cookie.
func (g *gateway) person(role console.Role) string {
	g.t.Helper()
	email := string(role) + "@shop.example"
	g.ok(g.operator, "POST", "{store}/people", `{"email":"`+email+`","name":"P","role":"`+string(role)+`","password":"`+password+`"}`)
	return g.signIn(email, password)
}

// list returns a list's data.
func (g *gateway) list(path string) []any {
	g.t.Helper()
	return g.ok(g.operator, "GET", path, "")["data"].([]any)
}

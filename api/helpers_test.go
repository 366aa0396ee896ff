package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// fakeTenants knows two stores. Keys look like "pk_test_a": the last letter names the store.
type fakeTenants struct {
	stores map[string]*tenant.Store
	err    error
}

func newFakeTenants() *fakeTenants {
	a := &tenant.Store{ID: "sto_a", Mode: tenant.Test, Origins: []string{"https://a.example"}}
	b := &tenant.Store{ID: "sto_b", Mode: tenant.Test, Origins: []string{"https://b.example"}}
	return &fakeTenants{stores: map[string]*tenant.Store{"sto_a": a, "sto_b": b}}
}

func (f *fakeTenants) Store(_ context.Context, id string) (*tenant.Store, error) {
	if s, ok := f.stores[id]; ok {
		return s, f.err
	}
	return nil, tenant.ErrStoreNotFound
}

func (f *fakeTenants) ByKey(_ context.Context, plain string) (tenant.Credential, error) {
	if f.err != nil {
		return tenant.Credential{}, f.err
	}
	kind, _ := tenant.KindOf(plain)
	store, ok := f.stores["sto_"+plain[max(0, len(plain)-1):]]
	if !ok || kind == "" {
		return tenant.Credential{}, tenant.ErrUnauthenticated
	}
	c := tenant.Credential{Store: store, Kind: kind, KeyID: "key_" + plain}
	if strings.Contains(plain, "narrow") {
		c.Scopes = []string{"nothing"}
	}
	return c, nil
}

func (f *fakeTenants) BySession(_ context.Context, plain string) (tenant.Credential, error) {
	store, ok := f.stores["sto_"+plain[max(0, len(plain)-1):]]
	if !ok {
		return tenant.Credential{}, tenant.ErrUnauthenticated
	}
	return tenant.Credential{Store: store, Kind: tenant.Session, Customer: "c-1"}, nil
}

func (f *fakeTenants) OriginKnown(_ context.Context, origin string) (bool, error) {
	for _, s := range f.stores {
		if s.Allows(origin) {
			return true, nil
		}
	}
	return false, nil
}

// fakeConsole knows one person for each role in store a, named by the cookie, and an operator.
type fakeConsole struct{}

func (fakeConsole) Person(_ context.Context, cookie string) (Person, error) {
	if cookie == "stranger" {
		return Person{}, fault.New(fault.Unauthenticated, "Sign in again.")
	}
	return Person{ID: "per_" + cookie, Operator: cookie == "operator"}, nil
}

func (fakeConsole) Role(_ context.Context, person, store string) (string, error) {
	role := strings.TrimPrefix(person, "per_")
	if store != "sto_a" || role == "operator" || role == "outsider" {
		return "", nil
	}
	return role, nil
}

type harness struct {
	*API
	tenants *fakeTenants
	logs    *bytes.Buffer
}

func newHarness(t *testing.T, change ...func(*Deps)) *harness {
	t.Helper()
	keys, err := crypt.Derive(bytes.Repeat([]byte{7}, crypt.StoreSecretSize))
	if err != nil {
		t.Fatal(err)
	}
	h := &harness{tenants: newFakeTenants(), logs: &bytes.Buffer{}}
	d := Deps{
		PublicURL: "https://laurel.example", Version: "1.2.3", Tenants: h.tenants, Console: fakeConsole{}, GatewayKeys: keys,
		Log:  slog.New(slog.NewJSONHandler(h.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		JWKS: func(context.Context) ([]byte, error) { return []byte(`{"keys":[]}`), nil },
	}
	for _, c := range change {
		c(&d)
	}
	if h.API, err = New(d); err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends a request. header is "Name: value" lines.
func (h *harness) ask(method, target, body string, header ...string) *httptest.ResponseRecorder {
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, target, r)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		if value == "" {
			req.Header.Del(name)
			continue
		}
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

type problemView struct {
	Type      string
	Title     string
	Status    int
	Code      string
	Detail    string
	RequestID string `json:"request_id"`
	Errors    []struct{ Pointer, Detail string }
}

func problemIn(t *testing.T, rec *httptest.ResponseRecorder) problemView {
	t.Helper()
	if got := rec.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("status %d, content type %q, body %s", rec.Code, got, rec.Body)
	}
	var p problemView
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != rec.Code || p.RequestID == "" || p.Title == "" || p.Detail == "" {
		t.Fatalf("incomplete problem %+v for status %d", p, rec.Code)
	}
	return p
}

type echoInput struct {
	ID    string `path:"id" doc:"An id." example:"x"`
	Limit int    `query:"limit" minimum:"1" maximum:"10" doc:"A bound." example:"5"`
	Body  struct {
		Name  string   `json:"name" minLength:"2" doc:"A name." example:"Ada"`
		Count int64    `json:"count,omitempty" doc:"A number." example:"1"`
		Site  string   `json:"site,omitempty" format:"uri" doc:"An address." example:"https://a.example"`
		Mail  string   `json:"mail,omitempty" format:"email" doc:"A mail address." example:"a@a.example"`
		Tags  []string `json:"tags,omitempty" doc:"Tags." example:"[\"a\"]"`
		Lines []struct {
			Quantity int64 `json:"quantity" minimum:"1" doc:"How many." example:"1"`
		} `json:"lines,omitempty" doc:"Lines."`
	}
}

type echoView struct {
	ID   string `json:"id" doc:"The id." example:"x"`
	Name string `json:"name" doc:"The name." example:"Ada"`
}

func registerEcho(a *API, allow ...Kind) {
	Register(a, Operation{ID: "echo", Method: http.MethodPost, Path: "/v1/echo/{id}", Tag: "Store", Summary: "Echo",
		Description: "Echo.", Allow: allow, Scope: "echo"},
		func(_ context.Context, in *echoInput) (*Reply[echoView], error) {
			return OK(echoView{ID: in.ID, Name: in.Body.Name})
		})
}

func newRequest(method, target string) *http.Request { return httptest.NewRequest(method, target, nil) }

func (h *harness) serve(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

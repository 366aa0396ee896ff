package shopify

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
)

// exchange is one recorded question to the Admin API, with its answer.
type exchange struct {
	Request struct {
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	} `json:"request"`
	Response struct {
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	} `json:"response"`
}

func recorded[T any](t *testing.T, kind, name string) T {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", kind, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// tape is a shop that answers recorded questions in their order, and nothing else.
type tape struct {
	t    *testing.T
	left []string
	*httptest.Server
}

func play(t *testing.T, names ...string) *tape {
	t.Helper()
	p := &tape{t: t, left: names}
	p.Server = httptest.NewServer(http.HandlerFunc(p.answer))
	t.Cleanup(func() {
		p.Close()
		if len(p.left) > 0 {
			t.Errorf("the shop was not asked %v", p.left)
		}
	})
	return p
}

func (p *tape) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || len(p.left) == 0 {
		p.t.Errorf("the shop was asked once too often, with %s (%v)", body, err)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	e := recorded[exchange](p.t, "admin", p.left[0])
	p.left = p.left[1:]
	if got := "https://example.myshopify.com" + r.URL.Path; got != e.Request.URL {
		p.t.Errorf("asked at %s, recorded at %s", got, e.Request.URL)
	}
	for name, want := range e.Request.Headers {
		if got := r.Header.Get(name); got != want {
			p.t.Errorf("header %s is %q, recorded %q", name, got, want)
		}
	}
	var got, want any
	if json.Unmarshal(body, &got) != nil || json.Unmarshal(e.Request.Body, &want) != nil || !reflect.DeepEqual(got, want) {
		p.t.Errorf("asked\n%s\nrecorded\n%s", body, e.Request.Body)
	}
	for name, value := range e.Response.Headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(e.Response.Status)
	if _, err := w.Write(e.Response.Body); err != nil {
		p.t.Error(err)
	}
}

// webhook is a recorded delivery.
func webhook(t *testing.T, name string) Delivery {
	r := recorded[struct {
		Headers map[string]string `json:"headers"`
		Body    string            `json:"body"`
	}](t, "webhooks", name)
	return Delivery{Topic: r.Headers["X-Shopify-Topic"], Shop: r.Headers["X-Shopify-Shop-Domain"], Signature: r.Headers["X-Shopify-Hmac-Sha256"], Body: []byte(r.Body)}
}

const (
	testStore = "sto_01920000-0000-7000-8000-000000000001"
	testJTI   = "tok_01920000-0000-7000-8000-000000000001"
	// testCode is what testJTI becomes under the keys of the test.
	testCode = "LRLV9N82RC9W7PWYFEM"
)

var testNow = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

// opener gives the test's store its keys: 32 bytes of 7.
type opener struct{}

func (opener) Seal(plain, _ []byte) ([]byte, error)  { return plain, nil }
func (opener) Open(sealed, _ []byte) ([]byte, error) { return sealed, nil }

func newStore(t *testing.T) *tenant.Store {
	t.Helper()
	s, err := tenant.OpenStore(tenant.Record{Store: tenant.Store{ID: testStore, Mode: tenant.Test}, SealedSecret: bytes.Repeat([]byte{7}, crypt.StoreSecretSize)}, opener{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// memory is storage in memory.
type memory struct {
	connection *Connection
	codes      map[string]Code
	// broken is what Mark fails with, once.
	broken error
}

func (m *memory) Connection(context.Context, string) (Connection, bool, error) {
	if m.connection == nil {
		return Connection{}, false, nil
	}
	return *m.connection, true, nil
}

func (m *memory) SaveConnection(_ context.Context, c Connection, _ tenant.AuditEntry) (*Connection, error) {
	m.connection = &c
	return &c, nil
}

func (m *memory) DeleteConnection(context.Context, string, tenant.AuditEntry) (*Connection, error) {
	was := m.connection
	m.connection = nil
	if was == nil {
		return nil, ErrNotConnected
	}
	return was, nil
}

func (m *memory) Ask(_ context.Context, c Code) (Code, bool, error) {
	if was, ok := m.codes[c.JTI]; ok {
		return was, false, nil
	}
	m.codes[c.JTI] = c
	return c, true, nil
}

func (m *memory) Mark(_ context.Context, c Code) (*Code, error) {
	if err := m.broken; err != nil {
		m.broken = nil
		return nil, err
	}
	c.State = Minted
	m.codes[c.JTI] = c
	return &c, nil
}

func (m *memory) Tokens(_ context.Context, _ string, macs [][]byte) (map[string]string, error) {
	out := map[string]string{}
	for _, c := range m.codes {
		for _, mac := range macs {
			if bytes.Equal(mac, c.MAC) {
				out[string(mac)] = c.JTI
			}
		}
	}
	return out, nil
}

// till is checkout, which notes what it is told.
type till struct {
	offer   offers.Offer
	refused error
	told    checkout.Told
	orders  []checkout.StorefrontOrder
	refunds []checkout.StorefrontRefund
}

func (c *till) Offered(context.Context, *tenant.Store, string, string) (checkout.Offered, error) {
	return checkout.Offered{JTI: testJTI, ExpiresAt: testNow.Add(10 * time.Minute), Offer: c.offer}, c.refused
}

func (c *till) TakeOrder(_ context.Context, _ *tenant.Store, o checkout.StorefrontOrder) (checkout.Told, error) {
	c.orders = append(c.orders, o)
	return c.told, c.refused
}

func (c *till) TakeRefund(_ context.Context, _ *tenant.Store, r checkout.StorefrontRefund) (checkout.Told, error) {
	c.refunds = append(c.refunds, r)
	return c.told, c.refused
}

// stage is a service whose shop is a tape.
type stage struct {
	*Service
	store  *tenant.Store
	kept   *memory
	till   *till
	paused []time.Duration
}

var testSecrets = Secrets{AccessToken: "shpat_test", WebhookSecret: "shpss_test"}

func newStage(t *testing.T, shop *tape) *stage {
	t.Helper()
	s := &stage{store: newStore(t), kept: &memory{codes: map[string]Code{}}, till: &till{offer: twenty}}
	sealed, err := seal(s.store.Keys(), testStore, testSecrets)
	if err != nil {
		t.Fatal(err)
	}
	s.kept.connection = &Connection{Store: testStore, Shop: "example.myshopify.com", Version: DefaultVersion, Currency: "USD", Sealed: sealed}
	c := Config{Storage: s.kept, Checkout: s.till, Now: func() time.Time { return testNow },
		Pause: func(_ context.Context, d time.Duration) error { s.paused = append(s.paused, d); return nil }}
	if shop != nil {
		c.Client = shop.Client()
		c.Endpoint = func(_, version string) string { return shop.URL + "/admin/api/" + version + "/graphql.json" }
	}
	s.Service = NewService(c)
	return s
}

// twenty is an offer of twenty percent.
var twenty = offers.Offer{Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 2000}}

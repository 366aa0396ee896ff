package storefront

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/mock"
	"github.com/laurel-gateway/laurel/verify/oidc"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/remote"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

// stage is the operations on a real database, with two test stores that prove students by the mock verifier.
type stage struct {
	t        *testing.T
	api      *api.API
	stores   *tenant.Directory
	store    *tenant.Store
	verifies *verify.Service
	// pk and sk are keys of the store, otherSK and otherPK of another one, liveSK of a live one.
	pk, sk, otherPK, otherSK, liveSK string
}

type noMail struct{}

func (noMail) QueueReminder(context.Context, *sql.Tx, string, verify.ReminderMail) error {
	return errors.New("no mail")
}

func (noMail) QueueCode(context.Context, *sql.Tx, string, verify.CodeMail) error {
	return errors.New("no mail is expected here")
}

type taggers struct{ *tenant.Directory }

func (d taggers) TaggerOf(ctx context.Context, store string) (verify.Tagger, error) {
	s, err := d.Store(ctx, store)
	if err != nil {
		return nil, err
	}
	return s.Keys(), nil
}

// twoOffers are one live offer with every text and one with none.
type twoOffers struct{}

func (twoOffers) LiveOffers(context.Context, string, time.Time) ([]offers.Offer, error) {
	return []offers.Offer{
		{ID: "off_1", Name: "Student", Description: map[string]string{"en": "Twenty off", "de": "Zwanzig weniger"}, Group: "student",
			Subgroup: "university", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 2000}},
		{ID: "off_2", Name: "All", Benefit: offers.Benefit{Type: offers.FreeShipping}},
	}, nil
}

func newStage(t *testing.T) *stage {
	t.Helper()
	db := testdb.Open(t, testdb.SQLiteURL(t))
	keyset, err := crypt.NewKeyset()
	check(t, err)
	master, err := crypt.MasterFromKeyset(keyset)
	check(t, err)
	s := &stage{t: t}
	s.stores, err = tenant.NewDirectory(tenant.Config{Storage: db, Master: master, Now: time.Now})
	check(t, err)
	proofs := database.NewVerifyStorage(db, noMail{})
	kinds, err := verify.NewRegistry(mock.New(), oidc.New(oidc.Deps{Client: http.DefaultClient, Random: rand.Reader, Now: time.Now}),
		remote.New(remote.Deps{Client: http.DefaultClient, Now: time.Now, DecisionURL: func(store, verification string) string {
			return "https://laurel.example" + DecisionPath(store, verification)
		}}),
		registry.New(registry.Deps{Client: http.DefaultClient, Imported: proofs, Rosters: proofs, Taggers: taggers{s.stores}, Now: time.Now}))
	check(t, err)
	s.verifies = verify.NewService(verify.Options{
		Storage: proofs, Registry: kinds, Taggers: taggers{s.stores}, Sealer: master, Random: rand.Reader, Rosters: registry.ListReader{}, Receipts: verifyfake.Secrets{},
		EnterURL: "https://laurel.example/sso/start", CallbackURL: "https://laurel.example/sso/callback",
	})
	s.store, s.pk, s.sk = s.newStore(tenant.Test, "https://shop.example")
	_, s.otherPK, s.otherSK = s.newStore(tenant.Test, "https://other.example")
	_, _, s.liveSK = s.newStore(tenant.Live, "https://live.example")
	s.api, err = api.New(api.Deps{PublicURL: "https://laurel.example", Tenants: s.stores})
	check(t, err)
	Register(s.api, Deps{Verifications: s.verifies, Offers: twoOffers{}, Stores: s.stores, Now: time.Now})
	return s
}

func (s *stage) newStore(mode tenant.Mode, origin string) (store *tenant.Store, pk, sk string) {
	s.t.Helper()
	ctx := s.t.Context()
	store, err := s.stores.Create(ctx, tenant.NewStore{Name: "Northside", Mode: mode, Currency: "USD", Timezone: "UTC", Origins: []string{origin}}, nil)
	check(s.t, err)
	public, err := s.stores.CreateKey(ctx, tenant.NewKey{Store: store.ID, Kind: tenant.Publishable}, nil)
	check(s.t, err)
	secret, err := s.stores.CreateKey(ctx, tenant.NewKey{Store: store.ID, Kind: tenant.Secret}, nil)
	check(s.t, err)
	if mode == tenant.Test {
		_, err = s.verifies.SavePolicy(ctx, verify.StoreRef{ID: store.ID, Test: true}, verify.Actor{Name: "system"},
			verify.Policy{Group: "student", Paths: []verify.Path{{"mock"}}, Validity: verify.Validity{Days: 30}})
		check(s.t, err)
	}
	return store, public.Plain, secret.Plain
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// as is who sends a request: a key, and a client secret if there is one.
type as struct{ key, secret string }

// answer is what came back, as far as the tests look at it.
type answer struct {
	*httptest.ResponseRecorder
	verificationView
	Code   string
	Errors []struct{ Pointer string }
	Token  string
	Now    time.Time
}

func (s *stage) ask(who as, method, path, body string) answer {
	s.t.Helper()
	return s.askOnce(who, id.New("key"), method, path, body)
}

// askOnce sends a request with an idempotency key, so that it can be sent again.
func (s *stage) askOnce(who as, key, method, path, body string) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body == "" {
		r = httptest.NewRequest(method, path, nil)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+who.key)
	if who.secret != "" {
		r.Header.Set(api.ClientSecretHeader, who.secret)
	}
	if method != http.MethodGet {
		r.Header.Set(api.IdempotencyHeader, key)
	}
	a := answer{ResponseRecorder: httptest.NewRecorder()}
	s.api.ServeHTTP(a.ResponseRecorder, r)
	// The shapes differ from answer to answer: what does not fit is not looked at.
	var fields map[string]json.RawMessage
	check(s.t, json.Unmarshal(a.Body.Bytes(), &fields))
	for name, into := range map[string]any{"code": &a.Code, "token": &a.Token, "now": &a.Now} {
		if raw, ok := fields[name]; ok {
			check(s.t, json.Unmarshal(raw, into))
		}
	}
	if a.ResponseRecorder.Code < 300 && bytes.Contains(a.Body.Bytes(), []byte(`"step"`)) {
		check(s.t, json.Unmarshal(a.Body.Bytes(), &a.verificationView))
	}
	return a
}

// want checks status and problem code.
func (a answer) want(t *testing.T, status int, code string) {
	t.Helper()
	if a.ResponseRecorder.Code != status || a.Code != code {
		t.Fatalf("status %d, code %q; want %d, %q: %s", a.ResponseRecorder.Code, a.Code, status, code, a.Body)
	}
}

const startBody = `{"group":"student","customer":"c-1","consent":{"version":"1","accepted":true}}`

// started starts a verification in the store, and returns who may go on with it.
func (s *stage) started() (answer, as) {
	s.t.Helper()
	a := s.ask(as{key: s.pk}, http.MethodPost, "/v1/verifications", startBody)
	a.want(s.t, http.StatusCreated, "")
	return a, as{s.pk, a.ClientSecret}
}

func (s *stage) session(customer string) as {
	s.t.Helper()
	a := s.ask(as{key: s.sk}, http.MethodPost, "/v1/customer-sessions", `{"customer":"`+customer+`"}`)
	a.want(s.t, http.StatusCreated, "")
	return as{key: a.Token}
}

func (a answer) at(step string) string { return "/v1/verifications/" + a.ID + "/" + step }

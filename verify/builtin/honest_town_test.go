package builtin_test

import (
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/blob"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/imaging"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/builtin"
	"github.com/laurel-gateway/laurel/verify/document"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/oidc"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/remote"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

var by = verify.Actor{Name: "test"}

var shipped = sync.OnceValues(email.LoadShipped)

// town is a store with all verifiers, and what they ask: a university's sign-in, a register, a service of the store's own.
type town struct {
	*verify.Service
	desk       *document.Desk
	storage    *verifyfake.Storage
	store      verify.StoreRef
	schools    schools
	university *university
	register   *register
	directory  *directory
	// rollOf are the rows of the roster so far.
	rollOf [][]string
}

func newTown(t *testing.T) *town {
	t.Helper()
	b := &town{store: verify.StoreRef{ID: "sto_1", Test: true}, schools: readSchools(t), university: newUniversity(t), register: newRegister(t), directory: newDirectory(t)}
	now := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	b.storage = verifyfake.New(func() time.Time { return now }, b.store.ID)
	lists, err := shipped()
	must(t, err)
	kinds, err := builtin.Registry(builtin.Deps{
		Shipped:  lists,
		OIDC:     oidc.Deps{Client: http.DefaultClient, Random: rand.Reader, Now: time.Now},
		Registry: registry.Deps{Client: http.DefaultClient, Endpoint: b.register.URL, Imported: b.storage, Rosters: b.storage, Taggers: verifyfake.Secrets{}, Now: time.Now},
		Remote: remote.Deps{Client: http.DefaultClient, Now: time.Now, DecisionURL: func(store, verification string) string {
			return "https://gateway.example/" + store + "/" + verification
		}},
		Documents: document.Shelf{Storage: b.storage, Taggers: verifyfake.Secrets{}},
	})
	must(t, err)
	b.Service = verify.NewService(verify.Options{
		Storage: b.storage, Registry: kinds, Taggers: verifyfake.Secrets{}, Sealer: verifyfake.Secrets{}, Random: rand.Reader, Issuer: "https://gateway.example",
		EnterURL: "https://gateway.example/sso/start", CallbackURL: "https://gateway.example/sso/callback", MailReady: true, Domains: lists.ListReader(),
		Rosters: registry.ListReader{}, Address: email.Deliverable, Receipts: verifyfake.Secrets{}, MailboxIdentifier: email.Identifier,
	})
	b.desk = newDesk(t, b.Service)
	b.furnish(t)
	return b
}

func newDesk(t *testing.T, service *verify.Service) *document.Desk {
	t.Helper()
	bucket, err := blob.Open(t.Context(), blob.Target{URL: "file://" + filepath.Join(t.TempDir(), "kept")})
	must(t, err)
	keys, err := crypt.NewKeyset()
	must(t, err)
	master, err := crypt.MasterFromKeyset(keys)
	must(t, err)
	reader := imaging.NewReader()
	t.Cleanup(func() {
		must(t, bucket.Close())
		must(t, reader.Close())
	})
	return document.NewDesk(document.DeskConfig{Service: service, Bucket: bucket, Reader: reader, Envelope: master, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
}

// furnish sets the verifiers and policies of the store.
func (b *town) furnish(t *testing.T) {
	t.Helper()
	_, err := b.SavePack(t.Context(), b.store, by, verify.PackInput{Name: "own", Purpose: verify.Eligible, Data: []byte(own)})
	must(t, err)
	_, err = b.SaveRoster(t.Context(), b.store, by, verify.RosterInput{Name: "staff", Title: "Staff", Group: "teacher", Confidential: true,
		Text: "number,first_name,last_name\nT-0001,Head,Master\n"})
	must(t, err)
	b.setting(t, "email", "schools", "", object{"academic": true, "lists": []string{"own"}})
	b.setting(t, "oidc", "uni", "client-secret", object{"name": "Example University", "issuer": b.university.URL, "client_id": "laurel", "preset": oidc.PresetREFEDS,
		"affiliation_scopes": []string{"uni.example", "med.uni.example"}})
	b.setting(t, "remote", "hr", b.directory.secret, object{"name": "Staff directory", "url": b.directory.URL, "classes": []string{"authority"},
		"fields": []object{{"name": "number", "label": object{"en": "Number"}, "type": "text", "required": true, "max_length": 20},
			{"name": "name", "label": object{"en": "Name"}, "type": "text"}}})
	for group, paths := range map[string][]verify.Path{
		"student":    {{"email:schools"}, {"oidc:uni"}, {"document"}, {"mock"}},
		"teacher":    {{"registry:staff"}, {"oidc:uni"}},
		"healthcare": {{"registry:nppes", "mock"}},
		"employee":   {{"remote:hr"}, {"oidc:uni"}},
	} {
		_, err := b.SavePolicy(t.Context(), b.store, by, verify.Policy{Group: group, Paths: paths, Validity: verify.Validity{Days: 365}})
		must(t, err)
	}
}

func (b *town) setting(t *testing.T, verifier, instance, secret string, config object) {
	t.Helper()
	raw, err := json.Marshal(config)
	must(t, err)
	_, err = b.SaveSetting(t.Context(), b.store, by, verify.SettingInput{Verifier: verifier, Instance: instance, Config: raw, Secret: secret})
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

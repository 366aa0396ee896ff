package tenant_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/internal/testdb"
)

type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func master(t *testing.T) *crypt.Master {
	t.Helper()
	keys, err := crypt.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	m, err := crypt.MasterFromKeyset(keys)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func directory(t *testing.T, db *database.DB, m *crypt.Master, now func() time.Time) *tenant.Directory {
	t.Helper()
	d, err := tenant.NewDirectory(tenant.Config{Storage: db, Master: m, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func newStore(mode tenant.Mode) tenant.NewStore {
	return tenant.NewStore{Name: "Northside", Mode: mode, Currency: "USD", Timezone: "Europe/Berlin", Origins: []string{"https://shop.example"}}
}

func wantCode(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if err == nil || fault.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestStores(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		ctx, m := t.Context(), master(t)
		d := directory(t, db, m, time.Now)
		audited := ""
		made, err := d.Create(ctx, newStore(tenant.Test), func(ctx context.Context, tx tenant.Tx, target string) error {
			audited = target
			return tx.Audit(ctx, tenant.AuditEntry{Store: target, Actor: "system", Action: "store.created", Target: target, Changes: json.RawMessage(`{}`)})
		})
		if err != nil {
			t.Fatal(err)
		}
		if audited != made.ID || made.Version != 1 {
			t.Errorf("audited %q, made %+v", audited, made)
		}
		// Another process reads the same store with the same keys.
		read, err := directory(t, db, m, time.Now).Store(ctx, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		if read.Keys().PersonTag("x") != made.Keys().PersonTag("x") || !read.Allows("https://shop.example") || read.Settings.Consent.Version != "1" {
			t.Errorf("read %+v", read)
		}
		other, err := d.Create(ctx, newStore(tenant.Live), nil)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(other.Keys().CodeMAC("x"), made.Keys().CodeMAC("x")) {
			t.Error("two stores have the same keys")
		}
		all, err := d.Stores(ctx)
		if err != nil || len(all) != 2 {
			t.Errorf("stores: %d, %v", len(all), err)
		}
		_, err = d.Store(ctx, "sto_none")
		wantCode(t, err, fault.NotFound)
	})
}

func TestUpdate(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		d := directory(t, db, master(t), time.Now)
		s, err := d.Create(ctx, newStore(tenant.Test), nil)
		if err != nil {
			t.Fatal(err)
		}
		if known, err := d.OriginKnown(ctx, "http://localhost:3000"); known || err != nil {
			t.Errorf("origin known: %v, %v", known, err)
		}
		changed, err := d.Update(ctx, s.ID, 1, func(s *tenant.Store) {
			s.Name, s.Origins, s.Mode, s.ID = "Southside", []string{"http://localhost:3000"}, tenant.Live, "sto_other"
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if changed.Name != "Southside" || changed.Version != 2 || changed.Mode != tenant.Test || changed.ID != s.ID {
			t.Errorf("changed to %+v", changed)
		}
		if known, err := d.OriginKnown(ctx, "http://localhost:3000"); !known || err != nil {
			t.Errorf("the new origin is known: %v, %v", known, err)
		}
		again, err := d.Store(ctx, s.ID)
		if err != nil || again.Name != "Southside" {
			t.Errorf("the cache still says %+v, %v", again, err)
		}
		_, err = d.Update(ctx, s.ID, 1, func(*tenant.Store) {}, nil)
		wantCode(t, err, fault.VersionConflict)
		_, err = d.Update(ctx, s.ID, 2, func(s *tenant.Store) { s.Origins = []string{"https://shop.example/path"} }, nil)
		wantCode(t, err, fault.Invalid)
		_, err = d.Update(ctx, "sto_none", 1, func(*tenant.Store) {}, nil)
		wantCode(t, err, fault.NotFound)
		fresh := directory(t, db, master(t), time.Now)
		for origin, want := range map[string]bool{"http://localhost:3000": true, "https://shop.example": false, `"`: false, "%": false} {
			if known, err := fresh.OriginKnown(ctx, origin); known != want || err != nil {
				t.Errorf("%s: known %v, %v", origin, known, err)
			}
		}
	})
}

func TestKeys(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		d := directory(t, db, master(t), time.Now)
		s, err := d.Create(ctx, newStore(tenant.Live), nil)
		if err != nil {
			t.Fatal(err)
		}
		public, err := d.CreateKey(ctx, tenant.NewKey{Store: s.ID, Kind: tenant.Publishable, Name: "web"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		secret, err := d.CreateKey(ctx, tenant.NewKey{Store: s.ID, Kind: tenant.Secret, Name: "backend", Scopes: []string{"orders:write"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(public.Plain, "pk_live_") || !strings.HasPrefix(secret.Plain, "sk_live_") {
			t.Errorf("prefixes: %s %s", public.Plain[:8], secret.Plain[:8])
		}
		c, err := d.ByKey(ctx, secret.Plain)
		if err != nil || c.Store.ID != s.ID || c.Kind != tenant.Secret || c.KeyID != secret.ID || !c.Holds("orders:write") || c.Holds("orders:read") {
			t.Errorf("credential %+v, %v", c, err)
		}
		keys, err := d.ListKeys(ctx, s.ID)
		if err != nil || len(keys) != 2 {
			t.Fatalf("%d keys, %v", len(keys), err)
		}
		for _, k := range keys {
			if (k.Plain != "") != (k.Kind == tenant.Publishable) {
				t.Errorf("a %s key shows %q", k.Kind, k.Plain)
			}
		}
		for name, plain := range map[string]string{"unknown": "sk_live_" + strings.Repeat("x", 43), "no prefix": "hello", "empty": "", "session": "cs_" + strings.Repeat("x", 43), "long": "sk_" + strings.Repeat("x", 1000)} {
			t.Run(name, func(t *testing.T) {
				_, err := d.ByKey(ctx, plain)
				wantCode(t, err, fault.Unauthenticated)
			})
		}
		revoked, err := d.RevokeKey(ctx, s.ID, secret.ID, nil)
		if err != nil || revoked.RevokedAt.IsZero() {
			t.Fatalf("revoked %+v, %v", revoked, err)
		}
		_, err = d.ByKey(ctx, secret.Plain)
		wantCode(t, err, fault.Unauthenticated)
		_, err = d.RevokeKey(ctx, "sto_other", public.ID, nil)
		wantCode(t, err, fault.NotFound)
		if _, err := d.ByKey(ctx, public.Plain); err != nil {
			t.Errorf("the other key is gone too: %v", err)
		}
	})
}

func TestCustomerSessions(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		ctx, at := t.Context(), &clock{}
		d := directory(t, db, master(t), at.now)
		s, err := d.Create(ctx, newStore(tenant.Test), nil)
		if err != nil {
			t.Fatal(err)
		}
		made, err := d.CreateCustomerSession(ctx, s.ID, "c-1")
		if err != nil {
			t.Fatal(err)
		}
		c, err := d.BySession(ctx, made.Token)
		if err != nil || c.Customer != "c-1" || c.Store.ID != s.ID || c.Kind != tenant.Session {
			t.Errorf("credential %+v, %v", c, err)
		}
		_, err = d.ByKey(ctx, made.Token)
		wantCode(t, err, fault.Unauthenticated)
		at.ahead.Store(int64(tenant.SessionTTL + time.Second))
		_, err = d.BySession(ctx, made.Token)
		wantCode(t, err, fault.Unauthenticated)
		_, err = d.CreateCustomerSession(ctx, "sto_none", "c-1")
		wantCode(t, err, fault.NotFound)
		if err := d.DropSessions(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestClock(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		d := directory(t, db, master(t), time.Now)
		s, err := d.Create(ctx, newStore(tenant.Test), nil)
		if err != nil {
			t.Fatal(err)
		}
		moved, err := d.AdvanceClock(ctx, s.ID, 720*time.Hour, nil)
		if err != nil || moved.Offset != 720*time.Hour {
			t.Fatalf("moved %+v, %v", moved, err)
		}
		target := moved.Now.Add(time.Hour)
		if moved, err = d.SetClock(ctx, s.ID, target, nil); err != nil || moved.Now.Sub(target).Abs() > time.Millisecond {
			t.Errorf("set to %+v, %v", moved, err)
		}
		read, err := d.Store(ctx, s.ID)
		if err != nil || read.ClockOffset != moved.Offset {
			t.Errorf("read %+v, %v", read, err)
		}
		_, err = d.SetClock(ctx, s.ID, target.Add(-2*time.Hour), nil)
		wantCode(t, err, fault.Invalid)
		_, err = d.AdvanceClock(ctx, s.ID, -time.Second, nil)
		wantCode(t, err, fault.Invalid)
		_, err = d.AdvanceClock(ctx, s.ID, 200*365*24*time.Hour, nil)
		wantCode(t, err, fault.Invalid)
		live, err := d.Create(ctx, newStore(tenant.Live), func(context.Context, tenant.Tx, string) error { return nil })
		if err == nil {
			_, err = d.AdvanceClock(ctx, live.ID, time.Hour, nil)
		}
		wantCode(t, err, fault.TestStoreOnly)
	})
}

func TestCreateRefusesNonsense(t *testing.T) {
	db := testdb.Open(t, testdb.SQLiteURL(t))
	d := directory(t, db, master(t), time.Now)
	for name, tc := range map[string]struct {
		change  func(*tenant.NewStore)
		pointer string
	}{
		"no name":           {func(n *tenant.NewStore) { n.Name = "  " }, "#/name"},
		"mode":              {func(n *tenant.NewStore) { n.Mode = "play" }, "#/mode"},
		"currency":          {func(n *tenant.NewStore) { n.Currency = "XXQ" }, "#/currency"},
		"timezone":          {func(n *tenant.NewStore) { n.Timezone = "Mars/Olympus" }, "#/timezone"},
		"local timezone":    {func(n *tenant.NewStore) { n.Timezone = "Local" }, "#/timezone"},
		"any origin":        {func(n *tenant.NewStore) { n.Origins = []string{"*"} }, "#/origins/0"},
		"no origin":         {func(n *tenant.NewStore) { n.Origins = []string{"null"} }, "#/origins/0"},
		"second origin":     {func(n *tenant.NewStore) { n.Origins = []string{"https://a.example", "ftp://b.example"} }, "#/origins/1"},
		"usual port":        {func(n *tenant.NewStore) { n.Origins = []string{"https://a.example:443"} }, "#/origins/0"},
		"capitals":          {func(n *tenant.NewStore) { n.Origins = []string{"https://A.example"} }, "#/origins/0"},
		"http when live":    {func(n *tenant.NewStore) { n.Origins = []string{"http://a.example"} }, "#/origins/0"},
		"user in an origin": {func(n *tenant.NewStore) { n.Origins = []string{"https://u@a.example"} }, "#/origins/0"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newStore(tenant.Live)
			tc.change(&n)
			_, err := d.Create(t.Context(), n, nil)
			f := fault.From(err)
			if f == nil || f.Code != fault.Invalid || f.Fields[0].Pointer != tc.pointer {
				t.Errorf("got %v (%+v), want a pointer %s", err, f, tc.pointer)
			}
		})
	}
}

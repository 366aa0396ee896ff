package database_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// unsealed is a sealer that seals nothing.
type unsealed struct{}

func (unsealed) Seal(p, _ []byte) ([]byte, error) { return p, nil }
func (unsealed) Open(s, _ []byte) ([]byte, error) { return s, nil }

// builtInGroups is what can be proven in every store.
type builtInGroups struct{}

func (builtInGroups) Groups(context.Context, verify.StoreRef) ([]verify.Group, error) {
	return verify.BuiltIn(), nil
}

const (
	ownerEmail = "owner@shop.example"
	password   = "correct horse battery"
)

var home = netip.MustParseAddr("192.0.2.1")

// desk is a console over a stage's database, with one operator.
type desk struct {
	*stage
	*console.Service
	operator console.Person
	by       console.Origin
}

func newDesk(t *testing.T, db *database.DB) *desk {
	t.Helper()
	storage := database.NewConsole(db)
	service, err := console.NewService(console.Config{Storage: storage, Figures: storage, Groups: builtInGroups{},
		Targets: egress.Options{AllowPrivate: true}, Sealer: unsealed{},
		Passwords: argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{stage: newStage(t, db), Service: service}
	if d.operator, err = service.CreateOperator(t.Context(), " Owner@Shop.example", "Owner", password); err != nil {
		t.Fatal(err)
	}
	d.by = console.Origin{Actor: d.operator.ID, RequestID: "req_1"}
	return d
}

func (d *desk) signIn(email, password string) (console.SignedIn, error) {
	return d.SignIn(d.t.Context(), console.SignIn{Email: email, Password: password, Address: home})
}

func code(t *testing.T, err error, want fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != want || err == nil {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestSigningInOpensASessionThatEnds(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		d := newDesk(t, db)
		in, err := d.signIn("OWNER@shop.example", password)
		if err != nil || len(in.Token) != 43 || len(in.Stores) != 1 || in.Stores[0].Name != "Stage" {
			t.Fatalf("%+v, %v", in, err)
		}
		if d.count("SELECT COUNT(*) FROM console_sessions WHERE token_hash = ?", []byte(in.Token)) != 0 {
			t.Error("the token itself is stored")
		}
		a, err := d.Authenticate(t.Context(), in.Token)
		if err != nil || a.Person.ID != d.operator.ID {
			t.Fatalf("%+v, %v", a, err)
		}
		again, err := d.SignIn(t.Context(), console.SignIn{Email: ownerEmail, Password: password, Address: home, Session: in.Token})
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Authenticate(t.Context(), in.Token)
		code(t, err, fault.Unauthenticated)
		third, err := d.signIn(ownerEmail, password)
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := d.ChangePassword(t.Context(), a, password, "another good password", "req_2")
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{again.Token, third.Token} {
			_, err := d.Authenticate(t.Context(), token)
			code(t, err, fault.Unauthenticated)
		}
		if err := d.SignOut(t.Context(), fresh.Token); err != nil {
			t.Fatal(err)
		}
		_, err = d.Authenticate(t.Context(), fresh.Token)
		code(t, err, fault.Unauthenticated)
		_, err = d.signIn(ownerEmail, password)
		code(t, err, fault.SignInFailed)
	})
}

func TestRefusalsAreTheSameAndAreHeldBack(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		d := newDesk(t, db)
		_, unknown := d.signIn("nobody@shop.example", password)
		_, wrong := d.signIn(ownerEmail, "wrong password")
		code(t, unknown, fault.SignInFailed)
		if unknown.Error() != wrong.Error() {
			t.Errorf("%v differs from %v", unknown, wrong)
		}
		var group sync.WaitGroup
		var mu sync.Mutex
		codes := map[fault.Code]int{}
		for range 20 {
			group.Go(func() {
				_, err := d.signIn(ownerEmail, "wrong password")
				mu.Lock()
				defer mu.Unlock()
				codes[fault.CodeOf(err)]++
			})
		}
		group.Wait()
		if codes[fault.SignInFailed] > 5 || codes[fault.SignInFailed]+codes[fault.SignInThrottled] != 20 {
			t.Errorf("parallel guesses: %v", codes)
		}
		_, err := d.signIn(ownerEmail, password)
		code(t, err, fault.SignInThrottled)
		if f := fault.From(err); f == nil || f.RetryAfter <= 0 {
			t.Error("nothing says how long to wait")
		}
		d.exec("UPDATE sign_in_throttles SET blocked_until = NULL")
		if _, err := d.signIn(ownerEmail, password); err != nil {
			t.Error(err)
		}
		if n := d.count("SELECT COUNT(*) FROM sign_in_throttles WHERE failures = 0"); n != 1 {
			t.Errorf("%d throttles were forgiven, want that of the mailbox", n)
		}
		if err := d.Tidy(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestPeopleAndTheLastOwner(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		d, ctx := newDesk(t, db), t.Context()
		ada, err := d.Invite(ctx, d.by, d.store, console.Invitation{Email: "ada@shop.example", Name: "Ada", Role: console.Owner})
		if err != nil || ada.OneTimePassword == "" {
			t.Fatalf("%+v, %v", ada, err)
		}
		in, err := d.signIn("ada@shop.example", ada.OneTimePassword)
		if err != nil || !in.Person.MustChangePassword() || len(in.Stores) != 1 {
			t.Fatalf("%+v, %v", in, err)
		}
		_, err = d.RoleIn(ctx, ada.Person.ID, d.store)
		code(t, err, fault.Forbidden)
		a, err := d.Authenticate(ctx, in.Token)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.ChangePassword(ctx, a, ada.OneTimePassword, "my very own password", ""); err != nil {
			t.Fatal(err)
		}
		if role, err := d.RoleIn(ctx, ada.Person.ID, d.store); role != console.Owner || err != nil {
			t.Errorf("%q, %v", role, err)
		}
		_, err = d.Invite(ctx, d.by, d.store, console.Invitation{Email: "ada@shop.example", Name: "Ada", Role: console.Support})
		code(t, err, fault.NameTaken)
		_, err = d.SetRole(ctx, d.by, d.store, ada.Person.ID, console.Analyst)
		code(t, err, fault.LastOwner)
		_, err = d.RemovePerson(ctx, d.by, d.store, ada.Person.ID)
		code(t, err, fault.LastOwner)
		bob, err := d.Invite(ctx, d.by, d.store, console.Invitation{Email: "bob@shop.example", Name: "Bob", Role: console.Owner, Password: "a long enough password"})
		if err != nil || bob.OneTimePassword != "" || bob.Person.MustChangePassword() {
			t.Fatalf("%+v, %v", bob, err)
		}
		// One person is invited twice at once: one role, and nobody is told of a fault of ours.
		var invites sync.WaitGroup
		refusals := make([]error, 4)
		for i := range refusals {
			invites.Go(func() {
				_, refusals[i] = d.Invite(ctx, d.by, d.store, console.Invitation{Email: "eve@shop.example", Name: "Eve", Role: console.Analyst})
			})
		}
		invites.Wait()
		won := 0
		for _, err := range refusals {
			if err == nil {
				won++
			} else {
				code(t, err, fault.NameTaken)
			}
		}
		if won != 1 {
			t.Errorf("%d of 4 invitations: %v", won, refusals)
		}
		// Two owners take the role from each other at once: one of them stays.
		var group sync.WaitGroup
		errs := make([]error, 2)
		for i, person := range []string{ada.Person.ID, bob.Person.ID} {
			group.Go(func() { _, errs[i] = d.SetRole(ctx, d.by, d.store, person, console.Analyst) })
		}
		group.Wait()
		if owners := d.count("SELECT COUNT(*) FROM roles WHERE store_id = ? AND role = 'owner'", d.store); owners != 1 {
			t.Errorf("%d owners left: %v", owners, errs)
		}
		people, err := d.People(ctx, d.store, "", 10)
		if err != nil || len(people) != 3 || people[0].Person.Name == "" || people[0].Role == "" {
			t.Errorf("%+v, %v", people, err)
		}
		log, err := d.AuditLog(ctx, d.store, console.AuditFilter{Action: "person.added"}, "", 10)
		if err != nil || len(log) != 3 || !strings.Contains(string(log[2].Changes), `"role":"owner"`) || strings.Contains(string(log[2].Changes), "assword") {
			t.Errorf("%+v, %v", log, err)
		}
	})
}

func someOffer(name string) offers.Offer {
	return offers.Offer{State: offers.Live, Name: name, Group: "student", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}, TokenSeconds: 600}
}

func TestOffersKeepTheirVersions(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		d, ctx := newDesk(t, db), t.Context()
		store := verify.StoreRef{ID: d.store, Test: true}
		unknown := someOffer("Nobody")
		unknown.Group = "wizards"
		_, err := d.CreateOffer(ctx, d.by, store, unknown)
		code(t, err, fault.GroupUnknown)
		first, err := d.CreateOffer(ctx, d.by, store, someOffer("First"))
		if err != nil || first.Version != 1 {
			t.Fatalf("%+v, %v", first, err)
		}
		changed := someOffer("Second")
		changed.ID, changed.State = first.ID, ""
		var group sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			group.Go(func() { _, errs[i] = d.UpdateOffer(ctx, d.by, store, 1, changed) })
		}
		group.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				code(t, err, fault.VersionConflict)
			}
		}
		if won != 1 {
			t.Errorf("%d of 4 rivals changed one version: %v", won, errs)
		}
		if r, err := d.SetOfferState(ctx, d.by, d.store, first.ID, 0, offers.Ended); err != nil || r.Version != 3 || r.Name != "Second" {
			t.Errorf("%+v, %v", r, err)
		}
		_, err = d.SetOfferState(ctx, d.by, d.store, first.ID, 0, offers.Live)
		code(t, err, fault.Conflict)
		versions, err := d.OfferVersions(ctx, d.store, first.ID, 0, 10)
		if err != nil || len(versions) != 3 || versions[2].Name != "First" || versions[0].State != offers.Ended || versions[1].State != offers.Live {
			t.Errorf("%+v, %v", versions, err)
		}
		page, err := d.Offers(ctx, d.store, offers.Ended, "", 10)
		if err != nil || len(page) != 1 || page[0].Version != 3 {
			t.Errorf("%+v, %v", page, err)
		}
		if _, err := d.Offer(ctx, "sto_other", first.ID); !errors.Is(err, console.ErrOfferNotFound) {
			t.Errorf("another store: %v", err)
		}
		log, err := d.AuditLog(ctx, d.store, console.AuditFilter{Action: "offer.updated"}, "", 10)
		if err != nil || len(log) != 1 || string(log[0].Changes) != `{"before":{"name":"First"},"after":{"name":"Second"}}` || log[0].RequestID != "req_1" {
			t.Errorf("%+v, %v", log, err)
		}
	})
}

func TestProgramsKeepTheirVersions(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		d, ctx := newDesk(t, db), t.Context()
		p := loyalty.Program{Name: "New", Earn: []loyalty.EarnRule{}, Window: loyalty.Window{Type: loyalty.Lifetime}, Tiers: []loyalty.Tier{{ID: "a", Name: "A"}}}
		_, err := d.SaveProgram(ctx, d.by, d.store, 0, p)
		code(t, err, fault.VersionConflict)
		r, err := d.SaveProgram(ctx, d.by, d.store, 1, p)
		if err != nil || r.Version != 2 {
			t.Fatalf("%+v, %v", r, err)
		}
		got, err := d.Program(ctx, d.store)
		if err != nil || got.Name != "New" || got.Version != 2 || got.Actor != d.operator.ID {
			t.Errorf("%+v, %v", got, err)
		}
		_, err = d.Program(ctx, "sto_other")
		code(t, err, fault.ProgramMissing)
		if n := d.count("SELECT COUNT(*) FROM program_versions WHERE store_id = ?", d.store); n != 2 {
			t.Errorf("%d versions", n)
		}
	})
}

func TestOverviewCountsByTheStoresDays(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		d := newDesk(t, db)
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		// The clocks change on 29 March: 23:30 UTC on the 28th is past midnight already, 22:30 UTC on the 29th is not the 30th.
		redeem := func(order, currency, state string, at time.Time) {
			d.exec(`INSERT INTO redemptions (store_id, id, order_id, reservation_id, customer, state, currency, discount, total, points, body, refunded, created_at, updated_at)
				VALUES (?, ?, ?, '', 'c-1', ?, ?, 100, 900, 9, '{}', '', ?, ?)`, d.store, "rdm_"+order, order, state, currency, at, at)
		}
		redeem("a", "USD", "redeemed", time.Date(2026, 3, 28, 22, 30, 0, 0, time.UTC))
		redeem("b", "USD", "refunded", time.Date(2026, 3, 28, 23, 30, 0, 0, time.UTC))
		redeem("c", "EUR", "redeemed", time.Date(2026, 3, 29, 21, 30, 0, 0, time.UTC))
		redeem("d", "USD", "redeemed", time.Date(2026, 3, 29, 22, 30, 0, 0, time.UTC))
		redeem("e", "USD", "redeemed", time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC))
		o, err := d.Overview(t.Context(), console.OverviewRequest{Store: d.store, Currency: "USD", Timezone: berlin.String(),
			Now: time.Date(2026, 3, 30, 12, 0, 0, 0, time.UTC), Days: 3})
		if err != nil {
			t.Fatal(err)
		}
		want := []console.DayFigures{{Day: "2026-03-28", Redeemed: 1, Discount: 100}, {Day: "2026-03-29", Redeemed: 2, Discount: 100}, {Day: "2026-03-30", Redeemed: 1, Discount: 100}}
		for i := range want {
			if len(o.Series) != 3 || o.Series[i] != want[i] {
				t.Fatalf("series %+v, want %+v", o.Series, want)
			}
		}
		if o.Redeemed != 4 || o.Refunded != 1 || o.Discount != 300 || o.Revenue != 2700 {
			t.Errorf("%+v", o)
		}
	})
}

func TestOverviewCountsProofsAndPoints(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		d := newDesk(t, db)
		d.token(d.offer(offers.Limits{}), "c-1")
		if _, err := d.one(checkout.RecordOrder{OrderID: "o-points", Customer: "c-1", Cart: cart(1)}); err != nil {
			t.Fatal(err)
		}
		now := time.Now().UTC()
		verification := func(id, state, detail string) {
			d.exec(`INSERT INTO verifications (store_id, id, group_name, subgroup, offer_id, customer, bound, secret_hash, state, policy_id, policy_version, detail,
				attestation_id, revision, created_at, updated_at, expires_at) VALUES (?, ?, 'student', '', '', '', ?, ?, ?, '', 1, ?, '', 1, ?, ?, ?)`,
				d.store, id, false, []byte("x"), state, detail, now, now, now)
		}
		verified := id.New("ver")
		verification(verified, "verified", "{}")
		verification(id.New("ver"), "rejected", `{"errors":[{"code":"email_not_eligible"}]}`)
		verification(id.New("ver"), "failed", `{}`)
		d.exec(`INSERT INTO attestations (store_id, id, verification_id, customer, bound, group_name, subgroup, organisation, classes, tags, policy_id, policy_version,
			valid_until, created_at, end_reason) VALUES (?, ?, ?, '', ?, 'student', '', '', '[]', '[]', '', 1, ?, ?, '')`, d.store, id.New("att"), verified, false, now, now)
		o, err := d.Overview(t.Context(), console.OverviewRequest{Store: d.store, Currency: "USD", Timezone: "UTC", Now: now, Days: 2})
		if err != nil {
			t.Fatal(err)
		}
		refused := []console.Counted{{Name: "email_not_eligible", Count: 1}, {Name: "failed", Count: 1}}
		if o.Verified != 1 || o.Series[1].Verified != 1 || o.VerifiedByGroup[0] != (console.Counted{Name: "student", Count: 1}) || o.Issued != 1 {
			t.Errorf("%+v", o)
		}
		if len(o.Refused) != 2 || o.Refused[0] != refused[0] || o.Refused[1] != refused[1] || o.Members != 1 || o.PointsLiability != 50 {
			t.Errorf("%+v", o)
		}
	})
}

func TestASessionLivesByTheClock(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	db := testdb.Open(t, testdb.SQLiteURL(t), database.WithClock(func() time.Time { return now }))
	d := newDesk(t, db)
	in, err := d.signIn(ownerEmail, password)
	if err != nil {
		t.Fatal(err)
	}
	for range 16 {
		now = now.Add(10 * time.Hour)
		if _, err := d.Authenticate(t.Context(), in.Token); err != nil {
			t.Fatalf("used every ten hours, and yet at %s: %v", now, err)
		}
	}
	now = now.Add(10 * time.Hour) // past the seventh day
	_, err = d.Authenticate(t.Context(), in.Token)
	code(t, err, fault.Unauthenticated)
	if in, err = d.signIn(ownerEmail, password); err != nil {
		t.Fatal(err)
	}
	now = now.Add(console.SessionIdle)
	_, err = d.Authenticate(t.Context(), in.Token)
	code(t, err, fault.Unauthenticated)
	if err := d.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := d.count("SELECT COUNT(*) FROM console_sessions"); n != 0 {
		t.Errorf("%d sessions left", n)
	}
	invited, err := d.Invite(t.Context(), d.by, d.store, console.Invitation{Email: "ada@shop.example", Name: "Ada", Role: console.Support})
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(console.OneTimePassword)
	_, err = d.signIn("ada@shop.example", invited.OneTimePassword)
	code(t, err, fault.SignInFailed)
}

func TestAPasswordIsHashedAnewAtTheNewCost(t *testing.T) {
	db := testdb.Open(t, testdb.SQLiteURL(t))
	d := newDesk(t, db)
	dearer, err := console.NewService(console.Config{Storage: database.NewConsole(db),
		Passwords: argon2id.Params{Memory: 128, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := dearer.SignIn(t.Context(), console.SignIn{Email: ownerEmail, Password: password, Address: home}); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.count("SELECT COUNT(*) FROM people WHERE password_hash LIKE '%m=128,t=2,p=1%'"); n != 1 {
		t.Error("the hash is still the old one")
	}
}

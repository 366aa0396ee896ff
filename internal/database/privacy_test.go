package database_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/verify"
)

// asked notes which erasures were queued.
type asked struct{ requests []string }

func (a *asked) QueueErasure(_ context.Context, tx *sql.Tx, _, request string) error {
	if tx == nil {
		return errors.New("queued outside of the transaction")
	}
	a.requests = append(a.requests, request)
	return nil
}

// plainSigner signs nothing and returns the payload.
type plainSigner struct{}

func (plainSigner) SignErasure(_ context.Context, _ string, payload []byte) (string, error) {
	return string(payload), nil
}

// plainSealer keeps values as they are.
type plainSealer struct{}

func (plainSealer) Seal(plain, _ []byte) ([]byte, error)  { return plain, nil }
func (plainSealer) Open(sealed, _ []byte) ([]byte, error) { return sealed, nil }

func privacyOf(db *database.DB) (*privacy.Service, *asked) {
	queue := &asked{}
	return &privacy.Service{Storage: database.NewPrivacyStorage(db, queue, plainSealer{}), Signer: plainSigner{}, Issuer: "https://laurel.example"}, queue
}

// What is kept long enough is forgotten by the store's own clock, in portions, and it is reported; what is younger stays.
func TestWhatIsKeptLongEnoughIsForgotten(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		s, other := newStage(t, db), newStage(t, db)
		service, _ := privacyOf(db)
		now := time.Now().UTC()
		days := func(n int) time.Time { return now.AddDate(0, 0, -n) }
		s.challenged("ver_1", "x")
		s.exec("UPDATE verifications SET created_at = ? WHERE store_id = ?", days(40), s.store)
		for i := range 1200 { // More than two portions.
			age := days(100)
			if i%2 == 1 {
				age = days(10)
			}
			s.exec("INSERT INTO collected (store_id, verification_id, requirement, sealed, created_at) VALUES (?, 'ver_1', ?, ?, ?)", s.store, fmt.Sprint("r", i), []byte("x"), age)
		}
		for n, store := range []string{s.store, other.store} {
			s.exec("INSERT INTO audit (id, store_id, actor, action, target, changes, request_id, created_at) VALUES (?, ?, 'a', 'b', 'c', '{}', '', ?)",
				"aud_"+oldID(days(800), n), store, days(800))
			s.exec("INSERT INTO audit (id, store_id, actor, action, target, changes, request_id, created_at) VALUES (?, ?, 'a', 'b', 'c', '{}', '', ?)", id.New("aud"), store, now)
		}
		clocks := privacy.Clocks{privacy.Networks: 30}
		before := standing(t, service, s.store, clocks, privacy.Collected)
		if before.Days != 90 || !before.Overdue(now) || !before.LastRun.IsZero() {
			t.Errorf("before: %+v", before)
		}
		removed, err := service.Forget(t.Context(), s.store, clocks)
		if err != nil {
			t.Fatal(err)
		}
		if removed[privacy.Collected] != 600 || removed[privacy.Networks] != 1 || removed[privacy.Audit] != 1 {
			t.Errorf("removed %v", removed)
		}
		after := standing(t, service, s.store, clocks, privacy.Collected)
		if after.Overdue(now) || after.RemovedLast != 600 || after.Removed30 != 600 || after.LastRun.IsZero() {
			t.Errorf("after: %+v", after)
		}
		if _, err := service.Forget(t.Context(), s.store, clocks); err != nil {
			t.Fatal(err)
		}
		if again := standing(t, service, s.store, clocks, privacy.Collected); again.RemovedLast != 0 || again.Removed30 != 600 {
			t.Errorf("after the second run: %+v", again)
		}
		if n := s.count("SELECT COUNT(*) FROM audit WHERE store_id = ?", other.store); n != 2 {
			t.Errorf("another store has %d entries left of 2", n)
		}
		// The store's clock decides.
		s.exec("UPDATE stores SET clock_offset_us = ? WHERE id = ?", (85 * 24 * time.Hour).Microseconds(), s.store)
		if removed, err = service.Forget(t.Context(), s.store, clocks); err != nil || removed[privacy.Collected] != 600 {
			t.Errorf("85 days later: %v, %v", removed, err)
		}
	})
}

// oldID is the second part of the nth id that was drawn at a moment.
func oldID(at time.Time, n int) string {
	ms := at.UnixMilli()
	return fmt.Sprintf("%08x-%04x-7%03x-8000-000000000000", ms>>16, ms&0xffff, n)
}

func standing(t *testing.T, service *privacy.Service, store string, clocks privacy.Clocks, class privacy.Class) privacy.Standing {
	t.Helper()
	all, err := service.Retention(t.Context(), store, clocks)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(privacy.Rules()) {
		t.Fatalf("%d classes are reported of %d", len(all), len(privacy.Rules()))
	}
	i := slices.IndexFunc(all, func(s privacy.Standing) bool { return s.Class == class })
	return all[i]
}

// What a browser claims agrees to nothing: marketing consent is recorded once it is known by whom, with its event, and
// what was taken back later stays taken back.
func TestMarketingConsentNeedsACustomer(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		s := newStage(t, db)
		service, _ := privacyOf(db)
		consents := func() []privacy.Consent {
			t.Helper()
			found, err := service.Consents(t.Context(), s.store, "c-1")
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		grant := func(v verify.Verification) {
			t.Helper()
			_, err := database.NewVerifyStorage(db, nil).Write(t.Context(), s.store, func(ctx context.Context, tx verify.Tx) (any, error) {
				return nil, tx.GrantMarketing(ctx, v)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		set := func(granted bool) privacy.Consent {
			t.Helper()
			c, err := service.SetMarketing(t.Context(), s.store, privacy.Consent{Customer: "c-1", Granted: granted, Version: "1", Locale: "en", Source: privacy.ByShopper})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		given := verify.Verification{ID: "ver_1", Customer: "c-1", Bound: true, Consent: verify.Consent{Version: "1", Locale: "de", Marketing: true, At: time.Now().UTC().Add(-time.Hour)}}
		grant(given)
		grant(given)
		if got := consents(); len(got) != 1 || !got[0].Granted || got[0].Verification != "ver_1" || got[0].Source != privacy.ByVerification || got[0].Locale != "de" {
			t.Fatalf("%+v", got)
		}
		set(false)
		set(false)
		// The proof is confirmed late: the shopper changed their mind meanwhile.
		given.ID = "ver_2"
		grant(given)
		if got := consents(); len(got) != 2 || got[0].Granted {
			t.Fatalf("%+v", got)
		}
		if n := s.count("SELECT COUNT(*) FROM outbox WHERE store_id = ? AND type = 'consent.changed' AND ordering = 'c-1'", s.store); n != 2 {
			t.Errorf("%d events of 2 changes", n)
		}
		if _, err := service.SetMarketing(t.Context(), s.store, privacy.Consent{Customer: "verification:ver_1", Granted: true}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("a guest: %v", err)
		}
	})
}

// An erasure is asked for once, goes on where it was cut off, and can be asked for again.
func TestAnErasureGoesOnWhereItStopped(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		s := newStage(t, db)
		service, queue := privacyOf(db)
		for i := range 3 {
			s.challenged(fmt.Sprint("ver_", i), "")
		}
		s.exec("UPDATE verifications SET detail = ? WHERE store_id = ?", `{"locale":"de","country":"DE","consent":{"Version":"1","Marketing":true}}`, s.store)
		for i := range 101 {
			s.exec("INSERT INTO audit (id, store_id, actor, action, target, changes, request_id, created_at) VALUES (?, ?, 'key_1', 'points.adjusted', 'c-1', ?, '', ?)",
				fmt.Sprintf("aud_%06d", i), s.store, `{"customer":"c-1","other":"c-11"}`, time.Now().UTC())
		}
		subject := privacy.Subject{Customer: "c-1"}
		first, err := service.Erase(t.Context(), s.store, subject, privacy.Store, "key_1", "req_1")
		if err != nil {
			t.Fatal(err)
		}
		second, err := service.Erase(t.Context(), s.store, subject, privacy.Shopper, "shopper", "req_2")
		if err != nil || second.ID != first.ID || second.Secret == first.Secret || len(queue.requests) != 1 {
			t.Fatalf("asked twice: %+v, %v, queued %v", second, err, queue.requests)
		}
		if _, err := service.ByReceipt(t.Context(), s.store, first.Secret); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("the first secret still works: %v", err)
		}
		// Cut off ever later, at every part of the work.
		asks, cut := 0, 5
		database.CutForTest(db, func() error {
			if asks++; asks == cut {
				asks, cut = 0, cut+7
				return errCut
			}
			return nil
		})
		for {
			if err = service.Work(t.Context(), s.store, first.ID); err == nil {
				break
			}
			if !errors.Is(err, errCut) {
				t.Fatal(err)
			}
		}
		database.CutForTest(db, nil)
		done, err := service.ByReceipt(t.Context(), s.store, second.Secret)
		if err != nil || done.State != privacy.Done || !privacy.IsPseudonym(done.Subject.Customer) || done.Receipt == "" {
			t.Fatalf("%+v, %v", done, err)
		}
		if done.Removed["verifications"] != 3 || done.Removed["audit"] != 101 {
			t.Errorf("removed %v", done.Removed)
		}
		if n := s.count("SELECT COUNT(*) FROM audit WHERE store_id = ? AND changes LIKE '%\"c-11\"%' AND target = ?", s.store, done.Pseudonym); n != 101 {
			t.Errorf("%d audit entries have the pseudonym, and c-11 beside it", n)
		}
		if n := s.count("SELECT COUNT(*) FROM verifications WHERE store_id = ? AND state = 'cancelled' AND customer = ? AND network = ''", s.store, done.Pseudonym); n != 3 {
			t.Errorf("%d verifications are over", n)
		}
		if left, err := service.Unfinished(t.Context(), s.store, -time.Hour); err != nil || len(left) != 0 {
			t.Errorf("unfinished: %v, %v", left, err)
		}
		if _, err := service.Erase(t.Context(), s.store, privacy.Subject{Customer: done.Pseudonym}, privacy.Store, "key_1", ""); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("a pseudonym: %v", err)
		}
		again, err := service.Erase(t.Context(), s.store, subject, privacy.Store, "key_1", "")
		if err != nil || again.ID == first.ID {
			t.Fatalf("asked again: %+v, %v", again, err)
		}
	})
}

// A guest is known by one verification: that is erased, and no customer with it.
func TestAGuestIsErasedByTheirVerification(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		s := newStage(t, db)
		service, _ := privacyOf(db)
		s.challenged("ver_1", "x")
		s.challenged("ver_2", "x")
		subject := privacy.SubjectOf("verification:ver_1")
		asked, err := service.Erase(t.Context(), s.store, subject, privacy.Shopper, "shopper", "")
		if err != nil {
			t.Fatal(err)
		}
		if err := service.Work(t.Context(), s.store, asked.ID); err != nil {
			t.Fatal(err)
		}
		if n := s.count("SELECT COUNT(*) FROM verifications WHERE store_id = ? AND customer = 'c-1'", s.store); n != 1 {
			t.Errorf("%d verifications of the customer are left, want the other one", n)
		}
		if _, err := service.Erase(t.Context(), s.store, privacy.SubjectOf("verification:ver_9"), privacy.Shopper, "shopper", ""); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("a verification of nobody: %v", err)
		}
		if _, err := service.Request(t.Context(), newStage(t, db).store, asked.ID); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("from another store: %v", err)
		}
	})
}

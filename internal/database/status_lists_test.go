package database_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/verify"
)

// prove writes an attestation as verification does.
func (s *stage) prove(storage *database.VerifyStorage, id string) error {
	_, err := storage.Write(s.t.Context(), s.store, func(ctx context.Context, tx verify.Tx) (any, error) {
		return nil, tx.InsertAttestation(ctx, verify.Attestation{ID: id, Verification: "ver_" + s.store, Group: "student",
			ValidUntil: time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond), CreatedAt: time.Now().UTC().Truncate(time.Microsecond)})
	})
	return err
}

func (s *stage) verification() {
	s.exec("INSERT INTO verifications (store_id, id, group_name, subgroup, offer_id, customer, bound, secret_hash, state, policy_id, policy_version, detail, "+
		"attestation_id, revision, created_at, updated_at, expires_at) VALUES (?, ?, 'student', '', '', '', false, ?, 'verified', '', 0, '{}', '', 1, ?, ?, ?)",
		s.store, "ver_"+s.store, []byte("x"), time.Now().UTC(), time.Now().UTC(), time.Now().UTC())
}

// TestEachAttestationHasItsOwnStatus: many at once, in lists so small that they fill up: no index is given twice, and a
// list without room is followed by the next.
func TestEachAttestationHasItsOwnStatus(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		const lists, size = 4, 8
		database.StatusListsOfForTest(db, size)
		s := newStage(t, db)
		s.verification()
		storage := database.NewVerifyStorage(db, nil)
		errs := make(chan error, lists*size)
		var wg sync.WaitGroup
		for i := range lists * size {
			wg.Go(func() { errs <- s.prove(storage, fmt.Sprintf("att_%02d", i)) })
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		if n := s.count("SELECT COUNT(*) FROM attestations WHERE store_id = ? AND status_list <> '' AND status_index BETWEEN 0 AND ?", s.store, size-1); n != lists*size {
			t.Errorf("%d attestations have a status, want %d", n, lists*size)
		}
		if n := s.count("SELECT COUNT(*) FROM status_lists WHERE store_id = ?", s.store); n < lists {
			t.Errorf("%d lists of %d for %d attestations", n, size, lists*size)
		}
	})
}

// TestAnOldAttestationGetsItsStatusOnce: those of earlier versions get a place when a token is issued, two at once the
// same one; and only what was ended is set, in its own list alone.
func TestAnOldAttestationGetsItsStatusOnce(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s, other := newStage(t, db), newStage(t, db)
		storage, c := database.NewVerifyStorage(db, nil), database.NewCheckout(db)
		for _, stage := range []*stage{s, other} {
			stage.verification()
			for _, id := range []string{"att_old", "att_ended"} {
				if err := stage.prove(storage, id); err != nil {
					t.Fatal(err)
				}
			}
			stage.exec("UPDATE attestations SET status_list = '', status_index = 0 WHERE store_id = ? AND id = 'att_old'", stage.store)
			stage.exec("UPDATE attestations SET ended_at = ? WHERE store_id = ? AND id = 'att_ended'", time.Now().UTC(), stage.store)
		}
		type place struct {
			list  string
			index int64
			err   error
		}
		places := make(chan place, 6)
		var wg sync.WaitGroup
		for range cap(places) {
			wg.Go(func() {
				list, index, err := c.PlaceStatus(t.Context(), s.store, "att_old")
				places <- place{list, index, err}
			})
		}
		wg.Wait()
		close(places)
		first := <-places
		for p := range places {
			if p != first {
				t.Errorf("%+v and %+v", p, first)
			}
		}
		if first.err != nil || first.list == "" {
			t.Fatalf("%+v", first)
		}
		store, bits, _, found, err := c.StatusList(t.Context(), first.list)
		if err != nil || !found || store != s.store {
			t.Fatalf("list of %q, found %v: %v", store, found, err)
		}
		set := 0
		for _, b := range bits {
			for ; b != 0; b &= b - 1 {
				set++
			}
		}
		if set != 1 || bits[first.index/8]>>(first.index%8)&1 != 0 {
			t.Errorf("%d statuses are set, want that of the ended one alone", set)
		}
		if _, _, _, found, err := c.StatusList(t.Context(), "stl_nothing"); found || err != nil {
			t.Errorf("found a list that is not there: %v", err)
		}
		if _, _, err := c.PlaceStatus(t.Context(), s.store, "att_nothing"); err == nil {
			t.Error("an attestation that is not there has a status")
		}
	})
}

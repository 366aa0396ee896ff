package database_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

const (
	// manyAttestations is what the effect of a data pack is computed over.
	manyAttestations = 20_000
	// maxEffectHeap is generous: the figure itself is logged.
	maxEffectHeap = 64 << 20
)

// The effect of a data pack on very many attestations is computed whole and in little memory.
func TestTheEffectOnManyAttestations(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": testdb.SQLiteURL, "postgres": testdb.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			db := testdb.Open(t, url(t))
			f := verifyFixture(t, db)
			store := verify.StoreRef{ID: f.Stores[0], Test: true}
			attestMany(t, db, store.ID)
			service := packService(t, f.Storage)
			by := verify.Actor{Name: "test"}
			if _, err := service.SavePack(t.Context(), store, by, verify.PackInput{Name: "schools", Purpose: verify.Eligible, Data: schoolList(0, 1000)}); err != nil {
				t.Fatal(err)
			}
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			// Of 1,000 domains with as many attestations each the first 10 go.
			e, err := service.PreviewPack(t.Context(), store, verify.PackInput{Name: "schools", Purpose: verify.Eligible, Data: schoolList(10, 1000), Version: 1})
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if err != nil || e.Attestations != manyAttestations/100 || len(e.Domains) != 10 || e.Domains[0].Attestations != manyAttestations/1000 || e.Version.Out != 10 {
				t.Fatalf("effect: %d attestations of %d domains, %v", e.Attestations, len(e.Domains), err)
			}
			allocated := after.TotalAlloc - before.TotalAlloc
			t.Logf("%d attestations judged in %s, %d kB allocated", manyAttestations, took, allocated>>10)
			if allocated > maxEffectHeap {
				t.Errorf("it took %d bytes", allocated)
			}
		})
	}
}

// packService can send no mail: what a domain proves does not depend on it.
func packService(t testing.TB, storage verify.Storage) *verify.Service {
	t.Helper()
	shipped, err := email.LoadShipped()
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := verify.NewRegistry(email.New(shipped, rand.Reader))
	if err != nil {
		t.Fatal(err)
	}
	return verify.NewService(verify.Options{Storage: storage, Registry: kinds, Taggers: verifyfake.Secrets{}, Sealer: verifyfake.Secrets{}, Random: rand.Reader,
		Domains: shipped.ListReader()})
}

func schoolList(from, to int) []byte {
	var list []byte
	for i := from; i < to; i++ {
		list = fmt.Appendf(list, "school%d.example\n", i)
	}
	return list
}

// attestMany writes attestations by mailboxes of 1,000 domains, in the database alone.
func attestMany(t testing.TB, db *database.DB, store string) {
	t.Helper()
	ctx := context.Background()
	now := time.Now().UTC()
	exec := func(query string, args ...any) {
		t.Helper()
		if err := database.ExecForTest(ctx, db, query, args...); err != nil {
			t.Fatal(err)
		}
	}
	err := database.NewVerifyStorage(db, nil).Read(ctx, store, func(context.Context, verify.Tx) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := database.NewVerifyStorage(db, nil).Write(ctx, store, func(ctx context.Context, tx verify.Tx) (any, error) {
		return nil, tx.InsertVerification(ctx, verify.Verification{ID: "ver_many", Store: store, Group: "student", State: verify.Verified, SecretHash: []byte{},
			First: map[verify.Requirement]verify.Step{}, Digests: map[string]string{}, CreatedAt: now, UpdatedAt: now, ExpiresAt: now.Add(time.Hour), Revision: 1})
	}); err != nil {
		t.Fatal(err)
	}
	numbers := fmt.Sprintf("WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", manyAttestations-1)
	exec("INSERT INTO attestations (store_id, id, verification_id, customer, bound, group_name, subgroup, organisation, classes, tags, policy_id, policy_version, valid_until, created_at, end_reason) "+
		numbers+"SELECT ?, 'att_' || i, 'ver_many', '', ?, 'student', '', 'school' || (i % 1000) || '.example', '[]', '[]', 'pol', 1, ?, ?, '' FROM n",
		store, false, now.Add(24*time.Hour), now)
	exec("INSERT INTO attestation_domains (store_id, attestation_id, requirement, domain, noted_at) "+
		numbers+"SELECT ?, 'att_' || i, 'email:schools', 'www.school' || (i % 1000) || '.example', ? FROM n", store, now)
}

package database_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/verify"
)

// BenchmarkLookAlikes looks for one page among those of 100,000 documents, half of which share one template.
func BenchmarkLookAlikes(b *testing.B) {
	for name, url := range map[string]string{"sqlite": testdb.SQLiteURL(b), "postgres": testdb.PostgresURL(b)} {
		b.Run(name, func(b *testing.B) {
			db := testdb.Open(b, url)
			store, storage := manyHashes(b, db, 100_000)
			for b.Loop() {
				look(b, storage, store, rand.Uint64())
			}
		})
	}
}

func look(t testing.TB, storage *database.VerifyStorage, store string, hash uint64) {
	t.Helper()
	err := storage.Read(context.Background(), store, func(ctx context.Context, tx verify.Tx) error {
		doc := verify.DocumentFile{ID: "doc_mine", Verification: "ver_mine", Pages: []verify.DocumentPage{verify.DocumentPage{}.WithHash(hash)}}
		alike, err := verify.FindLookAlikes(ctx, tx, []verify.DocumentFile{doc}, verify.Shopper{})
		if len(alike) > 0 {
			t.Errorf("%d look-alikes without a document", len(alike))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func manyHashes(t testing.TB, db *database.DB, n int) (store string, storage *database.VerifyStorage) {
	t.Helper()
	f := verifyFixture(t, db)
	r := rand.New(rand.NewPCG(1, 2))
	for done := 0; done < n; done += 2000 {
		var hashes []verify.PageHash
		for i := done; i < done+2000; i++ {
			hash := r.Uint64()
			if i%2 == 0 {
				hash = 0xffff0000ffff0000
			}
			hashes = append(hashes, verify.PageHash{Document: fmt.Sprintf("doc_%07d", i), Page: 1, Hash: hash, CreatedAt: time.Now()})
		}
		_, err := f.Storage.Write(context.Background(), f.Stores[0], func(ctx context.Context, tx verify.Tx) (any, error) { return 0, tx.PutHashes(ctx, hashes) })
		if err != nil {
			t.Fatal(err)
		}
	}
	return f.Stores[0], f.Storage.(*database.VerifyStorage)
}

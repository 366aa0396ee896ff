package storagetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// file is a document as it is written down: of a content and a picture.
func file(verification, content string, hash uint64) verify.DocumentFile {
	page := verify.DocumentPage{Width: 1200, Height: 800, Size: 4}.WithHash(hash)
	return verify.DocumentFile{ID: verify.NewDocumentID(), Verification: verification, MediaType: "image/jpeg", Size: 10, Thumb: 2,
		Pages: []verify.DocumentPage{page}, Content: verify.PersonTag(content), Key: []byte("sealed"), Digest: "d", Kept: 30}
}

func (b *bench) add(t *testing.T, d verify.DocumentFile) *verify.DocumentFile {
	t.Helper()
	saved, err := b.AddDocument(t.Context(), b.store, d)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// handIn answers the step for a person with all documents that wait.
func (b *bench) handIn(t *testing.T, id, first string) *verify.Result {
	t.Helper()
	r, err := b.Answer(t.Context(), b.store, id, verify.Answer{Step: verify.StepDocument, Fields: map[string]string{
		"first_name": first, "last_name": "Lovelace", "birth_date": "2001-12-10", "organisation": "Example University",
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// inStore reads with a transaction.
func (b *bench) inStore(t *testing.T, store string, fn func(context.Context, verify.Tx) error) {
	t.Helper()
	if err := b.Storage.Read(t.Context(), store, fn); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) documents(t *testing.T, verification string) (found []verify.DocumentFile) {
	t.Helper()
	b.inStore(t, b.store.ID, func(ctx context.Context, tx verify.Tx) (err error) {
		found, err = tx.Documents(ctx, verification)
		return err
	})
	return found
}

func testDocuments(t *testing.T, b *bench) {
	b.policy(t, verify.Path{"document"})
	id := b.start(t, "c-1", true).Verification.ID
	if _, err := b.Answer(t.Context(), b.store, id, verify.Answer{Step: verify.StepDocument, Fields: map[string]string{"first_name": "Ada", "last_name": "Lovelace",
		"birth_date": "2001-12-10", "organisation": "Example University"}}); fault.CodeOf(err) != fault.Invalid {
		t.Fatalf("without a document: %v", err)
	}
	one := b.add(t, file(id, "one", 1))
	if again := b.add(t, file(id, "one", 1)); again.ID != one.ID {
		t.Errorf("the same file is another document")
	}
	two := b.add(t, file(id, "two", 2))
	b.add(t, file(id, "three", 3))
	_, err := b.AddDocument(t.Context(), b.store, file(id, "four", 4))
	wantFault(t, err, fault.DocumentLimit)
	for range 2 {
		if gone, err := b.RemoveDocument(t.Context(), b.store, id, two.ID); err != nil || gone.State != verify.DocumentRemoved {
			t.Fatalf("%+v, %v", gone, err)
		}
	}
	r, err := b.Get(t.Context(), b.store, id)
	wantState(t, r, err, verify.Uploading, verify.StepDocument)
	if len(r.Documents) != 2 || r.Documents[0].ID != one.ID || r.Documents[0].Pages[0].Width != 1200 || string(r.Documents[0].Key) != "sealed" {
		t.Fatalf("%+v", r.Documents)
	}
	other := verify.StoreRef{ID: b.Stores[1], Test: true}
	_, err = b.AddDocument(t.Context(), other, file(id, "five", 5))
	wantFault(t, err, fault.NotFound)
	_, err = b.RemoveDocument(t.Context(), other, id, one.ID)
	wantFault(t, err, fault.NotFound)

	wantState(t, b.handIn(t, id, "Ada"), nil, verify.PendingReview, verify.StepPending)
	wantState(t, b.handIn(t, id, "Ada"), nil, verify.PendingReview, verify.StepPending)
	_, err = b.AddDocument(t.Context(), b.store, file(id, "six", 6))
	wantFault(t, err, fault.InvalidStep)
	_, err = b.RemoveDocument(t.Context(), b.store, id, one.ID)
	wantFault(t, err, fault.InvalidStep)
	for _, d := range b.documents(t, id) {
		if in := d.ID != two.ID; in != (d.State == verify.DocumentSubmitted) || in != (len(d.Persons) > 0) || in != d.DeleteAt.IsZero() || in && d.KeepDays != 7 {
			t.Errorf("%+v", d)
		}
	}
}

func testUploadRace(t *testing.T, b *bench) {
	b.policy(t, verify.Path{"document"})
	id := b.start(t, "c-1", true).Verification.ID
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, err := b.AddDocument(t.Context(), b.store, file(id, fmt.Sprint("file ", i), uint64(i)))
			if err != nil && fault.CodeOf(err) != fault.DocumentLimit {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(b.documents(t, id)); n != verify.MaxDocuments {
		t.Errorf("%d documents, want %d", n, verify.MaxDocuments)
	}
}

func testLookAlikes(t *testing.T, b *bench) {
	b.policy(t, verify.Path{"document"})
	const template, other = 0x0123456789abcdef, 0xaaaaaaaaaaaaaaaa
	prove := func(customer, first, content string, hash uint64) *verify.Result {
		// Who the customer is, a browser claims or somebody with authority says.
		claimed, name := strings.CutPrefix(customer, "claimed ")
		if !name {
			claimed = customer
		}
		id := b.start(t, claimed, !name).Verification.ID
		b.add(t, file(id, content, hash))
		return b.handIn(t, id, first)
	}
	reviewOf := func(r *verify.Result) (found verify.Review) {
		b.inStore(t, b.store.ID, func(ctx context.Context, tx verify.Tx) (err error) {
			all, err := tx.ReviewPage(ctx, verify.ReviewFilter{}, "", 100)
			for _, review := range all {
				if review.Verification == r.Verification.ID {
					found = review
				}
			}
			return err
		})
		return found
	}
	for _, c := range []struct {
		name                     string
		customer, first, content string
		hash                     uint64
		alike                    int
		why                      string
	}{
		{"the first", "c-1", "Ada", "one", template, 0, "document"},
		{"the same customer under another name", "c-1", "Adah", "three", template, 0, "document"},
		{"another person who claims to be that customer", "claimed c-1", "Kathleen", "nine", template ^ 2, 2, "document look_alike"},
		{"another person with the template", "c-2", "Grace", "four", template ^ 0x8000000000000011, 3, "document look_alike"},
		{"six bits away", "c-3", "Edith", "five", template ^ 0x0011111100000000, 2, "document look_alike"},
		{"six bits in all parts", "c-10", "Rosalind", "spread", template ^ 0x0020010048004002, 3, "document look_alike"},
		{"somebody else", "c-7", "Emmy", "seven", other, 0, "document"},
		{"the same person for another customer", "c-8", "EMMY", "eight", other ^ 1, 0, "document"},
		{"another picture", "c-4", "Mary", "six", ^uint64(template), 0, "document"},
		{"the very same file", "c-5", "Jane", "six", ^uint64(template), 1, "document look_alike same_file"},
	} {
		review := reviewOf(prove(c.customer, c.first, c.content, c.hash))
		if got := strings.Join(review.Why, " "); got != c.why || review.Signals[verify.SignalLookAlike] != c.alike {
			t.Errorf("%s: %s, %v; want %s, %d", c.name, got, review.Signals, c.why, c.alike)
		}
		if held := c.alike > 0; held != (review.Needed == 2) {
			t.Errorf("%s: %d reviewers", c.name, review.Needed)
		}
	}
}

// testManyHashes looks for one picture among many. How long it takes does not depend on how many share a key.
func testManyHashes(t *testing.T, b *bench) {
	const many = 4000
	r := rand.New(rand.NewPCG(1, 2))
	var hashes []verify.PageHash
	at := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	for i := range many {
		hash := r.Uint64()
		if i%2 == 0 {
			hash = 0xffff0000ffff0000 // a template that everybody uses
		}
		hashes = append(hashes, verify.PageHash{Document: fmt.Sprintf("doc_%05d", i), Page: 1, Hash: hash, CreatedAt: at})
	}
	_, err := b.Storage.Write(t.Context(), b.store.ID, func(ctx context.Context, tx verify.Tx) (any, error) {
		return 0, errors.Join(tx.PutHashes(ctx, hashes), tx.PutHashes(ctx, hashes[:3]))
	})
	if err != nil {
		t.Fatal(err)
	}
	b.inStore(t, b.store.ID, func(ctx context.Context, tx verify.Tx) error {
		lone := hashes[1]
		found, err := tx.NearHashes(ctx, lone.Keys(), 10)
		if err != nil {
			return err
		}
		seen := 0
		for _, h := range found {
			if h.Document == lone.Document && h.Hash == lone.Hash && h.Page == 1 && h.CreatedAt.Equal(at) {
				seen++
			}
		}
		if seen != 1 {
			t.Errorf("the picture was found %d times", seen)
		}
		common, err := tx.NearHashes(ctx, hashes[0].Keys(), 10)
		if len(common) == 0 || len(common) > 50 {
			t.Errorf("%d hashes of a common template", len(common))
		}
		return err
	})
	b.inStore(t, b.Stores[1], func(ctx context.Context, tx verify.Tx) error {
		found, err := tx.NearHashes(ctx, hashes[0].Keys(), 10)
		if len(found) > 0 {
			t.Errorf("another store sees %d hashes", len(found))
		}
		return err
	})
	_, err = b.Storage.Write(t.Context(), b.store.ID, func(ctx context.Context, tx verify.Tx) (any, error) {
		if n, err := tx.ForgetHashes(ctx, at, 100_000); err != nil || n != 0 {
			t.Errorf("%d, %v", n, err)
		}
		n, err := tx.ForgetHashes(ctx, at.Add(time.Second), 100_000)
		if n < many {
			t.Errorf("%d hashes were forgotten", n)
		}
		return n, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func testDueDocuments(t *testing.T, b *bench) {
	b.policy(t, verify.Path{"document"})
	waiting, decided := b.start(t, "c-1", true).Verification.ID, b.start(t, "c-2", true).Verification.ID
	abandoned := b.add(t, file(waiting, "one", 1))
	handed := b.add(t, file(decided, "two", 2))
	b.handIn(t, decided, "Ada")
	due := func() (ids []string) {
		b.inStore(t, b.store.ID, func(ctx context.Context, tx verify.Tx) error {
			found, err := tx.DueDocuments(ctx, "", 10)
			for _, d := range found {
				ids = append(ids, d.ID)
			}
			return err
		})
		return ids
	}
	undecided := func() (n int) {
		b.inStore(t, b.store.ID, func(ctx context.Context, tx verify.Tx) error {
			found, err := tx.DecidedDocuments(ctx, 10)
			n = len(found)
			if n > 0 && (found[0].ID != handed.ID || found[0].DecidedAt.IsZero()) {
				t.Errorf("%+v", found[0])
			}
			return err
		})
		return n
	}
	if got := due(); len(got) > 0 || undecided() > 0 {
		t.Fatalf("due at once: %v", got)
	}
	if _, err := b.Cancel(t.Context(), b.store, decided); err != nil {
		t.Fatal(err)
	}
	if undecided() != 1 {
		t.Error("a cancelled verification has not ended")
	}
	b.Advance(verify.AbandonedAfter + time.Minute)
	if got := due(); len(got) != 1 || got[0] != abandoned.ID {
		t.Errorf("due after a day: %v", got)
	}
	_, err := b.Storage.Write(t.Context(), b.store.ID, func(ctx context.Context, tx verify.Tx) (any, error) {
		d, err := tx.Document(ctx, abandoned.ID)
		if err != nil {
			return nil, err
		}
		d.State, d.Key, d.DeletedAt = verify.DocumentGone, nil, tx.Now()
		d.Proof = &verify.DeletionProof{By: "kit", At: tx.Now(), Absent: true, KeyDestroyed: true}
		return d, tx.UpdateDocument(ctx, d)
	})
	if err != nil {
		t.Fatal(err)
	}
	b.inStore(t, b.store.ID, func(ctx context.Context, tx verify.Tx) error {
		left, err := tx.DocumentPage(ctx, "", 10)
		if err != nil || len(left) != 1 || left[0] != handed.ID {
			t.Errorf("with a file: %v, %v", left, err)
		}
		d, err := tx.Document(ctx, abandoned.ID)
		if d.Key != nil || d.Proof == nil || !d.Proof.Absent || d.Proof.By != "kit" {
			t.Errorf("%+v", d)
		}
		return err
	})
	if got := due(); len(got) > 0 {
		t.Errorf("due although it is gone: %v", got)
	}
	b.inStore(t, b.Stores[1], func(ctx context.Context, tx verify.Tx) error {
		_, err := tx.Document(ctx, handed.ID)
		wantFault(t, err, fault.NotFound)
		return nil
	})
}

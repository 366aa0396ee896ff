package document_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/blob"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/imaging"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/document"
	"github.com/laurel-gateway/laurel/verify/mock"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

var errAway = errors.New("the bucket is away")

// bucket is a directory that can break.
type bucket struct {
	*blob.Bucket
	mu   sync.Mutex
	away bool
	// keeps says that deleting answers well and does nothing.
	keeps bool
	// after is how many deletions go well before the bucket is away.
	after int
	puts  int
}

func (b *bucket) broken() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return errAway
	}
	return nil
}

func (b *bucket) Put(ctx context.Context, key string, data []byte) error {
	if err := b.broken(); err != nil {
		return err
	}
	b.mu.Lock()
	b.puts++
	b.mu.Unlock()
	return b.Bucket.Put(ctx, key, data)
}

func (b *bucket) Delete(ctx context.Context, key string) error {
	if err := b.broken(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.after > 0 {
		if b.after--; b.after == 0 {
			b.away = true
		}
	}
	if b.keeps {
		return nil
	}
	return b.Bucket.Delete(ctx, key)
}

func (b *bucket) Exists(ctx context.Context, key string) (bool, error) {
	if err := b.broken(); err != nil {
		return false, err
	}
	return b.Bucket.Exists(ctx, key)
}

func (b *bucket) set(change func(*bucket)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(b)
}

// bench is a desk on a storage in memory, with a clock.
type bench struct {
	*document.Desk
	service *verify.Service
	bucket  *bucket
	store   verify.StoreRef

	mu      sync.Mutex
	now     time.Time
	counted map[string]int
}

var drawer = imaging.NewReader()

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{store: verify.StoreRef{ID: "sto_1", Test: true}, now: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC), counted: map[string]int{}}
	storage := verifyfake.New(b.time, "sto_1", "sto_2")
	kinds, err := verify.NewRegistry(document.New(document.Shelf{Storage: storage, Taggers: verifyfake.Secrets{}}), mock.New())
	must(t, err)
	b.service = verify.NewService(verify.Options{Storage: storage, Registry: kinds, Taggers: verifyfake.Secrets{}, Sealer: verifyfake.Secrets{},
		Receipts: verifyfake.Secrets{}, Random: rand.Reader, Issuer: "https://gateway.example"})
	_, err = b.service.SavePolicy(t.Context(), b.store, verify.Actor{Name: "test"}, verify.Policy{Group: "student", Paths: []verify.Path{{"document"}},
		Validity: verify.Validity{Days: 365}})
	must(t, err)
	opened, err := blob.Open(t.Context(), blob.Target{URL: "file://" + filepath.Join(t.TempDir(), "kept")})
	must(t, err)
	t.Cleanup(func() { must(t, opened.Close()) })
	keys, err := crypt.NewKeyset()
	must(t, err)
	master, err := crypt.MasterFromKeyset(keys)
	must(t, err)
	b.bucket = &bucket{Bucket: opened}
	b.Desk = document.NewDesk(document.DeskConfig{Service: b.service, Bucket: b.bucket, Reader: drawer, Envelope: master, Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Observe: func(what string) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.counted[what]++
		}})
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) time() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) advance(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *bench) start(t *testing.T, customer string) string {
	t.Helper()
	r, err := b.service.Start(t.Context(), verify.StartRequest{Store: b.store, Group: "student", Customer: customer, Confirmed: true, Locale: "en", ConsentVersion: "1"})
	must(t, err)
	return r.Verification.ID
}

func (b *bench) upload(t *testing.T, id string, file []byte) *verify.DocumentFile {
	t.Helper()
	d, err := b.Upload(t.Context(), b.store, id, file)
	must(t, err)
	return d
}

// handIn uploads a file and hands it in; it returns the document and its review.
func (b *bench) handIn(t *testing.T, customer, first string, file []byte) (*verify.DocumentFile, string) {
	t.Helper()
	id := b.start(t, customer)
	d := b.upload(t, id, file)
	_, err := b.service.Answer(t.Context(), b.store, id, verify.Answer{Step: verify.StepDocument, Fields: given("documents", d.ID, "first_name", first)})
	must(t, err)
	reviews, err := b.service.Reviews(t.Context(), b.store, verify.ReviewFilter{}, "", 1)
	must(t, err)
	return d, reviews[0].ID
}

func (b *bench) row(t *testing.T, id string) verify.DocumentFile {
	t.Helper()
	var d verify.DocumentFile
	must(t, b.service.Storage.Read(t.Context(), b.store.ID, func(ctx context.Context, tx verify.Tx) (err error) {
		d, err = tx.Document(ctx, id)
		return err
	}))
	return d
}

func (b *bench) key(id string) string { return "documents/" + b.store.ID + "/" + id }

// photo is a card whose look comes of a seed.
func photo(t testing.TB, seed int) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, 480, 320))
	for y := range 320 {
		for x := range 480 {
			v := uint8((x/60*seed*37 + y/40*seed*seed*53) % 251)
			p.Set(x, y, color.RGBA{v, v, 255 - v, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, p, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var reviewer = verify.Reviewer{Actor: verify.Actor{Name: "per_1"}}

func TestAFileIsKeptEncryptedAndSeenByItsReviewer(t *testing.T) {
	b := newBench(t)
	d, review := b.handIn(t, "c-1", "Ada", photo(t, 3))
	sealed, err := b.bucket.Get(t.Context(), b.key(d.ID))
	must(t, err)
	sum := sha256.Sum256(sealed)
	if bytes.Contains(sealed, []byte("\xff\xd8\xff")) || d.Digest != hex.EncodeToString(sum[:]) || d.Kept != len(sealed) {
		t.Error("what is kept can be read, or is not what the row says")
	}
	if d.MediaType != "image/jpeg" || len(d.Pages) != 1 || d.Pages[0].Width != 480 || d.Pages[0].Hash == "" {
		t.Errorf("%+v", d)
	}
	for thumb, width := range map[bool]int{false: 480, true: imaging.ThumbSide} {
		picture, err := b.View(t.Context(), b.store, reviewer, document.Sight{Review: review, Document: d.ID, Page: 1, Thumb: thumb})
		must(t, err)
		c, err := jpeg.DecodeConfig(bytes.NewReader(picture))
		if err != nil || c.Width != width || http.DetectContentType(picture) != "image/jpeg" {
			t.Errorf("thumbnail %t: %+v, %v", thumb, c, err)
		}
	}
	other, otherReview := b.handIn(t, "c-2", "Grace", photo(t, 11))
	for name, s := range map[string]document.Sight{
		"another's": {Review: review, Document: other.ID, Page: 1}, "no page": {Review: review, Document: d.ID, Page: 2},
		"page zero": {Review: review, Document: d.ID}, "no review": {Review: "rev_none", Document: d.ID, Page: 1}, "no document": {Review: otherReview, Document: "doc_none", Page: 1},
	} {
		if _, err := b.View(t.Context(), b.store, reviewer, s); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := b.View(t.Context(), verify.StoreRef{ID: "sto_2"}, reviewer, document.Sight{Review: review, Document: d.ID, Page: 1}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("another store: %v", err)
	}
	// A file that somebody put in another's place does not open.
	must(t, b.bucket.Bucket.Put(t.Context(), b.key(other.ID), sealed))
	if _, err := b.View(t.Context(), b.store, reviewer, document.Sight{Review: otherReview, Document: other.ID, Page: 1}); !errors.Is(err, crypt.ErrSealed) {
		t.Errorf("an exchanged file: %v", err)
	}
}

func TestTheSameFileIsOneDocument(t *testing.T) {
	b := newBench(t)
	id := b.start(t, "c-1")
	one := b.upload(t, id, photo(t, 3))
	if again := b.upload(t, id, photo(t, 3)); again.ID != one.ID || b.bucket.puts != 1 {
		t.Errorf("%s and %s, kept %d times", one.ID, again.ID, b.bucket.puts)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { b.upload(t, id, photo(t, 5)) })
	}
	all.Wait()
	kept := 0
	must(t, b.bucket.List(t.Context(), "documents/", func(blob.Object) error { kept++; return nil }))
	if kept != 2 {
		t.Errorf("%d files are kept, want 2", kept)
	}
	b.upload(t, id, photo(t, 7))
	if _, err := b.Upload(t.Context(), b.store, id, photo(t, 9)); fault.CodeOf(err) != fault.DocumentLimit {
		t.Errorf("a fourth: %v", err)
	}
	if b.bucket.puts > 6 {
		t.Errorf("a file that is refused was kept for a while")
	}
}

func TestRefusedFilesSayWhy(t *testing.T) {
	b := newBench(t)
	id := b.start(t, "c-1")
	for reason, file := range map[string][]byte{
		"kind": []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "heic": []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"),
		"unreadable": photo(t, 3)[:900],
	} {
		_, err := b.Upload(t.Context(), b.store, id, file)
		if f := fault.From(err); f == nil || f.Code != fault.DocumentRefused || f.Fields[0].Detail != reason {
			t.Errorf("%s: %v", reason, err)
		}
	}
	if b.bucket.puts != 0 || b.counted[document.CountedRefused] != 3 {
		t.Errorf("%d kept, %v", b.bucket.puts, b.counted)
	}
	b.bucket.set(func(k *bucket) { k.away = true })
	if _, err := b.Upload(t.Context(), b.store, id, photo(t, 3)); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("without a bucket: %v", err)
	}
}

func TestFilesAreDeletedAndThatIsProven(t *testing.T) {
	b := newBench(t)
	d, review := b.handIn(t, "c-1", "Ada", photo(t, 3))
	abandoned := b.upload(t, b.start(t, "c-2"), photo(t, 5))
	_, err := b.service.DecideReview(t.Context(), b.store, reviewer, review, verify.Ruling{Approve: true})
	must(t, err)
	retire := func() document.Retired {
		t.Helper()
		done, err := b.Retire(t.Context(), b.store)
		must(t, err)
		return done
	}
	if done := retire(); done.Deleted != 0 || b.row(t, d.ID).DeleteAt != b.time().AddDate(0, 0, 7) {
		t.Fatalf("%+v, %v", done, b.row(t, d.ID).DeleteAt)
	}
	b.advance(25 * time.Hour)
	if done := retire(); done.Deleted != 1 || b.row(t, abandoned.ID).State != verify.DocumentGone || b.row(t, abandoned.ID).Content != "" {
		t.Fatalf("after a day: %+v", done)
	}
	b.advance(6 * 24 * time.Hour)
	if done := retire(); done.Deleted != 1 {
		t.Fatalf("after seven days: %+v", done)
	}
	row := b.row(t, d.ID)
	if p := row.Proof; row.Key != nil || row.DeletedAt.IsZero() || p == nil || !p.Found || !p.Absent || !p.KeyDestroyed || p.Digest != d.Digest || p.By == "" || p.At.IsZero() {
		t.Errorf("%+v", row)
	}
	if ok, err := b.bucket.Exists(t.Context(), b.key(d.ID)); err != nil || ok {
		t.Errorf("the file is there: %t, %v", ok, err)
	}
	if _, err := b.View(t.Context(), b.store, reviewer, document.Sight{Review: review, Document: d.ID, Page: 1}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
	if done := retire(); done.Deleted != 0 {
		t.Errorf("deleted twice: %+v", done)
	}
	// Its look stays: the next one with the template is seen.
	alike, next := b.handIn(t, "c-3", "Grace", photo(t, 3))
	found, err := b.LookAlikes(t.Context(), b.store, reviewer, next, alike.ID)
	if err != nil || len(found) != 1 || found[0].Document.ID != d.ID || !found[0].SameFile || found[0].Document.Proof == nil {
		t.Errorf("%+v, %v", found, err)
	}
}

// The bucket goes away in the middle: what is deleted is proven, what is not stays due, and the rest is done later.
func TestTheBucketGoesAwayInTheMiddle(t *testing.T) {
	b := newBench(t)
	var ids []string
	for i := range 5 {
		ids = append(ids, b.upload(t, b.start(t, ""), photo(t, 3+i)).ID)
	}
	b.advance(25 * time.Hour)
	b.bucket.set(func(k *bucket) { k.after = 3 })
	done, err := b.Retire(t.Context(), b.store)
	if !errors.Is(err, errAway) || done.Deleted != 2 || done.Failed != 3 || b.counted[document.CountedDeleteFailed] != 3 {
		t.Fatalf("%+v, %v, %v", done, err, b.counted)
	}
	for _, id := range ids {
		if row := b.row(t, id); (row.Proof == nil) != (row.Key != nil) || (row.Proof == nil) != row.DeletedAt.IsZero() {
			t.Errorf("neither there nor gone: %+v", row)
		}
	}
	b.bucket.set(func(k *bucket) { k.away = false })
	if done, err := b.Retire(t.Context(), b.store); err != nil || done.Deleted != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	found := 0
	for _, id := range ids {
		if b.row(t, id).Proof.Found {
			found++
		}
	}
	if found != 4 { // one was deleted in the last moment, and proven when the bucket was back
		t.Errorf("%d files were found", found)
	}
}

// A bucket that says yes and does nothing is not believed.
func TestADeletionThatDidNothingIsNoProof(t *testing.T) {
	b := newBench(t)
	d := b.upload(t, b.start(t, ""), photo(t, 3))
	b.advance(25 * time.Hour)
	b.bucket.set(func(k *bucket) { k.keeps = true })
	if done, err := b.Retire(t.Context(), b.store); err == nil || done.Failed != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if row := b.row(t, d.ID); row.Key == nil || row.Proof != nil {
		t.Errorf("%+v", row)
	}
}

func TestTheSweepFindsWhatDoesNotBelong(t *testing.T) {
	b := newBench(t)
	var ids []string
	for i := range 4 {
		ids = append(ids, b.upload(t, b.start(t, ""), photo(t, 3+i)).ID)
	}
	if swept, err := b.Sweep(t.Context(), b.store); err != nil || swept != (document.Swept{}) {
		t.Fatalf("%+v, %v", swept, err)
	}
	must(t, b.bucket.Bucket.Put(t.Context(), b.key("doc_0"), []byte("first")))
	must(t, b.bucket.Bucket.Put(t.Context(), b.key("doc_zzz"), []byte("last")))
	must(t, b.bucket.Bucket.Put(t.Context(), "documents/sto_2/doc_0", []byte("of another store")))
	must(t, b.bucket.Bucket.Delete(t.Context(), b.key(ids[1])))
	must(t, b.bucket.Bucket.Delete(t.Context(), b.key(ids[3])))
	swept, err := b.Sweep(t.Context(), b.store)
	if swept.Orphans != 0 || swept.Lost != 2 || err == nil || !strings.Contains(err.Error(), ids[1]) || !strings.Contains(err.Error(), ids[3]) {
		t.Fatalf("%+v, %v", swept, err)
	}
	// What is young may have its row on its way; an hour later it is an orphan.
	b.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	if swept, err = b.Sweep(t.Context(), b.store); swept.Orphans != 2 || err == nil {
		t.Fatalf("%+v, %v", swept, err)
	}
	var left []string
	must(t, b.bucket.List(t.Context(), "documents/", func(o blob.Object) error { left = append(left, o.Key); return nil }))
	if len(left) != 3 || b.counted[document.CountedOrphan] != 2 || b.counted[document.CountedLost] != 4 {
		t.Errorf("%v, %v", left, b.counted)
	}
}

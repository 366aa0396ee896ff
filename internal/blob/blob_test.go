package blob_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/laurel-gateway/laurel/internal/blob"
)

// each runs a test on a directory, and on a server that speaks S3.
func each(t *testing.T, test func(*testing.T, *blob.Bucket)) {
	t.Run("directory", func(t *testing.T) {
		test(t, open(t, blob.Target{URL: "file://" + filepath.Join(t.TempDir(), "documents")}))
	})
	t.Run("s3", func(t *testing.T) {
		test(t, open(t, blob.Target{URL: bucket(t), AccessKey: "key", SecretKey: "secret"}))
	})
	t.Run("s3 with a prefix", func(t *testing.T) {
		address := strings.Replace(bucket(t), "s3://documents", "s3://documents/laurel/eu", 1)
		test(t, open(t, blob.Target{URL: address, AccessKey: "key", SecretKey: "secret"}))
	})
}

func open(t *testing.T, target blob.Target) *blob.Bucket {
	t.Helper()
	b, err := blob.Open(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// bucket starts a server with one bucket and returns its address.
func bucket(t *testing.T) string {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("documents"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return "s3://documents?region=eu-central-1&endpoint=" + server.URL
}

func TestObjects(t *testing.T) {
	each(t, func(t *testing.T, b *blob.Bucket) {
		ctx := t.Context()
		if err := b.Ping(ctx); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"documents/sto_2/doc_1", "documents/sto_1/doc_2", "documents/sto_1/doc_1"} {
			if err := b.Put(ctx, key, []byte("sealed "+key)); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := b.Get(ctx, "documents/sto_1/doc_1"); err != nil || string(got) != "sealed documents/sto_1/doc_1" {
			t.Fatalf("%q, %v", got, err)
		}
		if ok, err := b.Exists(ctx, "documents/sto_1/doc_1"); err != nil || !ok {
			t.Fatalf("%t, %v", ok, err)
		}
		var keys []string
		err := b.List(ctx, "documents/sto_1/", func(o blob.Object) error {
			if o.Size != int64(len("sealed documents/sto_1/doc_1")) || o.ModTime.IsZero() {
				t.Errorf("%+v", o)
			}
			keys = append(keys, o.Key)
			return nil
		})
		if err != nil || !slices.Equal(keys, []string{"documents/sto_1/doc_1", "documents/sto_1/doc_2"}) {
			t.Fatalf("%v, %v", keys, err)
		}
		if err := b.Delete(ctx, "documents/sto_1/doc_1"); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Get(ctx, "documents/sto_1/doc_1"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		if ok, err := b.Exists(ctx, "documents/sto_1/doc_1"); err != nil || ok {
			t.Errorf("%t, %v", ok, err)
		}
		if err := b.Delete(ctx, "documents/sto_1/doc_1"); err != nil && !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		stop := errors.New("stop")
		if err := b.List(ctx, "documents/", func(blob.Object) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAnObjectIsReplacedWhole(t *testing.T) {
	each(t, func(t *testing.T, b *blob.Bucket) {
		one, two := bytes.Repeat([]byte("1"), 3<<20), bytes.Repeat([]byte("2"), 2<<20)
		if err := b.Put(t.Context(), "documents/a/b", one); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for _, data := range [][]byte{one, two, one, two} {
			all.Go(func() {
				if err := b.Put(t.Context(), "documents/a/b", data); err != nil {
					t.Error(err)
				}
				if got, err := b.Get(t.Context(), "documents/a/b"); err != nil || !bytes.Equal(got, one) && !bytes.Equal(got, two) {
					t.Errorf("%d bytes, %v", len(got), err)
				}
			})
		}
		all.Wait()
	})
}

func TestTooLargeIsNotRead(t *testing.T) {
	each(t, func(t *testing.T, b *blob.Bucket) {
		if err := b.Put(t.Context(), "documents/a/b", make([]byte, blob.MaxObject+1)); err != nil {
			t.Fatal(err)
		}
		if got, err := b.Get(t.Context(), "documents/a/b"); err == nil {
			t.Errorf("%d bytes were read", len(got))
		}
	})
}

func TestABucketThatIsAway(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL
	server.Close()
	b := open(t, blob.Target{URL: "s3://documents?endpoint=" + address, AccessKey: "the-key", SecretKey: "the-secret"})
	ctx, cancel := context.WithCancel(t.Context())
	for what, err := range map[string]error{
		"put": b.Put(ctx, "documents/a/b", []byte("x")), "delete": b.Delete(ctx, "documents/a/b"), "ping": b.Ping(ctx),
	} {
		if err == nil || errors.Is(err, blob.ErrNotFound) || strings.Contains(err.Error(), "the-secret") {
			t.Errorf("%s: %v", what, err)
		}
	}
	cancel()
	if _, err := b.Exists(ctx, "documents/a/b"); err == nil {
		t.Error("an ended request got an answer")
	}
}

// Nobody else enters the directories, whatever the mode of the files in them.
func TestFilesAreTheOwnersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "documents")
	b := open(t, blob.Target{URL: "file://" + dir})
	if err := b.Put(t.Context(), "documents/sto_1/doc_1", []byte("x")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "documents", "documents/sto_1"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", name, info.Mode())
		}
	}
	left, err := os.ReadDir(filepath.Join(dir, "documents/sto_1"))
	if err != nil || len(left) != 1 {
		t.Errorf("%d files, %v", len(left), err)
	}
}

func TestAddresses(t *testing.T) {
	for address, good := range map[string]bool{
		"file:///var/lib/laurel/documents": true, "s3://bucket": true, "s3://bucket/prefix?region=eu-central-1": true,
		"s3://bucket?endpoint=https://storage.internal": true,
		"": false, "/var/lib": false, "file://host/dir": false, "file://relative": false, "file:///dir?x=1": false, "gs://bucket": false,
		"s3://": false, "s3://B": false, "s3://bucket?regoin=x": false, "s3://bucket?endpoint=storage": false, "s3://key:secret@bucket": false,
		"s3://bucket?endpoint=https://u:p@storage": false,
	} {
		if wrong := (blob.Target{URL: address}).Check(); (wrong == "") != good {
			t.Errorf("%q: %q", address, wrong)
		} else if strings.Contains(wrong, "secret") {
			t.Errorf("%q is repeated", address)
		}
	}
	if (blob.Target{URL: "s3://bucket", AccessKey: "a"}).Check() == "" {
		t.Error("half a credential is taken")
	}
}

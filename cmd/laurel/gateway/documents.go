package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/laurel-gateway/laurel/internal/blob"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/imaging"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/document"
)

// The jobs about documents.
const (
	retireDocuments jobs.Kind = "retire_documents"
	sweepDocuments  jobs.Kind = "sweep_documents"

	retireEvery, sweepEvery = time.Minute, 24 * time.Hour
	retireTime, sweepTime   = 10 * time.Minute, time.Hour
)

// documentsTarget is where the configuration keeps documents: in the data directory, unless it says otherwise.
func documentsTarget(c config.Config) (blob.Target, error) {
	t := blob.Target{URL: c.Documents.URL, AccessKey: c.Documents.AccessKey, SecretKey: c.Documents.SecretKey.Reveal()}
	if t.URL == "" {
		dir, err := filepath.Abs(filepath.Join(c.DataDir, "documents"))
		if err != nil {
			return t, fmt.Errorf("find the data directory: %w", err)
		}
		t.URL = (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String()
	}
	return t, nil
}

// shelf finds documents for the verifier, which is opened before the desk.
func (g *Gateway) shelf(storage verify.Storage) document.Shelf {
	return document.Shelf{Storage: storage, Taggers: taggers{g}}
}

func (g *Gateway) openDocuments(ctx context.Context, o Options) error {
	bucket := o.Documents
	if bucket == nil {
		target, err := documentsTarget(g.Config)
		if err != nil {
			return err
		}
		opened, err := blob.Open(ctx, target)
		if err != nil {
			return err
		}
		g.closeLater(opened)
		if opened.Local && g.DB.Dialect() == database.PostgreSQL {
			g.log.WarnContext(ctx, "documents are kept in a directory: with several replicas all of them must share it, or documents.url must name a bucket")
		}
		bucket, g.bucketPing = opened, opened.Ping
	}
	reader := imaging.NewReader()
	g.closeLater(reader)
	g.Documents = document.NewDesk(document.DeskConfig{Service: g.Verify, Bucket: bucket, Reader: reader, Envelope: g.Master, Now: time.Now,
		Log: g.log, Observe: g.Metrics.Document})
	return nil
}

func (g *Gateway) documentWorkers() []jobs.Worker {
	retire := jobs.Handle(retireDocuments, func(ctx context.Context, _ noArgs) error { return g.RetireDocuments(ctx) })
	sweep := jobs.Handle(sweepDocuments, func(ctx context.Context, _ noArgs) error { return g.sweepDocuments(ctx) })
	retire.Timeout, sweep.Timeout = retireTime, sweepTime
	return []jobs.Worker{retire, sweep}
}

func documentJobs() []jobs.Periodic {
	return []jobs.Periodic{{Kind: retireDocuments, Every: retireEvery}, {Kind: sweepDocuments, Every: sweepEvery}}
}

// RetireDocuments deletes what is due, in every store. A store whose files cannot be deleted keeps no other waiting.
func (g *Gateway) RetireDocuments(ctx context.Context) error {
	overdue := 0
	err := g.everyStore(ctx, func(ref verify.StoreRef) error {
		done, err := g.Documents.Retire(ctx, ref)
		overdue += done.Failed
		return err
	})
	g.Metrics.DocumentsOverdue(overdue)
	return err
}

func (g *Gateway) sweepDocuments(ctx context.Context) error {
	return g.everyStore(ctx, func(ref verify.StoreRef) error {
		done, err := g.Documents.Sweep(ctx, ref)
		if done.Orphans > 0 {
			g.log.InfoContext(ctx, "files without a row were deleted", "store", ref.ID, "files", done.Orphans)
		}
		return err
	})
}

// everyStore works on each store, whatever becomes of the others.
func (g *Gateway) everyStore(ctx context.Context, work func(verify.StoreRef) error) error {
	stores, err := g.Tenants.Stores(ctx)
	if err != nil {
		return err
	}
	var failures []error
	for _, s := range stores {
		if err := work(verify.StoreRef{ID: s.ID, Test: s.Mode == tenant.Test}); err != nil {
			failures = append(failures, fmt.Errorf("store %s: %w", s.ID, err))
		}
	}
	return errors.Join(failures...)
}

// errBucketAway is what readiness says while the bucket does not answer.
var errBucketAway = errors.New("the bucket of the documents does not answer: nothing can be uploaded or looked at")

package document

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/blob"
	"github.com/laurel-gateway/laurel/verify"
)

const (
	// HashesKept is how long perceptual hashes, and the keyed hashes of whole files, are kept: long enough to see a
	// template again in the next academic year.
	HashesKept = 2 * 365 * 24 * time.Hour
	// orphanAge is how old a file without a row must be, by the real clock: its row may be on its way.
	orphanAge = time.Hour

	portion = 200
)

// janitor names the job in proofs and in the audit trail.
const janitor = "system"

// Retired says what a run did.
type Retired struct{ Deleted, Failed int }

// Retire deletes the files of a store whose time is over, by the store's clock: handed in and decided so many days ago,
// removed, or abandoned. Each is deleted, looked for and read again, and only then is its key destroyed and the proof
// written. One that fails stays due and keeps no other from being deleted; the error tells of all that failed.
func (d *Desk) Retire(ctx context.Context, store verify.StoreRef) (Retired, error) {
	var done Retired
	if err := d.schedule(ctx, store); err != nil {
		return done, err
	}
	var failures []error
	for after := ""; ; {
		var due []verify.DocumentFile
		err := d.Service.Storage.Read(ctx, store.ID, func(ctx context.Context, tx verify.Tx) (err error) {
			due, err = tx.DueDocuments(ctx, after, portion)
			return err
		})
		if err != nil {
			return done, errors.Join(append(failures, fmt.Errorf("reading which documents are due: %w", err))...)
		}
		for _, doc := range due {
			after = doc.ID
			if err := d.delete(ctx, store, doc); err != nil {
				d.Observe(CountedDeleteFailed)
				failures, done.Failed = append(failures, fmt.Errorf("deleting %s: %w", doc.ID, err)), done.Failed+1
				continue
			}
			d.Observe(CountedDeleted)
			done.Deleted++
		}
		if len(due) < portion {
			return done, errors.Join(failures...)
		}
	}
}

// schedule gives the documents of decided verifications their day.
func (d *Desk) schedule(ctx context.Context, store verify.StoreRef) error {
	for {
		got, err := d.Service.Storage.Write(ctx, store.ID, func(ctx context.Context, tx verify.Tx) (any, error) {
			decided, err := tx.DecidedDocuments(ctx, portion)
			if err != nil {
				return nil, err
			}
			for _, doc := range decided {
				doc.DeleteAt = doc.DecidedAt.AddDate(0, 0, doc.KeepDays)
				if err := tx.UpdateDocument(ctx, doc.DocumentFile); err != nil {
					return nil, err
				}
			}
			return len(decided), nil
		})
		if err != nil {
			return fmt.Errorf("setting when documents are deleted: %w", err)
		}
		if n, _ := got.(int); n < portion {
			return nil
		}
	}
}

// delete deletes one file and proves it.
func (d *Desk) delete(ctx context.Context, store verify.StoreRef, doc verify.DocumentFile) error {
	found, err := d.erase(ctx, keyOf(store.ID, doc.ID))
	if err != nil {
		return err
	}
	proof := verify.DeletionProof{By: janitor, At: d.Now().UTC(), Digest: doc.Digest, Found: found, Absent: true, KeyDestroyed: true}
	_, err = d.Service.Storage.Write(ctx, store.ID, func(ctx context.Context, tx verify.Tx) (any, error) {
		// Another replica may have been here.
		doc, err := tx.Document(ctx, doc.ID)
		if err != nil || !doc.DeletedAt.IsZero() {
			return nil, err
		}
		doc.State, doc.Key, doc.DeletedAt, doc.Proof = verify.DocumentGone, nil, tx.Now(), &proof
		if doc.SubmittedAt.IsZero() {
			doc.Content = "" // nobody was shown it: it is not known again
		}
		if err := tx.UpdateDocument(ctx, doc); err != nil {
			return nil, err
		}
		return nil, tx.Audit(ctx, verify.Change{Actor: verify.Actor{Name: janitor}, Action: "document.deleted", Target: doc.ID,
			Detail: map[string]any{"verification_id": doc.Verification, "proof": proof}})
	})
	if err != nil {
		return fmt.Errorf("writing the proof: %w", err)
	}
	return nil
}

// erase deletes a file and sees that it is gone. found is false when there was none.
func (d *Desk) erase(ctx context.Context, key string) (found bool, err error) {
	if found, err = d.Bucket.Exists(ctx, key); err != nil {
		return false, err
	}
	if err := d.Bucket.Delete(ctx, key); err != nil && !errors.Is(err, blob.ErrNotFound) {
		return found, err
	}
	there, err := d.Bucket.Exists(ctx, key)
	if err != nil {
		return found, err
	}
	if _, err := d.Bucket.Get(ctx, key); there || !errors.Is(err, blob.ErrNotFound) {
		return found, errors.Join(fmt.Errorf("the file %s is there after it was deleted", key), err)
	}
	return found, nil
}

// Swept says what a sweep found.
type Swept struct {
	// Orphans are files without a row, which were deleted; Lost are rows whose file is gone, which nothing can mend.
	Orphans, Lost int
}

// Sweep holds the files of a store against its rows, and forgets hashes that are too old. Both lists are read in the order
// of ids, a portion at a time. The error tells of lost files.
func (d *Desk) Sweep(ctx context.Context, store verify.StoreRef) (Swept, error) {
	var done Swept
	rows := &rowList{desk: d, store: store}
	var lost []error
	missing := func(id string) {
		done.Lost++
		d.Observe(CountedLost)
		lost = append(lost, fmt.Errorf("the file of %s is lost", id))
	}
	// Rows that were written after the listing began have their files: they are beyond its end.
	if err := rows.begin(ctx); err != nil {
		return done, err
	}
	err := d.Bucket.List(ctx, prefixOf(store.ID), func(o blob.Object) error {
		id := strings.TrimPrefix(o.Key, prefixOf(store.ID))
		for {
			row, ok, err := rows.peek(ctx)
			if err != nil {
				return err
			}
			if !ok || row > id {
				return d.orphan(ctx, store, o, id, &done)
			}
			rows.next()
			if row == id {
				return nil
			}
			if err := d.confirmLost(ctx, store, row, missing); err != nil {
				return err
			}
		}
	})
	for err == nil {
		var row string
		var ok bool
		if row, ok, err = rows.peek(ctx); err != nil || !ok {
			break
		}
		rows.next()
		err = d.confirmLost(ctx, store, row, missing)
	}
	if err != nil {
		return done, errors.Join(append(lost, fmt.Errorf("sweeping the documents of %s: %w", store.ID, err))...)
	}
	if err := d.forget(ctx, store); err != nil {
		return done, errors.Join(append(lost, err)...)
	}
	return done, errors.Join(lost...)
}

// orphan deletes a file that has no row, unless it is so young that its row may be on its way.
func (d *Desk) orphan(ctx context.Context, store verify.StoreRef, o blob.Object, id string, done *Swept) error {
	if d.Now().Sub(o.ModTime) < orphanAge {
		return nil
	}
	doc, err := d.row(ctx, store, id)
	if err != nil {
		return err
	}
	if doc != nil && doc.DeletedAt.IsZero() {
		return nil // written meanwhile
	}
	if _, err := d.erase(ctx, o.Key); err != nil {
		return err
	}
	done.Orphans++
	d.Observe(CountedOrphan)
	return nil
}

// confirmLost looks again at a row that the listing had no file for: both may have changed meanwhile.
func (d *Desk) confirmLost(ctx context.Context, store verify.StoreRef, id string, missing func(string)) error {
	there, err := d.Bucket.Exists(ctx, keyOf(store.ID, id))
	if err != nil || there {
		return err
	}
	doc, err := d.row(ctx, store, id)
	if err == nil && doc != nil && doc.DeletedAt.IsZero() {
		missing(id)
	}
	return err
}

func (d *Desk) forget(ctx context.Context, store verify.StoreRef) error {
	for {
		got, err := d.Service.Storage.Write(ctx, store.ID, func(ctx context.Context, tx verify.Tx) (any, error) {
			return tx.ForgetHashes(ctx, tx.Now().Add(-HashesKept), portion)
		})
		if err != nil {
			return fmt.Errorf("forgetting hashes: %w", err)
		}
		if n, _ := got.(int); n < portion {
			return nil
		}
	}
}

package verify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// AddDocument writes down a document whose file is kept already. The same file again, while it is there, is the same
// document: whoever kept its file a second time sees by the id that it is not needed. A document without an id has no
// file: it was the same, or refused, when it was looked at. Faults: those of MayUpload, not_found, conflict.
func (s *Service) AddDocument(ctx context.Context, store StoreRef, d DocumentFile) (*DocumentFile, error) {
	return s.onDocuments(ctx, store, d.Verification, func(ctx context.Context, tx Tx, v Verification, all []DocumentFile) (DocumentFile, Verification, error) {
		same := slices.IndexFunc(uploaded(all), func(other DocumentFile) bool { return other.Content == d.Content })
		if same >= 0 {
			_, err := v.Admit(StepDocument, tx.Now())
			return uploaded(all)[same], v, err
		}
		if err := v.MayUpload(all, tx.Now()); err != nil {
			return d, v, err
		}
		if d.ID == "" {
			return d, v, fault.New(fault.Conflict, "The documents changed at this moment. Send the file again, with a new Idempotency-Key.")
		}
		d := d
		d.Store, d.State, d.CreatedAt, d.DeleteAt = v.Store, DocumentUploaded, tx.Now(), tx.Now().Add(AbandonedAfter)
		v.State = Uploading
		return d, v.changed(tx.Now()), tx.InsertDocument(ctx, d)
	})
}

// RemoveDocument takes a document back before it is handed in. Its file is deleted by the job that deletes documents.
// Removing it twice is the same as once. Faults: invalid_step, verification_expired, not_found.
func (s *Service) RemoveDocument(ctx context.Context, store StoreRef, verification, document string) (*DocumentFile, error) {
	return s.onDocuments(ctx, store, verification, func(ctx context.Context, tx Tx, v Verification, all []DocumentFile) (DocumentFile, Verification, error) {
		at := slices.IndexFunc(all, func(d DocumentFile) bool { return d.ID == document })
		switch {
		case at < 0:
			return DocumentFile{}, v, errNoDocument
		case all[at].State == DocumentRemoved, all[at].State == DocumentGone && all[at].SubmittedAt.IsZero():
			return all[at], v, nil
		case all[at].State != DocumentUploaded:
			return DocumentFile{}, v, ErrInvalidStep.Saying("This document is handed in already.")
		}
		if _, err := v.Admit(StepDocument, tx.Now()); err != nil {
			return DocumentFile{}, v, err
		}
		d := all[at]
		d.State, d.DeleteAt = DocumentRemoved, tx.Now()
		if len(uploaded(all)) == 1 {
			v.State = Collecting
		}
		return d, v.changed(tx.Now()), tx.UpdateDocument(ctx, d)
	})
}

func (s *Service) onDocuments(ctx context.Context, store StoreRef, verification string,
	work func(context.Context, Tx, Verification, []DocumentFile) (DocumentFile, Verification, error)) (*DocumentFile, error) {
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		v, err := tx.LockVerification(ctx, verification)
		if err != nil {
			return nil, err
		}
		all, err := tx.Documents(ctx, verification)
		if err != nil {
			return nil, err
		}
		d, next, err := work(ctx, tx, v, all)
		if err != nil {
			return nil, err
		}
		// Whoever decides about the documents as they were before decides anew.
		_, err = s.update(ctx, tx, next)
		return &d, err
	})
	d, _ := got.(*DocumentFile)
	return d, err
}

// submit hands in the documents of an answer, with the evidence that they are.
func (s *Service) submit(ctx context.Context, tx Tx, v Verification, p proposal) error {
	if p.outcome.Submit == nil {
		return nil
	}
	all, err := tx.Documents(ctx, v.ID)
	if err != nil {
		return fmt.Errorf("reading the documents of a verification: %w", err)
	}
	persons := p.outcome.Review.tagged(p.tagger).Tags
	var hashes []PageHash
	for _, want := range p.outcome.Submit.Documents {
		at := slices.IndexFunc(all, func(d DocumentFile) bool { return d.ID == want && d.State == DocumentUploaded })
		if at < 0 {
			return errNoDocument
		}
		d := all[at]
		d.State, d.SubmittedAt, d.DeleteAt = DocumentSubmitted, tx.Now(), time.Time{}
		d.Persons, d.KeepDays = persons, p.outcome.Submit.KeepDays
		if err := tx.UpdateDocument(ctx, d); err != nil {
			return fmt.Errorf("handing in a document: %w", err)
		}
		hashes = append(hashes, d.hashes(tx.Now())...)
	}
	return tx.PutHashes(ctx, hashes)
}

// asksForDocuments reports whether any of the paths has a step with documents.
func (v Verification) asksForDocuments() bool {
	for _, step := range v.First {
		if step == StepDocument {
			return true
		}
	}
	return false
}

// shown leaves out the documents that the shopper is done with.
func shown(all []DocumentFile) []DocumentFile {
	return slices.DeleteFunc(all, func(d DocumentFile) bool {
		return d.State != DocumentUploaded && d.State != DocumentSubmitted
	})
}

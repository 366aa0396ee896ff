package document

import (
	"context"
	"fmt"
	"slices"

	"github.com/laurel-gateway/laurel/verify"
)

// Shelf finds documents in a storage. It implements Documents.
type Shelf struct {
	Storage verify.Storage
	Taggers verify.Taggers
}

// Uploaded implements Documents.
func (s Shelf) Uploaded(ctx context.Context, store, verification string) ([]verify.DocumentFile, error) {
	var found []verify.DocumentFile
	err := s.Storage.Read(ctx, store, func(ctx context.Context, tx verify.Tx) (err error) {
		found, err = tx.Documents(ctx, verification)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the documents of a verification: %w", err)
	}
	return slices.DeleteFunc(found, func(d verify.DocumentFile) bool { return d.State != verify.DocumentUploaded }), nil
}

// LookAlikes implements Documents.
func (s Shelf) LookAlikes(ctx context.Context, at verify.Attempt, docs []verify.DocumentFile, identifiers []string) ([]verify.LookAlike, error) {
	tagger, err := s.Taggers.TaggerOf(ctx, at.Store.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the store's keys: %w", err)
	}
	var who verify.Shopper
	for _, identifier := range identifiers {
		for _, tag := range tagger.PersonTags(identifier) {
			who.Persons = append(who.Persons, verify.PersonTag(tag))
		}
	}
	if at.Bound {
		who.Customer = at.Customer
	}
	var found []verify.LookAlike
	err = s.Storage.Read(ctx, at.Store.ID, func(ctx context.Context, tx verify.Tx) (err error) {
		found, err = verify.FindLookAlikes(ctx, tx, docs, who)
		return err
	})
	return found, err
}

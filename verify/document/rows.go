package document

import (
	"context"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// rowList reads the ids of a store's documents in order, a portion at a time.
type rowList struct {
	desk  *Desk
	store verify.StoreRef

	read  []string
	after string
	ended bool
}

func (r *rowList) begin(ctx context.Context) error {
	_, _, err := r.peek(ctx)
	return err
}

// peek returns the id that comes next; ok is false after the last.
func (r *rowList) peek(ctx context.Context) (id string, ok bool, err error) {
	if len(r.read) == 0 && !r.ended {
		err := r.desk.Service.Storage.Read(ctx, r.store.ID, func(ctx context.Context, tx verify.Tx) (err error) {
			r.read, err = tx.DocumentPage(ctx, r.after, portion)
			return err
		})
		if err != nil {
			return "", false, fmt.Errorf("reading the rows of documents: %w", err)
		}
		r.ended = len(r.read) < portion
		if len(r.read) > 0 {
			r.after = r.read[len(r.read)-1]
		}
	}
	if len(r.read) == 0 {
		return "", false, nil
	}
	return r.read[0], true, nil
}

func (r *rowList) next() { r.read = r.read[1:] }

// row reads one document; nil when there is none.
func (d *Desk) row(ctx context.Context, store verify.StoreRef, id string) (*verify.DocumentFile, error) {
	var found *verify.DocumentFile
	err := d.Service.Storage.Read(ctx, store.ID, func(ctx context.Context, tx verify.Tx) error {
		doc, err := tx.Document(ctx, id)
		if fault.CodeOf(err) == fault.NotFound {
			return nil
		}
		found = &doc
		return err
	})
	return found, err
}

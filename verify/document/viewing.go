package document

import (
	"context"
	"fmt"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

var (
	errNoDocument = fault.New(fault.NotFound, "There is no such document in this review.")
	errGone       = fault.New(fault.NotFound, "The document was deleted. Its row proves it.")
	errNoPage     = fault.New(fault.NotFound, "The document has no such page.")
)

// Sight is what a reviewer wants to see of a document.
type Sight struct {
	Review, Document string
	// Page counts from 1; Thumb asks for the thumbnail instead.
	Page  int
	Thumb bool
}

// Documents returns those that were handed in for a review, or wait in its verification, oldest first. Faults: not_found.
func (d *Desk) Documents(ctx context.Context, store verify.StoreRef, review string) ([]verify.DocumentFile, error) {
	var found []verify.DocumentFile
	err := d.Service.Storage.Read(ctx, store.ID, func(ctx context.Context, tx verify.Tx) (err error) {
		_, found, err = handedIn(ctx, tx, review)
		return err
	})
	return found, err
}

// handedIn returns the verification of a review and the documents that were handed in for it.
func handedIn(ctx context.Context, tx verify.Tx, review string) (verify.Verification, []verify.DocumentFile, error) {
	r, err := tx.Review(ctx, review)
	if err != nil {
		return verify.Verification{}, nil, err
	}
	v, err := tx.Verification(ctx, r.Verification)
	if err != nil {
		return v, nil, fmt.Errorf("reading the verification of a review: %w", err)
	}
	all, err := tx.Documents(ctx, r.Verification)
	return v, slices.DeleteFunc(all, func(doc verify.DocumentFile) bool { return doc.SubmittedAt.IsZero() }), err
}

// LookAlikes returns the documents of others that look like one of a review. Each look is in the audit trail. Faults:
// not_found.
func (d *Desk) LookAlikes(ctx context.Context, store verify.StoreRef, by verify.Reviewer, review, document string) ([]verify.LookAlike, error) {
	got, err := d.Service.Storage.Write(ctx, store.ID, func(ctx context.Context, tx verify.Tx) (any, error) {
		v, docs, err := handedIn(ctx, tx, review)
		if err != nil {
			return nil, err
		}
		found, err := lookAlikes(ctx, tx, v, docs, document)
		if err != nil {
			return nil, err
		}
		detail := map[string]any{"review_id": review, "verification_id": v.ID, "found": len(found)}
		return found, tx.Audit(ctx, verify.Change{Actor: by.Actor, Action: "document.look_alikes_viewed", Target: document, Detail: detail})
	})
	found, _ := got.([]verify.LookAlike)
	return found, err
}

func lookAlikes(ctx context.Context, tx verify.Tx, v verify.Verification, docs []verify.DocumentFile, document string) ([]verify.LookAlike, error) {
	at := slices.IndexFunc(docs, func(doc verify.DocumentFile) bool { return doc.ID == document })
	if at < 0 {
		return nil, errNoDocument
	}
	who := verify.Shopper{Persons: docs[at].Persons}
	if v.Bound {
		who.Customer = v.Customer
	}
	return verify.FindLookAlikes(ctx, tx, docs[at:at+1], who)
}

// View returns a page of a document as JPEG, to whoever reviews it: of the review's verification, or one that looks like
// one of those. The look is in the audit trail before anything is shown. Faults: not_found, unavailable.
func (d *Desk) View(ctx context.Context, store verify.StoreRef, by verify.Reviewer, s Sight) ([]byte, error) {
	got, err := d.Service.Storage.Write(ctx, store.ID, func(ctx context.Context, tx verify.Tx) (any, error) {
		v, docs, err := handedIn(ctx, tx, s.Review)
		if err != nil {
			return nil, err
		}
		doc, alike, err := sightOf(ctx, tx, v, docs, s.Document)
		if err != nil {
			return nil, err
		}
		switch {
		case doc.State == verify.DocumentGone, doc.Key == nil:
			return nil, errGone
		case !s.Thumb && (s.Page < 1 || s.Page > len(doc.Pages)):
			return nil, errNoPage
		}
		detail := map[string]any{"review_id": s.Review, "verification_id": doc.Verification, "page": s.Page, "thumbnail": s.Thumb, "look_alike": alike}
		return doc, tx.Audit(ctx, verify.Change{Actor: by.Actor, Action: "document.viewed", Target: s.Document, Detail: detail})
	})
	if err != nil {
		return nil, err
	}
	doc, _ := got.(verify.DocumentFile)
	plain, err := d.open(ctx, doc)
	if err != nil {
		return nil, err
	}
	return cut(doc, plain, s)
}

// sightOf finds a document among those of a review, else among those that look like them.
func sightOf(ctx context.Context, tx verify.Tx, v verify.Verification, docs []verify.DocumentFile, id string) (doc verify.DocumentFile, alike bool, err error) {
	if at := slices.IndexFunc(docs, func(doc verify.DocumentFile) bool { return doc.ID == id }); at >= 0 {
		return docs[at], false, nil
	}
	for _, mine := range docs {
		found, err := lookAlikes(ctx, tx, v, docs, mine.ID)
		if err != nil {
			return doc, false, err
		}
		if at := slices.IndexFunc(found, func(l verify.LookAlike) bool { return l.Document.ID == id }); at >= 0 {
			return found[at].Document, true, nil
		}
	}
	return doc, false, errNoDocument
}

func (d *Desk) open(ctx context.Context, doc verify.DocumentFile) ([]byte, error) {
	sealed, err := d.Bucket.Get(ctx, keyOf(doc.Store, doc.ID))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "The document cannot be read at this moment.").Wrap(err)
	}
	plain, err := d.Envelope.OpenEnvelope(doc.Key, sealed, boundTo(doc.Store, doc.ID))
	if err != nil {
		return nil, fmt.Errorf("opening the document %s: %w", doc.ID, err)
	}
	return plain, nil
}

// cut takes a page, or the thumbnail behind the pages, out of a file.
func cut(doc verify.DocumentFile, plain []byte, s Sight) ([]byte, error) {
	from, size := 0, doc.Thumb
	for i, p := range doc.Pages {
		if !s.Thumb && i+1 == s.Page {
			size = p.Size
			break
		}
		from += p.Size
	}
	if from+size > len(plain) {
		return nil, fmt.Errorf("the document %s is shorter than its row says", doc.ID)
	}
	return plain[from : from+size], nil
}

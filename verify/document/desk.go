package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/blob"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/imaging"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/verify"
)

// Bucket keeps files by name (blob.Bucket).
type Bucket interface {
	Put(ctx context.Context, key string, data []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
	Delete(ctx context.Context, key string) error
	Exists(ctx context.Context, key string) (bool, error)
	List(ctx context.Context, prefix string, fn func(blob.Object) error) error
}

// Reader draws files anew (imaging.Reader).
type Reader interface {
	Read(ctx context.Context, data []byte) (imaging.Document, error)
}

// Envelope encrypts each file under a key of its own (crypt.Master).
type Envelope interface {
	SealEnvelope(plaintext, associatedData []byte) (key, sealed []byte, err error)
	OpenEnvelope(key, sealed, associatedData []byte) ([]byte, error)
}

// DeskConfig is what a Desk is built with. Every field but Observe is needed.
type DeskConfig struct {
	Service  *verify.Service
	Bucket   Bucket
	Reader   Reader
	Envelope Envelope
	// Now is the real clock.
	Now func() time.Time
	Log *slog.Logger
	// Observe counts files by what became of them: one of the Counted constants.
	Observe func(what string)
}

// What is counted of files.
const (
	CountedUploaded     = "uploaded"
	CountedRefused      = "refused"
	CountedDeleted      = "deleted"
	CountedDeleteFailed = "delete_failed"
	CountedOrphan       = "orphan"
	CountedLost         = "lost"
)

// Desk keeps what shoppers upload, shows it to reviewers, and deletes it.
type Desk struct{ DeskConfig }

// NewDesk returns a desk.
func NewDesk(c DeskConfig) *Desk {
	if c.Observe == nil {
		c.Observe = func(string) {}
	}
	return &Desk{c}
}

// patience is how long an upload may take once its bytes are there: most of it is waiting for its turn.
const patience = 40 * time.Second

var (
	errBusy = fault.New(fault.Overloaded, "Too many files are being read at this moment. Send it again.").After(5 * time.Second)
	errAway = fault.New(fault.Unavailable, "The file cannot be kept at this moment. Send it again.").After(5 * time.Second)
)

// keyOf is the name under which a document's file is kept.
func keyOf(store, document string) string { return prefixOf(store) + document }

func prefixOf(store string) string { return "documents/" + store + "/" }

// boundTo is the associated data of a document's file: it opens in no other's place.
func boundTo(store, document string) []byte { return []byte("document|" + store + "|" + document) }

// Upload reads a file, draws it anew and keeps it, encrypted. The same file again is the same document while it is there.
// Faults: document_refused, document_limit, invalid_step, verification_expired, not_found, overloaded, unavailable.
func (d *Desk) Upload(ctx context.Context, store verify.StoreRef, verification string, file []byte) (*verify.DocumentFile, error) {
	content, err := d.contentOf(ctx, store, file)
	if err != nil {
		return nil, err
	}
	wanted, err := d.wanted(ctx, store, verification, content)
	if err != nil {
		return nil, err
	}
	row := verify.DocumentFile{Verification: verification, Content: content, Size: len(file)}
	if wanted {
		if row, err = d.keep(ctx, store, row, file); err != nil {
			if fault.CodeOf(err) == fault.DocumentRefused {
				d.Observe(CountedRefused)
			}
			return nil, err
		}
	}
	saved, err := d.Service.AddDocument(ctx, store, row)
	unwanted := saved != nil && saved.ID != row.ID || errors.Is(err, once.ErrReplayed) || fault.From(err) != nil
	if unwanted && row.ID != "" {
		// What remains in spite of this, and what a transaction of unknown outcome leaves, the sweep finds.
		d.discard(ctx, keyOf(store.ID, row.ID))
	}
	if err == nil && saved.ID == row.ID {
		d.Observe(CountedUploaded)
	}
	return saved, err
}

// contentOf is a keyed hash of a file, by which it is known again in this store and nowhere else.
func (d *Desk) contentOf(ctx context.Context, store verify.StoreRef, file []byte) (verify.PersonTag, error) {
	tagger, err := d.Service.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return "", fmt.Errorf("reading the store's keys: %w", err)
	}
	sum := sha256.Sum256(file)
	return verify.PersonTag(tagger.PersonTag("document file:" + hex.EncodeToString(sum[:]))), nil
}

// wanted reports, before any work is done on a file, whether it will be kept: not when the same one is there, and not
// when it would be refused, which AddDocument says, or answered as before.
func (d *Desk) wanted(ctx context.Context, store verify.StoreRef, verification string, content verify.PersonTag) (bool, error) {
	wanted := false
	err := d.Service.Storage.Read(ctx, store.ID, func(ctx context.Context, tx verify.Tx) error {
		v, err := tx.Verification(ctx, verification)
		if err != nil {
			return err
		}
		all, err := tx.Documents(ctx, verification)
		if err != nil {
			return err
		}
		same := slices.ContainsFunc(all, func(other verify.DocumentFile) bool {
			return other.State == verify.DocumentUploaded && other.Content == content
		})
		wanted = !same && v.MayUpload(all, tx.Now()) == nil
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("looking whether a file is wanted: %w", err)
	}
	return wanted, nil
}

// keep draws a file anew, encrypts it and puts it away.
func (d *Desk) keep(ctx context.Context, store verify.StoreRef, row verify.DocumentFile, file []byte) (verify.DocumentFile, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	drawn, err := d.Reader.Read(limited, file)
	switch {
	case err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return row, errBusy.Wrap(err)
	case err != nil:
		return row, refusal(drawn.Kind, err)
	}
	row.ID, row.MediaType, row.Thumb = verify.NewDocumentID(), string(drawn.Kind), len(drawn.Thumb)
	var plain []byte
	for _, p := range drawn.Pages {
		page := verify.DocumentPage{Width: p.Width, Height: p.Height, Size: len(p.JPEG)}
		if !p.Blank {
			page = page.WithHash(uint64(p.Hash))
		}
		row.Pages = append(row.Pages, page)
		plain = append(plain, p.JPEG...)
	}
	key, sealed, err := d.Envelope.SealEnvelope(append(plain, drawn.Thumb...), boundTo(store.ID, row.ID))
	if err != nil {
		return row, err
	}
	sum := sha256.Sum256(sealed)
	row.Key, row.Digest, row.Kept = key, hex.EncodeToString(sum[:]), len(sealed)
	if err := d.Bucket.Put(limited, keyOf(store.ID, row.ID), sealed); err != nil {
		return row, errAway.Wrap(err)
	}
	return row, nil
}

// discard deletes a file that no row names.
func (d *Desk) discard(ctx context.Context, key string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := d.Bucket.Delete(ctx, key); err != nil && !errors.Is(err, blob.ErrNotFound) {
		d.Log.WarnContext(ctx, "a file that is not needed stays until the sweep", "error", err)
	}
}

// refusals are what a shopper reads about a file, with a stable reason for whoever shows it in another language.
var refusals = []struct {
	err            error
	reason, detail string
}{
	{imaging.ErrKind, "kind", "Send the document as a JPEG, PNG, WebP or PDF file."},
	{imaging.ErrPixels, "pixels", "The picture has too many pixels. Take it with a lower resolution, or send a screenshot of it."},
	{imaging.ErrSmall, "small", "The picture is too small for anything to be read on it."},
	{imaging.ErrPages, "pages", fmt.Sprintf("The PDF has more than %d pages. Send the one that shows that you belong to the group.", imaging.MaxPages)},
	{imaging.ErrLocked, "locked", "The PDF needs a password. Send one without, or a photo of it."},
	{imaging.ErrUnreadable, "unreadable", "The file is damaged or not whole. Take the photo again, or save the PDF anew."},
}

func refusal(kind imaging.Kind, err error) error {
	for _, r := range refusals {
		if !errors.Is(err, r.err) {
			continue
		}
		reason, detail := r.reason, r.detail
		if kind == imaging.HEIC || kind == imaging.AVIF {
			reason, detail = "heic", "Photos in HEIC or AVIF are not read. Set the camera to JPEG, or send a screenshot of the photo."
		}
		return fault.New(fault.DocumentRefused, detail).At("#", reason).Wrap(err)
	}
	return fmt.Errorf("reading an uploaded file: %w", err)
}

package imaging

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"time"

	"github.com/laurel-gateway/laurel/internal/imaging/pdf"
	"golang.org/x/sync/semaphore"
)

// What a file becomes.
const (
	// PageSide is the longest side of a page, in pixels: fine print of A4 stays legible (about 200 dots an inch).
	PageSide = 2400
	// ThumbSide is the longest side of a thumbnail.
	ThumbSide = 360
	// MaxPages is how many pages a PDF may have.
	MaxPages = 5

	pageQuality, thumbQuality = 85, 70
	// timeLimit bounds the work on one file, once it has begun.
	timeLimit = 20 * time.Second
	// budget is what all files at work may take together, in bytes. One that takes more than its share waits.
	budget = 512 << 20
	// pdfNeed is what a PDF may take: the memory of its instance and its pages.
	pdfNeed = 384 << 20
)

// Document is what was made of a file.
type Document struct {
	// Kind is what the file was.
	Kind  Kind
	Pages []Page
	// Thumb is a small JPEG of the first page.
	Thumb []byte
}

// Page is one page, or the only picture.
type Page struct {
	// JPEG is the picture, drawn anew.
	JPEG          []byte
	Width, Height int
	// Hash is its perceptual hash; Blank is true when the page is as good as blank and the hash says nothing.
	Hash  Hash
	Blank bool
}

// Reader reads files. Safe for concurrent use; all of a process share one, which bounds their memory together.
type Reader struct {
	pdf  *pdf.Engine
	room *semaphore.Weighted
}

// NewReader returns a reader. Close it in the end.
func NewReader() *Reader {
	return &Reader{pdf: pdf.NewEngine(), room: semaphore.NewWeighted(budget)}
}

// Close frees what the reader holds.
func (r *Reader) Close() error { return r.pdf.Close() }

// Read makes a document of a file. It waits for room until the context ends. Errors: ErrKind, ErrUnreadable, ErrPixels,
// ErrSmall, ErrPages, ErrLocked; that of the context when it ended first.
func (r *Reader) Read(ctx context.Context, data []byte) (Document, error) {
	kind := Sniff(data)
	if !kind.Readable() {
		return Document{Kind: kind}, ErrKind
	}
	room := int64(pdfNeed)
	if kind != PDF {
		var err error
		if room, err = need(kind, data); err != nil {
			return Document{Kind: kind}, err
		}
		// Beside the picture: itself at the size of a page, upright, and as JPEG.
		room += 4 * PageSide * PageSide * 4
	}
	room = min(room, budget)
	if err := r.room.Acquire(ctx, room); err != nil {
		return Document{Kind: kind}, fmt.Errorf("waiting for room to read a file: %w", err)
	}
	defer r.room.Release(room)
	limited, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	doc, err := r.read(limited, kind, data)
	if err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%w: it takes too long", ErrUnreadable)
	}
	return doc, err
}

func (r *Reader) read(ctx context.Context, kind Kind, data []byte) (Document, error) {
	doc := Document{Kind: kind}
	if kind == PDF {
		pages, err := r.pdf.Render(ctx, data, pdf.Limits{Pages: MaxPages, Side: PageSide})
		if err != nil {
			return doc, pdfRefusal(err)
		}
		for _, p := range pages {
			if err := doc.add(ctx, p, 1); err != nil {
				return doc, err
			}
		}
		return doc, nil
	}
	img, err := decode(ctx, kind, data)
	if err != nil {
		return doc, err
	}
	turn := 1
	if kind == JPEG {
		turn = orientation(data)
	}
	return doc, doc.add(ctx, img, turn)
}

func pdfRefusal(err error) error {
	for from, to := range map[error]error{pdf.ErrUnreadable: ErrUnreadable, pdf.ErrLocked: ErrLocked, pdf.ErrPages: ErrPages} {
		if errors.Is(err, from) {
			return fmt.Errorf("%w: %w", to, err)
		}
	}
	return err
}

// add draws a page anew.
func (d *Document) add(ctx context.Context, img image.Image, turn int) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("drawing a page: %w", err)
	}
	drawn := upright(shrunk(img, PageSide), turn)
	full, err := encode(drawn, pageQuality)
	if err != nil {
		return err
	}
	page := Page{JPEG: full, Width: drawn.Rect.Dx(), Height: drawn.Rect.Dy()}
	hash, ok := hashOf(drawn)
	page.Hash, page.Blank = hash, !ok
	d.Pages = append(d.Pages, page)
	if d.Thumb == nil {
		d.Thumb, err = encode(shrunk(drawn, ThumbSide), thumbQuality)
	}
	return err
}

func encode(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("writing a picture: %w", err)
	}
	return b.Bytes(), nil
}

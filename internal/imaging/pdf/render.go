package pdf

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
)

// Limits bound what is read of a file.
type Limits struct {
	// Pages is how many pages a file may have.
	Pages int
	// Side is how many pixels the longer side of a page gets.
	Side int
}

// The refusals of files.
var (
	ErrUnreadable = errors.New("the file is no PDF that can be read")
	ErrLocked     = errors.New("the PDF needs a password")
	ErrPages      = errors.New("the PDF has too many pages")
)

// FPDF_GetLastError of a file that needs a password (public/fpdfview.h).
const lastErrorPassword = 4

// Rendering: annotations are shown, as stamps and filled fields are (FPDF_ANNOT).
const (
	showAnnotations = 1
	formatBGRx      = 3
	white           = 0xffffffff
)

// Render returns the pages of a file as pictures, in order. Errors: ErrUnreadable, ErrLocked, ErrPages; that of the
// context when it ended first.
func (e *Engine) Render(ctx context.Context, data []byte, l Limits) (pages []image.Image, err error) {
	i, err := e.instance(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, i.close(ctx)) }()
	pages, err = i.render(ctx, data, l)
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("reading a PDF: %w", ctx.Err())
	case err == nil || errors.Is(err, ErrLocked) || errors.Is(err, ErrPages) || errors.Is(err, ErrUnreadable):
		return pages, err
	}
	// Whatever a file makes of the engine, it is the file's fault.
	return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
}

func (i *instance) render(ctx context.Context, data []byte, l Limits) ([]image.Image, error) {
	at, err := i.call(ctx, "malloc", uint64(len(data)))
	if err != nil {
		return nil, err
	}
	if at == 0 || !i.module.Memory().Write(uint32(at), data) {
		return nil, ErrUnreadable
	}
	document, err := i.call(ctx, "FPDF_LoadMemDocument", at, uint64(len(data)), 0)
	if err != nil {
		return nil, err
	}
	if document == 0 {
		return nil, i.refusal(ctx)
	}
	count, err := i.call(ctx, "FPDF_GetPageCount", document)
	if err != nil {
		return nil, err
	}
	switch n := int32(count); {
	case n < 1:
		return nil, ErrUnreadable
	case int(n) > l.Pages:
		return nil, ErrPages
	}
	var pages []image.Image
	for n := range count {
		page, err := i.page(ctx, document, n, l.Side)
		if err != nil {
			return nil, err
		}
		pages = append(pages, page)
	}
	return pages, nil
}

func (i *instance) refusal(ctx context.Context) error {
	code, err := i.call(ctx, "FPDF_GetLastError")
	if err != nil {
		return err
	}
	if code == lastErrorPassword {
		return ErrLocked
	}
	return ErrUnreadable
}

func (i *instance) page(ctx context.Context, document, n uint64, side int) (image.Image, error) {
	page, err := i.call(ctx, "FPDF_LoadPage", document, n)
	if err != nil {
		return nil, err
	}
	if page == 0 {
		return nil, ErrUnreadable
	}
	wide, err := i.call(ctx, "FPDF_GetPageWidthF", page)
	if err != nil {
		return nil, err
	}
	high, err := i.call(ctx, "FPDF_GetPageHeightF", page)
	if err != nil {
		return nil, err
	}
	w, h, ok := fit(float64(math.Float32frombits(uint32(wide))), float64(math.Float32frombits(uint32(high))), side)
	if !ok {
		return nil, ErrUnreadable
	}
	picture, err := i.paint(ctx, page, w, h)
	if err != nil {
		return nil, err
	}
	_, err = i.call(ctx, "FPDF_ClosePage", page)
	return picture, err
}

// fit scales a page to the longest side; a page without an extent, or a thread of one, does not fit.
func fit(wide, high float64, side int) (w, h int, ok bool) {
	longer := max(wide, high)
	if !(min(wide, high) > 0) || math.IsInf(longer, 0) || longer/min(wide, high) > 20 {
		return 0, 0, false
	}
	scale := float64(side) / longer
	return max(1, int(wide*scale)), max(1, int(high*scale)), true
}

func (i *instance) paint(ctx context.Context, page uint64, w, h int) (image.Image, error) {
	width, height := uint64(w), uint64(h)
	bitmap, err := i.call(ctx, "FPDFBitmap_CreateEx", width, height, formatBGRx, 0, 0)
	if err != nil {
		return nil, err
	}
	if bitmap == 0 {
		return nil, ErrUnreadable
	}
	if _, err := i.call(ctx, "FPDFBitmap_FillRect", bitmap, 0, 0, width, height, white); err != nil {
		return nil, err
	}
	if _, err := i.call(ctx, "FPDF_RenderPageBitmap", bitmap, page, 0, 0, width, height, 0, showAnnotations); err != nil {
		return nil, err
	}
	at, err := i.call(ctx, "FPDFBitmap_GetBuffer", bitmap)
	if err != nil {
		return nil, err
	}
	raw, ok := i.module.Memory().Read(uint32(at), uint32(w*h*4))
	if !ok {
		return nil, ErrUnreadable
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for p := 0; p < len(raw); p += 4 {
		out.Pix[p], out.Pix[p+1], out.Pix[p+2], out.Pix[p+3] = raw[p+2], raw[p+1], raw[p], 0xff
	}
	_, err = i.call(ctx, "FPDFBitmap_Destroy", bitmap)
	return out, err
}

package pdf_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/imaging/pdf"
)

// FuzzRender: whatever comes in, what comes out is an error that is known, or at most as many pages as were asked for.
func FuzzRender(f *testing.F) {
	f.Add(letter(f))
	f.Add(onePage("0 0 210 595 re f", ""))
	f.Add(onePage("q 1 0 0 1 0 0 cm BT /F 12 Tf (x) Tj ET Q", "/OpenAction<</S/JavaScript/JS(1)>>"))
	f.Add([]byte("%PDF-1.7\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		pages, err := engine.Render(ctx, data, pdf.Limits{Pages: 2, Side: 300})
		switch {
		case errors.Is(err, pdf.ErrUnreadable), errors.Is(err, pdf.ErrLocked), errors.Is(err, pdf.ErrPages), errors.Is(err, context.DeadlineExceeded):
		case err != nil:
			t.Fatalf("an error that nobody knows: %v", err)
		case len(pages) < 1 || len(pages) > 2:
			t.Fatalf("%d pages", len(pages))
		}
	})
}

package imaging_test

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"testing"

	"github.com/laurel-gateway/laurel/internal/imaging"
)

// FuzzRead: whatever comes in, what comes out is an error that is known, or pictures that decode and are no larger than
// pages are.
func FuzzRead(f *testing.F) {
	photo := jpegOf(f, picture(240, 220, 1), 60)
	for _, seed := range [][]byte{photo, withExif(photo, 6), pngOf(f, picture(240, 220, 2)), fixture(f, "testdata/card.webp"),
		[]byte("GIF89a"), []byte("<svg/>"), header(60000, 60000), []byte("\x00\x00\x00\x18ftypheic")} {
		f.Add(seed)
	}
	known := []error{imaging.ErrKind, imaging.ErrUnreadable, imaging.ErrPixels, imaging.ErrSmall, imaging.ErrPages, imaging.ErrLocked}
	f.Fuzz(func(t *testing.T, data []byte) {
		if imaging.Sniff(data) == imaging.PDF {
			return // FuzzRender of package pdf looks at these: the engine is slow under a fuzzer
		}
		doc, err := reader.Read(context.Background(), data)
		if err != nil {
			for _, k := range known {
				if errors.Is(err, k) {
					return
				}
			}
			t.Fatalf("an error that nobody knows: %v", err)
		}
		for _, p := range doc.Pages {
			c, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
			if err != nil || c.Width != p.Width || c.Height != p.Height || max(c.Width, c.Height) > imaging.PageSide {
				t.Fatalf("a page of %d by %d: %+v, %v", p.Width, p.Height, c, err)
			}
		}
	})
}

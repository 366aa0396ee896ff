// Package qr draws a text as a QR code (ISO/IEC 18004), for tills that scan what they cannot be handed.
package qr

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the empty margin on each side, in modules: what the standard asks for.
const quiet = 4

// Symbol is a drawn text: a square of dark and light modules.
type Symbol struct {
	dark []bool
	side int
}

// Draw encodes a text with enough correction for a scratched card or a dim screen (level Q, a quarter). It fails for a
// text that no symbol holds.
func Draw(text string) (Symbol, error) {
	code, err := qr.Encode(text, qr.Q, qr.Auto)
	if err != nil {
		return Symbol{}, fmt.Errorf("encode a QR code: %w", err)
	}
	side := code.Bounds().Dx()
	s := Symbol{side: side, dark: make([]bool, side*side)}
	for y := range side {
		for x := range side {
			r, _, _, _ := code.At(x, y).RGBA()
			s.dark[y*side+x] = r == 0
		}
	}
	return s, nil
}

// SVG is the symbol as an image of a width and height in CSS pixels. It has no script, no style and no text.
func (s Symbol) SVG(size int) []byte {
	all := s.side + 2*quiet
	var path strings.Builder
	for y := range s.side {
		for x := 0; x < s.side; {
			run := 0
			for x+run < s.side && s.dark[y*s.side+x+run] {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
			}
			x += run + 1
		}
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`, size, size, all, all, all, all, path.String())
}

// PNG is the symbol as an image of about size pixels on each side: as many whole pixels a module as fit, at least one.
func (s Symbol) PNG(size int) ([]byte, error) {
	scale := max(1, size/(s.side+2*quiet))
	side := (s.side + 2*quiet) * scale
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range s.side * scale {
		for x := range s.side * scale {
			if s.dark[y/scale*s.side+x/scale] {
				img.SetColorIndex(x+quiet*scale, y+quiet*scale, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encode a PNG: %w", err)
	}
	return b.Bytes(), nil
}

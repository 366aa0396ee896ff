package imaging

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// The refusals of files. A caller tells the shopper what to do about each.
var (
	// ErrKind: not a file of a kind that is read.
	ErrKind = errors.New("not a JPEG, PNG, WebP or PDF file")
	// ErrUnreadable: damaged, cut off, or made to confuse.
	ErrUnreadable = errors.New("the file cannot be read")
	// ErrPixels: more pixels than are decoded.
	ErrPixels = errors.New("the picture has too many pixels")
	// ErrSmall: too small for anything to be read on it.
	ErrSmall = errors.New("the picture is too small to be read")
	// ErrPages: a PDF of too many pages.
	ErrPages = errors.New("the file has too many pages")
	// ErrLocked: a PDF with a password.
	ErrLocked = errors.New("the file needs a password")
)

const (
	// maxPixels bounds a picture, whatever its kind: 64 million, more than phones take by default.
	maxPixels = 64_000_000
	// minSide is the least length of the shorter side.
	minSide = 200
	// maxDecoded bounds what decoding one picture may take, in bytes.
	maxDecoded = 400 << 20
)

// decoder reads one kind of picture.
type decoder struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

var decoders = map[Kind]decoder{
	JPEG: {jpeg.DecodeConfig, jpeg.Decode}, PNG: {png.DecodeConfig, png.Decode}, WebP: {webp.DecodeConfig, webp.Decode},
}

// need reads the head of a picture and says how many bytes decoding it takes. Nothing is decoded.
func need(kind Kind, data []byte) (total int64, err error) {
	c, err := decoders[kind].config(bytes.NewReader(data))
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	pixels := int64(c.Width) * int64(c.Height)
	switch {
	case c.Width <= 0 || c.Height <= 0:
		return 0, ErrUnreadable
	case pixels > maxPixels:
		return 0, ErrPixels
	case min(c.Width, c.Height) < minSide:
		return 0, ErrSmall
	}
	total = pixels * perPixel(kind, c.ColorModel, data)
	if total > maxDecoded {
		return 0, ErrPixels
	}
	return total, nil
}

// perPixel is what the decoders of the standard library take at most, in bytes a pixel.
func perPixel(kind Kind, model color.Model, data []byte) int64 {
	switch kind {
	case JPEG:
		if progressive(data) {
			return 16 // the coefficients of three components, 32 bits each, stay until the end
		}
		return 4
	case WebP:
		return 8 // the picture, and what the lossless decoder works on
	}
	n := int64(4)
	switch model {
	case color.RGBA64Model, color.NRGBA64Model:
		n = 8
	case color.GrayModel:
		n = 1
	case color.Gray16Model:
		n = 2
	}
	const interlace = 28 // of the IHDR chunk (RFC 2083, section 4.1.1)
	if len(data) > interlace && data[interlace] != 0 {
		n *= 2
	}
	return n
}

// progressive reports whether a JPEG comes in several passes (ITU-T T.81, SOF2).
func progressive(data []byte) bool {
	const startOfScan, baseline0, progressive2 = 0xda, 0xc0, 0xc2
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		switch data[at+1] {
		case progressive2:
			return true
		case startOfScan, baseline0:
			return false
		case 0xff:
			at++
			continue
		}
		at += 2 + int(binary.BigEndian.Uint16(data[at+2:]))
	}
	return true // what cannot be told costs the most
}

// decode reads a picture whose need is known. It stops when the context ends.
func decode(ctx context.Context, kind Kind, data []byte) (img image.Image, err error) {
	defer func() {
		// The decoders are others' work, and what they read was made by strangers.
		if p := recover(); p != nil {
			img, err = nil, fmt.Errorf("%w: the decoder broke", ErrUnreadable)
		}
	}()
	img, err = decoders[kind].decode(&patient{ctx: ctx, r: bytes.NewReader(data)})
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("reading a picture: %w", ctx.Err())
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return img, nil
}

// patient reads until its context ends.
type patient struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader. It gives little at once, so that the end of the context is noticed.
func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b[:min(len(b), 32<<10)])
}

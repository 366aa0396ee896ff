package imaging_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"testing"
)

// picture is a card with a head, a portrait and lines of "text" that come of a seed.
func picture(w, h int, seed uint64) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	fill(p, image.Rect(0, 0, w, h), color.White)
	fill(p, image.Rect(0, 0, w, h/6), color.RGBA{18, 58, 107, 255})
	fill(p, image.Rect(w/16, h/4, w/3, h*3/4), color.RGBA{120, 120, 120, 255})
	r := rand.New(rand.NewPCG(seed, 1))
	for line := range 6 {
		y := h/4 + line*h/10
		for x := w * 2 / 5; x < w*9/10; x += w / 40 {
			if r.IntN(3) > 0 {
				fill(p, image.Rect(x, y, x+w/60+1, y+h/30+1), color.Black)
			}
		}
	}
	return p
}

func fill(p *image.RGBA, r image.Rectangle, c color.Color) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p.Set(x, y, c)
		}
	}
}

func jpegOf(t testing.TB, p image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// withExif puts an orientation, and a place where the photo was taken, into a JPEG.
func withExif(photo []byte, orientation uint16) []byte {
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x02" + "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00" +
		"\x01\x0e\x00\x02\x00\x00\x00\x20\x00\x00\x00\x2a" + "\x00\x00\x00\x00" + "GPS 52.5200 N 13.4050 E\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	binary.BigEndian.PutUint16(tiff[18:], orientation)
	body := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return bytes.Join([][]byte{photo[:2], segment, body, photo[2:]}, nil)
}

// chunk is one of a PNG (RFC 2083, section 3.2).
func chunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// header is that of a PNG of a size, of 8 bits RGB.
func header(w, h uint32) []byte {
	body := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(body, 8, 2, 0, 0, 0))...)
}

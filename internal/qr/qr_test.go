package qr_test

import (
	"bytes"
	"crypto/rand"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"testing"

	"github.com/laurel-gateway/laurel/internal/qr"
	"github.com/laurel-gateway/laurel/offers/token"
	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"
)

// scan reads a picture with a decoder that has nothing to do with what drew it.
func scan(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	got, err := reader.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("the picture cannot be read: %v", err)
	}
	return got.GetText()
}

func TestAScannerReadsEveryCode(t *testing.T) {
	t.Parallel()
	for range 50 {
		code, err := token.NewCode(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s, err := qr.Draw(code.String())
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 100, 256, 1024} {
			b, err := s.PNG(size)
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if side := img.Bounds().Dx(); size > 100 && (side > size || side < size-40) {
				t.Errorf("asked for %d pixels, got %d", size, side)
			}
			if size < 100 {
				continue // one pixel a module is for printers, not for cameras
			}
			if got := scan(t, img); got != code.String() {
				t.Fatalf("a scanner reads %q, not the code", got)
			}
		}
		if got := scan(t, rendered(t, s.SVG(256))); got != code.String() {
			t.Fatalf("a scanner reads %q from the SVG", got)
		}
	}
}

var bar = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)

// rendered paints the bars of an SVG, eight pixels a module.
func rendered(t *testing.T, svg []byte) image.Image {
	t.Helper()
	var doc struct {
		XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
		Width   int      `xml:"width,attr"`
		ViewBox string   `xml:"viewBox,attr"`
		Paths   []struct {
			Fill string `xml:"fill,attr"`
			D    string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(svg, &doc); err != nil || len(doc.Paths) != 2 || doc.Width != 256 {
		t.Fatalf("%v in %s", err, svg)
	}
	var side int
	if _, err := fmt.Sscanf(doc.ViewBox, "0 0 %d", &side); err != nil {
		t.Fatal(err)
	}
	const scale = 8
	img := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, m := range bar.FindAllStringSubmatch(doc.Paths[1].D, -1) {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1])
		}
		if n[2] != n[3] {
			t.Fatalf("a bar of two lengths: %s", m[0])
		}
		for y := n[1] * scale; y < (n[1]+1)*scale; y++ {
			for x := n[0] * scale; x < (n[0]+n[2])*scale; x++ {
				img.SetGray(x, y, color.Gray{})
			}
		}
	}
	return img
}

func TestTooLongATextIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := qr.Draw(string(bytes.Repeat([]byte("x"), 10_000))); err == nil {
		t.Error("ten thousand letters were drawn")
	}
}

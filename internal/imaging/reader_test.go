package imaging_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"github.com/laurel-gateway/laurel/internal/imaging"
)

var reader = imaging.NewReader()

func TestMain(m *testing.M) {
	code := m.Run()
	if err := reader.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func read(t *testing.T, data []byte) imaging.Document {
	t.Helper()
	doc, err := reader.Read(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestEachKindIsDrawnAnew(t *testing.T) {
	card := picture(1200, 800, 1)
	for name, c := range map[string]struct {
		data []byte
		kind imaging.Kind
		w, h int
	}{
		"jpeg":        {jpegOf(t, card, 90), imaging.JPEG, 1200, 800},
		"png":         {pngOf(t, card), imaging.PNG, 1200, 800},
		"webp":        {fixture(t, "testdata/card.webp"), imaging.WebP, 640, 400},
		"pdf":         {fixture(t, "pdf/testdata/letter.pdf"), imaging.PDF, 1696, 2400},
		"a large one": {jpegOf(t, picture(4800, 3000, 1), 60), imaging.JPEG, 2400, 1500},
	} {
		t.Run(name, func(t *testing.T) {
			doc := read(t, c.data)
			if doc.Kind != c.kind || len(doc.Pages) != 1 {
				t.Fatalf("a %s of %d pages", doc.Kind, len(doc.Pages))
			}
			page := doc.Pages[0]
			if page.Width != c.w || page.Height != c.h || page.Blank {
				t.Errorf("a page of %d by %d, blank %t; want %d by %d", page.Width, page.Height, page.Blank, c.w, c.h)
			}
			for what, picture := range map[string][]byte{"page": page.JPEG, "thumbnail": doc.Thumb} {
				out, err := jpeg.Decode(bytes.NewReader(picture))
				if err != nil {
					t.Fatal(err)
				}
				if what == "page" && out.Bounds() != image.Rect(0, 0, c.w, c.h) || what == "thumbnail" && max(out.Bounds().Dx(), out.Bounds().Dy()) != imaging.ThumbSide {
					t.Errorf("the %s is %v", what, out.Bounds())
				}
			}
		})
	}
}

// What is not the picture does not survive: places, comments, colour profiles, whole files that hide behind it.
func TestNothingButThePictureStays(t *testing.T) {
	photo := jpegOf(t, picture(600, 400, 1), 90)
	still := pngOf(t, picture(600, 400, 1))
	secret := []byte("GPS 52.5200")
	var squeezed bytes.Buffer
	z := zlib.NewWriter(&squeezed)
	if _, err := z.Write(secret); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	comment := append([]byte("\xff\xfe\x00\x0d"), secret...)
	for name, data := range map[string][]byte{
		"exif":           withExif(photo, 1),
		"comment":        bytes.Join([][]byte{photo[:2], comment, photo[2:]}, nil),
		"jpeg and zip":   append(bytes.Clone(photo), append([]byte("PK\x03\x04"), secret...)...),
		"png and script": append(bytes.Clone(still), append([]byte("<script>alert(1)</script>"), secret...)...),
		"png with text":  bytes.Join([][]byte{still[:33], chunk("tEXt", append([]byte("Comment\x00"), secret...)), still[33:]}, nil),
		"png with ztxt":  bytes.Join([][]byte{still[:33], chunk("zTXt", append([]byte("Comment\x00\x00"), squeezed.Bytes()...)), still[33:]}, nil),
	} {
		t.Run(name, func(t *testing.T) {
			doc := read(t, data)
			for _, out := range [][]byte{doc.Pages[0].JPEG, doc.Thumb} {
				for _, trace := range [][]byte{secret, squeezed.Bytes(), []byte("Exif"), []byte("PK\x03\x04"), []byte("<script")} {
					if bytes.Contains(out, trace) {
						t.Errorf("%q survived", trace)
					}
				}
				if !bytes.HasSuffix(out, []byte("\xff\xd9")) {
					t.Error("something follows the end of the picture")
				}
			}
		})
	}
}

func TestOrientationIsApplied(t *testing.T) {
	// A red corner at the top left of a wide picture says where the top left went.
	p := image.NewRGBA(image.Rect(0, 0, 600, 400))
	fill(p, p.Rect, color.White)
	fill(p, image.Rect(0, 0, 150, 100), color.RGBA{255, 0, 0, 255})
	photo := jpegOf(t, p, 95)
	for orientation, corner := range map[uint16][2]int{
		1: {10, 10}, 2: {590, 10}, 3: {590, 390}, 4: {10, 390}, 5: {10, 10}, 6: {390, 10}, 7: {390, 590}, 8: {10, 590}, 9: {10, 10},
	} {
		out, err := jpeg.Decode(bytes.NewReader(read(t, withExif(photo, orientation)).Pages[0].JPEG))
		if err != nil {
			t.Fatal(err)
		}
		if wide := orientation < 5 || orientation > 8; wide != (out.Bounds().Dx() == 600) {
			t.Errorf("%d: the picture is %v", orientation, out.Bounds())
		}
		if r, g, _, _ := out.At(corner[0], corner[1]).RGBA(); r < 0xf000 || g > 0x2000 {
			t.Errorf("%d: the corner is not at %v", orientation, corner)
		}
	}
}

func TestTransparencyIsWhite(t *testing.T) {
	p := image.NewNRGBA(image.Rect(0, 0, 400, 300))
	for x := range 200 {
		for y := range 300 {
			p.Set(x, y, color.NRGBA{0, 0, 0, 255})
		}
	}
	out, err := jpeg.Decode(bytes.NewReader(read(t, pngOf(t, p)).Pages[0].JPEG))
	if err != nil {
		t.Fatal(err)
	}
	left, _, _, _ := out.At(50, 150).RGBA()
	if right, _, _, _ := out.At(350, 150).RGBA(); left > 0x1000 || right < 0xf000 {
		t.Errorf("left is %x, right %x", left, right)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	photo, still := jpegOf(t, picture(600, 400, 1), 90), pngOf(t, picture(600, 400, 1))
	var zeros bytes.Buffer
	z, err := zlib.NewWriterLevel(&zeros, zlib.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(make([]byte, 100<<20)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	end := chunk("IEND", nil)
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":                 {nil, imaging.ErrKind},
		"text":                  {[]byte("hello"), imaging.ErrKind},
		"svg":                   {[]byte("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>"), imaging.ErrKind},
		"gif":                   {[]byte("GIF89a\x01\x00\x01\x00"), imaging.ErrKind},
		"heic":                  {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), imaging.ErrKind},
		"html":                  {[]byte("<html><script>1</script></html>"), imaging.ErrKind},
		"zip":                   {[]byte("PK\x03\x04 and a picture"), imaging.ErrKind},
		"zip before a jpeg":     {append([]byte("PK\x03\x04"), photo...), imaging.ErrKind},
		"jpeg cut off":          {photo[:len(photo)/2], imaging.ErrUnreadable},
		"jpeg head":             {photo[:20], imaging.ErrUnreadable},
		"png cut off":           {still[:len(still)/2], imaging.ErrUnreadable},
		"png damaged":           {append(bytes.Clone(still[:60]), bytes.Repeat([]byte{0xaa}, 400)...), imaging.ErrUnreadable},
		"webp cut off":          {fixture(t, "testdata/card.webp")[:400], imaging.ErrUnreadable},
		"pdf head":              {[]byte("%PDF-1.7"), imaging.ErrUnreadable},
		"huge png":              {append(header(60000, 60000), end...), imaging.ErrPixels},
		"wide png":              {append(header(2_000_000_000, 300), end...), imaging.ErrPixels},
		"png bomb":              {bytes.Join([][]byte{header(9000, 9000), chunk("IDAT", zeros.Bytes()), end}, nil), imaging.ErrPixels},
		"png of too much":       {bytes.Join([][]byte{header(300, 300), chunk("IDAT", zeros.Bytes()), end}, nil), imaging.ErrUnreadable},
		"a dot":                 {pngOf(t, picture(600, 20, 1)), imaging.ErrSmall},
		"jpeg of a large frame": {framed(t, photo, 0xffff, 0xffff), imaging.ErrPixels},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			doc, err := reader.Read(t.Context(), c.data)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, c.want) || len(doc.Pages) > 0 {
				t.Errorf("%d pages, %v; want %v", len(doc.Pages), err, c.want)
			}
			if took := after.TotalAlloc - before.TotalAlloc; name != "pdf head" && took > 8<<20 {
				t.Errorf("refusing it took %d MiB", took>>20)
			}
		})
	}
}

// A text chunk that unpacks to a lot is passed over: nobody unpacks it.
func TestAncillaryBombsAreNotUnpacked(t *testing.T) {
	var squeezed bytes.Buffer
	z, err := zlib.NewWriterLevel(&squeezed, zlib.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(make([]byte, 256<<20)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	still := pngOf(t, picture(300, 300, 1))
	for _, kind := range []string{"zTXt", "iCCP", "iTXt"} {
		bomb := bytes.Join([][]byte{still[:33], chunk(kind, append([]byte("x\x00\x00"), squeezed.Bytes()...)), still[33:]}, nil)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		read(t, bomb)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 32<<20 {
			t.Errorf("%s: reading it took %d MiB", kind, took>>20)
		}
	}
}

func TestTheEndOfTheContextEndsTheWork(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := reader.Read(ctx, jpegOf(t, picture(600, 400, 1), 90)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestLookAlikes(t *testing.T) {
	card := picture(1200, 800, 1)
	base := read(t, jpegOf(t, card, 90)).Pages[0]
	for name, other := range map[string][]byte{
		"the same again":      jpegOf(t, card, 90),
		"compressed":          jpegOf(t, card, 25),
		"smaller":             jpegOf(t, picture(600, 400, 1), 80),
		"of another kind":     pngOf(t, card),
		"another line of it":  jpegOf(t, edited(card), 90),
		"photographed darker": jpegOf(t, darker(card), 80),
	} {
		if d := base.Hash.Distance(read(t, other).Pages[0].Hash); d > 8 {
			t.Errorf("%s: %d bits away", name, d)
		}
	}
	for name, other := range map[string][]byte{
		"a letter":    fixture(t, "pdf/testdata/letter.pdf"),
		"upside down": withExif(jpegOf(t, card, 90), 3),
		"another":     jpegOf(t, striped(1200, 800), 90),
	} {
		if d := base.Hash.Distance(read(t, other).Pages[0].Hash); d < 16 {
			t.Errorf("%s: only %d bits away", name, d)
		}
	}
	blank := image.NewRGBA(image.Rect(0, 0, 600, 800))
	fill(blank, blank.Rect, color.White)
	if !read(t, jpegOf(t, blank, 90)).Pages[0].Blank {
		t.Error("a blank page is not seen to be one")
	}
	grain := rand.New(rand.NewPCG(1, 2))
	for i := range blank.Pix {
		if i%4 != 3 {
			blank.Pix[i] -= uint8(grain.IntN(12))
		}
	}
	if !read(t, jpegOf(t, blank, 90)).Pages[0].Blank {
		t.Error("a blank page with grain is not seen to be one")
	}
}

// framed is a JPEG that claims another size (ITU-T T.81, SOF0).
func framed(t *testing.T, photo []byte, w, h uint16) []byte {
	t.Helper()
	at := bytes.Index(photo, []byte("\xff\xc0"))
	if at < 0 {
		t.Fatal("no frame in the photo")
	}
	out := bytes.Clone(photo)
	binary.BigEndian.PutUint16(out[at+5:], h)
	binary.BigEndian.PutUint16(out[at+7:], w)
	return out
}

// edited has another name in one line of the card.
func edited(p *image.RGBA) image.Image {
	out := picture(p.Rect.Dx(), p.Rect.Dy(), 1)
	fill(out, image.Rect(480, 280, 1080, 310), color.White)
	fill(out, image.Rect(500, 280, 700, 305), color.Black)
	return out
}

func darker(p *image.RGBA) image.Image {
	out := image.NewRGBA(p.Rect)
	for i, v := range p.Pix {
		out.Pix[i] = uint8(int(v) * 3 / 4)
		if i%4 == 3 {
			out.Pix[i] = 255
		}
	}
	return out
}

func striped(w, h int) image.Image {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	fill(p, p.Rect, color.White)
	for x := 0; x < w; x += w / 4 {
		fill(p, image.Rect(x, 0, x+w/8, h*3/4), color.RGBA{160, 20, 20, 255})
	}
	return p
}

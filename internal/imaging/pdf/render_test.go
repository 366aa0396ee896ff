package pdf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/imaging/pdf"
)

// engine is one for all tests, as it is one for a whole gateway.
var engine = pdf.NewEngine()

func TestMain(m *testing.M) {
	code := m.Run()
	if err := engine.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

var limits = pdf.Limits{Pages: 3, Side: 1000}

func letter(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/letter.pdf")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// document writes a PDF of these objects, the first of which is the catalogue.
func document(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func stream(content string) string {
	return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content)
}

// onePage has this content on a page of A5, and these entries in its catalogue.
func onePage(content, catalogue string) []byte {
	return document("<</Type/Catalog/Pages 2 0 R"+catalogue+">>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<<>>>>", stream(content))
}

// inked is the share of a picture's pixels that are not white, in percent.
func inked(p image.Image) int {
	b, dark := p.Bounds(), 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, bl, _ := p.At(x, y).RGBA(); r < 0x8000 || g < 0x8000 || bl < 0x8000 {
				dark++
			}
		}
	}
	return dark * 100 / (b.Dx() * b.Dy())
}

func TestALetterIsRendered(t *testing.T) {
	pages, err := engine.Render(t.Context(), letter(t), limits)
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) != 1 || pages[0].Bounds().Dy() != 1000 || pages[0].Bounds().Dx() != 706 {
		t.Fatalf("%d pages, the first of %v", len(pages), pages[0].Bounds())
	}
	if n := inked(pages[0]); n < 1 || n > 20 {
		t.Errorf("%d %% of the page is ink", n)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	many := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 3 0 R 3 0 R 3 0 R]/Count 4>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]>>"}
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":       {nil, pdf.ErrUnreadable},
		"a head alone":  {[]byte("%PDF-1.7\n"), pdf.ErrUnreadable},
		"noise":         {append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte{0xff, 0x13, 0}, 4000)...), pdf.ErrUnreadable},
		"no pages":      {document("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"), pdf.ErrUnreadable},
		"too many":      {document(many...), pdf.ErrPages},
		"pages in ring": {document("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>"), pdf.ErrUnreadable},
	} {
		t.Run(name, func(t *testing.T) {
			if pages, err := engine.Render(t.Context(), c.file, limits); !errors.Is(err, c.want) {
				t.Errorf("%d pages, %v; want %v", len(pages), err, c.want)
			}
		})
	}
}

// What a PDF does when it is opened does nothing here: all that is left of it are pixels.
func TestActionsDoNothing(t *testing.T) {
	plain, err := engine.Render(t.Context(), onePage("0 0 210 595 re f", ""), limits)
	if err != nil {
		t.Fatal(err)
	}
	active, err := engine.Render(t.Context(), onePage("0 0 210 595 re f",
		"/OpenAction<</S/JavaScript/JS(while\\(true\\){app.alert\\(1\\)})>>/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.launchURL\\('http://127.0.0.1'\\))>>]>>>>"), limits)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := inked(plain[0]), inked(active[0]); a != b || a < 45 || a > 55 {
		t.Errorf("%d %% and %d %% of the page are ink, want half", a, b)
	}
}

// A page that would take for ever ends with its context, and the next file gets a fresh engine.
func TestTimeIsBounded(t *testing.T) {
	slow := onePage(strings.Repeat("0 0 420 595 re 1 1 400 500 re f* ", 200_000), "")
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	if _, err := engine.Render(t.Context(), letter(t), limits); err != nil { // so that compiling is not what takes the time
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := engine.Render(ctx, slow, limits); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if _, err := engine.Render(t.Context(), letter(t), limits); err != nil {
		t.Errorf("the next file: %v", err)
	}
}

// A picture inside that would need more memory than an instance has breaks that instance only.
func TestMemoryIsBounded(t *testing.T) {
	bomb := document("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>", stream("420 0 0 595 0 0 cm /I Do"),
		"<</Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/RunLengthDecode/Length 3>>\nstream\n\x81\x00\x80\nendstream")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := engine.Render(t.Context(), bomb, limits)
	runtime.ReadMemStats(&after)
	// The engine leaves out what it has no room for, or breaks; it has not drawn 10 GB of pixels.
	if err != nil && !errors.Is(err, pdf.ErrUnreadable) {
		t.Errorf("got %v", err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<30 {
		t.Errorf("it took %d MiB", took>>20)
	}
	if _, err := engine.Render(t.Context(), letter(t), limits); err != nil {
		t.Errorf("the next file: %v", err)
	}
}

// A damaged picture inside makes the engine's JPEG decoder jump out of it: the rest of the page is drawn.
func TestADamagedPictureInside(t *testing.T) {
	damaged := "\xff\xd8\xff\xc0\x00\x11\x08\x00\x20\x00\x20\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00\x12\x34"
	file := document("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
		stream("0 0 210 595 re f q 100 0 0 100 250 200 cm /I Do Q"),
		fmt.Sprintf("<</Type/XObject/Subtype/Image/Width 32/Height 32/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode/Length %d>>\nstream\n%s\nendstream", len(damaged), damaged))
	pages, err := engine.Render(t.Context(), file, limits)
	if err != nil {
		t.Fatal(err)
	}
	if n := inked(pages[0]); n < 45 || n > 60 {
		t.Errorf("%d %% of the page is ink, want half", n)
	}
}

func TestFilesAtTheSameTime(t *testing.T) {
	file := letter(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if pages, err := engine.Render(t.Context(), file, limits); err != nil || len(pages) != 1 {
				t.Errorf("%d pages, %v", len(pages), err)
			}
		})
	}
	all.Wait()
}

func BenchmarkRender(b *testing.B) {
	file := letter(b)
	for b.Loop() {
		if _, err := engine.Render(b.Context(), file, pdf.Limits{Pages: 1, Side: 2000}); err != nil {
			b.Fatal(err)
		}
	}
}

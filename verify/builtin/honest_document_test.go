package builtin_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/verify"
	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

// issuers are schools with cards of their own: colours, places of things.
var issuers = []string{"Example University", "Hochschule für Musik", "Université de l'Exemple", "Politechnika", "Example College", "学校"}

func byDocument(t *testing.T, s *shopper) (*verify.Result, error) {
	id := s.begin(t, "student")
	school := s.rand.IntN(len(issuers))
	front := photographed(s.rand, card(s, school))
	files := [][]byte{encoded(t, front, s.oneIn(5))}
	if s.oneIn(6) {
		files = append(files, encoded(t, photographed(s.rand, letter(s)), false))
	}
	for _, file := range files {
		if _, err := s.desk.Upload(t.Context(), s.store, id, file); err != nil {
			return nil, err
		}
	}
	first, last := s.typed()
	return s.answer(t, id, verify.StepDocument, map[string]string{"first_name": first, "last_name": last, "organisation": issuers[school],
		"birth_date": fmt.Sprintf("%d-%02d-%02d", 1985+s.rand.IntN(20), 1+s.rand.IntN(12), 1+s.rand.IntN(28))})
}

func encoded(t *testing.T, picture image.Image, asPNG bool) []byte {
	t.Helper()
	var out bytes.Buffer
	if asPNG {
		must(t, png.Encode(&out, picture))
	} else {
		must(t, jpeg.Encode(&out, picture, &jpeg.Options{Quality: 80}))
	}
	return out.Bytes()
}

const cardWidth, cardHeight = 428, 270

// card is a student card: the design is the school's, photo, name and number are the student's.
func card(s *shopper, school int) *image.RGBA {
	design := rand.New(rand.NewPCG(uint64(school), 7))
	shade := func(light int) color.RGBA {
		return color.RGBA{uint8(light + design.IntN(40)), uint8(light + design.IntN(40)), uint8(light + design.IntN(40)), 255}
	}
	c := image.NewRGBA(image.Rect(0, 0, cardWidth, cardHeight))
	fill(c, c.Rect, shade(200))
	band := 30 + design.IntN(40)
	fill(c, image.Rect(0, 0, cardWidth, band), shade(20+design.IntN(100)))
	at := image.Pt(20, band+15)
	if design.IntN(2) == 0 {
		at.X = cardWidth - 150
	}
	portrait(s.rand, c, image.Rect(at.X, at.Y, at.X+120, at.Y+150))
	x := 160
	if at.X > cardWidth/2 {
		x = 20
	}
	for i, line := range []string{plain(issuers[school]), plain(s.first), strings.ToUpper(plain(s.last)), fmt.Sprintf("No %07d", 100000+s.n*37), "valid until 09/2028"} {
		write(c, image.Pt(x, band+40+i*26), line)
	}
	for i := 0; i < 240; i += 3 {
		if s.oneIn(2) {
			fill(c, image.Rect(x+i, cardHeight-40, x+i+2, cardHeight-12), color.RGBA{0, 0, 0, 255})
		}
	}
	return c
}

// portrait is a face that nobody else has, as far as a perceptual hash can tell.
func portrait(r *rand.Rand, c *image.RGBA, within image.Rectangle) {
	fill(c, within, color.RGBA{uint8(90 + r.IntN(150)), uint8(90 + r.IntN(150)), uint8(90 + r.IntN(150)), 255})
	skin := color.RGBA{uint8(70 + r.IntN(180)), uint8(50 + r.IntN(150)), uint8(40 + r.IntN(130)), 255}
	hair := color.RGBA{uint8(r.IntN(200)), uint8(r.IntN(140)), uint8(r.IntN(90)), 255}
	middle := image.Pt((within.Min.X+within.Max.X)/2+r.IntN(21)-10, (within.Min.Y+within.Max.Y)/2+r.IntN(21)-10)
	ellipse(c, within, middle.Add(image.Pt(0, -14)), 30+r.IntN(25), 40+r.IntN(30), hair)
	ellipse(c, within, middle, 26+r.IntN(14), 34+r.IntN(16), skin)
	ellipse(c, within, middle.Add(image.Pt(0, 90)), 44+r.IntN(26), 36+r.IntN(20), color.RGBA{uint8(r.IntN(255)), uint8(r.IntN(255)), uint8(r.IntN(255)), 255})
	for _, side := range []int{-11, 11} {
		ellipse(c, within, middle.Add(image.Pt(side, -8)), 4, 3, color.RGBA{20, 20, 30, 255})
	}
}

// letter is a letter of enrolment.
func letter(s *shopper) *image.RGBA {
	c := image.NewRGBA(image.Rect(0, 0, 424, 600))
	fill(c, c.Rect, color.RGBA{250, 250, 248, 255})
	for i := range 12 {
		line := fmt.Sprintf("%s %s is enrolled since %d", plain(s.first), plain(s.last), 2020+s.rand.IntN(7))
		write(c, image.Pt(30+s.rand.IntN(30), 60+i*(30+s.rand.IntN(12))), line[:10+s.rand.IntN(len(line)-10)])
	}
	return c
}

const photoWidth, photoHeight = 600, 450

// photographed lays a card on a table and takes a picture of it with a telephone: from a little aside, in some light.
func photographed(r *rand.Rand, card image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, photoWidth, photoHeight))
	fill(out, out.Rect, color.RGBA{uint8(60 + r.IntN(120)), uint8(50 + r.IntN(90)), uint8(40 + r.IntN(70)), 255})
	width, height := float64(card.Bounds().Dx()), float64(card.Bounds().Dy())
	turn := (r.Float64() - 0.5) * 0.2
	scale := min(0.95*photoWidth/width, 0.93*photoHeight/height) * (0.8 + 0.2*r.Float64())
	cos, sin := scale*math.Cos(turn), scale*math.Sin(turn)
	x := photoWidth/2 - cos*width/2 + sin*height/2 + 20*(r.Float64()-0.5)
	y := photoHeight/2 - sin*width/2 - cos*height/2 + 20*(r.Float64()-0.5)
	draw.ApproxBiLinear.Transform(out, f64.Aff3{cos, -sin, x, sin, cos, y}, card, card.Bounds(), draw.Over, nil)
	light, fall := 0.75+0.35*r.Float64(), 0.3*(r.Float64()-0.5)
	for i := 0; i < len(out.Pix); i += 4 {
		here := light + fall*float64(i/4%photoWidth)/photoWidth
		grain := r.Uint32()
		for j := range 3 {
			out.Pix[i+j] = uint8(max(0, min(255, here*float64(out.Pix[i+j])+float64(grain>>(4*j)&7)-4)))
		}
	}
	return out
}

func fill(c *image.RGBA, within image.Rectangle, with color.Color) {
	draw.Draw(c, within, image.NewUniform(with), image.Point{}, draw.Src)
}

func ellipse(c *image.RGBA, within image.Rectangle, at image.Point, a, b int, with color.RGBA) {
	for y := max(within.Min.Y, at.Y-b); y < min(within.Max.Y, at.Y+b); y++ {
		for x := max(within.Min.X, at.X-a); x < min(within.Max.X, at.X+a); x++ {
			if dx, dy := float64(x-at.X)/float64(a), float64(y-at.Y)/float64(b); dx*dx+dy*dy < 1 {
				c.SetRGBA(x, y, with)
			}
		}
	}
}

func write(c *image.RGBA, at image.Point, text string) {
	d := font.Drawer{Dst: c, Src: image.Black, Face: basicfont.Face7x13, Dot: fixed.P(at.X, at.Y)}
	d.DrawString(text)
}
